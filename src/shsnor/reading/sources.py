"""What the caller gave, sorted out: for each table of the catalog the files, rows or objects that hold it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import duckdb

from shsnor.errors import Findings, Place, UsageError, nearest
from shsnor.hookspecs import Reader
from shsnor.pack import Table
from shsnor.reading.elsewhere import Elsewhere
from shsnor.sql import literal, quote
from shsnor.store import Session
from shsnor.workbooks import (
    FOLDER,
    SUFFIXES,
    Book,
    Claim,
    Layout,
    check_layout,
    choose,
    find_layouts,
    layouts_beside,
    open_book,
    says_nothing,
)

TableArg: TypeAlias = Any
"""One table: a path, a list of paths, a list of dicts, or an Arrow, Polars, pandas or DuckDB object."""
TablesArg: TypeAlias = "str | Path | Mapping[str, TableArg] | Data"
"""All tables: a folder, a file, a mapping of names to one table each, or one of these with layouts."""


@dataclass(frozen=True)
class Data:
    """Tables with the layouts by which their workbooks are read.

    layouts   each the name of one that comes with the program, or the path of a file
    """

    tables: str | Path | Mapping[str, TableArg]
    layouts: Sequence[str | Path] = ()


TEXT_FILES = (".csv", ".tsv", ".txt")
PARQUET_FILES = (".parquet", ".pq")
DUCKDB_FILES = (".duckdb", ".db", ".ddb")
Kind: TypeAlias = Literal["csv", "parquet", "attached", "rows", "object", "plugin", "workbook", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where one table comes from.

    paths      files, in the order of their names
    relation   of a table in an attached DuckDB file
    value      rows or object that the caller gave
    reader     of a plugin's kind of file: what reads it
    claims     of workbooks: the sheets that hold it
    """

    kind: Kind
    paths: tuple[Path, ...] = ()
    relation: str = ""
    value: Any = None
    reader: Reader | None = None
    claims: tuple[Claim, ...] = ()


@dataclass
class Sources:
    """The sources of all tables, and what was wrong with finding them."""

    session: Session
    catalog: Mapping[str, Table]
    findings: Findings
    readers: Mapping[str, Reader] = field(default_factory=dict)
    layouts: list[Layout] = field(default_factory=list)
    found: dict[str, Source] = field(default_factory=dict)
    databases: list[Path] = field(default_factory=list)
    books: list[Book] = field(default_factory=list)

    def add(self, table: str, source: Source, file: str | None = None) -> None:
        if table in self.found:
            first = ", ".join(path.name for path in self.found[table].paths) or None
            self.findings.add("SH426", Place(file=file, table=table), table=table, first=first, file=file)
            return
        self.found[table] = source

    def use(self, layouts: Iterable[str | Path]) -> None:
        """Layouts of the caller's, for the workbooks that come after."""
        found = find_layouts(layouts, self.findings)
        self.layouts += [layout for layout in found if check_layout(layout, self.catalog, self.findings)]

    def folder(self, path: Path) -> None:
        """Files named as tables, folders named as tables with files of one table each, DuckDB files, workbooks."""
        self.use(layouts_beside(path))
        for entry in sorted(path.iterdir()):
            if entry.name.startswith((".", "~")):
                continue
            if entry.is_dir() and entry.name != FOLDER:
                self._inner(entry)
            elif entry.suffix.lower() in DUCKDB_FILES:
                self.database(entry)
            elif self.kind_of(entry) == "workbook":
                self.workbook(entry)
            elif self.kind_of(entry) is not None:
                self.files(entry.stem, [entry])
        if not self.found and not self.findings.errors:
            place = Place(file=path.name)
            self.findings.add("SH411", place, reason="no_tables", file=path.name, known=sorted(self.catalog))

    def _inner(self, folder: Path) -> None:
        """A folder named as a table, with files of that table; of another folder, its workbooks."""
        files = [
            f for f in sorted(folder.iterdir()) if self.kind_of(f) is not None and not f.name.startswith((".", "~"))
        ]
        books = [f for f in files if self.kind_of(f) == "workbook"]
        if books and folder.name.casefold() not in {name.casefold() for name in self.catalog}:
            for book in books:
                self.workbook(book)
        elif files:
            self.files(folder.name, files)

    def workbook(self, path: Path, table: str | None = None) -> None:
        """The tables that the sheets of a workbook hold, or the one that it is said to hold."""
        before = len(self.findings.errors)
        if (book := open_book(path, self.findings)) is None:
            return
        self.books.append(book)
        claims = choose(book, self.catalog, self.layouts, self.findings, table)
        for claim in claims if len(self.findings.errors) == before else ():
            if not says_nothing(claim):
                self._claim(claim)

    def _claim(self, claim: Claim) -> None:
        held = self.found.get(claim.table)
        if held is None or held.kind != "workbook":
            self.add(claim.table, Source("workbook", (claim.book.path,), claims=(claim,)), claim.book.name)
        else:
            paths = tuple(dict.fromkeys([*held.paths, claim.book.path]))
            self.found[claim.table] = replace(held, paths=paths, claims=(*held.claims, claim))

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
        elif kinds == {"workbook"}:
            for path in paths:
                self.workbook(path, name)
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
        if suffix in SUFFIXES:
            return "workbook"
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
        if isinstance(value, Elsewhere):
            self.add(name, Source("elsewhere", value=value))
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

    def close(self) -> None:
        """Let go of the workbooks."""
        for book in self.books:
            book.close()

    def _unglobbed(self, path: Path) -> Path:
        """DuckDB would take `[2024].parquet` for a pattern: such a file is read from a copy."""
        if not any(sign in str(path) for sign in "*?["):
            return path
        copy = self.session.folder / f"copy-{sum(1 for _ in self.session.folder.iterdir())}{path.suffix}"
        return Path(shutil.copyfile(path, copy))


def find_sources(
    session: Session, catalog: Mapping[str, Table], tables: object, findings: Findings, readers: Mapping[str, Reader]
) -> Sources:
    """The source of each table that the caller gave.

    raises  UsageError where `tables` is nothing that holds tables
    """
    sources = Sources(session, catalog, findings, readers)
    if isinstance(tables, Data):
        sources.use(tables.layouts)
        tables = tables.tables
    if isinstance(tables, Mapping):
        for name, value in tables.items():
            sources.value(str(name), value)
        _without_use(sources)
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
    elif sources.kind_of(path) == "workbook":
        sources.workbook(path)
    else:
        sources.files(path.stem, [path])
    _without_use(sources)
    return sources


def _without_use(sources: Sources) -> None:
    """Warnings for the caller's layouts that fitted no sheet, where nothing else tells of it."""
    used = {c.layout.layout for s in sources.found.values() for c in s.claims if c.layout is not None}
    for layout in sources.layouts if not sources.findings.errors else ():
        if layout.layout not in used:
            sources.findings.add("SH448", Place(file=layout.layout), severity="warning", layout=layout.layout)


def first_line(error: Exception) -> str:
    """The first line of an error of DuckDB, without the lines that show SQL."""
    return str(error).strip().partition("\n")[0][:300]
