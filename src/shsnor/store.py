"""The engine's own DuckDB: a connection nobody else uses, a private folder, and the lock that makes both a boundary.

Until `lock` the session may open any file, for it reads the caller's tables; after it, only the files that were read
and the session's own folder. Nothing of a pack may run before.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from shsnor.errors import DataError, Fault, Findings, ShsnorError, UsageError, nearest
from shsnor.sql import literal

#: Part of what DuckDB would take by itself (80 % of the memory): the caller's process needs some too.
_SHARE_OF_DEFAULT = 0.75
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B|bytes)\s*")


@dataclass(frozen=True)
class Settings:
    """How much of the machine an evaluation may take.

    threads                   how many, two at least; None: as many as there are cores
    memory_limit              as `4GB`; None: about 60 % of the memory
    temp_directory            where the private folder is made; None: the system's folder for temporary files
    preserve_insertion_order  whether tables keep the order of the rows read; findings name rows by it
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


class Session:
    """A DuckDB in memory with a private folder, for one evaluation; a context manager.

    con      the connection; use `cursor()` for each result that stays open
    folder   private, removed on `close` and at the end of the process
    spill    the part of it to which DuckDB spills
    """

    def __init__(self, settings: Settings | Mapping[str, Any] | None = None) -> None:
        self.settings = Settings.from_mapping(settings)
        self.con = duckdb.connect(":memory:")
        self.folder = Path(tempfile.mkdtemp(prefix="shsnor-", dir=self.settings.temp_directory)).resolve()
        self._finalizer = weakref.finalize(self, _end, self.con, self.folder)
        self.spill = self.folder / "spill"
        self.spill.mkdir()
        self._inputs: set[Path] = set()
        self.locked = False
        self._configure()

    def _configure(self) -> None:
        settings, run = self.settings, self.con.execute
        # Never one, on a machine of one core neither: with a single thread DuckDB 2.0 mixes the parts of a UNION ALL,
        # and the outcome's rows have an order.
        threads = settings.threads or int(self.row("SELECT current_setting('threads')")[0])
        run(f"SET threads = {max(2, threads)}")
        run(f"SET memory_limit = {literal(settings.memory_limit or self._share_of_memory())}")
        run(f"SET temp_directory = {literal(str(self.spill))}")
        run(f"SET preserve_insertion_order = {str(settings.preserve_insertion_order).lower()}")
        # Names in SQL mean tables of ours, never the caller's variables; nothing is fetched or loaded.
        run("SET python_enable_replacements = false")
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")

    def _share_of_memory(self) -> str:
        row = self.con.execute("SELECT current_setting('memory_limit')").fetchone()
        found = _SIZE.fullmatch(row[0]) if row else None
        if found is None:
            return "2GB"
        return f"{float(found[1]) * _SHARE_OF_DEFAULT:.2f}{found[2]}"

    def allow(self, path: Path) -> None:
        """Let queries after the lock still read this input."""
        self._inputs.add(path.resolve())

    def lock(self, inputs: Iterable[Path] = ()) -> None:
        """Shut everything but the inputs and the private folder; cannot be undone."""
        if self.locked:
            return
        paths = sorted(str(p) for p in self._inputs | {p.resolve() for p in inputs})
        run = self.con.execute
        run(f"SET allowed_paths = [{', '.join(map(literal, paths))}]")
        run(f"SET allowed_directories = [{literal(str(self.folder))}]")
        run("SET enable_external_access = false")
        run("SET allow_community_extensions = false")
        run("SET lock_configuration = true")
        self.locked = True

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same tables, for a result that is read while other queries run."""
        return self.con.cursor()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.con.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query that always has one."""
        return self.con.execute(sql).fetchall()[0]

    def close(self) -> None:
        """Close the connection and remove the private folder."""
        self._finalizer()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _end(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    con.close()  # first: Windows does not remove a file that is open
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def out_of_room(what: str) -> Iterator[None]:
    """Memory or disk that does not suffice is told as such; whatever else DuckDB refuses is ours to answer for."""
    try:
        yield
    except ShsnorError:
        raise
    except Exception as error:
        kind = type(error).__name__
        if kind == "OutOfMemoryException" or "No space left" in str(error):
            findings = Findings()
            findings.add("SH511", reason=str(error).split("\n")[0])
            raise DataError(findings) from error
        raise Fault(f"{what}: {kind}: {error}") from error
