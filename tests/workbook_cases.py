"""Workbooks for tests: made by another library than the one that reads them."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]

SCHOOLS_HEAD = ("Код ОО", "Название", "Муниципалитет")
RESULTS_HEAD = ("Код ОО", "Год", "Процедура", "Класс", "Предмет", "Участников", "2", "3", "4", "5")
RESULT = ("001", 2022, "ВПР", "5", "рус", 20, 2, 8, 7, 3)
SCHOOLS: Rows = [SCHOOLS_HEAD, ("001", "Школа № 1", "Восток"), ("002", "Школа № 2", "Запад"), ("003", "Лицей", "Запад")]


def book(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merged: Iterable[str] = (),
    formats: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Path:
    """A workbook; `merged` ranges, number `formats` and `errors` of formulas are of its last sheet."""
    made = Workbook()
    del made["Sheet"]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(number, at, value)
    for span in merged:
        sheet.merge_cells(span)
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    for cell, shown in (errors or {}).items():
        sheet[cell] = shown
        sheet[cell].data_type = "e"
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)
    return path


def patched(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The same workbook with one part of the file changed."""
    copy = path.with_suffix(".part")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if re.fullmatch(part, name) else text)
    shutil.move(copy, path)
    return path


def encrypted(path: Path) -> Path:
    """What Excel makes of a workbook with a password, as far as a reader looks at it: a compound file with one stream."""
    sector, end = 512, b"\xfe\xff\xff\xff"
    free = b"\xff\xff\xff\xff"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(10)
    header += (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4) + (4096).to_bytes(4, "little")
    header += end + bytes(4) + end + bytes(4) + bytes(4) + free * 108
    fat = (b"\xfd\xff\xff\xff" + end).ljust(sector, b"\xff")

    def entry(name: str, kind: int, child: int) -> bytes:
        text = name.encode("utf-16-le")
        links = free * 2 + child.to_bytes(4, "little", signed=True)
        return (
            text.ljust(64, b"\0")
            + (len(text) + 2).to_bytes(2, "little")
            + bytes([kind, 1])
            + links
            + bytes(36)
            + end
            + bytes(8)
        )

    directory = (entry("Root Entry", 5, 1) + entry("EncryptedPackage", 2, -1)).ljust(sector, b"\0")
    path.write_bytes(header + fat + directory)
    return path
