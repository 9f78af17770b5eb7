"""Pack + tables + date -> outcome: check, plan, read, lock, scan, compute, write."""

from __future__ import annotations

import contextlib
import datetime
import logging
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shsnor.checking import check_pack, untrusted_plugins
from shsnor.decisions import read_decisions
from shsnor.errors import DataError, Fault, Findings, PackError, ShsnorError, UsageError
from shsnor.host import Host, find_plugins
from shsnor.loading import rows_file
from shsnor.outcomes import Manifest, Outcome
from shsnor.pack import Pack
from shsnor.periods import AsOf
from shsnor.planning import Plan, Step, make_plan
from shsnor.reading import LoadedTable, TablesArg, find_duplicates, read_tables
from shsnor.recording import evaluation_record, functions_of, run_record, write_outcome
from shsnor.rendering import Layout, cubes_of, render_steps, wide_tables
from shsnor.rendering.cubes import Cube
from shsnor.rendering.outcome import enumerations
from shsnor.rendering.python import PythonStep
from shsnor.sql import quote
from shsnor.standard import levels_of, tables_of
from shsnor.store import Session, Settings
from shsnor.terms import Decided

log = logging.getLogger("shsnor")

#: A dimension with so many values or fewer is grouped by number (see `Cube.encode`).
MOST_TEXTS, MOST_NUMBERS = 64, 1000


def evaluate(
    pack: Pack,
    tables: TablesArg,
    *,
    as_of: str | int | datetime.date | AsOf,
    parameters: Mapping[str, Any] | None = None,
    settings: Settings | Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
    host: Host | None = None,
) -> Outcome:
    """The outcome of a pack over tables on a date.

    tables       a folder, a file, or a mapping of names to paths, rows, relations, Arrow, Polars or pandas objects
    as_of        a date, or a year (its 31 December)
    parameters   id -> value in place of the pack's
    settings     threads, memory_limit, temp_directory
    without      procedures that are left out, as `["ВПР"]`
    host         plugins; default: those that are installed, and the pack's own where it is trusted
    returns      an outcome that keeps its files in a private temporary folder until it is closed or written
    raises       PackError, DataError (with all findings, before anything is written), UsageError (also where a plugin is
                 wrong, or the pack has a `plugin.py` and is not trusted)
    """
    host = find_plugins(pack) if host is None else host
    return _Run(pack, tables, as_of, parameters, settings, tuple(without), host).outcome()


