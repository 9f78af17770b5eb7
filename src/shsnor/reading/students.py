"""Rows of students summed to the totals of their schools, in one pass: the second source of `results`.

A student took part if a mark, a score or a verdict is known. One participant whose mark is unknown makes the numbers
of marks unknown, and likewise for scores; a gap is never counted as somebody who did not fail.
"""

from __future__ import annotations

from shsnor.errors import Findings, Place
from shsnor.headers import columns_of, hidden_columns
from shsnor.reading.checks import LISTED
from shsnor.reading.elsewhere import brought
from shsnor.reading.loaded import LoadedTable, digest
from shsnor.reading.values import sql_type
from shsnor.sql import quote
from shsnor.store import Session

STUDENTS, RESULTS = "student_results", "results"
CELL = ("school_id", "year", "procedure", "grade", "subject")
#: What a column of `results` cannot be summed without.
SOURCES = {**{f"mark_{n}": "mark" for n in (2, 3, 4, 5)}, "score_sum": "score", "score_max": "score_max"}
TOTALS, WRONG = 'input."#totals"', '"#wrong"'


def add_students(session: Session, students: LoadedTable, results: LoadedTable, findings: Findings) -> bool:
    """Append the totals of `students` to `results`; a cell that has both is a finding.

    returns  whether rows scanned in place are wrong, or of schools that the roster lacks
    """
    run, keys = session.con.execute, ", ".join(map(quote, CELL))
    listed = ", ".join(f"{sql} AS {quote(column)}" for column, sql in _totals(students, results).items())
    wrong = f"count(CASE WHEN {students.check_sql or 'FALSE'} THEN 1 END) AS {WRONG}"
    groups = ", ".join(students.typed[column] for column in CELL)
    totals = f"SELECT {listed}, {wrong} FROM {students.raw} GROUP BY {groups}"
    run(f"CREATE TABLE {TOTALS} AS {totals}")
    if students.elsewhere is not None:  # so far there are only the columns
        with brought(session, students.elsewhere, totals) as given:
            run(f"INSERT INTO {TOTALS} SELECT * FROM {given}")
    doubtful = bool(session.row(f"SELECT sum({WRONG}) FROM {TOTALS}")[0])
    run(f"ALTER TABLE {TOTALS} DROP COLUMN {WRONG}")
    if students.unclean:
        unclean = students.unclean_groups({quote(column): column for column in CELL})
        doubtful |= bool(session.row(f"SELECT coalesce(bool_or({unclean}), FALSE) FROM {TOTALS}")[0])
    if students.in_place:
        known = f"(SELECT key FROM roster.{quote(students.level)})"
        doubtful |= bool(session.row(f"DELETE FROM {TOTALS} WHERE school_id NOT IN {known}")[0])
    # What the evaluation knows of the students is these totals, so they are its digest too.
    students.digest = digest(session, TOTALS, [quote(column) for column in results.used])
    if results.rows:
        _both(session, f"SELECT {keys} FROM {TOTALS} SEMI JOIN {results.relation} USING ({keys})", findings)
        run(f"INSERT INTO {results.relation} BY NAME SELECT * FROM {TOTALS}")
        run(f"DROP TABLE {TOTALS}")
    else:
        run(f"DROP TABLE {results.relation}")
        run(f"ALTER TABLE {TOTALS} RENAME TO {quote(RESULTS)}")
        results.digest = students.digest
    results.rows = int(session.row(f"SELECT count(*) FROM {results.relation}")[0])
    return doubtful


def _both(session: Session, cells: str, findings: Findings) -> None:
    """A finding for each cell that stands in both tables."""
    count, field = int(session.row(f"SELECT count(*) FROM ({cells})")[0]), ", ".join(CELL)
    for row in session.rows(f"{cells} ORDER BY ALL LIMIT {LISTED}") if count else ():
        value = ", ".join(str(part) for part in row)
        findings.add("SH407", Place(table=RESULTS, field=field, value=value), other=STUDENTS)
    if count > LISTED:
        findings.add("SH407", Place(table=RESULTS, field=field), other=STUDENTS, count=count, listed=LISTED)


def _totals(students: LoadedTable, results: LoadedTable) -> dict[str, str]:
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
    columns = columns_of(results.table)
    totals = {name: found.get(name, "NULL") if name in results.used else "NULL" for name in columns}
    typed = {name: f"CAST({sql} AS {sql_type(columns[name])})" for name, sql in totals.items()}
    return typed | {f"{name}__hidden": "FALSE" for name in hidden_columns(results.table)}
