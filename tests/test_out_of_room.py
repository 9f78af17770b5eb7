"""Memory or disk that gives out: what is said, and that nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from shsnor.errors import DataError, Fault, Findings
from shsnor.store import Session
from shsnor.wording import message
from tests.command import Run, environment, posix, shsnor

#: Runs a command with little room: for files, and for what memory does not hold.
CRAMPED = """
import sys
from shsnor.cli import main
from shsnor.store import Session

file, spill = sys.argv[1:3]
if file:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(file), int(file)))
if spill:
    plain = Session._configure

    def configure(self):
        self.con.execute(f"SET max_temp_directory_size = '{spill}'")
        plain(self)

    Session._configure = configure
sys.exit(main(sys.argv[3:]))
"""


@pytest.fixture
def wide(north: Path) -> Path:
    """`north` with 600,000 rows that are all different: their sums need some room."""
    data = north / "data"
    for name in ("results", "schools"):
        (data / f"{name}.csv").unlink()
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT 'ш' || i AS school_id, 'Юг' AS municipality, 'СОШ' AS kind FROM range(3000) t(i))"
            f" TO '{data / 'schools.parquet'}'"
        )
        con.execute(
            "COPY (SELECT 'ш' || i // 200 AS school_id, 2022 AS year, 'ОГЭ' AS procedure, 9 AS grade,"
            " CASE i % 200 WHEN 0 THEN 'рус' ELSE 'п' || i % 200 END AS subject, 10 AS participants, 3 AS below_minimum"
            f" FROM range(600_000) t(i)) TO '{data / 'results.parquet'}'"
        )
    (north / "temp").mkdir()
    return north


def _evaluated(wide: Path, *more: str, file: str = "", spill: str = "") -> Run:
    done = subprocess.run(
        [sys.executable, "-c", CRAMPED, file, spill, "evaluate", "north", "--data", "data", "--as-of", "2022", "--out", "out",
         "--no-cache", "--temp-dir", "temp", "--threads", "2", *more],
        cwd=wide, env=environment(), capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert sorted(path.name for path in wide.iterdir()) == ["data", "north", "temp"], "nothing is written"
    assert list((wide / "temp").iterdir()) == []
    return Run(done.returncode, done.stdout, done.stderr)


def test_too_little_memory_is_told_with_the_table_and_what_was_allowed(wide: Path) -> None:
    run = _evaluated(wide, "--memory-limit", "25MB")
    assert run.code == 2
    assert "SH511" in run.err and "при подсчёте строк таблицы «results»" in run.err
    assert "Памяти было отведено 25MB" in run.err and "--memory-limit" in run.err


def test_no_room_for_what_memory_does_not_hold_is_told_with_the_folder(wide: Path) -> None:
    run = _evaluated(wide, "--memory-limit", "70MB", spill="1MB")
    assert run.code == 2
    assert "SH511" in run.err and f"папка «{wide / 'temp'}»" in run.err and "--temp-dir" in run.err


@posix
def test_a_full_disk_is_told(wide: Path) -> None:
    run = _evaluated(wide, file="20000")
    assert run.code == 2
    assert "SH511" in run.err and "при сборке результата" in run.err
    assert "файл больше, чем разрешает система" in run.err


def test_the_options_that_the_message_names_are_taken(wide: Path) -> None:
    run = shsnor(
        "evaluate", "north", "--data", "data", "--as-of", 2022, "--out", "out", "--temp-dir", "temp", "--memory-limit", "2GB",
        "--threads", 2, cwd=wide,
    )  # fmt: skip
    assert run.code == 0, run.err
    assert list((wide / "temp").iterdir()) == []
    run = shsnor("evaluate", "north", "--data", "data", "--out", "out", "--temp-dir", "nowhere", cwd=wide)
    assert run.code == 2 and "--temp-dir: «nowhere»" in run.err


def _told(error: Exception, stage: str = "write", what: str = "") -> Findings:
    with Session() as session, pytest.raises(DataError) as caught, session.during(stage, what):
        raise error
    return caught.value.findings


def test_what_the_system_and_python_say_of_room_is_understood() -> None:
    (full,) = _told(OSError(28, "No space left on device"))
    assert (full.code, full.details["problem"]) == ("SH511", "disk")
    assert "на диске нет места" in message(full)
    (memory,) = _told(MemoryError(), "read", "results")
    assert memory.details["problem"] == "memory" and "при чтении таблицы «results»" in message(memory)
    assert "while the table 'results' was read" in message(memory, "en")


def test_whatever_else_fails_is_a_fault_that_names_the_step() -> None:
    with (
        Session() as session,
        pytest.raises(Fault, match="compute s1: CatalogException"),
        session.during("compute", "s1"),
    ):
        session.rows("FROM nowhere")
