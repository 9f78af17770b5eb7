"""A staged source made a table of the session (or a view, where its rows may stay), with its checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shsnor.errors import Findings, Place
from shsnor.pack import Column, Table
from shsnor.reading.checks import Cells, Rows, any_of, checks_of, run_checks
from shsnor.reading.headers import columns_of
from shsnor.reading.loaded import LoadedTable
from shsnor.reading.staging import Staged
from shsnor.reading.values import MISSING, cleaned, is_percent, is_text, plain, plainly, sql_type, trimmed, typed
from shsnor.sql import literal, quote
from shsnor.store import Session

#: Typed sources of fewer rows are copied into the session: then everything about them is checked at once.
IN_PLACE_FROM = 500_000


#: The number and file of a row, beside its columns: no header is called so.
ROW, FILE = '"#row"', '"#file"'


@dataclass(frozen=True)
class Shape:
    """The SQL of one table over its staged source.

    columns  all columns that the table has for the engine
    """

    name: str
    table: Table
    staged: Staged
    columns: Mapping[str, Column]

    @property
    def no_value(self) -> tuple[str, ...]:
        """Texts that stand for an empty or hidden cell."""
        return (*MISSING, *(self.table.missing or ()), *(self.table.hidden or ()))

    def parsed(self, column: str) -> bool:
        """Whether the column's cells are text that means something else."""
        return is_text(self.staged.types[column]) and self.columns[column].type != "text"

    def trim(self, column: str) -> str:
        """A cell as it stands in the source, text without the blanks around it."""
        cell = self.staged.cells[column]
        return trimmed(cell) if is_text(self.staged.types[column]) else cell

    def clean(self, column: str, trim: str) -> str:
        """A trimmed cell, NULL where it says that there is no value."""
        return cleaned(trim, self.staged.types[column], self.no_value)

    def value(self, column: str, cell: str) -> str:
        """The typed value of a cleaned cell."""
        return typed(cell, self.staged.types[column], self.columns[column])

    def base(self, column: str) -> str | None:
        """The column that per cents in a column of counts are of."""
        declared, types = self.columns[column], self.staged.types
        return (
            declared.at_most if declared.type == "count" and self.parsed(column) and declared.at_most in types else None
        )

    def hides(self, column: str) -> bool:
        """Whether it is told of each cell of the column if its source hid the value."""
        entity = (self.table.entity or {}).values()
        return bool(self.table.hidden) and column not in (self.table.key or ()) and column not in entity

    def mark(self, column: str, trim: str) -> str:
        listed = ", ".join(map(literal, self.table.hidden or ()))
        return f"coalesce({trim} IN ({listed}), FALSE)" if is_text(self.staged.types[column]) else "FALSE"

    def query(self) -> str:
        """Row number, cleaned cells, typed values and marks of what is hidden, of every row of the source.

        Where a cell was written plainly only its value is there; of a text column there is only the value.
        """
        plain, trims, cells, values, shares, marks = [], [], [], [], [], []
        for c in self.staged.cells:
            fast = plainly(self.staged.cells[c], self.columns[c], self.no_value) if self.parsed(c) else None
            rest = f"CASE WHEN {_plain(c)} IS NULL THEN {self.trim(c)} END" if fast else self.trim(c)
            plain += [f"{fast} AS {_plain(c)}"] if fast else []
            trims.append(f"{rest} AS {_trim(c)}")
            cells.append(f"{self.clean(c, _trim(c))} AS {_cell(c)}")
            value = self.value(c, _cell(c))
            values.append(f"coalesce({_plain(c)}, {value}) AS {_value(c)}" if fast else f"{value} AS {_value(c)}")
            share = f"CASE WHEN {is_percent(_cell(c))} THEN {restored(_cell(c), _value(self.base(c) or c))} END"
            shares.append(f"{f'coalesce({_value(c)}, {share})' if self.base(c) else _value(c)} AS {quote(c)}")
            shares += [_cell(c)] if self.columns[c].type != "text" else []
            marks += [f"{self.mark(c, _trim(c))} AS {_mark(c)}"] if self.hides(c) else []
        place = [f"{self.staged.row} AS {ROW}", *([f"{self.staged.file} AS {FILE}"] if self.staged.file else [])]
        names = [ROW, FILE] if self.staged.file else [ROW]
        sql = f"SELECT {', '.join([*place, '*', *plain])} FROM {self.staged.relation}"
        sql = f"SELECT *, {', '.join(trims)} FROM ({sql})"
        sql = f"SELECT *, {', '.join([*cells, *marks])} FROM ({sql})"
        sql = f"SELECT *, {', '.join(values)} FROM ({sql})"
        hidden = [_mark(c) for c in self.staged.cells if self.hides(c)]
        return f"SELECT {', '.join([*names, *shares, *hidden])} FROM ({sql})"

    def cell(self, column: str) -> str:
        """The column of `query` with the cleaned cell."""
        return quote(column) if self.columns[column].type == "text" else _cell(column)

    def outer(self) -> list[str]:
        """The columns of the engine's table over `query`; those that the source lacks are NULL."""
        found = []
        for name, column in self.columns.items():
            here = name in self.staged.cells
            found.append(quote(name) if here else f"CAST(NULL AS {sql_type(column)}) AS {quote(name)}")
            if self.hides(name):
                found.append(_mark(name) if here else f"FALSE AS {_mark(name)}")
        return found

    def inline_cell(self, column: str) -> str:
        """The cleaned cell of a column as one expression over the source."""
        return f"({self.clean(column, self.trim(column))})"

    def inline_value(self, column: str) -> str:
        """The typed value of a column as one expression over the source."""
        if column not in self.staged.cells:
            return f"CAST(NULL AS {sql_type(self.columns[column])})"
        return f"({self.value(column, self.inline_cell(column))})"

    def rows(self, relation: str) -> Rows:
        file = FILE if self.staged.file else None
        return Rows(relation, ROW, file, place_of(self.name, self.staged), bool(self.table.persons))


