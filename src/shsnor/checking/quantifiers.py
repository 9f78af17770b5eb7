"""Quantifiers over cells as variables: those that count the same cells have one variable, so that it is seen that
every implies any, three imply two, and what is met for a strict threshold is met for a mild one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from functools import cache
from itertools import pairwise, product
from math import prod
from typing import TYPE_CHECKING, Any

from shsnor.checking.formulas import MET, NOT_MET, UNKNOWN, VACANT, State, Variable, satisfied
from shsnor.checking.keys import plain
from shsnor.nodes import MetIn
from shsnor.terms import Applied, Leaf, Quantifier, TableValue, Term

if TYPE_CHECKING:
    from shsnor.checking.conditions import Conditions

Answers = tuple[int, ...]
_WORDS = {MET: "met", NOT_MET: "not_met", UNKNOWN: "unknown", VACANT: "vacant"}
_MANY = 20_000
_UP, _DOWN = frozenset({"at_least", "more_than"}), frozenset({"at_most", "less_than"})


class Quantifiers:
    """The quantifiers of a pack, gathered before the first is asked for."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = conditions
        #: what they count -> the parts they ask of each cell, by key -> `met_in` -> the first such quantifier
        self._groups: dict[Any, dict[int, dict[Any, Quantifier]]] = {}
        self._made: dict[Any, tuple[Variable, dict[tuple[int, Any], Answers]]] = {}

    def add(self, term: Quantifier) -> None:
        group = self._groups.setdefault(self._cells(term), {})
        group.setdefault(self.conditions.keys.of(term.part), {}).setdefault(term.met_in, term)

    def test(self, term: Quantifier) -> tuple[Variable, Answers]:
        """The variable of a quantifier and its answer in each state of it."""
        cells, part = self._cells(term), self.conditions.keys.of(term.part)
        group = self._groups[cells]
        asked = {met_in for readers in group.values() for met_in in readers}
        if len(_alone(tuple(asked), None)) ** len(group) > _MANY:  # then each part for itself
            cells, group = (cells, part), {part: group[part]}
        if cells not in self._made:
            self._made[cells] = self._make(group)
        variable, tables = self._made[cells]
        return variable, tables[part, term.met_in]

    def _cells(self, term: Quantifier) -> Any:
        """What is counted: of simple comparisons the values of which indicator, from which side; else the part itself."""
        years = repr(term.years)
        leaf = term.part
        if self._threshold(leaf) is not None:
            assert isinstance(leaf, Leaf)
            value = self.conditions.keys.of(leaf.value)
            return ("value", value, leaf.comparison in _UP, leaf.missing, term.over, years)
        return ("part", self.conditions.keys.of(term.part), term.over, years)

    def _threshold(self, term: Term) -> Decimal | None:
        """The number that a simple comparison has on its other side."""
        if not isinstance(term, Leaf) or term.comparison not in _UP | _DOWN:
            return None
        (number,) = self.conditions.scalars(term) or ("",)
        return number if isinstance(number, Decimal) else None

    def _strength(self, term: Term) -> tuple[Decimal, bool]:
        """Sorts simple comparisons, the strictest first."""
        number = self._threshold(term)
        if number is None or not isinstance(term, Leaf):
            return Decimal(0), False
        return (-number if term.comparison in _UP else number), term.comparison not in ("more_than", "less_than")

    def _make(self, group: dict[int, dict[Any, Quantifier]]) -> tuple[Variable, dict[tuple[int, Any], Answers]]:
        parts = sorted(group, key=lambda key: self._strength(next(iter(group[key].values())).part))
        asked = tuple(dict.fromkeys(met_in for part in parts for met_in in group[part]))
        first = next(iter(group[parts[0]].values()))
        ways = _together(len(parts), asked, cells_at_most(first))
        if not self.conditions.vacant(first.part):
            ways = [way for way in ways if VACANT not in way[0]]
        columns = [(n, asked.index(met_in), part, met_in) for n, part in enumerate(parts) for met_in in group[part]]
        states, seen = [], set()
        for way in ways:
            answers = tuple(way[n][i] for n, i, _, _ in columns)
            if answers not in seen:
                seen.add(answers)
                states.append((answers, self._state(answers, [group[part][m] for _, _, part, m in columns])))
        states.sort(key=lambda pair: (not pair[1].known, [-a for a in pair[0]]))
        variable = Variable(f"q{len(self._made):05}", [state for _, state in states], (first,))
        return variable, {
            (part, met_in): tuple(answers[n] for answers, _ in states) for n, (_, _, part, met_in) in enumerate(columns)
        }

    def _state(self, answers: Answers, asked: Sequence[Quantifier]) -> State:
        facts = tuple(
            {"what": self.conditions.names.condition(term), "state": _WORDS[answer]}
            for term, answer in zip(asked, answers, strict=True)
        )
        return State(facts, known=all(answer in (MET, NOT_MET) for answer in answers))


