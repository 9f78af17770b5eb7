"""Tables read once, over which plan after plan is computed: other dates and parameters, and packs that differ a little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from shsnor.computing import Clock, Read, Run
from shsnor.errors import Findings
from shsnor.host import Host
from shsnor.pack import Pack
from shsnor.packtests.cases import Case, Rows
from shsnor.planning import Plan, make_plan
from shsnor.reading import LoadedTable
from shsnor.sql import literal
from shsnor.store import Settings

#: Cases are small: more threads only get in each other's way.
_SETTINGS = Settings(threads=1)


@dataclass(frozen=True, slots=True)
class Call:
    """How an evaluation is called: what cases of one group have in common."""

    as_of: str
    parameters: tuple[tuple[str, str], ...]
    without: tuple[str, ...]

    @classmethod
    def of(cls, case: Case) -> Call:
        return cls(case.as_of, tuple(sorted(case.parameters.items())), case.without)

    def plan(self, pack: Pack, host: Host, years: Mapping[str, Iterable[int]] = MappingProxyType({})) -> Plan:
        """The plan of a pack, of which no more is asked than that it resolves; parameters that it has not are left out.

        years   id of an item -> years to report beside those that its readers ask for
        raises  PackError, UsageError
        """
        parameters = {name: value for name, value in self.parameters if name in pack.document.parameters}
        return make_plan(
            pack, as_of=self.as_of, parameters=parameters, without=self.without, functions=host.functions, years=years
        )


class SharedTables:
    """The tables of some cases; a context manager.

    plans   for all of which they are read: the plans computed over them read no other column
    """

    def __init__(self, pack: Pack, rows: Rows, host: Host, plans: Sequence[Plan]) -> None:
        self.host = host
        needed: dict[str, set[str]] = {"decisions": {"entity", "item", "year", "verdict", "role", "reason"}}
        for plan in plans:
            for name, columns in plan.needed().items():
                needed.setdefault(name, set()).update(columns)
        self._read = Read(pack, rows, needed, _SETTINGS, host)
        self.session = self._read.session

    def compute(self, plan: Plan, copies: Mapping[str, Iterable[str]] | None = None) -> Run:
        """The run of a plan, whose tables stand until the next.

        copies   id of an item -> ids of its copies: an expert's decision about it is one about them
        raises   DataError
        """
        run = Run(plan, self.host, self._read, Findings(), Clock())
        decisions = self._decisions(copies or {})
        if decisions is not None:
            run.loaded = {**run.loaded, "decisions": decisions}
        run.compute()
        return run

    def _decisions(self, copies: Mapping[str, Iterable[str]]) -> LoadedTable | None:
        """The decisions, with those about items that have copies said of the copies too; None where nothing is to be done."""
        table = self._read.loaded.get("decisions")
        pairs = [f"({literal(item)}, {literal(copy)})" for item, named in copies.items() for copy in named]
        if table is None or not table.rows or not pairs:
            return None
        self.session.con.execute(
            f"CREATE OR REPLACE TABLE all_decisions AS SELECT * FROM {table.relation} UNION ALL "
            f"SELECT d.* REPLACE (c.copy AS item) FROM {table.relation} d "
            f"JOIN (VALUES {', '.join(pairs)}) c(item, copy) ON c.item = d.item"
        )
        return replace(table, relation="main.all_decisions")

    def __enter__(self) -> SharedTables:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
