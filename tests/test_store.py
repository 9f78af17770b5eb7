"""The engine's session: settings, its private folder, and the lock that nothing of a pack gets past."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy
import pytest

from shsnor.errors import UsageError
from shsnor.sql import literal, quote
from shsnor.store import Session, Settings

#: What DuckDB takes for a table where it may look into the caller's module.
PYTHON_VARIABLE = numpy.array([1, 2, 3])


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A Parquet file, a DuckDB file and a CSV file."""
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT i, i % 7 AS m FROM range(1000) AS t(i)) TO {literal(str(tmp_path / 'in.parquet'))}")
        con.execute(f"ATTACH {literal(str(tmp_path / 'in.duckdb'))} AS d")
        con.execute("CREATE TABLE d.t AS SELECT 42 AS x")
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    return tmp_path


def test_a_query_cannot_leave_a_locked_session(inputs: Path) -> None:
    secret, parquet, out = inputs / "secret.csv", inputs / "in.parquet", inputs / "out.csv"
    with Session() as session:
        session.lock([parquet])
        for sql in (
            f"SELECT * FROM read_csv({literal(str(secret))})",
            f"SELECT * FROM read_text({literal(str(secret))})",
            f"SELECT * FROM {quote(str(secret))}",
            f"SELECT * FROM glob({literal(str(inputs / '*'))})",
            f"ATTACH {literal(str(inputs / 'new.duckdb'))} AS other",
            f"ATTACH {literal(str(inputs / 'in.duckdb'))} AS other (READ_ONLY)",
            f"COPY (SELECT 1) TO {literal(str(out))}",
            f"EXPORT DATABASE {literal(str(inputs / 'exported'))}",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
            "SET allowed_directories = ['/']",
            "SET threads = 1",
            "RESET memory_limit",
            "CREATE PERSISTENT SECRET s (TYPE http)",
            "SELECT * FROM read_parquet('https://example.org/a.parquet')",
        ):
            with pytest.raises(duckdb.Error):
                session.rows(sql)
        assert not out.exists()


def test_a_query_sees_no_variable_of_python() -> None:
    assert duckdb.execute("SELECT sum(column0) FROM PYTHON_VARIABLE").fetchall() == [(6,)]  # where it may
    with Session() as session, pytest.raises(duckdb.CatalogException):
        session.con.execute("SELECT * FROM PYTHON_VARIABLE")


def test_inputs_and_the_own_folder_stay_open_behind_the_lock(inputs: Path) -> None:
    parquet = literal(str(inputs / "in.parquet"))
    with Session() as session:
        session.con.execute(f"CREATE VIEW v AS SELECT * FROM read_parquet([{parquet}])")
        session.con.execute(f"ATTACH {literal(str(inputs / 'in.duckdb'))} AS d (READ_ONLY)")
        session.allow(inputs / "in.duckdb")
        session.lock([inputs / "in.parquet"])
        session.lock()  # a second time does no harm
        assert session.row("SELECT count(*), sum(m) FROM v") == (1000, 2997)
        assert session.row("SELECT x FROM d.t") == (42,)
        out = session.folder / "out.parquet"
        session.con.execute(f"COPY (SELECT 1 AS a) TO {literal(str(out))} (FORMAT parquet)")
        assert session.rows(f"SELECT a FROM {quote(str(out))}") == [(1,)]
        assert session.cursor().execute("SELECT 1").fetchall() == [(1,)]


def test_a_locked_session_spills_into_its_own_folder(tmp_path: Path) -> None:
    with Session(Settings(memory_limit="100MB", threads=1, temp_directory=tmp_path)) as session:
        session.lock()
        assert tmp_path in session.spill.parents
        rows = session.rows(
            "SELECT count(*), max(n) FROM"
            " (SELECT i, count(*) AS n FROM range(6000000) AS t(i) GROUP BY i ORDER BY hash(i))"
        )
        assert rows == [(6000000, 1)]
    assert not list(tmp_path.iterdir())


def test_the_folder_is_gone_after_closing_and_after_the_last_reference(tmp_path: Path) -> None:
    session = Session({"temp_directory": tmp_path})
    folder = session.folder
    assert folder.is_dir()
    session.close()
    session.close()
    assert not folder.exists()
    forgotten = Session({"temp_directory": tmp_path}).folder
    gc.collect()
    assert not forgotten.exists()


def test_the_folder_is_gone_at_the_end_of_a_process_that_did_not_close(tmp_path: Path) -> None:
    script = (
        "import sys; from shsnor.store import Session; s = Session({'temp_directory': sys.argv[1]}); print(s.folder)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).parent == tmp_path.resolve()
    assert not list(tmp_path.iterdir())
    assert not done.stderr


def test_sessions_share_nothing() -> None:
    with Session() as one, Session() as two:
        one.con.execute("CREATE TABLE t AS SELECT 1 AS a")
        with pytest.raises(duckdb.CatalogException):
            two.rows("SELECT * FROM t")
        assert one.folder != two.folder


def test_settings_come_from_a_mapping(tmp_path: Path) -> None:
    given = Settings.from_mapping({"threads": 3, "memory_limit": "1.5GB", "temp_directory": str(tmp_path)})
    assert given == Settings(threads=3, memory_limit="1.5GB", temp_directory=tmp_path)
    assert Settings.from_mapping(None) == Settings() and Settings.from_mapping(given) is given
    with Session(given) as session:
        assert session.row("SELECT current_setting('threads')") == (3,)
        assert session.row("SELECT current_setting('memory_limit')") == ("1.3 GiB",)


def test_a_session_never_has_a_single_thread() -> None:
    with Session({"threads": 1}) as session:
        assert session.row("SELECT current_setting('threads')") == (2,)


def test_wrong_settings_are_all_told_at_once(tmp_path: Path) -> None:
    wrong = {"thread": 2, "threads": 0, "memory_limit": "much", "temp_directory": tmp_path / "none"}
    with pytest.raises(UsageError) as caught:
        Session(wrong)
    found = {(f.code, f.details["name"], f.details.get("nearest")) for f in caught.value.findings}
    assert found == {
        ("SH424", "thread", "threads"),
        ("SH425", "threads", None),
        ("SH425", "memory_limit", None),
        ("SH425", "temp_directory", None),
    }


def test_names_and_texts_of_any_kind_pass_through_sql() -> None:
    name, text = 'столбец "а"; --', "O'Neil's «б»"
    with Session() as session:
        session.con.execute(f"CREATE TABLE t AS SELECT {literal(text)} AS {quote(name)}")
        assert session.rows(f"SELECT {quote(name)} FROM t") == [(text,)]
