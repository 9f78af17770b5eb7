"""A staged source made a table of the session (or a view, where its rows may stay), with its checks."""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.errors import Findings
from shsnor.headers import columns_of
from shsnor.pack import Table
from shsnor.reading.checks import Cells, any_of, checks_of, doubtful, run_checks
from shsnor.reading.loaded import LoadedTable
from shsnor.reading.shapes import FILE, ROW, Shape, mark_name
from shsnor.reading.staging import Staged
from shsnor.reading.values import cleaned, is_text, trimmed
from shsnor.sql import quote
from shsnor.store import Session

#: A dimension with so many texts or fewer is grouped by number.
MOST_TEXTS = 64

#: Typed sources of fewer rows are copied into the session: then everything about them is checked at once.
IN_PLACE_FROM = 500_000


def stays_in_place(session: Session, shape: Shape, used: Iterable[str], in_place_from: int) -> bool:
    """Whether the rows may stay where they are: many, typed, nothing to be parsed, and no text to be cleaned."""
    staged, table = shape.staged, shape.table
    if not staged.stays or staged.rows < in_place_from or table.hidden or any(map(shape.parsed, staged.cells)):
        return False
    texts = [c for c in used if c in staged.cells and is_text(staged.types[c]) and c not in compared(table)]
    return not any(_needs_cleaning(session, shape, column) for column in texts)


def compared(table: Table) -> set[str]:
    """Parts of the key that are neither dimension nor entity, as a student's code: they are only compared with themselves."""
    return set(table.key or ()) - set(table.dims) - set((table.entity or {}).values())


def _needs_cleaning(session: Session, shape: Shape, column: str) -> bool:
    """Whether some text has blanks around it or means "no value"; looked up among the distinct ones, which are few."""
    cell, files = shape.staged.cells[column], [part.path for part in shape.staged.parts if not part.inside]
    unclean = f"{cleaned(trimmed('cell'), 'VARCHAR', shape.no_value)} IS DISTINCT FROM cell"
    said = f"clean: {cell}, not {unclean}"
    if session.notes.holds(files, said):
        return False
    _look_for_texts(session, shape.staged.relation, cell)
    # In two queries: in one, DuckDB makes the test of every row before it finds the distinct ones.
    found = bool(session.row(f"SELECT count(*) FROM texts WHERE {unclean}")[0])
    if not found:
        session.notes.note(files, said)
    return found


def few_texts(session: Session, relation: str, column: str) -> tuple[str, ...] | None:
    """The texts of a column in their order, looked for once in a session; None where there are more than MOST_TEXTS."""
    if (relation, column) not in session.texts:
        _look_for_texts(session, relation, column)
    return session.texts[relation, column]


def _look_for_texts(session: Session, relation: str, column: str) -> None:
    """Make `texts` of the distinct ones of a column, and remember them where they are few."""
    distinct = f"SELECT DISTINCT CAST({column} AS VARCHAR) AS cell FROM {relation}"
    session.con.execute(f"CREATE OR REPLACE TEMP TABLE texts AS {distinct}")
    some = f"SELECT cell FROM texts WHERE cell IS NOT NULL ORDER BY cell LIMIT {MOST_TEXTS + 1}"
    found = tuple(cell for (cell,) in session.rows(some))
    session.texts[relation, column] = found if len(found) <= MOST_TEXTS else None


def level_of(table: Table, top: str) -> tuple[str, str | None]:
    """Level of a table's entities and the column of their codes (None: the top level)."""
    return next(iter((table.entity or {}).items()), (top, None))


