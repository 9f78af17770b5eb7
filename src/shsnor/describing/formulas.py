"""A formula in words: columns and items by their labels, percentages as such."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from shsnor.describing.sentence import Parts, fill, join
from shsnor.expressions import AGGREGATES, OWN_PASS, Expr, ExpressionError, parse
from shsnor.wording import descriptions as words
from shsnor.wording.phrases import Lang, number

#: How tightly each operator binds, as in the formula; what binds less than its place asks for stands in brackets.
_BINDS = {"or": 1, "and": 2, "not": 3, "=": 4, "<>": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4, "is_null": 4,
          "is_not_null": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "case": 0}  # fmt: skip
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "%": "mod", "=": "=", "<>": "≠", "<": "<", "<=": "≤", ">": ">",
          ">=": "≥"}  # fmt: skip
_TIGHT = 9


class Formula:
    """Formulas in words, in one language.

    name    gives what a column or item is called
    param   gives what a parameter is worth and called
    """

    def __init__(self, lang: Lang, name: Callable[[str], Parts], param: Callable[[str], Parts]) -> None:
        self.lang, self._name, self._param = lang, name, param

    def words(self, text: str) -> Parts:
        """The formula in words; as it is written where it cannot be read."""
        try:
            return self._of(parse(text))
        except ExpressionError:
            return (text,)

    def _say(self, key: str, **gaps: object) -> Parts:
        return fill(words.say(key, self.lang), **gaps)

    def _of(self, e: Expr, around: int = 0) -> Parts:
        e = _plain(e)
        loose = _percent(e) is not None or (e.op == "sum" and _counted(e.args[0]) is not None)
        binds = _BINDS["="] if loose else _BINDS.get(e.op, _TIGHT)
        return ("(", *self._bare(e), ")") if binds < around else self._bare(e)

    def _bare(self, e: Expr) -> Parts:
        if e.op == "number":
            return (number(e.value, self.lang),)
        if e.op in ("text", "yes_no", "null"):
            return (words.literal(e.value, self.lang),)
        if e.op == "name":
            return self._name(e.value)
        if e.op == "param":
            return self._param(e.value)
        if (percent := _percent(e)) is not None:
            return self._say("formula_percent", part=self._of(percent[0], 6), of=self._genitive(percent[1]))
        if e.op in AGGREGATES or e.op in OWN_PASS:
            return self._aggregate(e)
        if e.op in ("and", "or"):
            # «и» inside «или» stands in brackets too: a reader of prose knows no precedence
            said = [self._of(arg, 3) for arg in e.args]
            return join(said, words.say(f"formula_{e.op}", self.lang))
        if e.op in _SIGNS:
            return self._binary(e)
        return self._other(e)

    def _binary(self, e: Expr) -> Parts:
        left, right = e.args
        binds = _BINDS[e.op]
        if e.op == "-" and left.op == "number" and left.value == 0:
            return self._say("formula_minus", what=self._of(right, 6))
        if e.op in ("=", "<>") and right.op in ("text", "yes_no"):
            return self._say(
                "formula_is" if e.op == "=" else "formula_is_not", what=self._of(left, 5), value=self._of(right)
            )
        # 8 - (3 - 1) needs its brackets, 8 + (3 - 1) does not
        tighter = binds + (1 if e.op in ("-", "/", "%") else 0)
        return (*self._of(left, binds), f" {_SIGNS[e.op]} ", *self._of(right, tighter))

    def _aggregate(self, e: Expr) -> Parts:
        inner = e.args[0] if e.args else Expr("null")
        if e.op == "sum" and (where := _counted(inner)) is not None:
            condition, what = where
            if what is None:
                return self._say("formula_rows_where", where=self._of(condition))
            return self._say("formula_sum_where", what=self._of(what, 7), where=self._of(condition))
        share = number(Decimal(100) * e.args[1].value, self.lang) if e.op == "quantile_disc" else ""
        return self._say(f"formula_{e.op}", what=self._of(inner, 7), share=share)

    def _genitive(self, e: Expr) -> Parts:
        """What stands after «в процентах от»."""
        if e.op == "sum" and (where := _counted(e.args[0])) is None:
            return self._say("formula_of_sum", what=self._of(e.args[0], 7))
        if e.op == "sum" and where is not None and where[1] is None:
            return self._say("formula_of_rows_where", where=self._of(where[0]))
        return self._of(e, _TIGHT)

    def _other(self, e: Expr) -> Parts:
        lang = self.lang
        if e.op == "not":
            inner = e.args[0]
            if inner.op == "=" and inner.args[1].op in ("text", "yes_no"):
                return self._of(Expr("<>", inner.args))
            if inner.op == "in":
                values = join([self._of(arg) for arg in inner.args[1:]], words.say("formula_nor", lang))
                return self._say("formula_is_not", what=self._of(inner.args[0], 5), value=values)
            return self._say("formula_not", what=self._of(inner, 3))
        if e.op == "in":
            return self._say("formula_in", what=self._of(e.args[0], 5), values=self._values(e))
        if e.op in ("is_null", "is_not_null"):
            return self._say(f"formula_{e.op}", what=self._of(e.args[0], 5))
        if e.op == "coalesce":
            first, *others = e.args
            instead = join([self._of(arg, 5) for arg in others], words.say("formula_or_else", lang))
            return self._say("formula_coalesce", what=self._of(first, 5), instead=instead)
        if e.op == "case":
            return self._case(e)
        if e.op in ("lower", "upper", "trim"):
            return self._of(e.args[0], _TIGHT)  # how letters and spaces are written is no matter to a reader
        listed = join([self._of(arg) for arg in e.args], "; ")
        known = ("greatest", "least", "abs", "floor", "ceil", "sqrt")
        return self._say(f"formula_{e.op}", what=listed) if e.op in known else (f"{e.op}(", *listed, ")")

    def _values(self, e: Expr) -> Parts:
        return join([self._of(arg) for arg in e.args[1:]], ", ", words.say("or", self.lang))

    def _case(self, e: Expr) -> Parts:
        *pairs, otherwise = e.args
        said = [
            self._say("formula_if", then=self._of(pairs[i + 1]), when=self._of(pairs[i]))
            for i in range(0, len(pairs), 2)
        ]
        last = self._say("formula_else", otherwise=self._of(otherwise))
        return join([*said, last], "; ")


def _number(e: Expr, value: int) -> bool:
    return e.op == "number" and bool(e.value == value)


def _percent(e: Expr) -> tuple[Expr, Expr] | None:
    """(part, whole) where the formula is `100 * part / whole`."""
    if e.op == "/" and e.args[0].op == "*" and _number(e.args[0].args[0], 100):
        return e.args[0].args[1], e.args[1]
    if e.op == "*" and _number(e.args[0], 100) and e.args[1].op == "/":
        return e.args[1].args[0], e.args[1].args[1]
    return None


def _plain(e: Expr) -> Expr:
    """`1.0 * a / b` and `1.0 * a` without the 1, which only says that it is no whole number."""
    if e.op == "/":
        return Expr("/", (_plain(e.args[0]), e.args[1]))
    return e.args[1] if e.op == "*" and _number(e.args[0], 1) else e


def _counted(e: Expr) -> tuple[Expr, Expr | None] | None:
    """(condition, what is summed, None for 1) of `case when condition then … else 0 end`."""
    if e.op != "case" or len(e.args) != 3:
        return None
    if _number(e.args[1], 0) and _number(e.args[2], 1):
        return Expr("not", (e.args[0],)), None
    return (e.args[0], None if _number(e.args[1], 1) else e.args[1]) if _number(e.args[2], 0) else None
