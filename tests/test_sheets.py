"""Workbooks and CSV files for people: what stands in them is data, looks like a table, and never takes another's place half."""

from __future__ import annotations

import csv
import datetime
import os
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from shsnor.sheets import Cell, Column, Percent, Sheet, beside, free_place, safe_names, write_csv, write_workbook

NASTY = [
    '=HYPERLINK("http://x.example","сюда")', "=1+1", "+7 900", "-1", "@SUM(A1)", "<script>alert(1)</script>",
    'Школа "Радуга"', "{=1}", "http://x.example", "0012",
]  # fmt: skip


def sheet(*rows: tuple[Cell, ...], lines: tuple[str, ...] = (), frozen: int = 0) -> Sheet:
    columns = (Column("Код", "code"), Column("Название"), Column("Значение", "number"))
    return Sheet("Лист", columns, rows, lines, frozen)


@pytest.mark.parametrize("text", NASTY)
def test_a_text_stays_a_text_in_a_workbook(tmp_path: Path, text: str) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [sheet(("01", text, None), lines=(text,))])
    page = openpyxl.load_workbook(path)["Лист"]
    for cell in (page["A1"], page["B3"]):
        assert cell.data_type == "s"
        assert cell.value == text
        assert cell.hyperlink is None
    assert page["A3"].value == "01"


@pytest.mark.parametrize("text", NASTY)
def test_a_text_is_no_formula_in_a_csv_file(tmp_path: Path, text: str) -> None:
    path = write_csv(tmp_path / "a.csv", sheet(("01", text, None)))
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file, delimiter=";")
    assert row[1].removeprefix("'") == text
    assert row[1][0] not in "=+-@"


def test_a_csv_file_is_one_that_a_russian_excel_opens(tmp_path: Path) -> None:
    day = datetime.date(2026, 9, 1)
    columns = (
        Column("Ё"),
        Column("Число", "number"),
        Column("Доля", "percent"),
        Column("Да", "yes_no"),
        Column("День", "date"),
    )
    path = write_csv(
        tmp_path / "a.csv", Sheet("А", columns, [("а;б", Decimal("35.500000000"), Decimal("30"), True, day)])
    )
    assert path.read_bytes() == '\ufeffЁ;Число;Доля;Да;День\r\n"а;б";35,5;30;да;01.09.2026\r\n'.encode()


def test_a_table_has_filters_a_frozen_head_and_formats(tmp_path: Path) -> None:
    rows = (("01", "А", Percent(30)), ("02", "Б", Decimal("2.5")), ("03", "В", Decimal(7)))
    path = write_workbook(tmp_path / "a.xlsx", [sheet(*rows, lines=("Заголовок",), frozen=2)])
    page = openpyxl.load_workbook(path)["Лист"]
    (table,) = page.tables.values()
    assert table.ref == "A2:C5"
    assert table.autoFilter is not None
    assert page.freeze_panes == "C3"
    assert [page.cell(row, 3).number_format for row in (3, 4, 5)] == ['0.0"\u00a0%"', "#,##0.00", "#,##0"]
    assert [page.cell(row, 3).value for row in (3, 4, 5)] == [30, 2.5, 7]
    assert page["A3"].number_format == "@"


def test_a_row_is_as_high_as_its_text(tmp_path: Path) -> None:
    columns = (Column("Почему", "long", width=50),)
    path = write_workbook(tmp_path / "a.xlsx", [Sheet("А", columns, [("слово " * 50,), ("слово",)])])
    page = openpyxl.load_workbook(path)["А"]
    assert page.row_dimensions[2].height >= 6 * 13
    assert page.row_dimensions[3].height is None


def test_what_may_be_typed_is_offered(tmp_path: Path) -> None:
    long = tuple(f"Группа {n}: школы, где трудно" for n in range(20))
    columns = (
        Column("Вывод", choices=("да", "нет"), typed=True),
        Column("Группа", choices=long, typed=True),
        Column("Доля", "percent", minimum=0, maximum=100, note="От 0 до 100"),
    )
    path = write_workbook(tmp_path / "a.xlsx", [Sheet("А", columns, empty=10)])
    book = openpyxl.load_workbook(path)
    rules = {str(rule.sqref): rule for rule in book["А"].data_validations.dataValidation}
    assert rules["A2:A11"].formula1 == '"да,нет"'
    assert rules["B2:B11"].formula1 == "'Списки'!$A$1:$A$20", "too long, and commas would part it"
    assert [book["Списки"].cell(row, 1).value for row in range(1, 21)] == list(long)
    assert book["Списки"].sheet_state == "hidden"
    assert (rules["C2:C11"].formula1, rules["C2:C11"].formula2) == ("0", "100")
    assert book["А"]["C1"].comment.text == "От 0 до 100"


