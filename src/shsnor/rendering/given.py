"""What is known of the columns of a relation before its rows are read, and what need not be asked of them then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shsnor.sql import quote

_COUNTED = re.compile(r'\bcount\(("(?:[^"]|"")*")\)')
_ABOVE = re.compile(r'CAST\(count\(CASE WHEN \(("(?:[^"]|"")*") > (\d+)\) THEN 1 END\) AS BIGINT\)')
_WHOLE = re.compile(r'CAST\(\(("(?:[^"]|"")*")\) AS BIGINT\)')
_ALIKE = re.compile(r'\(("(?:[^"]|"")*")\)|CAST\(\(("(?:[^"]|"")*")\) AS (?:BIGINT|INTEGER|VARCHAR)\)')

#: A count of what is nowhere.
NOTHING = "CAST(0 AS BIGINT)"


@dataclass(frozen=True)
class Given:
    """Columns, in quotes, of a relation.

    full     nowhere NULL
    narrow   whole numbers that a BIGINT is larger than: of these a sum costs less
    between  of whole numbers: the smallest and the largest
    """

    full: frozenset[str] = frozenset()
    narrow: frozenset[str] = frozenset()
    between: Mapping[str, tuple[int, int]] = field(default_factory=dict)


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


def of_table(typed: Mapping[str, str], given: Given) -> Given:
    """What so is known of the columns of a table; of one that is made of another by more than its type nothing is.

    typed  column of the table -> its SQL over the relation
    """
    alike = {name: _ALIKE.fullmatch(sql) for name, sql in typed.items()}
    stands = {quote(name): same[1] or same[2] for name, same in alike.items() if same is not None}
    return Given(
        frozenset(name for name, column in stands.items() if column in given.full),
        frozenset(name for name, column in stands.items() if column in given.narrow),
        {name: given.between[column] for name, column in stands.items() if column in given.between},
    )


def as_known(sql: str, known: Given) -> str:
    """SQL of an aggregate over a table: values that all meet a condition, or are all there, are not asked whether they do."""
    if (found := _ABOVE.fullmatch(sql)) and known.between.get(found[1], (0, 0))[0] > int(found[2]):
        sql = f"CAST(count({found[1]}) AS BIGINT)"
    sql = _COUNTED.sub(lambda found: "count(*)" if found[1] in known.full else found[0], sql)
    return NOTHING if sql == "count(*) - count(*)" else sql
