"""Long work: what the library tells of it, what a terminal shows, and that Ctrl-C leaves nothing half done."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import shsnor as library
from shsnor.outcomes import load_outcome
from shsnor.packtests import read_cases, run_cases, score_of
from shsnor.progress import Rows
from shsnor.store import Session
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
    tables = told.stages[STAGES["read"]]
    assert [done for done, total in tables if total] == list(range(max(total for _, total in tables)))


def test_while_rows_are_summed_their_number_is_told(north: Path) -> None:
    told, pack = Told(), library.load_pack(north / "north")
    with library.Workspace(north / "data", progress=told) as workspace:
        workspace.evaluate(pack, as_of=2022).close()
        assert (5, 5) in told.stages[STAGES["scan"]]  # the rows of results.csv
        told.stages.clear()
        workspace.evaluate(pack, as_of=2022, parameters={"low_limit": 40}).close()
        assert (5, 5) in told.stages[STAGES["scan"]], "a table that is kept counts as read"


class Half:
    """A query that is half done, and before that was further, as one of two parts is."""

    def __init__(self) -> None:
        self.said = iter((-1.0, 60.0))

    def query_progress(self) -> float:
        return next(self.said, 50.0)


def test_rows_are_told_in_the_middle_of_a_query_and_never_fall() -> None:
    told: list[int] = []
    often = threading.Event()

    def progress(stage: str, done: int, total: int) -> None:
        assert (stage, total) == ("s", 300)
        told.append(done)
        if len(told) > 6:
            often.set()

    rows = Rows(progress, "s", 300)
    rows.add(100)
    with rows.reading(Half(), 200):
        assert often.wait(60)
    assert told == sorted(told)
    assert {0, 100, 220} < set(told) and told[-1] == 300


def test_how_far_a_query_of_the_engine_is_can_be_seen_while_it_runs() -> None:
    with Session() as session:
        seen: list[int] = []

        def progress(stage: str, done: int, total: int) -> None:
            seen.append(done)
            if 0 < done < total:
                session.con.interrupt()  # the query would run for minutes

        with (
            pytest.raises(KeyboardInterrupt),
            session.during("scan"),
            Rows(progress, "s", 10**9).reading(session.con, 10**9),
        ):
            session.rows("SELECT count(*) FROM range(100_000_000_000) t(i) WHERE hash(i) = 0")
        assert 0 < seen[-1] < 10**9


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
import rich.console, rich.progress
from shsnor.cli.progress import bar
from shsnor.cli.streams import make_output_safe
make_output_safe()
with bar(patience={patience}) as progress:
    progress("Чтение таблиц", 0, 0)
    time.sleep(1)
    progress("Подсчёт строк", 0, 8_000_000)
    time.sleep(0.3)
    progress("Подсчёт строк", 2_000_000, 8_000_000)
    progress("Подсчёт строк", 4_000_000, 8_000_000)
    time.sleep(0.3)
    progress("Расчёт", 3, 7)
    time.sleep(0.3)
"""


@posix
def test_a_terminal_shows_a_bar_once_the_work_is_long() -> None:
    said = _on_a_terminal(BAR.format(patience=0))
    assert "Чтение таблиц" in said and "Расчёт" in said and "3/7" in said
    shown = re.sub(r"\x1b\[[0-9;?]*\w", "", said)
    assert re.search(r"Подсчёт строк \S+ 4\xa0000\xa0000/8\xa0000\xa0000 0:00:0\d ещё 0:00:0\d", shown)


@posix
@pytest.mark.parametrize("encoding", ["cp866", "ascii"])
def test_a_bar_can_be_drawn_in_any_code_page(encoding: str) -> None:
    said = _on_a_terminal(BAR.format(patience=0), SHSNOR_LANG="en", PYTHONIOENCODING=encoding)
    assert "Summing rows ---" in re.sub(r"\x1b\[[0-9;?]*\w", "", said) and "?" not in said.replace("\x1b[?", "")


@posix
def test_a_terminal_shows_nothing_of_short_work() -> None:
    assert _on_a_terminal(BAR.format(patience=60)) == ""


def _on_a_terminal(code: str, **more: str) -> str:
    """What a terminal shows of a program's standard error."""
    ours, its = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=its,
        stdout=subprocess.DEVNULL,
        env=environment(TERM="xterm", COLUMNS="100", **more),
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
    return said.decode(more.get("PYTHONIOENCODING", "utf-8"))


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
