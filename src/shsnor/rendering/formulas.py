"""Formulas as SQL: exact decimals as long as DuckDB can hold them, doubles after a division, and never an error.

A value is rounded once to 9 places, half away from zero (rule 19). Division by zero, the logarithm of what is not
positive, the root of a negative and infinite results are NULL; the caller asks `zero_divisor` for the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shsnor.expressions import ARITHMETIC, Expr
from shsnor.sql import literal

VALUE = "DECIMAL(38,9)"
#: Above this many places a product is taken in doubles: 38 digits would leave too few before the point.
MOST_PLACES = 18


def deviation(doubles: str) -> str:
    """SQL of the population deviation of a list of doubles, a hair up: an exact half of the ninth place goes up as it must,
    whatever the last bits of the double."""
    return f"(list_aggregate({doubles}, 'stddev_pop') * 1.000000000000002::DOUBLE)"


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL: `kind` is exact (places after the point in `scale`), double, text, yes_no or date."""

    text: str
    kind: str
    scale: int = 0

    def as_double(self) -> str:
        return self.text if self.kind == "double" else f"CAST({self.text} AS DOUBLE)"


def number(value: Decimal) -> Sql:
    text = format(value, "f")
    return Sql(text if not text.startswith("-") else f"({text})", "exact", len(text.partition(".")[2]))


def render(expr: Expr, names: Mapping[str, Sql]) -> Sql:
    """The SQL of a formula; `names` gives that of every name, `$parameter` and, for aggregates, of `str(op) + text`."""
    op = expr.op
    if op == "number":
        return number(expr.value)
    if op == "text":
        return Sql(literal(expr.value), "text")
    if op == "yes_no":
        return Sql("TRUE" if expr.value else "FALSE", "yes_no")
    if op == "null":
        return Sql("NULL", "exact")
    if op == "name":
        return names[expr.value]
    if op == "param":
        return names["$" + expr.value]
    if (found := names.get(aggregate_key(expr))) is not None:
        return found
    args = [render(a, names) for a in expr.args]
    if op in ARITHMETIC:
        return _arithmetic(op, args)
    if op in ("=", "<>", "<", "<=", ">", ">="):
        return Sql(f"({args[0].text} {op} {args[1].text})", "yes_no")
    if op in ("and", "or"):
        return Sql("(" + f" {op.upper()} ".join(a.text for a in args) + ")", "yes_no")
    if op == "not":
        return Sql(f"(NOT {args[0].text})", "yes_no")
    if op == "in":
        return Sql(f"({args[0].text} IN ({', '.join(a.text for a in args[1:])}))", "yes_no")
    if op in ("is_null", "is_not_null"):
        return Sql(f"({args[0].text} IS {'NOT ' if op == 'is_not_null' else ''}NULL)", "yes_no")
    if op == "case":
        return _case(args)
    return _function(op, args)


def aggregate_key(expr: Expr) -> str:
    """A key for an aggregate call: the same for the same call, wherever it stands."""
    if expr.op in ("number", "text", "yes_no", "name", "param"):
        return f"{expr.op}:{expr.value}"
    return f"{expr.op}({','.join(aggregate_key(a) for a in expr.args)})"


def _arithmetic(op: str, args: list[Sql]) -> Sql:
    a, b = args
    exact = a.kind == "exact" and b.kind == "exact"
    if op == "/":
        return Sql(f"({a.as_double()} / nullif({b.as_double()}, 0))", "double")
    if op == "%":
        if exact:
            return Sql(f"({a.text} % nullif({b.text}, 0))", "exact", max(a.scale, b.scale))
        return Sql(f"({a.as_double()} % nullif({b.as_double()}, 0))", "double")
    if exact and (op != "*" or a.scale + b.scale <= MOST_PLACES):
        return Sql(f"({a.text} {op} {b.text})", "exact", a.scale + b.scale if op == "*" else max(a.scale, b.scale))
    return Sql(f"({a.as_double()} {op} {b.as_double()})", "double")


def _unified(args: list[Sql]) -> tuple[list[str], str, int]:
    """The arguments in one type: doubles as soon as one is."""
    kinds = {a.kind for a in args if a.text != "NULL"}
    if kinds == {"exact", "double"} or kinds == {"double"}:
        return [a.text if a.text == "NULL" else a.as_double() for a in args], "double", 0
    kind = next(iter(kinds), "exact")
    return [a.text for a in args], kind, max((a.scale for a in args), default=0)


