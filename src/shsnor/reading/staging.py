"""Sources brought into the session: text as a table of texts, typed sources as they are."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from shsnor.errors import DataError, Finding, Findings, Place
from shsnor.headers import Matched, columns_of, filled_columns, match, missing_columns
from shsnor.pack import Table
from shsnor.reading.csv_files import CsvFile, clean_copy, closes_quotes, file_read, open_csv, write_rows
from shsnor.reading.elsewhere import Elsewhere, Stream, ask, stand_in
from shsnor.reading.joining import Cells, join_rows
from shsnor.reading.loaded import FileRead, Part
from shsnor.reading.sources import Source, first_line
from shsnor.reading.values import is_known
from shsnor.sql import literal, quote
from shsnor.store import Session
from shsnor.workbooks import Origin, Unreadable, extract

#: What DuckDB and the system raise over files and objects; a wrong query of ours is none of these.
UNREADABLE = (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException, OSError)


@dataclass
class Staged:
    """A source that queries can read.

    relation   what to select from
    cells      column -> SQL of its cell
    types      column -> DuckDB type of its cell
    row        SQL of the number of a row, from 0
    pieces     (first row, file) where several files follow each other in one table
    file       SQL of the file's path, where rows are counted file by file
    stays      the relation may be scanned in place
    sheets     where the rows of workbooks stand
    parts      the rows file by file, where they may stay in files
    elsewhere  what holds the rows, where the relation is empty and only stands for them
    """

    relation: str
    cells: dict[str, str]
    types: dict[str, str]
    rows: int
    row: str = "rowid"
    pieces: list[tuple[int, str]] = field(default_factory=list)
    file: str | None = None
    stays: bool = False
    headers: list[str] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    sheets: Cells | None = None
    elsewhere: Elsewhere | None = None

    def place(self, table: str, row: int, file: str | None = None, **more: Any) -> Place:
        """Where row `row` (from 0) stands: numbered from 1, in its own file where there are several."""
        if self.sheets is not None:
            return Place(table=table, **self.sheets.place(row, more.get("field")), **more)
        if file is not None:
            return Place(table=table, row=row + 1, file=Path(file).name, **more)
        if len(self.pieces) < 2:
            return Place(table=table, row=row + 1, **more)
        start, name = max(piece for piece in self.pieces if piece[0] <= row)
        return Place(table=table, row=row - start + 1, file=name, **more)


@dataclass(frozen=True)
class Staging:
    """Brings sources of one table after the other into the session."""

    session: Session
    findings: Findings

    def stage(self, name: str, table: Table, source: Source, needed: set[str]) -> Staged | None:
        """The source of a table, ready to be queried; None, with findings, where it cannot be read."""
        try:
            if source.kind == "csv":
                return self._csv(name, table, source.paths, needed)
            if source.kind == "workbook":
                return self._sheets(name, table, source, needed)
            if source.kind == "rows":
                return self._rows(name, table, source.value, needed)
            if source.kind == "parquet":
                return self._parquet(name, table, source.paths, needed)
            if source.kind == "attached":
                files = [file_read(path) for path in source.paths]
                staged = self._typed(name, table, source.relation, needed, files=files, stays=True)
                if staged is not None:
                    inside = source.relation.partition(".")[2]
                    staged.parts = [Part(path, source.relation, inside) for path in source.paths]
                return staged
            if source.kind == "plugin":
                return self._by_plugin(name, table, source, needed)
            if source.kind == "elsewhere":
                return self._elsewhere(name, table, source.value, needed)
            return self._object(name, table, source.value, needed)
        except DataError as error:
            self.findings.extend(error.findings)
            return None
        except UNREADABLE as error:
            file = source.paths[0].name if source.paths else None
            text = type(error).__name__ if table.persons else first_line(error)  # it may quote a row
            self.findings.add("SH411", Place(file=file, table=name), reason="damaged", file=file, text=text)
            return None

    def _csv(self, name: str, table: Table, paths: Sequence[Path], needed: set[str]) -> Staged | None:
        def known(headers: Sequence[str]) -> int:
            return len(match(name, table, headers, Findings()).positions)

        opened = [open_csv(path, name, self.session.folder, self.findings, known) for path in paths]
        files = [file for file in opened if file is not None]
        if len(files) < len(paths):
            return None
        staged = self._text(name, table, files, needed)
        if staged is not None:
            staged.files = [file_read(path) for path in paths]
        return staged

    def _rows(self, name: str, table: Table, rows: Sequence[Mapping[str, Any]], needed: set[str]) -> Staged | None:
        headers = list(dict.fromkeys(str(key) for row in rows for key in row))
        if not rows:  # a table without rows has no headers that could be missing
            headers = [*table.columns]
        lines = ([as_text(row.get(header)) for header in headers] for row in rows)
        file = write_rows(headers, lines, self.session.folder, name)
        return self._text(name, table, [file], needed, keep_empty=True)

    def _sheets(self, name: str, table: Table, source: Source, needed: set[str]) -> Staged | None:
        """The rows of all sheets that hold a table; those of one key are joined."""
        files, origins = list[CsvFile](), list[Origin]()
        for claim in source.claims:
            try:
                found = extract(claim, table, self.findings)
                if found is None:
                    return None
            except Unreadable as error:
                place = Place(file=claim.book.name, table=name, cell=claim.sheet)
                self.findings.add("SH430", place, reason=error.reason, file=claim.book.name, **error.details)
                return None
            headers, blank = [*found.columns, *found.sighting.extra.values()], [None] * len(found.sighting.extra)
            lines = ([*line, *blank] for line in found.lines())
            file = write_rows(headers, lines, self.session.folder, name)
            files.append(replace(file, name=claim.book.name, sheet=claim.sheet))
            origins.append(found.origin)
        staged = self._text(name, table, files, needed, keep_empty=True)
        if staged is None:
            return None
        starts = [start for start, _ in staged.pieces]
        staged.sheets = Cells(self.session, [*zip(starts, origins, strict=True)])
        columns = list(staged.cells)
        join_rows(self.session, name, table, staged.relation, columns, staged.sheets, self.findings)
        staged.rows = int(self.session.row(f"SELECT count(*) FROM {staged.relation}")[0])
        staged.files = [file_read(path) for path in source.paths]
        return staged

    def _text(
        self, name: str, table: Table, files: Sequence[CsvFile], needed: set[str], *, keep_empty: bool = False
    ) -> Staged | None:
        """Files of one table as one table of texts, their rows in order."""
        several = len(files) > 1
        before = len(self.findings.errors)
        matched = [match(name, table, f.headers, self.findings, f.name if several else None) for f in files]
        for file, found in zip(files, matched, strict=True):
            self._extra(name, found.extra, file.name if several else None)
        self._missing(name, table, files, matched, needed)
        columns = list(dict.fromkeys(column for found in matched for column in found.positions))
        if len(self.findings.errors) > before or not columns:
            return None
        relation = f"staging.{quote(name)}"
        declared = ", ".join(f"{quote(column)} VARCHAR" for column in columns)
        self.session.con.execute(f"CREATE TABLE {relation} ({declared})")
        pieces, total = [], 0
        for file, found in zip(files, matched, strict=True):
            if not self._insert(relation, columns, file, found, name):
                return None
            pieces.append((total, file.name))
            total = int(self.session.row(f"SELECT count(*) FROM {relation}")[0])
        if not keep_empty:
            # Rows of delimiters only are what spreadsheets leave below the data.
            filled = [f"nullif(trim({quote(column)}), '')" for column in columns]
            if self.session.row(f"SELECT count(*) FROM {relation} WHERE {filled[0]} IS NULL")[0]:
                self.session.con.execute(f"DELETE FROM {relation} WHERE coalesce({', '.join(filled)}) IS NULL")
                total = int(self.session.row(f"SELECT count(*) FROM {relation}")[0])
        headers = [header for file in files for header in file.headers]
        cells, types = {c: quote(c) for c in columns}, dict.fromkeys(columns, "VARCHAR")
        return Staged(relation, cells, types, total, pieces=pieces, headers=headers)

    def _insert(self, relation: str, columns: Sequence[str], file: CsvFile, found: Matched, name: str) -> bool:
        """Append the rows of one file; False, with findings, where they do not fit its header."""
        cells = [_csv_cell(found, column) for column in columns]
        into = f"INSERT INTO {relation} SELECT {', '.join(cells)} FROM "
        if closes_quotes(file):
            try:
                self.session.con.execute(into + _read_csv(file))
                return True
            except duckdb.InvalidInputException:
                pass  # Python's reader finds every row that does not fit, or takes what only DuckDB does not
        again = clean_copy(file, name, self.session.folder, self.findings)
        if again is not None:
            self.session.con.execute(into + _read_csv(again))
        return again is not None

    def _missing(
        self, name: str, table: Table, files: Sequence[CsvFile], matched: Sequence[Matched], needed: set[str]
    ) -> None:
        """Findings for columns that a file lacks. Sheets may complete one another: each needs the key, all together the rest."""
        sheets = files[0].sheet is not None
        for file, found in zip(files, matched, strict=True):
            where = {"file": file.name, "sheet": file.sheet} if sheets else {}
            wanted = set[str]() if sheets else needed
            missing_columns(name, table, found.positions, wanted, file.headers, self.findings, **where)
        if sheets:
            given = {column for found in matched for column in found.positions} | {*filled_columns(table)}
            headers = [header for file in files for header in file.headers]
            where = {"file": files[0].name, "sheet": files[0].sheet} if len(files) == 1 else {}
            missing_columns(name, table, dict.fromkeys(given), needed, headers, self.findings, **where)

    def _extra(self, name: str, extra: Sequence[str], file: str | None) -> None:
        if extra:
            self.findings.add("SH413", Place(file=file, table=name), severity="warning", headers=list(extra))

    def _parquet(self, name: str, table: Table, paths: Sequence[Path], needed: set[str]) -> Staged | None:
        for path in paths:
            self.session.allow(path)
        listed = ", ".join(literal(str(path)) for path in paths)
        relation = f"read_parquet([{listed}], union_by_name = true, file_row_number = true, filename = true)"
        files = [file_read(path) for path in paths]
        staged = self._typed(name, table, relation, needed, files=files, stays=True)
        if staged is not None:
            staged.row = "file_row_number"
            staged.file = "filename" if len(paths) > 1 else None
            staged.parts = [Part(paths[0], relation)]
            if len(paths) > 1:  # DuckDB opens only the files that the filter leaves
                staged.parts = [Part(p, f"(FROM {relation} WHERE filename = {literal(str(p))})") for p in paths]
        return staged

    def _object(self, name: str, table: Table, value: Any, needed: set[str]) -> Staged | None:
        """An object of another library, taken over at once: later changes to it, or a closed connection, do no harm."""
        relation = f"staging.{quote(name)}"
        frame = type(value).__module__.partition(".")[0] == "pandas"
        handed = value if frame else Stream(value)
        try:
            self.session.con.register("handed_over", handed)
            self.session.con.execute(f"CREATE TABLE {relation} AS SELECT * FROM handed_over")
        finally:
            self.session.con.unregister("handed_over")
        return self._typed(name, table, relation, needed, stays=True)

    def _elsewhere(self, name: str, table: Table, rows: Elsewhere, needed: set[str]) -> Staged | None:
        """A table of another engine: an empty one stands for it, and only its rows are counted yet."""
        relation = stand_in(self.session, name, rows)
        staged = self._typed(name, table, relation, needed)
        if staged is not None:
            staged.rows = int(ask(self.session, rows, f"SELECT count(*) AS n FROM {relation}")[0][0])
            staged.elsewhere = rows
        return staged

    def _by_plugin(self, name: str, table: Table, source: Source, needed: set[str]) -> Staged | None:
        """A file of a plugin's kind: what the plugin reads out of it, taken over as if the caller had given that."""
        (path,), reader = source.paths, source.reader
        assert reader is not None
        place = Place(file=path.name, table=name)
        try:
            value = reader.read(path)
        except Exception as error:  # a plugin's code: whatever it raises is told with its name
            kind = type(error).__name__
            text = kind if table.persons else f"{kind}: {first_line(error)}"  # it may quote a row
            told = {"file": path.name, "plugin": reader.plugin, "text": text}
            self.findings.extend([Finding("SH411", place, {"reason": "plugin", **told})])
            return None
        if isinstance(value, Sequence) and all(isinstance(row, Mapping) for row in value):
            staged = self._rows(name, table, value, needed)
        elif hasattr(value, "__arrow_c_stream__") or hasattr(value, "__dataframe__"):
            staged = self._object(name, table, value, needed)
        else:
            given = type(value).__name__
            self.findings.add("SH411", place, reason="plugin_gave", file=path.name, plugin=reader.plugin, text=given)
            return None
        if staged is not None:
            staged.files = [file_read(path)]
        return staged

    def _typed(
        self,
        name: str,
        table: Table,
        relation: str,
        needed: set[str],
        *,
        files: Iterable[FileRead] = (),
        stays: bool = False,
    ) -> Staged | None:
        """A relation whose columns have types of their own."""
        ours = {"file_row_number", "filename"} if relation.startswith("read_parquet") else set()
        described = [(c, t) for c, t, *_ in self.session.rows(f"DESCRIBE SELECT * FROM {relation}") if c not in ours]
        headers = [column for column, _ in described]
        before = len(self.findings.errors)
        found = match(name, table, headers, self.findings)
        self._extra(name, found.extra, None)
        missing_columns(name, table, found.positions, needed, headers, self.findings)
        types = {column: str(described[position][1]) for column, position in found.positions.items()}
        for column, duckdb_type in types.items():
            if not is_known(duckdb_type):
                place = Place(table=name, field=column)
                self.findings.add("SH404", place, expected=columns_of(table)[column].type, found=duckdb_type)
        if len(self.findings.errors) > before:
            return None
        cells = {column: quote(headers[position]) for column, position in found.positions.items()}
        rows = int(self.session.row(f"SELECT count(*) FROM {relation}")[0])
        return Staged(relation, cells, types, rows, stays=stays, headers=headers, files=list(files))


def _read_csv(file: CsvFile) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(file.headers)))
    # Reading in parallel, DuckDB takes a line end in quotes for that of a row where a part of the file begins there.
    parallel = str(not file.quoted).lower()
    return (
        f"read_csv({literal(str(file.path))}, auto_detect = false, header = false, skip = {file.skip},"
        f" delim = {literal(file.delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}}, parallel = {parallel})"
    )


def _csv_cell(found: Matched, column: str) -> str:
    if (position := found.positions.get(column)) is None:
        return "NULL"
    if column in found.percents:  # the header says «%», so each number below it does
        return f"CASE WHEN regexp_matches(c{position}, '[0-9]\\s*$') THEN c{position} || '%' ELSE c{position} END"
    return f"c{position}"


def as_text(value: Any) -> str | None:
    """A cell of Python as the text that a file would hold; None where it says that there is no value."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, Decimal):
        return None if value.is_nan() else format(value, "f")
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return str(value)