class _Run:
    """One evaluation; its steps in order are the methods of `outcome`."""

    def __init__(
        self, pack: Pack, tables: TablesArg, as_of: Any, parameters: Mapping[str, Any] | None,
        settings: Settings | Mapping[str, Any] | None, without: tuple[str, ...], host: Host,
    ) -> None:  # fmt: skip
        self.pack, self.tables, self.settings = pack, tables, settings
        self.as_of, self.parameters, self.without, self.host = as_of, parameters, without, host
        self.findings = Findings()
        self.times: dict[str, float] = {}
        self.started = time.perf_counter()

    def outcome(self) -> Outcome:
        plan = self._plan()
        with Session(self.settings) as session:
            loaded = self._read(session, plan)
            session.lock()
            layout, cubes = Layout(plan), cubes_of(plan)
            self._scan(session, plan, cubes, loaded)
            self._compute(session, plan, layout, cubes)
            folder = self._write(session, plan, layout, loaded)
        return Outcome.from_folder(folder, owns=True)

    def _lap(self, name: str) -> None:
        now = time.perf_counter()
        self.times[name] = round(now - self.started - sum(self.times.values()), 4)
        log.debug("%s: %.3f s", name, self.times[name])

    def _plan(self) -> Plan:
        checked = check_pack(self.pack, host=self.host)
        if checked.errors:
            raise PackError(checked)
        if untrusted := untrusted_plugins(self.pack).errors:
            raise UsageError(untrusted)
        self.findings.extend(checked.warnings)
        plan = make_plan(
            self.pack, as_of=self.as_of, parameters=self.parameters, without=self.without, functions=self.host.functions
        )
        self._lap("plan")
        return plan

    def _read(self, session: Session, plan: Plan) -> dict[str, LoadedTable]:
        """The tables the plan needs, typed and checked, and the roster; stops at the first table error with all of them."""
        catalog = tables_of(self.pack)
        needed = plan.needed()
        decided = any(isinstance(s.term, Decided) for s in plan.steps)
        if decided:
            needed["decisions"] = {"entity", "item", "year", "verdict", "role", "reason"}
        reference = {n: path for n in needed if (path := rows_file(self.pack, n)) is not None}
        with _out_of_room("read"):
            loaded, findings = read_tables(
                session, catalog, self.tables, levels=levels_of(self.pack), needed=needed,
                top_key=self.pack.head.region or plan.resolved.levels[-1], reference=reference, readers=self.host.readers,
            )  # fmt: skip
        # decisions are an expert's to make: having none is no gap
        found = [f for f in findings if not (f.code == "SH402" and f.place.table == "decisions")]
        self.findings.extend(found)
        if decided:
            self.findings.extend(read_decisions(session, plan, loaded.get("decisions")))
        if self.findings.errors:
            raise DataError(self.findings)
        self._lap("read")
        return loaded

    def _scan(self, session: Session, plan: Plan, cubes: dict[str, Cube], loaded: dict[str, LoadedTable]) -> None:
        """One scan of each fact table, with the checks that were left to it."""
        for name, cube in cubes.items():
            table = loaded[name]
            if table.in_place and not table.table.hidden:
                cube.scan_in_place(table.raw, table.typed, table.check_sql)
                cube.encode(
                    _few_values(session, table.raw, {d: cube.raw_keys[d][0] for d in cube.dims if cube.raw_keys})
                )
            self._run(session, f"scan {name}", cube.scan())
            self._run(session, f"cells {name}", cube.cells())
            self._run(session, f"cube {name}", cube.cube(_narrow(session, cube)))
            self._check_cube(session, cube, table)
        if self.findings.errors:
            raise DataError(self.findings)
        self._lap("scan")

    def _check_cube(self, session: Session, cube: Cube, table: LoadedTable) -> None:
        """What only the scan of a table in place can tell: wrong rows, unknown entities, repeated keys; held or not."""
        raw, summed, cells = (quote(f"{part}_{cube.name}") for part in ("raw", "cube", "cells"))
        if table.in_place:
            self._check_in_place(session, cube, table)
        session.con.execute(f"DROP TABLE {raw}")
        key = set(table.table.key or ()) if table.unchecked_keys else set()
        if key:
            inside = key <= set(cube.dims) | {cube.entity or ""}
            repeated = f"SELECT 1 FROM {summed} GROUP BY e, cell HAVING sum(rows) > 1 LIMIT 1"
            if not inside or session.rows(repeated):
                self.findings.extend(find_duplicates(session, table))
        gone = session.row(f"SELECT coalesce(sum(rows), 0) FROM {summed} JOIN {cells} USING (cell) WHERE NOT held")[0]
        if gone and not self.without:
            self.findings.add("SH508", severity="warning", table=cube.name, count=int(gone))

    def _check_in_place(self, session: Session, cube: Cube, table: LoadedTable) -> None:
        """Rows that the scan found wrong, or that fell out as their entity is not in the roster; the hash of what was read."""
        raw, summed = quote("raw_" + cube.name), quote("cube_" + cube.name)
        # a hash of the rows would cost a second scan; one of their sums tells as much of what was read
        read, total = session.row(f"SELECT coalesce(sum(rows), 0), coalesce(sum(hash(r)), 0) FROM {raw} r")
        table.digest = f"{int(read):x}:{int(total):x}"
        kept = session.row(f"SELECT coalesce(sum(rows), 0) FROM {summed}")[0]
        wrong = table.check_sql is not None and not cube.checked
        if cube.checked:
            wrong = session.row(f"SELECT coalesce(sum(wrong), 0) FROM {raw}")[0] > 0
        if wrong or read != kept:
            self.findings.extend(table.explain_violations(session))

    def _compute(self, session: Session, plan: Plan, layout: Layout, cubes: dict[str, Cube]) -> None:
        for name, sql in enumerations():
            self._run(session, name, sql)
        for wide in wide_tables(layout, cubes):
            found: dict[tuple[int, int | None], list[int]] = {}
            for step, requirement, cell in session.rows(wide.lookup()):
                found.setdefault((step, None), []).append(cell)
                found.setdefault((step, requirement), []).append(cell)
            numbers = {k: ", ".join(map(str, sorted(v))) for k, v in found.items()}
            none = self._columns_without_gaps(session, wide.cube)

            def cells(step: Step, requirement: int | None, numbers: dict[tuple[int, int | None], str] = numbers) -> str:
                return numbers.get((step.index, requirement), "")

            self._run(session, wide.name, wide.sql(cells, none))
        for name, step in render_steps(plan, layout, cubes):
            self._run(session, name, step)
        self._lap("compute")

    def _columns_without_gaps(self, session: Session, cube: Cube) -> frozenset[str]:
        """The cube's columns without a gap: counts of nulls that are 0 everywhere, sums that are nowhere NULL."""
        counts = [column for column, _ in cube.nulls.values()]
        columns = [*counts, *(column for column, _, _ in cube.sums.values())]
        if not columns:
            return frozenset()
        sums = ", ".join(f"coalesce(sum({c}), 0)" if c in counts else f"count(*) - count({c})" for c in columns)
        row = session.row(f"SELECT {sums} FROM {quote('cube_' + cube.name)}")
        return frozenset(c for c, total in zip(columns, row, strict=True) if total == 0)

    def _run(self, session: Session, name: str, sql: str | PythonStep) -> None:
        log.debug("%s\n%s", name, sql)
        with _out_of_room(name):
            if isinstance(sql, PythonStep):
                sql.run(session)
            else:
                session.con.execute(sql)

    def _write(self, session: Session, plan: Plan, layout: Layout, loaded: dict[str, LoadedTable]) -> Path:
        """The outcome's files in a folder of their own, which outlives the session."""
        staging = session.folder / "outcome"
        staging.mkdir()
        with _out_of_room("write"):
            write_outcome(session, plan, layout, self.findings, staging)
        self._lap("write")
        evaluation = evaluation_record(session, plan, loaded) | {"plugins": self._plugins(plan, loaded)}
        run = run_record(plan, loaded, self.times | {"total": round(time.perf_counter() - self.started, 4)})
        for name, text in Manifest(evaluation=evaluation, run=run).texts().items():
            (staging / name).write_text(text, encoding="utf-8", newline="\n")
        settings = session.settings
        folder = Path(tempfile.mkdtemp(prefix="shsnor-outcome-", dir=settings.temp_directory))
        for file in sorted(staging.iterdir()):
            shutil.move(file, folder / file.name)
        return folder

    def _plugins(self, plan: Plan, loaded: dict[str, LoadedTable]) -> list[dict[str, str]]:
        """Plugins other than the built-in ones that this evaluation ran, or that the pack says it needs, with their hashes."""
        suffixes = {Path(file.name).suffix.lower() for table in loaded.values() for file in table.files}
        used = {f.plugin for f in functions_of(plan)} | {
            reader.plugin for suffix, reader in self.host.readers.items() if suffix in suffixes
        }
        needed = {name for one in self.pack.chain() for name in one.head.plugins or ()}
        return [
            {"name": plugin.label if plugin.origin == "pack" else plugin.name, "sha256": plugin.digest()}
            for plugin in self.host.plugins
            if plugin.origin == "pack"
            or (plugin.origin == "installed" and (plugin.label in used or plugin.distribution in needed))
        ]


