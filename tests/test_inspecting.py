"""The check of data: what it counts, what it speaks of, and that it never stops at what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from shsnor.demo import demo_region
from shsnor.errors import PackError, UsageError
from shsnor.inspecting import DataReport, Limits, TableCheck, check_data
from shsnor.loading import load_pack
from tests.command import shsnor

YEARS = (2021, 2022)


def schools(count: int = 30, **more: Any) -> list[dict[str, Any]]:
    return [{"school_id": f"{n:03d}", "name": f"Школа № {n}", "kind": "СОШ", **more} for n in range(1, count + 1)]


def results(count: int = 30, *, procedure: str = "ОГЭ", grade: str = "9", years: tuple[int, ...] = YEARS) -> list[Any]:
    """Results in mathematics: in each school 10 to 14 % are low, in every year the same."""
    return [
        {
            "school_id": f"{n:03d}", "year": year, "procedure": procedure, "grade": grade, "subject": "мат",
            "participants": 50, "mark_2": 5 + n % 3, "mark_3": 20, "mark_4": 15, "mark_5": 10 - n % 3,
            "below_minimum": 5 + n % 3, "score_sum": 700 + 10 * (n % 5),
        }
        for n in range(1, count + 1)
        for year in years
    ]  # fmt: skip


def row_of(rows: list[Any], school: str, year: int) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in rows if (row["school_id"], row["year"]) == (school, year))
    return found


def check(**tables: Any) -> DataReport:
    return check_data(None, {"schools": schools(), **tables})


def table(report: DataReport, name: str) -> TableCheck:
    return next(one for one in report.tables if one.name == name)


def codes(report: DataReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_tables_in_order_have_their_counts_and_no_findings() -> None:
    report = check(results=results())
    found = table(report, "results")
    assert codes(report) == [] and report.jumps == () and report.rechecks == ()
    assert (found.rows, found.years, found.duplicates, found.impossible) == (60, {2021: 30, 2022: 30}, 0, 0)
    assert found.entities is not None and found.entities.widths == {3: 30}
    assert (found.entities.count, found.entities.strangers, found.entities.absent) == (30, 0, 0)
    assert [one.name for one in report.tables] == ["schools", "results"], (
        "what is not there is not lacking without a pack"
    )
    assert "считать можно" in report.text()


def test_what_is_wrong_is_counted_beyond_what_is_listed() -> None:
    rows = results()
    for row in rows[:30]:
        row["participants"] = "много"
    rows[32]["mark_2"] = -1
    rows += [dict(row) for row in rows[-25:]]
    report = check(results=rows)
    found = table(report, "results")
    assert found.duplicates == 25 and found.impossible == 31
    assert {c.name: c.impossible for c in found.columns if c.impossible} == {"participants": 30, "mark_2": 1}
    assert {c.name: c.empty for c in found.columns}["participants"] == 0, "a wrong cell is not an empty one"


def test_schools_outside_of_the_roster_and_without_rows_are_told_of() -> None:
    rows = [row for row in results() if row["school_id"] not in ("003", "004")]
    rows += [
        {**rows[0], "school_id": "999"},
        {**rows[0], "school_id": "998"},
        {**rows[0], "school_id": "998", "grade": "8"},
    ]
    report = check(results=rows)
    found = table(report, "results").entities
    assert found is not None
    assert (found.strangers, found.stranger_rows, found.absent, found.absent_codes) == (2, 3, 2, ("003", "004"))
    (told,) = [f for f in report.findings if f.code == "SH460"]
    assert told.details["count"] == 2 and told.details["keys"] == ["003", "004"]
    assert codes(report).count("SH410") == 2


def test_a_table_of_few_schools_lacks_nobody() -> None:
    assert "SH460" not in codes(check(results=results(10)))


def test_codes_that_lost_their_zeros_are_recognised() -> None:
    rows = results()
    for row in rows:
        row["school_id"] = row["school_id"].lstrip("0") if row["school_id"] < "003" else row["school_id"]
    (told,) = [f for f in check(results=rows).findings if f.code == "SH461"]
    assert told.details == {"count": 2, "rows": 4, "wrong": "1", "right": "001"}


def test_a_roster_with_codes_of_two_lengths_is_doubted_only_where_they_are_digits() -> None:
    mixed = [*schools(), {"school_id": "31", "name": "Ещё одна"}]
    (told,) = [f for f in check_data(None, {"schools": mixed}).findings if f.code == "SH462"]
    assert told.details == {"widths": [2, 3], "most": 3}
    assert codes(check_data(None, {"schools": [*schools(), {"school_id": "лицей-1"}]})) == []


def test_a_year_left_out_is_told() -> None:
    (told,) = [f for f in check(results=results(years=(2019, 2022))).findings if f.code == "SH463"]
    assert told.details["years"] == [2020, 2021]


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("low", {"mark_2": 35, "below_minimum": 35, "mark_3": 5, "mark_4": 5, "mark_5": 5}),
        ("mean", {"score_sum": 1500}),
        ("participants", {"participants": 150, "below_minimum": 15, "mark_2": 15, "mark_3": 135, "score_sum": 2100}),
    ],
)
def test_a_sudden_change_of_one_school_is_a_jump(what: str, change: dict[str, int]) -> None:
    rows = results()
    row_of(rows, "007", 2022).update(change)
    report = check(results=rows)
    assert [(j.entity, j.what, j.year) for j in report.jumps if j.what == what] == [("007", what, 2022)]
    assert [f.details["what"] for f in report.findings if f.code == "SH464"] == [j.what for j in report.jumps]
    assert "007" in report.text(details=True) and "007" not in report.text()


def test_a_small_school_does_not_jump() -> None:
    rows = results()
    for year, low in ((2021, 0), (2022, 4)):
        row_of(rows, "007", year).update(
            participants=6, mark_2=low, below_minimum=low, mark_3=6 - low, mark_4=0, mark_5=0, score_sum=84
        )
    assert check(results=rows).jumps == ()


def test_what_all_schools_went_through_is_told_once_and_is_no_jump_of_a_school() -> None:
    rows = results()
    for row in rows:
        if row["year"] == 2022:
            row.update(mark_2=row["mark_2"] + 15, below_minimum=row["below_minimum"] + 15, mark_3=5)
    report = check(results=rows)
    assert [(j.entity, j.what) for j in report.jumps] == [("", "low")]
    assert codes(report) == ["SH465"]


def test_the_limits_can_be_set() -> None:
    rows = results()
    row_of(rows, "007", 2022).update(participants=90, mark_3=60)
    assert "participants" not in {j.what for j in check(results=rows).jumps}
    strict = check_data(None, {"schools": schools(), "results": rows}, limits=Limits(participants_times=1.5))
    assert "participants" in {j.what for j in strict.jumps}
    assert "участников стало в 1,5 раза больше" in " ".join(strict.text(details=True).split())


def test_marks_of_vpr_ask_to_look_again_and_say_that_they_are_internal() -> None:
    vpr, oge = results(procedure="ВПР", grade="8", years=(2022,)), results(years=(2022,))
    row_of(vpr, "011", 2022).update(mark_2=0, mark_3=0, mark_4=5, mark_5=45, below_minimum=0)
    report = check(results=[*vpr, *oge])
    assert [(one.entity, list(one.marks)) for one in report.rechecks] == [("011", ["too_high"])]
    text = report.text(details=True)
    assert "просят перепроверить" in text and "Для служебного пользования" in text
    assert "SH467" in codes(report)


def test_a_lyceum_is_not_asked_about_its_high_results() -> None:
    vpr, oge = results(procedure="ВПР", grade="8", years=(2022,)), results(years=(2022,))
    row_of(vpr, "011", 2022).update(mark_2=0, mark_3=0, mark_4=5, mark_5=45, below_minimum=0)
    roster = [{**one, "kind": "Лицей"} if one["school_id"] == "011" else one for one in schools()]
    assert check_data(None, {"schools": roster, "results": [*vpr, *oge]}).rechecks == ()


def test_a_missing_column_is_an_error_and_the_rest_of_the_table_is_looked_at(north: Path) -> None:
    pack, data = load_pack(str(north / "north")), north / "data"
    text = (data / "results.csv").read_text(encoding="cp1251").replace("below_minimum", "ниже")
    (data / "results.csv").write_text(text, encoding="cp1251")
    report = check_data(pack, data)
    (lacking,) = [f for f in report.findings if f.code == "SH403"]
    assert (lacking.severity, lacking.place.field) == ("error", "below_minimum")
    found = table(report, "results")
    assert found.rows == 5 and found.years == {2021: 1, 2022: 4}
    assert [c.name for c in found.columns if c.read and not c.there] == ["below_minimum"]
    assert "Пока есть ошибки" in report.text()


def test_a_table_that_is_not_there_and_one_that_cannot_be_read_are_told_apart(north: Path) -> None:
    pack, data = load_pack(str(north / "north")), north / "data"
    (data / "results.csv").write_bytes(b"\0\1\2")
    assert table(check_data(pack, data), "results").state == "unreadable"
    (data / "results.csv").unlink()
    report = check_data(pack, data)
    assert table(report, "results").state == "absent" and "таблицы нет" in report.text()


def test_an_almost_empty_column_matters_only_where_a_pack_reads_it(north: Path) -> None:
    pack = load_pack(str(north / "north"))
    rows = [{**row, "below_minimum": None} for row in results()]
    told = [f for f in check_data(pack, {"schools": schools(), "results": rows}).findings if f.code == "SH466"]
    assert [f.place.field for f in told] == ["below_minimum"]
    assert "SH466" not in codes(check(results=rows))


def test_of_people_there_are_numbers_only(tmp_path: Path) -> None:
    pupils = [
        {"school_id": "001", "year": 2022, "procedure": "ОГЭ", "grade": "9", "subject": "мат", "student_id": f"тайна{n}",
         "mark": 2 + n % 4} for n in range(30)
    ]  # fmt: skip
    pupils += [pupils[0], {**pupils[1], "school_id": "777"}, {**pupils[2], "mark": "семь"}]
    report = check(student_results=pupils)
    found = table(report, "student_results")
    assert found.rows == 33 and found.persons and found.duplicates == 2 and found.impossible == 1
    told = report.text(details=True) + json.dumps(report.as_data(), ensure_ascii=False)
    assert "тайна" not in told and "777" not in told and "семь" not in told
    report.write(tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not [cell for cell in cells if "тайна" in cell or "777" in cell or "семь" in cell]


def test_all_forms_of_input_give_the_same_report(tmp_path: Path) -> None:
    rows = results()
    row_of(rows, "007", 2022).update(score_sum=1500)
    given = {"schools": schools(), "results": rows}
    folder, base = tmp_path / "parquet", duckdb.connect(str(tmp_path / "d.duckdb"))
    folder.mkdir()
    for name, listed in given.items():
        values = ", ".join(str(tuple(row.values())) for row in listed)
        base.execute(f"CREATE TABLE {name} AS SELECT * FROM (VALUES {values}) t({', '.join(listed[0])})")
        base.execute(f"COPY {name} TO '{folder / name}.parquet'")
    base.close()
    told = [check_data(None, source).as_data() for source in (given, folder, tmp_path / "d.duckdb")]
    for one in told:
        for read in one["tables"]:
            read.pop("files")
    assert told[0] == told[1] == told[2] and told[0]["jump_count"] == 1


def test_a_wrong_pack_is_refused(north: Path) -> None:
    file = north / "north" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("from: results", "from: resultz"), encoding="utf-8")
    with pytest.raises(PackError):
        check_data(load_pack(str(north / "north")), north / "data")


def test_the_workbook_has_a_sheet_for_each_thing_found(tmp_path: Path) -> None:
    rows = [*results(), *results(procedure="ВПР", grade="8", years=(2022,))]
    row_of(rows, "007", 2022).update(score_sum=1500)
    rows = [row for row in rows if row["school_id"] != "030"]
    written = check(results=rows).write(tmp_path / "проверка.xlsx")
    book = openpyxl.load_workbook(written)
    assert book.sheetnames == ["Таблицы", "Замечания", "Столбцы", "Скачки", "Нет строк"]
    assert ("results", "030") in list(book["Нет строк"].iter_rows(min_row=2, values_only=True))
    with pytest.raises(UsageError) as refused:
        check(results=rows).write(tmp_path / "проверка.csv")
    assert [f.code for f in refused.value.findings] == ["SH621"]


@pytest.mark.parametrize("pack", ["federal", "kchr", None])
def test_the_command_fits_on_one_screen(pack: str | None) -> None:
    run = shsnor("data", "check", demo_region(), *(["--pack", pack] if pack else []))
    lines = run.out.splitlines()
    assert run.code == 0, run.err
    assert len(lines) <= 24 and max(map(len, lines[:-1])) <= 100
    assert "results" in run.out and "Ошибок нет" in run.out


def test_where_no_table_is_found_it_is_said_why(tmp_path: Path) -> None:
    (tmp_path / "ege.csv").write_text("OGRN,YEAR\n1,2016\n", encoding="utf-8")
    report = check_data(None, tmp_path)
    assert report.tables == () and "SH411" in report.text() and "Что сделать" in report.text()
    assert report.text().count("SH411") == report.text(details=True).count("SH411")


def test_a_screen_is_never_longer_however_much_there_is() -> None:
    many = results()
    for row in many[:25]:
        row.update(participants="?", mark_2=-1, mark_3=None, school_id="x1", below_minimum=999, лишнее=1)
    context = [{"school_id": "1", "year": 2018}, {"school_id": "001", "year": 2022}, {"school_id": "001", "year": 2022}]
    names = [
        "context",
        "staff",
        "diagnostics",
        "causes",
        "partners",
        "targets",
        "actuals",
        "measures_taken",
        "benchmarks",
    ]
    report = check(results=many, context=context, **{name: [{"school_id": "1"}] for name in names[1:]})
    lines = report.text().splitlines()
    assert len(lines) <= 23 and max(map(len, lines)) <= 100
    assert lines[-1].startswith("Ошибок:") and "и ещё" in report.text()


def test_the_command_tells_by_its_code_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text("school_id,name\n001,Первая\n02,Вторая\n", encoding="utf-8")
    assert shsnor("data", "check", tmp_path).code == 0
    assert shsnor("data", "check", tmp_path, "--strict").code == 1
    out = shsnor("data", "check", tmp_path, "--json").out
    assert [f["code"] for f in json.loads(out)["findings"]] == ["SH462"]
    (tmp_path / "schools.csv").write_text("name\nПервая\n", encoding="utf-8")
    run = shsnor("data", "check", tmp_path, "--details", env={"SHSNOR_LANG": "en"})
    assert run.code == 2 and "While there are errors" in run.out and "SH403" in run.out
