"""A table as the CSV file that a Russian Excel opens with a double click: UTF-8 with BOM, `;`, decimal comma."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from shsnor.sheets.model import Cell, Sheet
from shsnor.sheets.places import put

#: What a spreadsheet would take for a formula at the head of a text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, sheet: Sheet) -> Path:
    """The file that now holds the table of a sheet: `path`, or one beside it where that is open elsewhere.

    raises   OSError where it cannot be written; then what stood there stands
    """

    def write(file: BinaryIO) -> None:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([shown(column.title) for column in sheet.columns])
        for row in sheet.rows:
            writer.writerow([shown(cell) for cell in row])
        text.detach()

    return put(path, write)


def shown(cell: Cell) -> str:
    """The text of a cell; what would be run as a formula begins with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f").replace(".", ",")  # 35, not 35,000000000
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, datetime.date):
        return cell.strftime("%d.%m.%Y")
    return "'" + cell if cell.startswith(FORMULA_SIGNS) else cell
