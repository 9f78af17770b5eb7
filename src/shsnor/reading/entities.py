"""Entities of tables looked up in the roster: unknown ones are errors, or are left out where the table says so."""

from __future__ import annotations

from collections.abc import Callable

from shsnor.errors import Findings, Place
from shsnor.reading.checks import LISTED, Rows
from shsnor.reading.loaded import LoadedTable
from shsnor.store import Session, literal, quote


def check_entities(session: Session, loaded: LoadedTable, rows: Rows, entity: str, findings: Findings, code: str) -> None:
    """Findings for the codes that the roster lacks, or one warning where their rows are left out.

    rows    relation with the codes
    entity  SQL of the code
    code    of the findings: SH410, or SH416 where a table of codes was looked in as well
    """
    column = next(iter((loaded.table.entity or {}).values()))
    lacking = f"{entity} IS NOT NULL AND {entity} NOT IN (SELECT key FROM roster.{quote(loaded.level)})"
    count, codes = session.row(f"SELECT count(*), count(DISTINCT {entity}) FROM {rows.relation} WHERE {lacking}")
    if not count:
        return
    if loaded.table.unknown_entities == "leave_out":
        place = Place(table=loaded.name, field=column)
        loaded.findings.add("SH423", place, severity="warning", count=int(count), entities=int(codes))
        if not loaded.in_place:
            session.con.execute(f"DELETE FROM {loaded.relation} WHERE {lacking}")
            loaded.rows -= int(count)
        return
    file = rows.file or "NULL"
    first = (
        f"SELECT {entity}, min({rows.row}), min({file}), count(*) FROM {rows.relation} WHERE {lacking}"
        f" GROUP BY 1 ORDER BY 3, 2 LIMIT {LISTED}"
    )
    near = _likeliest(session, loaded.level)
    for key, row, path, number in session.rows(first):
        place = rows.place_of(row, path, field=column, value=None if rows.persons else key)
        findings.add(code, place, level=loaded.level, count=int(number), **near(key))
    if codes > LISTED:
        findings.add(code, Place(table=loaded.name, field=column), level=loaded.level, count=int(codes), listed=LISTED)


def _likeliest(session: Session, level: str) -> Callable[[str], dict[str, str]]:
    """Finds the entity of the roster that a code or name resembles most."""

    def find(code: str) -> dict[str, str]:
        text = literal(code.lower())
        alike = f"greatest(jaro_winkler_similarity(lower(key), {text}), coalesce(jaro_winkler_similarity(lower(name), {text}), 0))"
        query = f"SELECT key, name, {alike} AS alike FROM roster.{quote(level)} ORDER BY alike DESC, key LIMIT 1"
        for key, name, score in session.rows(query):
            if score >= 0.7:
                return {"nearest": key, "nearest_name": name or ""}
        return {}

    return find
