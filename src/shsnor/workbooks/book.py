"""A workbook opened, and its sheets as rows of texts; the only place that talks to calamine."""

from __future__ import annotations

import datetime
import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from shsnor.errors import Findings, Place
from shsnor.workbooks import look_ods, look_xls, look_xlsx
from shsnor.workbooks.marks import Marks, Span, Spot, column_letters

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
#: A larger file, or one that is larger once unpacked, is for a database: reading it would take the memory of the machine.
MOST_BYTES, MOST_UNPACKED = 100 << 20, 1 << 30
#: Of the rectangle that holds all that a sheet has: each takes some 80 bytes while it is read.
MOST_CELLS = 12_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Unreadable(Exception):
    """A sheet that cannot be read; `reason` is one of those of SH430."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason, self.details = reason, details


@dataclass
class Grid:
    """The cells of one sheet.

    left     column of the first cell of each row of the reader's
    merged   cells that are one: first and last
    """

    file: str
    name: str
    left: int
    merged: list[Span]
    marks: Marks
    sheet: Any = field(repr=False)

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything: a sheet that is a picture."""
        return self.sheet is None or self.sheet.start is None

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Number (from 0) and cells of each row, the first cell in column A: "" for an empty one."""
        if self.empty:
            return
        before = [""] * self.left
        for number, row in enumerate(self.sheet.iter_rows()):
            yield number, before + row

    def head(self, count: int) -> list[list[str]]:
        """The texts of the first rows, merged cells filled."""
        rows = [[text_of(cell) for cell in row] for _, row in islice(self.rows(), count)]
        for (top, left), (bottom, right) in self.merged:
            if top >= len(rows) or left >= len(rows[top]) or not (text := rows[top][left]):
                continue
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [text] * len(row[left : right + 1])
        return rows

    @cached_property
    def above(self) -> dict[Spot, Spot]:
        """Cell merged into one above it -> that cell."""
        spans = (span for span in self.merged if span[0][0] < span[1][0])
        return {(row, left): (top, left) for (top, left), (bottom, _) in spans for row in range(top + 1, bottom + 1)}

    def place(self, row: int, column: int | None, **more: Any) -> Place:
        """Where a cell (or a whole row) of the sheet stands; both from 0."""
        return Place(file=self.file, row=row + 1, cell=address(self.name, row, column), **more)


class Book:
    """A workbook; the sheet read last is kept."""

    def __init__(self, path: Path, opened: Any) -> None:
        self.path, self._opened = path, opened
        self._last: tuple[str, Grid | Unreadable] | None = None

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def sheets(self) -> list[str]:
        """Names of the sheets of cells that can be seen, in their order."""
        listed = [(of.name, str(of.typ), str(of.visible)) for of in self._opened.sheets_metadata]
        return [name for name, kind, seen in listed if kind.endswith("WorkSheet") and seen.endswith(".Visible")]

    def grid(self, sheet: str) -> Grid:
        """The cells of a sheet.

        raises  Unreadable
        """
        if self._last is None or self._last[0] != sheet:
            self._last = None  # before the next one takes its memory
            self._last = (sheet, self._grid(sheet))
        if isinstance(self._last[1], Unreadable):
            raise self._last[1]
        return self._last[1]

    def _grid(self, sheet: str) -> Grid | Unreadable:
        try:
            marks = _marks(self.path, sheet)
            cells = (marks.last[0] + 1) * (marks.last[1] + 1)
            if cells > MOST_CELLS:  # the reader would ask for the whole rectangle, and the process would die of it
                return Unreadable("cells", rows=marks.last[0] + 1, columns=marks.last[1] + 1, limit=MOST_CELLS)
            read = self._opened.get_sheet_by_name(sheet)
            merged = read.merged_cell_ranges or []
        except BaseException as error:
            return _told(error)
        merged = marks.merged if marks.merged is not None else [(tuple(first), tuple(last)) for first, last in merged]
        return Grid(self.name, sheet, (read.start or (0, 0))[1], merged, marks, read)

    def close(self) -> None:
        """Let go of the file."""
        self._last = None
        self._opened.close()


def open_book(path: Path, findings: Findings) -> Book | None:
    """A workbook; None, with a finding, where it cannot be read.

    raises  OSError where there is no such file
    """
    try:
        return Book(path, _opened(path))
    except Unreadable as error:
        findings.add("SH430", Place(file=path.name), reason=error.reason, file=path.name, **error.details)
        return None


def _opened(path: Path) -> Any:
    import python_calamine

    with path.open("rb") as file:
        start, size = file.read(8), path.stat().st_size
        if size > MOST_BYTES:
            raise Unreadable("large", megabytes=size >> 20, limit=MOST_BYTES >> 20)
        if not start:
            raise Unreadable("empty")
        if start.startswith(_OLE) and _ENCRYPTED in file.read():
            raise Unreadable("encrypted")
    if not start.startswith((_ZIP, _OLE)):
        raise Unreadable("text" if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else "other")
    try:
        kinds = (".xls",) if start.startswith(_OLE) else _unpacked(path)
        if path.suffix.lower() in kinds:
            return python_calamine.CalamineWorkbook.from_path(path)
        return python_calamine.CalamineWorkbook.from_object(
            io.BytesIO(path.read_bytes())
        )  # its name says what it is not
    except BaseException as error:
        raise _told(error) from None


def _unpacked(path: Path) -> tuple[str, ...]:
    """The suffixes that fit a packed workbook.

    raises  Unreadable where it is too large once unpacked, or encrypted
    """
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable("large", megabytes=unpacked >> 20, limit=MOST_UNPACKED >> 20, unpacked=True)
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Unreadable("encrypted")
        return (".ods",) if "content.xml" in names else (".xlsx", ".xlsm")


def _marks(path: Path, sheet: str) -> Marks:
    if not zipfile.is_zipfile(path):
        return look_xls.look(path, sheet)
    with zipfile.ZipFile(path) as archive:
        look = look_ods.look if "content.xml" in archive.namelist() else look_xlsx.look
        return look(archive, sheet)


def _told(error: BaseException) -> Unreadable:
    """An error of the reader as one of ours; those that are none of it are raised again."""
    import python_calamine

    if isinstance(error, Unreadable):
        return error
    if isinstance(error, python_calamine.PasswordError):
        return Unreadable("encrypted")
    # A panic of the reader's is no Exception; what it says may quote cells.
    known = isinstance(error, python_calamine.CalamineError | zipfile.BadZipFile | OSError | ValueError | RuntimeError)
    if known or type(error).__name__ in ("PanicException", "ExpatError"):
        return Unreadable("damaged")
    raise error


def text_of(value: Any) -> str:
    """What a cell says, as a file of texts would: "" for nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isfinite(value) and value.is_integer() and abs(value) < 1e18:
            return str(int(value))
        return repr(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def address(sheet: str, row: int, column: int | None) -> str:
    """A cell as Excel names it, `Лист1!F12`; a whole row, `Лист1!12:12`, where `column` is None. Both from 0."""
    plain = sheet.replace("_", "").isalnum() and not sheet[0].isdigit()
    shown = sheet if plain else "'" + sheet.replace("'", "''") + "'"
    return f"{shown}!{row + 1}:{row + 1}" if column is None else f"{shown}!{column_letters(column)}{row + 1}"
