"""Codes of other systems and of merged schools: what a table is keyed by, turned into the codes of the roster.

A row of `school_codes` says that `code` (in some system) is the school `school_id`, from one date to another. Where it
names a `predecessor`, both that and the code belong to a school which became part of `school_id`: its rows are added
to those of the successor, and several predecessors on one key are no repeated key.
"""

from __future__ import annotations

from collections.abc import Mapping

from shsnor.headers import columns_of
from shsnor.pack import Level
from shsnor.reading.loaded import LoadedTable
from shsnor.sql import quote
from shsnor.store import Session

#: Where a row comes from, beside its columns, once its code was replaced.
ORIGIN = '"#origin"'
#: Mergers upon mergers are followed so far; then a circle is likelier.
STEPS = 8


def coded_level(levels: Mapping[str, Level]) -> str:
    """The level whose entities the codes name."""
    return next((name for name, level in levels.items() if level.key == "school_id"), next(iter(levels)))


def prepare_codes(session: Session, codes: LoadedTable, level: str) -> None:
    """Create `staging.codes`: code, since and until (years), key in the roster, and origin (whose rows they are)."""
    columns = columns_of(codes.table)
    since, until = (_year(columns[name].type, name) if name in columns else "NULL" for name in ("from", "to"))
    given = f"SELECT code, predecessor, school_id AS key, {since} AS since, {until} AS until FROM {codes.relation}"
    session.con.execute(
        f"CREATE TABLE staging.codes AS WITH given AS ({given} WHERE school_id IS NOT NULL)"
        " SELECT DISTINCT code, since, until, key, coalesce(predecessor, key) AS origin FROM given"
        " WHERE code IS NOT NULL"
        " UNION SELECT DISTINCT predecessor, NULL, NULL, key, predecessor FROM given WHERE predecessor IS NOT NULL"
    )
    successors = (
        "SELECT code, min(key) AS key FROM staging.codes WHERE code <> key GROUP BY code HAVING min(key) = max(key)"
    )
    for _ in range(STEPS):  # a successor that was itself merged
        session.con.execute(
            f"UPDATE staging.codes AS c SET key = n.key FROM ({successors}) AS n WHERE n.code = c.key"
            f" AND c.key NOT IN (SELECT key FROM roster.{quote(level)})"
        )


def map_codes(session: Session, loaded: LoadedTable, entity: str) -> None:
    """Replace the codes that the roster of the table's level lacks, where a code names one school in the row's year."""
    run, relation, column = session.con.execute, loaded.relation, quote(entity)
    year = f"t.{quote('year')}" if "year" in columns_of(loaded.table) else "CAST(NULL AS INTEGER)"
    known = f"(SELECT key FROM roster.{quote(loaded.level)})"
    run(f"ALTER TABLE {relation} ADD COLUMN {ORIGIN} VARCHAR")
    lacking = f"SELECT DISTINCT {column} AS code, {year} AS year FROM {relation} AS t WHERE {column} NOT IN {known}"
    valid = "t.year IS NULL OR t.year BETWEEN coalesce(c.since, t.year) AND coalesce(c.until, t.year)"
    newest = "PARTITION BY t.code, t.year ORDER BY c.since DESC NULLS LAST"
    run(
        "CREATE OR REPLACE TABLE staging.mapped AS SELECT code, year, min(key) AS key, min(origin) AS origin FROM ("
        f"SELECT t.code, t.year, c.key, c.origin, rank() OVER ({newest}) AS place FROM ({lacking}) AS t"
        f" JOIN staging.codes AS c ON c.code = t.code AND ({valid}) WHERE c.key IN {known})"
        " WHERE place = 1 GROUP BY code, year HAVING min(key) = max(key)"
    )
    run(
        f"UPDATE {relation} AS t SET {column} = m.key, {ORIGIN} = m.origin FROM staging.mapped AS m"
        f" WHERE t.{column} = m.code AND {year} IS NOT DISTINCT FROM m.year"
    )


def _year(kind: str, column: str) -> str:
    """The school year (by the year in which it ends) of a date; from September the next one has begun."""
    name = quote(column)
    if kind == "date":
        return f"CAST(year({name}) + CASE WHEN month({name}) >= 9 THEN 1 ELSE 0 END AS INTEGER)"
    return f"try_cast({name} AS INTEGER)"
