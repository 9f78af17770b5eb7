"""At which values of a parameter, exactly, an entity's flag changes.

A parameter that is compared with values of an indicator changes nothing between two neighbouring values of that indicator:
it is enough to look at these, and just above each. Where the parameter only ever pushes a flag one way, and every
comparison is of the entity itself, all entities are searched at once, each with a value of the parameter of its own
(`bisecting`). Elsewhere the values asked for are evaluated one by one,
and what differs between two of them is searched between them.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from shsnor.bisecting import LEAST, Bisection
from shsnor.computing import Run
from shsnor.evaluating import Workspace
from shsnor.pack import Pack
from shsnor.planning import Plan
from shsnor.progress import Progress, silent
from shsnor.rendering.causes import parameters_read
from shsnor.sql import quote
from shsnor.terms import Applied, Choice, Decided, Leaf, Many, Not, Parameter, Quantifier, Same, Term
from shsnor.wording.stages import VALUES

#: What a rising parameter does to a verdict: nothing, only towards met, only away from it, or neither.
Push = Literal["none", "up", "down", "mixed"]
_TURNED: dict[Push, Push] = {"none": "none", "up": "down", "down": "up", "mixed": "mixed"}
_PUSHES: dict[str, Push] = {"at_least": "down", "more_than": "down", "at_most": "up", "less_than": "up"}

Verdicts = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Point:
    """A change of one entity's flag as the parameter rises.

    value   where: from this value on (`above` is false), or from the next value above it
    """

    value: Decimal
    above: bool
    flag: str
    entity: str
    before: str
    after: str


@dataclass(frozen=True)
class Turning:
    """All changes between the lowest and the highest value.

    now     the parameter's value in force, as it is written
    lowest  the verdicts at the lowest value
    points  by value
    exact   whether every change is known to its value; else the parameter does more than to be compared, and a change
            is told at the first of the values asked for that shows it
    """

    now: str
    lowest: Verdicts
    points: tuple[Point, ...]
    exact: bool

    @property
    def touched(self) -> set[str]:
        """The flags that change anywhere."""
        return {point.flag for point in self.points}

    def only(self, flags: Iterable[str]) -> Turning:
        kept = set(flags)
        return replace(self, points=tuple(p for p in self.points if p.flag in kept))

    def counts(self, values: Sequence[Decimal]) -> dict[Decimal, dict[str, tuple[int, int]]]:
        """Value -> flag -> (how many have it raised, how many unknown)."""
        here = {flag: Counter(verdicts.values()) for flag, verdicts in self.lowest.items()}
        waiting, found = iter(self.points), {}
        point = next(waiting, None)
        for value in values:
            while point is not None and (point.value < value or (point.value == value and not point.above)):
                here[point.flag][point.before] -= 1
                here[point.flag][point.after] += 1
                point = next(waiting, None)
            found[value] = {flag: (verdicts["met"], verdicts["unknown"]) for flag, verdicts in here.items()}
        return found


def turning_points(
    workspace: Workspace,
    pack: Pack,
    parameter: str,
    values: Sequence[Decimal],
    *,
    progress: Progress = silent,
    **evaluation: Any,
) -> Turning:
    """The turning points between the first and the last of `values`, which are sorted."""
    return _Search(workspace, pack, parameter, values, evaluation, progress).turning()


@dataclass
class _Search:
    workspace: Workspace
    pack: Pack
    parameter: str
    values: Sequence[Decimal]
    evaluation: dict[str, Any]
    progress: Progress
    probes: list[Decimal] = field(default_factory=list)
    seen: dict[Decimal, Verdicts] = field(default_factory=dict)
    tries: int = 0

    def turning(self) -> Turning:
        self.progress(VALUES, 0, 0)
        usual = self.workspace.run(self.pack, **self.evaluation)
        plan, lowest = usual.plan, usual.flags()
        uses = [s.term for s in plan.steps if self.parameter in parameters_read(s.term)]
        exact = all(_compared(term, self.parameter) for term in uses)
        points: list[Point] = []
        others: list[str] = []
        for flag in lowest:
            push, own = _push(plan, plan.resolved.terms[flag], self.parameter)
            if exact and own and push in ("up", "down"):
                lowest[flag] = self._side_by_side(usual, flag, points)
            elif push != "none":
                others.append(flag)
        if others:
            self.probes = self._probes(usual, uses) if exact else list(self.values)
            lowest |= {flag: verdicts for flag, verdicts in self.at(self.values[0]).items() if flag in others}
            points += self._one_by_one(others, exact)
        now = plan.parameters[self.parameter].text
        points.sort(key=lambda p: (p.value, p.above, p.flag, p.entity))
        return Turning(now, lowest, tuple(points), exact)

    def at(self, value: Decimal) -> Verdicts:
        """All flags where everybody has this value."""
        if value not in self.seen:
            fixed = {**self.evaluation.get("parameters", {}), self.parameter: format(value, "f")}
            self.seen[value] = self.workspace.flags(self.pack, **{**self.evaluation, "parameters": fixed})
            self._told()
        return self.seen[value]

    def _probes(self, run: Run, uses: Iterable[Term]) -> list[Decimal]:
        """The values at which something may change, in order: the ends, each value compared, and just above it."""
        low, high = self.values[0], self.values[-1]
        found: set[Decimal] = {low, high}
        for term in uses:
            assert isinstance(term, Leaf)
            for step in run.plan.steps:
                if step.term is term:
                    at = run.layout.at[step.part(term.value)].of("")
                    sql = f"SELECT DISTINCT {at.v} FROM {quote(at.table)} WHERE {at.v} BETWEEN {low} AND {high}"
                    found.update(Decimal(v) for (v,) in run.session.rows(sql))
        return sorted(found | {v + LEAST for v in found if v + LEAST <= high})

    def _point(self, place: int, flag: str, entity: str, before: str, after: str) -> Point:
        value = self.probes[place]
        above = place > 0 and self.probes[place - 1] == value - LEAST
        return Point(value - LEAST if above else value, above, flag, entity, before, after)

    def _side_by_side(self, run: Run, flag: str, points: list[Point]) -> dict[str, str]:
        """The verdicts at the lowest value; where each entity leaves its own, and comes to its last, is added to `points`."""
        lowest, turns = Bisection(run, self.parameter, flag, self._told).turns(self.values[0], self.values[-1])
        for turn in turns:
            points.append(Point(*turn.left, flag, turn.entity, turn.first, turn.between))
            if turn.between != turn.last:
                points.append(Point(*turn.came, flag, turn.entity, turn.between, turn.last))
        return lowest

    def _told(self) -> None:
        self.tries += 1
        self.progress(VALUES, self.tries, 0)

    def _one_by_one(self, flags: Sequence[str], exact: bool) -> Iterator[Point]:
        """Value by value; between two that differ the changes are searched where that can be exact."""
        probes = {value: place for place, value in enumerate(self.probes)}
        stops = [probes[v] for v in self.values if v in probes] if not exact else self._stops()
        for left, right in itertools.pairwise(stops):
            yield from self._between(flags, left, right)

    def _stops(self) -> list[int]:
        """The places of the probes at or just below the values asked for."""
        return sorted({bisect_right(self.probes, v) - 1 for v in self.values})

    def _between(self, flags: Sequence[str], left: int, right: int) -> Iterator[Point]:
        was, now = self.at(self.probes[left]), self.at(self.probes[right])
        if all(was[f] == now[f] for f in flags):
            return
        if right - left > 1:
            middle = (left + right) // 2
            yield from self._between(flags, left, middle)
            yield from self._between(flags, middle, right)
            return
        for flag in flags:
            for entity, verdict in now[flag].items():
                if was[flag][entity] != verdict:
                    yield self._point(right, flag, entity, was[flag][entity], verdict)


def _compared(term: Term, parameter: str) -> bool:
    """Whether a term does no more with the parameter than to compare a value with it."""
    return isinstance(term, Leaf) and term.operand == Parameter(parameter) and term.comparison in _PUSHES


def _push(plan: Plan, term: Term, parameter: str) -> tuple[Push, bool]:
    """What the parameter does to a verdict as it rises, and whether only through comparisons of the entity itself."""
    known: dict[Term, tuple[Push, bool]] = {}

    def look(here: Term) -> tuple[Push, bool]:
        if here not in known:
            known[here] = judge(here)
        return known[here]

    def judge(here: Term) -> tuple[Push, bool]:
        if isinstance(here, Choice):
            return look(here.options[plan.parameters[here.parameter].text])
        below = [look(part) for part in here.parts()]
        own = all(o for push, o in below if push != "none")
        pushes = {push for push, _ in below if push != "none"}
        if parameter in parameters_read(here):
            if not _compared(here, parameter) or pushes:
                return "mixed", False
            assert isinstance(here, Leaf)
            return _PUSHES[here.comparison], here.level == term.level
        if not pushes:
            return "none", True
        push: Push = pushes.pop() if len(pushes) == 1 else "mixed"
        if isinstance(here, Not):
            return _TURNED[push], own
        plain = isinstance(here, Same | Decided | Quantifier)
        plain = plain or (isinstance(here, Many) and not any(w < 0 for w in here.weights or ()))
        plain = plain or (isinstance(here, Applied) and look(here.applies)[0] == "none")
        return (push, own) if plain else ("mixed", False)

    return look(term)
