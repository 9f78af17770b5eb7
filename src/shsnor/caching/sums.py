"""The sums of tables that stay in files, taken from where they were stored; only what is not there is summed."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shsnor.caching.folder import Cache, NotKept, not_written
from shsnor.caching.kept import read_table, write_table
from shsnor.caching.meaning import Meaning, base_of, short, tells_persons
from shsnor.errors import Findings
from shsnor.reading import LoadedTable, Part
from shsnor.rendering.cubes import Cube
from shsnor.sql import literal, quote
from shsnor.store import PARQUET, Session

log = logging.getLogger("shsnor")

#: Makes `raw_<name>` of a cube from a relation, with a check of its rows or without; tells whether the cells are few.
Scan = Callable[[Cube, str, str | None], bool]

#: What Parquet gives back as it was; ENUM comes back as text, which is the same for a key.
_SAME = re.compile(r"BIGINT|INTEGER|BOOLEAN|DATE|VARCHAR|DECIMAL.*")


@dataclass
class Taken:
    """How many files a table has, and of how many all sums were stored."""

    files: int
    taken: int = 0


@dataclass(frozen=True)
class _Basis:
    """What the sums of a table are made of.

    contents  of each of its parts, as one word; empty where it is not known
    """

    table: LoadedTable
    meaning: Meaning
    contents: tuple[str, ...]

    @property
    def paths(self) -> list[Path]:
        return [part.path for part in self.table.parts]

    def said(self, *more: object) -> str:
        """All that a table made of these sums rests on, as one word; `more`: how it is made of them."""
        return short([sorted(self.contents), dict(self.meaning.keys), dict(self.meaning.sums), more], 32)


@dataclass(frozen=True)
class _Summed:
    """The sums of one file, as a Parquet file of the session.

    exact     its rows are told apart by what the cube asks for, and by nothing else
    columns   by their stored names
    storable  whether it, and what is made of it, may be stored
    """

    file: Path
    exact: bool
    columns: frozenset[str]
    storable: bool = True

    @property
    def relation(self) -> str:
        return f"read_parquet({literal(str(self.file))})"


class StoredSums:
    """The sums of a session's tables, from a cache and for it.

    levels     those whose entities are persons: their sums are not stored
    read       table that was read into the session -> how much of it was stored already
    tables     table that stays in files -> likewise, for one evaluation
    findings   what hindered storing: warnings that are no part of an outcome
    """

    def __init__(self, session: Session, cache: Cache, levels: Collection[str]) -> None:
        self.session, self.cache, self.levels = session, cache, levels
        self.read: dict[str, Taken] = {}
        self.tables: dict[str, Taken] = {}
        self.findings = Findings()
        self._contents = session.notes = cache.contents()
        self._bases: dict[str, _Basis | None] = {}
        self._pending: list[tuple[Path, str, str]] = []
        self._own: list[Path] = []

    def begin(self) -> None:
        """Another evaluation in the same session: what is told is told of it alone."""
        self.tables, self.findings = {}, Findings()

    def look(self, cube: Cube, table: LoadedTable) -> bool:
        """Look at what the sums of a table are made of: before each scan, for files may change.

        returns  whether the sums of this table are stored at all
        """
        self._bases[cube.name] = None
        if not self._serves(cube, table):
            return False
        contents = []
        for part in table.parts:
            sha256 = self._contents.of(part.path)
            contents.append(base_of(self.session, sha256, part.inside) if sha256 else "")
        self._bases[cube.name] = _Basis(table, Meaning.of(self.session, cube, table), tuple(contents))
        return True

    def take(self, table: str, name: str, *how: object) -> Any:
        """Make `name` as it was stored for the sums of a table; its note, or None where it is not stored.

        how  all that it rests on beside those sums
        """
        file = self.place()
        if not self.take_file(table, name, *how, into=file):
            return None
        return read_table(self.session, name, file)

    def put(self, table: str, name: str, note: Any, *how: object) -> None:
        """Have `keep` store `name` with a note for whoever `take`s it."""
        if self._rests(table):
            file = self.place()
            write_table(self.session, name, note, file)
            self.put_file(table, name, file, *how)

    def take_file(self, table: str, name: str, *how: object, into: Path) -> bool:
        """Have the file that was stored as `name` for the sums of a table; False where none was."""
        basis = self._bases.get(table)
        if basis is None or not all(basis.contents):
            return False
        if not any(self.cache.take(path, into) for path, _ in self.cache.find(basis.said(name, *how))):
            return False
        files = len(basis.contents)
        self.tables.setdefault(table, Taken(files, files))
        for content in basis.contents:
            self.cache.used(content)
        return True

    def put_file(self, table: str, name: str, file: Path, *how: object) -> None:
        """Have `keep` store a file as `name` for whoever takes it; it must be there till then."""
        if basis := self._rests(table):
            self._pending.append((file, basis.said(name, *how), short(name, 16)))

    def _rests(self, table: str) -> _Basis | None:
        """What the sums of a table are made of, where that is known and has not changed since."""
        basis = self._bases.get(table)
        known = basis is not None and all(basis.contents) and all(map(self._contents.unchanged, basis.paths))
        return basis if known else None

    def summed(self, table: LoadedTable, how: str, make: Callable[[Part, Path], bool]) -> list[Path]:
        """The sums of each file of a table as a file of the session until `keep`: stored ones, or those that `make` writes,
        which tells whether they may be stored.

        how      the SQL that makes them of the rows
        returns  nothing where the sums of this table are not to be stored
        """
        if not self._stays(table) or table.level in self.levels:
            return []
        types, told, found = self.session.described(table.raw), Taken(len(table.parts)), []
        for part in table.parts:
            sha256, file = self._contents.of(part.path), self.place()
            base = short([base_of(self.session, sha256, part.inside), types, how], 32) if sha256 else ""
            if base and any(self.cache.take(path, file) for path, _ in self.cache.find(base)):
                told.taken += 1
            elif make(part, file) and base and self._contents.unchanged(part.path):
                self._pending.append((file, base, short(table.name, 16)))
            found.append(file)
        self.read[table.name] = told
        return found

    def fill(self, cube: Cube, scan: Scan) -> bool:
        """Make `raw_<table>` of what is stored and of what `scan` sums, with the typed dimensions.

        returns  False, and nothing is made, where the sums of this table are not to be stored
        """
        basis = self._bases.get(cube.name)
        if basis is None:
            return False
        meaning, told = basis.meaning, Taken(len(basis.contents))
        summed = [
            self._part(cube, basis, part, content, scan, told)
            for part, content in zip(basis.table.parts, basis.contents, strict=True)
        ]
        self.tables[cube.name] = told
        if not all(one.storable for one in summed):
            self._bases[cube.name] = None
        cube.raw_keys, cube.digits = {}, {}
        picked = ", ".join(f"{stored} AS {alias}" for alias, stored in {**meaning.keys, **meaning.sums}.items())
        rows = [f"SELECT {picked} FROM {one.relation}" for one in summed]
        raw, united = quote(f"raw_{cube.name}"), "\nUNION ALL\n".join(rows)
        if all(one.exact for one in summed) and self._apart(cube, rows):
            self.session.con.execute(f"CREATE VIEW {raw} AS {united}")
        else:
            self.session.con.execute(f"CREATE TABLE {raw} AS {cube.summed_again(united)}")
        return True

    def keep(self) -> None:
        """Store what was summed, for whoever evaluates next; what hinders it becomes a finding."""
        pending, self._pending = self._pending, []
        if pending or self.cache.folder.is_dir():
            with self._told():
                self.cache.make()
                self._contents.keep()
        for file, base, apart in pending:
            with self._told():
                self.cache.put(file, base, apart)
        for file in self._own:
            with contextlib.suppress(OSError):
                file.unlink()
        self._own.clear()

    def record(self) -> dict[str, Any]:
        """What of this goes into the record of a run: of how many files the sums were stored, and what hindered storing."""
        tables = {name: {"files": t.files, "stored": t.taken} for name, t in sorted((self.read | self.tables).items())}
        hindered = [{"code": f.code, "details": f.details} for f in self.findings]
        return {"sums": tables} | ({"sums_not_stored": hindered} if hindered else {})

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (NotKept, OSError) as error:
            found = error if isinstance(error, NotKept) else not_written(self.cache.folder, error)
            if not any(finding.code == found.code for finding in self.findings):
                log.warning("sums are not stored: %s %s", found.code, found.details)
                self.findings.add(found.code, severity="warning", **found.details)

    def _stays(self, table: LoadedTable) -> bool:
        """Whether the rows of a table stay in files, each read once, that hold all of them."""
        paths = [part.path for part in table.parts]
        if not table.in_place or not paths or len(set(paths)) < len(paths):
            return False
        # the last changes of a DuckDB file stand beside it
        return not any(Path(f"{path}.wal").exists() for path in paths)

    def _serves(self, cube: Cube, table: LoadedTable) -> bool:
        """Whether the sums may be stored: the rows stay in files that are read once, and no row of the sums is a person's."""
        if not self._stays(table) or tells_persons(cube, table, self.levels):
            return False
        keys = {_bare(alias) for alias in cube.columns_of_keys()}
        types = self.session.described(f"({cube.scanned()})")
        return all(_SAME.fullmatch(kind) or (name in keys and kind.startswith("ENUM")) for name, kind in types)

    def _part(self, cube: Cube, basis: _Basis, part: Part, base: str, scan: Scan, told: Taken) -> _Summed:
        """The sums of one file: all stored, or some, or none."""
        meaning, table = basis.meaning, basis.table
        stored = self._stored(base, meaning) if base else None
        lacking = {c for c, name in meaning.sums.items() if stored is None or name not in stored.columns}
        if stored is not None and not lacking:
            told.taken += 1
            return stored
        of_part = _only(cube, lacking)
        few = scan(of_part, part.relation, table.check_sql if "wrong" in lacking else None)
        made = self._written(of_part, meaning, stored)
        self.session.con.execute(f"DROP TABLE {quote(f'raw_{of_part.name}')}")
        if not (base and self._contents.unchanged(part.path) and (few or not cube.dims or not table.table.persons)):
            return replace(made, storable=False)
        self._pending.append((made.file, base, meaning.apart))
        return made

    def _stored(self, base: str, meaning: Meaning) -> _Summed | None:
        """What is stored of a content: all sums that are asked for, else those with the same keys."""
        keys, wanted, best = {*meaning.keys.values()}, {*meaning.sums.values()}, None
        for path, apart in sorted(self.cache.find(base), key=lambda each: each[1] != meaning.apart):
            own = self.place()
            if not self.cache.take(path, own):
                continue
            names = frozenset(name for name, _ in self.session.described(f"read_parquet({literal(str(own))})"))
            one = _Summed(own, apart == meaning.apart, names)
            if keys | wanted <= names:
                return one
            if one.exact and best is None:
                best = one
        return best

    def _written(self, cube: Cube, meaning: Meaning, stored: _Summed | None) -> _Summed:
        """`raw_<name>` as a file under the stored names, with the other sums that are stored of it."""
        rows = cube.typed_rows()
        kinds = dict(self.session.described(f"({rows})"))
        named = {**meaning.keys, **{c: meaning.sums[c] for c in cube.aggregates()}}
        casts = {c: f"CAST({c} AS VARCHAR)" if kinds[_bare(c)].startswith("ENUM") else c for c in named}
        query = f"SELECT {', '.join(f'{casts[c]} AS {name}' for c, name in named.items())} FROM ({rows})"
        if stored is not None:
            both = ", ".join(f"old.{name}" for name in sorted(stored.columns - {*named.values()}))
            same = " AND ".join(f"old.{k} IS NOT DISTINCT FROM new.{k}" for k in meaning.keys.values()) or "TRUE"
            query = f"SELECT new.*, {both} FROM ({query}) new JOIN {stored.relation} old ON {same}"
        file = self.place()
        self.session.con.execute(f"COPY ({query}) TO {literal(str(file))} ({PARQUET}, PRESERVE_ORDER false)")
        return _Summed(file, True, frozenset(named.values()) | (stored.columns if stored else frozenset()))

    def _apart(self, cube: Cube, rows: list[str]) -> bool:
        """Whether no two files have rows of the same entity and cell: a file a year, or a file a district."""
        if len(rows) == 1:
            return True
        entity = ["k"] if cube.entity else []
        for columns in ([*cube.columns_of_keys()][len(entity) :], entity):
            if columns:
                listed = ", ".join(columns)
                each = [f"SELECT DISTINCT {listed} FROM ({row})" for row in rows]
                in_two = f"SELECT 1 FROM ({' UNION ALL '.join(each)}) GROUP BY {listed} HAVING count(*) > 1 LIMIT 1"
                if not self.session.rows(in_two):
                    return True
        return False

    def place(self) -> Path:
        """A file of the session that is gone after `keep`."""
        own = self.session.new_file()
        self._own.append(own)
        return own


def _only(cube: Cube, columns: Collection[str]) -> Cube:
    """A cube of one file that asks for some of the sums."""
    sums = {key: each for key, each in cube.sums.items() if each[0] in columns}
    nulls = {test: each for test, each in cube.nulls.items() if each[0] in columns}
    return replace(cube, name=f"{cube.name} of one file", sums=sums, nulls=nulls, raw_keys={}, digits={}, source="")


def _bare(alias: str) -> str:
    """The name of a column, of the name as SQL writes it."""
    return alias.strip('"')
