"""The stored tables of one outcome, open for reading; the only place of this package that talks to DuckDB."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shsnor.outcomes.formats import SOURCE, Format, literal, quoted, scan
from shsnor.outcomes.tables import OUTCOME_TABLES

if TYPE_CHECKING:
    import duckdb


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
            con.execute(f"CREATE VIEW {quoted(schema.name)} AS {scan(schema, path, format)}")
    except BaseException:
        con.close()
        raise
    return con


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
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, True) if owns else None
        self._closed = False

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor that nobody else uses: a connection of DuckDB has one open result."""
        with self._lock:
            if self._closed:
                raise ValueError("the outcome is closed")
            if self._connection is None:
                self._connection = connect(self.path, self.format)
            return self._connection.cursor()

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
