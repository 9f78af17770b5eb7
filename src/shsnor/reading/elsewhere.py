"""Rows that another engine holds: the contract with it, and what is asked of it.

In the session an empty table of the same columns stands for such a table. Queries are written over that one and run where
the rows live; what comes here are counts, sums by entity and cell, and the rows of small tables, never those of persons.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from shsnor.sql import quote
from shsnor.store import Session

#: What a query gave, for as long as it is read.
BROUGHT = "brought"


@runtime_checkable
class Elsewhere(Protocol):
    """A table whose rows another engine holds."""

    @property
    def collect_to(self) -> int:
        """So many rows or fewer are brought into the session."""

    def columns(self) -> Mapping[str, str]:
        """Name -> DuckDB type, in their order.

        raises  DataError where there is no such table
        """

    def refuses(self, sql: str) -> str:
        """The first construct of a query that this engine might compute otherwise than DuckDB; "" where there is none."""

    def query(self, sql: str) -> Any:
        """What a query in DuckDB's dialect over the table that stands for this one gives, as an Arrow object.

        raises  DataError where it is refused, or fails
        """


class Stream:
    """Shows DuckDB nothing of an object but its Arrow stream: it would run a relation on the caller's connection."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._value.__arrow_c_stream__(requested_schema)


@contextlib.contextmanager
def brought(session: Session, rows: Elsewhere, sql: str) -> Iterator[str]:
    """The name of the relation that holds what a query gives."""
    session.con.register(BROUGHT, Stream(rows.query(sql)))
    try:
        yield BROUGHT
    finally:
        session.con.unregister(BROUGHT)


def ask(session: Session, rows: Elsewhere, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query that gives few."""
    with brought(session, rows, sql) as given:
        return session.rows(f"SELECT * FROM {given}")


def stand_in(session: Session, name: str, rows: Elsewhere) -> str:
    """Make the empty table that stands for one elsewhere, and give its name."""
    relation = f"staging.{quote(name)}"
    columns = ", ".join(f"{quote(column)} {kind}" for column, kind in rows.columns().items())
    session.con.execute(f"CREATE TABLE {relation} ({columns})")
    return relation


def collect(session: Session, rows: Elsewhere, relation: str, cells: Mapping[str, str]) -> None:
    """Fill the table that stands for one elsewhere with its rows, of the columns in `cells` only."""
    listed = ", ".join(cells.values())
    with brought(session, rows, f"SELECT {listed} FROM {relation}") as given:
        session.con.execute(f"INSERT INTO {relation} ({listed}) SELECT {listed} FROM {given}")
