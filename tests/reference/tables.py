"""The input: typed rows, the roster of entities and their containment, and what was not held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from .basics import Cell, Scalar, number

RawTables = Mapping[str, Sequence[Mapping[str, "str | None"]]]
MISSING_TEXTS = {"", "н/д", "-", "–"}
DEFAULT_LEVELS: dict[str, dict[str, str]] = {
    "school": {"table": "schools", "key": "school_id"},
    "municipality": {"column": "municipality"},
    "region": {},
}
COUNTS = (
    *("participants", "mark_2", "mark_3", "mark_4", "mark_5", "below_minimum"),
    *("below_journal", "as_journal", "above_journal"),
)


def _columns(**types: str) -> dict[str, dict[str, str]]:
    return {name: {"type": kind} for name, kind in types.items()}


BUILT_IN: dict[str, dict[str, Any]] = {
    "schools": {
        "entity": {"school": "school_id"},
        "key": ["school_id"],
        "columns": _columns(
            **dict.fromkeys(("name", "municipality", "kind", "locality"), "text"),
            **dict.fromkeys(("latitude", "longitude"), "number"),
            pupils="count",
        ),
    },
    "results": {
        "entity": {"school": "school_id"},
        "key": ["school_id", "year", "procedure", "grade", "subject"],
        "columns": _columns(**dict.fromkeys(COUNTS, "count"), year="year", score_sum="number", score_max="number"),
    },
    "context": {"entity": {"school": "school_id"}, "key": ["school_id", "year"], "columns": _columns(year="year")},
    "decisions": {"key": ["entity", "item", "year"], "columns": _columns(year="year")},
}


@dataclass
class Row:
    entity: str
    dims: dict[str, str]
    values: dict[str, Scalar | None]
    empty: dict[str, str]  # column: empty_value or hidden


@dataclass
class Table:
    id: str
    level: str
    dims: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    @property
    def has_year(self) -> bool:
        return "year" in self.dims


class Levels:
    """Levels from the lowest up, entities of each, and which contains which."""

    def __init__(self, pack: Mapping[str, Any], tables: RawTables) -> None:
        self.specs: dict[str, dict[str, Any]] = {k: v or {} for k, v in (pack.get("levels") or DEFAULT_LEVELS).items()}
        self.names = list(self.specs)
        self.top = self.names[-1]
        self.top_key: str = pack.get("pack", {}).get("region") or self.top
        self.entities: dict[str, list[str]] = {}
        self.parent: dict[tuple[str, str], str | None] = {}  # (level, key): the key at the next level
        definitions = table_definitions(pack)
        for rank, level in enumerate(self.names[:-1]):
            self._fill(rank, level, definitions, tables)
        self.entities[self.top] = [self.top_key]

    def _fill(self, rank: int, level: str, definitions: Mapping[str, Any], tables: RawTables) -> None:
        spec = self.specs[level]
        keys: dict[str, None] = {}
        if "table" in spec:
            keys.update((row[spec["key"]] or "", None) for row in tables.get(spec["table"], ()))
        if "column" in spec and rank > 0:
            below = self.names[rank - 1]
            found = (self.parent.get((below, key)) for key in self.entities[below])
            keys.update((key, None) for key in found if key)
        also = spec.get("also") or []
        for table in [also] if isinstance(also, str) else also:
            column = definitions[table]["entity"][level]
            keys.update((row[column] or "", None) for row in tables.get(table, ()))
        self.entities[level] = list(keys)
        if rank + 1 < len(self.names) - 1:
            self._parents(rank, level, self.specs[self.names[rank + 1]]["column"], tables)

    def _parents(self, rank: int, level: str, column: str, tables: RawTables) -> None:
        """The column stands in the table of this level, or, if it has none, of the nearest level below with one."""
        owner = next(self.names[r] for r in range(rank, -1, -1) if "table" in self.specs[self.names[r]])
        spec = self.specs[owner]
        for row in tables.get(spec["table"], ()):
            value = clean(row.get(column), MISSING_TEXTS)
            entity = self.up(owner, row[spec["key"]] or "", level)
            if entity is not None and value is not None:
                self.parent[level, entity] = value

    def rank(self, level: str) -> int:
        return self.names.index(level)

    def is_below(self, level: str, other: str) -> bool:
        return self.rank(level) < self.rank(other)

    def lowest(self, levels: Sequence[str]) -> str:
        return min(levels, key=self.rank)

    def up(self, level: str, key: str, to: str) -> str | None:
        """The entity of level `to` that contains this one."""
        if to == self.top:
            return self.top_key
        here: str | None = key
        for name in self.names[self.rank(level) : self.rank(to)]:
            here = self.parent.get((name, here)) if here is not None else None
        return here

    def members(self, level: str, of_level: str, entity: str) -> list[str]:
        return [key for key in self.entities[level] if self.up(level, key, of_level) == entity]


def clean(text: str | None, missing: set[str]) -> str | None:
    return None if text is None or text.strip() in missing else text.strip()


def table_definitions(pack: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The built-in tables with what the pack says of them, and the pack's own."""
    found = {name: dict(spec) for name, spec in BUILT_IN.items()}
    for name, own in (pack.get("tables") or {}).items():
        base = found.get(name, {})
        columns = {**base.get("columns", {}), **(own.get("columns") or {})}
        found[name] = {**base, **own, "columns": columns}
    return found


