"""One evaluation over tables that were read: scan, compute, write; what stands already is not made again."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shsnor.caching import Cache, StoredSums
from shsnor.decisions import read_decisions
from shsnor.errors import DataError, Findings
from shsnor.host import Host
from shsnor.loading import rows_file
from shsnor.making import Filed, Made
from shsnor.outcomes import Manifest
from shsnor.pack import Pack
from shsnor.planning import Plan
from shsnor.private import make_private, private_folder, remove_private
from shsnor.progress import Progress, Rows, silent
from shsnor.reading import TablesArg, read_tables
from shsnor.recording import evaluation_record, functions_of, run_record, write_outcome
from shsnor.rendering import Layout, cubes_of, render_steps, wide_tables
from shsnor.rendering.cubes import Cube
from shsnor.rendering.layout import roster
from shsnor.rendering.outcome import OutcomeQueries, enumerations
from shsnor.rendering.plan_cubes import read_by_one
from shsnor.scanning import Scanner
from shsnor.standard import levels_of, levels_of_persons, tables_of
from shsnor.store import Session, Settings
from shsnor.terms import Decided
from shsnor.wording.stages import STAGES

log = logging.getLogger("shsnor")


#: Of so many entities the values of indicators are written to a file: of fewer the memory is quicker, of more a row group of
#: all columns is too much of it.
FILED, MOST_FILED = 10_000, 50_000


class Clock:
    """How long the stages of an evaluation took, in seconds; `progress` is told of them as they begin and end."""

    def __init__(self, progress: Progress = silent) -> None:
        self.started = time.perf_counter()
        self.times: dict[str, float] = {}
        self.progress = progress
        self.step(0, 0)

    def lap(self, name: str) -> None:
        """The end of a stage; the next one begins."""
        self.times[name] = round(self.total() - sum(self.times.values()), 4)
        log.debug("%s: %.3f s", name, self.times[name])
        self.step(0, 0)

    def step(self, done: int, total: int) -> None:
        """How far the stage that runs has come; `total` 0 where that is not known."""
        if (stage := next((name for name in STAGES if name not in self.times), None)) is not None:
            self.progress(STAGES[stage], done, total)

    def total(self) -> float:
        return round(time.perf_counter() - self.started, 4)


class Read:
    """The session of a workspace with the tables in it, typed and checked; then locked.

    once      one evaluation is all
    scanner   what makes the cubes of its tables
    sums      those stored by earlier evaluations; None where nothing is to be stored
    """

    def __init__(
        self, pack: Pack, tables: TablesArg, needed: dict[str, set[str]], settings: Settings, host: Host,
        progress: Progress = silent, cache: Cache | None = None, *, once: bool = False,
    ) -> None:  # fmt: skip
        self.once = once
        self.needed, self.declared = needed, _declared(pack)
        self.session = Session(settings)
        self.made = Made(self.session)
        self.sums = StoredSums(self.session, cache, levels_of_persons(pack)) if cache is not None else None
        self.scanner = Scanner(self.session, self.made, self.sums)
        try:
            self._read(pack, tables, host, progress)
        except BaseException:
            self.session.close()  # at once: its private folder may hold rows of persons
            raise
        self.session.lock()

    def _read(self, pack: Pack, tables: TablesArg, host: Host, progress: Progress) -> None:
        catalog, levels, needed = tables_of(pack), levels_of(pack), self.needed
        reference = {n: path for n in needed if (path := rows_file(pack, n)) is not None}
        with self.session.during("read"):
            self.loaded, findings = read_tables(
                self.session, catalog, tables, levels=levels, needed=needed,
                top_key=pack.head.region or list(levels)[-1], reference=reference, readers=host.readers,
                progress=progress, kept=self.sums,
            )  # fmt: skip
        # decisions are an expert's to make: having none is no gap
        found = [f for f in findings if not (f.code == "SH402" and f.place.table == "decisions")]
        self.findings = Findings(found)

    def suits(self, pack: Pack) -> bool:
        """Whether a pack declares its tables and levels as the one for which they were read."""
        return _declared(pack) == self.declared

    def holds(self, pack: Pack, needed: Mapping[str, set[str]]) -> bool:
        """Whether all that is needed of a pack's tables was read."""
        there = all(name in self.needed and columns <= self.needed[name] for name, columns in needed.items())
        return there and self.suits(pack)


def _declared(pack: Pack) -> tuple[Any, ...]:
    files = {name: rows_file(pack, name) for name in pack.document.tables}
    return tables_of(pack), levels_of(pack), pack.head.region, files


