"""The SQL of one table over its source: cells cleaned and typed, step by step, or as one expression in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shsnor.errors import Place
from shsnor.headers import hidden_columns
from shsnor.pack import Column, Table
from shsnor.reading.checks import Rows
from shsnor.reading.staging import Staged
from shsnor.reading.values import MISSING, cleaned, is_percent, is_text, plain, plainly, sql_type, trimmed, typed
from shsnor.sql import literal, quote

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

    def query(self) -> str:
        """Row number, cleaned cells, typed values and marks of what is hidden, of every row of the source.

        Where a cell was written plainly only its value is there; of a text column there is only the value.
        """
        columns, hidden = list(self.staged.cells), [c for c in self.hidden if c in self.staged.cells]
        fast = {c: sql for c in columns if (sql := self._plainly(c)) is not None}
        steps = [
            [*self.place(), "*", *(f"{sql} AS {_plain(c)}" for c, sql in fast.items())],
            ["*", *(f"{self._rest(c, c in fast)} AS {_trim(c)}" for c in columns)],
            ["*", *(f"{self.clean(c, _trim(c))} AS {_cell(c)}" for c in columns), *map(self._mark, hidden)],
            ["*", *(f"{self._value(c, c in fast)} AS {_value(c)}" for c in columns)],
            [
                *([ROW, FILE] if self.staged.file else [ROW]),
                *(f"{self._whole(c)} AS {quote(c)}" for c in columns),
                *(_cell(c) for c in columns if self.cell(c) == _cell(c)),
                *map(mark_name, hidden),
            ],
        ]
        sql = self.staged.relation
        for step in steps:
            sql = f"(SELECT {', '.join(step)} FROM {sql})"
        return sql

    @property
    def hidden(self) -> list[str]:
        return hidden_columns(self.table)

    def cell(self, column: str) -> str:
        """The column of `query` with the cleaned cell."""
        return quote(column) if self.columns[column].type == "text" else _cell(column)

    def _plainly(self, column: str) -> str | None:
        return plainly(self.staged.cells[column], self.columns[column], self.no_value) if self.parsed(column) else None

    def _rest(self, column: str, fast: bool) -> str:
        return f"CASE WHEN {_plain(column)} IS NULL THEN {self.trim(column)} END" if fast else self.trim(column)

    def _mark(self, column: str) -> str:
        listed = ", ".join(map(literal, self.table.hidden or ()))
        told = f"coalesce({_trim(column)} IN ({listed}), FALSE)" if is_text(self.staged.types[column]) else "FALSE"
        return f"{told} AS {mark_name(column)}"

    def _value(self, column: str, fast: bool) -> str:
        value = self.value(column, _cell(column))
        return f"coalesce({_plain(column)}, {value})" if fast else value

    def _whole(self, column: str) -> str:
        """The value of a column, with the counts that per cents stand for."""
        declared, cell = self.columns[column], _cell(column)
        if declared.type != "count" or not self.parsed(column) or declared.at_most not in self.staged.types:
            return _value(column)
        count = f"CASE WHEN {is_percent(cell)} THEN {restored(cell, _value(declared.at_most))} END"
        return f"coalesce({_value(column)}, {count})"

    def outer(self) -> list[str]:
        """The columns of the engine's table over `query`; those that the source lacks are NULL."""
        found = []
        for name, column in self.columns.items():
            here = name in self.staged.cells
            found.append(quote(name) if here else f"CAST(NULL AS {sql_type(column)}) AS {quote(name)}")
            if name in self.hidden:
                found.append(mark_name(name) if here else f"FALSE AS {mark_name(name)}")
        return found

    def inline_cell(self, column: str) -> str:
        """The cleaned cell of a column in place, where text is clean already (see `stays_in_place`)."""
        cell = self.staged.cells[column]
        return cell if is_text(self.staged.types[column]) else self.clean(column, cell)

    def inline_value(self, column: str) -> str:
        """The typed value of a column as one expression over the source."""
        if column not in self.staged.cells:
            return f"CAST(NULL AS {sql_type(self.columns[column])})"
        return self.value(column, f"({self.inline_cell(column)})")

    def inline(self) -> str:
        """What `query` gives, of rows scanned in place."""
        cells = [c for c in self.staged.cells if self.columns[c].type != "text"]
        columns = [f"{self.inline_cell(c)} AS {_cell(c)}" for c in cells]
        columns += [f"{self.inline_value(c)} AS {quote(c)}" for c in self.staged.cells]
        return f"(SELECT {', '.join([*self.place(), *columns])} FROM {self.staged.relation})"

    def place(self) -> list[str]:
        """The columns of a row's number and file."""
        file = [f"{self.staged.file} AS {FILE}"] if self.staged.file else []
        return [f"{self.staged.row} AS {ROW}", *file]

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


def mark_name(column: str) -> str:
    """The quoted name of the column that says of each cell whether its source hid the value."""
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
