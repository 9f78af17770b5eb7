"""The roster: every entity of every level, numbered by its key, and which contains which.

`roster.<level>`: id (from 0, in the order of the keys), key, name, latitude, longitude, and `up_<level>` for every higher
level: the id of the entity there that contains it, NULL where it says of none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shsnor.errors import Findings, Place
from shsnor.pack import Level, Table
from shsnor.reading.loaded import LoadedTable
from shsnor.sql import literal, quote
from shsnor.store import Session

LISTED = 20
NAMES = ("name", "label", "title", "название")
DEGREES = ("latitude", "longitude")

#: Name and place of an entity of which only the key is known.
NOWHERE = "NULL AS name, NULL AS latitude, NULL AS longitude"


def roster_tables(levels: Mapping[str, Level]) -> dict[str, set[str]]:
    """Tables that the roster is made of, with the columns it reads."""
    found: dict[str, set[str]] = {}
    owner: str | None = None
    for level in levels.values():
        if level.column is not None and owner is not None:
            found.setdefault(owner, set()).add(level.column)
        if level.table is not None:
            found.setdefault(level.table, set()).add(level.key or "")
            owner = level.table
        for table in level.also or ():
            found.setdefault(table, set())
    return found


def build_roster(
    session: Session, levels: Mapping[str, Level], loaded: Mapping[str, LoadedTable], top_key: str, findings: Findings
) -> None:
    """Create the tables of schema `roster` from the tables loaded."""
    names = list(levels)
    for rank in reversed(range(len(names))):  # from the top down: each level points at the one above it
        _build(session, rank, names, levels, loaded, top_key)
        _several(session, rank, names, levels, loaded, findings)


def _build(
    session: Session,
    rank: int,
    names: Sequence[str],
    levels: Mapping[str, Level],
    loaded: Mapping[str, LoadedTable],
    top_key: str,
) -> None:
    """One level: its keys, numbered, and of each the entities that contain it."""
    keys = _keys(rank, names, levels, loaded, top_key)
    numbered = (
        "SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS id, key, min(name) AS name,"
        " min(latitude) AS latitude, min(longitude) AS longitude"
        f" FROM ({keys}) WHERE key IS NOT NULL GROUP BY key"
    )
    ups, joins = [], ""
    links = _links(rank, names, levels, loaded)
    if links is not None:
        above = names[rank + 1]
        joins = (
            f" LEFT JOIN (SELECT key, min(up) AS up FROM ({links}) GROUP BY key) AS l ON l.key = k.key"
            f" LEFT JOIN roster.{quote(above)} AS u ON u.key = l.up"
        )
        ups = [f"u.id AS {_up(above)}"]
        for higher in range(rank + 2, len(names)):
            name = names[higher]
            own = _own_link(rank, higher, names, levels, loaded)
            if own is None:
                ups.append(f"u.{_up(name)}")
                continue
            # its own row says it: an entity that names none of the levels between still lies in this one
            joins += (
                f" LEFT JOIN (SELECT key, min(up) AS up FROM ({own}) GROUP BY key) AS l{higher} ON l{higher}.key = k.key"
                f" LEFT JOIN roster.{quote(name)} AS u{higher} ON u{higher}.key = l{higher}.up"
            )
            ups.append(f"coalesce(u.{_up(name)}, u{higher}.id) AS {_up(name)}")
    else:
        ups = [f"CAST(NULL AS INTEGER) AS {_up(name)}" for name in names[rank + 1 :]]
    if ups and levels[names[-1]].column is None:
        ups[-1] = f"0 AS {_up(names[-1])}"  # all are in the top level, whatever lies between
    columns = ", ".join(["k.id", "k.key", "k.name", "k.latitude", "k.longitude", *ups])
    session.con.execute(
        f"CREATE TABLE roster.{quote(names[rank])} AS SELECT {columns} FROM ({numbered}) AS k{joins} ORDER BY k.id"
    )


def _up(level: str) -> str:
    return quote(f"up_{level}")


def _several(
    session: Session,
    rank: int,
    names: Sequence[str],
    levels: Mapping[str, Level],
    loaded: Mapping[str, LoadedTable],
    findings: Findings,
) -> None:
    """A finding for each entity that its table puts into two entities of the level above."""
    links = _links(rank, names, levels, loaded)
    if links is None:
        return
    above, level = names[rank + 1], levels[names[rank]]
    lowest = levels[names[0]].table
    named = loaded[lowest].table.columns.get(levels[above].column or "") if lowest is not None else None
    label = named.label if named is not None else None
    twice = f"SELECT key, min(up), max(up) FROM ({links}) GROUP BY key HAVING min(up) <> max(up) ORDER BY key"
    for key, first, second in session.rows(f"{twice} LIMIT {LISTED}"):
        persons = level.table is not None and loaded[level.table].table.persons
        place = Place(table=level.table, field=levels[above].column, value=None if persons else key)
        findings.add("SH428", place, level=names[rank], above=above, label=label, first=first, second=second)


def _keys(
    rank: int, names: Sequence[str], levels: Mapping[str, Level], loaded: Mapping[str, LoadedTable], top_key: str
) -> str:
    """SQL of the keys of a level with their names, keys repeated."""
    name, level = names[rank], levels[names[rank]]
    parts = []
    if level.table is not None and level.key is not None:
        table = loaded[level.table]
        label = _name_column(table.table, level.key)
        place = ", ".join(f"{_degrees(table.table, degrees)} AS {degrees}" for degrees in DEGREES)
        parts.append(f"SELECT {quote(level.key)} AS key, {label} AS name, {place} FROM {table.relation}")
    for also in level.also or ():
        column = (loaded[also].table.entity or {}).get(name, level.key or "")
        parts.append(f"SELECT DISTINCT {quote(column)} AS key, {NOWHERE} FROM {loaded[also].relation}")
    owner = _owner(rank, names, levels)
    if level.column is not None and owner is not None:
        parts.append(f"SELECT DISTINCT {quote(level.column)} AS key, {NOWHERE} FROM {loaded[owner[1]].relation}")
    if rank == len(names) - 1 and not parts:
        parts.append(
            f"SELECT {literal(top_key)} AS key, {literal(top_key)} AS name, NULL AS latitude, NULL AS longitude"
        )
    if not parts:
        parts.append(f"SELECT CAST(NULL AS VARCHAR) AS key, {NOWHERE}")
    return " UNION ALL ".join(parts)


def _owner(rank: int, names: Sequence[str], levels: Mapping[str, Level]) -> tuple[int, str, str] | None:
    """(rank, table, key) of the nearest level below that has a table: its rows say what a `column` level is."""
    for below in range(rank - 1, -1, -1):
        level = levels[names[below]]
        if level.table is not None and level.key is not None:
            return below, level.table, level.key
    return None


def _name_column(table: Table, key: str) -> str:
    for name in NAMES:
        if name in table.columns and name != key:
            return f"CAST({quote(name)} AS VARCHAR)"
    return "CAST(NULL AS VARCHAR)"


def _degrees(table: Table, name: str) -> str:
    found = table.columns.get(name)
    return f"CAST({quote(name)} AS DECIMAL(38, 9))" if found is not None and found.type == "number" else "NULL"


def _links(
    rank: int, names: Sequence[str], levels: Mapping[str, Level], loaded: Mapping[str, LoadedTable]
) -> str | None:
    """SQL of (key, up): the key of an entity of a level and that of the one above it; None where no table says so."""
    column = levels[names[rank + 1]].column if rank + 1 < len(names) else None
    if column is None:
        return None
    level, owner = levels[names[rank]], _owner(rank, names, levels)
    if level.table is not None and level.key is not None:
        return f"SELECT {quote(level.key)} AS key, {quote(column)} AS up FROM {loaded[level.table].relation}"
    assert owner is not None and level.column is not None
    own = quote(level.column)
    return f"SELECT {own} AS key, {quote(column)} AS up FROM {loaded[owner[1]].relation} WHERE {own} IS NOT NULL"


def _own_link(
    rank: int, higher: int, names: Sequence[str], levels: Mapping[str, Level], loaded: Mapping[str, LoadedTable]
) -> str | None:
    """SQL of (key, up) where the table of a level itself names an entity of a level above the next; None where it does not."""
    level, column, owner = levels[names[rank]], levels[names[higher]].column, _owner(higher, names, levels)
    if column is None or level.key is None or owner is None or owner[0] != rank:
        return None
    return f"SELECT {quote(level.key)} AS key, {quote(column)} AS up FROM {loaded[owner[1]].relation}"
