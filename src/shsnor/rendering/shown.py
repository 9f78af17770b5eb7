"""What the explanation shows of a node of a statement: value, threshold, where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from shsnor.nodes import MetIn
from shsnor.planning import Plan, Step
from shsnor.rendering.formulas import VALUE
from shsnor.rendering.layout import Layout
from shsnor.rendering.rowwise import PART, beside, counts_of
from shsnor.sql import literal
from shsnor.terms import (
    Applied,
    Calc,
    Constant,
    GroupStat,
    Leaf,
    Many,
    Parameter,
    Quantifier,
    Statement,
    TableValue,
    Term,
)


class Shown:
    """What a row of the explanation shows of a node, as SQL or plain text."""

    def __init__(self, layout: Layout, statement: Statement, inner: Step) -> None:
        self.plan, self.layout = layout.plan, layout
        self.statement, self.inner = statement, inner
        self.looked_at: Step | None = None
        self.indicator = statement.refers
        self.comparison = self.origin = ""
        self.value = self.threshold = f"CAST(NULL AS {VALUE})"
        self.num = self.den = f"CAST(NULL AS {PART})"
        self.text = self.threshold_text = "CAST(NULL AS VARCHAR)"
        self.n = self.members = self.out = "CAST(NULL AS BIGINT)"
        term = inner.term
        if statement.node == "item":
            return
        if isinstance(term, Leaf):
            self._leaf(term)
        elif isinstance(term, Quantifier):
            self.value, self.num, self.den = (self._column(c) for c in ("x", "num", "den"))
            self.members = f"CAST({self._column('den')} AS BIGINT)"
            self._met_in(term.met_in)
        elif isinstance(term, Many) and term.how == "of":
            self._met_in(term.met_in)

    def _column(self, name: str) -> str:
        # the node's own row and the row of what stands under `applies_to` may lie in different tables
        alias = "p" if self.layout.at[self._own()].table == self.layout.at[self.inner].table else "i"
        return f"{alias}.{self.layout.at[self.inner].extra(name)}"

    def _own(self) -> Step:
        return next(s for st, s in self._nodes() if st is self.statement)

    def _nodes(self) -> Iterator[tuple[Statement, Step]]:
        for nodes in self.plan.nodes.values():
            yield from nodes

    def _met_in(self, met_in: MetIn | str) -> None:
        if isinstance(met_in, str):
            self.comparison = json.dumps(met_in)
            return
        found = met_in.model_dump(exclude_none=True)
        self.comparison = json.dumps(found)
        self.threshold = f"CAST({next(iter(found.values()))} AS {VALUE})"
        self.origin = "number"

    def _leaf(self, term: Leaf) -> None:
        value = self.inner.part(term.value)
        self.indicator, self.comparison = term.indicator, term.comparison
        if beside(self.layout, self.inner, value):
            self.looked_at = value
            at, own = self.layout.at[value], self.layout.at[self._own()]
            alias = "p" if at.table == own.table else "x"
            x, counts = at.of(alias).v, {c: f"{alias}.{at.extra(c)}" for c in ("num", "den", "n")}
        else:
            x, counts = self._column("x"), {c: self._column(c) for c in ("num", "den", "n")}
        if value.term.kind in ("text", "label"):
            self.text = x
        elif value.term.kind == "verdict":
            self.value = f"CAST(CAST({x} AS INTEGER) AS {VALUE})"
        else:
            self.value = x
        for name in counts_of(self.layout, value):
            if name in counts:
                setattr(self, name, counts[name])
        operand = term.operand
        if isinstance(operand, bool):
            self.threshold_text = literal("true" if operand else "false")
        elif isinstance(operand, tuple):
            values = [self.plan.scalar(s) for s in operand]
            self.threshold_text = literal(json.dumps([_plain(v) for v in values], ensure_ascii=False))
            self.origin = _origin(self.plan, operand[0]) if operand else ""
        elif isinstance(operand, Constant | Parameter):
            worth = self.plan.scalar(operand)
            if isinstance(worth, Decimal):
                self.threshold = f"CAST({format(worth, 'f')} AS {VALUE})"
            else:
                self.threshold_text = literal(worth)
            self.origin = _origin(self.plan, operand)
        else:
            step = self.inner.part(operand)
            self.threshold = self._column("t")
            self.origin = _term_origin(self.plan, step.term)
            if isinstance(step.term, GroupStat) or (isinstance(step.term, TableValue) and step.term.pool is not None):
                self.members, self.out = self._column("mem"), self._column("out")


def _plain(value: Decimal | str) -> str:
    return value if isinstance(value, str) else format(value, "f")


def _origin(plan: Plan, scalar: Constant | Parameter) -> str:
    if isinstance(scalar, Constant):
        return "number"
    since = plan.parameters[scalar.name].since
    return f"parameter {scalar.name} {since if since else 'changed'}"


def _term_origin(plan: Plan, term: Term) -> str:
    if term.item:
        return f"indicator {term.item}"
    while isinstance(term, Applied):
        term = term.part
    if isinstance(term, GroupStat):
        word = term.combine + (f" {term.border}" if term.border is not None else "")
        return f"{word} among {plan.resolved.levels[term.group.within]}"
    if isinstance(term, TableValue) and term.pool is not None:
        return f"pooled among {plan.resolved.levels[term.pool.within]}"
    if isinstance(term, Calc) and term.value.op == "name":
        return f"indicator {term.value.value}"
    return "expression"
