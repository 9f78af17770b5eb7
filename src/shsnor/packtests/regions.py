"""Many cases as one set of tables: each case is a region of its own, so that one evaluation serves all of them.

The pack's top level becomes a level with a column, under a new top that holds every region; keys of entities get the
case's name in front; a group that is of the whole region says so by name; a function is called region by region.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shsnor.functions import Computed, Detail, Function, FunctionCall, Inputs, Settings
from shsnor.nodes import Source
from shsnor.pack import ITEM_SECTIONS, Column, Indicator, Level, Pack, Table
from shsnor.packtests.cases import Case, Rows
from shsnor.sql import literal
from shsnor.standard import levels_of, tables_of

#: Names that no pack has: the level above the regions, the column that says the region, the indicator that is it.
ALL, REGION, REGION_OF = "every_case", "region_of_case", "region_of_case"
_MARK = "·"


class Apart(Exception):
    """This pack, or this case, cannot share an evaluation: it is run alone."""


@dataclass(frozen=True)
class Regions:
    """A pack whose regions are cases, and how their entities are called."""

    pack: Pack
    top: str
    region: str

    def key(self, number: int, entity: str) -> str:
        """What an entity of the case of that number is called, so that keys sort by case and then as they did."""
        return f"{number:05d}{_MARK}{entity}"

    def place(self, number: int) -> str:
        return self.key(number, self.region)


def region_key(pack: Pack) -> str:
    """The key of the one entity of a pack's top level."""
    return pack.head.region or list(levels_of(pack))[-1]


def regions_of(pack: Pack) -> Regions:
    """The pack with its top level made a level of many.

    raises  Apart where the levels are of a kind that this cannot be done to
    """
    levels = levels_of(pack)
    top, owner = list(levels)[-1], _owner(levels)
    if owner is None or levels[top] != Level() or any(level.also for level in levels.values()):
        raise Apart
    tables = dict(pack.document.tables)
    column = Column(type="text", label="Регион примера")
    for name, table in tables_of(pack).items():
        if name == owner:
            tables[name] = _with(tables.get(name), {REGION: column})
        elif table.entity is None and table.rows is None and name not in ("decisions", "school_codes"):
            tables[name] = _with(
                tables.get(name), {REGION: column}, entity={top: REGION}, key=[*(table.key or []), REGION],
                dimensions=table.dims,
            )  # fmt: skip
        elif table.entity and table.key and not set(table.entity.values()) & set(table.key):
            own = next(iter(table.entity.values()))
            tables[name] = _with(tables.get(name), {}, key=[*table.key, own], dimensions=table.dims)
    changed: dict[str, Any] = {
        "levels": {**levels, top: Level(column=REGION), ALL: Level()},
        "tables": tables,
        "pack": pack.head.model_copy(update={"region": ALL}),
    }
    for section in ITEM_SECTIONS:
        changed[section] = {n: _of_region(item, top) for n, item in getattr(pack.document, section).items()}
    lowest = next(iter(levels.values())).table
    if lowest == owner:
        changed["indicators"][REGION_OF] = Indicator(
            label="Регион примера", unit="text", from_=owner, value=REGION, source=Source(clause="-", basis="derived")
        )
    document = pack.document.model_copy(update=changed)
    return Regions(replace(pack, document=document), top, region_key(pack))


def _owner(levels: Mapping[str, Level]) -> str | None:
    """The table whose rows say in which region they are: that of the nearest level below the top that has one."""
    return next((level.table for level in reversed(list(levels.values())) if level.table), None)


def _with(said: Table | None, columns: dict[str, Column], **more: Any) -> Table:
    if said is None:
        return Table(columns=columns, **more)
    known = {name: getattr(said, name) for name in said.model_fields_set}
    return Table.model_validate({**known, **more, "columns": {**said.columns, **columns}})


def _of_region(item: Any, top: str) -> Any:
    """An item whose groups without `within`, which are of the whole region, name its level."""
    written = item.model_dump(by_alias=True, exclude_unset=True)
    return type(item).model_validate(_named(written, top)) if _has_group(written) else item


def _has_group(value: Any) -> bool:
    if isinstance(value, dict):
        group = value.get("among")
        return (isinstance(group, dict) and "within" not in group) or any(map(_has_group, value.values()))
    return isinstance(value, list) and any(map(_has_group, value))


