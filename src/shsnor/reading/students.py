"""Rows of students summed to the totals of their schools, in one pass: the second source of `results`.

A student took part if a mark, a score or a verdict is known. One participant whose mark is unknown makes the numbers
of marks unknown, and likewise for scores; a gap is never counted as somebody who did not fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from shsnor.adding import in_words
from shsnor.errors import Findings, Place
from shsnor.headers import columns_of, hidden_columns
from shsnor.reading.checks import LISTED
from shsnor.reading.elsewhere import brought
from shsnor.reading.loaded import LoadedTable, Part, digest
from shsnor.reading.values import sql_type
from shsnor.sql import literal, quote
from shsnor.store import PARQUET, Session

STUDENTS, RESULTS = "student_results", "results"
CELL = ("school_id", "year", "procedure", "grade", "subject")
MARKS = (2, 3, 4, 5)
#: What a column of `results` cannot be summed without.
SOURCES = {**{f"mark_{n}": "mark" for n in MARKS}, "score_sum": "score", "score_max": "score_max"}
SUMS, TOTALS, WRONG = 'input."#sums"', 'input."#totals"', '"#wrong"'
#: So many exams (procedure, grade, subject) have no names that tell a person; more are taken for something else.
MOST_EXAMS = 1000


class KeptSums(Protocol):
    """Sums of files that were made before, and those for the next evaluation."""

    def summed(self, table: LoadedTable, how: str, make: Callable[[Part, Path], bool]) -> list[Path]:
        """The sums of each file of a table as Parquet; none where they are not to be stored.

        how   the SQL that makes them
        make  writes those of a file; whether they may be stored
        """


def add_students(
    session: Session, students: LoadedTable, results: LoadedTable, findings: Findings, kept: KeptSums | None = None
) -> bool:
    """Append the totals of `students` to `results`; a cell that has both is a finding.

    returns  whether rows scanned in place are wrong, or of schools that the roster lacks
    """
    run, keys = session.con.execute, ", ".join(map(quote, CELL))
    listed = ", ".join(f"{sql} AS {quote(column)}" for column, sql in _totals(results).items())
    sums = StudentSums(session, students, results)

    def total(relation: str) -> None:
        run(f"CREATE OR REPLACE TABLE {TOTALS} AS SELECT {listed}, {WRONG}, rows FROM {relation}")

    if stored := sums.stored(kept):
        total(stored)
    else:
        total(f"({sums.in_words(students.raw)})")
        if sums.run_together(TOTALS):
            total(f"({sums.alone(students.raw)})")
    run(f"DROP TABLE IF EXISTS {SUMS}")
    doubtful = bool(session.row(f"SELECT sum({WRONG}) FROM {TOTALS}")[0])
    for column in (WRONG, "rows"):
        run(f"ALTER TABLE {TOTALS} DROP COLUMN {column}")
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


class StudentSums:
    """The rows of students summed by cell.

    sums   column -> SQL over the rows of a cell
    words  the same in words
    """

    def __init__(self, session: Session, students: LoadedTable, results: LoadedTable) -> None:
        self.session, self.students = session, students
        self.keys = {quote(column): students.typed[column] for column in CELL}
        self.sums = _sums(students, results)
        schools = int(session.row(f"SELECT count(*) FROM roster.{quote(students.level)}")[0])
        self.words = in_words(self.sums, students.rows, schools)

    def alone(self, relation: str) -> str:
        """A query of each sum of the rows of a relation."""
        return self._grouped(self.sums, relation)

    def in_words(self, relation: str) -> str:
        """The same, quicker; wrong where `run_together` says so of what it gives."""
        return self.words.taken_apart(self._grouped(self.words.sums, relation), [*self.keys])

    def run_together(self, summed: str) -> bool:
        """Whether some cell has too many rows for its words."""
        return bool(self.session.rows(self.words.too_large(summed)))

    def stored(self, kept: KeptSums | None) -> str:
        """A relation of the sums where they are brought from elsewhere, or stored in files; else ""."""
        run, students, keys = self.session.con.execute, self.students, ", ".join(self.keys)
        if students.elsewhere is not None:
            run(f"CREATE TABLE {SUMS} AS {self.alone(students.raw)}")  # of no rows: the columns
            with brought(self.session, students.elsewhere, self.alone(students.raw)) as given:
                run(f"INSERT INTO {SUMS} SELECT * FROM {given}")
            return SUMS
        files = kept.summed(students, self.alone(""), self.write) if kept is not None else []
        stored = f"read_parquet([{', '.join(literal(str(file)) for file in files)}])"
        if len(files) < 2:
            return stored if files else ""
        united = ", ".join(f"sum({name}) AS {name}" for name in self.sums)
        return f"(SELECT {keys}, {united} FROM {stored} GROUP BY {keys})"

    def write(self, part: Part, file: Path) -> bool:
        """Write the sums of a file; whether no column of an exam holds what tells a person."""
        into, stored = f"TO {literal(str(file))} ({PARQUET})", f"read_parquet({literal(str(file))})"
        self.session.con.execute(f"COPY ({self.in_words(part.relation)}) {into}")
        if self.run_together(stored):
            self.session.con.execute(f"COPY ({self.alone(part.relation)}) {into}")
        exams = f"SELECT DISTINCT {', '.join(map(quote, CELL[2:]))} FROM {stored}"
        return bool(self.session.row(f"SELECT count(*) <= {MOST_EXAMS} FROM ({exams})")[0])

    def _grouped(self, sums: Mapping[str, str], relation: str) -> str:
        listed = [
            *(f"{sql} AS {key}" for key, sql in self.keys.items()),
            *(f"{sql} AS {name}" for name, sql in sums.items()),
        ]
        return f"SELECT {', '.join(listed)} FROM {relation} GROUP BY {', '.join(self.keys.values())}"


def _sums(students: LoadedTable, results: LoadedTable) -> dict[str, str]:
    """SQL over the rows of one cell of what its totals are made of; sums of files add up to those of all their rows."""
    mark, score, score_max, below = (students.typed[c] for c in ("mark", "score", "score_max", "below_minimum"))
    took_part = f"({mark} IS NOT NULL OR {score} IS NOT NULL OR {below} IS NOT NULL)"
    failed = f"coalesce({below}, {mark} = 2)"

    def count(condition: str) -> str:
        return f"count(CASE WHEN {condition} THEN 1 END)"

    def unknown(known: str) -> str:
        return count(f"{took_part} AND ({known}) IS NULL")

    asked = {SOURCES.get(column, column) for column in results.used}
    found = {"rows": "count(*)", "took_part": count(took_part)}
    if "mark" in asked:
        found["no_mark"] = unknown(mark)
        found |= {f"of_mark_{n}": count(f"{mark} = {n}") for n in MARKS}
    if "below_minimum" in asked:
        found |= {"no_verdict": unknown(failed), "failed": count(failed)}
    if "score" in asked:
        found |= {"no_score": unknown(score), "scores": f"sum({score})"}
    if "score_max" in asked:
        most = f"CASE WHEN {took_part} THEN {score_max} END"
        found |= {"no_most": unknown(score_max), "most": f"sum({most})"}
    return found | {WRONG: count(students.check_sql or "FALSE")}


def _totals(results: LoadedTable) -> dict[str, str]:
    """SQL of each column of `results` over the sums of a cell; what nobody reads is left empty."""

    def whole(unknown: str, total: str) -> str:
        return f"CASE WHEN {unknown} = 0 THEN {total} END"

    found = {column: quote(column) for column in CELL}
    found["participants"] = "took_part"
    found |= {f"mark_{n}": whole("no_mark", f"of_mark_{n}") for n in MARKS}
    found["below_minimum"] = whole("no_verdict", "failed")
    found["score_sum"] = whole("no_score", "coalesce(scores, 0)")
    found["score_max"] = whole("no_most", "coalesce(most, 0)")
    columns = columns_of(results.table)
    totals = {name: found.get(name, "NULL") if name in results.used else "NULL" for name in columns}
    typed = {name: f"CAST({sql} AS {sql_type(columns[name])})" for name, sql in totals.items()}
    return typed | {f"{name}__hidden": "FALSE" for name in hidden_columns(results.table)}
