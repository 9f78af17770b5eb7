"""Workbooks in: what is recognised, what is left out, what is told with the address of its cell."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

import shsnor
from shsnor.demo import demo_region
from shsnor.errors import Findings
from shsnor.pack import Column, Table
from shsnor.reading import Data
from shsnor.standard import STANDARD_TABLES
from shsnor.store import Session
from shsnor.wording import message
from shsnor.workbooks import book as book_module
from shsnor.workbooks import check_layout, shipped_layouts
from shsnor.workbooks.extracting import restored
from tests.command import shsnor as command
from tests.reading_cases import CATALOG, Read, read, write
from tests.workbook_cases import RESULT, RESULTS_HEAD, SCHOOLS, Rows, book, encrypted, patched

MARKS = ("school_id", "subject", "participants", "mark_2", "mark_3", "mark_4", "mark_5")
SAMPLES = Path(__file__).parent / "workbooks"


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        yield session


def results(session: Session, folder: Path | Data, needed: set[str] | None = None, **more: Any) -> Read:
    """A reading of the tables of a folder that asks for schools and results."""
    return read(session, folder, {"schools": set(), "results": needed or set()}, **more)


def cells(found: Read, code: str) -> list[tuple[str | None, str | None]]:
    """File and cell of each finding of a code."""
    return [(f.place.file, f.place.cell) for f in found.findings if f.code == code]


# ---- what is recognised ----


def test_the_demo_region_as_a_workbook_gives_the_same_bytes(tmp_path: Path) -> None:
    made = Workbook(write_only=True)
    for file in sorted(demo_region().glob("*.csv")):
        sheet = made.create_sheet(file.stem)
        with file.open(encoding="utf-8", newline="") as text:
            for number, row in enumerate(csv.reader(text)):
                sheet.append(row if not number else [_as_excel_has_it(cell) for cell in row])
    (tmp_path / "data").mkdir()
    made.save(tmp_path / "data" / "регион.xlsx")
    pack = shsnor.load_pack("federal")
    with shsnor.evaluate(pack, demo_region(), as_of=2022) as outcome:
        expected = outcome.write(tmp_path / "csv", format="csv")
    with shsnor.evaluate(pack, tmp_path / "data", as_of=2022) as outcome:
        given = outcome.write(tmp_path / "xlsx", format="csv")
    files = sorted(file.name for file in expected.iterdir() if file.name != "run.json")
    assert "flags.csv" in files
    for name in files:
        assert (given / name).read_bytes() == (expected / name).read_bytes(), name


def _as_excel_has_it(cell: str) -> Any:
    """Numbers as numbers, but for codes that begin with a zero."""
    plain = cell.removeprefix("-")
    if plain.isdecimal() and (plain == "0" or plain[0] != "0"):
        return int(cell)
    whole, point, part = plain.partition(".")
    return float(cell) if point and whole.isdecimal() and part.isdecimal() else cell


@pytest.mark.parametrize("suffix", ["xls", "ods", "xlsm"])
def test_other_kinds_of_workbooks_are_read(session: Session, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"книга.{suffix}"
    if suffix == "xlsm":
        book(path, {"schools": SCHOOLS, "results": [RESULTS_HEAD, RESULT]})
    else:
        shutil.copy(SAMPLES / f"small.{suffix}", path)
    found = results(session, tmp_path)
    assert found.codes() == []
    assert found.rows("results", *MARKS)[0] == ("001", "рус", 20, 2, 8, 7, 3)
    assert len(found.rows("schools")) == 3


def test_sheets_are_known_by_label_and_headers_by_alias_wherever_they_stand(session: Session, tmp_path: Path) -> None:
    above: Rows = [("Отчёт управления образования",), (), ("за 2022 год", None, "страница 1"), ()]
    rows = [*above, (None, *RESULTS_HEAD), (None, *range(1, 11)), (None, *RESULT)]
    book(tmp_path / "выгрузка.xlsx", {"Школы": SCHOOLS, "Результаты оценочных процедур": rows})
    found = results(session, tmp_path)
    assert found.codes() == []
    assert found.rows("results", *MARKS) == [("001", "рус", 20, 2, 8, 7, 3)]


def test_a_header_of_two_rows_and_codes_merged_down(session: Session, tmp_path: Path) -> None:
    top = ("Код ОО", "Год", "Процедура", "Класс", "Предмет", "Участников", "Получили отметку", None, None, None)
    below = (None,) * 6 + ("2", "3", "4", "5")
    other = (None, 2022, "ВПР", "5", "мат", 19, 1, 8, 7, 3)
    merged = [f"{column}1:{column}2" for column in "ABCDEF"] + ["G1:J1", "A3:A4"]
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "results": [top, below, RESULT, other]}, merged=merged)
    found = results(session, tmp_path)
    assert found.codes() == []
    assert found.rows("results", *MARKS) == [("001", "мат", 19, 1, 8, 7, 3), ("001", "рус", 20, 2, 8, 7, 3)]


def test_counts_merged_down_are_not_repeated(session: Session, tmp_path: Path) -> None:
    other = ("001", 2022, "ВПР", "5", "мат", None, 1, 8, 7, 3)
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "results": [RESULTS_HEAD, RESULT, other]}, merged=["F2:F3"])
    assert results(session, tmp_path).rows("results", "subject", "participants") == [("мат", None), ("рус", 20)]


def test_numbers_as_people_write_them(session: Session, tmp_path: Path) -> None:
    texts = [
        ("001", 2022, "ВПР", "5", "рус", "1\u00a0234", "н/д", "–", "-", ""),
        ("002", "2022", "ВПР", 5, "рус", " 20 ", "10%", "0,0 %", 2.0, "3,0"),
    ]
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "results": [RESULTS_HEAD, *texts]})
    found = results(session, tmp_path)
    assert found.codes() == []
    assert found.rows("results", *MARKS) == [
        ("001", "рус", 1234, None, None, None, None),
        ("002", "рус", 20, 2, 0, 2, 3),
    ]
    assert found.loaded["results"].missing_counts == {
        **dict.fromkeys(found.loaded["results"].missing_counts or {}, 0)
    } | {f"mark_{n}": 1 for n in (2, 3, 4, 5)}


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_a_number_that_excel_shows_as_per_cents_is_so_many_per_cents(
    session: Session, tmp_path: Path, suffix: str
) -> None:
    if suffix != "xlsx":
        shutil.copy(SAMPLES / f"percent.{suffix}", tmp_path / f"b.{suffix}")
    else:
        rows: Rows = [("school_id", "Доля, %", "text"), ("001", 0.305, 0.5), ("002", 30.5, None), ("003", 12, None)]
        book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "kinds": rows}, formats={"B2": "0.0%", "C2": "0%"})
    found = read(session, tmp_path, {"kinds": {"number"}}, catalog=PERCENTS)
    assert found.codes() == []
    assert found.rows("kinds", "school_id", "number", "text") == [
        ("001", Decimal("30.5"), "0.5"), ("002", Decimal("30.5"), None), ("003", Decimal(12), None)
    ]  # fmt: skip


PERCENTS = {
    **STANDARD_TABLES,
    "kinds": Table(
        entity={"school": "school_id"}, key=["school_id"],
        columns={
            "school_id": Column(type="text"), "text": Column(type="text"),
            "number": Column(type="number", unit="percent", range=("0", "100"), aliases=["Доля, %"]),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_errors_of_formulas_are_seen_in_other_kinds_of_files_too(session: Session, tmp_path: Path, suffix: str) -> None:
    shutil.copy(SAMPLES / f"errors.{suffix}", tmp_path / f"b.{suffix}")
    found = read(session, tmp_path, {"kinds": set()}, catalog=PERCENTS)
    told = [(f.place.cell, f.details["error"]) for f in found.findings if f.code == "SH434"]
    assert told == [("kinds!C3", "#DIV/0!"), ("kinds!C4", "#N/A")]


@pytest.mark.parametrize("count, severity", [(5, "error"), (2, "warning")])
def test_per_cents_that_may_be_parts_of_one_are_asked_about(
    session: Session, tmp_path: Path, count: int, severity: str
) -> None:
    schools = [(f"{n:03}", f"Школа {n}", "Восток") for n in range(count)]
    rows = [("school_id", "Доля, %"), *((code, 0.3 + n / 10) for n, (code, *_) in enumerate(schools))]
    book(tmp_path / "b.xlsx", {"schools": [SCHOOLS[0], *schools], "kinds": rows})
    found = read(session, tmp_path, {"kinds": {"number"}}, catalog=PERCENTS)
    assert found.codes(severity) == ["SH440"] and cells(found, "SH440") == [("b.xlsx", "kinds!B2")]


@pytest.mark.parametrize("said, value", [("fraction", Decimal("30.5")), ("percent", Decimal("0.305"))])
def test_a_layout_says_how_shares_are_written(session: Session, tmp_path: Path, said: str, value: Decimal) -> None:
    rows: Rows = [("Школа", "Доля"), *((code, 0.305) for code in ("001", "002", "003", "001x", "002x"))]
    schools = [*SCHOOLS, ("001x", "", ""), ("002x", "", "")]
    book(tmp_path / "b.xlsx", {"schools": schools, "Лист1": rows})
    layout = f"{{school_id: Школа, number: {{header: Доля, share: {said}}}}}"
    write(
        tmp_path / "b.layout.yaml", f"layout: b\ntitle: Б\nsheets: [{{sheet: Лист1, table: kinds, columns: {layout}}}]"
    )
    found = read(session, tmp_path, {"kinds": {"number"}}, catalog=PERCENTS)
    assert found.codes() == found.codes("warning") == []
    assert {number for (number,) in found.rows("kinds", "number")} == {value}


def test_totals_are_told_from_schools(session: Session, tmp_path: Path) -> None:
    totals = [(name, 2022, "ВПР", "5", "рус", 90) for name in ("Вся выборка", "Тверская обл.", "Бежецкий район")]
    last = (None, "Итого по школам", None, None, None, 110)
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "results": [RESULTS_HEAD, *totals, RESULT, last]})
    found = results(session, tmp_path)
    assert found.codes() == [] and found.codes("warning") == ["SH435"]
    assert found.rows("results", "school_id") == [("001",)]
    assert found.details("SH435")[0]["count"] == 4
    assert found.details("SH435")[0]["texts"] == ["Вся выборка", "Тверская обл.", "Бежецкий район", "Итого по школам"]
    assert cells(found, "SH435") == [("b.xlsx", "results!A2")]


def test_a_school_whose_name_begins_like_a_total_is_kept(session: Session, tmp_path: Path) -> None:
    schools = [SCHOOLS[0], ("001", "Всеволодская школа", "Восток"), ("002", "Школа «Итоговая»", "Районный центр")]
    book(tmp_path / "b.xlsx", {"schools": schools})
    found = read(session, tmp_path, {"schools": set()})
    assert len(found.rows("schools")) == 2 and found.codes("warning") == []


def test_tables_in_workbooks_files_and_folders_go_together(session: Session, tmp_path: Path) -> None:
    write(tmp_path / "schools.csv", "school_id;name;municipality\n001;Первая;А\n002;Вторая;А\n")
    book(tmp_path / "results" / "восток.xlsx", {"Лист1": [RESULTS_HEAD, RESULT]})
    book(tmp_path / "results" / "запад.xlsx", {"Лист1": [RESULTS_HEAD, ("002", *RESULT[1:])]})
    book(tmp_path / "выгрузки" / "план.xlsx", {"План": [("entity", "indicator", "unit", "year", "value")]})
    book(tmp_path / "results" / "~$запад.xlsx", {"Лист1": [("занято",)]})
    found = read(session, tmp_path, {"schools": set(), "results": set(), "targets": set()})
    assert found.codes() == found.codes("warning") == []
    assert found.rows("results", "school_id") == [("001",), ("002",)]


def test_a_mapping_may_name_a_workbook(session: Session, tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"Лист1": [RESULTS_HEAD, RESULT]})
    assert read(session, {"results": path}).rows("results", "school_id") == [("001",)]


# ---- layouts ----

WIDE = """
layout: wide
title: Баллы по предметам
sheets:
  - sheet: Баллы*
    table: results
    columns:
      school_id: {header: Школа, width: 3}
    fixed: {procedure: РКР, grade: "6"}
    take: [{from: file, match: '(?P<year>20\\d\\d)'}]
    wide: {match: '(?P<subject>.+), участников', value: participants}
    values: {subject: {Русский язык: рус, математика: мат}}
