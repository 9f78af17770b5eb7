"""What the caller gave, sorted out: for each table of the catalog the files, rows or objects that hold it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import duckdb

from shsnor.errors import Findings, Place, UsageError, nearest
from shsnor.hookspecs import Reader
from shsnor.sql import literal, quote
from shsnor.store import Session

TableArg: TypeAlias = Any
"""One table: a path, a list of paths, a list of dicts, or an Arrow, Polars, pandas or DuckDB object."""
TablesArg: TypeAlias = "str | Path | Mapping[str, TableArg]"
"""All tables: a folder, a file, or a mapping of names to one table each."""

TEXT_FILES = (".csv", ".tsv", ".txt")
PARQUET_FILES = (".parquet", ".pq")
DUCKDB_FILES = (".duckdb", ".db", ".ddb")
Kind: TypeAlias = Literal["csv", "parquet", "attached", "rows", "object", "plugin"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where one table comes from.

    paths      files, in the order of their names
    relation   of a table in an attached DuckDB file
    value      rows or object that the caller gave
    reader     of a plugin's kind of file: what reads it
    """

    kind: Kind
    paths: tuple[Path, ...] = ()
    relation: str = ""
    value: Any = None
    reader: Reader | None = None


@dataclass
class Sources:
    """The sources of all tables, and what was wrong with finding them."""

    session: Session
    catalog: Iterable[str]
    findings: Findings
    readers: Mapping[str, Reader] = field(default_factory=dict)
    found: dict[str, Source] = field(default_factory=dict)
    databases: list[Path] = field(default_factory=list)

    def add(self, table: str, source: Source, file: str | None = None) -> None:
        if table in self.found:
            self.findings.add("SH426", Place(file=file, table=table), table=table, file=file)
            return
        self.found[table] = source

    def folder(self, path: Path) -> None:
        """Files named as tables, folders named as tables with files of one table each, DuckDB files."""
        for entry in sorted(path.iterdir()):
            if entry.name.startswith((".", "~")):
                continue
            if entry.is_dir():
                files = [f for f in sorted(entry.iterdir()) if self.kind_of(f) is not None]
                if files:
                    self.files(entry.name, files)
            elif entry.suffix.lower() in DUCKDB_FILES:
                self.database(entry)
            elif self.kind_of(entry) is not None:
                self.files(entry.stem, [entry])
        if not self.found and not self.findings.errors:
            place = Place(file=path.name)
            self.findings.add("SH411", place, reason="no_tables", file=path.name, known=sorted(self.catalog))

    def files(self, table: str, paths: Sequence[Path]) -> None:
        """One table in one or several files of a kind."""
        name = self.known(table, paths[0].name if len(paths) == 1 else table)
        if name is None:
            return
        kinds = {self.kind_of(path) for path in paths}
        if missing := [path for path in paths if not path.is_file()]:
            for path in missing:
                self.findings.add("SH411", Place(file=path.name, table=name), reason="missing", file=path.name)
        elif len(kinds) > 1 or None in kinds or (kinds == {"plugin"} and len(paths) > 1):
            self._wrong_kinds(name, paths)
        elif kinds == {"csv"}:
            self.add(name, Source("csv", tuple(paths)), paths[0].name)
        elif kinds == {"plugin"}:
            self.add(name, Source("plugin", tuple(paths), reader=self.readers[paths[0].suffix.lower()]), paths[0].name)
        else:
            self.add(name, Source("parquet", tuple(self._unglobbed(path) for path in paths)), paths[0].name)

    def kind_of(self, path: Path) -> Kind | None:
        suffix = path.suffix.lower()
        if suffix in self.readers:
            return "plugin"
        return "csv" if suffix in TEXT_FILES else "parquet" if suffix in PARQUET_FILES else None

    def _wrong_kinds(self, table: str, paths: Sequence[Path]) -> None:
        names = ", ".join(path.name for path in paths)
        self.findings.add("SH411", Place(table=table), reason="kinds", file=names, plugins=sorted(self.readers))

    def known(self, table: str, file: str) -> str | None:
        """The table of the catalog that a file or key names; a warning where there is none."""
        names = {name.casefold(): name for name in self.catalog}
        if (name := names.get(table.casefold())) is None:
            place = Place(file=file)
            self.findings.add("SH412", place, severity="warning", name=table, nearest=nearest(table.casefold(), names))
        return name

    def database(self, path: Path) -> None:
        """The tables of a DuckDB file, attached for reading only."""
        alias = f"source_{len(self.databases)}"
        try:
            self.session.con.execute(f"ATTACH {literal(str(path))} AS {alias} (READ_ONLY, TYPE duckdb)")
            tables = self.session.rows(
                "SELECT schema_name, table_name FROM duckdb_tables()"
                f" WHERE database_name = '{alias}' AND NOT internal"
                " ORDER BY schema_name <> 'main', schema_name, table_name"
            )
        except duckdb.Error as error:
            self.findings.add("SH411", Place(file=path.name), reason="damaged", file=path.name, text=first_line(error))
            return
        self.databases.append(path)
        self.session.allow(path)
        for schema, table in tables:
            if (name := self.known(table, f"{path.name}: {table}")) is not None:
                relation = f"{alias}.{quote(schema)}.{quote(table)}"
                self.add(name, Source("attached", (path,), relation), path.name)

    def value(self, table: str, value: TableArg) -> None:
        """One table of a mapping."""
        if (name := self.known(table, table)) is None:
            return
        if isinstance(value, str | Path):
            value = [value]
        if isinstance(value, Sequence) and value and all(isinstance(v, str | Path) for v in value):
            paths = [Path(v) for v in value]
            if len(paths) == 1 and paths[0].is_dir():
                paths = [f for f in sorted(paths[0].iterdir()) if self.kind_of(f) is not None] or paths
            self.files(name, paths)
        elif isinstance(value, Sequence) and all(isinstance(v, Mapping) for v in value):
            self.add(name, Source("rows", value=value))
        elif hasattr(value, "__arrow_c_stream__") or hasattr(value, "__dataframe__"):
            self.add(name, Source("object", value=value))
        else:
            self.findings.add("SH411", Place(table=name), reason="object", text=type(value).__name__)

    def _unglobbed(self, path: Path) -> Path:
        """DuckDB would take `[2024].parquet` for a pattern: such a file is read from a copy."""
        if not any(sign in str(path) for sign in "*?["):
            return path
        copy = self.session.folder / f"copy-{sum(1 for _ in self.session.folder.iterdir())}{path.suffix}"
        return Path(shutil.copyfile(path, copy))


