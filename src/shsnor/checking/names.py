"""What a value or a condition is called in a finding: its label, else what it is made of, for `wording` to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shsnor.nodes import MetIn
from shsnor.terms import (
    Applied,
    Choice,
    ClusterIs,
    Decided,
    Fold,
    FunctionTerm,
    GroupStat,
    Leaf,
    Many,
    Not,
    Parameter,
    Quantifier,
    Resolved,
    Same,
    Scalar,
    TableValue,
    Term,
)  # fmt: skip

Name = str | Mapping[str, Any]


class Names:
    """The names of a pack's values and conditions, with these values of its parameters."""

    def __init__(self, resolved: Resolved, parameters: Mapping[str, str]) -> None:
        self.items, self.parameters = resolved.items, parameters

    def value(self, term: Term) -> Name:
        """The label of a value's item; of a nameless statistic `{group: …}`, of another the label of what it is made of."""
        if term.item is not None and term.item in self.items:
            return self.items[term.item].label
        if isinstance(term, GroupStat):
            return {"group": term.combine, "border": None if term.border is None else str(term.border)}
        if isinstance(term, TableValue) and term.pool is not None:
            return {"group": "pooled"}
        if isinstance(term, Applied | Decided | Same | Fold):
            return self.value(term.part)
        if isinstance(term, FunctionTerm):
            return term.function
        first = next(term.parts(), None)
        return self.value(first) if first is not None else term.path.split("/")[1]

    def condition(self, term: Term) -> Name:
        """A verdict's label, or how it is put together."""
        if term.item is not None and term.item in self.items:
            return self.items[term.item].label
        return self.made(term)

    def made(self, term: Term) -> Name:
        """How a verdict is put together, whatever its label: `{leaf: …}`, `{not: …}`, `{all: […]}`, `{over: …}` …"""
        if isinstance(term, Leaf):
            return {"leaf": self.value(term.value), "comparison": term.comparison, **self._operand(term)}
        if isinstance(term, Not):
            return {"not": self.condition(term.part)}
        if isinstance(term, Many):
            return {term.how: [self.condition(part) for part in term.members], **_met_in(term.met_in)}
        if isinstance(term, Quantifier):
            return {"over": self.condition(term.part), **_met_in(term.met_in)}
        if isinstance(term, Applied):
            return {"applied": self._inside(term.part), "to": self.condition(term.applies)}
        if isinstance(term, Same | Decided):
            return self._inside(term.part)
        if isinstance(term, ClusterIs):
            return {"cluster": self.value(term.cluster), "labels": list(term.labels)}
        if isinstance(term, Choice):
            return {"reading": f"${term.parameter}"}
        return self.value(term)

    def _inside(self, part: Term) -> Name:
        return self.condition(part) if part.item is not None else self.made(part)

    def _operand(self, leaf: Leaf) -> dict[str, Any]:
        operand = leaf.operand
        if isinstance(operand, bool):
            return {"known": operand}
        if isinstance(operand, Term):
            return {"than": self.value(operand)}
        listed = operand if isinstance(operand, tuple) else (operand,)
        return {"values": [self._scalar(one) for one in listed], "unit": leaf.value.unit}

    def _scalar(self, scalar: Scalar) -> str:
        return self.parameters[scalar.name] if isinstance(scalar, Parameter) else str(scalar.value)


def _met_in(met_in: MetIn | str) -> dict[str, Any]:
    if isinstance(met_in, str):
        return {"met_in": met_in}
    return {"met_in": next((key, value) for key, value in vars(met_in).items() if value is not None)}