def _case(args: list[Sql]) -> Sql:
    results, kind, scale = _unified([*args[1:-1:2], args[-1]])
    whens = " ".join(f"WHEN {c.text} THEN {r}" for c, r in zip(args[:-1:2], results[:-1], strict=True))
    return Sql(f"(CASE {whens} ELSE {results[-1]} END)", kind, scale)


def _function(op: str, args: list[Sql]) -> Sql:
    texts, kind, scale = _unified(args)
    if op in ("coalesce",):
        return Sql(f"coalesce({', '.join(texts)})", kind, scale)
    if op == "nullif":
        return Sql(f"nullif({', '.join(texts)})", kind, scale)
    if op in ("greatest", "least"):
        # DuckDB's own pass over NULLs; here an unknown argument makes the result unknown
        known = " AND ".join(f"{t} IS NOT NULL" for t in texts)
        return Sql(f"(CASE WHEN {known} THEN {op}({', '.join(texts)}) END)", kind, scale)
    if op in ("abs", "floor", "ceil"):
        return Sql(f"{op}({texts[0]})", kind, scale if op == "abs" else 0)
    if op == "sqrt":
        return Sql(f"(CASE WHEN {texts[0]} >= 0 THEN sqrt({args[0].as_double()}) END)", "double")
    if op == "ln":
        return Sql(f"(CASE WHEN {texts[0]} > 0 THEN ln({args[0].as_double()}) END)", "double")
    if op in ("exp", "power"):
        return Sql(finite(f"{op}({', '.join(a.as_double() for a in args)})"), "double")
    if op == "length":
        return Sql(f"length({texts[0]})", "exact")
    if op == "substr":
        return Sql(f"substr({', '.join([args[0].text, *(f'CAST({a.text} AS BIGINT)' for a in args[1:])])})", "text")
    return Sql(f"{op}({texts[0]})", "text")  # lower, upper, trim


def finite(text: str) -> str:
    return f"(CASE WHEN isfinite({text}) THEN {text} END)"


def as_value(sql: Sql, digits: int | None = None) -> str:
    """The kept form of a result: a decimal of 9 places (after one rounding to `digits`), or the text itself."""
    if sql.kind in ("text", "date"):
        return f"CAST({sql.text} AS VARCHAR)"
    if sql.kind == "yes_no":
        return f"CAST(CAST({sql.text} AS INTEGER) AS {VALUE})"
    text = sql.text
    if sql.kind == "double":
        # below 1e28 it fits; what does not is as good as infinite
        text = f"(CASE WHEN abs({text}) < 1e28 THEN {text} END)"
    if digits is not None:
        # of a double first 12 places: 0.285 is 0.28499… in binary, and would be rounded the wrong way
        text = (
            f"round(CAST({text} AS DECIMAL(38,12)), {digits})" if sql.kind == "double" else f"round({text}, {digits})"
        )
    return f"CAST({text} AS {VALUE})"


def zero_divisor(expr: Expr, names: Mapping[str, Sql]) -> str:
    """SQL that is true where a division in the formula has the divisor 0 (reading 7), for the WHEN of a CASE: elsewhere it
    may be NULL; "FALSE" without divisions."""
    tests = []

    def visit(node: Expr) -> None:
        if aggregate_key(node) in names:
            return
        if node.op in ("/", "%"):
            tests.append(f"({render(node.args[1], names).text} = 0)")
        for arg in node.args:
            visit(arg)

    visit(expr)
    return " OR ".join(tests) or "FALSE"


def null_test(expr: Expr, column: Mapping[str, str]) -> str | None:
    """SQL over the columns that is true where a null makes the formula unknown (rule 11, reading 8); None: never."""
    if expr.op == "name":
        return f"{column[expr.value]} IS NULL"
    if expr.op in ("is_null", "is_not_null"):
        return None
    tests = [t for a in expr.args if (t := null_test(a, column)) is not None]
    if expr.op == "coalesce":
        return f"({' AND '.join(tests)})" if len(tests) == len(expr.args) else None
    tests = list(dict.fromkeys(tests))
    return f"({' OR '.join(tests)})" if tests else None
