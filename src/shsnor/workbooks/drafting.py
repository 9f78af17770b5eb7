"""A workbook looked at: which sheets seem to hold which tables, what is in doubt, and a layout to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shsnor.errors import Findings, Place, UsageError, nearest
from shsnor.headers import columns_of, filled_columns, loose
from shsnor.pack import Table
from shsnor.workbooks.book import Book, Grid, Unreadable, address, open_book, text_of
from shsnor.workbooks.choosing import choose, table_named
from shsnor.workbooks.extracting import Extract
from shsnor.workbooks.header import fullest
from shsnor.workbooks.loading import ENDING
from shsnor.workbooks.matching import Sighting, sight_table

#: Fewer columns of a table say little of a sheet, unless they are half of what it has.
FEW = 3
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_PERCENT = re.compile(r"%|процент|доля", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of a sheet: the cell of its header, its text, and the column of the table that it is.

    nearest   where it is none of them: the one whose name is most like its own
    """

    cell: str
    header: str
    column: str | None
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """What a sheet seems to hold.

    table     None where it is like no table
    row       of its header, from 1; None where there is none
    missing   columns that no row can be without, and that no header names
    layout    a layout that fits it as it is
    width     of its codes, in signs, where some are shorter than others
    doubts    findings of a reading of the whole sheet
    """

    sheet: str
    table: str | None
    row: int | None = None
    columns: tuple[SeenColumn, ...] = ()
    missing: tuple[str, ...] = ()
    layout: str | None = None
    width: int | None = None
    doubts: Findings | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A workbook as it was seen; `text` is a layout of the sheets that no other fits, "" where there are none."""

    file: str
    sheets: tuple[SeenSheet, ...]
    text: str


def draft_layout(path: Path | str, catalog: Mapping[str, Table]) -> Draft:
    """What a workbook seems to hold, with a draft of a layout for it.

    catalog   the tables that there may be
    raises    UsageError where it cannot be read
    """
    path, findings = Path(path), Findings()
    book = None
    if path.is_file():
        book = open_book(path, findings)
    else:
        findings.add("SH411", Place(file=path.name), reason="missing", file=str(path))
    if book is None:
        raise UsageError(findings)
    try:
        known = {claim.sheet: claim for claim in choose(book, catalog, [], Findings()) if claim.layout is not None}
        sheets = []
        for sheet in book.sheets:
            if (claim := known.get(sheet)) is not None and claim.layout is not None:
                sheets.append(SeenSheet(sheet, claim.table, layout=claim.layout.layout))
            else:
                sheets.append(_seen(book, sheet, catalog))
        return Draft(path.name, tuple(sheets), _text(path, sheets, catalog))
    finally:
        book.close()


def write_draft(draft: Draft, path: Path) -> Path:
    """The file that now holds the layout.

    raises   UsageError where something stands there, or it cannot be written
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(draft.text)
    except FileExistsError:
        raise UsageError.of("SH449", path, file=path.name) from None
    except OSError as error:
        raise UsageError.of("SH602", path, problem=str(error)) from error
    return path


def draft_place(path: Path) -> Path:
    """Where the draft for a workbook goes unless told otherwise: beside it, where a folder of data is looked through."""
    return path.with_name(path.stem + ENDING)


def _seen(book: Book, sheet: str, catalog: Mapping[str, Table]) -> SeenSheet:
    doubts = Findings()
    try:
        grid = book.grid(sheet)
    except Unreadable as error:
        doubts.add("SH430", Place(file=book.name, cell=sheet), reason=error.reason, sheet=sheet, **error.details)
        return SeenSheet(sheet, None, doubts=doubts)
    if grid.empty:
        doubts.add("SH431", Place(file=book.name, cell=sheet), sheet=sheet)
        return SeenSheet(sheet, None, doubts=doubts)
    name, sighting = _likeliest(grid, sheet, catalog)
    if name is None or sighting is None:
        header = fullest(grid)
        columns = [] if header is None else list(_columns(grid, header.paths, header.last, {}))
        return SeenSheet(sheet, None, None if header is None else header.last + 1, tuple(columns))
    table, fields = catalog[name], sighting.parts[0].fields
    names = {column: [column, *(said.aliases or ())] for column, said in columns_of(table).items()}
    at = {field.at: column for column, field in fields.items()}
    columns = list(_columns(grid, sighting.header.paths, sighting.header.last, at, names))
    missing = tuple(column for column in filled_columns(table) if column not in fields)
    extract = Extract(name, table, grid, sighting, doubts)
    for _ in extract.lines():
        pass
    width = _width(extract)
    return SeenSheet(sheet, name, sighting.header.last + 1, tuple(columns), missing, width=width, doubts=doubts)


