"""Which sheet of a workbook is which table: by a layout of the caller's, by its name, by a layout of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shsnor.errors import Findings, Place, nearest
from shsnor.headers import columns_of, filled_columns, loose
from shsnor.pack import Table
from shsnor.workbooks.book import Book, Grid, Unreadable, address, text_of
from shsnor.workbooks.extracting import Extract
from shsnor.workbooks.header import Header, fits, fullest
from shsnor.workbooks.layout import Layout, SheetLayout
from shsnor.workbooks.loading import shipped_layouts
from shsnor.workbooks.matching import Sighting, sight_layout, sight_table

#: Names of sheets are cut off here by Excel.
LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class Claim:
    """A sheet that holds rows of a table.

    layout, part   how it is read; None where it has the names of the table itself
    """

    book: Book
    sheet: str
    table: str
    layout: Layout | None = None
    part: SheetLayout | None = None


def table_named(text: str, catalog: Mapping[str, Table]) -> str | None:
    """The table whose name or label a text is."""
    plain = loose(text)
    names = {loose((table.label or name)[:LONGEST_NAME].strip()): name for name, table in catalog.items()}
    names.update({loose(table.label): name for name, table in catalog.items() if table.label})
    return (names | {loose(name): name for name in catalog}).get(plain)


def choose(
    book: Book, catalog: Mapping[str, Table], layouts: Sequence[Layout], findings: Findings, table: str | None = None
) -> list[Claim]:
    """What each sheet of a workbook holds, and findings about sheets that hold nothing known.

    layouts   the caller's own
    table     the one that the whole workbook is said to hold
    """
    own = [layout for layout in layouts if fits(book.name, layout.file)]
    found, blank, unused = list[Claim](), list[str](), list[str]()
    failed: list[tuple[SheetLayout, str]] = []
    for sheet in book.sheets:
        try:
            grid = book.grid(sheet)
        except Unreadable as error:
            place = Place(file=book.name, cell=sheet)
            findings.add("SH430", place, reason=error.reason, file=book.name, sheet=sheet, **error.details)
            continue
        named = table_named(sheet, catalog)
        if grid.empty:
            blank.append(sheet)
            if named is not None and named == (table or named):
                findings.add("SH431", Place(file=book.name, table=named, cell=sheet), sheet=sheet)
            continue
        claims, wrong = _by_layouts(book, grid, catalog, own, findings, table)
        failed += wrong
        if not claims and named is not None and named == (table or named):
            claims = [Claim(book, sheet, named)]
        if not claims:
            claims, _ = _by_layouts(book, grid, catalog, [*shipped_layouts().values()], findings, table)
        found += claims
        if not claims:
            unused.append(sheet)
    if not found and len(unused) == 1 and (name := table or table_named(book.path.stem, catalog)) is not None:
        return [Claim(book, unused[0], name)]
    # A layout that names the sheet was meant for it; one for any sheet only where nothing else was found.
    meant = [f for f in failed if f[1] in unused and (not found or f[0].sheet != ["*"])]
    for part, sheet in meant:
        _no_header(book.grid(sheet), part.table, sight_layout(book.grid(sheet), part), findings)
    unused = [sheet for sheet in unused if sheet not in {told for _, told in meant}]
    if blank and not found and not unused and not meant:
        findings.add("SH431", Place(file=book.name, cell=blank[0]), sheet=blank[0])
    else:
        _unused(book, catalog, unused, findings, none_used=not found and not meant, table=table)
    return found


def _unused(
    book: Book,
    catalog: Mapping[str, Table],
    unused: Iterable[str],
    findings: Findings,
    *,
    none_used: bool,
    table: str | None,
) -> None:
    """Findings about sheets that may have been meant: where none was used, or whose name is nearly a table's."""
    known = [*catalog, *(table.label for table in catalog.values() if table.label)]
    for sheet in unused:
        near = nearest(sheet, known)
        if none_used or near is not None:
            place = Place(file=book.name, table=table, cell=sheet)
            findings.add("SH441", place, severity="error" if table else "warning", sheet=sheet, nearest=near)


