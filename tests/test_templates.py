"""The empty workbook of a pack: what it asks for, and that, filled in and read back, it gives what the tables give."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from shsnor.demo import DEMO_YEAR, demo_region
from shsnor.errors import UsageError
from shsnor.evaluating import evaluate
from shsnor.headers import columns_of
from shsnor.inspecting import check_data
from shsnor.loading import load_pack
from shsnor.planning import make_plan
from shsnor.standard import tables_of
from shsnor.templates import Asked, asked_of, write_template
from shsnor.templates.making import headers, sheet_title
from tests.command import shsnor

FIRST_ROW = 2


def asked(pack: str) -> dict[str, Asked]:
    return asked_of(make_plan(load_pack(pack), as_of=DEMO_YEAR))


@pytest.fixture(scope="module")
def federal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of the pack `federal`."""
    return write_template(load_pack("federal"), tmp_path_factory.mktemp("t") / "шаблон.xlsx", as_of=DEMO_YEAR)


def heads(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[1]]


def cell_of(sheet: Worksheet, header: str) -> Any:
    return sheet.cell(1, heads(sheet).index(header) + 1)


def choices(sheet: Worksheet, header: str) -> str | None:
    """What may be chosen in the first row under a header."""
    below = sheet.cell(FIRST_ROW, heads(sheet).index(header) + 1).coordinate
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and below in rule.sqref:
            return str(rule.formula1).strip('"')
    return None


def colour(sheet: Worksheet, header: str) -> str:
    """The colour of the cells under a header; columns of one look stand together in the file."""
    at = heads(sheet).index(header) + 1
    (found,) = [one for one in sheet.column_dimensions.values() if (one.min or 0) <= at <= (one.max or 0)]
    return str(found.fill.fgColor.rgb)


def test_there_is_a_sheet_for_each_table_that_people_supply_and_no_column_besides(federal: Path) -> None:
    book = openpyxl.load_workbook(federal)
    assert book.sheetnames == [
        "Пояснения", "Школы", "Результаты оценочных процедур", "Контекстные данные", "Причины низких результатов"
    ]  # fmt: skip
    assert heads(book["Школы"]) == ["Код школы", "Название", "Муниципалитет", "Вид"]
    assert heads(book["Причины низких результатов"]) == ["Код школы", "Год", "Причина"]
    assert "Балл" not in heads(book["Результаты оценочных процедур"])


def test_nothing_stands_under_the_heads(federal: Path) -> None:
    book = openpyxl.load_workbook(federal)
    for sheet in book.worksheets[1:]:
        assert not [cell for row in sheet.iter_rows(min_row=2, values_only=True) for cell in row if cell is not None]


def test_what_may_be_written_is_offered_and_said(federal: Path) -> None:
    results = openpyxl.load_workbook(federal)["Результаты оценочных процедур"]
    assert choices(results, "Процедура") == "ВПР,ОГЭ,ЕГЭ"
    assert choices(results, "Год") == "2019,2020,2021,2022"
    assert choices(results, "Предмет") is None, "the pack reads every subject of ОГЭ, so none may be refused"
    note = cell_of(results, "Предмет").comment.text
    assert "рус" in note and "мат_проф" in note and "другие тоже читаются" in note
    assert "Не больше, чем в столбце «Участников»" in cell_of(results, "Ниже минимума").comment.text


def test_a_number_has_its_range_and_unit_and_a_per_cent_is_a_plain_number(federal: Path) -> None:
    context = openpyxl.load_workbook(federal)["Контекстные данные"]
    header = "Учеников из неполных семей, %"
    (rule,) = [
        r for r in context.data_validations.dataValidation if f"{cell_of(context, header).column_letter}2" in r.sqref
    ]
    assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("decimal", 0, 100)
    assert "30, а не 30 %" in cell_of(context, header).comment.text


def test_what_every_row_needs_is_marked(federal: Path) -> None:
    causes = openpyxl.load_workbook(federal)["Причины низких результатов"]
    assert "в каждой строке" in cell_of(causes, "Причина").comment.text
    results = openpyxl.load_workbook(federal)["Результаты оценочных процедур"]
    assert "значение неизвестно" in cell_of(results, "Участников").comment.text
    assert colour(results, "Год") != colour(results, "Участников")


def test_the_rows_that_the_pack_names_stand_in_the_explanations(federal: Path) -> None:
    sheet = openpyxl.load_workbook(federal)["Пояснения"]
    said = [str(cell) for (cell,) in sheet.iter_rows(max_col=1, values_only=True)]
    assert "• Результаты оценочных процедур: процедура — ВПР; класс — 5, 6; предмет — рус, мат; годы: 2019–2022" in said
    assert sum(line.startswith("•") for line in said) == 4, "the same row is asked for once, whoever asks"


