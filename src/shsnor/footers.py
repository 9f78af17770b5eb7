"""What the footers of Parquet files tell of their rows, which need not be read for it."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TypeAlias

from shsnor.rendering.given import Given
from shsnor.sql import literal, quote
from shsnor.store import Session

_FILES = re.compile(r"read_parquet\((\[[^\]]*\])")
#: Whole numbers that a BIGINT is larger than.
_NARROW = frozenset({"TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER", "UINTEGER"})
_WHOLE = _NARROW | {"BIGINT", "UBIGINT"}
#: Rows stand by entity where a group of rows shares values with at most such a part of the groups.
_SHARED = 0.25

Value: TypeAlias = "int | str"


@dataclass(frozen=True)
class Bounds:
    """The smallest and the largest value of a column in every group of rows: whole numbers, or texts."""

    low: tuple[Value, ...]
    high: tuple[Value, ...]

    def in_order(self) -> bool:
        """Whether a group of rows shares values with few of the others, as it does where rows stand by the column."""
        lows, highs = sorted(self.low), sorted(self.high)
        pairs = sum(
            bisect_right(lows, high) - bisect_left(highs, low) for low, high in zip(self.low, self.high, strict=True)
        )
        return pairs <= _SHARED * len(lows) ** 2

    def ranges(self, column: str, most: int) -> list[str]:
        """Conditions that part the rows by ranges of the column, `most` at most, with as many groups of rows in each."""
        lows = sorted(self.low)
        found = dict.fromkeys(lows[len(lows) * i // most] for i in range(1, most))
        cuts = [_written(cut) for cut in found if cut != lows[0]]
        if not cuts:
            return [""]
        between = [f"{column} >= {low} AND {column} < {high}" for low, high in itertools.pairwise(cuts)]
        return [f"({column} < {cuts[0]} OR {column} IS NULL)", *between, f"{column} >= {cuts[-1]}"]


def given(session: Session, relation: str) -> Given:
    """What is known of the columns of a relation; of one that is not Parquet only their types."""
    kinds = dict(session.described(relation))
    narrow = frozenset(quote(name) for name, kind in kinds.items() if kind in _NARROW)
    if (files := _files(relation)) is None:
        return Given(narrow=narrow)
    # a file may lack the column, and a footer the count, or a value in a group of rows that has some
    low, high = (f"TRY_CAST(stats_{end}_value AS HUGEINT)" for end in ("min", "max"))
    rows = session.rows(
        f"SELECT path_in_schema, count(*) = (SELECT sum(num_row_groups) FROM parquet_file_metadata({files})) "
        "AND count(stats_null_count) = count(*) AND sum(stats_null_count) = 0, "
        f"bool_and({low} + {high} IS NOT NULL OR coalesce(stats_null_count = num_values, FALSE)), min({low}), max({high}) "
        f"FROM parquet_metadata({files}) GROUP BY ALL"
    )
    full = frozenset(quote(name) for name, said, *_ in rows if said)
    whole = [row for row in rows if kinds.get(row[0]) in _WHOLE and row[2] and row[3] is not None]
    return Given(full, narrow, {quote(name): (int(low), int(high)) for name, *_, low, high in whole})


def bounds(session: Session, relation: str, column: str) -> Bounds | None:
    """What the footers say of a column, in quotes; None where they do not say it of every group of rows."""
    if (files := _files(relation)) is None:
        return None
    name = column.strip('"').replace('""', '"')
    rows = session.rows(
        f"SELECT type LIKE 'INT%', stats_min_value, stats_max_value FROM parquet_metadata({files}) "
        f"WHERE path_in_schema = {literal(name)}"
    )
    if not rows or any(low is None or high is None for _, low, high in rows):
        return None
    whole = all(found for found, _, _ in rows)
    try:
        low, high = (tuple(int(row[i]) if whole else row[i] for row in rows) for i in (1, 2))
    except ValueError:  # dates and decimals are stored as whole numbers
        return None
    return Bounds(low, high)


def _written(value: Value) -> str:
    return literal(value) if isinstance(value, str) else str(value)


def _files(relation: str) -> str | None:
    """The list of files that a relation reads, as SQL; None where it is not Parquet."""
    found = _FILES.search(relation)
    return found[1] if found else None
