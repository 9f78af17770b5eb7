"""Sums of students' rows are stored a file each: nothing that is told of them, or that they come to, is another one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shsnor import adding
from shsnor.errors import DataError
from shsnor.evaluating import evaluate
from shsnor.loading import load_pack
from shsnor.pack import Pack
from shsnor.reading import reader
from shsnor.reading.students import StudentSums, add_students
from tests.cache_cases import in_place, ran, stored
from tests.test_cache import parquet_in

PACK = """format: 1
pack: {id: small, version: '1', title: Малый пакет}
sources: {order: {title: Приказ}}
indicators:
  low:
    {label: Ниже минимума, unit: percent, better: lower, from: results, by: [subject, year],
     value: 100.0 * sum(below_minimum) / sum(participants), source: {clause: '1', basis: stated}}
  good:
    {label: Качество, unit: count, better: higher, from: results, value: sum(mark_4 + mark_5),
     source: {clause: '1', basis: stated}}
  points:
    {label: Баллы, unit: point, better: higher, from: results, value: sum(score_sum), source: {clause: '1', basis: stated}}
criteria:
  weak:
    {label: Слабо, indicator: low, at_least: LIMIT, over: [subject, year], years: {last: 2}, met_in: any,
     source: {clause: '2', basis: stated}}
flags:
  help: {label: Помочь, when: weak, source: {clause: '3', basis: stated}}
"""

SCHOOLS = [{"school_id": f"{n:02d}", "municipality": "Юг", "kind": "СОШ"} for n in range(1, 5)]


@pytest.fixture(autouse=True)
def rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    in_place(monkeypatch)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def pack(folder: Path, limit: str = "30") -> Pack:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(PACK.replace("LIMIT", limit), encoding="utf-8")
    return load_pack(folder)


def students(path: Path, year: int, *, first: int = 0, mark: str = "2 + i % 4", more: str = "") -> Path:
    """Forty students of four schools; some took no part, of some the mark is unknown. `more` stands in place of columns."""
    columns = (
        f"SELECT format('{{:02d}}', 1 + i % 4) AS school_id, {year} AS year, 'ОГЭ' AS procedure, '9' AS grade,"
        f" CASE WHEN i % 3 = 0 THEN 'мат' ELSE 'рус' END AS subject, 'ученик-' || i AS student_id,"
        f" CASE WHEN i % 7 > 0 THEN CAST({mark} AS INTEGER) END AS mark,"
        f" CASE WHEN i % 11 > 0 THEN CAST(i % 31 AS DECIMAL(9, 1)) END AS score FROM range({first}, {first + 40}) r(i)"
    )
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT * {more} FROM ({columns})) TO '{path}' (FORMAT parquet)")
    return path


def given(*paths: Path) -> dict[str, Any]:
    return {"schools": SCHOOLS, "student_results": list(paths)}


def texts(path: Path) -> str:
    with duckdb.connect() as con:
        return str(con.execute(f"FROM '{path}'").fetchall())


def test_the_rows_of_students_are_summed_once(tmp_path: Path, cache: Path) -> None:
    tables = given(students(tmp_path / "a.parquet", 2021), students(tmp_path / "b.parquet", 2022))
    for n, limit in enumerate(("30", "30", "55.5")):
        asked = pack(tmp_path / "pack", limit)
        found, run = ran(asked, tables, tmp_path / f"{n}", cache=cache)
        assert found == ran(asked, tables, tmp_path / f"alone{n}")[0]
        assert stored(run, "student_results") == ((2, 2) if n else (0, 2))


def test_of_a_file_more_only_that_is_summed(tmp_path: Path, cache: Path) -> None:
    one, other = students(tmp_path / "a.parquet", 2021), students(tmp_path / "b.parquet", 2022)
    asked = pack(tmp_path / "pack")
    ran(asked, given(one), tmp_path / "1", cache=cache)
    found, run = ran(asked, given(one, other), tmp_path / "2", cache=cache)
    assert found == ran(asked, given(one, other), tmp_path / "alone")[0]
    assert stored(run, "student_results") == (1, 2)


@pytest.mark.parametrize(("word", "again"), [(53, False), (4, True)])
def test_sums_in_words_are_those_of_each_sum_alone(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, word: int, again: bool
) -> None:
    """Also where a school has more students at an exam than its words were made for: these are then summed again."""
    path, asked = students(tmp_path / "a.parquet", 2022), list[bool]()
    monkeypatch.setattr(adding, "WORD", 0)
    alone, _ = ran(pack(tmp_path / "pack"), given(path), tmp_path / "alone")
    monkeypatch.setattr(adding, "WORD", word)
    monkeypatch.setattr(adding, "UNEVEN", 0)
    run_together = StudentSums.run_together

    def noted(sums: StudentSums, summed: str) -> bool:
        asked.append(run_together(sums, summed))
        return asked[-1]

    monkeypatch.setattr(StudentSums, "run_together", noted)
    for name in ("words", "stored", "taken"):
        found, _ = ran(pack(tmp_path / "pack"), given(path), tmp_path / name, cache=None if name == "words" else cache)
        assert found == alone
    assert asked == [again, again], "of rows, of a file; stored sums are taken as they are"


def test_students_of_one_exam_in_two_files_are_taken_together(tmp_path: Path, cache: Path) -> None:
    """A mark that is unknown in one file makes the school's numbers of marks unknown."""
    asked, whole = pack(tmp_path / "pack"), tmp_path / "whole.parquet"
    parts = students(tmp_path / "a.parquet", 2022), students(tmp_path / "b.parquet", 2022, first=40)
    with duckdb.connect() as con:
        con.execute(
            f"COPY (FROM read_parquet([{', '.join(repr(str(p)) for p in parts)}])) TO '{whole}' (FORMAT parquet)"
        )
    alone, _ = ran(asked, given(whole), tmp_path / "alone")
    for n in range(2):
        assert ran(asked, given(*parts), tmp_path / f"{n}", cache=cache)[0] == alone


