"""Rows of students summed to the totals of their schools, in one pass: the second source of `results`.

A student took part if a mark, a score or a verdict is known. One participant whose mark is unknown makes the numbers
of marks unknown, and likewise for scores; a gap is never counted as somebody who did not fail.
"""

from __future__ import annotations

from collections.abc import Mapping

from shsnor.errors import Findings, Place
from shsnor.pack import Column
from shsnor.reading.checks import LISTED
from shsnor.reading.headers import columns_of
from shsnor.reading.loaded import LoadedTable, digest_text
from shsnor.reading.values import sql_type
from shsnor.sql import quote
from shsnor.store import Session

STUDENTS, RESULTS = "student_results", "results"
CELL = ("school_id", "year", "procedure", "grade", "subject")
#: What a column of `results` cannot be summed without.
SOURCES = {**{f"mark_{n}": "mark" for n in (2, 3, 4, 5)}, "score_sum": "score", "score_max": "score_max"}
HASH, WRONG = "#hash", "#wrong"


def add_students(session: Session, students: LoadedTable, results: LoadedTable, findings: Findings) -> bool:
    """Append the totals of `students` to `results`; a cell that has both is a finding.

    returns  whether rows scanned in place are wrong, or of schools that the roster lacks
    """
    totals, keys = "staging.totals", ", ".join(map(quote, CELL))
    sums = _totals(students, columns_of(results.table), set(results.used))
    if students.in_place:  # one scan tells all: what is wrong, and what was read
        sums[WRONG] = f"count(CASE WHEN {students.check_sql or 'FALSE'} THEN 1 END)"
        sums[HASH] = f"sum(hash({', '.join(students.typed[column] for column in students.used)}))"
    listed = ", ".join(f"{sql} AS {quote(column)}" for column, sql in sums.items())
    groups = ", ".join(students.typed[column] for column in CELL)
    session.con.execute(f"CREATE TABLE {totals} AS SELECT {listed} FROM {students.raw} GROUP BY {groups}")
    wrong = students.in_place and _look(session, students, totals)
    _both(session, f"SELECT {keys} FROM {totals} SEMI JOIN {results.relation} USING ({keys})", findings)
    session.con.execute(f"INSERT INTO {results.relation} BY NAME SELECT * FROM {totals}")
    results.rows = int(session.row(f"SELECT count(*) FROM {results.relation}")[0])
    session.con.execute(f"DROP TABLE {totals}")
    return wrong


def _look(session: Session, students: LoadedTable, totals: str) -> bool:
    """Takes from the totals what they tell of the rows; leaves totals of unknown schools out."""
    rows_hash, wrong = session.row(f"SELECT sum({quote(HASH)}), sum({quote(WRONG)}) FROM {totals}")
    students.digest = digest_text(students.rows, int(rows_hash or 0))
    for column in (HASH, WRONG):
        session.con.execute(f"ALTER TABLE {totals} DROP COLUMN {quote(column)}")
    unknown = f"school_id NOT IN (SELECT key FROM roster.{quote(students.level)})"
    lost = session.row(f"SELECT count(*) FROM {totals} WHERE {unknown}")[0]
    session.con.execute(f"DELETE FROM {totals} WHERE {unknown}")
    return bool(wrong or lost)


def _both(session: Session, cells: str, findings: Findings) -> None:
    """A finding for each cell that stands in both tables."""
    count, field = int(session.row(f"SELECT count(*) FROM ({cells})")[0]), ", ".join(CELL)
    for row in session.rows(f"{cells} ORDER BY ALL LIMIT {LISTED}") if count else ():
        value = ", ".join(str(part) for part in row)
        findings.add("SH407", Place(table=RESULTS, field=field, value=value), other=STUDENTS)
    if count > LISTED:
        findings.add("SH407", Place(table=RESULTS, field=field), other=STUDENTS, count=count, listed=LISTED)


def _totals(students: LoadedTable, columns: Mapping[str, Column], used: set[str]) -> dict[str, str]:
    """SQL of each column of `results` over the rows of one cell; what nobody reads is left empty."""
    mark, score, score_max, below = (students.typed[c] for c in ("mark", "score", "score_max", "below_minimum"))
    took_part = f"({mark} IS NOT NULL OR {score} IS NOT NULL OR {below} IS NOT NULL)"
    failed = f"coalesce({below}, {mark} = 2)"

    def whole(known: str, total: str) -> str:
        return f"CASE WHEN count(CASE WHEN {took_part} AND ({known}) IS NULL THEN 1 END) = 0 THEN {total} END"

    def count(condition: str) -> str:
        return f"count(CASE WHEN {condition} THEN 1 END)"

    found = {column: students.typed[column] for column in CELL}
    found["participants"] = count(took_part)
    for n in (2, 3, 4, 5):
        found[f"mark_{n}"] = whole(mark, count(f"{mark} = {n}"))
    found["below_minimum"] = whole(failed, count(failed))
    found["score_sum"] = whole(score, f"coalesce(sum({score}), 0)")
    found["score_max"] = whole(score_max, f"coalesce(sum(CASE WHEN {took_part} THEN {score_max} END), 0)")
    return {
        name: f"CAST({found[name]} AS {sql_type(columns[name])})" if name != "school_id" else found[name]
        for name in columns
        if name in found and (name in used or name in CELL)
    }
