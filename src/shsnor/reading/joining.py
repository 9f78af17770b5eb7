"""Rows of one table out of several sheets: those of one key are made one, and what does not agree is told with both cells.

Two reports may each hold a part of a row (marks, then their comparison with the journal): these complete one another. A row
that says nothing new is left out with a warning; two sheets that say different things of one cell are an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shsnor.errors import Findings, Place
from shsnor.headers import filled_columns
from shsnor.pack import Table
from shsnor.reading.values import MISSING, trimmed
from shsnor.sql import literal, quote
from shsnor.store import Session
from shsnor.workbooks import Origin

LISTED = 20


@dataclass
class Cells:
    """Where the rows of a staged table stand in workbooks.

    pieces   (first row, origin), in order
    joined   the table that tells of rows made of several where each column comes from; "" where there are none
    """

    session: Session
    pieces: list[tuple[int, Origin]]
    joined: str = ""

    def place(self, row: int, column: str | None) -> dict[str, Any]:
        """File, row and cell of a Place."""
        if self.joined and column is not None:
            name = quote("r:" + column.partition(", ")[0])
            known = {c for c, *_ in self.session.rows(f"DESCRIBE {self.joined}")}
            if name.strip('"') in known:
                for (source,) in self.session.rows(f"SELECT {name} FROM {self.joined} WHERE first = {row}"):
                    row = row if source is None else int(source)
        start, origin = max((piece for piece in self.pieces if piece[0] <= row), key=lambda piece: piece[0])
        return origin.place(row - start, column)


def join_rows(
    session: Session, name: str, table: Table, relation: str, columns: Sequence[str], cells: Cells, findings: Findings
) -> None:
    """Make the rows of several sheets that have one key into one row, in `relation`; `cells` learns where they come from."""
    key = [column for column in table.key or () if column in columns]
    others = [column for column in columns if column not in key]
    if len(cells.pieces) < 2 or not set(filled_columns(table)) <= {*columns} or not key:
        return
    missing = (*MISSING, *(table.missing or ()), *(table.hidden or ()))
    listed = ", ".join(map(literal, dict.fromkeys(missing)))

    def known(column: str) -> str:
        text = trimmed(quote(column))
        return f"CASE WHEN ({text}) NOT IN ({listed}) THEN ({text}) END"

    def plain(column: str) -> str:
        """A text such that two of them differ where the cells say different things."""
        text = f"({known(column)})"
        return f"coalesce(CAST(try_cast(replace({text}, ',', '.') AS DECIMAL(28,9)) AS VARCHAR), {text})"

    keys = ", ".join(f"{trimmed(quote(c))} AS {quote('k:' + c)}" for c in key)
    group = ", ".join(quote("k:" + c) for c in key)
    starts = " ".join(f"WHEN rowid >= {start} THEN {n}" for n, (start, _) in reversed([*enumerate(cells.pieces)]))
    said = ", ".join(f"{known(c)} AS {quote(c)}, {plain(c)} AS {quote('p:' + c)}" for c in others)
    session.con.execute(
        f"CREATE OR REPLACE TEMP TABLE keyed AS SELECT rowid AS nth, CASE {starts} END AS sheet, {keys},"
        f" {said or '1 AS one'} FROM {relation}"
    )
    # A key that one sheet has twice is told of by the check of keys.
    several = f"SELECT {group} FROM keyed GROUP BY {group} HAVING count(*) > 1 AND count(*) = count(DISTINCT sheet)"
    same = " AND ".join(f"a.{quote('k:' + c)} IS NOT DISTINCT FROM b.{quote('k:' + c)}" for c in key)
    session.con.execute(
        f"CREATE OR REPLACE TEMP TABLE shared AS SELECT a.* FROM keyed AS a JOIN ({several}) AS b ON {same}"
    )
    if not session.row("SELECT count(*) FROM shared")[0]:
        return
    tell = _Telling(session, name, table, cells, findings, key, group)
    tell.differing(others)
    tell.repeated(others)
    joined = f"staging.{quote(name + ' joined')}"
    made = ", ".join(
        f"arg_min({quote(c)}, nth) FILTER (WHERE {quote(c)} IS NOT NULL) AS {quote(c)},"
        f" min(nth) FILTER (WHERE {quote(c)} IS NOT NULL) AS {quote('r:' + c)}"
        for c in others
    )
    session.con.execute(
        f"CREATE TABLE {joined} AS SELECT min(nth) AS first{', ' + made if made else ''} FROM shared GROUP BY {group}"
    )
    if others:
        texts = ", ".join(f"{quote(c)} = coalesce(j.{quote(c)}, t.{quote(c)})" for c in others)
        session.con.execute(f"UPDATE {relation} AS t SET {texts} FROM {joined} AS j WHERE t.rowid = j.first")
    session.con.execute(
        f"DELETE FROM {relation} WHERE rowid IN (SELECT nth FROM shared) AND rowid NOT IN (SELECT first FROM {joined})"
    )
    cells.joined = joined


@dataclass(frozen=True)
class _Telling:
    """The findings about rows that several sheets have."""

    session: Session
    name: str
    table: Table
    cells: Cells
    findings: Findings
    key: Sequence[str]
    group: str

    def differing(self, others: Sequence[str]) -> None:
        """An error for each cell of which two sheets say different things."""
        for column in others:
            plain, text = quote("p:" + column), quote(column)
            other = f"WHERE {plain} <> first_plain"
            query = (
                f"SELECT min(nth), arg_min({text}, nth), min(nth) FILTER ({other}), arg_min({text}, nth) FILTER ({other})"
                f" FROM (SELECT *, first_value({plain}) OVER (PARTITION BY {self.group} ORDER BY nth) AS first_plain"
                f" FROM shared WHERE {plain} IS NOT NULL) GROUP BY {self.group} HAVING count(DISTINCT {plain}) > 1"
            )
            self._list(f"{query} ORDER BY 1 LIMIT {LISTED}", query, column)

    def _list(self, listed: str, whole: str, column: str) -> None:
        persons = bool(self.table.persons)
        count = int(self.session.row(f"SELECT count(*) FROM ({whole})")[0])
        for first, one, second, other in self.session.rows(listed) if count else ():
            there = self.cells.place(first, column)
            place = Place(
                table=self.name, field=column, value=None if persons else other, **self.cells.place(second, column)
            )
            self.findings.add(
                "SH436", place, first=None if persons else one, first_file=there["file"], first_cell=there["cell"]
            )
        if count > LISTED:
            self.findings.add("SH436", Place(table=self.name, field=column), count=count, listed=LISTED)

    def repeated(self, others: Sequence[str]) -> None:
        """A warning where rows say nothing that another sheet does not say; one that says otherwise repeats nothing."""
        plain = (quote("p:" + c) for c in others)
        new = " OR ".join(f"(a.{c} IS NOT NULL AND a.{c} IS DISTINCT FROM b.{c})" for c in plain) or "FALSE"
        same = " AND ".join(f"a.{quote('k:' + c)} IS NOT DISTINCT FROM b.{quote('k:' + c)}" for c in self.key)
        query = f"SELECT DISTINCT a.nth AS nth FROM shared AS a JOIN shared AS b ON {same} AND a.nth > b.nth WHERE NOT ({new})"
        count, first = self.session.row(f"SELECT count(*), min(nth) FROM ({query})")
        if count:
            place = Place(table=self.name, **self.cells.place(int(first), self.key[0]))
            self.findings.add("SH437", place, severity="warning", count=int(count))
