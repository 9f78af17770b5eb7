"""Tables whose rows another engine holds: here a DuckDB of its own plays that engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

import shsnor
from shsnor.errors import DataError
from tests.elsewhere_cases import ROWS, YEAR, codes, read_in_place, traces, write_pack, write_tables


class Far:
    """A table in a DuckDB of its own, which keeps what it was asked and how many rows it gave.

    refused   what it cannot compute, as SQL has it
    """

    def __init__(self, query: str, *, collect_to: int = 0, refused: str = "") -> None:
        self.con = duckdb.connect()
        self.con.execute(f"CREATE TABLE held AS {query}")
        self.collect_to, self.refused = collect_to, refused
        self.given: list[int] = []

    def columns(self) -> Mapping[str, str]:
        return {name: kind for name, kind, *_ in self.con.sql("DESCRIBE held").fetchall()}

    def refuses(self, sql: str) -> str:
        return self.refused if self.refused and self.refused in sql else ""

    def query(self, sql: str) -> Any:
        result = self.con.sql(re.sub(r'staging\."[^"]+"', "held", sql))
        self.given.append(len(result.fetchall()))
        return result


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return write_tables(tmp_path_factory.mktemp("far"))


@pytest.fixture
def far(files: dict[str, str]) -> dict[str, Any]:
    """Facts elsewhere, the list of schools here."""
    return {n: Far(f"FROM '{files[n]}'") for n in ("students", "staff")} | {"schools": files["schools"]}


def test_the_outcome_is_the_same_wherever_the_rows_are(
    files: dict[str, str], far: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = write_pack(tmp_path / "pack")
    elsewhere = traces(pack, far, tmp_path / "far")
    read_in_place(monkeypatch)
    assert traces(pack, files, tmp_path / "here") == elsewhere
    assert len(elsewhere) == 14 and elsewhere["record"]["tables"]["students"]["rows"] == ROWS


def test_rows_of_persons_never_come(far: dict[str, Any], tmp_path: Path) -> None:
    far["students"].collect_to = 10**9
    shsnor.evaluate(write_pack(tmp_path / "pack"), far, as_of=YEAR).close()
    cells = 40 * 3 * 2 * 3
    assert max(far["students"].given) <= cells < ROWS, "sums by school and cell, and single numbers"


def test_a_small_table_comes_whole(far: dict[str, Any], tmp_path: Path) -> None:
    far["staff"].collect_to = 200
    shsnor.evaluate(write_pack(tmp_path / "pack"), far, as_of=YEAR).close()
    assert far["staff"].given == [1, 42 * 3], "their number, then the rows"


def test_what_is_not_a_sum_is_refused_before_anything_is_summed(far: dict[str, Any], tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", middle="median(points)", mean="sum(points) / count(points)")
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(pack, far, as_of=YEAR)
    assert codes(raised.value.findings)["SH564"]["indicator"] == "middle"
    assert far["students"].given == [1], "only the number of rows was asked for"


def test_a_construct_that_is_refused_is_told_with_its_indicator(far: dict[str, Any], tmp_path: Path) -> None:
    far["students"].refused = "sqrt"
    pack = write_pack(tmp_path / "pack", mean="sum(points)", root="sum(sqrt(points))")
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(pack, far, as_of=YEAR)
    found = codes(raised.value.findings)["SH565"]
    assert (found["indicator"], found["construct"]) == ("root", "sqrt")
    assert far["students"].given == [1]


def _wrong(files: dict[str, str], tmp_path: Path, **columns: str) -> dict[str, dict[str, Any]]:
    """What is told where columns of the students are replaced."""
    replaced = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    tables = {"students": Far(f"SELECT * REPLACE ({replaced}) FROM '{files['students']}'"), "schools": files["schools"]}
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(write_pack(tmp_path / "pack", mean="sum(mark) / count(mark)"), tables, as_of=YEAR)
    return codes(raised.value.findings)


def test_wrong_rows_are_counted_where_they_are(files: dict[str, str], tmp_path: Path) -> None:
    found = _wrong(files, tmp_path, mark="CASE WHEN student < 7 THEN 9 ELSE mark END")
    assert found.keys() == {"SH405"}
    assert (found["SH405"]["count"], found["SH405"]["field"], found["SH405"]["value"]) == (7, "mark", None)


def test_text_that_would_be_cleaned_is_told(files: dict[str, str], tmp_path: Path) -> None:
    found = _wrong(
        files, tmp_path / "key", school_id="CASE WHEN student = 5 THEN '100001 ' ELSE CAST(school_id AS VARCHAR) END"
    )
    assert found["SH567"]["count"] == 1 and found["SH567"]["field"] == "school_id"
    found = _wrong(
        files, tmp_path, subject="CASE WHEN student = 5 THEN ' мат' WHEN student = 6 THEN 'н/д' ELSE subject END"
    )
    assert found["SH567"]["count"] == 2 and found["SH567"]["field"] == "subject"


def test_numbers_written_as_text_are_told_before_anything_is_summed(files: dict[str, str], tmp_path: Path) -> None:
    found = _wrong(files, tmp_path, mark="CAST(mark AS VARCHAR)")
    assert found["SH563"]["columns"] == ["mark"]


def test_unknown_schools_are_told_with_their_rows(files: dict[str, str], tmp_path: Path) -> None:
    found = _wrong(files, tmp_path, school_id="CASE WHEN student < 3 THEN 777 ELSE school_id END")
    assert (found["SH410"]["value"], found["SH410"]["count"]) == (None, 3), "a row of persons shows no value"


def test_a_repeated_key_is_told_as_a_number(files: dict[str, str], tmp_path: Path) -> None:
    tables: dict[str, Any] = {"schools": files["schools"]}
    tables["students"] = Far(
        f"FROM '{files['students']}' UNION ALL FROM '{files['students']}' WHERE student < 4 AND subject IS NOT NULL"
    )
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(write_pack(tmp_path / "pack", mean="sum(mark) / count(mark)"), tables, as_of=YEAR)
    (found,) = raised.value.findings.errors
    assert found.code == "SH407" and 0 < found.details["count"] <= 4
    assert f"Таких строк: {found.details['count']}." in shsnor.wording.message(found)


def test_rows_of_a_pack_s_own_persons_cannot_be_the_list_of_schools(files: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder)
    text = (
        (folder / "pack.yaml")
        .read_text(encoding="utf-8")
        .replace("tables:\n", "tables:\n  schools: {persons: true, columns: {}}\n", 1)
    )
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    tables = {n: Far(f"FROM '{files[n]}'") for n in files}
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(shsnor.load_pack(folder), tables, as_of=YEAR)
    assert "SH569" in codes(raised.value.findings)
    assert tables["schools"].given == [1]


@pytest.mark.parametrize(
    ("formula", "dimensions"),
    [
        ("max(length(student))", "year, procedure, subject"),
        ("length(min(note))", "year, procedure, subject"),
        ("count(1)", "year, procedure, subject, student"),
    ],
)
def test_sums_that_would_tell_of_a_person_are_refused(
    far: dict[str, Any], tmp_path: Path, formula: str, dimensions: str
) -> None:
    folder = tmp_path / "pack"
    write_pack(folder, shown=formula)
    text = (folder / "pack.yaml").read_text(encoding="utf-8").replace("year, procedure, subject]", dimensions + "]", 1)
    text = text.replace("by: [subject]", "by: [subject, student]" if "student" in dimensions else "by: [subject]")
    text = text.replace("over: [subject]", "over: [subject, student]" if "student" in dimensions else "over: [subject]")
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(shsnor.load_pack(folder), far, as_of=YEAR)
    assert "SH569" in codes(raised.value.findings)
    assert far["students"].given == [1]


def test_codes_of_other_systems_are_not_replaced_elsewhere(
    files: dict[str, str], far: dict[str, Any], tmp_path: Path
) -> None:
    old = (
        f"SELECT * REPLACE (CASE WHEN student < 9 THEN 777 ELSE school_id END AS school_id) FROM '{files['students']}'"
    )
    codes_table = [{"system": "ВПР", "code": "777", "school_id": "100001"}]
    with pytest.raises(DataError) as raised:
        shsnor.evaluate(
            write_pack(tmp_path / "pack", mean="sum(mark)"),
            far | {"students": Far(old), "school_codes": codes_table},
            as_of=YEAR,
        )
    found = codes(raised.value.findings)
    assert found["SH568"]["count"] == 1, found


def test_students_elsewhere_make_the_results_of_schools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    students = (
        "SELECT CAST(101 + i % 3 AS VARCHAR) AS school_id, 2024 AS year, 'ОГЭ' AS procedure, '9' AS grade,"
        " CASE i % 2 WHEN 0 THEN 'мат' ELSE 'рус' END AS subject, 'у' || i AS student_id,"
        " CASE WHEN i % 5 > 0 THEN CAST(2 + i % 4 AS BIGINT) END AS mark, CAST(i % 31 AS DECIMAL(9, 1)) AS score"
        " FROM range(600) r(i)"
    )
    file = tmp_path / "student_results.parquet"
    duckdb.sql(f"COPY ({students}) TO '{file}'")
    schools = [{"school_id": str(n), "kind": "СОШ", "municipality": "Район"} for n in (101, 102, 103)]
    pack = shsnor.load_pack("federal")
    far = Far(students)
    elsewhere = traces(pack, {"schools": schools, "student_results": far}, tmp_path / "far")
    read_in_place(monkeypatch)
    assert traces(pack, {"schools": schools, "student_results": file}, tmp_path / "here") == elsewhere
    assert max(far.given) == 6, "three schools, two subjects"