"""


def test_a_column_a_subject_becomes_a_row_a_subject(session: Session, tmp_path: Path) -> None:
    rows: Rows = [("Школа", "Русский язык, участников", "Математика, участников", "Прим."), (1, 20, 19, "—"), (2, 30)]
    book(tmp_path / "РКР 2022.xlsx", {"Школы": SCHOOLS, "Баллы 6 класс": rows})
    layout = write(tmp_path / "elsewhere" / "wide.yaml", WIDE)
    found = results(session, Data(tmp_path, [layout]))
    assert found.codes() == found.codes("warning") == []
    assert found.rows("results", "school_id", "year", "grade", "subject", "participants") == [
        ("001", 2022, "6", "мат", 19), ("001", 2022, "6", "рус", 20), ("002", 2022, "6", "рус", 30)
    ]  # fmt: skip


def test_subjects_over_groups_of_columns_become_rows(session: Session, tmp_path: Path) -> None:
    top = ("Школа", "Русский язык", None, "Математика", None)
    below = (None, "Участников", "«2», %", "Участников", "«2», %")
    sheets = {"Школы": SCHOOLS, "Баллы": [top, below, ("001", 20, 10, 40, 2.5)]}
    book(tmp_path / "b2022.xlsx", sheets, merged=["A1:A2", "B1:C1", "D1:E1"])
    text = WIDE.replace(
        "wide: {match: '(?P<subject>.+), участников', value: participants}", "wide: {match: '(?P<subject>.+)', of: top}"
    )
    text = text.replace(
        "width: 3}",
        "width: 3}\n      participants: Участников\n      mark_2: {header: '«2», %', percent_of: Участников}",
    )
    write(tmp_path / "b.layout.yaml", text)
    found = results(session, tmp_path)
    assert found.codes() == []
    assert found.rows("results", *MARKS[:4]) == [("001", "мат", 40, 1), ("001", "рус", 20, 2)]


def vpr(path: Path, *, journal: bool, low: Any = 10.0, participants: int = 20) -> Path:
    """A report of ФИС ОКО as it is described."""
    above: Rows = [("ВПР 2022 Русский язык 5 класс",), ("Дата: 15.03.2022",)]
    if not journal:
        head: tuple[str, ...] = ("Группы участников", "Кол-во ОО", "Кол-во участников", "2", "3", "4", "5")
        rows: list[tuple[Any, ...]] = [
            ("Вся выборка", 35000, 1300000, 12.1, 40.1, 35.2, 12.6),
            ("Тверская обл.", 400, 12000, 9, 41, 37, 13),
        ]
        rows += [("Восток", 2, 50, 10, 50, 30, 10), ("edu000001 Школа № 1", None, participants, low, 40, 35, 15)]
    else:
        head = ("Группы участников", "Кол-во участников", "%")
        rows = []
        for name in ("Вся выборка", "Восток", "edu000001 Школа № 1"):
            rows += [(name, None, None), ("  Понизили (Отметка < Отметка по журналу) %", 5, 25)]
            rows += [("  Подтвердили (Отметка = Отметке по журналу) %", 14, 70)]
            rows += [("  Повысили (Отметка > Отметка по журналу) %", 1, 5), ("  Всего", 20, 100)]
    return book(path, {"Лист1": [*above, head, *rows]})


VPR_SCHOOLS: Rows = [SCHOOLS[0], ("edu000001", "Школа № 1", "Восток")]


def test_two_reports_of_vpr_make_one_row(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "школы.xlsx", {"Школы": VPR_SCHOOLS})
    vpr(tmp_path / "отметки.xlsx", journal=False)
    vpr(tmp_path / "журнал.xlsx", journal=True)
    columns = (*MARKS, "year", "grade", "procedure", "below_journal", "as_journal", "above_journal")
    found = results(session, tmp_path, {"below_journal", "mark_2"})
    assert found.codes() == []
    assert found.rows("results", *columns) == [
        ("edu000001", "рус", 20, 2, 8, 7, 3, 2022, "5", "ВПР", 5, 14, 1)
    ]  # fmt: skip
    assert sorted(set(found.codes("warning"))) == ["SH435", "SH438"]
    unverified = [f for f in found.findings if f.code == "SH438"]
    assert [f.details["layout"] for f in unverified] == ["vpr_journal", "vpr_marks"]
    assert "не сверено" in message(unverified[0])


def test_a_per_cent_that_is_of_no_whole_number_is_unknown_and_told(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "школы.xlsx", {"Школы": VPR_SCHOOLS})
    vpr(tmp_path / "отметки.xlsx", journal=False, low=11)
    found = results(session, tmp_path)
    assert found.rows("results", *MARKS[2:]) == [(20, None, 8, 7, 3)]
    assert cells(found, "SH414") == [("отметки.xlsx", "Лист1!D7")] and found.codes() == []


def test_a_report_without_its_year_asks_for_it(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "школы.xlsx", {"Школы": VPR_SCHOOLS})
    path = vpr(tmp_path / "отметки.xlsx", journal=False)
    opened = openpyxl.load_workbook(path)
    opened.worksheets[0]["A1"] = "Русский язык 5 класс"
    opened.save(path)
    found = results(session, tmp_path)
    assert {f.place.field for f in found.findings if f.code == "SH439"} == {"year"}
    text = message(next(f for f in found.findings if f.code == "SH439"))
    assert "имени файла" in text and "над таблицей" in text


@pytest.mark.parametrize("name", sorted(shipped_layouts()))
def test_a_layout_of_ours_names_columns_that_are_there(name: str) -> None:
    findings = Findings()
    layout = shipped_layouts()[name]
    assert check_layout(layout, STANDARD_TABLES, findings), list(findings)
    assert layout.verified or layout.source


def test_ris_gives_rows_of_pupils_and_reads_no_names(session: Session, tmp_path: Path) -> None:
    head = (
        "Код АТЕ",
        "Код ОО",
        "Фамилия",
        "Имя",
        "Код участника",
        "Класс",
        "Предмет",
        "Дата экзамена",
        "Первичный балл",
        "Оценка",
    )
    rows: Rows = [
        ("Результаты ОГЭ",),
        head,
        ("01", "001", "Петрова", "Анна", "17", "9А", "Математика", "30.05.2022", 14, 3),
    ]
    book(tmp_path / "рис.xlsx", {"schools": SCHOOLS, "Выгрузка": rows})
    found = read(session, tmp_path, {"schools": set(), "student_results": set()})
    assert found.codes() == []
    columns = ("school_id", "year", "procedure", "grade", "subject", "student_id", "mark", "score")
    assert found.rows("student_results", *columns) == [("001", 2022, "ОГЭ", "9", "мат", "17", 3, Decimal(14))]
    texts = [message(f, lang) for f in found.findings for lang in ("ru", "en")]
    assert not any("Петрова" in text for text in texts)


def test_what_is_wrong_with_a_layout_is_told_with_its_line(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS})
    for number, text in enumerate(
        (
            "layout: a\ntitle: А\nsheet: []\nsheets:\n  - table: results\n    columns: {school_id: Код}\n",
            "layout: a\ntitle: А\nverified: false\nsheets:\n  - table: results\n    columns: {school_id: Код}\n",
            "layout: a\ntitle: А\nsheets:\n  - table: results\n    columns: {school_id: {header: Код, match: '('}}\n",
            "layout: a\ntitle: А\nsheets:\n  - table: results\n    columns: {school: Код}\n",
            "title: А\nsheets: 5\n",
        )
    ):
        write(tmp_path / "layouts" / f"{number}.yaml", text)
    found = read(session, tmp_path, {"schools": set()})
    told = [(f.place.file, f.place.line, f.code) for f in found.findings if f.severity == "error"]
    assert told == [
        ("0.yaml", 3, "SH201"), ("1.yaml", None, "SH444"), ("2.yaml", 5, "SH444"), ("4.yaml", None, "SH202"),
        ("4.yaml", 2, "SH444"), ("a", None, "SH445"),
    ]  # fmt: skip


def test_a_layout_that_is_nowhere_or_of_no_use_is_told(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS})
    found = read(session, Data(tmp_path, ["vpr_mark"]), {"schools": set()})
    assert found.codes() == ["SH443"] and found.details("SH443")[0]["nearest"] == "vpr_marks"
    with Session() as another:
        found = read(another, Data(tmp_path, ["vpr_marks"]), {"schools": set()})
    assert found.codes() == [] and found.codes("warning") == ["SH448"]


def test_a_sheet_that_a_layout_names_and_that_has_other_headers_is_told(session: Session, tmp_path: Path) -> None:
    good: Rows = [("Школа", "Математика, участников"), (1, 20)]
    book(tmp_path / "РКР 2022.xlsx", {"Школы": SCHOOLS, "Баллы 5": good, "Баллы 6": [("Шкала", "Писали"), (2, 30)]})
    write(tmp_path / "b.layout.yaml", WIDE)
    found = results(session, tmp_path)
    assert cells(found, "SH432") == [("РКР 2022.xlsx", "'Баллы 6'!1:1")]
    assert found.details("SH432")[0]["found"] == ["Шкала", "Писали"]


def test_two_layouts_that_fit_alike_are_asked_about(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "Лист1": [("Школа", "Год"), ("001", 2022)]})
    for name in "ab":
        text = f"layout: {name}\ntitle: А\nsheets: [{{table: context, columns: {{school_id: Школа, year: Год}}}}]"
        write(tmp_path / f"{name}.layout.yaml", text)
    found = read(session, tmp_path, {"schools": set(), "context": set()})
    assert "SH442" in found.codes() and found.details("SH442")[0]["layouts"] == ["a", "b"]


# ---- addresses ----


def test_a_finding_names_file_sheet_and_cell(session: Session, tmp_path: Path) -> None:
    rows: Rows = [("Отчёт",), RESULTS_HEAD, RESULT, ("002", *RESULT[1:5], "двадцать"), (), RESULT, ("9", *RESULT[1:])]
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "results": rows})
    found = results(session, tmp_path)
    assert cells(found, "SH404") == [("b.xlsx", "results!F4")]
    assert cells(found, "SH407") == [("b.xlsx", "results!A6")] and found.details("SH407")[0]["first_row"] == 3
    assert cells(found, "SH410") == [("b.xlsx", "results!A7")]
    text = message(next(f for f in found.findings if f.code == "SH404"))
    assert text.splitlines()[0].endswith("b.xlsx   results!F4   таблица results, столбец participants")


def test_a_finding_in_an_unpivoted_sheet_names_the_cell_of_its_value(session: Session, tmp_path: Path) -> None:
    rows: Rows = [("Школа", "Русский язык, участников", "Математика, участников"), (1, 20, "много"), (2, 30, 1)]
    book(tmp_path / "РКР 2022.xlsx", {"Школы": SCHOOLS, "Баллы": rows})
    write(tmp_path / "b.layout.yaml", WIDE)
    assert cells(results(session, tmp_path), "SH404") == [("РКР 2022.xlsx", "Баллы!C2")]


def test_a_sheet_whose_name_has_spaces_stands_in_quotes(session: Session, tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"Мой лист": [RESULTS_HEAD, (*RESULT[:5], "много")]})
    assert cells(read(session, {"results": path}), "SH404") == [("b.xlsx", "'Мой лист'!F2")]


def test_two_files_of_one_table_that_disagree_are_told_with_both_cells(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "1.xlsx", {"schools": SCHOOLS, "results": [RESULTS_HEAD, RESULT, ("002", *RESULT[1:])]})
    book(tmp_path / "2.xlsx", {"results": [(), RESULTS_HEAD, (*RESULT[:5], 21, *RESULT[6:])]})
    found = results(session, tmp_path)
    assert found.codes() == ["SH436"] and cells(found, "SH436") == [("2.xlsx", "results!F3")]
    assert found.details("SH436") == [{"first": "20", "first_file": "1.xlsx", "first_cell": "results!F2"}]
    text = message(next(f for f in found.findings if f.code == "SH436"))
    assert "«21»" in text and "«20»" in text and "1.xlsx" in text


def test_a_file_that_is_there_twice_is_taken_once(session: Session, tmp_path: Path) -> None:
    same = ("001", "2022", "ВПР", 5, "рус", "20,0", 2, 8, 7, 3)
    book(tmp_path / "1.xlsx", {"schools": SCHOOLS, "results": [RESULTS_HEAD, RESULT]})
    book(tmp_path / "2.xlsx", {"results": [RESULTS_HEAD, same, ("002", *RESULT[1:])]})
    found = results(session, tmp_path)
    assert found.codes() == [] and found.codes("warning") == ["SH437"]
    assert found.rows("results", "school_id", "participants") == [("001", 20), ("002", 20)]


def test_a_joined_row_still_knows_its_cells(session: Session, tmp_path: Path) -> None:
    book(tmp_path / "школы.xlsx", {"Школы": VPR_SCHOOLS})
    vpr(tmp_path / "отметки.xlsx", journal=False, participants=4, low=25)
    vpr(tmp_path / "журнал.xlsx", journal=True)
    found = results(session, tmp_path)
    above = {(f.place.field, f.place.file, f.place.cell) for f in found.findings if f.code == "SH409"}
    assert ("below_journal", "журнал.xlsx", "Лист1!B15") in above


# ---- bad input ----


def bad(name: str, folder: Path) -> Path:
    path = folder / "results.xlsx"
    sheets: dict[str, Rows] = {"results": [RESULTS_HEAD, RESULT]}
    if name == "encrypted":
        return encrypted(path)
    if name == "empty":
        return write(path, "")
    if name == "web page":
        return write(path.with_suffix(".xls"), "<html><table><tr><td>1</td></tr></table></html>")
    if name == "text":
        return write(path, "school_id;year\n001;2022\n")
    book(path, sheets, errors={"G2": "#DIV/0!", "H2": "#N/A"} if name == "formula" else None)
    if name == "damaged":
        path.write_bytes(path.read_bytes()[:3000])
    elif name == "half damaged":
        patched(path, "xl/worksheets/sheet1.xml", lambda text: text[: len(text) // 2])
    elif name == "not computed":
        book(path, {"results": [RESULTS_HEAD, (*RESULT[:6], "=1+1", *RESULT[7:])]})
    elif name == "no header":
        book(path, {"results": [("Школа", "Кол-во участвовавших"), ("001", 20)]})
    elif name == "second header":
        book(path, {"results": [RESULTS_HEAD, RESULT, RESULTS_HEAD, ("002", *RESULT[1:])]})
    elif name == "far cell":
        book(path, {"results": [RESULTS_HEAD, RESULT]}, formats={"XFD1048576": "0"})
        opened = openpyxl.load_workbook(path)
        opened["results"]["XFD1048576"] = " "
        opened.save(path)
    elif name == "picture":
        book(path, {"results": []})  # to a reader of cells a sheet with a picture is this
    return path


BAD = {
    "encrypted": ("SH430", None, "паролем"),
    "empty": ("SH430", None, "пуст"),
    "web page": ("SH430", None, "веб-страница"),
    "text": ("SH430", None, "не книга"),
    "damaged": ("SH430", None, "повреждён"),
    "half damaged": ("SH430", "results", "повреждён"),
    "far cell": ("SH430", "results", "16384"),
    "picture": ("SH431", "results", "картинк"),
    "formula": ("SH434", "results!G2", "#DIV/0!"),
    "not computed": ("SH434", "results!G2", "не вычислено"),
    "no header": ("SH432", "results!1:1", "Кол-во участвовавших"),
    "second header": ("SH433", "results!3:3", "удалите эту строку"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_finding_in_both_languages_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    code, cell, words = BAD[name]
    write(tmp_path / "data" / "schools.csv", "school_id,name,kind,municipality\n001,Первая,СОШ,А\n002,Вторая,СОШ,А\n")
    file = bad(name, tmp_path / "data")
    earlier = tmp_path / "out"
    for lang in ("ru", "en"):
        run = command(
            "evaluate",
            "federal",
            "--data",
            tmp_path / "data",
            "--as-of",
            "2022",
            "--out",
            earlier,
            env={"SHSNOR_LANG": lang},
        )
        assert run.code == 2, run.err
        assert "Traceback" not in run.err and "Сбой" not in run.err and not earlier.exists()
        line = next(line for line in run.err.splitlines() if line.startswith(code))
        assert file.name in line and (cell is None or f"   {cell}" in line)
        assert words in run.err or lang == "en"


def test_all_is_told_at_once(session: Session, tmp_path: Path) -> None:
    encrypted(tmp_path / "a.xlsx")
    write(tmp_path / "b.xlsx", "")
    rows: Rows = [RESULTS_HEAD, RESULT, RESULTS_HEAD, ("002", *RESULT[1:5], "много")]
    book(tmp_path / "c.xlsx", {"schools": SCHOOLS, "results": rows}, errors={"G2": "#REF!"})
    found = results(session, tmp_path)
    assert sorted(found.codes()) == ["SH404", "SH430", "SH430", "SH433", "SH434"]


def test_a_file_too_large_is_refused_before_it_is_opened(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "results.xlsx").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200 << 20)  # takes no room on the disk
    book(tmp_path / "b.xlsx", {"schools": SCHOOLS})
    found = results(session, tmp_path)
    assert found.details("SH430")[0] == {"reason": "large", "file": "results.xlsx", "megabytes": 200, "limit": 100}
    monkeypatch.setattr(book_module, "MOST_UNPACKED", 1000)
    with Session() as another:
        found = results(another, tmp_path)
    assert [d.get("unpacked") for d in found.details("SH430")] == [True, None]


def test_a_misnamed_workbook_is_read_all_the_same(session: Session, tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"schools": SCHOOLS, "results": [RESULTS_HEAD, RESULT]})
    path.rename(tmp_path / "b.xls")
    assert results(session, tmp_path).codes() == []


def test_sheets_that_are_nobodys_are_told_only_where_they_may_be_meant(session: Session, tmp_path: Path) -> None:
    sheets = {"schools": SCHOOLS, "Пояснения": [("Как заполнять",)], "result": [("Школа", "Баллы"), ("001", 3)]}
    book(tmp_path / "b.xlsx", sheets)
    book(tmp_path / "c.xlsx", {"Лист1": [("Смета", "Сумма"), ("Ремонт", 3)]})
    found = read(session, tmp_path, {"schools": set()})
    assert cells(found, "SH441") == [("b.xlsx", "result"), ("c.xlsx", "Лист1")]
    assert found.codes() == []


def test_a_code_may_not_be_longer_than_its_width(session: Session, tmp_path: Path) -> None:
    rows: Rows = [("Школа", "Русский язык, участников"), (1, 20), (1234, 30)]
    book(tmp_path / "РКР 2022.xlsx", {"Школы": SCHOOLS, "Баллы": rows})
    write(tmp_path / "b.layout.yaml", WIDE)
    assert cells(results(session, tmp_path), "SH447") == [("РКР 2022.xlsx", "Баллы!A3")]


def test_no_value_of_a_person_stands_in_a_finding(session: Session, tmp_path: Path) -> None:
    head = ("Код ОО", "Год", "Процедура", "Класс", "Предмет", "Код участника", "Отметка")
    row = ("001", 2022, "ОГЭ", "9", "рус", "Иванов-17", "Иванов")
    other = (*row[:6], "Сидоров")
    book(tmp_path / "1.xlsx", {"schools": SCHOOLS, "student_results": [head, row, ("Итого Иванов",)]})
    book(tmp_path / "2.xlsx", {"student_results": [head, other]}, errors={"F3": "#REF!"})
    found = read(session, tmp_path, {"schools": set(), "student_results": set()})
    assert {"SH436", "SH435", "SH404"} <= {f.code for f in found.findings}
    for finding in found.findings:
        assert not any(name in message(finding, lang) for lang in ("ru", "en") for name in ("Иванов", "Сидоров"))


def test_a_per_cent_stands_for_a_count_where_it_can_be_only_one() -> None:
    assert restored(Decimal("33.3"), Decimal(3)) == 1
    assert restored(Decimal("33.3"), Decimal(30)) == 10
    assert restored(Decimal("50"), Decimal(1)) is None
    assert restored(Decimal("50"), Decimal(1000)) is None
    assert restored(Decimal(0), Decimal(20)) == 0 and restored(Decimal(100), Decimal(20)) == 20


# ---- shsnor layout ----


def test_layout_new_shows_what_it_recognised_and_its_draft_reads_the_workbook(tmp_path: Path) -> None:
    head = ("Код школы", "Класс", "Предмет", "Процедура", "Участников", "2, %", "Замечание")
    rows: Rows = [
        ("Сводная",),
        head,
        (1, "5", "рус", "ВПР", 20, 10, ""),
        (12, "5", "рус", "ВПР", 30, 20, ""),
        ("Итого", None, None, None, 50),
    ]
    path = book(tmp_path / "ВПР 2022.xlsx", {"Сводная таблица": rows, "Прочее": [("Смета", "Сумма"), ("Ремонт", 3)]})
    run = command("layout", "new", path)
    assert run.code == 0, run.err
    assert "«Сводная таблица» похож на таблицу results, заголовок — в строке 2" in run.out
    assert re.search(r"G2 +Замечание +не узнан", run.out) and "Нет заголовков для: year" in run.out
    assert "SH435" in run.out and "'Сводная таблица'!A5" in run.out
    assert "«Прочее» не похож" in run.out
    draft = tmp_path / "ВПР 2022.layout.yaml"
    assert "width: 2" in draft.read_text(encoding="utf-8")
    again = command("layout", "new", path)
    assert again.code == 2 and again.err.startswith("SH449")
    with Session() as session:
        found = results(session, tmp_path, catalog=CATALOG)
    taken = [f for f in found.findings if f.severity == "error" and f.code not in ("SH402", "SH410")]
    assert taken == []


def test_layout_new_says_what_is_read_already_and_what_cannot_be(tmp_path: Path) -> None:
    run = command("layout", "new", vpr(tmp_path / "отметки.xlsx", journal=False))
    assert run.code == 0 and "описание vpr_marks" in run.out and not list(tmp_path.glob("*.yaml"))
    run = command("layout", "new", encrypted(tmp_path / "тайна.xlsx"))
    assert run.code == 2 and run.err.startswith("SH430") and not list(tmp_path.glob("*.yaml"))
    assert command("layout", "new", tmp_path / "нет.xlsx").code == 2


def test_layout_list_names_each_and_says_what_was_not_verified() -> None:
    run = command("layout", "list")
    assert run.code == 0 and run.out.count("не сверено") == 4
    assert all(name in run.out for name in shipped_layouts())


def test_evaluate_takes_layouts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo_region(), data)
    with (data / "schools.csv").open(encoding="utf-8") as file:
        rows = [*csv.reader(file)]
    (data / "schools.csv").unlink()
    book(data / "реестр.xlsx", {"Список": [["Шифр", *rows[0][1:]], *rows[1:]]})
    columns = ", ".join(f"{name}: {name}" for name in rows[0][1:])
    text = f"layout: own\ntitle: Наш реестр\nsheets: [{{sheet: Список, table: schools, columns: {{school_id: Шифр, {columns}}}}}]"
    layout = write(tmp_path / "own.yaml", text)
    arguments = ("evaluate", "federal", "--data", data, "--as-of", "2022", "--out")
    assert command(*arguments, tmp_path / "a").code == 2
    assert command(*arguments, tmp_path / "a", "--layout", layout).code == 0