def test_a_large_workbook_says_the_same_without_tables(tmp_path: Path) -> None:
    rows = tuple((f"{n:02}", f"Школа {n}", Decimal(n)) for n in range(20))
    one, two = (
        openpyxl.load_workbook(
            write_workbook(tmp_path / f"{large}.xlsx", [sheet(*rows, lines=("З",), frozen=2)], large=large)
        )
        for large in (False, True)
    )
    assert [[c.value for c in row] for row in one["Лист"]] == [[c.value for c in row] for row in two["Лист"]]
    assert (two["Лист"].auto_filter.ref, two["Лист"].freeze_panes, two["Лист"].tables) == ("A2:C22", "C3", {})
    assert not [file for file in tmp_path.iterdir() if file.suffix != ".xlsx"]


def test_names_of_sheets_are_made_to_fit(tmp_path: Path) -> None:
    titles = ["Очень длинное название листа, длиннее позволенного", "А/Б:В?", "лист", "Лист"]
    path = write_workbook(tmp_path / "a.xlsx", [Sheet(title, lines=("а",)) for title in titles])
    names = openpyxl.load_workbook(path).sheetnames
    assert names == ["Очень длинное название листа, д", "А Б В", "лист", "Лист (2)"]


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_workbook(tmp_path / name, [sheet(("1", "а", None))], title="т") for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("lock", ["~$список.xlsx", ".~lock.список.xlsx#"])
def test_beside_a_workbook_that_is_open_stands_a_numbered_one(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "список.xlsx"
    path.write_text("прежний")
    (tmp_path / lock).write_text("")
    assert free_place(path) == tmp_path / "список (2).xlsx"
    assert write_workbook(path, [sheet()]) == tmp_path / "список (2).xlsx"
    assert write_workbook(path, [sheet()]) == tmp_path / "список (2).xlsx", "that one is not open"
    assert path.read_text() == "прежний"
    assert beside(path) == tmp_path / "список (3).xlsx"


def test_a_lock_that_shows_itself_late_is_heeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, replace = tmp_path / "список.xlsx", os.replace
    path.write_text("прежний")

    def locked(source: Path, target: Path) -> None:
        if Path(target) == path and Path(source) != path:
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", locked)
    assert write_workbook(path, [sheet()]) == tmp_path / "список (2).xlsx"
    assert path.read_text() == "прежний"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["список (2).xlsx", "список.xlsx"]


def test_a_file_that_cannot_be_replaced_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, replace = tmp_path / "список.xlsx", os.replace
    path.write_text("прежний")

    def read_only(source: Path, target: Path) -> None:
        if Path(target) == path:
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", read_only)  # as Windows does of a read-only file; as root one may here
    assert free_place(path) == tmp_path / "список (2).xlsx"


def test_a_writing_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "файл").write_text("а")
    with pytest.raises(OSError):
        write_workbook(tmp_path / "файл" / "список.xlsx", [sheet()])
    with pytest.raises(ValueError, match="shorter"):
        write_csv(
            tmp_path / "a.csv", Sheet("А", (Column("А"),), rows=((str(n),) if n < 2 else _fail() for n in range(3)))
        )
    assert [file.name for file in tmp_path.iterdir()] == ["файл"]


def _fail() -> tuple[str]:
    raise ValueError("shorter")


def test_file_names_are_such_that_windows_takes_them_too() -> None:
    titles = [
        "Юг/Север",
        "CON",
        "nul.txt",
        "Ёлкинский район",
        "ёлкинский район",
        "а. ",
        "",
        'г. "Х"?',
        "COM1",
        "COMПЬЮТЕР",
        "x" * 300,
    ]
    names = safe_names(titles)
    assert names[:10] == [
        "Юг Север", "_CON", "_nul.txt", "Ёлкинский район", "ёлкинский район (2)",
        "а", "без названия", "г. Х", "_COM1", "COMПЬЮТЕР",
    ]  # fmt: skip
    assert len(names[10]) <= 100
