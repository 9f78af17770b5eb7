"""At which values of a parameter, exactly, an entity's flag changes.

A parameter that is compared with values of an indicator changes nothing between two neighbouring values of that indicator:
it is enough to look at these, and just above each. Where the parameter only ever pushes a flag one way, and every
comparison is of the entity itself, all entities are searched at once, each with a value of the parameter of its own: a
dozen evaluations find the turning points of a whole region. Elsewhere the values asked for are evaluated one by one,
and what differs between two of them is searched between them.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from shsnor.computing import Run
from shsnor.evaluating import Workspace
from shsnor.pack import Pack
from shsnor.planning import Plan
from shsnor.progress import Progress, silent
from shsnor.rendering.causes import parameters_read
from shsnor.sql import quote
from shsnor.terms import Applied, Choice, Decided, Leaf, Many, Not, Parameter, Quantifier, Same, Term
from shsnor.wording.stages import VALUES

#: The least that two values can differ by: they have nine places.
LEAST = Decimal("0.000000001")

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
        here = {flag: dict(verdicts) for flag, verdicts in self.lowest.items()}
        waiting = list(self.points)
        found = {}
        for value in values:
            while waiting and (waiting[0].value < value or (waiting[0].value == value and not waiting[0].above)):
                point = waiting.pop(0)
                here[point.flag][point.entity] = point.after
            found[value] = {
                flag: (sum(v == "met" for v in verdicts.values()), sum(v == "unknown" for v in verdicts.values()))
                for flag, verdicts in here.items()
            }
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

    def turning(self) -> Turning:
        self.progress(VALUES, 0, 0)
        usual = self.workspace.run(self.pack, **self.evaluation)
        now = usual.plan.parameters[self.parameter].text
        low, high = self.values[0], self.values[-1]
        lowest, highest = self.at(low), self.at(high)
        plan = usual.plan
        uses = [s.term for s in plan.steps if self.parameter in parameters_read(s.term)]
        exact = all(_compared(term, self.parameter) for term in uses)
        if exact:
            self.probes = self._probes(usual, uses)
        alone: list[str] = []
        others: list[str] = []
        for flag in lowest:
            push, own = _push(plan, plan.resolved.terms[flag], self.parameter)
            if push == "none":
                continue
            (alone if exact and own and push != "mixed" else others).append(flag)
        points = [p for flag in alone for p in self._side_by_side(flag, lowest[flag], highest[flag])]
        points += self._one_by_one(others, exact)
        points.sort(key=lambda p: (p.value, p.above, p.flag, p.entity))
        return Turning(now, lowest, tuple(points), exact)

    def at(self, value: Decimal) -> Verdicts:
        """All flags where everybody has this value."""
        if value not in self.seen:
            fixed = {**self.evaluation.get("parameters", {}), self.parameter: format(value, "f")}
            self.seen[value] = self.workspace.flags(self.pack, **{**self.evaluation, "parameters": fixed})
            self.progress(VALUES, len(self.seen), 0)
        return self.seen[value]

    def _probes(self, run: Run, uses: Iterable[Term]) -> list[Decimal]:
        """The values at which something may change, in order: the ends, each value compared, and just above it."""
        low, high = self.values[0], self.values[-1]
        found: set[Decimal] = {low, high}
        for term in uses:
            assert isinstance(term, Leaf)
            for step in run.plan.steps:
                if step.term is term:
                    at = run.layout.at[step.part(term.value)]
                    sql = f"SELECT DISTINCT {at.v} FROM {quote(at.table)} WHERE {at.v} BETWEEN {low} AND {high}"
                    found.update(Decimal(v) for (v,) in run.session.rows(sql))
        return sorted(found | {v + LEAST for v in found if v + LEAST <= high})

    def _point(self, place: int, flag: str, entity: str, before: str, after: str) -> Point:
        value = self.probes[place]
        above = place > 0 and self.probes[place - 1] == value - LEAST
        return Point(value - LEAST if above else value, above, flag, entity, before, after)

    def _side_by_side(self, flag: str, lowest: Mapping[str, str], highest: Mapping[str, str]) -> Iterator[Point]:
        """Every entity with a bracket of its own: where it leaves its first verdict, and where it comes to its last."""
        moving = {e: (v, highest[e]) for e, v in lowest.items() if highest[e] != v}
        if not moving:
            return
        run = self.workspace.run(self.pack, varying=self.parameter, **self.evaluation)
        last = len(self.probes) - 1
        leaves, arrives = dict.fromkeys(moving, (0, last)), dict.fromkeys(moving, (0, last))
        at_leave: dict[str, str] = {e: v for e, (_, v) in moving.items()}
        tries = len(self.seen)
        for brackets, turned in ((leaves, 0), (arrives, 1)):
            while any(b - a > 1 for a, b in brackets.values()):
                middle = {e: (a + b) // 2 if b - a > 1 else b for e, (a, b) in brackets.items()}
                verdicts = run.vary({e: self.probes[i] for e, i in middle.items()}, flag)
                tries += 1
                self.progress(VALUES, tries, 0)
                for e, (a, b) in brackets.items():
                    if b - a <= 1:
                        continue
                    gone = verdicts[e] != moving[e][0] if not turned else verdicts[e] == moving[e][1]
                    brackets[e] = (a, middle[e]) if gone else (middle[e], b)
                    if not turned and gone:
                        at_leave[e] = verdicts[e]
            if not turned:
                # who came to the last verdict in one step is found already
                for e, (a, b) in leaves.items():
                    arrives[e] = (a, b) if at_leave[e] == moving[e][1] else (b, last)
        for e, (first, final) in moving.items():
            left, come = leaves[e][1], arrives[e][1]
            if left == come:
                yield self._point(left, flag, e, first, final)
            else:
                yield self._point(left, flag, e, first, at_leave[e])
                yield self._point(come, flag, e, at_leave[e], final)

    def _one_by_one(self, flags: Sequence[str], exact: bool) -> Iterator[Point]:
        """Value by value; between two that differ the changes are searched where that can be exact."""
        if not flags:
            return
        if not exact:
            self.probes = list(self.values)
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
