"""The mutation score: of the small changes of a pack, which does some case notice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shsnor.errors import DataError, UsageError
from shsnor.host import Host, find_plugins
from shsnor.pack import Pack
from shsnor.packtests.answers import Answers
from shsnor.packtests.cases import MEASURE_LISTS, Case
from shsnor.packtests.copies import Copies, Name, Web, copies_of, copy_id
from shsnor.packtests.mutants import Mutant, mutants_of
from shsnor.packtests.running import shared_tables
from shsnor.packtests.shared import Call, SharedTables
from shsnor.packtests.together import Asked, Together
from shsnor.planning import Plan
from shsnor.progress import Progress, silent
from shsnor.wording.stages import CHANGES

#: So many copies go into one evaluation: more make its statements slow to plan, fewer make more of them.
_COPIES = 250


@dataclass(frozen=True, slots=True)
class Score:
    """Which mutants were noticed.

    noticed   mutant -> id of the case that noticed it first
    missed    those that no case noticed
    accepted  those of them that the author says make no difference: they do not count
    invalid   those that the engine refuses, which no case has to notice
    """

    noticed: dict[str, str]
    missed: tuple[Mutant, ...]
    accepted: tuple[Mutant, ...]
    invalid: tuple[Mutant, ...]

    @property
    def all(self) -> int:
        return len(self.noticed) + len(self.missed)

    @property
    def percent(self) -> float:
        """0–100; 100 where there is nothing to notice."""
        return 100 * len(self.noticed) / self.all if self.all else 100.0


def score(
    pack: Pack,
    cases: Sequence[Case],
    *,
    accepted: Collection[str] = (),
    host: Host | None = None,
    progress: Progress = silent,
) -> Score:
    """The mutation score of cases that all hold.

    accepted   ids of mutants that make no difference
    raises     FindingsError where a case cannot be evaluated
    """
    host = find_plugins(pack) if host is None else host
    hunt = _Hunt(pack, mutants_of(pack), host, progress)
    for shared in shared_tables(pack, dict(enumerate(cases)), host):
        hunt.over(shared)
    return hunt.score(accepted)


@dataclass
class _Hunt:
    """Mutants by number, and what became of them so far."""

    pack: Pack
    mutants: Sequence[Mutant]
    host: Host
    progress: Progress
    noticed: dict[int, str] = field(default_factory=dict)
    invalid: set[int] = field(default_factory=set)

    def score(self, accepted: Collection[str]) -> Score:
        missed = [m for n, m in enumerate(self.mutants) if n not in self.noticed and n not in self.invalid]
        return Score(
            {self.mutants[n].id: case for n, case in sorted(self.noticed.items())},
            tuple(m for m in missed if m.id not in accepted),
            tuple(m for m in missed if m.id in accepted),
            tuple(self.mutants[n] for n in sorted(self.invalid)),
        )

    def tell(self) -> None:
        self.progress(CHANGES, len(self.noticed) + len(self.invalid), len(self.mutants))

    def over(self, shared: Together) -> None:
        """Show the mutants to these cases, call by call."""
        web, plans = Web(shared.pack), shared.plans()
        with shared.tables(plans.values()) as tables:
            for call, numbers in sorted(shared.calls.items(), key=lambda pair: -len(pair[1])):
                showing = _Showing(self, shared, web, tables, call, numbers)
                showing.base(plans[call])
                showing.near()
                showing.far()
                self.tell()


@dataclass
class _Showing:
    """The mutants shown to the cases of one call."""

    hunt: _Hunt
    shared: Together
    web: Web
    tables: SharedTables
    call: Call
    numbers: Sequence[int]
    answers: Answers = field(default_factory=Answers)
    years: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def base(self, plan: Plan) -> None:
        """What comes out of the pack as it is."""
        run = self.tables.compute(plan)
        self.asked = self.shared.asked(self.numbers)
        self.answers = self.shared.answers(run, self.asked)
        self.years = {name: step.years for name, step in plan.reported.items() if name in self.asked and step.years}
        self.goals = self.web.asked(self.asked)
        self.between = self.web.below(self.goals)

    def alive(self) -> Iterator[tuple[int, Mutant]]:
        changed = dict(self.call.parameters)
        for number, mutant in enumerate(self.hunt.mutants):
            if number in self.hunt.noticed or number in self.hunt.invalid:
                continue
            if mutant.section == "parameters" and mutant.item in changed:
                continue  # the case gives a value of its own
            if (mutant.section, mutant.item) in self.between:
                yield number, mutant

    def near(self) -> None:
        """Those whose own item is asked for: nothing else is needed to notice most of them."""
        wanted = {}
        for number, mutant in self.alive():
            own = (mutant.section, mutant.item)
            names = {own} | (self.web.readers[own] if mutant.section == "parameters" else set())
            if names & self.goals:
                wanted[number] = names & self.between
        self.show(wanted)

    def far(self) -> None:
        """The others, with all that lies between them and what is asked for."""
        self.show({n: self.web.above([(m.section, m.item)]) & self.between for n, m in self.alive()})

    def show(self, affected: Mapping[int, set[Name]]) -> None:
        batch: dict[int, set[Name]] = {}
        for number, names in affected.items():
            batch[number] = names
            if sum(map(len, batch.values())) >= _COPIES:
                self._evaluate(batch)
                batch = {}
                self.hunt.tell()
        if batch:
            self._evaluate(batch)

    def _evaluate(self, affected: Mapping[int, set[Name]]) -> None:
        """Evaluate these; where the rows of the cases are refused, half by half, until it is known with which mutant they are."""
        try:
            self._show(affected)
        except (DataError, UsageError):
            numbers = sorted(affected)
            if len(numbers) == 1:
                self.hunt.noticed[numbers[0]] = self.shared.cases[
                    self.numbers[0]
                ].id  # it does not run: that is noticed
                return
            middle = len(numbers) // 2
            for half in (numbers[:middle], numbers[middle:]):
                self._evaluate({n: affected[n] for n in half})

    def _show(self, affected: Mapping[int, set[Name]]) -> None:
        mutants = dict(enumerate(self.hunt.mutants))
        copies = copies_of(self.web, mutants, affected, self.shared.host.functions)
        self.hunt.invalid |= copies.invalid
        if not copies.copied:
            return
        plan = self.call.plan(copies.pack, self.shared.host, self._years_of(copies))
        run = self.tables.compute(plan, copies.of_items())
        came = self.shared.answers(run, self._asked_of(copies))
        for number, names in copies.copied.items():
            if (case := self._noticing(number, names, came)) is not None:
                self.hunt.noticed[number] = case

    def _asked_of(self, copies: Copies) -> Asked:
        """What is asked for, of the copies."""
        asked: Asked = {name: keys for name, keys in self.asked.items() if name in MEASURE_LISTS}
        for number, names in copies.copied.items():
            for section, name in names:
                if section != "measures" and name in self.asked:
                    asked[copy_id(name, number)] = self.asked[name]
        return asked

    def _years_of(self, copies: Copies) -> dict[str, tuple[int, ...]]:
        """A copy has the years of its item: the readers that ask the item for them may have no copies."""
        return {
            copy_id(name, number): self.years[name]
            for number, names in copies.copied.items()
            for section, name in names
            if section in ("indicators", "criteria") and name in self.years
        }

    def _noticing(self, number: int, names: set[Name], came: Answers) -> str | None:
        """The id of the first case that differs with this mutant; None where all hold."""
        view = self._view(number, names, came)
        ids = {name for section, name in names if section not in ("measures", "parameters")}
        if any(section == "measures" for section, _ in names):
            ids |= set(MEASURE_LISTS)
        for case_number in self.numbers:
            case = self.shared.cases[case_number]
            expect = {e: {i: x for i, x in items.items() if i in ids} for e, items in case.expect.items()}
            if any(self.shared.differences(case_number, view, replace(case, expect=expect))):
                return case.id
        return None

    def _view(self, number: int, names: set[Name], came: Answers) -> Answers:
        """The answers as they would be with this mutant."""
        view = Answers(entities=self.answers.entities)
        measures = {name for section, name in names if section == "measures"}
        for section, name in names:
            if section == "measures":
                continue
            for key in self.asked.get(name, ()):
                there = (key, copy_id(name, number))
                if there in came.cells:
                    view.cells[key, name] = came.cells[there]
                if there in came.lists:
                    view.lists[key, name] = came.lists[there]
        own = {copy_id(name, number): name for name in measures}
        for listed in MEASURE_LISTS:
            for key in self.asked.get(listed, ()):
                kept = [m for m in self.answers.lists.get((key, listed), []) if m not in measures]
                view.lists[key, listed] = kept + [own[m] for m in came.lists.get((key, listed), []) if m in own]
        return view
