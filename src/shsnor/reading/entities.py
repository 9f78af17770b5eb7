"""Entities of tables looked up in the roster: unknown ones are errors, or are left out where the table says so."""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.errors import Findings, Place
from shsnor.reading.checks import LISTED, Rows
from shsnor.reading.loaded import LoadedTable
from shsnor.sql import literal, quote
from shsnor.store import Session

#: From here two codes are alike enough to be offered for one another (Jaro-Winkler, 0–1).
ALIKE = 0.7


def lacks_entities(session: Session, loaded: LoadedTable) -> bool:
    """Whether a table scanned in place has codes that the roster lacks."""
    known = f"(SELECT key FROM roster.{quote(loaded.level)})"
    codes = f"SELECT DISTINCT {loaded.entity_sql} AS code FROM {loaded.raw}"
    return bool(session.row(f"SELECT count(*) FROM ({codes}) WHERE code NOT IN {known}")[0])


def check_entities(
    session: Session, loaded: LoadedTable, rows: Rows, column: str, findings: Findings, code: str
) -> None:
    """Findings for the codes that the roster lacks, or one warning where their rows are left out.

    rows    relation with the codes, in `column`
    code    of the findings: SH410, or SH416 where a table of codes was looked in as well
    """
    entity = quote(column)
    lacking = f"{entity} IS NOT NULL AND {entity} NOT IN (SELECT key FROM roster.{quote(loaded.level)})"
    count, codes = session.row(f"SELECT count(*), count(DISTINCT {entity}) FROM {rows.relation} WHERE {lacking}")
    if not count:
        return
    if loaded.table.unknown_entities == "leave_out":
        place = Place(table=loaded.name, field=column)
        findings.add("SH423", place, severity="warning", count=int(count), entities=int(codes))
        if not loaded.in_place:
            session.con.execute(f"DELETE FROM {loaded.relation} WHERE {lacking}")
            loaded.rows -= int(count)
        return
    first = "first(file ORDER BY file, row), first(row ORDER BY file, row), count(*)"
    located = f"SELECT {entity} AS code, {rows.file or 'NULL'} AS file, {rows.row} AS row FROM {rows.relation}"
    listed = f"SELECT code, {first} FROM ({located} WHERE {lacking}) GROUP BY code ORDER BY 2, 3 LIMIT {LISTED}"
    found = [
        (rows.place_of(row, path, field=column, value=None if rows.persons else key), key, int(number))
        for key, path, row, number in session.rows(listed)
    ]
    tell_unknown(session, loaded, column, found, int(codes), rows.persons, findings, code)


def tell_unknown(
    session: Session, loaded: LoadedTable, column: str, found: Iterable[tuple[Place, str, int]], codes: int,
    persons: bool, findings: Findings, code: str = "SH410",
) -> None:  # fmt: skip
    """A finding for each code in `found` (its first place, the code, its rows), and how many codes there are in all."""
    for place, key, number in found:
        near, name = (None, None) if persons else _likeliest(session, loaded.level, key)
        findings.add(code, place, level=loaded.level, count=number, nearest=near, nearest_name=name)
    if codes > LISTED:
        findings.add(code, Place(table=loaded.name, field=column), level=loaded.level, count=codes, listed=LISTED)


def _likeliest(session: Session, level: str, code: str) -> tuple[str | None, str | None]:
    """Key and name of the entity of the roster that a code or name resembles most; None where none does."""
    text = literal(code.lower())
    of_key, of_name = (f"jaro_winkler_similarity(lower({column}), {text})" for column in ("key", "name"))
    alike = f"greatest({of_key}, coalesce({of_name}, 0))"
    query = f"SELECT key, name, {alike} FROM roster.{quote(level)} ORDER BY 3 DESC, 1 LIMIT 1"
    for key, name, score in session.rows(query):
        if score >= ALIKE:
            return key, name
    return None, None