def _few_values(
    session: Session, relation: str, columns: Mapping[str, str]
) -> dict[str, tuple[str, ...] | tuple[int, int]]:
    """The values of the columns that have few: texts, or the lowest and highest whole number."""
    found: dict[str, tuple[str, ...] | tuple[int, int]] = {}
    for name, column in columns.items():
        low, high = session.row(f"SELECT min({column}), max({column}) FROM {relation}")
        if type(low) is int and high - low <= MOST_NUMBERS:
            found[name] = (low, high)
        elif isinstance(low, str):
            some = f"SELECT DISTINCT {column} AS x FROM {relation} WHERE {column} IS NOT NULL"
            texts = [x for (x,) in session.rows(f"SELECT x FROM ({some}) ORDER BY x LIMIT {MOST_TEXTS + 1}")]
            if len(texts) <= MOST_TEXTS:
                found[name] = tuple(texts)
    return found


def _narrow(session: Session, cube: Cube) -> frozenset[str]:
    """The columns of a scanned table whose whole numbers fit an INTEGER."""
    columns = cube.whole()
    largest = ", ".join(f"coalesce(max({c}), 0), coalesce(min({c}), 0)" for c in columns)
    row = session.row(f"SELECT {largest} FROM {quote('raw_' + cube.name)}")
    bounds = zip(columns, row[::2], row[1::2], strict=True)
    return frozenset(c for c, high, low in bounds if low > -(2**31) and high < 2**31)


@contextlib.contextmanager
def _out_of_room(what: str) -> Iterator[None]:
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
