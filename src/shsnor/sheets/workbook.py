"""A workbook of sheets as an .xlsx file; the only place that talks to xlsxwriter."""

from __future__ import annotations

import contextlib
import datetime
import io
import itertools
import math
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shsnor.sheets.model import Cell, Column, Kind, Percent, Sheet
from shsnor.sheets.places import put
from shsnor.sheets.validation import Lists, rule

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME = 31
_LONGEST_CELL = 32_767  # characters, Excel's limit
_LAST_ROW = 1_048_575
_SAMPLE = 500  # rows by which the widths are judged
_LINE_HEIGHT = 13.5  # points, of a line of text at 10 points
_HIGHEST = 409  # points, Excel's limit
_PAGE = 260  # characters that are still read when they stand across a page

_NUMBER_FORMATS: Mapping[Kind, str] = {
    "code": "@",
    "count": "#,##0",
    "number": "#,##0.00",
    "percent": '0.0"\u00a0%"',
    "date": "dd.mm.yyyy",
}
_WIDTHS: Mapping[Kind, tuple[int, int]] = {  # the least and the greatest, in characters
    "code": (10, 24), "text": (12, 44), "long": (50, 80), "count": (11, 14), "number": (11, 14),
    "percent": (11, 14), "date": (12, 12), "yes_no": (9, 12),
}  # fmt: skip


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str = "", large: bool = False) -> Path:
    """The file that now holds the sheets: `path`, or one beside it under a number where that is open elsewhere.

    The same sheets give the same bytes.
    large    of hundreds of thousands of rows: written row by row, in little memory; filters, but no tables
    raises   OSError where it cannot be written; then what stood there stands
    """
    import xlsxwriter

    content = io.BytesIO()
    options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # The rows of a large one wait in files of their own; these are gone whatever happens.
    with contextlib.ExitStack() as stack:
        if large:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="shsnor-"))
            options |= {"constant_memory": True, "tmpdir": folder}
        else:
            options["in_memory"] = True
        book = stack.enter_context(xlsxwriter.Workbook(content, options))
        # Else the day of writing would be in the file.
        book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1)})
        formats, lists = _Formats(book), Lists()
        names: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_name(sheet.title, names))
            _write(page, sheet, formats, lists, "" if large else f"table_{len(names)}")
        lists.write(book)
    return put(path, lambda file: _copy(content, file))


def _copy(content: io.BytesIO, file: Any) -> None:
    file.write(content.getbuffer())


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

    def column(self, column: Column, kind: Kind | None = None) -> Format:
        """The format of a column's cells; of one that holds another kind of number, by that."""
        properties: dict[str, Any] = {}
        if (kind or column.kind) in _NUMBER_FORMATS:
            properties["num_format"] = _NUMBER_FORMATS[kind or column.kind]
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


def _write(page: Worksheet, sheet: Sheet, formats: _Formats, lists: Lists, table: str) -> None:
    page.hide_gridlines(0 if sheet.columns else 2)  # of a table they are printed too: else its rows run together
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&8&A&R&8&P / &N")
    if not sheet.columns:
        page.fit_to_pages(1, 0)
        page.set_column(0, 0, 110)
        _lines(page, sheet, formats, 110)
        return
    rows = iter(sheet.rows)
    sample = list(itertools.islice(rows, _SAMPLE))
    widths = [_width(column, [row[number] for row in sample]) for number, column in enumerate(sheet.columns)]
    for number, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        page.set_column(number, number, width, formats.column(column))
    if sum(widths) <= _PAGE:
        page.fit_to_pages(1, 0)
    else:  # the columns that stay in view are on each of the pages side by side
        page.set_print_scale(60)
        if sheet.frozen:
            page.repeat_columns(0, sheet.frozen - 1)
    top = len(sheet.lines)
    _lines(page, sheet, formats, sum(widths))
    head = formats.of(bold=True, text_wrap=True, bg_color="#DCE6F1", border=1)
    page.set_row(top, _LINE_HEIGHT * _head_lines(sheet.columns, widths))
    if not table:
        page.write_row(top, 0, [column.title for column in sheet.columns], head)
    written = _rows(page, sheet.columns, widths, itertools.chain(sample, rows), formats, top + 1)
    last = min(top + max(written + sheet.empty, 1), _LAST_ROW)
    if table:
        columns = [{"header": column.title, "header_format": head} for column in sheet.columns]
        style = {"columns": columns, "style": "Table Style Light 1", "banded_rows": False, "name": table}
        page.add_table(top, 0, last, len(sheet.columns) - 1, style)
    else:
        page.autofilter(top, 0, last, len(sheet.columns) - 1)
    page.repeat_rows(top)
    page.freeze_panes(top + 1, sheet.frozen)
    for number, column in enumerate(sheet.columns):
        if (checked := rule(column, lists)) is not None:
            page.data_validation(top + 1, number, last, number, checked)
        if column.kind == "code":  # else Excel marks each as a number stored as text
            page.ignore_errors({"number_stored_as_text": _range_of(top + 1, last, number)})
        if column.note:
            page.write_comment(top, number, column.note, {"x_scale": 2, "y_scale": 1.5})


