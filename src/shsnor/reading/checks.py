"""What can be wrong in the rows of a table, as SQL conditions, and the findings for those rows where they hold.

Every check is a boolean over a column's cleaned cell and its typed value. Both are given as SQL, so that the same check
runs over a table that has them as columns and inside the engine's scan of a file. All checks of a table are counted in
one query; only where one holds are its rows looked up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shsnor.errors import Findings, Place, Severity
from shsnor.headers import columns_of, filled_columns
from shsnor.pack import Column, Table
from shsnor.reading.values import always_typed, is_number, is_percent, is_text
from shsnor.sql import literal, quote
from shsnor.store import Session

LISTED = 20
#: A year outside is a slip of the pen, whatever the pack says.
YEARS = (1900, 2199)


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that no row may meet.

    condition  boolean SQL over the checked relation
    shown      SQL of the offending value as text
    """

    code: str
    column: str
    condition: str
    shown: str
    details: dict[str, Any] = dataclasses.field(default_factory=dict)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Cells:
    """How the checks name a column: its cleaned cell and its typed value, as SQL."""

    cell: Callable[[str], str]
    value: Callable[[str], str]


def checks_of(table: Table, types: Mapping[str, str], cells: Cells) -> list[Check]:
    """The checks of every column of `types` (column -> DuckDB type of its cell), in the order of the table."""
    found: list[Check] = []
    filled = filled_columns(table)
    for name, column in columns_of(table).items():
        if name not in types:
            continue
        cell, value = cells.cell(name), cells.value(name)
        found += _of_type(name, column, types[name], cell, value)
        if name in filled or column.empty == "error":
            empty = cell if always_typed(types[name], column) else f"{value} IS NULL AND {cell}"
            found.append(Check("SH408", name, f"{empty} IS NULL", "NULL"))
        found += _of_bounds(name, column, value)
        if column.at_most is not None and column.at_most in types:
            other = cells.value(column.at_most)
            shown = f"CAST({value} AS VARCHAR) || ' > ' || CAST({other} AS VARCHAR)"
            whole = columns_of(table)[column.at_most]
            told = {"other": column.at_most} | ({"label": whole.label} if whole.label else {})
            found.append(Check("SH409", name, f"{value} > {other}", shown, told))
    return found


def _of_type(name: str, column: Column, duckdb_type: str, cell: str, value: str) -> list[Check]:
    """The cell says something that is not of the column's type."""
    wrong = f"{cell} IS NOT NULL AND {value} IS NULL"
    shown = f"CAST({cell} AS VARCHAR)"
    expected: dict[str, Any] = {"expected": column.type}
    if always_typed(duckdb_type, column):
        return []
    if column.type != "count":
        return [Check("SH404", name, wrong, shown, expected)]
    if not is_text(duckdb_type):
        return [Check("SH422", name, wrong, shown)]
    percent = is_percent(cell) if column.at_most else "FALSE"
    broken = f"{is_number(cell)} AND NOT suffix({cell}, '%')"
    return [
        Check("SH404", name, f"{wrong} AND NOT ({broken}) AND NOT {percent}", shown, expected),
        Check("SH422", name, f"{wrong} AND {broken}", shown),
        Check("SH414", name, f"{wrong} AND {percent}", shown, {"base": column.at_most}, "warning"),
    ]


def _of_bounds(name: str, column: Column, value: str) -> list[Check]:
    shown = f"CAST({value} AS VARCHAR)"
    found = []
    if column.values is not None:
        listed = ", ".join(map(literal, column.values))
        found.append(Check("SH406", name, f"{shown} NOT IN ({listed})", shown, {"values": list(column.values)}))
    low, high = _bounds(column)
    outside = [f"{value} {sign} {bound}" for sign, bound in (("<", low), (">", high)) if bound is not None]
    if outside:
        found.append(Check("SH405", name, f"({' OR '.join(outside)})", shown, {"low": low, "high": high}))
    return found


def _bounds(column: Column) -> tuple[str | None, str | None]:
    if column.type not in ("count", "number", "year"):
        return None, None
    if column.range is not None:
        return column.range
    if column.type == "year":
        return str(YEARS[0]), str(YEARS[1])
    return ("0", None) if column.type == "count" else (None, None)


def any_of(checks: Sequence[Check]) -> str | None:
    """One boolean: true where some check of severity error holds; None where there is none."""
    conditions = [f"({c.condition})" for c in checks if c.severity == "error"]
    return " OR ".join(conditions) or None


