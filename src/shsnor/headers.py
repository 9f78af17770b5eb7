"""Headers of a source matched to the columns of a table: by name, by alias, then whatever their case, spaces and ё."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shsnor.errors import Findings, Place, nearest
from shsnor.pack import Column, Table

_PERCENT = re.compile(r"[,\s(]*(%|проц\.?|процент(ов|ы)?)\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Matched:
    """Where each column of a table stands in a source.

    positions   column -> position of its header
    percents    columns whose header says that a count is given in per cents
    extra       headers that are no column of the table
    """

    positions: dict[str, int]
    percents: frozenset[str] = frozenset()
    extra: list[str] = field(default_factory=list)


def columns_of(table: Table) -> dict[str, Column]:
    """The columns of a table, those of its key and entity too; entity codes are text always."""
    entities = list((table.entity or {}).values())
    columns = {}
    for name in dict.fromkeys([*entities, *(table.key or ())]):
        if name not in table.columns:
            columns[name] = Column(type="year" if name == "year" else "text")
    columns.update(table.columns)
    for name in entities:
        if columns[name].type != "text":
            columns[name] = columns[name].model_copy(update={"type": "text", "range": None})
    return columns


def filled_columns(table: Table) -> list[str]:
    """The columns that a row cannot be without: those of the entity and of the key, but for `empty: allowed`."""
    columns = columns_of(table)
    named = dict.fromkeys([*(table.entity or {}).values(), *(table.key or ())])
    return [name for name in named if columns[name].empty != "allowed"]


def hidden_columns(table: Table) -> list[str]:
    """The columns of whose cells it is told if their source hid the value: all but key and entity, if any."""
    named = {*(table.entity or {}).values(), *(table.key or ())}
    return [name for name in columns_of(table) if name not in named] if table.hidden else []


def match(name: str, table: Table, headers: Sequence[str], findings: Findings, file: str | None = None) -> Matched:
    """The columns that the headers name; two headers of one column are a finding."""
    names = Names.of(table)
    found: dict[str, list[int]] = {}
    percents, extra = set(), []
    for position, header in enumerate(headers):
        column, percent = names.told(header)
        if column is not None:
            found.setdefault(column, []).append(position)
            percents |= {column} if percent else set()
        elif text := _plain(header):
            extra.append(text)
    for column, places in found.items():
        if len(places) > 1:
            place = Place(file=file, table=name, field=column)
            findings.add("SH415", place, headers=[headers[p].strip() for p in places], column=column)
    return Matched({c: p[0] for c, p in found.items()}, frozenset(percents), extra)


def missing_columns(
    name: str,
    table: Table,
    matched: Mapping[str, object],
    needed: set[str],
    headers: Sequence[str],
    findings: Findings,
    *,
    file: str | None = None,
    sheet: str | None = None,
) -> None:
    """A finding for each column that is not there and must be: of the key, the entity, or one that the pack reads.

    A warning for those that the pack reads where the table says `no_column: unknown`: their values are unknown then.
    """
    place = Place(file=file, table=name, cell=sheet)
    must, spare = {*filled_columns(table)}, [h for h in headers if h.strip()]
    for column in sorted((must | needed & columns_of(table).keys()) - matched.keys()):
        near = _nearest_header(column, table, spare)
        if table.no_column == "unknown" and column not in must:
            findings.add("SH429", replace(place, field=column), severity="warning", column=column, nearest=near)
        else:
            findings.add("SH403", replace(place, field=column), column=column, nearest=near)


def _nearest_header(column: str, table: Table, headers: Sequence[str]) -> str | None:
    declared = columns_of(table)[column]
    for text in (column, *(declared.aliases or ())):
        if (found := nearest(text, headers)) is not None:
            return found
    return None


def loose(text: str) -> str:
    """A text for comparing: whatever its case, spaces, underscores and ё."""
    return re.sub(r"[\s\u00a0\u202f_]+", "", text.casefold().replace("ё", "е"))


def _plain(header: str) -> str:
    return header.strip().strip("\ufeff")


@dataclass(frozen=True, slots=True)
class Names:
    """Every way to name a column of one table, for asking about many headers.

    exact, alias, like   column by its name, by an alias, by the loose form of these and of its label
    percent              counts by the loose forms, for headers that end with «%»
    """

    exact: dict[str, str] = field(default_factory=dict)
    alias: dict[str, str] = field(default_factory=dict)
    like: dict[str, str] = field(default_factory=dict)
    percent: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table) -> Names:
        """The names of a table's columns."""
        names, columns = cls(), columns_of(table)
        names.exact.update((name, name) for name in columns)
        names.like.update((loose(name), name) for name in columns)  # a name goes before another column's alias
        for name, column in columns.items():
            for text in column.aliases or ():
                names.alias.setdefault(text.strip(), name)
            for text in (name, *(column.aliases or ())):
                names.like.setdefault(loose(text), name)
                if column.type == "count" and column.at_most:
                    names.percent.setdefault(loose(text), name)
        for name, column in columns.items():
            if column.label:
                names.like.setdefault(loose(column.label), name)  # last: what people call it, as the head of a template
        return names

    def told(self, header: str) -> tuple[str | None, bool]:
        """The column that a header names, None where none; and whether it gives a count in per cents."""
        text = _plain(header)
        column = self.exact.get(text) or self.alias.get(text) or self.like.get(loose(text))
        if column is None and (bare := _PERCENT.sub("", text)) != text:
            column = self.percent.get(loose(bare))
            return column, column is not None
        return column, False