def _lines(page: Worksheet, sheet: Sheet, formats: _Formats, width: float) -> None:
    """The lines above the table, each over its whole width and as high as it needs; after a gap comes a heading."""
    for row, line in enumerate(sheet.lines):
        heading = row == 0 or not sheet.lines[row - 1]
        style = formats.of(bold=heading, text_wrap=True, font_size=13 if row == 0 else 10)
        page.set_row(row, (18 if row == 0 else _LINE_HEIGHT) * _line_count(line, width))
        if len(sheet.columns) > 1:
            page.merge_range(row, 0, row, len(sheet.columns) - 1, "", style)
        if line:
            page.write_string(row, 0, line, style)


def _line_count(text: str, width: float) -> int:
    """Lines that a text takes in so many characters, broken between words."""
    if len(text) <= width and "\n" not in text:
        return 1
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0
        for word in paragraph.replace("-", "- ").split(" "):
            if used and used + len(word) > width:
                lines, used = lines + 1, 0
            lines += int(len(word) // (width + 1))
            used += len(word) + (not word.endswith("-"))
    return lines


def _width(column: Column, cells: Sequence[Cell]) -> int:
    least, greatest = _WIDTHS[column.kind]
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    words = max(len(word) for word in column.title.split() or [""]) + 5  # and the filter's button
    return column.width or max(least, words, min(longest + 2, greatest))


def _head_lines(columns: Sequence[Column], widths: Sequence[int]) -> int:
    """In how many lines the longest header stands."""
    return max(math.ceil((len(c.title) + 3) / max(width - 3, 1)) for c, width in zip(columns, widths, strict=True))


def _rows(
    page: Worksheet, columns: Sequence[Column], widths: Sequence[int], rows: Iterable[Sequence[Cell]],
    formats: _Formats, top: int,
) -> int:  # fmt: skip
    """How many rows were written, each as high as its texts; what is beyond Excel's last row is not."""
    styles = {kind: [formats.column(column, kind) for column in columns] for kind in (None, "percent", "count")}
    wrapped = [(number, widths[number]) for number, column in enumerate(columns) if column.kind in ("text", "long")]
    written = 0
    for cells in itertools.islice(rows, _LAST_ROW - top + 1):
        for number, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            if cell is not None and cell != "":
                _cell(page, top + written, number, cell, styles[_kind(cell, column)][number])
        # Excel would see to the heights when it opens the file, LibreOffice would not.
        lines = max((_line_count(str(cells[n]), width) for n, width in wrapped if cells[n]), default=1)
        if lines > 1:
            page.set_row(top + written, min(lines * _LINE_HEIGHT, _HIGHEST))
        written += 1
    return written


def _kind(cell: Cell, column: Column) -> Literal["percent", "count"] | None:
    """The kind of a cell that is not shown as its column is: a per cent, a whole number."""
    if isinstance(cell, Percent):
        return "percent"
    if column.kind == "number" and isinstance(cell, int | Decimal) and cell == int(cell):
        return "count"
    return None


def _cell(page: Worksheet, row: int, number: int, cell: Cell, style: Format) -> None:
    if isinstance(cell, bool):
        page.write_string(row, number, "да" if cell else "нет", style)
    elif isinstance(cell, str):
        page.write_string(row, number, cell[:_LONGEST_CELL], style)
    elif isinstance(cell, datetime.date):
        page.write_datetime(row, number, datetime.datetime(cell.year, cell.month, cell.day), style)
    elif cell is not None:
        page.write_number(row, number, float(cell), style)


def _range_of(first: int, last: int, column: int) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(first, column, last, column))
