"""A fact table summed in slices, where the sums of all of it at once would not fit the memory allowed.

Measured on 100 million rows in no order: one grouping under a limit of 1 GB spilled 6.4 GB and took three times as long;
a grouping for each year spilled nothing, for half as much time again. Where rows stand by entity a slice skips the groups of
rows of the others, so that all are still read once; one grouping would take no longer, but short of memory DuckDB scatters
its sums, and all that reads them then takes twice as long.
"""

from __future__ import annotations

import re
from math import ceil, prod

from shsnor.footers import bounds
from shsnor.rendering.cubes import Cube
from shsnor.sql import literal
from shsnor.standard import levels_of_persons
from shsnor.store import Session

#: Bytes that a group takes beside its sums, and a sum, in each thread (measured, rounded up).
_GROUP, _SUM = 48, 12
#: Part of the memory allowed that the groups may take.
_PART = 0.6
#: How many cells there are is guessed from so many rows.
_LOOKED_AT = 100_000
#: Slices are by a dimension of so many values at most.
_MOST = 40
#: A slice of entities has so many groups of rows for every thread.
_AT_ONCE = 4
_SIZE = re.compile(r"(\d+(?:\.\d+)?) (bytes|[KMGT]i?B)")
_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


def slices(session: Session, cube: Cube, relation: str, rows: int, entities: int) -> list[str]:
    """Conditions over the cube's keys, one for each scan that the rows of a relation are to be summed in.

    entities  how many there may be
    returns   one empty condition where one scan does for all
    """
    if not cube.digits:
        return [""]
    room = _PART * _allowed(session)
    taken = _taken(session, cube, min(rows, entities * prod(d.size for d in cube.digits.values())))
    if taken > room:  # it may be less: not every combination of values is there
        taken = _taken(session, cube, min(rows, entities * _cells(session, cube)))
    if taken <= room:
        return [""]
    if found := _by_entity(session, cube, relation, ceil(taken / max(room, 1))):
        return found
    dims = {name: digit for name, digit in cube.digits.items() if 2 <= len(_values(digit.values)) <= _MOST}
    if not dims:
        return [""]
    name = "year" if "year" in dims else min(dims, key=lambda d: -len(_values(dims[d].values)))
    column = dims[name].raw
    found = [f"{column} = {value}" for value in _values(dims[name].values)]
    return [f"({found[0]} OR {column} IS NULL)", *found[1:]]


def _by_entity(session: Session, cube: Cube, relation: str, wanted: int) -> list[str]:
    """Conditions of ranges of entities, as many as are wanted or as have enough rows; none where rows do not stand by entity.

    Of entities that are persons one for all: a condition names keys, and statements go to the log.
    """
    stand = bounds(session, relation, cube.raw_keys[cube.entity][0]) if cube.entity else None
    if stand is None or not stand.in_order():
        return []
    if cube.plan.resolved.levels[cube.level] in levels_of_persons(cube.plan.pack):
        return [""]
    most = len(stand.low) // (_AT_ONCE * _threads(session))
    return stand.ranges("k0", max(1, min(wanted, most)))


def _values(values: tuple[str, ...] | tuple[int, int]) -> list[str]:
    if isinstance(values[0], int):
        return [str(v) for v in range(values[0], int(values[1]) + 1)]
    return [literal(str(v)) for v in values]


def _cells(session: Session, cube: Cube) -> int:
    """How many combinations of the dimensions there are in some of the rows."""
    keys = ", ".join(digit.raw for digit in cube.digits.values())
    some = f"SELECT DISTINCT {keys} FROM (SELECT * FROM {cube.relation} LIMIT {_LOOKED_AT})"
    return int(session.row(f"SELECT count(*) FROM ({some})")[0])


def _taken(session: Session, cube: Cube, groups: int) -> int:
    """The bytes that so many groups take."""
    return groups * (_GROUP + _SUM * len(cube.columns_summed())) * _threads(session)


def _threads(session: Session) -> int:
    return int(session.row("SELECT current_setting('threads')")[0])


def _allowed(session: Session) -> float:
    """The memory that the session may take, in bytes."""
    said = _SIZE.fullmatch(str(session.row("SELECT current_setting('memory_limit')")[0]))
    return float(said[1]) * _UNITS.get(said[2], 1) if said else float("inf")
