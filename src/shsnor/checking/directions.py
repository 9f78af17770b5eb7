"""Which way a value or verdict goes when an indicator rises and all else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shsnor.checking.keys import Keys, plain
from shsnor.expressions import Expr
from shsnor.terms import (
    Applied,
    Calc,
    Choice,
    Decided,
    Fold,
    FunctionTerm,
    GroupStat,
    Leaf,
    Many,
    Not,
    Quantifier,
    Same,
    TableValue,
    Term,
)  # fmt: skip

_WITH_PART = frozenset({"mean", "median", "sum", "min", "max", "lowest", "highest", "share"})


class Undecided(Exception):
    """It cannot be said which way.

    reason    group, function, cluster, applies_to, equality, formula, combine; both_ways: some of it up, some down
    combine   the statistic, where the reason is one
    """

    def __init__(self, reason: str, combine: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.combine = reason, combine


class Directions:
    """Directions with regard to one indicator: 1 up, -1 down, 0 not at all."""

    def __init__(self, keys: Keys, indicator: Term) -> None:
        self.keys, self.indicator = keys, keys.of(indicator)
        self._reads: dict[Term, bool] = {}

    def reads(self, term: Term) -> bool:
        """Whether the indicator has a part in a term."""
        found = self._reads.get(term)
        if found is None:
            found = self.keys.of(term) == self.indicator or any(self.reads(part) for part in term.parts())
            self._reads[term] = found
        return found

    def of(self, term: Term) -> int:
        """The direction of a term. Raises Undecided."""
        term = plain(term)
        if not self.reads(term):
            return 0
        if self.keys.of(term) == self.indicator:
            return 1
        if isinstance(term, Leaf):
            return self._leaf(term)
        if isinstance(term, Quantifier | Same | Decided):
            return self.of(term.part)
        if isinstance(term, Not):
            return -self.of(term.part)
        if isinstance(term, Many):
            weights = term.weights or [Decimal(1)] * len(term.members)
            parts = zip(weights, term.members, strict=True)
            return _agreed(-self.of(part) if weight < 0 else self.of(part) for weight, part in parts)
        if isinstance(term, Choice):
            return _agreed(self.of(option) for option in term.options.values())
        if isinstance(term, Applied):
            if self.reads(term.applies):
                raise Undecided("applies_to")
            return self.of(term.part)
        if isinstance(term, Calc):
            return self._formula(term.value, term)
        if isinstance(term, Fold):
            if term.combine == "count" and term.part.kind != "verdict":
                return 0
            if term.combine not in _WITH_PART and term.combine != "count":
                raise Undecided("combine", term.combine)
            return self.of(term.part)
        reasons = {GroupStat: "group", FunctionTerm: "function", TableValue: "applies_to"}
        raise Undecided(next((reason for kind, reason in reasons.items() if isinstance(term, kind)), "cluster"))

    def _leaf(self, leaf: Leaf) -> int:
        if leaf.comparison == "known":
            return 0  # a value that rises was known and is known
        operand = leaf.operand if isinstance(leaf.operand, Term) else None
        turned = -1 if leaf.comparison in ("at_most", "less_than") else 1
        directions = [self.of(leaf.value)] + ([] if operand is None else [-self.of(operand)])
        if leaf.comparison in ("is", "is_in") and any(directions):
            raise Undecided("equality")
        return turned * _agreed(directions, "formula")

    def _formula(self, value: Expr, term: Calc) -> int:
        if value.op == "name":
            return self.of(term.reads[value.value])
        if not any(self.reads(term.reads[name]) for name in value.names):
            return 0
        directions = [self._formula(arg, term) for arg in value.args]
        if value.op in ("+", "greatest", "least"):
            return _agreed(directions, "formula")
        if value.op == "-":
            return _agreed([directions[0], -directions[1]], "formula")
        factor = next((arg.value for arg in value.args[::-1] if arg.op == "number"), None)
        if (
            factor is not None
            and factor != 0
            and (value.op == "*" or (value.op == "/" and value.args[1].op == "number"))
        ):
            return _agreed(directions, "formula") * (1 if factor > 0 else -1)
        raise Undecided("formula")


def _agreed(directions: Iterable[int], reason: str = "both_ways") -> int:
    """The one direction of several, those that stay aside."""
    found = {direction for direction in directions if direction}
    if len(found) > 1:
        raise Undecided(reason)
    return found.pop() if found else 0
