"""A table as the CSV file that a Russian Excel opens with a double click: UTF-8 with BOM, `;`, decimal comma."""

from __future__ import annotations

import csv
import datetime
import io
import os
import tempfile
from decimal import Decimal
from pathlib import Path

from shsnor.sheets.model import Cell, Sheet
from shsnor.sheets.places import free_place

#: What a spreadsheet would take for a formula at the head of a text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, sheet: Sheet) -> Path:
    """The file that now holds the table of a sheet: `path`, or one beside it where that is open elsewhere."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([shown(column.title) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([shown(cell) for cell in row])
    place = free_place(path)
    put(place, b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))
    return place


def put(place: Path, content: bytes) -> None:
    """Replace a file whole: a reader never sees half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".shsnor-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def shown(cell: Cell) -> str:
    """The text of a cell; what would be run as a formula begins with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, Decimal | int):
        return format(cell, "f").replace(".", ",")
    if isinstance(cell, datetime.date):
        return cell.strftime("%d.%m.%Y")
    return "'" + cell if cell.startswith(FORMULA_SIGNS) else cell