def _plain(column: str) -> str:
    return quote(f"p:{column}")


def _trim(column: str) -> str:
    return quote(f"t:{column}")


def _cell(column: str) -> str:
    return quote(f"c:{column}")


def _value(column: str) -> str:
    return quote(f"v:{column}")


def _mark(column: str) -> str:
    return quote(f"{column}__hidden")


def place_of(name: str, staged: Staged) -> Callable[..., Place]:
    def place(row: int | None, file: str | None, **more: Any) -> Place:
        if row is None:
            return Place(table=name, **more)
        return staged.place(name, row, file, **more)

    return place


def restored(cell: str, base: str) -> str:
    """The count that a per cent of `base` stands for: the one integer that rounds to it, else NULL."""
    percent = plain(cell)
    places = f"least(length(split_part({percent}, '.', 2)), 8)"
    # In units of 10^-9 per cent, where all is exact; n of base is 100 * n / base per cent.
    value = f"CAST(try_cast({percent} AS DECIMAL(28,9)) * CAST(1000000000 AS DECIMAL(10,0)) AS HUGEINT)"
    half = f"(CAST(500000000 AS HUGEINT) // CAST(power(10, {places}) AS HUGEINT))"
    whole = "CAST(100000000000 AS HUGEINT)"
    low = f"((greatest({value} - {half}, 0) * {base} + {whole} - 1) // {whole})"
    high = f"least((({value} + {half}) * {base} + {whole} - 1) // {whole} - 1, {base})"
    return f"CASE WHEN {low} = {high} THEN CAST({low} AS BIGINT) END"


def stays_in_place(shape: Shape, in_place_from: int) -> bool:
    """Whether the rows may stay where they are: many, typed, and with nothing that must be parsed."""
    parsed = any(map(shape.parsed, shape.staged.cells))
    return shape.staged.stays and shape.staged.rows >= in_place_from and not parsed and not shape.table.hidden


def level_of(table: Table, top: str) -> tuple[str, str | None]:
    """Level of a table's entities and the column of their codes (None: the top level)."""
    return next(iter((table.entity or {}).items()), (top, None))


def as_table(session: Session, shape: Shape, used: tuple[str, ...], top: str, findings: Findings) -> LoadedTable:
    """The source as a table of the session, every cell of it checked."""
    name, staged = shape.name, shape.staged
    relation, checked = f"input.{quote(name)}", f"staging.{quote('checked ' + name)}"
    order = f" ORDER BY {f'{FILE}, ' if staged.file else ''}{ROW}" if staged.stays else ""
    session.con.execute(f"CREATE TABLE {checked} AS {shape.query()}{order}")
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
    marks = [column for column in present if shape.hides(column)]
    counted = [f"count(CASE WHEN {quote(c)} IS NULL AND {shape.cell(c)} IS NULL THEN 1 END)" for c in present]
    counted += [f"count(CASE WHEN {_mark(c)} THEN 1 END)" for c in marks]
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
    inlined = checks_of(shape.table, _checked(shape, used), Cells(shape.inline_cell, shape.inline_value))

    return LoadedTable(
        name=name, table=shape.table, relation=relation, raw=staged.relation, typed=inline, level=level,
        rows=staged.rows, in_place=True, missing_counts=None, check_sql=any_of(inlined),
        entity_sql=inline[entity] if entity else None, unchecked_keys=bool(shape.table.key), used=used,
        files=staged.files,
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
    rows, types = shape.rows(f"({shape.query()})"), _checked(shape, used)
    run_checks(session, checks_of(shape.table, types, Cells(shape.cell, quote)), rows, findings)


def _checked(shape: Shape, used: Iterable[str]) -> dict[str, str]:
    """The columns whose cells are checked in place: those that are read anyway."""
    return {column: kind for column, kind in shape.staged.types.items() if column in used}
