"""The engine's own DuckDB: a connection nobody else uses, a private folder, and the lock that makes both a boundary.

Until `lock` the session may open any file, for it reads the caller's tables; after it, only the files that were read
and the session's own folder. Nothing of a pack may run before.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import duckdb

from shsnor.errors import DataError, Fault, Findings, ShsnorError, UsageError, nearest
from shsnor.private import make_private, private_folder, remove_abandoned, remove_private
from shsnor.sql import literal
from shsnor.stopping import stoppable

#: Part of what DuckDB would take by itself (80 % of the memory): the caller's process needs some too.
_SHARE_OF_DEFAULT = 0.75
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B|bytes)\s*")

#: How often a connection that is busy is asked to close, and the pause in seconds.
_TRIES, _PAUSE = 100, 0.05

#: The disk is full, as the system tells Python and, in words, DuckDB.
_DISK_ERRORS = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)}
_SPILL_LIMIT = "max_temp_directory_size"
_DISK_WORDS = (*map(os.strerror, sorted(_DISK_ERRORS)), "not enough space on the disk", "Недостаточно места на диске")

#: How files of a session are written: they are read again at once, or copied into an outcome.
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"


@dataclass(frozen=True)
class Settings:
    """How much of the machine an evaluation may take.

    threads                   how many, two at least; None: as many as there are cores
    memory_limit              as `4GB`; None: about 60 % of the memory
    temp_directory            where the private folder is made; None: the system's folder for temporary files
    preserve_insertion_order  whether tables that are read keep the order of their rows; findings name rows by it
    """

    threads: int | None = None
    memory_limit: str | None = None
    temp_directory: Path | None = None
    preserve_insertion_order: bool = True

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any] | Settings | None) -> Settings:
        """The settings that a caller's dict names.

        raises  UsageError where a key is unknown or a value is none of its kind
        """
        if given is None or isinstance(given, Settings):
            return given or cls()
        known, findings = {f.name for f in fields(cls)}, Findings()
        for name, value in given.items():
            if name not in known:
                findings.add("SH424", name=str(name), nearest=nearest(str(name), known), known=sorted(known))
            elif value is not None and not _fits(name, value):
                findings.add("SH425", name=name, value=str(value))
        if findings.errors:
            raise UsageError(findings)
        values = dict(given)
        if values.get("temp_directory") is not None:
            values["temp_directory"] = Path(values["temp_directory"])
        return cls(**values)


def _fits(name: str, value: Any) -> bool:
    if name == "threads":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1
    if name == "memory_limit":
        return isinstance(value, str) and re.fullmatch(r"\s*\d+(\.\d+)?\s*[KMGT]i?B\s*", value) is not None
    if name == "preserve_insertion_order":
        return isinstance(value, bool)
    return isinstance(value, str | Path) and Path(value).is_dir()


class Notes:
    """What is remembered of files from one evaluation to the next; of itself nothing."""

    def holds(self, paths: Sequence[Path], said: str) -> bool:
        """Whether something was found of unchanged files before; asked before one looks."""
        return False

    def note(self, paths: Sequence[Path], said: str) -> None:
        """Something was found of files."""


class Session:
    """A DuckDB in memory with a private folder, for one evaluation; a context manager.

    con           the connection; use `cursor()` for each result that stays open
    folder        private, removed on `close` and at the end of the process
    spill         the part of it to which DuckDB spills
    memory_limit  as DuckDB was told it: `400MB`, `12.8 GiB`
    texts         (relation, column) -> its distinct texts, None where they are many: what was looked up once
    notes         what was found of files before
    """

    def __init__(self, settings: Settings | Mapping[str, Any] | None = None) -> None:
        self.settings = Settings.from_mapping(settings)
        self.con = stoppable(duckdb.connect(":memory:"))
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        within = Path(self.settings.temp_directory or tempfile.gettempdir()).resolve()
        remove_abandoned(within)
        self.folder = private_folder(within)
        self._finalizer = weakref.finalize(self, _end, self.con, self._cursors, self.folder)
        make_private(self.folder)  # only now: a signal may come at any time
        self.spill = self.folder / "spill"
        self.spill.mkdir()
        self._inputs: set[Path] = set()
        self.texts: dict[tuple[str, str], tuple[str, ...] | None] = {}
        self.notes = Notes()
        self.locked = False
        self.memory_limit = self.settings.memory_limit or self._share_of_memory()
        self._configure()

    def _configure(self) -> None:
        settings, run = self.settings, self.con.execute
        # Never one, on a machine of one core neither: with a single thread DuckDB 2.0 mixes the parts of a UNION ALL,
        # and the outcome's rows have an order.
        threads = settings.threads or int(self.row("SELECT current_setting('threads')")[0])
        run(f"SET threads = {max(2, threads)}")
        run(f"SET memory_limit = {literal(self.memory_limit)}")
        run(f"SET temp_directory = {literal(str(self.spill))}")
        run(f"SET preserve_insertion_order = {str(settings.preserve_insertion_order).lower()}")
        # Names in SQL mean tables of ours, never the caller's variables; nothing is fetched or loaded.
        run("SET python_enable_replacements = false")
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        # What a large Parquet file says of its groups of rows takes as long to read as a small query; several ask for it.
        run("SET parquet_metadata_cache = true")
        # How far a query is can be asked while it runs (see `progress`); DuckDB itself prints nothing.
        run("SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0")

    def _share_of_memory(self) -> str:
        row = self.con.execute("SELECT current_setting('memory_limit')").fetchone()
        found = _SIZE.fullmatch(row[0]) if row else None
        if found is None:
            return "2 GiB"
        return f"{float(found[1]) * _SHARE_OF_DEFAULT:.1f} {found[2]}"

    def allow(self, path: Path) -> None:
        """Let queries after the lock still read this input."""
        self._inputs.add(path.resolve())

    def lock(self, inputs: Iterable[Path] = ()) -> None:
        """Shut everything but the inputs and the private folder; cannot be undone."""
        if self.locked:
            return
        paths = sorted(str(p) for p in self._inputs | {p.resolve() for p in inputs})
        run = self.con.execute
        # From here on always: wide tables of the same entities are read side by side.
        run("SET preserve_insertion_order = true")
        run(f"SET allowed_paths = [{', '.join(map(literal, paths))}]")
        run(f"SET allowed_directories = [{literal(str(self.folder))}]")
        run("SET enable_external_access = false")
        run("SET allow_community_extensions = false")
        run("SET lock_configuration = true")
        self.locked = True

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same tables, for a result that is read while other queries run."""
        cursor = stoppable(self.con.cursor())
        self._cursors.add(cursor)
        return cursor

    def new_file(self) -> Path:
        """A name that no file has in the private folder: of a Parquet file."""
        return self.folder / f"{secrets.token_hex(8)}.parquet"

    @contextlib.contextmanager
    def during(self, stage: str, what: str = "") -> Iterator[None]:
        """Tells what fails meanwhile as what it is.

        stage    `read`, `scan`, `compute`, `write`
        what     the table or the step
        raises   DataError SH511 where memory or disk gave out, KeyboardInterrupt where Ctrl-C ended a query, Fault for
                 whatever else DuckDB refuses: that is ours to answer for
        """
        try:
            yield
        except ShsnorError:
            raise
        except Exception as error:
            if _interrupted(error):
                raise KeyboardInterrupt from error
            if (lacking := _ran_out(error)) is not None:
                raise DataError(self._out_of(lacking, stage, what, error)) from error
            raise Fault(f"{f'{stage} {what}'.strip()}: {type(error).__name__}: {error}") from error

    def _out_of(self, lacking: Literal["memory", "disk"], stage: str, what: str, error: Exception) -> Findings:
        """What is told where memory or disk gave out."""
        findings, folder, room = Findings(), self.folder.parent, ""
        lines = str(error).splitlines() or [type(error).__name__]
        with contextlib.suppress(OSError):
            room = f"{shutil.disk_usage(folder).free / 2**30:.1f}"
        findings.add(
            "SH511", problem=lacking, stage=stage, what=what, memory=self.memory_limit, folder=str(folder), room=room,
            reason=next((line for line in lines if _SPILL_LIMIT in line), lines[0]),
        )  # fmt: skip
        return findings

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.con.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query that always has one."""
        return self.con.execute(sql).fetchall()[0]

    def described(self, relation: str) -> list[tuple[str, str]]:
        """Name and DuckDB type of each column of a relation."""
        return [(name, kind) for name, kind, *_ in self.rows(f"DESCRIBE SELECT * FROM {relation}")]

    def close(self) -> None:
        """Close the connection and remove the private folder."""
        self._finalizer()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def side_by_side(jobs: Iterable[Callable[[], object]]) -> None:
    """Do all jobs, two at a time: a query whose rows have an order keeps one core busy."""
    listed = list(jobs)
    if len(listed) == 1:
        listed[0]()
        return
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = [pool.submit(job) for job in listed]
        try:
            for one in running:
                one.result()
        except BaseException:  # Ctrl-C too: what has not begun need not begin
            pool.shutdown(cancel_futures=True)
            raise


def _end(con: duckdb.DuckDBPyConnection, cursors: weakref.WeakSet[duckdb.DuckDBPyConnection], folder: Path) -> None:
    try:
        _close(con, cursors)  # first: Windows does not remove a file that is open
    finally:
        remove_private(folder)


def _close(con: duckdb.DuckDBPyConnection, cursors: Iterable[duckdb.DuckDBPyConnection]) -> None:
    for _ in range(_TRIES):
        try:
            con.close()
            return
        except duckdb.Error:  # a cursor is at work in a thread that Ctrl-C has left behind
            for cursor in list(cursors):
                with contextlib.suppress(duckdb.Error):
                    cursor.interrupt()
            time.sleep(_PAUSE)


def _ran_out(error: Exception) -> Literal["memory", "disk"] | None:
    """What an evaluation lacked; None where the error says something else."""
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, OSError):
        return "disk" if error.errno in _DISK_ERRORS else None
    said = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):  # also where what is spilled has no room
        return "disk" if _SPILL_LIMIT in said else "memory"
    return "disk" if isinstance(error, duckdb.IOException) and any(words in said for words in _DISK_WORDS) else None


def _interrupted(error: Exception) -> bool:
    """Whether DuckDB made this of Ctrl-C."""
    return isinstance(error, duckdb.InterruptException) or "Query interrupted" in str(error)
