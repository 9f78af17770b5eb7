"""Long work: what the library tells of it, what a terminal shows, and that Ctrl-C leaves nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import shsnor as library
from shsnor.outcomes import load_outcome
from shsnor.packtests import read_cases, run_cases, score_of
from shsnor.wording.stages import CASES, CHANGES, STAGES, VALUES
from tests.command import environment, posix, shsnor


class Told:
    """What was told, stage by stage."""

    def __init__(self) -> None:
        self.stages: dict[str, list[tuple[int, int]]] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.stages.setdefault(stage, []).append((done, total))


def test_an_evaluation_tells_its_stages_in_order(north: Path) -> None:
    told = Told()
    library.evaluate(library.load_pack(north / "north"), north / "data", as_of=2022, progress=told).close()
    assert list(told.stages) == list(STAGES.values())
    assert all(0 <= done < total for done, total in told.stages[STAGES["compute"]] if total)


def test_a_sweep_and_the_cases_of_a_pack_tell_how_far_they_are(north: Path) -> None:
    pack, told = library.load_pack("federal"), Told()
    results = run_cases(pack, progress=told)
    cases, _ = read_cases(pack)
    assert told.stages[CASES][-1] == (len(cases), len(cases))
    score = score_of(pack, results, progress=told)
    done, total = told.stages[CHANGES][-1]
    assert done == len(score.noticed) + len(score.invalid)
    assert total == score.all + len(score.accepted) + len(score.invalid)
    own = library.load_pack(north / "north")
    library.sweep(own, north / "data", as_of=2022, parameter="low_limit", values=[10, 20, 40], progress=told)
    assert len(told.stages[VALUES]) > 1


BAR = """
import time
from shsnor.cli.progress import bar
with bar(patience={patience}) as progress:
    progress("Чтение", 0, 0)
    time.sleep(0.3)
    progress("Расчёт", 3, 7)
    time.sleep(0.3)
"""


@posix
def test_a_terminal_shows_a_bar_once_the_work_is_long() -> None:
    said = _on_a_terminal(BAR.format(patience=0.1))
    assert "Чтение" in said and "Расчёт" in said and "3/7" in said


@posix
def test_a_terminal_shows_nothing_of_short_work() -> None:
    assert _on_a_terminal(BAR.format(patience=60)) == ""


def _on_a_terminal(code: str) -> str:
    """What a terminal shows of a program's standard error."""
    ours, its = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=its,
        stdout=subprocess.DEVNULL,
        env=environment(TERM="xterm", COLUMNS="100"),
    ) as process:
        os.close(its)
        said = b""
        while True:
            try:
                read = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not read:
                break
            said += read
    os.close(ours)
    assert process.returncode == 0, said
    return said.decode("utf-8")


def test_where_nobody_looks_nothing_is_drawn() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BAR.format(patience=0)], capture_output=True, check=True, env=environment()
    )
    assert done.stdout == done.stderr == b""


#: Runs a command, and sends the process a signal when the log says that a stage has ended, or before the n-th rename.
INTERRUPTED = """
import logging, os, pathlib, signal, sys
from shsnor.cli import main

stage, renames, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

class Heard(logging.Handler):
    def emit(self, record):
        if record.getMessage().startswith(stage + ": "):
            os.kill(os.getpid(), number)

logging.getLogger("shsnor").setLevel(logging.DEBUG)
logging.getLogger("shsnor").addHandler(Heard())
plain, count = pathlib.Path.rename, 0

def rename(self, target):
    global count
    count += 1
    if count == renames:
        os.kill(os.getpid(), number)
    done = plain(self, target)
    if count == -renames:
        os.kill(os.getpid(), number)
    return done

pathlib.Path.rename = rename
sys.exit(main(sys.argv[4:]))
"""


def _interrupted(
    north: Path, temp: Path, *, stage: str = "-", renames: int = 0, number: int = signal.SIGINT, out: str = "out"
) -> tuple[int, str]:
    temp.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, stage, str(renames), str(int(number)), "evaluate", "north",
         "--data", "data", "--as-of", "2022", "--out", out],
        cwd=north, env=environment(TMPDIR=str(temp)), capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@posix
@pytest.mark.parametrize("stage", list(STAGES))
def test_ctrl_c_in_any_stage_leaves_nothing(north: Path, tmp_path: Path, stage: str) -> None:
    before = sorted(path.name for path in north.iterdir())
    code, said = _interrupted(north, tmp_path / "temp", stage=stage)
    assert (code, said) == (130, "Остановлено.\n")
    assert list((tmp_path / "temp").iterdir()) == []
    (tmp_path / "temp").rmdir()
    assert sorted(path.name for path in north.iterdir()) == before


@posix
@pytest.mark.parametrize("renames", [1, -1, 2, -2])
def test_ctrl_c_while_an_outcome_is_put_in_place_leaves_the_old_one_or_the_new(
    north: Path, tmp_path: Path, renames: int
) -> None:
    assert shsnor("evaluate", "north", "--data", "data", "--as-of", 2022, "--out", "out", cwd=north).code == 0
    code, _ = _interrupted(north, tmp_path / "temp", renames=renames)
    assert code == 130
    with load_outcome(north / "out") as outcome:
        assert len(outcome.flags) == 3
    assert not [path.name for path in north.iterdir() if path.name.startswith(".")]
    assert list((tmp_path / "temp").iterdir()) == []


@posix
def test_a_request_to_end_cleans_up_too(north: Path, tmp_path: Path) -> None:
    code, said = _interrupted(north, tmp_path / "temp", stage="compute", number=signal.SIGTERM)
    assert (code, said) == (128 + signal.SIGTERM, "")
    assert list((tmp_path / "temp").iterdir()) == []
    assert not (north / "out").exists()