def test_no_student_is_in_the_folder(tmp_path: Path, cache: Path) -> None:
    ran(pack(tmp_path / "pack"), given(students(tmp_path / "a.parquet", 2022)), tmp_path / "1", cache=cache)
    assert parquet_in(cache)
    for path in parquet_in(cache):
        assert "ученик-" not in texts(path)


@pytest.mark.parametrize("column", ["subject", "grade", "procedure"])
def test_nothing_is_stored_where_a_column_of_the_exam_tells_students_apart(
    tmp_path: Path, cache: Path, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shsnor.reading.students.MOST_EXAMS", 20)
    path = students(tmp_path / "a.parquet", 2022, more=f"REPLACE ('ученик-' || student_id AS {column})")
    for n in range(2):
        _, run = ran(pack(tmp_path / "pack"), given(path), tmp_path / f"{n}", cache=cache)
        assert stored(run, "student_results") == (0, 1)
    assert not [path for path in parquet_in(cache) if "ученик" in texts(path)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("REPLACE (CAST(student_id[8:] AS INTEGER) % 9 AS mark)", "SH405"),
        ("REPLACE ('9' || school_id AS school_id)", "SH410"),
    ],
)
def test_what_is_wrong_is_told_each_time(tmp_path: Path, cache: Path, change: str, code: str) -> None:
    path = students(tmp_path / "a.parquet", 2022)
    students(path, 2022, more=change)
    tables = given(path)
    for _ in range(2):
        with pytest.raises(DataError) as caught:
            evaluate(pack(tmp_path / "pack"), tables, as_of=2022, cache=cache)
        assert {finding.code for finding in caught.value.findings.errors} == {code}


def test_other_rows_and_damaged_sums_are_summed_again(tmp_path: Path, cache: Path) -> None:
    asked, path = pack(tmp_path / "pack"), students(tmp_path / "a.parquet", 2022)
    sound, _ = ran(asked, given(path), tmp_path / "1", cache=cache)
    for file in parquet_in(cache):
        file.write_bytes(file.read_bytes()[:-9])
    found, run = ran(asked, given(path), tmp_path / "2", cache=cache)
    assert found == sound and stored(run, "student_results") == (0, 1)
    students(path, 2022, mark="5")
    found, run = ran(asked, given(path), tmp_path / "3", cache=cache)
    assert found == ran(asked, given(path), tmp_path / "alone")[0] != sound
    assert stored(run, "student_results") == (0, 1)


@pytest.mark.parametrize(
    "change", [lambda p: students(p, 2022, mark="5"), Path.unlink, lambda p: p.write_bytes(b"PAR1")]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_that_changes_meanwhile_ends_the_evaluation(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], Any], when: str
) -> None:
    path = students(tmp_path / "a.parquet", 2022)

    def changed(*asked: Any) -> bool:
        found = when == "after" and add_students(*asked)
        change(path)
        return found or (when == "before" and add_students(*asked))

    monkeypatch.setattr(reader, "add_students", changed)
    with pytest.raises(DataError) as caught:
        evaluate(pack(tmp_path / "pack"), given(path), as_of=2022, cache=cache)
    told = [(f.code, f.place.file, f.details["reason"]) for f in caught.value.findings.errors]
    assert told == [("SH411", "a.parquet", "changed")]
    assert not parquet_in(cache)


def test_sums_of_a_file_that_was_replaced_meanwhile_are_not_stored(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one as long and as old: its content was not the one that was looked at."""
    path, write = students(tmp_path / "a.parquet", 2022), StudentSums.write

    def replaced(*asked: Any) -> bool:
        found = write(*asked)
        shutil.copy2(path, tmp_path / "copy")
        (tmp_path / "copy").replace(path)
        return found

    monkeypatch.setattr(StudentSums, "write", replaced)
    _, run = ran(pack(tmp_path / "pack"), given(path), tmp_path / "1", cache=cache)
    assert stored(run, "student_results") == (0, 1) and not parquet_in(cache)


def test_nothing_is_stored_where_the_entities_are_persons(tmp_path: Path, cache: Path) -> None:
    pack(tmp_path / "pack")
    file = tmp_path / "pack" / "pack.yaml"
    file.write_text(
        file.read_text(encoding="utf-8") + "tables: {schools: {persons: true, columns: {}}}\n", encoding="utf-8"
    )
    _, run = ran(
        load_pack(tmp_path / "pack"), given(students(tmp_path / "a.parquet", 2022)), tmp_path / "1", cache=cache
    )
    assert run["sums"] == {} and not parquet_in(cache)