def _named(value: Any, top: str) -> Any:
    if isinstance(value, dict):
        new = {key: _named(below, top) for key, below in value.items()}
        if isinstance(new.get("among"), dict):
            new["among"] = {"within": top, **new["among"]}
        return new
    return [_named(below, top) for below in value] if isinstance(value, list) else value


def whole_rows(rows: Mapping[str, Sequence[Mapping[str, str]]], catalog: Mapping[str, Table]) -> Rows:
    """The rows of a case with all columns of their tables: a case leaves out what it does not speak of."""
    return {
        name: [{column: row.get(column, "") for column in catalog[name].columns} for row in given]
        for name, given in rows.items()
        if given
    }


def rows_together(pack: Pack, regions: Regions, cases: Iterable[tuple[int, Case]]) -> Rows:
    """The rows of all cases in one set of tables.

    cases   each with its number
    raises  Apart for a case whose tables name entities in a way that is not followed here
    """
    levels, catalog = levels_of(pack), tables_of(regions.pack)
    owner, keys = _owner(levels), _key_columns(pack)
    together: Rows = {}
    for number, case in cases:
        if "school_codes" in case.tables:
            raise Apart
        for name, rows in whole_rows(case.tables, catalog).items():
            for row in rows:
                for column in keys.get(name, ()):
                    if row.get(column):
                        row[column] = regions.key(number, row[column])
                if name == owner or REGION in row:
                    row[REGION] = regions.place(number)
            together.setdefault(name, []).extend(rows)
    return together


def _key_columns(pack: Pack) -> dict[str, set[str]]:
    """Table -> its columns that name entities of some level."""
    found = {name: set((table.entity or {}).values()) for name, table in tables_of(pack).items()}
    found["decisions"] = {"entity"}
    owner: str | None = None
    for level in levels_of(pack).values():
        if level.column and owner:
            found[owner].add(level.column)
        if level.table and level.key:
            found[level.table].add(level.key)
            owner = level.table
    return found


def by_region(function: Function, regions: Sequence[str]) -> Function:
    """The function called for each of these regions by itself; entities of other regions get nothing from it."""

    def inputs(settings: Settings) -> list[str]:
        return [*function.inputs(settings), REGION_OF]

    def query(call: FunctionCall) -> str | None:
        if function.query is None:
            return None
        column = call.columns[REGION_OF]
        columns = {name: c for name, c in call.columns.items() if name != REGION_OF}
        parts = []
        for region in regions:
            inside = f"FROM {call.relation} WHERE {column} = {literal(region)}"
            first = f"(SELECT coalesce(min(e), 0) {inside})"
            given = function.query(replace(call, relation="of_region", columns=columns))
            if given is None:
                return None
            moved = (
                "* REPLACE (e + f AS e, peer + f AS peer)" if function.shape == "partner" else "* REPLACE (e + f AS e)"
            )
            parts.append(
                f"SELECT {moved.replace('f AS', f'{first} AS')} FROM (WITH of_region AS "
                f"(SELECT * REPLACE (CAST(e - {first} AS INTEGER) AS e) {inside}) SELECT * FROM ({given}))"
            )
        return " UNION ALL ".join(parts) or function.query(call)

    def compute(given: Inputs) -> Computed:
        assert function.compute is not None
        rows: list[tuple[Any, ...]] = []
        details: list[Detail] = []
        titles: dict[str, str] = {}
        labels = {name: label for name, label in given.labels.items() if name != REGION_OF}
        for region in regions:
            members = [row for row in given.rows if row.values[REGION_OF] == region]
            first = members[0].e if members else 0
            own = [
                replace(row, e=row.e - first, values={n: v for n, v in row.values.items() if n != REGION_OF})
                for row in members
            ]
            computed = function.compute(Inputs(own, given.settings, labels))
            places = 2 if function.shape == "partner" else 1
            rows += [(*(e + first for e in row[:places]), *row[places:]) for row in computed.rows]
            titles |= computed.titles
        return Computed(rows, details, titles)

    return replace(
        function, inputs=inputs, query=None if function.query is None else query,
        compute=None if function.compute is None else compute, details=None,
    )  # fmt: skip
