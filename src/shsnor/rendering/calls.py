"""What a formula asks of the rows."""

from __future__ import annotations

from collections.abc import Iterator

from shsnor.expressions import OWN_PASS, Expr
from shsnor.rendering.formulas import aggregate_key

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


def reckoned(expr: Expr) -> Iterator[str]:
    """Names that a formula does more with than to look at them and to add them up."""
    for node in expr.walk():
        if node.op not in _LOOKED_AT:
            yield from (arg.value for arg in node.args if arg.op == "name")
    if expr.op == "name":
        yield expr.value