def _together(parts: int, asked: tuple[MetIn | str, ...], most: int | None) -> list[tuple[Answers, ...]]:
    """The answers that quantifiers over the same cells can give together, their parts from the strictest to the mildest:
    the milder one answers no less.
    """
    one = _alone(asked, most)
    found: list[tuple[Answers, ...]] = [(answers,) for answers in one]
    for _ in range(parts - 1):
        found = [(*way, answers) for way in found for answers in one if _no_less(way[-1], answers)]
    return found


def _no_less(strict: Answers, mild: Answers) -> bool:
    """Vacant both or neither, and the milder one further towards met."""
    return all((s == VACANT) == (m == VACANT) and s <= m for s, m in zip(strict, mild, strict=True))


@cache
def _alone(asked: tuple[MetIn | str, ...], most: int | None) -> tuple[Answers, ...]:
    """The answers of quantifiers that ask in how many of the same cells the same part is met."""
    found = {tuple(_answer(way, met_in) for met_in in asked) for way in _counts(asked, most)}
    return tuple(sorted({*found, (UNKNOWN,) * len(asked), (VACANT,) * len(asked)}))


Count = tuple[int, Decimal]  # how many are met, and what part of the whole that is, in per cent


def _counts(asked: Sequence[MetIn | str], most: int | None) -> Iterator[tuple[Count, Count]]:
    """How many cells are met at least and at most: one way of each kind that the quantifiers tell apart."""
    numbers = {0, 1}
    for m in asked:
        if isinstance(m, MetIn) and m.at_least is not None:
            bound = int(Decimal(m.at_least).to_integral_value(rounding=ROUND_CEILING))
            numbers |= {bound - 1, bound}
    numbers = {n for n in numbers if n >= 0 and (most is None or n <= most)}
    shares = {Decimal(0), Decimal(100)}
    for m in asked:
        if isinstance(m, MetIn) and m.at_least is None:
            shares.add(Decimal(m.share_at_least or m.share_more_than or 0))
    points = sorted(s for s in shares if 0 <= s <= 100)
    points = sorted({*points, *((a + b) / 2 for a, b in pairwise(points))})
    counts = [(n, share) for n in numbers for share in points if (n == 0) == (share == 0)]
    for least, most_met in product(counts, counts):
        if least[0] <= most_met[0] and least[1] <= most_met[1]:
            yield least, most_met


def _answer(way: tuple[Count, Count], met_in: MetIn | str) -> int:
    low, high = (_holds(count, met_in) for count in way)
    return UNKNOWN if low != high else MET if low else NOT_MET


def _holds(count: Count, met_in: MetIn | str) -> bool:
    number, share = count
    if met_in == "every" or (isinstance(met_in, MetIn) and met_in.at_least is None):
        return satisfied(share, Decimal(100), met_in)
    return satisfied(Decimal(number), Decimal(100), met_in)


def cells_at_most(term: Quantifier) -> int | None:
    """How many cells a quantifier looks at, at most; None where the pack does not say."""
    years = 1
    if term.years is not None:
        ends = (term.years.from_, term.years.to)
        years = term.years.last or term.years.last_held or (1 + (ends[1] or 0) - (ends[0] or 0))
    others = [dim for dim in term.over if dim != "year"]
    if not others:
        return years
    inner: Term = plain(term.part.value) if isinstance(term.part, Leaf) else term.part
    while isinstance(inner, Applied):
        inner = plain(inner.part)
    simple = isinstance(term.part, Leaf) and not isinstance(term.part.operand, Term)
    if not simple or not isinstance(inner, TableValue) or not inner.cells or set(others) & inner.open:
        return None
    return years * sum(prod(len(entry.values.get(dim, [""])) for dim in others) for entry in inner.cells)
