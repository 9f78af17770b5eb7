"""The expressions of 1.4: a parser of its own and an evaluation row by row, in exact fractions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .basics import Scalar, as_number, is_number, mean, median, number, root, variance

AGGREGATES = {"sum", "count", "min", "max", "avg", "median", "quantile_disc", "stddev_pop"}
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")*")
    |\$(?P<parameter>\w+)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign><>|!=|<=|>=|[-+*/%=<>(),]))""",
    re.VERBOSE,
)
COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=")
Names = Mapping[str, "Scalar | None"]


@dataclass(frozen=True)
class Expression:
    """One node: `kind` is constant, name, parameter, aggregate, or an operator's or a function's name."""

    kind: str
    parts: tuple[Expression, ...] = ()
    value: Scalar | None = None
    name: str = ""
    distinct: bool = False

    def walk(self) -> Iterator[Expression]:
        yield self
        for part in self.parts:
            yield from part.walk()

    def names(self) -> list[str]:
        return list(dict.fromkeys(node.name for node in self.walk() if node.kind == "name"))

    @property
    def aggregates(self) -> bool:
        return any(node.kind == "aggregate" for node in self.walk())


def parse(text: str) -> Expression:
    parser = _Parser(text)
    tree = parser.disjunction()
    assert parser.here is None, (text, parser.here)
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            match = TOKEN.match(text, at)
            assert match, (text, at)
            kind = match.lastgroup or ""
            self.tokens.append((kind, match.group(kind)))
            at = match.end()
        self.at = 0

    @property
    def here(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def is_word(self, *words: str) -> bool:
        return self.here is not None and self.here[0] == "word" and self.here[1].lower() in words

    def take(self, *wanted: str) -> str | None:
        """The next sign or keyword, if it is one of those wanted."""
        if self.here is not None and self.here[0] in ("sign", "word") and self.here[1].lower() in wanted:
            self.at += 1
            return self.tokens[self.at - 1][1].lower()
        return None

    def need(self, wanted: str) -> None:
        assert self.take(wanted), (wanted, self.here, self.tokens)

    def disjunction(self) -> Expression:
        left = self.conjunction()
        while self.take("or"):
            left = Expression("or", (left, self.conjunction()))
        return left

    def conjunction(self) -> Expression:
        left = self.negation()
        while self.take("and"):
            left = Expression("and", (left, self.negation()))
        return left

    def negation(self) -> Expression:
        return Expression("not", (self.negation(),)) if self.take("not") else self.comparison()

    def comparison(self) -> Expression:
        left = self.sum()
        while True:
            sign = self.take(*COMPARISONS)
            if sign:
                left = Expression("<>" if sign == "!=" else sign, (left, self.sum()))
            elif self.take("is"):
                negative = self.take("not")
                self.need("null")
                left = Expression("is_null", (left,))
                left = Expression("not", (left,)) if negative else left
            elif self.is_word("in", "between", "not"):
                negative = self.take("not")
                left = self.membership(left)
                left = Expression("not", (left,)) if negative else left
            else:
                return left

    def membership(self, left: Expression) -> Expression:
        if self.take("between"):
            low = self.sum()
            self.need("and")
            return Expression("and", (Expression(">=", (left, low)), Expression("<=", (left, self.sum()))))
        self.need("in")
        self.need("(")
        return Expression("in", (left, *self.arguments()))

    def arguments(self) -> list[Expression]:
        found: list[Expression] = []
        while not self.take(")"):
            found.append(self.disjunction())
            self.take(",")
        return found

    def sum(self) -> Expression:
        left = self.product()
        while sign := self.take("+", "-"):
            left = Expression(sign, (left, self.product()))
        return left

    def product(self) -> Expression:
        left = self.signed()
        while sign := self.take("*", "/", "%"):
            left = Expression(sign, (left, self.signed()))
        return left

    def signed(self) -> Expression:
        if self.take("-"):
            return Expression("negative", (self.signed(),))
        return self.signed() if self.take("+") else self.primary()

    def primary(self) -> Expression:
        if self.take("("):
            inside = self.disjunction()
            self.need(")")
            return inside
        assert self.here is not None, self.tokens
        kind, text = self.here
        self.at += 1
        if kind == "number":
            return Expression("constant", value=number(text))
        if kind == "text":
            return Expression("constant", value=text[1:-1].replace("''", "'"))
        if kind == "parameter":
            return Expression("parameter", name=text)
        if kind == "quoted":
            return Expression("name", name=text[1:-1].replace('""', '"'))
        assert kind == "word", (kind, text, self.tokens)
        return self.word(text)

    def word(self, text: str) -> Expression:
        lower = text.lower()
        if lower == "case":
            return self.case()
        if lower in ("null", "true", "false"):
            return Expression("constant", value={"null": None, "true": True, "false": False}[lower])
        if not self.take("("):
            return Expression("name", name=text)
        distinct = self.take("distinct") is not None
        parts = tuple(self.arguments())
        if lower in AGGREGATES:
            return Expression("aggregate", parts, name=lower, distinct=distinct)
        return Expression({"ceiling": "ceil", "substring": "substr"}.get(lower, lower), parts)

    def case(self) -> Expression:
        """Parts: condition, result, condition, result, …, the `else`."""
        subject = None if self.is_word("when") else self.disjunction()
        parts: list[Expression] = []
        while self.take("when"):
            condition = self.disjunction()
            self.need("then")
            parts += [Expression("=", (subject, condition)) if subject else condition, self.disjunction()]
        parts.append(self.disjunction() if self.take("else") else Expression("constant"))
        self.need("end")
        return Expression("case", tuple(parts))


# Evaluation


def bind(tree: Expression, parameters: Mapping[str, Scalar]) -> Expression:
    """The tree with its parameters as constants."""
    if tree.kind == "parameter":
        return Expression("constant", value=parameters[tree.name])
    parts = tuple(bind(part, parameters) for part in tree.parts)
    return Expression(tree.kind, parts, tree.value, tree.name, tree.distinct)


def compute(tree: Expression, names: Names, rows: Sequence[Names] = ()) -> Scalar | None:
    """The value; None is SQL's NULL. Aggregates go over `rows`, other names are looked up in `names`."""
    if tree.kind == "constant":
        return tree.value
    if tree.kind == "name":
        return names[tree.name]
    if tree.kind == "aggregate":
        return _aggregate(tree, rows)
    if tree.kind == "case":
        for condition, result in zip(tree.parts[:-1:2], tree.parts[1::2], strict=True):
            if _truth(compute(condition, names, rows)) is True:
                return compute(result, names, rows)
        return compute(tree.parts[-1], names, rows)
    return _apply(tree.kind, [compute(part, names, rows) for part in tree.parts])


def _aggregate(tree: Expression, rows: Sequence[Names]) -> Scalar | None:
    """SQL's aggregates pass over NULL; `avg` is sum / count."""
    found = [value for row in rows if (value := compute(tree.parts[0], row)) is not None]
    if tree.name == "count":
        return Fraction(len(set(found)) if tree.distinct else len(found))
    if not found:
        return None
    if tree.name in ("min", "max"):
        return (min if tree.name == "min" else max)(found)
    if tree.name == "quantile_disc":
        share = compute(tree.parts[1], {})
        assert isinstance(share, Fraction)
        ordered = sorted(found)
        return ordered[max(1, math.ceil(share * len(ordered))) - 1]
    numbers = [as_number(value) for value in found]
    if tree.distinct:
        numbers = list(set(numbers))
    if tree.name == "sum":
        return sum(numbers, Fraction(0))
    if tree.name == "avg":
        return mean(numbers)
    return median(numbers) if tree.name == "median" else root(variance(numbers))


def _truth(value: Scalar | None) -> bool | None:
    assert not isinstance(value, str), value
    return None if value is None else bool(value)


def _pair(left: Scalar, right: Scalar) -> tuple[Any, Any]:
    """Both of one type: a text beside a number is read as a number if it is one."""
    if isinstance(left, str) == isinstance(right, str):
        return left, right
    if isinstance(left, str):
        return (number(left), right) if is_number(left) else (left, str(right))
    return (left, number(right)) if isinstance(right, str) and is_number(right) else (str(left), right)


def compare(sign: str, left: Scalar, right: Scalar) -> bool:
    a, b = _pair(left, right)
    if sign in ("=", "<>"):
        return bool(a == b) == (sign == "=")
    table: dict[str, bool] = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
    return bool(table[sign])


def _apply(kind: str, values: list[Scalar | None]) -> Scalar | None:
    if kind == "and":
        truths = [_truth(value) for value in values]
        return False if False in truths else None if None in truths else True
    if kind == "or":
        truths = [_truth(value) for value in values]
        return True if True in truths else None if None in truths else False
    if kind == "is_null":
        return values[0] is None
    if kind == "coalesce":
        return next((value for value in values if value is not None), None)
    if kind in ("greatest", "least"):  # reading 8: unlike SQL's, they do not pass over what is not known
        found = [as_number(value) for value in values if value is not None]
        return None if len(found) < len(values) else max(found) if kind == "greatest" else min(found)
    if kind == "nullif" and values[0] is not None and values[1] is not None:
        return None if compare("=", values[0], values[1]) else values[0]
    if kind == "nullif":
        return values[0]
    if kind == "in":
        return _apply_in(values)
    if any(value is None for value in values):
        return None
    return _strict(kind, [value for value in values if value is not None])


def _apply_in(values: list[Scalar | None]) -> bool | None:
    if values[0] is None:
        return None
    if any(other is not None and compare("=", values[0], other) for other in values[1:]):
        return True
    return None if None in values[1:] else False


def _strict(kind: str, values: list[Scalar]) -> Scalar | None:
    """Operators and functions of which NULL makes NULL."""
    if kind in COMPARISONS:
        return compare(kind, values[0], values[1])
    if kind == "not":
        return not values[0]
    if kind in ("lower", "upper", "trim", "length", "substr"):
        return _of_text(kind, values)
    numbers = [as_number(value) for value in values]
    a, b = numbers[0], numbers[-1]
    if kind in ("/", "%"):
        if b == 0:
            return None
        return a / b if kind == "/" else a - b * math.trunc(a / b)
    if kind in ("sqrt", "ln", "exp", "power"):
        return _by_float(kind, float(a), float(b))
    exact = {"+": a + b, "-": a - b, "*": a * b, "negative": -a, "abs": abs(a)}
    exact |= {"floor": Fraction(math.floor(a)), "ceil": Fraction(math.ceil(a))}
    return exact[kind]


def _of_text(kind: str, values: list[Scalar]) -> Scalar:
    text = values[0]
    assert isinstance(text, str), text
    if kind == "length":
        return Fraction(len(text))
    if kind == "substr":
        start = int(as_number(values[1])) - 1
        end = None if len(values) == 2 else start + int(as_number(values[2]))
        return text[start:end]
    return {"lower": text.lower(), "upper": text.upper(), "trim": text.strip(" ")}[kind]


def _by_float(kind: str, a: float, b: float) -> Fraction | None:
    """Reading 7: what is not finite, or not defined, is empty."""
    try:
        result = {"sqrt": math.sqrt, "ln": math.log, "exp": math.exp}[kind](a) if kind != "power" else a**b
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return Fraction(result) if isinstance(result, float) and math.isfinite(result) else None


def divides_by_zero(tree: Expression, names: Names, rows: Sequence[Names] = ()) -> bool:
    """Reading 7: whether a division has the divisor 0 there, wherever in the expression it stands."""
    if tree.kind == "aggregate":
        return any(divides_by_zero(part, row) for row in rows for part in tree.parts)
    if tree.kind in ("/", "%") and compute(tree.parts[1], names, rows) == 0:
        return True
    return any(divides_by_zero(part, names, rows) for part in tree.parts)


def gaps(tree: Expression, empty: Mapping[str, str]) -> set[str]:
    """Rule 11 with reading 8: why a row (its empty columns given with their reasons) makes the value empty."""
    if tree.kind == "name":
        return {empty[tree.name]} if tree.name in empty else set()
    if tree.kind == "is_null":
        return set()
    found = [gaps(part, empty) for part in tree.parts]
    if tree.kind == "coalesce":
        constant_null = [part.kind == "constant" and part.value is None for part in tree.parts]
        if not all(gap or null for gap, null in zip(found, constant_null, strict=True)):
            return set()
    return set().union(*found)


def fixed_values(tree: Expression | None) -> dict[str, set[str]]:
    """Reading 13: the values that the conjuncts `dim = 'x'` and `dim in (…)` of a `where` fix."""
    if tree is None:
        return {}
    if tree.kind == "and":
        found = fixed_values(tree.parts[0])
        for name, values in fixed_values(tree.parts[1]).items():
            found[name] = found[name] & values if name in found else values
        return found
    if tree.kind not in ("=", "in") or tree.parts[0].kind != "name":
        return {}
    if any(part.kind != "constant" or part.value is None for part in tree.parts[1:]):
        return {}
    return {tree.parts[0].name: {str(part.value) for part in tree.parts[1:]}}
