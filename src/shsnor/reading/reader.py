"""All tables of an evaluation, read in order: sources, roster, entities, keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from shsnor.errors import Findings, Place
from shsnor.headers import columns_of
from shsnor.hookspecs import Reader
from shsnor.pack import Level, Table
from shsnor.progress import Progress, silent
from shsnor.reading.checks import Rows, check_keys
from shsnor.reading.codes import ORIGIN, coded_level, map_codes, prepare_codes
from shsnor.reading.elsewhere import Elsewhere, collect
from shsnor.reading.entities import check_entities, lacks_entities
from shsnor.reading.leaving import (
    explain_left,
    lacking_entities,
    left_table,
    repeated_keys,
    unknown_entities,
    why_not_left,
)
from shsnor.reading.loaded import LoadedTable, content_digest, find_duplicates
from shsnor.reading.roster import build_roster, roster_tables
from shsnor.reading.shapes import Shape
from shsnor.reading.sources import Source, TablesArg, find_sources
from shsnor.reading.staging import Staging
from shsnor.reading.students import RESULTS, SOURCES, STUDENTS, KeptSums, add_students
from shsnor.reading.tables import (
    IN_PLACE_FROM,
    as_table,
    as_view,
    empty_table,
    explain_rows,
    level_of,
    stays_in_place,
)  # fmt: skip
from shsnor.sql import quote
from shsnor.store import Session
from shsnor.wording.stages import STAGES

#: Read wherever they are given, whatever the pack asks for.
ALWAYS = ("decisions", "school_codes")
CODES = "school_codes"
#: Looking for a student twice in one exam takes as long as all the sums; above so many rows it is left out, and said.
KEYS_SOUGHT_TO = 5_000_000


def read_tables(
    session: Session,
    catalog: Mapping[str, Table],
    tables: TablesArg,
    *,
    levels: Mapping[str, Level],
    needed: Mapping[str, set[str]],
    top_key: str,
    reference: Mapping[str, Path] = MappingProxyType({}),
    readers: Mapping[str, Reader] = MappingProxyType({}),
    in_place_from: int = IN_PLACE_FROM,
    progress: Progress = silent,
    kept: KeptSums | None = None,
) -> tuple[dict[str, LoadedTable], Findings]:
    """The tables that an evaluation reads, in schema `input`; the roster, in schema `roster`; and what is wrong.

    catalog        every table there may be
    levels         lowest first
    needed         table -> columns that the pack reads
    top_key        key of the one entity of the top level
    reference      table -> CSV file that the pack carries
    readers        suffix -> what reads such files beside our own: plugins'
    in_place_from  rows from which a typed source is scanned where it is
    progress       is told of each table
    kept           sums of students' rows from earlier evaluations, and for the next one
    raises         UsageError where `tables` is nothing that holds tables; never for wrong data
    """
    for schema in ("staging", "input", "roster"):
        session.con.execute(f"CREATE SCHEMA {schema}")
    findings = Findings()
    sources = find_sources(session, catalog, tables, findings, readers)
    nothing = not sources.found and any(f.place.table is None for f in findings.errors)  # the place itself is wrong
    for name, path in reference.items():
        sources.found[name] = Source("csv", (path,))
    reading = _Reading(session, catalog, levels, top_key, findings, in_place_from, sources.found.keys(), kept)
    wanted = {name: set(columns) for name, columns in needed.items()}
    for name, columns in roster_tables(levels).items():
        wanted.setdefault(name, set()).update(columns)
    if RESULTS in wanted and STUDENTS in sources.found:
        wanted.setdefault(STUDENTS, set()).update(SOURCES[c] for c in wanted[RESULTS] & SOURCES.keys())
    for name in ALWAYS:
        if name in sources.found:
            wanted.setdefault(name, set())
    try:
        for done, (name, columns) in enumerate(wanted.items()):
            progress(STAGES["read"], done, len(wanted))
            with session.during("read", name):
                reading.load(name, columns, sources.found.get(name))
    finally:
        sources.close()
    reading.finish()
    if nothing:  # then each table is lacking, and that goes without saying
        return reading.loaded, Findings(f for f in findings if f.code != "SH402")
    return reading.loaded, _without_strangers(findings)


def _without_strangers(findings: Findings) -> Findings:
    """The findings without tables of other packs: unknown ones that are like none of ours, where no table is lacking."""
    lacking = any(f.code == "SH402" and f.place.table != "decisions" for f in findings)
    return Findings(f for f in findings if lacking or f.code != "SH412" or f.details.get("nearest") is not None)


@dataclass
class _Reading:
    """The state of one call of `read_tables`."""

    session: Session
    catalog: Mapping[str, Table]
    levels: Mapping[str, Level]
    top_key: str
    findings: Findings
    in_place_from: int
    given: Collection[str]
    kept: KeptSums | None = None
    loaded: dict[str, LoadedTable] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    @property
    def top(self) -> str:
        return list(self.levels)[-1]

    def load(self, name: str, needed: set[str], source: Source | None) -> None:
        """One table; an empty one where there is no source, or where it cannot be read."""
        table = self.catalog[name]
        columns = columns_of(table)
        used = tuple(sorted({*(needed & columns.keys()), *(table.key or ()), *(table.entity or {}).values()}))
        staged = None
        if source is None:
            self.absent(name)
        else:
            staged = Staging(self.session, self.findings).stage(name, table, source, needed)
        if staged is None:
            self.unread.add(name)
            self.loaded[name] = empty_table(self.session, name, table, used, self.top)
            return
        shape = self.shapes[name] = Shape(name, table, staged, columns)
        if staged.elsewhere is not None:
            self.loaded[name] = self._from_elsewhere(shape, staged.elsewhere, used)
            return
        # Rows of students are added to `results`, so that it must be a table of the session.
        summed = name == RESULTS and STUDENTS in self.given
        if not summed and stays_in_place(self.session, shape, used, self.in_place_from):
            self.loaded[name] = as_view(self.session, shape, used, self.top)
        else:
            self.loaded[name] = as_table(self.session, shape, used, self.top, self.findings)

    def _from_elsewhere(self, shape: Shape, rows: Elsewhere, used: tuple[str, ...]) -> LoadedTable:
        """A table of another engine: brought here where it is small or must be here, else left there."""
        name, table = shape.name, shape.table
        place = Place(table=name)
        here = name in ALWAYS or name in roster_tables(self.levels) or (name == RESULTS and STUDENTS in self.given)
        if (table.persons and here) or self._of_persons(table):
            self.findings.add("SH569", place)
        elif here or (shape.staged.rows <= rows.collect_to and not table.persons):
            collect(self.session, rows, shape.staged.relation, shape.staged.cells)
            return as_table(self.session, shape, used, self.top, self.findings)
        elif columns := why_not_left(shape, used):
            self.findings.add("SH563", place, columns=columns)
        else:
            return left_table(shape, rows, used, self.top)
        self.unread.add(name)
        del self.shapes[name]
        return empty_table(self.session, name, table, used, self.top)

    def _of_persons(self, table: Table) -> bool:
        """Whether the entities of a table are persons."""
        level = self.levels.get(level_of(table, self.top)[0])
        roster = self.catalog.get((level.table if level else None) or "")
        return bool(roster and roster.persons)

    @property
    def listed(self) -> bool:
        """Whether the roster is whole: entities are not looked up in one whose own table could not be read."""
        return not any(level.table in self.unread for level in self.levels.values())

    def absent(self, name: str) -> None:
        """The finding for a table that is nowhere: no roster without its table, no values without another."""
        if name == RESULTS and STUDENTS in self.given:
            return
        if not self.given and self.findings.errors:
            return  # the folder or file itself could not be read, and that is told
        if any(level.table == name for level in self.levels.values()):
            self.findings.add("SH402", Place(table=name), table=name)
        else:
            self.findings.add("SH402", Place(table=name), severity="warning", table=name)

    def finish(self) -> None:
        """What needs all tables: the roster, the entities of each table, repeated keys, students' totals, digests."""
        build_roster(self.session, self.levels, self.loaded, self.top_key, self.findings)
        if self.listed and not self.session.row(f"SELECT count(*) FROM roster.{quote(next(iter(self.levels)))}")[0]:
            lowest, level = next(iter(self.levels.items()))
            self.findings.add("SH427", Place(table=level.table), level=lowest)
        if CODES in self.shapes:
            prepare_codes(self.session, self.loaded[CODES], coded_level(self.levels))
        for name, shape in self.shapes.items():
            table = self.loaded[name]
            if table.elsewhere is not None:
                self._leave_elsewhere(table, shape, table.elsewhere)
                continue
            if table.in_place and self._has_codes(table) and lacks_entities(self.session, table):
                self.session.con.execute(f"DROP VIEW {table.relation}")
                table = self.loaded[name] = as_table(self.session, shape, table.used, self.top, self.findings)
            if table.in_place:
                self._leave(table, shape)
            else:
                self._settle(table, shape.rows(table.relation))
        if STUDENTS in self.shapes and RESULTS in self.loaded:
            self._sum_students(self.loaded[STUDENTS])
        for table in self.loaded.values():
            if table.digest is None and not table.in_place:
                table.digest = content_digest(self.session, table)

    def _entity(self, table: LoadedTable) -> str | None:
        """The column of a table that names entities of a level of this evaluation."""
        return (table.table.entity or {}).get(table.level) if table.level in self.levels else None

    def _guarded(self, table: LoadedTable, rows: Rows) -> Rows:
        """Rows whose entities are not shown where they are persons."""
        roster = self.catalog.get(self.levels[table.level].table or "")
        return replace(rows, persons=rows.persons or bool(roster and roster.persons))

    def _has_codes(self, table: LoadedTable) -> bool:
        return CODES in self.shapes and table.name != CODES and table.level == coded_level(self.levels)

    def _settle(self, table: LoadedTable, rows: Rows) -> None:
        """A table of the session: codes replaced, keys and entities checked."""
        entity = self._entity(table)
        origin, code = None, "SH410"
        if entity is not None and self._has_codes(table):
            map_codes(self.session, table, entity)
            origin, code = f"coalesce({ORIGIN}, {quote(entity)})", "SH416"
        check_keys(self.session, table.table, rows, self.findings, origin)
        if entity is not None and self.listed:
            check_entities(self.session, table, self._guarded(table, rows), entity, self.findings, code)

    def _leave(self, table: LoadedTable, shape: Shape) -> None:
        """A table scanned in place: what the engine may ask once its scan found something."""
        rows = shape.rows(shape.inline())
        entity = self._entity(table)

        def explain(session: Session) -> Findings:
            found = Findings()
            explain_rows(session, shape, table.used, found)
            if entity is not None and self.listed:
                check_entities(session, table, self._guarded(table, rows), entity, found, "SH410")
            return found

        def duplicates(session: Session) -> Findings:
            found = Findings()
            check_keys(session, table.table, rows, found)
            return found

        table.explain, table.duplicates = explain, duplicates

    def _leave_elsewhere(self, table: LoadedTable, shape: Shape, rows: Elsewhere) -> None:
        """A table left to another engine: what may be asked of it once its scan found something."""
        entity, column = self._entity(table), level_of(table.table, self.top)[1] or ""
        persons = entity is None or self._guarded(table, shape.rows("")).persons
        if self._has_codes(table) and (lacking := lacking_entities(self.session, table, shape, rows, column)):
            place = Place(table=table.name, field=column, value=None if persons else lacking[0][0])
            self.findings.add("SH568", place, count=len(lacking))

        def explain(session: Session) -> Findings:
            found = Findings()
            explain_left(session, shape, rows, table.used, found)
            if entity is not None and self.listed:
                unknown_entities(session, table, shape, rows, column, persons, found)
            return found

        table.explain = explain
        table.duplicates = lambda session: repeated_keys(session, shape, rows)

    def _sum_students(self, students: LoadedTable) -> None:
        """Totals of the students' rows into `results`; their rows are looked at here, for no other scan comes."""
        try:
            wrong = add_students(self.session, students, self.loaded[RESULTS], self.findings, self.kept)
        except Exception:  # whatever DuckDB says of a file that changes, or goes, under it
            if not (changed := students.changed()).errors:
                raise
            self.findings.extend(changed)
            return
        if (changed := students.changed()).errors:
            self.findings.extend(changed)
            return
        if wrong:
            self.findings.extend(students.explain_violations(self.session))
        if not students.in_place:
            return
        if students.rows <= KEYS_SOUGHT_TO:
            self.findings.extend(find_duplicates(self.session, students))
            students.unchecked_keys = False
        else:
            place = Place(table=STUDENTS, field=", ".join(students.table.key or ()))
            self.findings.add("SH418", place, severity="warning", count=students.rows)
