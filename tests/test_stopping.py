"""A long query ends at once when the user or the system asks for it, and nothing is left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from shsnor.stopping import heeding, stoppable
from tests.command import environment, posix

#: Runs a command whose scan of facts ends in a query of hours, or whose scan, or writing, is the one it always is; the
#: process gets a signal while the query runs, or once the first table of the outcome is being written.
ENDED = """
import os, pathlib, signal, sys, threading, time
from shsnor.cli import main
from shsnor.scanning import Scanner

when, number = sys.argv[1], int(sys.argv[2])
plain = Scanner._execute

def end_when(begun):
    def wait():
        while not begun():
            time.sleep(0.001)
        os.kill(os.getpid(), number)
    threading.Thread(target=wait, daemon=True).start()

def execute(self, name, sql):
    if name.startswith("scan ") and when != "writing":
        end_when(lambda: self.session.con.query_progress() > 0)
    plain(self, name, sql)
    if when == "endless" and name.startswith("scan "):
        self.session.con.execute("SELECT count(*) FROM range(1_000_000_000_000) t(i) WHERE hash(i) = 0")

Scanner._execute = execute
if when == "writing":
    temp = pathlib.Path(os.environ["TMPDIR"])
    end_when(lambda: next(temp.glob("shsnor-*/outcome-*/*.parquet"), None))
sys.exit(main(sys.argv[3:]))
"""


@pytest.fixture
def large(north: Path) -> Path:
    """`north` with two million rows of 3,000 schools, so that their scan takes a while."""
    data = north / "data"
    (data / "results.csv").unlink()
    (data / "schools.csv").unlink()
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT 'ш' || i AS school_id, 'Юг' AS municipality, 'СОШ' AS kind FROM range(3000) t(i))"
            f" TO '{data / 'schools.parquet'}'"
        )
        con.execute(
            "COPY (SELECT 'ш' || i // 700 AS school_id, 2022 AS year, 'ОГЭ' AS procedure, 9 AS grade,"
            " CASE i % 700 WHEN 0 THEN 'рус' ELSE 'п' || i % 700 END AS subject, 10 AS participants, 3 AS below_minimum"
            f" FROM range(2_100_000) t(i)) TO '{data / 'results.parquet'}'"
        )
    return north


def _ended(north: Path, when: str, number: int, *more: str) -> tuple[int, str, list[str], list[str]]:
    """Exit code, standard error, what is left of temporary files, and what stands in the folder that was not there before."""
    temp, before = north / "temp", {path.name for path in north.iterdir()}
    temp.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", ENDED, when, str(int(number)), "evaluate", "north", "--data", "data", "--as-of", "2022",
         "--out", "out", *more],
        cwd=north, env=environment(TMPDIR=str(temp)), capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    made = {path.name for path in north.iterdir()} - before - {"temp"}
    return done.returncode, done.stderr, sorted(path.name for path in temp.iterdir()), sorted(made)


@posix
@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGINT, 130, "Остановлено.\n"), (signal.SIGTERM, 143, "")]
)
def test_a_signal_ends_a_query_of_hours(north: Path, number: int, code: int, said: str) -> None:
    assert _ended(north, "endless", number) == (code, said, [], [])


@posix
@pytest.mark.parametrize("when", ["scanning", "writing"])
def test_ctrl_c_while_rows_are_read_or_tables_written_leaves_nothing(large: Path, when: str) -> None:
    assert _ended(large, when, signal.SIGINT, "--no-cache") == (130, "Остановлено.\n", [], [])


LIBRARY = """
import os, signal, sys, threading, time
import shsnor
from shsnor.scanning import Scanner

def execute(self, name, sql):
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    self.session.con.execute("SELECT count(*) FROM range(1_000_000_000_000) t(i) WHERE hash(i) = 0")

Scanner._execute = execute
try:
    shsnor.evaluate(shsnor.load_pack("north"), "data", as_of=2022)
except KeyboardInterrupt:
    print("stopped")
"""


@posix
def test_a_program_that_evaluates_gets_the_exception_of_ctrl_c(north: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIBRARY], cwd=north, env=environment(), capture_output=True, encoding="utf-8", timeout=300
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("stopped\n", "")


@posix
def test_signals_are_left_alone_before_and_after() -> None:
    assert signal.set_wakeup_fd(-1) == -1
    with heeding(), heeding():
        (listener,) = (thread for thread in threading.enumerate() if thread.name == "shsnor-signals")
        assert signal.set_wakeup_fd(-1) != -1
    assert signal.set_wakeup_fd(-1) == -1
    listener.join(60)
    assert not listener.is_alive()


def test_elsewhere_than_in_the_main_thread_nothing_is_done() -> None:
    ran: list[int] = []

    def work() -> None:
        with heeding(signal.SIGINT):
            ran.append(1)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert ran == [1]


def test_a_connection_is_not_kept_alive_by_being_stoppable() -> None:
    import gc
    import weakref

    known = weakref.ref(stoppable(duckdb.connect()))
    gc.collect()
    assert known() is None
