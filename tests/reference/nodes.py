"""Criteria: leaves, lists, quantifiers, clusters (1.3; rules 5–8, 14, 23)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .basics import EMPTY_GROUP, NO_YEARS, Answer, Cell, Scalar, Years, all_vacant, unknown, vacant
from .parts import Combination, Part, Taken, World, YearsSpec, looked_up

COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": lambda a, b: a >= b,
    "more_than": lambda a, b: a > b,
    "at_most": lambda a, b: a <= b,
    "less_than": lambda a, b: a < b,
}


@dataclass(frozen=True)
class MetIn:
    kind: str  # every, any, at_least, share_at_least, share_more_than
    bound: Fraction = Fraction(0)


class Literal(str):
    """A scalar of the pack as written: `37` meets the number 37.0 and the text «37»."""

    __slots__ = ()

    def meets(self, value: str | Fraction) -> bool:
        if isinstance(value, str):
            return value == str(self)
        try:
            return value == Fraction(str(self))
        except ValueError:
            return False


class Leaf(Combination):
    """A value against an operand, a list of values, or whether it is known."""

    def __init__(
        self,
        world: World,
        value: Part,
        comparison: str,
        operand: Part | None,
        accepted: Sequence[Literal] = (),
        known: bool = True,
        missing: str = "unknown",
    ) -> None:
        super().__init__(world, [value] if operand is None else [value, operand])
        self.value, self.comparison, self.operand = value, comparison, operand
        self.accepted, self.known_is_met, self.missing = accepted, known, missing

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        value = self.ask(self.value, entity, cell, years)
        if self.comparison == "known":
            return value if value.vacant else Answer(value.known == self.known_is_met)
        sides = [value] if self.operand is None else [value, self.ask(self.operand, entity, cell, years)]
        empty = [side for side in sides if side.vacant]
        if empty:  # 6
            return vacant(reason for side in empty for reason in side.reasons)
        reasons = frozenset().union(*(side.reasons for side in sides if side.unknown))
        if any(side.unknown for side in sides):
            return self.when_missing(reasons)
        return Answer(self.compare(*(side.value for side in sides if side.value is not None)))

    def when_missing(self, reasons: frozenset[str]) -> Answer:
        """Rule 8: the reason is kept."""
        if self.missing == "leave_out":
            return vacant(reasons)
        verdict = {"unknown": None, "met": True, "not_met": False}[self.missing]
        return Answer(verdict, reasons)

    def compare(self, value: Scalar, operand: Scalar | None = None) -> bool:
        if self.operand is None:
            return any(isinstance(value, str | Fraction) and literal.meets(value) for literal in self.accepted)
        assert isinstance(value, Fraction) and isinstance(operand, Fraction), (value, operand)
        return COMPARE[self.comparison](value, operand)

    def own_applies_to(self, entity: str) -> Answer | None:
        return looked_up(self, self.value, entity)


class ListNode(Combination):
    """`all`, `any`, `of` (7, 14)."""

    def __init__(
        self, world: World, parts: Sequence[Part], met_in: MetIn, weights: Sequence[Fraction] | None = None
    ) -> None:
        super().__init__(world, parts)
        self.parts, self.met_in, self.weights = list(parts), met_in, weights

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        return decide([self.ask(part, entity, cell, years) for part in self.parts], self.met_in, self.weights)


class Not(Combination):
    def __init__(self, world: World, part: Part) -> None:
        super().__init__(world, [part])
        self.part = part

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        found = self.ask(self.part, entity, cell, years)
        return Answer(not found.value) if found.known else found


class Quantifier(Taken):
    """`over` with `met_in` (4, 7); `leaf` says whether it stands on the leaf itself."""

    def __init__(self, part: Part, over: Sequence[str], years: YearsSpec | None, met_in: MetIn, leaf: bool) -> None:
        super().__init__(part, over, years, one_id=leaf)
        self.met_in = met_in

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        answers = self.answers(entity, cell, years)
        return decide(list(answers.values()), self.met_in) if answers else self.without_cells(entity)


def decide(answers: Sequence[Answer], met_in: MetIn, weights: Sequence[Fraction] | None = None) -> Answer:
    """Rule 7: met if every number of met ones that is possible satisfies `met_in`, not met if none does."""
    given = weights or [Fraction(1)] * len(answers)
    there = [(answer, weight) for answer, weight in zip(answers, given, strict=True) if not answer.vacant]
    if not there:
        return all_vacant(answers)
    if met_in.kind in ("every", "any"):  # counted without weights
        there = [(answer, Fraction(1)) for answer, _ in there]
    met = sum((weight for answer, weight in there if answer.value is True), Fraction(0))
    open_weights = [weight for answer, weight in there if answer.unknown]
    least = met + sum((weight for weight in open_weights if weight < 0), Fraction(0))
    most = met + sum((weight for weight in open_weights if weight > 0), Fraction(0))
    whole = sum((weight for _, weight in there), Fraction(0))
    if met_in.kind.startswith("share") and whole <= 0:
        return EMPTY_GROUP  # reading 11
    low, high = _satisfied(least, whole, met_in), _satisfied(most, whole, met_in)
    if low == high:
        return Answer(low)
    return unknown(*(reason for answer, weight in there if answer.unknown and weight for reason in answer.reasons))


def _satisfied(count: Fraction, whole: Fraction, met_in: MetIn) -> bool:
    if met_in.kind == "every":
        return count == whole
    if met_in.kind == "any":
        return count >= 1
    if met_in.kind == "at_least":
        return count >= met_in.bound
    if met_in.kind == "share_at_least":
        return 100 * count >= met_in.bound * whole
    return 100 * count > met_in.bound * whole


class Cluster(Part):
    """`first_match` (23): the answer's value is the id of the label."""

    def __init__(self, world: World, cases: Sequence[tuple[str, Part | None]], decisions: Mapping[str, Answer]) -> None:
        levels = [part.level for _, part in cases if part is not None]
        super().__init__(world, world.levels.lowest(levels or [world.levels.names[0]]), frozenset(), weak=False)
        self.cases, self.decisions = cases, decisions
        self.children = [part for _, part in cases if part is not None]

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        return frozenset({()})

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        if entity in self.decisions:
            return self.decisions[entity]
        for label, part in self.cases:
            if part is None:
                return Answer(label)
            verdict = part.seen_from(self.level, entity, (), NO_YEARS)
            if verdict.value is True:
                return Answer(label)
            if verdict.unknown:
                return unknown(*verdict.reasons)
        return unknown("no_row")  # no case is left and none is `otherwise`


class GivenLabels(Part):
    """A cluster or a text that a plugin function would make: its labels are given to the evaluation."""

    def __init__(self, world: World, level: str, labels: Mapping[str, str]) -> None:
        super().__init__(world, level, frozenset(), weak=False)
        self.labels = labels

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        return frozenset({()})

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        return Answer(self.labels[entity]) if entity in self.labels else unknown("declined")
