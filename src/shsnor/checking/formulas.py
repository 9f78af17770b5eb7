"""Conditions as formulas over variables of few states, and which answers they can give.

An answer is one of four: not met, unknown, met, and *vacant* (nothing could have been there; rules 5–8 of the format).
What a formula can answer is a set of these, kept as bits. Where each variable stands in a formula once, the set follows
from the sets of its parts; only variables that stand in it twice are tried state by state.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any, Literal

from shsnor.nodes import MetIn
from shsnor.terms import Term

NOT_MET, UNKNOWN, MET, VACANT = 0, 1, 2, 3
IS_NOT_MET, IS_UNKNOWN, IS_MET, IS_VACANT = 1, 2, 4, 8
ANY = 15

#: So many parts of formulas are worked out for one question; then it stays open, and whoever asked is silent.
MOST = 100_000

Fact = Mapping[str, Any]


class TooMany(Exception):
    """The question would take more work than is done for it."""


class Budget:
    """Work that may still be done, counted in parts of formulas."""

    def __init__(self, left: int = MOST) -> None:
        self.left = left

    def spend(self, work: int) -> None:
        """Raises TooMany where there is not so much left."""
        self.left -= work
        if self.left < 0:
            raise TooMany


@dataclass(frozen=True, slots=True)
class State:
    """What a variable can be.

    facts   how it is told to a reader, as `wording.examples` says it
    known   whether it is a known value, not a missing or inapplicable one
    sure    whether a school can be in this state for certain; else it is only not ruled out
    value   of a number its value, of a text the text, of a choice the reading
    border  whether it is a number that some condition compares with
    """

    facts: tuple[Fact, ...]
    known: bool = True
    sure: bool = True
    value: Decimal | str | None = None
    border: bool = False


@dataclass(eq=False, slots=True)
class Variable:
    """Something that the conditions of a pack rest on, and the states it can be in; `terms` are what it looks at."""

    name: str
    states: list[State] = field(default_factory=list)
    terms: tuple[Term, ...] = ()

    @property
    def known(self) -> tuple[int, ...]:
        return tuple(n for n, state in enumerate(self.states) if state.known and state.sure)


Allowed = Mapping[Variable, Sequence[int]]


class Joined:
    """Formulas side by side; `rows` are the columns of answers by which they tell the states of each variable apart.

    repeated   variables that stand in them more than once
    size       how much work their answers are
    """

    def __init__(self, parts: Iterable[Joined] = ()) -> None:
        self.size = 1
        self.rows: dict[Variable, frozenset[tuple[int, ...]]] = {}
        self.repeated: frozenset[Variable] = frozenset()
        for part in parts:
            self._join(part)

    def _join(self, part: Joined) -> None:
        self.size += part.size
        shared = self.rows.keys() & part.rows.keys()
        self.repeated |= part.repeated | shared
        for variable, rows in part.rows.items():
            self.rows[variable] = self.rows[variable] | rows if variable in shared else rows


class Formula(Joined, ABC):
    """A condition, out of those that are its parts."""

    def __init__(self, parts: Iterable[Formula] = ()) -> None:
        super().__init__(parts)
        self.whole: int | None = None

    def answers(self, allowed: Allowed) -> int:
        """The set of its answers with the variables in these states, each variable taken for itself."""
        if not allowed.keys() & self.rows.keys():
            if self.whole is None:
                self.whole = self._answers({})
            return self.whole
        return self._answers(allowed)

    @abstractmethod
    def _answers(self, allowed: Allowed) -> int: ...


class Test(Formula):
    """One variable: an answer for each of its states."""

    __test__ = False  # no test case of pytest's

    def __init__(self, variable: Variable, table: Sequence[int]) -> None:
        super().__init__()
        self.variable, self.table = variable, tuple(table)
        self.rows = {variable: frozenset({self.table})}

    def _answers(self, allowed: Allowed) -> int:
        found = 0
        for n in allowed.get(self.variable, range(len(self.table))):
            found |= 1 << self.table[n]
        return found


class Pick(Formula):
    """A choice of readings: the variable says which option holds; None where there is no such option."""

    def __init__(self, variable: Variable, options: Sequence[Formula | None]) -> None:
        super().__init__(option for option in options if option is not None)
        self.variable, self.options = variable, options
        if variable in self.rows:
            self.repeated |= {variable}
        apart = frozenset({tuple(range(len(options)))})
        self.rows[variable] = self.rows.get(variable, frozenset()) | apart

    def _answers(self, allowed: Allowed) -> int:
        found = 0
        for n in allowed.get(self.variable, range(len(self.options))):
            option = self.options[n]
            found |= option.answers(allowed) if option is not None else 0
        return found


class Listed(Formula):
    """`all` or `any` (rule 7): Kleene's tables, what is vacant left out."""

    def __init__(self, parts: Sequence[Formula], how: Literal["all", "any"]) -> None:
        super().__init__(parts)
        self.parts, self.pairs = parts, _ALL if how == "all" else _ANY

    def _answers(self, allowed: Allowed) -> int:
        found = IS_VACANT
        for part in self.parts:
            found = self.pairs[found][part.answers(allowed)]
        return found


