"""A table whose rows stay with another engine: what of it may stay there, and what is asked once its scan found something.

Rows have no numbers there, so that a finding tells how many there are and, of no persons, one value.
"""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.errors import Findings, Place
from shsnor.headers import filled_columns
from shsnor.reading.checks import LISTED, Cells, Check, any_of, checks_of
from shsnor.reading.elsewhere import Elsewhere, ask, brought
from shsnor.reading.entities import tell_unknown
from shsnor.reading.loaded import LoadedTable
from shsnor.reading.shapes import Shape
from shsnor.reading.tables import checked_types, compared, level_of
from shsnor.reading.values import BLANKS, is_text
from shsnor.sql import literal, quote
from shsnor.store import Session


def why_not_left(shape: Shape, used: Iterable[str]) -> list[str]:
    """The columns for which rows cannot stay: their cells are texts that mean something else, or may be hidden."""
    hidden = set(shape.hidden)
    return [c for c in used if c in shape.staged.cells and (shape.parsed(c) or c in hidden)]


def left_table(shape: Shape, rows: Elsewhere, used: tuple[str, ...], top: str) -> LoadedTable:
    """The table, to be scanned where it is; its checks are left to that scan."""
    level, entity = level_of(shape.table, top)
    inline = {column: shape.inline_value(column) for column in shape.columns}
    return LoadedTable(
        name=shape.name, table=shape.table, relation="", raw=shape.staged.relation, typed=inline, level=level,
        rows=shape.staged.rows, in_place=True, missing_counts=None, check_sql=any_of(_checks(shape, used)),
        entity_sql=inline[entity] if entity else None, unchecked_keys=bool(shape.table.key), used=used, elsewhere=rows,
    )  # fmt: skip


def _checks(shape: Shape, used: tuple[str, ...]) -> list[Check]:
    """The checks of the columns used, and that no text must be cleaned."""
    types = checked_types(shape, used)
    found = checks_of(shape.table, types, Cells(shape.inline_cell, shape.inline_value))
    blanks, nothing = (", ".join(map(literal, dict.fromkeys(texts))) for texts in (BLANKS, shape.no_value))
    for column in used:
        if column in types and is_text(types[column]) and column not in compared(shape.table):
            cell = shape.staged.cells[column]
            unclean = f"{cell} IN ({nothing}) OR left({cell}, 1) IN ({blanks}) OR right({cell}, 1) IN ({blanks})"
            found.append(Check("SH567", column, unclean, cell))
    return found


def explain_left(session: Session, shape: Shape, rows: Elsewhere, used: tuple[str, ...], findings: Findings) -> None:
    """How many rows are wrong in which way, in one pass."""
    checks = _checks(shape, used)
    if not checks:
        return
    asked = []
    for i, check in enumerate(checks):
        example = f"min(CASE WHEN {check.condition} THEN {check.shown} END)"
        hidden = shape.table.persons or check.shown == "NULL"
        if hidden or rows.refuses(f"SELECT {example} AS x FROM {shape.staged.relation}"):
            example = "NULL"
        asked += [f"count(CASE WHEN {check.condition} THEN 1 END) AS n{i}", f"{example} AS x{i}"]
    ((*told,),) = ask(session, rows, f"SELECT {', '.join(asked)} FROM {shape.staged.relation}")
    for check, count, example in zip(checks, told[::2], told[1::2], strict=True):
        if count:
            place = Place(table=shape.name, field=check.column, value=example)
            findings.add(check.code, place, severity=check.severity, **check.details, count=int(count))


def lacking_entities(
    session: Session, loaded: LoadedTable, shape: Shape, rows: Elsewhere, column: str
) -> list[tuple[str, int]]:
    """The codes that the roster lacks, in their order, with the number of their rows."""
    cell = shape.staged.cells[column]
    query = f"SELECT {cell}, count(*) AS n FROM {loaded.raw} GROUP BY {cell}"
    known = f"SELECT key FROM roster.{quote(loaded.level)}"
    with brought(session, rows, query) as given:
        coded = f"SELECT {loaded.entity_sql} AS code, n FROM {given}"
        lacking = f"SELECT code, sum(n) FROM ({coded}) WHERE code NOT IN ({known}) GROUP BY code ORDER BY code"
        return [(code, int(n)) for code, n in session.rows(lacking)]


def unknown_entities(
    session: Session, loaded: LoadedTable, shape: Shape, rows: Elsewhere, column: str, persons: bool, findings: Findings
) -> None:
    """Findings for the codes that the roster lacks, as `check_entities` gives them."""
    lacking = lacking_entities(session, loaded, shape, rows, column)
    if loaded.table.unknown_entities == "leave_out" and lacking:
        count = sum(n for _, n in lacking)
        findings.add(
            "SH423", Place(table=shape.name, field=column), severity="warning", count=count, entities=len(lacking)
        )
        return
    places = ((Place(table=shape.name, field=column, value=None if persons else c), c, n) for c, n in lacking[:LISTED])
    tell_unknown(session, loaded, column, places, len(lacking), persons, findings)


def repeated_keys(session: Session, shape: Shape, rows: Elsewhere) -> Findings:
    """One finding where a key stands in several rows: how many rows are too many."""
    found, key, filled = Findings(), shape.table.key or (), filled_columns(shape.table)
    cells = [shape.staged.cells[c] for c in key if c in shape.staged.cells]
    if not cells:
        return found
    known = [f"{shape.staged.cells[c]} IS NOT NULL" for c in key if c in filled]
    complete = f" WHERE {' AND '.join(known)}" if known else ""
    grouped = (
        f"SELECT count(*) AS n FROM {shape.staged.relation}{complete} GROUP BY {', '.join(cells)} HAVING count(*) > 1"
    )
    ((more,),) = ask(session, rows, f"SELECT sum(n - 1) AS more FROM ({grouped})")
    if more:
        found.add("SH407", Place(table=shape.name, field=", ".join(key)), count=int(more))
    return found
