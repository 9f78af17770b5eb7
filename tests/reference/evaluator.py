"""The naive reference evaluator: a pack, tables and a date give every value, verdict, label and recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .basics import NO_YEARS, Answer, to_decimal
from .basics import Cell as Dims
from .builder import Builder, Labels, parameter_values
from .groups import Among, Peers
from .parts import Named, Part, Taken, World, YearsSpec
from .rows import TableIndicator
from .tables import Levels, NotHeld, RawTables, distinct_years, read_tables

LAST_YEAR: YearsSpec = {"last": "1"}


@dataclass(frozen=True)
class Cell:
    value: Decimal | str | None
    reasons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verdict:
    verdict: str  # met, not_met, unknown (also of what is vacant)
    reasons: frozenset[str] = frozenset()


Key = tuple[str, str, Dims]


@dataclass
class Result:
    values: dict[Key, Cell] = field(default_factory=dict)
    verdicts: dict[Key, Verdict] = field(default_factory=dict)
    clusters: dict[tuple[str, str], tuple[str | None, frozenset[str]]] = field(default_factory=dict)
    recommendations: dict[tuple[str, str], str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)  # item or measure: its level


def evaluate(
    pack: Mapping[str, Any],
    tables: RawTables,
    as_of: str,
    parameters: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    *,
    peers: Peers | None = None,
    labels: Labels | None = None,
) -> Result:
    date = as_of if len(as_of) > 4 else f"{as_of}-12-31"
    year = int(date[:4])
    levels = Levels(pack, tables)
    not_held = NotHeld(pack.get("not_held") or (), without)
    read = read_tables(pack, levels, tables, without)
    world = World(levels, read, not_held, year)
    world.first_year = min({year, *distinct_years(read), *not_held.years()})
    given = parameter_values(pack, date, parameters or {})
    builder = Builder(world, pack, given, read_decisions(tables, year), peers or {}, labels or {})
    return report(pack, builder, reported_windows(pack, builder))


def read_decisions(tables: RawTables, year: int) -> dict[str, dict[str, str]]:
    """Item: entity: verdict or label, of the evaluation's year (22)."""
    found: dict[str, dict[str, str]] = {}
    for row in tables.get("decisions") or ():
        if row.get("year") == str(year) and row.get("verdict"):
            found.setdefault(row["item"] or "", {})[row["entity"] or ""] = row["verdict"] or ""
    return found


# Which cells of an item that keeps year are reported (9, reading 2)


def reported_windows(pack: Mapping[str, Any], builder: Builder) -> dict[str, list[YearsSpec]]:
    """Item: the windows its readers ask for and its own."""
    windows = _Windows(pack, builder)
    return {item: windows.of(item) for item in windows.names.values()}


class _Windows:
    def __init__(self, pack: Mapping[str, Any], builder: Builder) -> None:
        self.pack = pack
        self.names: dict[int, str] = {}
        items = [item for kind in ("indicators", "criteria", "flags", "clusters") for item in pack.get(kind) or ()]
        for item in items:
            self.names[id(builder.item(item))] = item
        self.readers: dict[str, list[tuple[str, YearsSpec | None]]] = {item: [] for item in items}
        self.found: dict[str, list[YearsSpec]] = {}
        for item in items:
            for child in read_by(builder.item(item)):
                self._visit(item, child, None)
        for measure, spec in (pack.get("measures") or {}).items():
            if "when" in spec:
                self._visit(f"measure {measure}", builder.node(spec["when"]), None)
        for name, spec in (pack.get("peers") or {}).items():
            for key in ("for", "meeting"):
                if key in spec:
                    self._visit(f"peers {name}", builder.node(spec[key]), None)

    def _visit(self, reader: str, part: Part, asked: YearsSpec | None) -> None:
        """`asked` is the window in which the reader takes year away; None: it keeps year."""
        if id(part) in self.names:
            self.readers[self.names[id(part)]].append((reader, asked))
            return
        inner = part.spec if isinstance(part, Taken) and part.spec is not None else asked
        for child in read_by(part):
            self._visit(reader, child, inner)

    def of(self, item: str) -> list[YearsSpec]:
        if item not in self.found:
            found = self._own(item)
            for reader, asked in self.readers[item]:
                found += [asked] if asked is not None else self.of(reader) if reader in self.readers else []
            self.found[item] = found or [LAST_YEAR]
        return self.found[item]

    def _own(self, item: str) -> list[YearsSpec]:
        spec = (self.pack.get("indicators") or {}).get(item) or {}
        return [spec["years"]] if "from" in spec and "years" in spec and "year" in (spec.get("by") or ()) else []


def read_by(part: Part) -> list[Part]:
    """Everything whose answers a part reads; `pooled` reads rows, not the members' values (16)."""
    pooled = isinstance(part, Among) and part.combine[0] == "pooled"
    found = [] if pooled else list(part.children)
    if isinstance(part, Named) and part.applies is not None:
        found.append(part.applies)
    if isinstance(part, Among):
        found += [*part.group.same, *([part.group.meeting] if part.group.meeting else [])]
    if isinstance(part, TableIndicator):
        found += [*part.formula.member_applies, *(applies for _, applies in part.formula.listed if applies)]
    return found


# The result


def report(pack: Mapping[str, Any], builder: Builder, windows: Mapping[str, list[YearsSpec]]) -> Result:
    result = Result()
    for kind in ("indicators", "criteria", "flags", "clusters"):
        for item in pack.get(kind) or ():
            part = builder.item(item)
            result.levels[item] = part.level
            for entity in builder.world.levels.entities[part.level]:
                for cell, years in part.windowed(entity, windows[item]):
                    _put(result, kind, (item, entity, cell), part.at(entity, cell, years))
    for measure, spec in (pack.get("measures") or {}).items():
        _recommend(result, builder, measure, spec)
    return result


def _put(result: Result, kind: str, key: Key, answer: Answer) -> None:
    if kind == "indicators":
        value = answer.value
        shown = to_decimal(value) if isinstance(value, Fraction) else None if value is None else str(value)
        result.values[key] = Cell(shown, answer.reasons)
    elif kind == "clusters":
        result.clusters[key[0], key[1]] = (None if answer.value is None else str(answer.value), answer.reasons)
    else:
        words = {True: "met", False: "not_met"}
        verdict = words[bool(answer.value)] if answer.known else "unknown"
        result.verdicts[key] = Verdict(verdict, answer.reasons)


def _recommend(result: Result, builder: Builder, measure: str, spec: Mapping[str, Any]) -> None:
    """24, reading 15."""
    node = builder.node(spec["when"]) if "when" in spec else None
    level = spec.get("level") or (node.level if node is not None else builder.entity_level())
    result.levels[measure] = level
    for entity in builder.world.levels.entities[level]:
        if node is None:
            result.recommendations[measure, entity] = "for_everyone"
            continue
        answer = node.seen_from(level, entity, (), NO_YEARS)
        if answer.value is True:
            result.recommendations[measure, entity] = "recommended"
        elif answer.unknown:
            result.recommendations[measure, entity] = "undecided"