class Counted(Formula):
    """`of` with `met_in` (rules 7 and 14), the weights of those met summed."""

    def __init__(self, parts: Sequence[Formula], met_in: MetIn | str, weights: Sequence[Decimal] | None) -> None:
        super().__init__(parts)
        self.parts, self.met_in, self.weights = parts, met_in, weights
        self.size += len(parts) ** 3 // 4  # the sums that are looked through

    def _answers(self, allowed: Allowed) -> int:
        if self.weights is None or isinstance(self.met_in, str):
            weights: Sequence[Decimal | int] = [1] * len(self.parts)
        else:
            weights = self.weights
        sums: set[tuple[Decimal | int, Decimal | int, Decimal | int, bool]] = {(0, 0, 0, False)}
        for part, weight in zip(self.parts, weights, strict=True):  # least, most, whole, whether anything is there
            less, more = (weight, 0) if weight < 0 else (0, weight)
            found, grown = part.answers(allowed), set()
            for least, most, whole, there in sums:
                if found & IS_VACANT:
                    grown.add((least, most, whole, there))
                if found & IS_NOT_MET:
                    grown.add((least, most, whole + weight, True))
                if found & IS_MET:
                    grown.add((least + weight, most + weight, whole + weight, True))
                if found & IS_UNKNOWN:
                    grown.add((least + less, most + more, whole + weight, True))
            sums = grown
            if len(sums) > MOST:
                raise TooMany
        found = 0
        for least, most, whole, there in sums:
            found |= _decided(least, most, whole, self.met_in) if there else IS_VACANT
        return found


def _decided(least: Decimal | int, most: Decimal | int, whole: Decimal | int, met_in: MetIn | str) -> int:
    if isinstance(met_in, MetIn) and met_in.at_least is None and whole <= 0:
        return IS_UNKNOWN  # a part of nothing
    low, high = satisfied(least, whole, met_in), satisfied(most, whole, met_in)
    return IS_UNKNOWN if low != high else IS_MET if low else IS_NOT_MET


def satisfied(met: Decimal | int, whole: Decimal | int, met_in: MetIn | str) -> bool:
    """Whether so many met of so many satisfy `met_in`."""
    if isinstance(met_in, str):
        return met == whole if met_in == "every" else met >= 1
    if met_in.at_least is not None:
        return met >= _number(met_in.at_least)
    if met_in.share_at_least is not None:
        return 100 * met >= _number(met_in.share_at_least) * whole
    return 100 * met > _number(met_in.share_more_than or "0") * whole


@cache
def _number(text: str) -> Decimal:
    return Decimal(text)


class Negated(Formula):
    def __init__(self, part: Formula) -> None:
        super().__init__([part])
        self.part = part

    def _answers(self, allowed: Allowed) -> int:
        return _NOT[self.part.answers(allowed)]


class Translated(Formula):
    """A verdict looked at as a number (met = 1) or for whether it is known: an answer for each of its answers."""

    def __init__(self, part: Formula, table: Sequence[int]) -> None:
        super().__init__([part])
        self.part, self.table = part, table

    def _answers(self, allowed: Allowed) -> int:
        given, found = self.part.answers(allowed), 0
        for answer, now in enumerate(self.table):
            found |= (1 << now) if given >> answer & 1 else 0
        return found


class Applying(Formula):
    """`applies_to`: vacant where it is not met, unknown where it is not known."""

    def __init__(self, part: Formula, applies: Formula) -> None:
        super().__init__([part, applies])
        self.part, self.applies = part, applies

    def _answers(self, allowed: Allowed) -> int:
        where = self.applies.answers(allowed)
        found = self.part.answers(allowed) if where & IS_MET else 0
        found |= IS_UNKNOWN if where & IS_UNKNOWN else 0
        return found | (IS_VACANT if where & (IS_NOT_MET | IS_VACANT) else 0)


