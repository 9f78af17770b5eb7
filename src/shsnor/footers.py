"""What the footers of Parquet files tell of their rows, which need not be read for it."""

from __future__ import annotations

import re

from shsnor.rendering.given import Given
from shsnor.sql import literal, quote
from shsnor.store import Session

_FILES = re.compile(r"read_parquet\((\[[^\]]*\])")
#: Whole numbers that a BIGINT is larger than.
_NARROW = frozenset({"TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER", "UINTEGER"})


def given(session: Session, relation: str) -> Given:
    """What is known of the columns of a relation; of one that is not Parquet only their types."""
    narrow = frozenset(quote(name) for name, kind in session.described(relation) if kind in _NARROW)
    if (files := _files(relation)) is None:
        return Given(narrow=narrow)
    # a file may lack the column, and a footer the count
    rows = session.rows(
        f"SELECT path_in_schema, count(*) = (SELECT sum(num_row_groups) FROM parquet_file_metadata({files})) "
        f"AND count(stats_null_count) = count(*) AND sum(stats_null_count) = 0 FROM parquet_metadata({files}) GROUP BY ALL"
    )
    return Given(frozenset(quote(name) for name, full in rows if full), narrow)


def by_entity(session: Session, relation: str, column: str) -> bool:
    """Whether a group of rows of a Parquet file shares values of a column, in quotes, with few of the others, as it does
    where rows stand by entity."""
    if (files := _files(relation)) is None:
        return False
    name = column.strip('"').replace('""', '"')
    whole = "CASE WHEN type LIKE 'INT%' THEN CAST({} AS HUGEINT) END"  # of texts the order is that of texts
    low, high = whole.format("stats_min_value"), whole.format("stats_max_value")
    bounds = (
        f"SELECT {low} AS low, {high} AS high, stats_min_value AS first, stats_max_value AS last "
        f"FROM parquet_metadata({files}) WHERE path_in_schema = {literal(name)}"
    )
    texts = "(a.first <= b.last AND b.first <= a.last)"
    shared = f"CASE WHEN a.low IS NULL THEN {texts} ELSE a.low <= b.high AND b.low <= a.high END"
    groups, pairs = session.row(
        f"WITH g AS MATERIALIZED ({bounds}) SELECT (SELECT count(*) FROM g), count(*) FROM g a JOIN g b ON {shared}"
    )
    return bool(groups) and 4 * pairs <= groups * groups


def _files(relation: str) -> str | None:
    """The list of files that a relation reads, as SQL; None where it is not Parquet."""
    found = _FILES.search(relation)
    return found[1] if found else None