def find_sources(
    session: Session, catalog: Iterable[str], tables: object, findings: Findings, readers: Mapping[str, Reader]
) -> Sources:
    """The source of each table that the caller gave.

    raises  UsageError where `tables` is nothing that holds tables
    """
    sources = Sources(session, list(catalog), findings, readers)
    if isinstance(tables, Mapping):
        for name, value in tables.items():
            sources.value(str(name), value)
        return sources
    if not isinstance(tables, str | Path):
        wrong = Findings()
        wrong.add("SH401", type=type(tables).__name__)
        raise UsageError(wrong)
    path = Path(tables)
    if path.is_dir():
        try:
            sources.folder(path)
        except OSError as error:
            findings.add("SH411", Place(file=path.name), reason="damaged", file=path.name, text=first_line(error))
    elif not path.exists():
        findings.add("SH411", Place(file=path.name), reason="missing", file=str(tables))
    elif path.suffix.lower() in DUCKDB_FILES:
        sources.database(path)
    elif sources.kind_of(path) is None:
        findings.add("SH411", Place(file=path.name), reason="kinds", file=path.name, plugins=sorted(readers))
    else:
        sources.files(path.stem, [path])
    return sources


def first_line(error: Exception) -> str:
    """The first line of an error of DuckDB, without the lines that show SQL."""
    return str(error).strip().partition("\n")[0][:300]
