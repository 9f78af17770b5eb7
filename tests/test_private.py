"""What a killed process leaves among the temporary files goes with the next session; what is somebody's stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shsnor import private, replacing
from shsnor.private import make_private, private_folder, remove_abandoned, remove_private
from shsnor.store import Session
from tests.command import environment, shsnor

#: Makes a session, or an outcome, in the folder for temporary files, says so, and waits for its end.
WAITING = """
import sys
import shsnor
from shsnor.store import Session
kept = Session() if sys.argv[1] == "session" else shsnor.evaluate(shsnor.load_pack("north"), "data", as_of=2022)
print("made", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    folder = tmp_path / "temp"
    folder.mkdir()
    return folder


def waiting(kind: str, cwd: Path, temp: Path) -> subprocess.Popen[bytes]:
    started = subprocess.Popen(
        [sys.executable, "-c", WAITING, kind], cwd=cwd, env=environment(TMPDIR=str(temp), TEMP=str(temp)),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert started.stdout is not None and started.stdout.readline().strip() == b"made"
    return started


def there(temp: Path) -> list[str]:
    return sorted(path.name for path in temp.iterdir())


@pytest.mark.parametrize("kind", ["session", "outcome"])
def test_what_a_killed_process_left_goes_with_the_next_session_and_no_sooner(north: Path, kind: str) -> None:
    temp = north / "temp"
    temp.mkdir()
    with waiting(kind, north, temp) as process:
        (left,) = there(temp)
        (temp / left / "rows.tmp").write_text("строка ученика", encoding="utf-8")
        with Session({"temp_directory": temp}):
            assert left in there(temp), "its process lives"
        process.kill()
    assert there(temp) == [left]
    run = shsnor(
        "evaluate",
        "north",
        "--data",
        "data",
        "--as-of",
        "2022",
        "--out",
        "out",
        cwd=north,
        env={"TMPDIR": str(temp), "TEMP": str(temp)},
    )
    assert run.code == 0 and there(temp) == []


#: Replaces the outcome `out` by itself, and is killed when it has been set aside, or when the new one stands.
REPLACING = """
import os, sys
import shsnor
from shsnor import replacing
rename = replacing._rename
def waits(source, target):
    rename(source, target)
    if target.name == sys.argv[1]:
        print("made", flush=True)
        sys.stdin.read()
replacing._rename = waits
with shsnor.load_outcome("out") as outcome:
    outcome.write("out", force=True)
"""


@pytest.mark.parametrize("reached", ["old", "out"])
def test_what_a_killed_process_left_beside_an_outcome_goes_and_what_it_set_aside_comes_back(
    north: Path, reached: str
) -> None:
    evaluate = ("evaluate", "north", "--data", "data", "--as-of", "2022", "--out", "out")
    assert shsnor(*evaluate, cwd=north).code == 0
    before = (north / "out" / "flags.parquet").read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", REPLACING, reached], cwd=north, env=environment(), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stdout.readline().strip() == b"made"
        with replacing.workplace(north / "out"):
            assert len([*north.glob(".out.*")]) == 2, "its process lives"
        process.kill()
    (left,) = north.glob(".out.*")
    assert (north / "out").exists() is (reached == "out")
    with pytest.raises(OSError, match="no room"), replacing.workplace(north / "out") as beside:
        assert not left.exists() and beside.is_dir()
        raise OSError("no room")
    assert (north / "out" / "flags.parquet").read_bytes() == before
    assert not [*north.glob(".out.*")]
    assert shsnor(*evaluate, cwd=north).code == 0


def test_a_log_set_aside_comes_back_with_its_file_and_never_alone(tmp_path: Path) -> None:
    for name in ("one", "two"):
        left = tmp_path / f".{name}.duckdb.0123456789abcdef"
        left.mkdir()
        for file in ("in-use", "old", "old.wal"):
            (left / file).write_text(file, encoding="utf-8")
    (tmp_path / "two.duckdb").write_text("new", encoding="utf-8")
    for name in ("one", "two"):
        with replacing.workplace(tmp_path / f"{name}.duckdb"):
            pass
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "one.duckdb": "old", "one.duckdb.wal": "old.wal", "two.duckdb": "new",
    }  # fmt: skip


def test_two_sessions_of_one_process_leave_each_other_alone(temp: Path) -> None:
    with Session({"temp_directory": temp}) as one, Session({"temp_directory": temp}) as other:
        assert one.folder.is_dir() and other.folder.is_dir() and len(there(temp)) == 2
    assert there(temp) == []


def test_what_nobody_is_known_to_have_made_stays(temp: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "in-use").touch()
    (temp / "shsnor-0123456789abcdef").mkdir()  # of a version that locked nothing, or not yet locked
    (temp / "shsnor-mine").mkdir()
    (temp / "shsnor-mine" / "in-use").touch()
    (temp / "shsnor-0123456789abcde0").touch()
    expected = {"shsnor-0123456789abcdef", "shsnor-mine", "shsnor-0123456789abcde0"}
    if sys.platform != "win32":
        (temp / "shsnor-00000000000000ff").symlink_to(tmp_path / "elsewhere")
        expected.add("shsnor-00000000000000ff")
    remove_abandoned(temp)
    assert set(there(temp)) == expected and (tmp_path / "elsewhere" / "in-use").exists()


def test_a_folder_without_locks_is_used_all_the_same(temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(folder: Path) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr("shsnor.private._hold", refused)
    folder = private_folder(temp)
    make_private(folder)
    remove_abandoned(temp)
    assert folder.is_dir()
    remove_private(folder)
    assert there(temp) == []


def test_a_folder_that_goes_while_it_is_looked_at_hinders_nobody(north: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temp = north / "temp"
    temp.mkdir()
    with waiting("session", north, temp) as process:
        process.kill()
    (left,) = there(temp)
    gone = temp / "shsnor-0000000000000000"
    gone.mkdir()
    looked: list[str] = []
    is_ours = private._is_ours

    def goes(entry: os.DirEntry[str]) -> bool:
        looked.append(entry.name)
        if entry.name == gone.name:
            raise FileNotFoundError(entry.path)
        return is_ours(entry)

    monkeypatch.setattr(private, "_is_ours", goes)
    remove_abandoned(temp)
    assert set(looked) == {left, gone.name} and there(temp) == [gone.name], "the others are looked at all the same"


def test_a_place_that_cannot_be_looked_through_hinders_nobody(tmp_path: Path) -> None:
    remove_abandoned(tmp_path / "nowhere")
