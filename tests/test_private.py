"""What a killed process leaves among the temporary files goes with the next session; what is somebody's stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shsnor import private
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
