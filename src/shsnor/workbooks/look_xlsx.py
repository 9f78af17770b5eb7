"""The marks of a sheet of an `.xlsx` or `.xlsm` file: a packed folder of XML, which is looked through as text, for speed."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from shsnor.workbooks.marks import NOT_COMPUTED, PERCENT_FORMATS, Marks, Spot, column_number, shows_percent

CHUNK = 4 << 20


def look(archive: zipfile.ZipFile, sheet: str) -> Marks:
    """The marks of one sheet."""
    part = _parts(archive).get(sheet)
    return Marks() if part is None else _of_part(archive, part)


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of a sheet -> the part of the archive that holds its cells."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {
        of.get("Id", ""): of.get("Target", "")
        for _, of in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    found = {}
    for _, sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        target = targets.get(sheet.get("r:id") or next((v for k, v in sheet.items() if k.endswith(":id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part in names:
            found[sheet.get("name", "")] = part
    return found


def _elements(archive: zipfile.ZipFile, part: str, *names: str) -> list[tuple[str, dict[str, str]]]:
    """Name and attributes of the elements with these names in a small part, in order."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if (bare := name.rpartition(":")[2]) in names:
            found.append((bare, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return found


def _percent_styles(archive: zipfile.ZipFile) -> list[int]:
    """Numbers of the cell styles that show per cents."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    formats, styles, within = set(PERCENT_FORMATS), [], False
    count = -1
    for name, attributes in _elements(archive, "xl/styles.xml", "numFmt", "cellXfs", "xf", "cellStyles"):
        if name == "numFmt" and shows_percent(attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif name in ("cellXfs", "cellStyles"):
            within = name == "cellXfs"
        elif name == "xf" and within:
            count += 1
            if attributes.get("numFmtId") in formats:
                styles.append(count)
    return styles


_FAR = re.compile(rb'\br="([A-Z]{2,3})[0-9]+"[^>/]*>')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\br="([0-9]+)"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_UNKNOWN = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<v></v>)?\s*</(?:\w+:)?c>"
)
_AT = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_SHOWN = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<")


def _of_part(archive: zipfile.ZipFile, part: str) -> Marks:
    marks, width = Marks(), 0
    styles = b"|".join(str(n).encode() for n in _percent_styles(archive))
    percent = re.compile(rb'<(?:\w+:)?c\b[^>]*\bs="(?:' + styles + rb')"[^>/]*>') if styles else None
    rows = 0
    for text in _whole_rows(archive, part):
        width = max([_near(text, width), *(column_number(far.decode()) + 1 for far in set(_FAR.findall(text)))])
        filled = max(text.rfind(b"</v>"), text.rfind(b"</is>"), text.rfind(b":v>"), text.rfind(b":is>"))
        numbers = _ROW.findall(text[:filled]) if filled >= 0 else []
        rows = max(rows, int(numbers[-1])) if numbers else rows
        if b't="e"' in text:
            for attributes, inside in _ERROR.findall(text):
                _note(marks, attributes, (_SHOWN.findall(inside) or [b"#"])[0].decode("utf-8", "replace"))
        if b"f>" in text:
            for attributes in _UNKNOWN.findall(text):
                if b't="str"' not in attributes:  # a formula whose value is an empty text
                    _note(marks, attributes, NOT_COMPUTED)
        if percent is not None:
            marks.percents.update(spot for cell in percent.findall(text) if (spot := _spot(cell)) is not None)
    marks.last = (max(rows - 1, 0), max(width - 1, 0))
    return marks


def _near(text: bytes, width: int) -> int:
    """How many columns with a name of one letter there are, if more than `width`."""
    further = (n for n in range(26, width, -1) if b'r="%c' % (ord("A") + n - 1) in text)
    return next(further, width)


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The text of a sheet in pieces that cut no row in two."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            rest += chunk
            cut = max(rest.rfind(b"</row>"), rest.rfind(b":row>"))
            if cut >= 0:
                yield rest[: cut + 6]
                rest = rest[cut + 6 :]
    yield rest


def _note(marks: Marks, attributes: bytes, shown: str) -> None:
    if (spot := _spot(attributes)) is not None:
        marks.errors[spot] = shown


def _spot(text: bytes) -> Spot | None:
    found = _AT.search(text)
    return (int(found[2]) - 1, column_number(found[1].decode())) if found else None
