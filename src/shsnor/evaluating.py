"""Pack + tables + date -> outcome: check, plan, read, then (`computing`) scan, compute, write."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from shsnor.caching import CacheArg, as_cache
from shsnor.checking import find_faults, untrusted_plugins
from shsnor.computing import Clock, Read, Run
from shsnor.errors import Findings, PackError, UsageError
from shsnor.host import Host, find_plugins
from shsnor.outcomes import Outcome
from shsnor.pack import Pack, must_be_pack
from shsnor.periods import AsOf
from shsnor.planning import Plan, make_plan
from shsnor.progress import Progress, silent
from shsnor.reading import TablesArg
from shsnor.stopping import heeding
from shsnor.store import Settings
from shsnor.terms import Decided


def evaluate(
    pack: Pack,
    tables: TablesArg,
    *,
    as_of: str | int | datetime.date | AsOf,
    parameters: Mapping[str, Any] | None = None,
    settings: Settings | Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
    host: Host | None = None,
    progress: Progress = silent,
    cache: CacheArg = None,
) -> Outcome:
    """The outcome of a pack over tables on a date.

    tables       a folder, a file, or a mapping of names to paths, rows, relations, Arrow, Polars or pandas objects
    as_of        a date, or a year (its 31 December)
    parameters   id -> value in place of the pack's
    settings     threads, memory_limit, temp_directory
    without      procedures that are left out, as `["ВПР"]`
    host         plugins; default: those that are installed, and the pack's own where it is trusted
    progress     is told how far the evaluation has come
    cache        a folder, or a `Cache`, with sums of large files for the next evaluation over them; None: nothing is stored
    returns      an outcome that keeps its files in a private temporary folder until it is closed or written
    raises       PackError, DataError (with all findings, before anything is written), UsageError (also where a plugin is
                 wrong, or the pack has a `plugin.py` and is not trusted)
    """
    with Workspace(tables, settings=settings, host=host, progress=progress, cache=cache, once=True) as workspace:
        return workspace.evaluate(pack, as_of=as_of, parameters=parameters, without=without)


class Workspace:
    """Tables that are read once and evaluated again and again: other parameters, another date, another pack. A context manager.

    Rows are read and summed again only where an evaluation asks for columns, cells or sums that the ones before did not;
    what does not rest on a change is not computed again.

    once       one evaluation is all: what only its steps read is gone before the outcome is written
    readings   how often the tables were read
    """

    def __init__(
        self,
        tables: TablesArg,
        *,
        settings: Settings | Mapping[str, Any] | None = None,
        host: Host | None = None,
        progress: Progress = silent,
        cache: CacheArg = None,
        once: bool = False,
    ) -> None:
        self.once = once
        self.tables, self.settings, self.host = tables, Settings.from_mapping(settings), host
        self.progress, self.cache = progress, as_cache(cache)
        self.readings = 0
        self._checked: tuple[Pack, Host, Findings] | None = None
        self._read: Read | None = None

    @heeding()
    def evaluate(
        self,
        pack: Pack,
        *,
        as_of: str | int | datetime.date | AsOf,
        parameters: Mapping[str, Any] | None = None,
        without: Iterable[str] = (),
    ) -> Outcome:
        """The outcome of a pack on a date, as `evaluate` gives and raises it."""
        run = self.run(pack, as_of=as_of, parameters=parameters, without=without)
        if self.once:
            run.spare()
        return Outcome.from_folder(run.write(), owns=True)

    def flags(
        self,
        pack: Pack,
        *,
        as_of: str | int | datetime.date | AsOf,
        parameters: Mapping[str, Any] | None = None,
        without: Iterable[str] = (),
    ) -> dict[str, dict[str, str]]:
        """Flag -> key of an entity -> `met`, `not_met` or `unknown`; nothing is written, so that a sweep is quick."""
        return self.run(pack, as_of=as_of, parameters=parameters, without=without).flags()

    def close(self) -> None:
        """Remove what was read; outcomes stay."""
        if self._read is not None:
            self._read.session.close()
            self._read = None

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @heeding()
    def run(
        self,
        pack: Pack,
        *,
        as_of: str | int | datetime.date | AsOf,
        parameters: Mapping[str, Any] | None = None,
        without: Iterable[str] = (),
    ) -> Run:
        """An evaluation, computed and not yet written; it stands until the next one."""
        must_be_pack(pack)
        clock = Clock(self.progress)
        host, checked = self._check(pack)
        plan = make_plan(pack, as_of=as_of, parameters=parameters, without=tuple(without), functions=host.functions)
        clock.lap("plan")
        needed = _needed(plan)
        if self._read is None or not self._read.holds(pack, needed):
            before = self._read.needed if self._read is not None and self._read.suits(pack) else {}
            self.close()
            self._read = Read(
                pack,
                self.tables,
                _united(before, needed),
                self.settings,
                host,
                self.progress,
                self.cache,
                once=self.once,
            )
            self.readings += 1
        run = Run(plan, host, self._read, Findings(checked.warnings), clock)
        run.compute()
        return run

    def _check(self, pack: Pack) -> tuple[Host, Findings]:
        if self._checked is None or self._checked[0] is not pack:
            host = find_plugins(pack) if self.host is None else self.host
            checked, _ = find_faults(pack, host)
            if checked.errors:
                raise PackError(checked)
            if untrusted := untrusted_plugins(pack).errors:
                raise UsageError(untrusted)
            self._checked = (pack, host, checked)
        return self._checked[1:]


def _needed(plan: Plan) -> dict[str, set[str]]:
    """The tables and columns that a plan reads, decisions too."""
    needed = plan.needed()
    if any(isinstance(s.term, Decided) for s in plan.steps):
        needed["decisions"] = {"entity", "item", "year", "verdict", "role", "reason"}
    return needed


def _united(one: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return {name: one.get(name, set()) | other.get(name, set()) for name in [*one, *other]}