def _by_layouts(
    book: Book,
    grid: Grid,
    catalog: Mapping[str, Table],
    layouts: Iterable[Layout],
    findings: Findings,
    table: str | None,
) -> tuple[list[Claim], list[tuple[SheetLayout, str]]]:
    """The claims of the one layout that fits a sheet best; and the layouts that name it, and whose headers are not there."""
    scores: dict[str, int] = {}
    claims: dict[str, list[Claim]] = {}
    failed = []
    for layout in layouts:
        for part in layout.sheets:
            if part.table not in catalog or part.table != (table or part.table) or not fits(grid.name, part.sheet):
                continue
            sighting = sight_layout(grid, part)
            if sighting is None or sighting.missing:
                failed.append((part, grid.name))
                continue
            scores[layout.layout] = max(scores.get(layout.layout, 0), sighting.score)
            claims.setdefault(layout.layout, []).append(Claim(book, grid.name, part.table, layout, part))
    best = [name for name, score in scores.items() if score == max(scores.values())]
    if len(best) > 1:
        place = Place(file=book.name, cell=grid.name)
        findings.add("SH442", place, sheet=grid.name, layouts=best)
    return (claims[best[0]] if best else []), failed


def says_nothing(claim: Claim) -> bool:
    """Whether a sheet that is to be filled in was left as it is: none of the columns that make a row has anything."""
    grid, part = claim.book.grid(claim.sheet), claim.part
    sighting = sight_layout(grid, part) if part is not None and part.filled else None
    if part is None or sighting is None:
        return False
    places = [of.at for one in sighting.parts for column, of in one.fields.items() if column in (part.filled or ())]
    below = (cells for number, cells in grid.rows() if number > sighting.header.last)
    return not any(text_of(cells[at]).strip() for cells in below for at in places if at < len(cells))


def extract(claim: Claim, table: Table, findings: Findings) -> Extract | None:
    """The rows of a claim, ready to be read; None, with findings, where its header is nowhere.

    raises   Unreadable
    """
    grid, part = claim.book.grid(claim.sheet), claim.part
    sighting = sight_table(grid, table) if part is None else sight_layout(grid, part)
    if sighting is None or sighting.missing:
        _no_header(grid, claim.table, sighting, findings, table)
        return None
    for column, headers in sighting.doubtful.items():
        place = grid.place(sighting.header.last, None, table=claim.table, field=column)
        findings.add("SH415", place, headers=headers, column=column)
    if claim.layout is not None and not claim.layout.verified:
        place = Place(file=grid.file, table=claim.table, cell=grid.name)
        findings.add("SH438", place, severity="warning", layout=claim.layout.layout, title=claim.layout.title)
    constants = {} if part is None else _constants(grid, sighting.header, claim, table, findings)
    return Extract(claim.table, table, grid, sighting, findings, part, constants)


def _constants(grid: Grid, header: Header, claim: Claim, table: Table, findings: Findings) -> dict[str, str]:
    """What a layout takes for all rows of a sheet: fixed texts, and texts above the table, of its name, of the file's."""
    part = claim.part
    assert part is not None
    found, wanted = dict[str, str](part.fixed or {}), dict[str, list[str]]()
    for take in part.take or ():
        texts = {"sheet": [grid.name], "file": [Path(grid.file).stem]}.get(take.from_)
        if texts is None:
            texts = [text_of(cell).strip() for _, row in _until(grid, header.first) for cell in row if cell != ""]
        match = next((m for text in texts if (m := re.search(take.match, text)) is not None), None)
        for name in re.compile(take.match).groupindex:
            wanted.setdefault(name, []).append(take.from_)
            if match is not None and match[name]:
                found.setdefault(name, match[name].strip())
    must = {*filled_columns(table), *(c for c in table.key or () if c in columns_of(table))}
    for name, places in wanted.items():
        if name not in found and name in must and name not in part.columns:
            place = Place(file=grid.file, table=claim.table, field=name, cell=grid.name)
            findings.add("SH439", place, column=name, sheet=grid.name, **_looked_in(places))
    return found


def _looked_in(places: Iterable[str]) -> dict[str, Any]:
    return {f"from_{place}": True for place in places}


def _until(grid: Grid, last: int) -> Iterable[tuple[int, list[object]]]:
    for number, row in grid.rows():
        if number >= last:
            return
        yield number, row


def _no_header(
    grid: Grid, name: str, sighting: Sighting | None, findings: Findings, table: Table | None = None
) -> None:
    """The finding for a sheet without the headers looked for: what was found instead, and the nearest."""
    header = sighting.header if sighting is not None else fullest(grid)
    texts = [] if header is None else [path[-1] for path in header.paths if path]
    if sighting is not None and sighting.missing:
        wanted = [masks[0] for masks in sighting.missing.values()]
    else:
        wanted = [c.label or n for n, c in columns_of(table).items()] if table is not None else []
    near = next((found for text in wanted if (found := nearest(text, texts)) is not None), None)
    place = Place(
        file=grid.file, table=name, cell=grid.name if header is None else address(grid.name, header.last, None)
    )
    shown = [] if table is not None and table.persons and sighting is None else texts[:20]
    findings.add("SH432", place, sheet=grid.name, wanted=wanted, found=shown, nearest=near if shown else None)
