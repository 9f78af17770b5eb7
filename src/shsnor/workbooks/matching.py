"""The columns of a sheet told by its header: by a layout, or by the names of a table's own columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shsnor.headers import Names, columns_of
from shsnor.pack import Table
from shsnor.workbooks.book import Grid
from shsnor.workbooks.header import Header, find_header
from shsnor.workbooks.layout import ColumnLayout, SheetLayout

#: What is said of a column where no layout says anything.
PLAIN = ColumnLayout(header=["*"])


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table in a sheet: where its cells stand, from 0, and how they are read.

    base    where the number stands that its per cents are of
    """

    at: int
    said: ColumnLayout = PLAIN
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one row of a sheet gives: a row of a table; of a sheet with wide columns, each of these gives one.

    fields      column -> where and how
    constants   column -> the same for every row
    own         the fields that are not those of every part: where they are all empty there is no row
    """

    fields: Mapping[str, Field]
    constants: dict[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


@dataclass
class Sighting:
    """A header with the columns that it tells.

    score     how many were found
    missing   columns whose header is not there, with the headers looked for
    doubtful  column -> headers that fit it alike
    extra     headers of a sheet read without a layout that are no column's: column of the sheet -> text
    """

    header: Header
    parts: list[Part]
    score: int
    missing: dict[str, list[str]] = field(default_factory=dict)
    doubtful: dict[str, list[str]] = field(default_factory=dict)
    extra: dict[int, str] = field(default_factory=dict)


def sight_table(grid: Grid, table: Table) -> Sighting | None:
    """The header of a sheet that has the columns of a table under their own names, labels or aliases; None where none."""
    names, known = Names.of(table), dict[str, str | None]()

    def column(text: str) -> str | None:
        if text not in known:
            known[text] = names.told(text)[0]
        return known[text]

    def columns(header: Header) -> dict[int, str]:
        found = {}
        for at in range(len(header.paths)):
            if (one := next((c for text in header.names(at) if (c := column(text)) is not None), None)) is not None:
                found[at] = one
        return found

    header, score = find_header(grid, lambda h: len(set(columns(h).values())))
    if header is None or not score:
        return None
    found, fields = columns(header), dict[str, Field]()
    doubtful: dict[str, list[str]] = {}
    for at, one in found.items():
        if one in fields:
            doubtful.setdefault(one, [header.names(fields[one].at)[0]]).append(header.names(at)[0])
        else:
            fields[one] = _field(names, table, header, at, one)
    extra = {at: header.names(at)[0] for at in range(len(header.paths)) if header.paths[at] and at not in found}
    return Sighting(header, [Part(fields)], score, doubtful=doubtful, extra=extra)


def _field(names: Names, table: Table, header: Header, at: int, column: str) -> Field:
    """A column under a header of the table's own; one that says «%» of a count has per cents in its cells."""
    told = (names.told(text) for text in header.names(at))
    percent = next((percent for one, percent in told if one is not None), False)
    base = columns_of(table)[column].at_most
    return Field(at, ColumnLayout(header=["*"], percent_of=[base])) if percent and base else Field(at)


def sight_layout(grid: Grid, layout: SheetLayout) -> Sighting | None:
    """The header of a sheet that fits a layout best; None where nothing of it is there."""
    header, score = find_header(grid, lambda h: _looked(h, layout).score)
    return _looked(header, layout) if header is not None and score else None


def _looked(header: Header, layout: SheetLayout) -> Sighting:
    groups = _groups(header, layout)
    grouped = {at for columns in groups.values() for at in columns}
    sighting = Sighting(header, [], 0)
    common: dict[str, Field] = {}
    inside: dict[str, ColumnLayout] = {}
    for column, said in layout.columns.items():
        places = header.find(said.header)
        outside = [at for at in places if at not in grouped]
        if outside:
            common[column] = Field(outside[0], said, _base(header, said, sighting))
            if len(outside) > 1:
                sighting.doubtful[column] = [header.names(at)[0] for at in outside]
        elif places:
            inside[column] = said
        elif not said.optional:
            sighting.missing[column] = list(said.header)
    for name, masks in _others(layout).items():
        if not header.find(masks):
            sighting.missing[name] = list(masks)
    sighting.score = len(common) + len(inside) + len(groups) - len(sighting.missing) + len(_others(layout))
    sighting.score = max(sighting.score, len(common) + len(inside))
    if layout.wide is None:
        sighting.parts = [Part(common, own=frozenset(layout.filled or ()))]
    elif not groups:
        sighting.missing.setdefault("wide", [layout.wide.match])
    else:
        sighting.parts = [_group(header, layout, common, inside, top, columns) for top, columns in groups.items()]
    return sighting


def _base(header: Header, said: ColumnLayout, sighting: Sighting) -> int | None:
    if said.percent_of is None:
        return None
    places = header.find(said.percent_of)
    if not places:
        sighting.missing.setdefault("percent_of", list(said.percent_of))
    return places[0] if places else None


def _others(layout: SheetLayout) -> dict[str, list[str]]:
    """The headers beside those of columns that a layout cannot do without."""
    return {} if layout.blocks is None else {"blocks": layout.blocks.header, "blocks.value": layout.blocks.value}


def _groups(header: Header, layout: SheetLayout) -> dict[str, list[int]]:
    """Text of a header that becomes rows -> its columns in the sheet."""
    groups: dict[str, list[int]] = {}
    wide = layout.wide
    if wide is None:
        return groups
    taken = (
        {at for said in layout.columns.values() for at in header.find(said.header)} if wide.of == "header" else set()
    )
    for at, path in enumerate(header.paths):
        text = path[0] if path and (wide.of == "header" or len(path) > 1) else None
        text = path[-1] if text is not None and wide.of == "header" else text
        if text is not None and at not in taken and re.fullmatch(wide.match, text):
            groups.setdefault(text, []).append(at)
    return groups


def _group(
    header: Header, layout: SheetLayout, common: Mapping[str, Field], inside: Mapping[str, ColumnLayout], top: str,
    columns: list[int],
) -> Part:  # fmt: skip
    wide = layout.wide
    assert wide is not None
    found = re.fullmatch(wide.match, top)
    constants = {name: text.strip() for name, text in (found.groupdict() if found else {}).items() if text}
    fields = dict(common)
    if wide.value is not None:
        fields[wide.value] = Field(columns[0])
    for column, said in inside.items():
        places = [at for at in header.find(said.header) if at in columns]
        base = [at for at in header.find(said.percent_of or []) if at in columns]
        if places:
            fields[column] = Field(places[0], said, base[0] if base else _base(header, said, Sighting(header, [], 0)))
    return Part(fields, constants, frozenset(fields.keys() - common.keys()))
