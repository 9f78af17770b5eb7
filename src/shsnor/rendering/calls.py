"""What a formula asks of the rows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from shsnor.expressions import OWN_PASS, Expr
from shsnor.rendering.formulas import aggregate_key

_COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

#: Where a value is only looked at, a whole number may be of any width; all else could need more room than it has.
_LOOKED_AT = frozenset({
    "sum", "count", "coalesce", "case", "and", "or", "not", "in", "is_null", "is_not_null", "=", "<>", "<", "<=", ">", ">=",
})  # fmt: skip


def calls(value: Expr) -> list[Expr]:
    """The distinct aggregate calls of a formula; a plain column stands for itself (one row a value)."""
    found: list[Expr] = []

    def visit(expr: Expr) -> None:
        if expr.op in ("sum", "count", "min", "max") or expr.op in OWN_PASS or expr.op == "name":
            found.append(expr)
            return
        for arg in expr.args:
            visit(arg)

    visit(value)
    return list({aggregate_key(e): e for e in found}.values())


def counted(argument: Expr) -> Expr | None:
    """The condition of `case when … then 1 else 0 end`, whose sum counts rows."""
    if argument.op != "case" or len(argument.args) != 3:
        return None
    condition, one, zero = argument.args
    numbers = [a.value for a in (one, zero) if a.op == "number"]
    return condition if numbers == [1, 0] else None


def without_stand_ins(condition: Expr) -> Expr:
    """The condition as it may be asked where only rows that meet it count: a number that stands in for a missing one and
    does not meet it need not stand in."""
    if condition.op in ("and", "or"):
        return replace(condition, args=tuple(map(without_stand_ins, condition.args)))
    if condition.op not in _COMPARED or condition.args[0].op != "coalesce":
        return condition
    (name, *others), border = condition.args[0].args, condition.args[1]
    numbers = [each.value for each in (*others, border) if each.op == "number"]
    if name.op != "name" or len(others) != 1 or len(numbers) != 2 or _COMPARED[condition.op](*numbers):
        return condition
    return replace(condition, args=(name, border))


def sum_of_known(argument: Expr) -> Expr | None:
    """The x of `coalesce(x, 0)`: what its known values add up to, the others add nothing to."""
    if argument.op != "coalesce" or len(argument.args) != 2:
        return None
    x, other = argument.args
    return x if x.op == "name" and other.op == "number" and other.value == 0 else None


def reckoned(expr: Expr) -> Iterator[str]:
    """Names that a formula does more with than to look at them and to add them up, however deep below it they stand: the sum
    of two narrow numbers, each with what stands in for it, needs more room than either."""
    for node in expr.walk():
        if node.op not in _LOOKED_AT and (node is expr or node.op != "name"):
            yield from node.names
