"""What a stored column means, as its name: a hash of the SQL that makes it, down to the columns of the file and their types."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shsnor.reading import LoadedTable
from shsnor.rendering.cubes import ROWS, Cube
from shsnor.sql import quote
from shsnor.store import Session

#: Another way to make or store the sums needs another number.
FORMAT = 1

_IDENTIFIER = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True)
class Meaning:
    """The names under which the columns of `raw_<table>` are stored.

    keys   those that tell its rows apart -> stored name
    sums   the others -> stored name
    """

    keys: Mapping[str, str]
    sums: Mapping[str, str]

    @classmethod
    def of(cls, session: Session, cube: Cube, table: LoadedTable) -> Meaning:
        """What a cube asks of a table that stays in place: another pack asks the same under the same names."""
        types = {quote(name): kind for name, kind in session.described(table.raw)}
        typed = {quote(name): sql for name, sql in table.typed.items()}

        def named(what: str, sql: str) -> str:
            inner = {n: typed[n] for n in sorted(set(_IDENTIFIER.findall(sql))) if n in typed}
            read = set(_IDENTIFIER.findall(" ".join([sql, *inner.values()])))
            return f"{what}_{short([sql, inner, {n: types[n] for n in sorted(read) if n in types}], 24)}"

        keys = {alias: named("key", table.typed[column]) for alias, column in cube.columns_of_keys().items()}
        sums = {column: named("sum", sql) for column, sql in cube.aggregates().items()}
        sums[ROWS] = ROWS
        if cube.checked:
            sums["wrong"] = named("wrong", table.check_sql or "")
        return cls(keys, sums)

    @property
    def apart(self) -> str:
        """The stored keys, as one word."""
        return short(sorted(self.keys.values()), 16)


def base_of(session: Session, sha256: str, inside: str) -> str:
    """The content of which sums are stored, as one word: that of a file, with all that may change what a query gives."""
    duckdb, zone = session.row("SELECT version(), (SELECT value FROM duckdb_settings() WHERE name = 'TimeZone')")
    return short([FORMAT, duckdb, zone, sha256, inside], 32)


def short(said: object, letters: int) -> str:
    """A hash of something said, as so many letters."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:letters]


def tells_persons(cube: Cube, table: LoadedTable, levels_of_persons: Collection[str]) -> bool:
    """Whether a row of the sums would be a person's, or would hold more of one than sums."""
    declared = table.table
    if table.level in levels_of_persons:
        return True
    if not declared.persons:
        return False
    entity = {*(declared.entity or {}).values()}
    key = {*(declared.key or ())}
    named = {quote(column) for column in key - set(declared.dims) - entity}
    shown = [
        given.kind == "text" or (named & set(_IDENTIFIER.findall(sql)) and not sql.startswith("CAST(count("))
        for _, sql, given in cube.sums.values()
    ]
    return any(shown) or bool(key and key <= entity | set(cube.dims))
