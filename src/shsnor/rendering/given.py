"""What is known of the columns of a relation before its rows are read, and what need not be asked of them then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_COUNTED = re.compile(r'\bcount\(("(?:[^"]|"")*")\)')
_WHOLE = re.compile(r'CAST\(\(("(?:[^"]|"")*")\) AS BIGINT\)')
_ALIKE = re.compile(r'\(("(?:[^"]|"")*")\)|CAST\(\(("(?:[^"]|"")*")\) AS (?:BIGINT|INTEGER|VARCHAR)\)')

#: A count of what is nowhere.
NOTHING = "CAST(0 AS BIGINT)"


@dataclass(frozen=True)
class Given:
    """Columns, in quotes, of a relation.

    full    nowhere NULL
    narrow  whole numbers that a BIGINT is larger than: of these a sum costs less
    """

    full: frozenset[str] = frozenset()
    narrow: frozenset[str] = frozenset()


def as_they_stand(typed: Mapping[str, str], given: Given, reckoned: Iterable[str]) -> dict[str, str]:
    """Column of a table -> its SQL over the relation, left as it stands there where that makes no difference.

    typed     the same as declared
    reckoned  columns that formulas compute with
    """
    kept = set(reckoned)
    found = dict(typed)
    for name, sql in typed.items():
        whole = _WHOLE.fullmatch(sql)
        if whole is not None and whole[1] in given.narrow and name not in kept:
            found[name] = whole[1]
    return found


def full_columns(typed: Mapping[str, str], given: Given) -> frozenset[str]:
    """The columns of a table, in quotes, that are nowhere NULL as they are nowhere in the relation."""
    alike = {name: _ALIKE.fullmatch(sql) for name, sql in typed.items()}
    return frozenset(
        '"' + name.replace('"', '""') + '"'
        for name, same in alike.items()
        if same is not None and (same[1] or same[2]) in given.full
    )


def without_gaps(sql: str, full: frozenset[str]) -> str:
    """SQL of an aggregate; values of a column without NULL are not counted apart from its rows."""
    sql = _COUNTED.sub(lambda found: "count(*)" if found[1] in full else found[0], sql)
    return NOTHING if sql == "count(*) - count(*)" else sql
