"""A table whose rows stay with another engine: what of it may stay there, and what is asked once its scan found something.

Rows have no numbers there, so that a finding tells how many there are and, of no persons, one value.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import partial

from shsnor.errors import Findings, Place
from shsnor.headers import filled_columns
from shsnor.pack import Table
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
        rows=shape.staged.rows, in_place=True, missing_counts=None, check_sql=any_of(_checks(shape, used, _grouped(shape.table))),
        entity_sql=inline[entity] if entity else None, unchecked_keys=bool(shape.table.key), used=used, elsewhere=rows,
        unclean={c: partial(_unclean, shape) for c in _texts(shape, used) if c in _grouped(shape.table)},
    )  # fmt: skip


def _texts(shape: Shape, used: Iterable[str]) -> list[str]:
    """The columns used whose texts must be clean."""
    texts = (c for c in used if c in shape.staged.cells and is_text(shape.staged.types[c]))
    return [c for c in texts if c not in compared(shape.table)]


def _grouped(table: Table) -> set[str]:
    """The columns by which rows are summed: their texts are looked at in the groups, which are few."""
    return {*table.dims, *(table.entity or {}).values()}


def _unclean(shape: Shape, cell: str) -> str:
    """SQL that is true of a text with blanks around it, or that says that there is no value."""
    blanks, nothing = (", ".join(map(literal, dict.fromkeys(texts))) for texts in (BLANKS, shape.no_value))
    return f"({cell} IN ({nothing}) OR left({cell}, 1) IN ({blanks}) OR right({cell}, 1) IN ({blanks}))"


def _checks(shape: Shape, used: Iterable[str], left_out: Container[str] = ()) -> list[Check]:
    """The checks of the columns used, and that no text must be cleaned."""
    found = checks_of(shape.table, checked_types(shape, used), Cells(shape.inline_cell, shape.inline_value))
    cells = ((c, shape.staged.cells[c]) for c in _texts(shape, used) if c not in left_out)
    return found + [Check("SH567", column, _unclean(shape, cell), cell) for column, cell in cells]


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
