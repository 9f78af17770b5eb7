"""Per cents and shares in a formula: which of the two it gives, and where it puts them together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from shsnor.expressions import Expr

Units = Mapping[str, str | None]
_OTHER = {"percent": "share", "share": "percent"}
_ALIKE = frozenset({"+", "-", "=", "<>", "<", "<=", ">", ">=", "coalesce", "greatest", "least"})
_SAME = frozenset({"min", "max", "median", "quantile_disc", "abs"})


def scale_of(expr: Expr, units: Units, counts: Collection[str]) -> str | None:
    """percent or share; twice where it is made of the other a second time; None where it cannot be told for certain.

    units    of the names that the formula reads
    counts   those of them that count something: a part of them over a whole is a share
    """
    if expr.op == "name":
        unit = units.get(expr.value)
        return unit if unit in _OTHER else None
    if expr.op in _SAME:
        return scale_of(expr.args[0], units, counts)
    if expr.op in ("+", "-", "coalesce", "greatest", "least"):
        found = [scale_of(arg, units, counts) for arg in expr.args if arg.op not in ("number", "null")]
        return found[0] if found and len(set(found)) == 1 else None
    if expr.op == "case":
        found = [scale_of(arg, units, counts) for arg in _results(expr) if arg.op not in ("number", "null")]
        return found[0] if found and len(set(found)) == 1 else None
    if expr.op in ("*", "/"):
        factor, rest = _factor(expr)
        return _scaled(_of_ratio(rest, units, counts), factor)
    return None


def _scaled(scale: str | None, factor: Decimal) -> str | None:
    if factor == 1 or scale is None:
        return scale
    return _TURNED.get((scale, factor))


#: What becomes of a scale times a factor; any other factor is a weight, of which nothing can be told.
_TURNED = {
    ("share", Decimal(100)): "percent",
    ("percent", Decimal("0.01")): "share",
    ("percent", Decimal(100)): "twice",
    ("share", Decimal("0.01")): "twice",
}


def _factor(expr: Expr) -> tuple[Decimal, Expr]:
    """The number that stands before all else, and what is left: `100.0 * a / b` -> 100, `a / b`."""
    if expr.op == "*":
        for number, other in (expr.args, expr.args[::-1]):
            if number.op == "number":
                factor, rest = _factor(other)
                return number.value * factor, rest
    if expr.op == "/":
        above, below = expr.args
        if below.op == "number" and below.value:
            factor, rest = _factor(above)
            return factor / below.value, rest
        factor, rest = _factor(above)
        return factor, Expr("/", (rest, below))
    return Decimal(1), expr


def _of_ratio(expr: Expr, units: Units, counts: Collection[str]) -> str | None:
    if expr.op != "/":
        return scale_of(expr, units, counts) if expr.op != "*" else None
    above, below = expr.args
    if above.op == "sum" and below.op == "count" and above.args == below.args:  # avg
        return scale_of(above.args[0], units, counts)
    if any(e.op in ("*", "/") for side in expr.args for e in side.walk()):
        return None
    counted = all(
        any(e.op == "count" or (e.op == "name" and e.value in counts) for e in side.walk()) for side in expr.args
    )
    return "share" if counted and set(expr.names) <= set(counts) else None


def wrong_scales(expr: Expr, units: Units) -> list[str] | None:
    """The names of a place where per cents and shares are added or compared with each other; None where there is none.

    Counts are left alone: pupils over teachers need not be a share.
    """
    for place in _alike(expr):
        found = {scale: arg for arg in place if (scale := scale_of(arg, units, ())) in _OTHER}
        if len(found) == 2:
            return [name for arg in found.values() for name in arg.names]
        scale = next(iter(found), None)
        for number in (arg.value for arg in place if arg.op == "number"):
            if (scale == "percent" and 0 < number < 1) or (scale == "share" and 1 < number <= 100):
                return [*found[scale].names, f"{number:f}"]
    return None


def _alike(expr: Expr) -> Iterator[tuple[Expr, ...]]:
    """Operands that stand side by side and so have one scale."""
    for e in expr.walk():
        if e.op in _ALIKE:
            yield e.args
        elif e.op == "case":
            yield _results(e)


def _results(case: Expr) -> tuple[Expr, ...]:
    """What a `case` gives: after each `then`, and after `else`."""
    return (*case.args[1:-1:2], case.args[-1])