def as_table(session: Session, shape: Shape, used: tuple[str, ...], top: str, findings: Findings) -> LoadedTable:
    """The source as a table of the session, every cell of it checked."""
    name, staged = shape.name, shape.staged
    relation, checked = f"input.{quote(name)}", f"staging.{quote('checked ' + name)}"
    order = f" ORDER BY {f'{FILE}, ' if staged.file else ''}{ROW}" if staged.stays else ""
    session.con.execute(f"CREATE TABLE {checked} AS FROM {shape.query()}{order}")
    run_checks(session, checks_of(shape.table, staged.types, Cells(shape.cell, quote)), shape.rows(checked), findings)
    empty, hidden = _counts(session, shape, checked)
    place = [ROW, FILE] if staged.file else [ROW]
    session.con.execute(f"CREATE TABLE {relation} AS SELECT {', '.join([*shape.outer(), *place])} FROM {checked}")
    session.con.execute(f"DROP TABLE {checked}")
    if staged.relation.startswith("staging."):
        session.con.execute(f"DROP TABLE {staged.relation}")
    level, entity = level_of(shape.table, top)
    return LoadedTable(
        name=name, table=shape.table, relation=relation, raw=relation, typed={c: quote(c) for c in shape.columns},
        level=level, rows=staged.rows, missing_counts=empty, hidden_counts=hidden, used=used,
        entity_sql=quote(entity) if entity else None, files=staged.files,
    )  # fmt: skip


def _counts(session: Session, shape: Shape, checked: str) -> tuple[dict[str, int], dict[str, int]]:
    """Empty and hidden cells of each column."""
    present = list(shape.staged.cells)
    marks = [column for column in shape.hidden if column in shape.staged.cells]
    counted = [f"count(CASE WHEN {quote(c)} IS NULL AND {shape.cell(c)} IS NULL THEN 1 END)" for c in present]
    counted += [f"count(CASE WHEN {mark_name(c)} THEN 1 END)" for c in marks]
    counts = [int(n) for n in session.row(f"SELECT {', '.join(counted)} FROM {checked}")]
    hidden = dict(zip(marks, counts[len(present) :], strict=True))
    return {c: n - hidden.get(c, 0) for c, n in zip(present, counts, strict=False)}, hidden


def as_view(session: Session, shape: Shape, used: tuple[str, ...], top: str) -> LoadedTable:
    """The source as a view over rows that stay where they are; its checks are left to the one scan of the engine."""
    name, staged, relation = shape.name, shape.staged, f"input.{quote(shape.name)}"
    inline = {column: shape.inline_value(column) for column in shape.columns}
    listed = ", ".join(f"{sql} AS {quote(column)}" for column, sql in inline.items())
    session.con.execute(f"CREATE VIEW {relation} AS SELECT {listed} FROM {staged.relation}")
    level, entity = level_of(shape.table, top)
    types, cells = checked_types(shape, used), Cells(shape.inline_cell, shape.inline_value)
    inlined = doubtful(session, checks_of(shape.table, types, cells), shape.table, types, cells, staged.relation)
    return LoadedTable(
        name=name, table=shape.table, relation=relation, raw=staged.relation, typed=inline, level=level,
        rows=staged.rows, in_place=True, missing_counts=None, check_sql=any_of(inlined),
        entity_sql=inline[entity] if entity else None, unchecked_keys=bool(shape.table.key), used=used,
        files=staged.files, parts=staged.parts,
    )  # fmt: skip


def empty_table(session: Session, name: str, table: Table, used: tuple[str, ...], top: str) -> LoadedTable:
    """A table of no rows, for one that the input lacks."""
    columns = columns_of(table)
    shape = Shape(name, table, Staged("", {}, {}, 0), columns)
    relation = f"input.{quote(name)}"
    nothing = f"SELECT {', '.join([*shape.outer(), f'CAST(NULL AS BIGINT) AS {ROW}'])} LIMIT 0"
    session.con.execute(f"CREATE TABLE {relation} AS {nothing}")
    level, entity = level_of(table, top)
    return LoadedTable(
        name=name, table=table, relation=relation, raw=relation, typed={c: quote(c) for c in columns}, level=level,
        missing_counts=dict.fromkeys(columns, 0), used=used, entity_sql=quote(entity) if entity else None,
    )  # fmt: skip


def explain_rows(session: Session, shape: Shape, used: Iterable[str], findings: Findings) -> None:
    """What is wrong in the rows of a table that is scanned in place."""
    rows, types = shape.rows(shape.inline()), checked_types(shape, used)
    run_checks(session, checks_of(shape.table, types, Cells(shape.cell, quote)), rows, findings)


def checked_types(shape: Shape, used: Iterable[str]) -> dict[str, str]:
    """The columns whose cells are checked in place: those that are read anyway."""
    return {column: kind for column, kind in shape.staged.types.items() if column in used}
