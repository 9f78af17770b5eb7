"""Errors of formulas and per cents in a `.xls` file, of which the reader of workbooks tells nothing.

Such a file is a compound file (blocks of bytes, chained by a table) with a stream of records; each has a number, a length
and its content. Only the few records that are asked about are looked at; what is not as it should be ends the look.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from shsnor.workbooks.marks import PERCENT_FORMATS, Marks, shows_percent

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BOF, _EOF, _SHEET, _FORMAT, _STYLE = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_FORMULA, _ERROR, _NUMBER, _SHORT, _SHORTS = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD
_EXCEL_97 = 0x0600
_NO_BLOCK = 0xFFFFFFFA  # from here up: the end of a chain, and the like


def look(path: Path, sheet: str) -> Marks:
    """The marks of one sheet; none where the file is of an older kind or damaged: the reader tells of that."""
    try:
        return _look(_workbook(path.read_bytes()), sheet)
    except (struct.error, IndexError, ValueError):
        return Marks()


def _look(stream: bytes, sheet: str) -> Marks:
    formats, styles, marks = {int(n) for n in PERCENT_FORMATS}, list[bool](), Marks()
    start = None
    for kind, content in _records(stream, 0):
        if kind == _BOF and struct.unpack_from("<H", content)[0] != _EXCEL_97:
            return marks
        if kind == _SHEET and _text(content, 6, 1) == sheet:
            start = struct.unpack_from("<I", content)[0]
        elif kind == _FORMAT and shows_percent(_text(content, 2, 2)):
            formats.add(struct.unpack_from("<H", content)[0])
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", content, 2)[0] in formats)
    for kind, content in _records(stream, start) if start is not None else ():
        if kind not in (_FORMULA, _ERROR, _NUMBER, _SHORT, _SHORTS):
            continue
        row, column, style = struct.unpack_from("<HHH", content)
        if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
            marks.errors[row, column] = _ERRORS.get(content[8], "#")
        elif kind == _ERROR and content[7]:
            marks.errors[row, column] = _ERRORS.get(content[6], "#")
        elif kind == _SHORTS:
            own = (struct.unpack_from("<H", content, 4 + 6 * n)[0] for n in range((len(content) - 6) // 6))
            marks.percents.update((row, column + n) for n, one in enumerate(own) if styles[one])
        elif kind != _ERROR and styles[style]:
            marks.percents.add((row, column))
    return marks


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream; charts stand in parts within it."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if not depth:
            return
        start += 4 + length


def _text(content: bytes, start: int, width: int) -> str:
    """A text that begins with its length, in a number of `width` bytes, and whether its letters take two bytes each."""
    length = int.from_bytes(content[start : start + width], "little")
    wide, begin = content[start + width] & 1, start + width + 1
    return content[begin : begin + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _workbook(file: bytes) -> bytes:
    """The stream with the records of a compound file."""
    size, small = (1 << n for n in struct.unpack_from("<HH", file, 30))
    tables, root, least, small_table, _, more = struct.unpack_from("<I I 4x I I I I", file, 44)
    size_of_number = size // 4

    def block(number: int) -> bytes:
        return file[(number + 1) * size : (number + 2) * size]

    def numbers(number: int) -> tuple[int, ...]:
        return struct.unpack(f"<{size_of_number}I", block(number))

    listed = list(struct.unpack_from("<109I", file, 76))
    while more < _NO_BLOCK and len(listed) < tables:
        *rest, more = numbers(more)
        listed += rest
    table = [n for of in listed[:tables] for n in numbers(of)]

    def chain(start: int, of: list[int]) -> list[int]:
        found: list[int] = []
        while start < _NO_BLOCK:
            if len(found) > len(of):
                raise ValueError  # it goes round
            found.append(start)
            start = of[start]
        return found

    def whole(start: int) -> bytes:
        return b"".join(map(block, chain(start, table)))

    entries = whole(root)
    top = struct.unpack_from("<I", entries, 116)[0]
    for at in range(0, len(entries), 128):
        name = entries[at : at + int.from_bytes(entries[at + 64 : at + 66], "little")].decode("utf-16-le", "replace")
        if name.rstrip("\0") != "Workbook":
            continue
        start, length = struct.unpack_from("<II", entries, at + 116)
        if length >= least:
            return whole(start)[:length]
        inner, smalls = whole(top), whole(small_table)
        order = list(struct.unpack(f"<{len(smalls) // 4}I", smalls))
        return b"".join(inner[n * small : (n + 1) * small] for n in chain(start, order))[:length]
    return b""