def doubtful(
    session: Session, checks: Sequence[Check], table: Table, types: Mapping[str, str], cells: Cells, relation: str
) -> list[Check]:
    """The checks that some row may meet: one is left out where the smallest and the largest cell, or their number, rule it out.

    These stand in the statistics of a Parquet file: no row is read for them.
    """
    columns, tests = columns_of(table), dict[int, str]()
    for i, check in enumerate(checks):
        cell = cells.cell(check.column)
        if not always_typed(types[check.column], columns[check.column]):
            continue  # its value is not its cell
        if check.code == "SH405":
            low, high = check.details["low"], check.details["high"]
            sides = [f"min({cell}) < {low}"] * (low is not None) + [f"max({cell}) > {high}"] * (high is not None)
            tests[i] = " OR ".join(sides)
        elif check.code == "SH408":
            tests[i] = f"count(*) > count({cell})"
    if not tests:
        return list(checks)
    met = session.row(f"SELECT {', '.join(f'coalesce({t}, FALSE)' for t in tests.values())} FROM {relation}")
    ruled_out = {i for i, wrong in zip(tests, met, strict=True) if not wrong}
    return [c for i, c in enumerate(checks) if i not in ruled_out]


PlaceOf = Callable[..., Place]


@dataclass(frozen=True)
class Rows:
    """The checked relation of a table and how its rows are named.

    relation  SQL to select from
    row       SQL of the row's number, from 0
    file      SQL of the row's file, or None
    place_of  (row, file, field=, value=) -> Place
    persons   values are not shown
    """

    relation: str
    row: str
    file: str | None
    place_of: PlaceOf
    persons: bool = False

    @property
    def place(self) -> str:
        """SQL of the row's file and number, in this order."""
        return f"{self.file or 'NULL'}, {self.row}"

    @property
    def order(self) -> str:
        return f"{self.file}, {self.row}" if self.file else self.row


def run_checks(session: Session, checks: Sequence[Check], rows: Rows, findings: Findings) -> None:
    """Findings for every row in which a check's condition holds, at most `LISTED` each and then their number."""
    if not checks:
        return
    sums = ", ".join(f"count(CASE WHEN {check.condition} THEN 1 END)" for check in checks)
    counts = session.row(f"SELECT {sums} FROM {rows.relation}")
    for check, count in zip(checks, counts, strict=True):
        if count:
            list_rows(session, check, int(count), rows, findings)


def list_rows(session: Session, check: Check, count: int, rows: Rows, findings: Findings) -> None:
    """Findings for the first rows in which a check's condition holds, then how many where not all are listed."""
    query = (
        f"SELECT {rows.place}, {check.shown} FROM {rows.relation} WHERE {check.condition}"
        f" ORDER BY {rows.order} LIMIT {LISTED}"
    )
    for path, row, value in session.rows(query):
        shown = None if rows.persons else value
        place = rows.place_of(row, path, field=check.column, value=shown)
        findings.add(check.code, place, severity=check.severity, **check.details)
    if count > LISTED:
        place = rows.place_of(None, None, field=check.column)
        findings.add(check.code, place, severity=check.severity, **check.details, count=count, listed=LISTED)


def check_keys(session: Session, table: Table, rows: Rows, findings: Findings, origin: str | None = None) -> None:
    """A finding for each row of a table whose key an earlier row has.

    origin  SQL that stands for the entity's code where rows of merged schools are kept apart
    """
    if not table.key:
        return
    entities, filled = (table.entity or {}).values(), filled_columns(table)
    parts = [origin if origin and column in entities else quote(column) for column in table.key]
    # A row without a part of its key has been found by another check.
    complete = " AND ".join([f"{quote(column)} IS NOT NULL" for column in table.key if column in filled]) or "TRUE"
    # By hash first: one number is grouped faster than a key of five columns.
    key_hash = f"hash({', '.join(parts)})"
    session.con.execute(
        f"CREATE OR REPLACE TEMP TABLE same_hash AS SELECT {key_hash} AS h FROM {rows.relation} WHERE {complete}"
        " GROUP BY h HAVING count(*) > 1"
    )
    if not session.row("SELECT count(*) FROM same_hash")[0]:
        return
    suspects = f"{rows.relation} WHERE {complete} AND {key_hash} IN (SELECT h FROM same_hash)"
    same = f"WINDOW same AS (PARTITION BY {', '.join(parts)} ORDER BY {rows.order})"
    shown, field = f"concat_ws(', ', {', '.join(map(quote, table.key))})", ", ".join(table.key)
    repeated = (
        f"SELECT {rows.place}, {shown}, first_value({rows.row}) OVER same FROM {suspects} {same}"
        " QUALIFY row_number() OVER same > 1"
    )
    count = int(session.row(f"SELECT count(*) FROM ({repeated})")[0])
    for path, row, value, first in session.rows(f"{repeated} ORDER BY {rows.order} LIMIT {LISTED}"):
        place = rows.place_of(row, path, field=field, value=None if rows.persons else value)
        findings.add("SH407", place, first_row=rows.place_of(first, path).row)
    if count > LISTED:
        findings.add("SH407", rows.place_of(None, None, field=field), count=count, listed=LISTED)
