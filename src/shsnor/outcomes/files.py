"""The stored tables of one outcome, open for reading; the only place of this package that talks to DuckDB."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import tempfile
import threading
import uuid
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shsnor.outcomes.formats import SOURCE, Format, described, literal, quoted, scan, table_file
from shsnor.outcomes.tables import OUTCOME_TABLES, OutcomeSchema
from shsnor.private import remove_private
from shsnor.stopping import stoppable

if TYPE_CHECKING:
    import duckdb

#: More characters than the longest first row of a table has: enough to see its columns.
_FIRST_ROW = 1_000_000


def connect(path: Path, format: Format, writing: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection of its own with one view a table of the outcome at `path`.

    It may write to the folder `writing` and reaches nothing else: a .duckdb file from elsewhere may hold views, and
    these must not read other files.
    raises   duckdb.Error where a table is missing or is not what its name says
    """
    import duckdb  # costs a tenth of a second: only where an outcome is read

    con = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # Else DuckDB would spill into `.tmp` of the working folder; this one is made only when it is needed.
            "temp_directory": str(Path(tempfile.gettempdir()) / f"shsnor-{uuid.uuid4().hex}"),
        },
    )
    try:
        if format == "duckdb":
            con.execute(f"ATTACH {literal(path)} AS {SOURCE} (READ_ONLY)")
        folders = [literal(folder) for folder in (None if format == "duckdb" else path, writing) if folder]
        con.execute(f"SET allowed_directories = [{', '.join(folders)}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        for schema in OUTCOME_TABLES.values():
            stored = _stored(con, schema, path, format)
            con.execute(f"CREATE VIEW {quoted(schema.name)} AS {scan(schema, path, format, stored)}")
    except BaseException:
        con.close()
        raise
    return stoppable(con)


def _stored(con: duckdb.DuckDBPyConnection, schema: OutcomeSchema, path: Path, format: Format) -> Sequence[str]:
    """The names of the columns that are stored: an older version has fewer."""
    if format == "csv":  # named by its own header alone
        with table_file(path, schema.name, format).open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file), [])
    if format == "json":  # each row names its columns; what no row names is read as NULL
        return _named_in_json(table_file(path, schema.name, format)) or schema.names
    return [row[0] for row in con.execute(described(schema, path, format)).fetchall()]


def _named_in_json(path: Path) -> list[str]:
    """The columns that the first row names; [] where there is none."""
    with path.open(encoding="utf-8") as file:
        head = file.read(_FIRST_ROW).lstrip().removeprefix("[").lstrip()
    try:
        row, _ = json.JSONDecoder().raw_decode(head)
    except ValueError:
        return []
    return list(row) if isinstance(row, dict) else []


class Files:
    """Where the tables of an outcome are stored, with the connection that reads them.

    `path` is a folder, or the file of a .duckdb outcome. An owned folder is removed when this is closed, is no longer
    referred to, or the interpreter ends. Readable from several threads.
    """

    def __init__(self, path: Path, format: Format, *, owns: bool = False) -> None:
        self.path = Path(os.path.realpath(path))
        self.format = format
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()
        self._remove = weakref.finalize(self, remove_private, self.path) if owns else None
        self._closed = False

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor that nobody else uses: a connection of DuckDB has one open result."""
        with self._lock:
            if self._closed:
                raise ValueError("the outcome is closed")
            if self._connection is None:
                self._connection = connect(self.path, self.format)
            return stoppable(self._connection.cursor())

    @property
    def closed(self) -> bool:
        return self._closed

    def query(self, sql: str, parameters: list[Any] | None = None) -> Iterator[tuple[Any, ...]]:
        """The rows of a query over the views, in order, fetched as they are asked for."""
        with contextlib.closing(self.cursor()) as cursor:
            cursor.execute(sql, parameters or [])
            while rows := cursor.fetchmany(10_000):
                yield from rows

    def close(self) -> None:
        """Give back the connection and remove the folder, where it is owned; closing twice does nothing."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
        if self._remove is not None:
            self._remove()
