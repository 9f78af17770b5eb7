"""The tree of a formula, and what may stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

AGGREGATES = frozenset({"sum", "count", "min", "max"})
OWN_PASS = frozenset({"median", "quantile_disc", "count_distinct", "stddev_pop"})
#: function -> how many arguments it takes
FUNCTIONS = {
    "coalesce": "1+", "nullif": "2", "abs": "1", "floor": "1", "ceil": "1", "greatest": "1+", "least": "1+", "sqrt": "1",
    "ln": "1", "exp": "1", "power": "2", "lower": "1", "upper": "1", "trim": "1", "substr": "2 or 3", "length": "1",
}  # fmt: skip
#: Aggregates of one argument.
OF_ONE = frozenset({"sum", "count", "min", "max", "median", "stddev_pop"})
SYNONYMS = {"ceiling": "ceil", "pow": "power", "substring": "substr"}
ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
Kind = Literal["number", "text", "yes_no", "date"]


class ExpressionError(Exception):
    """The formula is not one: `what` is the construct refused ("" for a syntax error), `offset` its 0-based place."""

    def __init__(self, reason: str, *, what: str = "", offset: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.what, self.offset = reason, what, offset


@dataclass(frozen=True, slots=True)
class Expr:
    """A node of a formula.

    op      number, text, yes_no, null, name, param; an operator; a function or an aggregate
    value   of the first six: Decimal, str, bool, None, the name
    offset  0-based place in the text, in characters
    """

    op: str
    args: tuple[Expr, ...] = ()
    value: Any = None
    offset: int = 0

    def walk(self) -> Iterator[Expr]:
        """The node and all below it, each before what it holds."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.args[::-1]

    @property
    def names(self) -> tuple[str, ...]:
        """The names it reads, each once, in the order of their appearance."""
        return tuple(dict.fromkeys(e.value for e in self.walk() if e.op == "name"))

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e.value for e in self.walk() if e.op == "param"))

    @property
    def aggregates(self) -> tuple[Expr, ...]:
        return tuple(dict.fromkeys(e for e in self.walk() if e.op in AGGREGATES or e.op in OWN_PASS))

    @property
    def has_division(self) -> bool:
        return any(e.op in ("/", "%") for e in self.walk())


def arithmetic(op: str, args: tuple[Expr, ...], at: int) -> Expr:
    """An operator of arithmetic between two, or a sign before one."""
    if len(args) == 2:
        return Expr(op, args, offset=at)
    if op == "-" and args[0].op == "number":
        return Expr("number", value=-args[0].value, offset=at)
    return args[0] if op == "+" else Expr("-", (Expr("number", value=Decimal(0), offset=at), args[0]), offset=at)


def average(args: tuple[Expr, ...], at: int) -> Expr:
    return Expr("/", (Expr("sum", args, offset=at), Expr("count", args, offset=at)), offset=at)


def takes(wanted: str, given: int) -> bool:
    """Whether a function of `FUNCTIONS` takes so many arguments."""
    return given > 0 if wanted == "1+" else str(given) in wanted.split(" or ")