def read_tables(pack: Mapping[str, Any], levels: Levels, tables: RawTables, without: Sequence[str]) -> dict[str, Table]:
    return {
        name: _read(name, spec, levels, tables.get(name) or (), without)
        for name, spec in table_definitions(pack).items()
        if name != "decisions"
    }


def _read(
    name: str, spec: Mapping[str, Any], levels: Levels, raw: Sequence[Mapping[str, str | None]], without: Sequence[str]
) -> Table:
    level, column = next(iter((spec.get("entity") or {}).items()), (levels.top, None))
    dims = spec.get("dimensions") or [key for key in spec.get("key", ()) if key != column]
    table = Table(name, level, tuple(dims))
    missing = MISSING_TEXTS | set(spec.get("missing") or ())
    hidden = set(spec.get("hidden") or ())
    types = {key: (column_spec or {}).get("type", "text") for key, column_spec in spec["columns"].items()}
    for line in raw:
        entity = levels.top_key if column is None else line[column] or ""
        if line.get("procedure") in without or entity not in levels.entities[level]:
            continue
        values: dict[str, Scalar | None] = {}
        empty: dict[str, str] = {}
        for key in dict.fromkeys([*spec.get("key", ()), *dims, *types, *line]):
            text = clean(line.get(key), missing)
            if text is None or text in hidden:
                values[key], empty[key] = None, "hidden" if text in hidden else "empty_value"
            else:
                values[key] = typed(text, types.get(key, "text"))
        texts = {dim: as_text(value) for dim in dims if (value := values[dim]) is not None}
        table.rows.append(Row(entity, texts, values, empty))
    return table


def typed(text: str, kind: str) -> Scalar:
    if kind in ("count", "number", "year"):
        return number(text)
    if kind == "yes_no":
        return text.lower() in ("да", "yes", "true", "1", "y")
    return text


def as_text(value: Scalar) -> str:
    return str(value)


class NotHeld:
    """The entries of `not_held`, and the procedures asked to be done without (these in every year)."""

    def __init__(self, entries: Sequence[Mapping[str, Any]], without: Sequence[str]) -> None:
        self.dated = [{dim: _listed(values) for dim, values in entry["cells"].items()} for entry in entries]
        self.all = [*self.dated, *({"procedure": [name]} for name in without)]

    def years(self) -> Iterator[int]:
        return (int(year) for entry in self.dated for year in entry["year"])

    def leaves_out(self, table: Table, row: Row) -> bool:
        """9: rows found there are left out."""
        return any(
            set(entry) <= set(table.dims) and all(row.dims.get(dim) in values for dim, values in entry.items())
            for entry in self.all
        )

    def covers(self, table: Table, possible: Mapping[str, set[str]], dated_only: bool = False) -> bool:
        """Reading 13: each tuple of values possible is named by some entry (of those whose dimensions are fixed)."""
        entries = [
            entry
            for entry in (self.dated if dated_only else self.all)
            if set(entry) <= set(table.dims) and set(entry) <= set(possible)
        ]
        if not entries:
            return False
        dims = sorted({dim for entry in entries for dim in entry})
        tuples = [dict(zip(dims, chosen, strict=True)) for chosen in product(*(sorted(possible[dim]) for dim in dims))]
        return all(any(all(one[dim] in values for dim, values in entry.items()) for entry in entries) for one in tuples)


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def expand(entry: Mapping[str, Any]) -> list[Cell]:
    """The product of the lists of one entry of `cells`."""
    dims = sorted(dim for dim in entry if dim != "applies_to")
    return [tuple(zip(dims, values, strict=True)) for values in product(*(_listed(entry[dim]) for dim in dims))]


def distinct_years(tables: Mapping[str, Table]) -> set[int]:
    return {int(row.dims["year"]) for table in tables.values() for row in table.rows if "year" in row.dims}


def integer(value: Scalar) -> int:
    assert isinstance(value, Fraction), value
    return int(value)
