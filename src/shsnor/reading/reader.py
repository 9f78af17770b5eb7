"""All tables of an evaluation, read in order: sources, roster, entities, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from shsnor.errors import Findings, Place
from shsnor.pack import Level, Table
from shsnor.reading.checks import Rows
from shsnor.reading.entities import check_entities
from shsnor.reading.headers import columns_of
from shsnor.reading.loaded import LoadedTable
from shsnor.reading.roster import build_roster, roster_tables
from shsnor.reading.sources import Source, TablesArg, find_sources
from shsnor.reading.staging import Staging
from shsnor.reading.tables import IN_PLACE_FROM, Shape, as_table, as_view, check_keys, empty_table, stays_in_place
from shsnor.store import Session, quote

#: Read wherever they are given, whatever the pack asks for.
ALWAYS = ("decisions", "school_codes")


def read_tables(
    session: Session,
    catalog: Mapping[str, Table],
    tables: TablesArg,
    *,
    levels: Mapping[str, Level],
    needed: Mapping[str, set[str]],
    top_key: str,
    reference: Mapping[str, Path] = MappingProxyType({}),
    in_place_from: int = IN_PLACE_FROM,
) -> tuple[dict[str, LoadedTable], Findings]:
    """The tables that an evaluation reads, in schema `input` of the session, the roster in schema `roster`, and what is wrong.

    catalog        every table there may be
    levels         lowest first
    needed         table -> columns that the pack reads
    top_key        key of the one entity of the top level
    reference      table -> CSV file that the pack carries
    in_place_from  rows from which a typed source is scanned where it is
    raises         UsageError where `tables` is nothing that holds tables; never for wrong data
    """
    for schema in ("staging", "input", "roster"):
        session.con.execute(f"CREATE SCHEMA {schema}")
    findings = Findings()
    sources = find_sources(session, catalog, tables, findings)
    for name, path in reference.items():
        sources.found[name] = Source("csv", (path,))
    reading = _Reading(session, catalog, levels, top_key, findings, in_place_from)
    wanted = {name: set(columns) for name, columns in needed.items()}
    for name, columns in roster_tables(levels).items():
        wanted.setdefault(name, set()).update(columns)
    for name in ALWAYS:
        if name in sources.found:
            wanted.setdefault(name, set())
    for name, columns in wanted.items():
        reading.load(name, columns, sources.found.get(name))
    reading.finish()
    return reading.loaded, findings


@dataclass
class _Reading:
    """The state of one call of `read_tables`."""

    session: Session
    catalog: Mapping[str, Table]
    levels: Mapping[str, Level]
    top_key: str
    findings: Findings
    in_place_from: int
    loaded: dict[str, LoadedTable] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    @property
    def top(self) -> str:
        return list(self.levels)[-1]

    def load(self, name: str, needed: set[str], source: Source | None) -> None:
        """One table; an empty one where there is no source, or where it cannot be read."""
        table = self.catalog[name]
        used = tuple(sorted({*(needed & columns_of(table).keys()), *(table.key or ()), *(table.entity or {}).values()}))
        staged = None
        if source is None:
            severity = "error" if any(level.table == name for level in self.levels.values()) else "warning"
            self.findings.add("SH402", Place(table=name), severity=severity, table=name)  # type: ignore[arg-type]
        else:
            staged = Staging(self.session, self.findings).stage(name, table, source, needed)
        if staged is None:
            self.broken.add(name)
            self.loaded[name] = empty_table(self.session, name, table, used, self.top)
            return
        shape = Shape(name, table, staged, columns_of(table))
        if stays_in_place(shape, self.in_place_from):
            self.loaded[name] = as_view(self.session, shape, used, self.top)
            self.rows[name] = shape.rows(f"({shape.query()})")
        else:
            self.loaded[name] = as_table(self.session, shape, used, self.top, self.findings)
            self.rows[name] = shape.rows(self.loaded[name].relation)

    def finish(self) -> None:
        """What needs all tables: the roster, the entities of each table, repeated keys, digests."""
        build_roster(self.session, self.levels, self.loaded, self.top_key, self.findings)
        for name, table in self.loaded.items():
            if name in self.broken or table.in_place:
                continue
            rows = self.rows[name]
            check_keys(self.session, table, rows, self.findings)
            entity = next(iter((table.table.entity or {}).values()), None)
            if entity is not None and table.level in self.levels:
                check_entities(self.session, table, rows, quote(entity), self.findings, "SH410")
            table.digest = content_digest(self.session, table)


def find_duplicates(session: Session, loaded: LoadedTable) -> Findings:
    """The rows of a table whose key an earlier row has; reads the whole key once."""
    raise NotImplementedError


def content_digest(session: Session, loaded: LoadedTable) -> str:
    """Hash of the rows used, whatever their order and however they are split into files: `rows:sum of hashes`, in hex."""
    listed = ", ".join(loaded.typed[column] for column in loaded.used)
    count, total = session.row(f"SELECT count(*), coalesce(sum(hash({listed or '1'})), 0) FROM {loaded.raw}")
    return f"{int(count):x}:{int(total):x}"