class Run:
    """One evaluation over tables that were read."""

    def __init__(self, plan: Plan, host: Host, read: Read, findings: Findings, clock: Clock) -> None:
        self.plan, self.host, self.read, self.findings, self.clock = plan, host, read, findings, clock
        self.session, self.made, self.loaded = read.session, read.made, read.loaded
        self.layout = Layout(plan)

    def compute(self) -> None:
        """Make the tables of all steps; stops at the first stage where the tables are wrong, with all that is."""
        self.made.ran.clear()
        if self.read.sums is not None:
            self.read.sums.begin()
        self.findings.extend(self.read.findings)
        if "decisions" in self.loaded or any(isinstance(s.term, Decided) for s in self.plan.steps):
            # also where the pack lets nobody decide: whoever decided must hear of it
            self.findings.extend(read_decisions(self.session, self.plan, self.loaded.get("decisions")))
            self.made.is_made("decided", self.session.rows("FROM decided"))
        self._stop_if_wrong()
        self.clock.lap("read")
        cubes = cubes_of(self.plan)
        for name, cube in cubes.items():
            self.findings.extend(self.read.scanner.refusals(cube, self.loaded[name]))
        self._stop_if_wrong()
        told = Rows(self.clock.progress, STAGES["scan"], sum(self.loaded[name].rows for name in cubes))
        for name, cube in cubes.items():
            with self.session.during("scan", name):
                self.findings.extend(self.read.scanner.scan(cube, self.loaded[name], told))
        self._stop_if_wrong()
        wide = [*self._wide(cubes, told)]
        if self.read.sums is not None:
            self.read.sums.keep()
        self.clock.lap("scan")
        self._steps(wide, cubes)
        self.clock.lap("compute")

    def _stop_if_wrong(self) -> None:
        if self.findings.errors:
            raise DataError(self.findings)

    def _wide(self, cubes: dict[str, Cube], told: Rows) -> Iterator[tuple[str, str]]:
        """The statements of wide tables; the sums that they read are taken where they are stored, and else made."""
        scanner = self.read.scanner
        for cube in cubes.values():
            scanner.settle(cube)
            if not read_by_one(cube):
                self._provide(cube, told)
        for wide in wide_tables(self.layout, cubes):
            cells = wide.cells_of(self.made.rows(wide.lookup()))
            sums, *tables = wide.statements(cells, scanner.surveyed[wide.cube.name].measured)
            if not (scanner.take_sums(wide.cube, *sums) and scanner.is_recalled(wide.cube)):
                self._provide(wide.cube, told)
            yield sums
            for table, sql in tables:
                made = Filed(sql) if self._stands_in_file(wide.cube.level) else sql
                scanner.take_values(wide.cube, table, made, sums[1])
                yield table, made
        for name, cube in cubes.items():
            if scanner.is_recalled(cube):
                told.add(self.loaded[name].rows)

    def _stands_in_file(self, level: int) -> bool:
        """Whether the values of a level, in an evaluation that no other follows, are rather to stand in a file."""
        if not self.read.once:
            return False
        entities = int(self.session.row(f"SELECT count(*) FROM {roster(self.plan, level)}")[0])
        return FILED <= entities <= MOST_FILED

    def _provide(self, cube: Cube, told: Rows) -> None:
        with self.session.during("scan", cube.name):
            self.read.scanner.provide(cube, self.loaded[cube.name], told)

    def _steps(self, wide: Sequence[tuple[str, str]], cubes: dict[str, Cube]) -> None:
        for name, sql in enumerations():
            self.made.make(name, sql)
        self.made.make_all([*wide, *render_steps(self.plan, self.layout, cubes)], self.clock.step)
        with self.session.during("compute"):
            self.read.scanner.keep_made()

    def flags(self) -> dict[str, dict[str, str]]:
        """Flag -> key of an entity -> verdict."""
        return {n: dict(self.session.rows(sql)) for n, sql in OutcomeQueries(self.plan, self.layout).verdicts("flags")}

    def spare(self) -> None:
        """Drop what only the steps read: room for writing the outcome."""
        self.read.scanner.spare()

    def write(self) -> Path:
        """The outcome's files in a folder of their own, which outlives the session."""
        session, plan, loaded = self.session, self.plan, self.loaded
        staging = Path(tempfile.mkdtemp(prefix="outcome-", dir=session.folder))
        with session.during("write"):
            write_outcome(session, plan, self.layout, self.findings, staging, self.made.files)
            evaluation = evaluation_record(session, plan, loaded) | {"plugins": self._plugins()}
        self.clock.lap("write")
        run = run_record(plan, loaded, self.clock.times | {"total": self.clock.total()})
        if self.read.sums is not None:
            run |= self.read.sums.record()
        for name, text in Manifest(evaluation=evaluation, run=run).texts().items():
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        folder = private_folder(session.folder.parent, "outcome-")
        try:
            make_private(folder)
            for file in sorted(staging.iterdir()):
                shutil.move(file, folder / file.name)
            staging.rmdir()
        except BaseException:  # Ctrl-C too: nobody else would remove it
            remove_private(folder)
            raise
        return folder

    def _plugins(self) -> list[dict[str, str]]:
        """Plugins other than the built-in ones that this evaluation ran, or that the pack says it needs, with their hashes."""
        plan, loaded = self.plan, self.loaded
        suffixes = {Path(file.name).suffix.lower() for table in loaded.values() for file in table.files}
        used = {f.plugin for f in functions_of(plan)} | {
            reader.plugin for suffix, reader in self.host.readers.items() if suffix in suffixes
        }
        needed = {name for one in plan.pack.chain() for name in one.head.plugins or ()}
        return [
            {"name": plugin.label if plugin.origin == "pack" else plugin.name, "sha256": plugin.digest()}
            for plugin in self.host.plugins
            if plugin.origin == "pack"
            or (plugin.origin == "installed" and (plugin.label in used or plugin.distribution in needed))
        ]