def test_texts_are_closed_only_where_no_indicator_reads_others() -> None:
    results = asked("federal")["results"]
    assert results.closed == {"procedure"}
    assert results.values["procedure"] == ("ВПР", "ОГЭ", "ЕГЭ")
    kchr = asked("kchr")
    assert kchr["monitoring_participation"].closed == {"scope"}
    assert "urban" in kchr["schools"].values["locality"]
    assert "ege_minimums" not in kchr, "the pack carries it itself"


def test_headers_are_unlike_each_other_and_each_is_read_as_its_column() -> None:
    for pack in ("federal", "kchr", "krasnodar", "saratov", "saratov_teacher", "sverdlovsk", "tver"):
        catalog, tables = tables_of(load_pack(pack)), asked(pack)
        titles = [sheet_title(name, catalog) for name in tables]
        assert len(set(titles)) == len(titles) and max(map(len, titles)) <= 31
        for one in tables.values():
            found = headers(one)
            assert len(set(found.values())) == len(found)


def _typed(text: str, kind: str) -> str | float | None:
    """What a person types into a cell: a number as a number, all else as it is."""
    if kind in ("count", "number") and text.replace(".", "", 1).isdigit():
        return float(text)
    return text or None


def _some_rows(name: str) -> list[dict[str, str]]:
    """The rows of the demo region's first municipality."""
    with (demo_region() / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["school_id"].startswith("01")]


def _fill(path: Path, pack: str) -> None:
    """Type some of the demo region's rows into a template."""
    book, catalog = openpyxl.load_workbook(path), tables_of(load_pack(pack))
    for name, one in asked(pack).items():
        sheet, kinds = book[sheet_title(name, catalog)], {c: columns_of(one.table)[c].type for c in one.columns}
        assert heads(sheet) == list(headers(one).values())
        for at, row in enumerate(_some_rows(name), FIRST_ROW):
            for number, (column, kind) in enumerate(kinds.items(), 1):
                sheet.cell(at, number, _typed(row.get(column) or "", kind))
    book.save(path)


def test_filled_in_and_read_back_it_gives_the_same_flags(tmp_path: Path) -> None:
    loaded = load_pack("federal")
    file = write_template(loaded, tmp_path / "шаблон.xlsx", as_of=DEMO_YEAR)
    _fill(file, "federal")
    assert not check_data(loaded, file).findings.errors
    tables = {name: _some_rows(name) for name in asked("federal")}
    with evaluate(loaded, file, as_of=DEMO_YEAR) as filled, evaluate(loaded, tables, as_of=DEMO_YEAR) as given:
        one, other = ([(r.entity, r.flag, r.verdict, r.reason) for r in o.flags.rows()] for o in (filled, given))
    assert one == other and {verdict for _, _, verdict, _ in one} == {"met", "not_met", "unknown"}


def test_the_roster_is_carried_over_but_never_one_of_persons(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        write_template(load_pack("saratov_teacher"), tmp_path / "t.xlsx", as_of=DEMO_YEAR, tables=demo_region())
    )
    rows = list(book["Школы"].iter_rows(min_row=2, values_only=True))
    assert len([row for row in rows if row[0]]) == 300 and rows[0][0] == "010001"
    assert not [row for row in book["Учителя"].iter_rows(min_row=2, values_only=True) if any(row)]


def test_work_that_stands_there_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "шаблон.xlsx"
    file.write_text("работа", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        write_template(load_pack("federal"), file, as_of=DEMO_YEAR)
    assert [f.code for f in refused.value.findings] == ["SH620"] and file.read_text(encoding="utf-8") == "работа"
    assert write_template(load_pack("federal"), file, as_of=DEMO_YEAR, force=True) == file
    assert openpyxl.load_workbook(file).sheetnames[0] == "Пояснения"


def test_the_command_says_what_comes_next(tmp_path: Path) -> None:
    run = shsnor("template", "federal", "--as-of", DEMO_YEAR, "--out", "мой шаблон.xlsx", cwd=tmp_path)
    assert run.code == 0 and 'shsnor data check "мой шаблон.xlsx" --pack federal' in run.out
    assert shsnor("template", "federal", "--as-of", DEMO_YEAR, "--out", "t.csv", cwd=tmp_path).code == 2
    checked = shsnor("data", "check", "мой шаблон.xlsx", "--pack", "federal", cwd=tmp_path)
    assert checked.code == 2 and "SH427" in checked.out, "no school stands in it yet"
