"""A workbook of sheets as an .xlsx file; the only place that talks to xlsxwriter."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shsnor.sheets.csv import put
from shsnor.sheets.model import Cell, Column, Kind, Sheet
from shsnor.sheets.places import free_place

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME = 31
_LONGEST_CELL = 32_767  # characters, Excel's limit
_MOST_CHOICES = 255  # characters of a drop-down that is typed in, Excel's limit
_LAST_ROW = 1_048_575

_NUMBER_FORMATS: Mapping[Kind, str] = {
    "code": "@",
    "count": "#,##0",
    "number": "#,##0.##",
    "percent": '0.0"\u00a0%"',
    "date": "dd.mm.yyyy",
}
_WIDTHS: Mapping[Kind, tuple[int, int]] = {  # the least and the greatest, in characters
    "code": (10, 24), "text": (12, 44), "long": (50, 80), "count": (11, 14), "number": (11, 14),
    "percent": (11, 14), "date": (12, 12), "yes_no": (9, 12),
}  # fmt: skip


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str = "") -> Path:
    """The file that now holds the sheets: `path`, or one beside it under a number where that is open elsewhere.

    The same sheets give the same bytes.
    raises   OSError where it cannot be written; then what stood there stands
    """
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        # Else the day of writing would be in the file.
        book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1)})
        formats = _Formats(book)
        names: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_name(sheet.title, names))
            _write(page, sheet, formats, f"table_{len(names)}")
    place = free_place(path)
    put(place, content.getvalue())
    return place


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"valign": "top", "font_name": "Arial", "font_size": 10, **properties}
            )
        return self._made[key]

    def column(self, column: Column) -> Format:
        properties: dict[str, Any] = {}
        if column.kind in _NUMBER_FORMATS:
            properties["num_format"] = _NUMBER_FORMATS[column.kind]
        if column.kind in ("text", "long"):
            properties["text_wrap"] = True
        if column.typed:
            properties["bg_color"] = "#FFF8DC"
        return self.of(**properties)


def _name(title: str, taken: set[str]) -> str:
    """A name that Excel takes, unlike the others of the workbook."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip().strip("'")[:_LONGEST_NAME] or "Лист"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        tail = f" ({number})"
        name = plain[: _LONGEST_NAME - len(tail)] + tail
    taken.add(name.casefold())
    return name


def _write(page: Worksheet, sheet: Sheet, formats: _Formats, table: str) -> None:
    top = len(sheet.lines)
    for row, line in enumerate(sheet.lines):
        style = formats.of(bold=True, font_size=13) if row == 0 else formats.of(text_wrap=not sheet.columns)
        page.write_string(row, 0, line, style)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    if not sheet.columns:
        page.set_column(0, 0, 110)
        return
    _columns(page, sheet, formats)
    _rows(page, sheet, formats, top + 1)
    last = min(top + max(len(sheet.rows) + sheet.empty, 1), _LAST_ROW)
    head = formats.of(bold=True, text_wrap=True, bg_color="#DCE6F1", border=1)
    columns = [{"header": column.title, "header_format": head} for column in sheet.columns]
    style = {"columns": columns, "style": "Table Style Light 1", "name": table}
    page.add_table(top, 0, last, len(sheet.columns) - 1, style)
    page.repeat_rows(top)
    page.freeze_panes(top + 1, sheet.frozen)
    for number, column in enumerate(sheet.columns):
        _validate(page, column, top + 1, number, last)
        if column.note:
            page.write_comment(top, number, column.note, {"x_scale": 2, "y_scale": 1.5})


def _columns(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    for number, column in enumerate(sheet.columns):
        least, greatest = _WIDTHS[column.kind]
        longest = max((len(str(row[number])) for row in sheet.rows[:500] if row[number] is not None), default=0)
        words = max(len(word) for word in column.title.split() or [""]) + 3
        page.set_column(
            number, number, column.width or max(least, words, min(longest + 2, greatest)), formats.column(column)
        )


def _rows(page: Worksheet, sheet: Sheet, formats: _Formats, top: int) -> None:
    styles = [formats.column(column) for column in sheet.columns]
    for row, cells in enumerate(sheet.rows, top):
        for number, (cell, style) in enumerate(zip(cells, styles, strict=True)):
            _cell(page, row, number, cell, style)


def _cell(page: Worksheet, row: int, number: int, cell: Cell, style: Format) -> None:
    if cell is None:
        page.write_blank(row, number, None, style)
    elif isinstance(cell, bool):
        page.write_string(row, number, "да" if cell else "нет", style)
    elif isinstance(cell, str):
        page.write_string(row, number, cell[:_LONGEST_CELL], style)
    elif isinstance(cell, datetime.date):
        page.write_datetime(row, number, datetime.datetime(cell.year, cell.month, cell.day), style)
    else:
        page.write_number(row, number, float(cell), style)


def _validate(page: Worksheet, column: Column, first: int, number: int, last: int) -> None:
    choices = ("да", "нет") if column.kind == "yes_no" and not column.choices else column.choices
    rule: dict[str, Any] | None = None
    if choices and len(",".join(choices)) <= _MOST_CHOICES:
        rule = {"validate": "list", "source": list(choices)}
    elif column.kind in ("count", "number", "percent", "date") and not (
        column.minimum is None and column.maximum is None
    ):
        rule = {"validate": {"count": "integer", "date": "date"}.get(column.kind, "decimal"), **_range(column)}
    if rule is not None:
        message = {"error_title": "Не то значение", "error_message": (column.note or column.title)[:255]}
        page.data_validation(first, number, last, number, {**rule, **message})


def _range(column: Column) -> dict[str, Any]:
    least, greatest = (_bound(bound) for bound in (column.minimum, column.maximum))
    if least is None:
        return {"criteria": "<=", "value": greatest}
    if greatest is None:
        return {"criteria": ">=", "value": least}
    return {"criteria": "between", "minimum": least, "maximum": greatest}


def _bound(bound: Any) -> Any:
    if bound is None or isinstance(bound, datetime.date):
        return bound if bound is None else datetime.datetime(bound.year, bound.month, bound.day)
    return float(bound)
