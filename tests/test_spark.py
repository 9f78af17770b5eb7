"""Facts on Spark: every construct gives the same on both engines, and so does a whole evaluation. Needs Java and pyspark."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import shsnor
from shsnor.errors import DataError, UsageError
from shsnor.spark import start, tables_of
from tests.command import shsnor as command
from tests.elsewhere_cases import YEAR, codes, read_in_place, traces, write_pack, write_tables

pytest.importorskip("pyspark", reason="pyspark is not installed: make spark")
exp = pytest.importorskip("sqlglot", reason="sqlglot is not installed: make spark").exp
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("no Java here", allow_module_level=True)

from shsnor.spark import dialect  # noqa: E402 - it imports sqlglot, so only after the skips above


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = start("local[2]")
    session.conf.set("spark.sql.shuffle.partitions", "2")
    yield session
    session.stop()


#: Halves, gaps, zeros, letters of both alphabets, signs that a dialect may escape.
VALUES = r"""
SELECT CAST(i AS INTEGER) AS i, CASE WHEN h % 7 > 0 THEN CAST(h % 2000 - 1000 AS BIGINT) END AS b,
  CASE h % 9 WHEN 0 THEN NULL WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN 0.5 + h % 50 WHEN 3 THEN -0.0000005 * (h % 99)
    WHEN 4 THEN 1e300 WHEN 5 THEN CAST(h % 1000 AS DOUBLE) ELSE (h % 1000000007) / 9973.0 - 50000 END AS d,
  CASE WHEN h % 8 > 0 THEN CAST((h // 8 % 200001 - 100000) / 2.0 AS DECIMAL(18, 1)) END AS m,
  CASE WHEN h % 11 > 0 THEN CAST((h // 11 % 2000001 - 1000000) / 1000000.0 AS DECIMAL(18, 6)) END AS s,
  CASE WHEN h % 5 > 0 THEN h // 5 % 2 = 0 END AS y, DATE '2024-01-01' + CAST(h % 400 AS INTEGER) AS day,
  (['а', 'Б', 'Ёлка', 'it''s', 'x\y\\z', 'x%_', '', ' край ', 'zz\tй', NULL, 'a\nb', '❄ снег'])[CAST(1 + h % 12 AS BIGINT)] AS t
FROM (SELECT i, CAST(hash(i) // 64 AS BIGINT) AS h FROM range(3000) r(i))
"""

#: What our queries say, each construct in turn; the dearest differences of the two engines first.
CONSTRUCTS = {
    "a cast that cuts off, of a double": "CAST(CASE WHEN d BETWEEN -9e9 AND 9e9 THEN d END AS BIGINT)",
    "a cast that cuts off, of a decimal": "CAST(m AS INTEGER)",
    "a double that is whole": "CASE WHEN d = floor(d) THEN TRY_CAST(d AS BIGINT) END",
    "floor and ceil of a double": "floor(d) = d OR ceil(d * 0.5) > 3",
    "a double as a decimal": "TRY_CAST(CASE WHEN NOT isnan(d) THEN d END AS DECIMAL(18, 6))",
    "a double as a decimal of no places": "TRY_CAST(d AS DECIMAL(9, 0))",
    "a decimal of fewer places": "TRY_CAST(s AS DECIMAL(18, 3))",
    "a decimal that does not fit": "TRY_CAST(m AS DECIMAL(5, 1))",
    "a whole number that does not fit": "TRY_CAST(b * 100 AS SMALLINT)",
    "division by zero": "b % nullif(i % 3, 0)",
    "a remainder of decimals": "m % nullif(s, 0)",
    "products keep their places": "s * s * s",
    "sums of products": "s * m + b - 0.25",
    "signs": "-b + abs(m) - abs(-s)",
    "floor and ceil": "floor(m) + ceil(s)",
    "of two": "greatest(m, 0) - least(s, b)",
    "the first known": "coalesce(b, i, 0) + coalesce(m, s)",
    "null where equal": "nullif(b, 5)",
    "in with null": "b IN (1, NULL, 2)",
    "not in": "t NOT IN ('а', '', 'x\\y\\\\z', 'it''s')",
    "three values": "(y AND b > 0) OR NOT (m < 0)",
    "cases": "CASE WHEN y THEN 1 WHEN m >= 0 THEN 2 ELSE 3 END",
    "cases of a value": "CASE t WHEN 'а' THEN 1 WHEN 'Ёлка' THEN 2 END",
    "comparisons": "b <> 7 AND b <= 900 AND m > -100 AND s >= 0 AND t < 'я' AND t > 'a'",
    "is null": "b IS NULL OR NOT t IS NULL",
    "dates": "day > '2024-05-20' AND day <> CAST('2024-06-01' AS DATE)",
    "dates as text": "CAST(day AS VARCHAR)",
    "numbers as text": "CAST(b AS VARCHAR) || ':' || CAST(s AS VARCHAR) || CAST(y AS VARCHAR)",
    "the ends of a text": "left(t, 1) IN (' ', 'x') OR right(t, 1) IN (' ', 'z')",
    "length counts letters": "length(t)",
    "trim takes blanks": "trim(t)",
    "parts of a text": "substr(t, CAST(1 AS BIGINT), CAST(2 AS BIGINT)) || substr(t, 3)",
    "literals": "(t = 'x\\y\\\\z' OR t = 'a\nb') AND TRUE",
    "NaN": "isnan(d)",
    "a date of a date": "CAST(day AS DATE)",
    "nothing": "CAST(NULL AS BOOLEAN)",
}  # fmt: skip

#: Aggregates, grouping, a query within.
QUERIES = {
    "counts": "SELECT i % 5 AS k, count(*) AS n, count(b) AS nb, count(CASE WHEN y THEN 1 END) AS ny FROM {t} GROUP BY 1",
    "sums": "SELECT i % 3 AS k, CAST(sum(b) AS BIGINT) AS a, sum(m) AS c, sum(s * s) AS e FROM {t} GROUP BY 1",
    "empty sums": "SELECT sum(b) AS a, min(m) AS c, count(*) AS n FROM {t} WHERE i < 0",
    "ends": "SELECT min(t) AS a, max(t) AS c, min(day) AS e, max(s) AS f, min(y) AS g FROM {t}",
    "groups of nulls": "SELECT t AS k, y AS l, count(*) AS n FROM {t} GROUP BY 1, 2",
    "no group": "SELECT count(*) AS n FROM {t} HAVING count(*) > 0",
    "no row": "SELECT count(*) AS n FROM {t} WHERE i < 0 HAVING count(*) > 0",
    "within": "SELECT k, sum(x) AS n FROM (SELECT b % 4 AS k, m AS x, hash(t) AS unread FROM {t}) GROUP BY k",
    "repeated": "SELECT sum(n - 1) AS n FROM (SELECT count(*) AS n FROM {t} WHERE t IS NOT NULL GROUP BY t HAVING count(*) > 9)",
}

REFUSED = {
    "median": "median(b)", "distinct": "count(DISTINCT b)", "hash": "hash(b)", "regexp": "regexp_full_match(t, 'a')",
    "huge": "CAST(b AS HUGEINT)", "double": "CAST(b AS DOUBLE)", "division": "b / 2", "root": "sqrt(b)", "power": "power(b, 2)",
    "list": "[b, i][1]", "from before the text": "substr(t, 0, 2)", "computed": "substr(t, i)", "from the end": "left(t, -1)",
    "upper": "upper(t)",
    "lower": "lower(t)", "window": "sum(b) OVER ()", "filter": "sum(b) FILTER (WHERE y)", "like": "t LIKE 'a%'",
    "now": "now()", "sub-query": "(SELECT 1)", "in sub-query": "b IN (SELECT 1)", "other trim": "trim(t, 'x')",
    "decimal of a double": "CAST(d AS DECIMAL(18, 2))", "wide decimal": "TRY_CAST(d AS DECIMAL(38, 9))",
    "double as text": "CAST(d AS VARCHAR)", "whole division": "b // 2", "power sign": "b ** 2", "date part": "year(day)",
}  # fmt: skip


@pytest.fixture(scope="module")
def far(session: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str]:
    """One table of tricky values on Spark, and its file."""
    file = str(tmp_path_factory.mktemp("values") / "values.parquet")
    duckdb.sql(f"COPY ({VALUES}) TO '{file}'")
    return shsnor.SparkStore(session, {"v": session.read.parquet(file)})["v"], file


def both(far: tuple[Any, str], query: str) -> tuple[list[Any], list[Any]]:
    """The rows of a query on Spark and in DuckDB, as texts and in order: NaN is no NaN's equal."""
    table, file = far
    spark = table.query(query.format(t="staging.v")).to_pylist()
    here = duckdb.execute(query.format(t=f"'{file}'"))
    there = [str(tuple(row.values())) for row in spark]
    return sorted(there), sorted(str(row) for row in here.fetchall())


def test_constructs_give_the_same_on_both_engines(far: tuple[Any, str]) -> None:
    # all in one query: Spark takes a second for each
    columns = [
        f"{sql.replace('BETWEEN -9e9 AND 9e9', '> -9e9 AND d < 9e9')} AS c{n}"
        for n, sql in enumerate(CONSTRUCTS.values())
    ]
    table, file = far
    query = f"SELECT i, {', '.join(columns)} FROM {{t}}"
    spark = {row["i"]: list(row.values())[1:] for row in table.query(query.format(t="staging.v")).to_pylist()}
    duck = {row[0]: list(row[1:]) for row in duckdb.execute(query.format(t=f"'{file}'")).fetchall()}
    for n, name in enumerate(CONSTRUCTS):
        different = [(i, row[n], spark[i][n]) for i, row in duck.items() if row[n] != spark[i][n]]
        assert not different, (name, different[:3])
        assert len({row[n] for row in duck.values()}) > 1 or name == "nothing", f"{name}: the rows must differ"


@pytest.mark.parametrize("name", QUERIES)
def test_queries_give_the_same_on_both_engines(far: tuple[Any, str], name: str) -> None:
    there, here = both(far, QUERIES[name])
    assert there == here


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_listed_is_refused(far: tuple[Any, str], name: str) -> None:
    query = f"SELECT {REFUSED[name]} AS x FROM staging.v"
    assert far[0].refuses(query)
    with pytest.raises(DataError) as raised:
        far[0].query(query)
    assert "SH565" in codes(raised.value.findings)


def test_every_construct_of_the_list_has_its_test() -> None:
    import sqlglot

    queries = [f"SELECT {sql} FROM t" for sql in CONSTRUCTS.values()] + [q.format(t="t") for q in QUERIES.values()]
    shown = {type(node) for query in queries for node in sqlglot.parse_one(query, read="duckdb").walk()}
    assert {*dialect._SAME, *dialect._REWRITTEN} <= shown


def test_settings_of_the_session_and_its_views_stay_as_they_were(session: Any, far: tuple[Any, str]) -> None:
    session.conf.set("spark.sql.ansi.enabled", "false")
    before = {view.name for view in session.catalog.listTables()}
    far[0].query("SELECT count(*) AS n FROM staging.v")
    assert session.conf.get("spark.sql.ansi.enabled") == "false"
    assert {view.name for view in session.catalog.listTables()} == before
    session.conf.unset("spark.sql.ansi.enabled")


def test_a_sum_that_does_not_fit_is_an_error_not_a_wrong_number(session: Any) -> None:
    frame = session.sql("SELECT 9223372036854775807 AS b UNION ALL SELECT 1")
    table = shsnor.SparkStore(session, {"v": frame})["v"]
    with pytest.raises(DataError) as raised:
        table.query("SELECT sum(b) AS x FROM staging.v")
    assert codes(raised.value.findings)["SH566"]["text"] == "ARITHMETIC_OVERFLOW"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return write_tables(tmp_path_factory.mktemp("region"))


def test_the_outcome_is_the_same_hash_for_hash(
    session: Any, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = write_pack(tmp_path / "pack")
    frames = {name: session.read.parquet(file) for name, file in files.items()}
    store = shsnor.SparkStore(session, frames, collect_to=50)
    shuffled = shsnor.SparkStore(session, frames | {"students": frames["students"].repartition(7)}, collect_to=50)
    there, again = traces(pack, store, tmp_path / "there"), traces(pack, shuffled, tmp_path / "again")
    read_in_place(monkeypatch)
    assert traces(pack, files, tmp_path / "here") == there == again


def test_tables_of_the_catalog_are_named(session: Any, files: dict[str, str], tmp_path: Path) -> None:
    session.read.parquet(files["students"]).createOrReplaceTempView("pupils")
    pack = write_pack(tmp_path / "pack", many="count(1)")
    store = shsnor.SparkStore(session, {"students": "pupils", "schools": Path(files["schools"])})
    with shsnor.evaluate(pack, store, as_of=YEAR) as outcome:
        assert {row.verdict for row in outcome.flags.rows()} <= {"met", "not_met"}
    session.catalog.dropTempView("pupils")


def test_a_table_that_is_not_there_is_a_finding(session: Any, files: dict[str, str], tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", mean="sum(mark)")
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(
            pack,
            shsnor.SparkStore(session, {"students": "db.pupils"} | {"schools": Path(files["schools"])}),
            as_of=YEAR,
        )
    found = codes(raised.value.findings)["SH562"]
    assert found["name"] == "db.pupils" and "NOT_FOUND" in found["text"]


def test_a_column_that_is_not_there_is_told_as_ever(session: Any, files: dict[str, str], tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", mean="sum(mark)")
    frame = session.read.parquet(files["students"]).drop("mark")
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(
            pack, shsnor.SparkStore(session, {"students": frame, "schools": Path(files["schools"])}), as_of=YEAR
        )
    assert codes(raised.value.findings)["SH403"]["column"] == "mark"


def test_a_table_that_vanishes_meanwhile_is_a_finding(session: Any, files: dict[str, str], tmp_path: Path) -> None:
    file = shutil.copy(files["students"], tmp_path / "students.parquet")
    frame = session.read.parquet(str(file))
    Path(file).unlink()
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(
            write_pack(tmp_path / "pack", mean="sum(mark)"),
            shsnor.SparkStore(session, {"students": frame, "schools": Path(files["schools"])}),
            as_of=YEAR,
        )
    assert "SH566" in codes(raised.value.findings)


def test_a_folder_gives_parquet_to_spark_and_the_rest_to_us(
    session: Any, files: dict[str, str], tmp_path: Path
) -> None:
    session.read.parquet(files["students"]).write.partitionBy("year").parquet(str(tmp_path / "students"))
    shutil.copy(files["staff"], tmp_path / "staff.parquet")
    (tmp_path / "schools.csv").write_text("school_id\n1\n", encoding="utf-8")
    found = tables_of(session, str(tmp_path))
    assert found["schools"] == tmp_path / "schools.csv"
    assert found["students"].columns[-1] == "year" and found["staff"].count() == 126
    with pytest.raises(UsageError, match="SH562"):
        tables_of(session, str(tmp_path / "nothing"))
    with pytest.raises(UsageError, match="SH562"):
        tables_of(session, "spark:nothing")


def test_a_session_that_was_stopped_is_told() -> None:
    stopped = type("Stopped", (), {"sql": None, "table": None, "_sc": type("Context", (), {"_jsc": None})})()
    with pytest.raises(UsageError) as raised:
        shsnor.SparkStore(stopped, {})
    assert codes(raised.value.findings)["SH561"]["reason"] == "stopped"


def test_what_is_no_session_is_refused() -> None:
    with pytest.raises(UsageError) as raised:
        shsnor.SparkStore("spark://host", {})
    assert codes(raised.value.findings)["SH561"]["type"] == "str"


def test_the_command_runs_on_spark(files: dict[str, str], tmp_path: Path) -> None:
    write_pack(tmp_path / "pack", many="count(1)")
    asked = ["evaluate", tmp_path / "pack", "--data", Path(files["staff"]).parent, "--as-of", YEAR, "--no-cache"]
    spark = command(*asked, "--out", tmp_path / "there", "--engine", "spark", "--spark-master", "local[1]")
    assert spark.code == 0, spark.err
    here = command(*asked, "--out", tmp_path / "here")
    assert here.code == 0, here.err
    tables = [sorted((tmp_path / place).glob("*.parquet")) for place in ("here", "there")]
    assert [file.read_bytes() for file in tables[0]] == [file.read_bytes() for file in tables[1]]
    wrong = command(
        *asked, "--out", tmp_path / "out", "--engine", "spark", "--data", "spark:nothing", "--spark-master", "local[1]"
    )
    assert wrong.code == 2 and "SH562" in wrong.err and "Traceback" not in wrong.err
