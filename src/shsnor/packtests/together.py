"""All cases of a pack over one set of tables: every case a region of its own, read once, evaluated once a date and setting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from shsnor.computing import Run
from shsnor.host import Host
from shsnor.pack import Pack
from shsnor.packtests.answers import Answers, Seen, read_answers, read_seen
from shsnor.packtests.cases import Case, Rows
from shsnor.packtests.comparing import Difference, differences
from shsnor.packtests.regions import ALL, REGION_OF, Regions, by_region, regions_of, rows_together, whole_rows
from shsnor.packtests.shared import Call, SharedTables
from shsnor.planning import Plan
from shsnor.resolving import resolve
from shsnor.standard import tables_of
from shsnor.terms import FunctionTerm, Resolved, Term

#: Id of an item, or name of a list of measures -> keys of the entities that cases ask it of.
Asked = dict[str, set[str]]


@dataclass(frozen=True)
class Together:
    """Cases that share their tables.

    pack      the pack that is evaluated: where the cases are several, with a level of regions
    cases     by number
    regions   how entities are called; None for a case that is run alone
    apart     items that rest on a function, which sees one region at a time
    called    numbers of the cases for which functions are called at all
    """

    pack: Pack
    cases: Mapping[int, Case]
    rows: Rows
    host: Host
    regions: Regions | None = None
    apart: frozenset[str] = frozenset()
    called: frozenset[int] = frozenset()
    calls: dict[Call, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, case in self.cases.items():
            self.calls.setdefault(Call.of(case), []).append(number)

    def plans(self) -> dict[Call, Plan]:
        """The plan of every call.

        raises  PackError, UsageError
        """
        return {call: call.plan(self.pack, self.host) for call in self.calls}

    def tables(self, plans: Iterable[Plan]) -> SharedTables:
        """The tables, read for these plans."""
        return SharedTables(self.pack, self.rows, self.host, list(plans))

    def key(self, number: int, entity: str) -> str:
        return entity if self.regions is None else self.regions.key(number, entity)

    def asked(self, numbers: Iterable[int]) -> Asked:
        """What these cases ask for."""
        found: Asked = {}
        for number in numbers:
            for entity, items in self.cases[number].expect.items():
                for item in items:
                    found.setdefault(item, set()).add(self.key(number, entity))
                    if self.regions is not None and entity == self.regions.region:
                        found[item].add(ALL)
        return found

    def answers(self, run: Run, asked: Asked) -> Answers:
        """What came out; what belongs to the level above all regions is said of each region."""
        answers = read_answers(run.session, run.plan, run.layout, asked)
        if self.regions is not None:
            shared = {item: cells for (entity, item), cells in answers.cells.items() if entity == ALL}
            for number in self.cases:
                for item, cells in shared.items():
                    answers.cells.setdefault((self.regions.place(number), item), cells)
        return answers

    def differences(self, number: int, answers: Answers, case: Case | None = None) -> Iterator[Difference]:
        """What differs in one case; `case` may say less of it."""
        return differences(case or self.cases[number], answers, lambda entity: self.key(number, entity))

    def seen(self, run: Run, numbers: Collection[int]) -> Seen:
        """What came out anywhere in these cases."""
        if self.regions is None:
            return read_seen(run.session, run.plan, run.layout)
        called = [self.key(n, "") for n in sorted(self.called & set(numbers))]
        return read_seen(
            run.session, run.plan, run.layout, [self.key(n, "") for n in sorted(numbers)],
            dict.fromkeys(self.apart, called),
        )  # fmt: skip


def alone(pack: Pack, number: int, case: Case, host: Host) -> Together:
    """A case by itself, as it stands."""
    return Together(pack, {number: case}, whole_rows(case.tables, tables_of(pack)), host)


def together(pack: Pack, cases: Mapping[int, Case], host: Host) -> Together:
    """Cases over one set of tables.

    raises  Apart where the pack or one of its cases is of a kind that cannot be
    """
    resolved, _ = resolve(pack, host.functions)
    regions, apart = regions_of(pack), resting_on_functions(resolved)
    called = frozenset(n for n, case in cases.items() if expects(case, apart))
    places = [regions.place(n) for n in sorted(called)]
    if REGION_OF in regions.pack.document.indicators:
        host = replace(host, functions={name: by_region(f, places) for name, f in host.functions.items()})
    return Together(regions.pack, cases, rows_together(pack, regions, cases.items()), host, regions, apart, called)


def can_share(pack: Pack, cases: Mapping[int, Case], host: Host) -> dict[int, Case]:
    """The cases that can share tables: all, but for functions of a level whose entities do not know their region."""
    resolved, _ = resolve(pack, host.functions)
    if all(term.level == 0 for term in resolved.all_terms() if isinstance(term, FunctionTerm)):
        return dict(cases)
    apart = resting_on_functions(resolved)
    return {number: case for number, case in cases.items() if not expects(case, apart)}


def expects(case: Case, items: Collection[str]) -> bool:
    """Whether a case asks for any of these items."""
    return any(item in items for expected in case.expect.values() for item in expected)


def resting_on_functions(resolved: Resolved) -> frozenset[str]:
    """Items, peers and `measures/id` that rest on a function, and the lists of measures where any measure does."""
    known: dict[Term, bool] = {}

    def rests(term: Term) -> bool:
        if term not in known:
            known[term] = isinstance(term, FunctionTerm) or any(rests(part) for part in term.parts())
        return known[term]

    found = {name for name, term in [*resolved.terms.items(), *resolved.peers.items()] if rests(term)}
    measures = {f"measures/{name}" for name, term in resolved.measures.items() if term is not None and rests(term)}
    return frozenset(found | measures | ({"measures", "undecided"} if measures else set()))
