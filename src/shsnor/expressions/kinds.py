"""Whether a formula gives a number, a text, yes or no, or a date."""

from __future__ import annotations

from collections.abc import Mapping

from shsnor.expressions.tree import ARITHMETIC, Expr, ExpressionError, Kind

_LITERAL_KINDS: Mapping[str, Kind] = {"number": "number", "text": "text", "yes_no": "yes_no"}


def kind_of(expr: Expr, kinds: dict[str, Kind]) -> Kind | None:
    """What the formula gives (None where only nulls), from the kinds of the names and `$parameters` it reads.

    raises  ExpressionError where a number is needed and something else stands
    """
    op = expr.op
    if (literal := _LITERAL_KINDS.get(op)) is not None:
        return literal
    if op == "null":
        return None
    if op == "name":
        return kinds.get(expr.value)
    if op == "param":
        return kinds.get("$" + expr.value)
    got = [kind_of(a, kinds) for a in expr.args]
    if op in ARITHMETIC or op in ("abs", "floor", "ceil", "sqrt", "ln", "exp", "power", "sum", "median", "stddev_pop"):
        _demand(expr, got, "number")
        return "number"
    if op in ("count", "count_distinct"):
        return "number"
    if op == "length":
        _demand(expr, got, "text")
        return "number"
    if op in ("and", "or", "not"):
        _demand(expr, got, "yes_no")
        return "yes_no"
    if op in ("is_null", "is_not_null"):
        return "yes_no"
    if op in ("=", "<>", "<", "<=", ">", ">=", "in"):
        _same(expr, got)
        return "yes_no"
    if op in ("lower", "upper", "trim", "substr"):
        _demand(expr, got[:1], "text")
        for arg, kind in zip(expr.args[1:], got[1:], strict=True):
            _demand_one(expr, arg, kind, "number")
        return "text"
    if op == "case":
        _demand(expr, got[:-1:2], "yes_no")
        return _same(expr, [*got[1:-1:2], got[-1]])
    if op == "quantile_disc":
        return got[0]
    return _same(expr, got)  # coalesce, nullif, greatest, least, min, max


def _demand(expr: Expr, got: list[Kind | None], wanted: Kind) -> None:
    for arg, kind in zip(expr.args, got, strict=False):
        _demand_one(expr, arg, kind, wanted)


def _demand_one(expr: Expr, arg: Expr, kind: Kind | None, wanted: Kind) -> None:
    if kind is not None and kind != wanted:
        raise ExpressionError(f"{wanted} is needed, {kind} stands", what=expr.op, offset=arg.offset)


def _same(expr: Expr, got: list[Kind | None]) -> Kind | None:
    seen = {k for k in got if k is not None}
    if seen == {"date", "text"}:
        return "date"
    if len(seen) > 1:
        raise ExpressionError(f"{' and '.join(sorted(seen))} do not go together", what=expr.op, offset=expr.offset)
    return next(iter(seen), None)