def _likeliest(grid: Grid, sheet: str, catalog: Mapping[str, Table]) -> tuple[str | None, Sighting | None]:
    """The table that the sheet is named after, else the one of which it has the most columns, those of its key twice."""
    named = table_named(sheet, catalog)
    best: tuple[int, str, Sighting] | None = None
    for name in [named] if named is not None else catalog:
        sighting = sight_table(grid, catalog[name])
        if sighting is None:
            continue
        score = sighting.score + len({*filled_columns(catalog[name])} & sighting.parts[0].fields.keys())
        if best is None or score > best[0]:
            best = (score, name, sighting)
    if best is None:
        return None, None
    _, name, sighting = best
    headers = sum(1 for path in sighting.header.paths if path)
    alike = named is not None or sighting.score >= FEW or (sighting.score > 1 and 2 * sighting.score >= headers)
    return (name, sighting) if alike else (None, None)


def _columns(
    grid: Grid,
    paths: tuple[tuple[str, ...], ...],
    row: int,
    found: Mapping[int, str],
    names: Mapping[str, list[str]] | None = None,
) -> Iterator[SeenColumn]:
    left = {loose(text): name for name, texts in (names or {}).items() if name not in found.values() for text in texts}
    for at, path in enumerate(paths):
        if path:
            near = nearest(loose(path[-1]), left) if at not in found else None
            yield SeenColumn(address(grid.name, row, at), path[-1], found.get(at), left[near] if near else None)


def _width(extract: Extract) -> int | None:
    """The longest code of whole numbers, where some are shorter: zeros may have been lost."""
    field = extract.sighting.parts[0].fields.get(extract.entity or "")
    if field is None:
        return None
    rows = (cells for number, cells in extract.grid.rows() if number > extract.sighting.header.last)
    texts = (text_of(cells[field.at]).strip() for cells in rows if field.at < len(cells))
    lengths = {len(text) for text in texts if text.isdecimal()}
    return max(lengths) if len(lengths) > 1 else None


# ---- the draft ----


def _text(path: Path, sheets: list[SeenSheet], catalog: Mapping[str, Table]) -> str:
    described = [sheet for sheet in sheets if sheet.table is not None and sheet.layout is None]
    if not described:
        return ""
    lines = [
        f"# Черновик по файлу {' '.join(path.name.split())}: проверьте каждую строку.",
        "# Как пишется описание файла: docs/workbooks.md",
        "layout: " + _id(path.stem),
        "title: " + _quoted(path.stem),
        "sheets:",
    ]
    for sheet in described:
        lines += _sheet(path, sheet, catalog[sheet.table or ""])
    return "\n".join(lines) + "\n"


def _sheet(path: Path, sheet: SeenSheet, table: Table) -> Iterator[str]:
    columns = columns_of(table)
    yield f"  - sheet: {_quoted(sheet.sheet)}"
    yield f"    table: {sheet.table}"
    yield "    columns:"
    counts = next((c.header for c in sheet.columns if c.column == "participants"), None)
    for one in sheet.columns:
        if one.column is None:
            yield f"      # {one.nearest or 'столбец'}: {_quoted(one.header)}  # {one.cell}, не узнан"
            continue
        more = []
        if one.column in (table.entity or {}).values() and sheet.width is not None:
            more.append(f"width: {sheet.width}")
        declared = columns[one.column]
        if declared.type == "count" and declared.at_most and _PERCENT.search(one.header) and counts:
            more.append(f"percent_of: {_quoted(counts)}")
        header = _quoted(one.header)
        yield f"      {one.column}: " + (f"{{header: {header}, {', '.join(more)}}}" if more else header)
    found = _YEAR.search(path.stem)
    if "year" in sheet.missing and found is not None:
        yield "    take:"
        yield "      - {from: file, match: '(?<!\\d)(?P<year>20\\d\\d)(?!\\d)'}"
    rest = [column for column in sheet.missing if column != "year" or found is None]
    if rest:
        yield "    # Заголовка нет; впишите значения, одно на весь лист, и уберите знак «#»:"
        yield "    # fixed: {" + ", ".join(f"{column}: '…'" for column in rest) + "}"


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _id(text: str) -> str:
    plain = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")
    return plain if re.match(r"[a-z]", plain) else "my_layout"