class Labelled(Formula):
    """`cluster … is`: the label of the first case that is met is one of `labels` (rule 23)."""

    def __init__(self, cases: Sequence[tuple[str, Formula]], otherwise: str | None, labels: Iterable[str]) -> None:
        super().__init__(part for _, part in cases)
        self.cases, self.otherwise, self.labels = cases, otherwise, frozenset(labels)

    def _answers(self, allowed: Allowed) -> int:
        found = 0
        for label, part in self.cases:
            here = part.answers(allowed)
            if here & IS_MET:
                found |= IS_MET if label in self.labels else IS_NOT_MET
            found |= IS_UNKNOWN if here & IS_UNKNOWN else 0
            if not here & (IS_NOT_MET | IS_VACANT):
                return found
        if self.otherwise is None:
            return found | IS_UNKNOWN
        return found | (IS_MET if self.otherwise in self.labels else IS_NOT_MET)


#: Of each answer the sets that hold it.
_WITH = [[answers for answers in range(16) if answers >> answer & 1] for answer in range(4)]


def _pairs(rank: Sequence[int]) -> list[list[int]]:
    """Sets of answers against sets of answers: of each two the one first in `rank`; vacant gives way."""
    tables = [[0] * 16 for _ in range(16)]
    for (n, a), (m, b) in product(enumerate(rank), repeat=2):
        first = 1 << (a if n < m else b)
        for left, right in product(_WITH[a], _WITH[b]):
            tables[left][right] |= first
    return tables


_ALL = _pairs([NOT_MET, UNKNOWN, MET, VACANT])
_ANY = _pairs([MET, UNKNOWN, NOT_MET, VACANT])
_NOT = [(s & (IS_UNKNOWN | IS_VACANT)) | (s & IS_NOT_MET) << 2 | (s & IS_MET) >> 2 for s in range(16)]


def apart(variable: Variable, rows: Iterable[tuple[int, ...]], allowed: Sequence[int] | None) -> list[int]:
    """Of the states that no row tells apart one each, the first."""
    columns = sorted(rows)
    first: dict[tuple[int, ...], int] = {}
    for n in range(len(variable.states)) if allowed is None else allowed:
        first.setdefault(tuple(column[n] for column in columns), n)
    return list(first.values())


Wanted = Sequence[int]


def possible(
    formulas: Sequence[Formula], wanted: Wanted, allowed: Allowed | None = None, budget: Budget | None = None
) -> bool:
    """Whether the formulas can give answers out of these sets, all at once.

    budget   of several questions together
    raises   TooMany
    """
    given = allowed or {}
    budgets = [Budget(), budget or Budget()]
    for one in budgets:
        one.spend(sum(formula.size for formula in formulas))
    together = Joined(formulas)
    shared = sorted(together.repeated, key=lambda variable: variable.name)
    ways = []
    for variable in shared:
        for one in budgets:
            one.spend(len(variable.states) * len(together.rows[variable]) // 8)
        ways.append((variable, apart(variable, together.rows[variable], given.get(variable))))

    def search(n: int, world: Allowed) -> bool:
        """With the variables after the n-th taken each for itself, more looks possible than is: what fails now, fails."""
        for one in budgets:
            one.spend(together.size)
        if not all(formula.answers(world) & one for formula, one in zip(formulas, wanted, strict=True)):
            return False
        if n == len(ways):
            return True
        variable, states = ways[n]
        return any(search(n + 1, {**world, variable: (state,)}) for state in states)

    return search(0, given)


def certain(
    formulas: Sequence[Formula], wanted: Wanted, allowed: Allowed | None = None, budget: Budget | None = None
) -> bool:
    """Whether each formula gives an answer out of its set and no other, whatever is the case.

    raises  TooMany
    """
    pairs = zip(formulas, wanted, strict=True)
    return not any(possible([formula], [~one & ANY], allowed, budget) for formula, one in pairs)


def example(
    formulas: Sequence[Formula], wanted: Wanted, allowed: Allowed | None = None, budget: Budget | None = None
) -> dict[Variable, int] | None:
    """States of the variables, known ones only, with which the formulas give answers out of these sets; None: there are none.

    Variables that do not matter are left out.
    raises  TooMany
    """
    rows = Joined(formulas).rows
    free = {v: [n for n in (allowed or {}).get(v, v.known) if n in v.known] for v in rows}
    chosen: dict[Variable, Sequence[int]] = {**free}
    if not possible(formulas, wanted, chosen, budget):
        return None
    for variable in rows:
        for n in apart(variable, rows[variable], free[variable]):
            narrowed = {**chosen, variable: (n,)}
            if possible(formulas, wanted, narrowed, budget):
                chosen = narrowed
                break
    needed: dict[Variable, int] = {}
    for variable in rows:
        wider = {**chosen, variable: free[variable]}
        if certain(formulas, wanted, wider, budget):
            chosen = wider
        else:
            needed[variable] = chosen[variable][0]
    return needed
