"""What most formulas are made of, read without DuckDB: a check of a pack then need not load it.

Only what DuckDB's parser reads to the same tree, places included, is read here (a test holds the two side by side);
all else, and all that is wrong, is left to it. Nothing can come out but nodes that are listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from shsnor.expressions.tree import FUNCTIONS, OF_ONE, SYNONYMS, Expr, arithmetic, average, takes

#: DuckDB's keywords that are no plain names (`duckdb_keywords()`, all but the unreserved ones).
_KEYWORDS = """
    all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit boolean both
    by case cast char character check coalesce collate collation column columns concurrently constraint create cross dec
    decimal default deferrable desc describe distinct do else end except exists extract false fetch float for foreign
    freeze from full generated glob group grouping grouping_id having ilike in initially inner inout int integer intersect
    interval into is isnull join lambda lateral leading left like limit map national natural nchar none not notnull null
    nullif numeric offset on only or order out outer overlaps overlay pivot pivot_longer pivot_wider placing position
    positional precision primary qualify real references returning right row select semi setof show similar smallint some
    struct substring summarize symmetric table tablesample then time timestamp to trailing treat trim true try_cast tuple
    union unique unpack unpivot using values varchar variadic verbose when where window with xmlattributes xmlconcat
    xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmltable
"""
RESERVED = frozenset(_KEYWORDS.split())

_TOKEN = re.compile(
    r"""[ \t\n]*(?:
        (?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?)(?![\w.$])
      | (?P<text>'[^'\0]*')(?!')
      | (?P<quoted>"[^"\0]+")(?!["(.])
      | (?P<call>[A-Za-z_][A-Za-z0-9_]*)\(
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)(?![\w$'".(])
      | \$(?P<param>[a-z_][a-z0-9_]*)(?![\w$.])
      | (?P<sign>[(),]|(?:<>|!=(?![+-])|<=|>=|-(?!-)|%(?![+-])|[+*/=<>])(?![*/%=<>!]))
    )""",
    re.VERBOSE | re.ASCII,
)
_PRODUCTS = ("*", "/", "%")
_COMPARED = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
#: What may stand after a comparison; how all else binds there is not simple.
_AFTER = frozenset({"", ")", ",", "and", "or", "then", "else", "when", "end"})
#: Brackets in one another, and words and signs in all: so deep as this is, DuckDB would not refuse it.
_DEEPEST, _LONGEST = 20, 300


class _NotPlain(Exception):
    """DuckDB's parser is to say what this is."""


@dataclass(frozen=True, slots=True)
class _Token:
    """sort: number, text, quoted, call (a name with its bracket), word, param, sign, end; at: its 0-based place."""

    sort: str
    text: str
    at: int

    @property
    def mark(self) -> str:
        """A sign, or a word in small letters: what the grammar asks for; "" at the end."""
        return self.text.lower() if self.sort in ("word", "sign", "end") else self.sort


def read_plain(text: str) -> Expr | None:
    """The tree of a formula; None where it is not one of those that are read here."""
    try:
        return _Plain(_tokens(text)).whole()
    except _NotPlain:
        return None


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at, end = 0, len(text.rstrip(" \t\n"))
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or len(tokens) == _LONGEST:
            raise _NotPlain
        sort = str(found.lastgroup)
        tokens.append(_Token(sort, found[sort], found.start(sort) - (sort == "param")))
        at = found.end()
    return [*tokens, _Token("end", "", at)]


class _Plain:
    """Reads operators in the order in which they bind. Places are as DuckDB gives them: some begin at the operand."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.n, self.depth = tokens, 0, 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.n]

    def take(self, *marks: str) -> _Token | None:
        """The token that stands here, passed over; None where it is none of these."""
        token = self.here
        if token.mark not in marks:
            return None
        self.n += 1
        return token

    def need(self, mark: str) -> None:
        if self.take(mark) is None:
            raise _NotPlain

    def whole(self) -> Expr:
        expr = self.any()
        if self.here.sort != "end":
            raise _NotPlain
        return expr

    def any(self) -> Expr:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _NotPlain
        expr = self._joined("or", lambda: self._joined("and", self._not))
        self.depth -= 1
        return expr

    def _joined(self, op: str, part: Callable[[], Expr]) -> Expr:
        at, parts = self.here.at, [part()]
        while self.take(op):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        return Expr(op, tuple(one for p in parts for one in (p.args if p.op == op else (p,))), offset=at)

    def _not(self) -> Expr:
        if (word := self.take("not")) is None:
            return self._compared()
        if self.here.mark == "not":
            raise _NotPlain
        return Expr("not", (self._not(),), offset=word.at)

    def _compared(self) -> Expr:
        at, left = self.here.at, self._sum()
        if sign := self.take(*_COMPARED):
            found = Expr(_COMPARED[sign.text], (left, self._sum()), offset=at)
        elif word := self.take("is"):
            found = Expr("is_not_null" if self.take("not") else "is_null", (left,), offset=word.at)
            self.need("null")
        elif self.take("in"):
            found = self._in(left)
        elif self.take("not"):
            self.need("in")
            found = Expr("not", (self._in(left),), offset=at)
        else:
            return left
        if self.here.mark not in _AFTER:
            raise _NotPlain
        return found

    def _in(self, left: Expr) -> Expr:
        at = self.here.at
        self.need("(")
        return Expr("in", (left, *self._arguments()), offset=at)

    def _sum(self) -> Expr:
        left = self._product()
        while sign := self.take("+", "-"):
            left = arithmetic(sign.text, (left, self._product()), sign.at)
        return left

    def _product(self) -> Expr:
        at, left = self.here.at, self._signed()
        while sign := self.take(*_PRODUCTS):
            right = self._signed()
            left = arithmetic(sign.text, (left, right), 0 if self.here.mark in _PRODUCTS else at)  # a part has no place
        return left

    def _signed(self) -> Expr:
        if (sign := self.take("+", "-")) is None:
            return self._operand()
        return arithmetic(sign.text, (self._operand(),), sign.at)

    def _operand(self) -> Expr:
        token = self.here
        self.n += 1
        if token.sort == "number":
            return Expr("number", value=Decimal(token.text), offset=token.at)
        if token.sort in ("text", "quoted"):
            return Expr("text" if token.sort == "text" else "name", value=token.text[1:-1], offset=token.at)
        if token.sort == "param":
            return Expr("param", value=token.text, offset=token.at)
        if token.sort == "call":
            return self._call(token.text.lower(), token.at)
        if token.mark == "(":
            expr = self.any()
            self.need(")")
            return expr
        if token.mark == "case":
            return self._case(token.at)
        if token.mark in ("true", "false"):
            return Expr("yes_no", value=token.mark == "true", offset=token.at)
        if token.mark == "null":
            return Expr("null", offset=token.at)
        if token.sort != "word" or token.mark in RESERVED:
            raise _NotPlain
        return Expr("name", value=token.text, offset=token.at)

    def _call(self, name: str, at: int) -> Expr:
        name, args = SYNONYMS.get(name, name), self._arguments()
        if name == "avg" and len(args) == 1:
            return average(args, at)
        if (name in OF_ONE and len(args) == 1) or (name in FUNCTIONS and takes(FUNCTIONS[name], len(args))):
            return Expr(name, args, offset=at)
        raise _NotPlain

    def _arguments(self) -> tuple[Expr, ...]:
        """What stands up to the closing bracket."""
        args = [self.any()]
        while self.take(","):
            args.append(self.any())
        self.need(")")
        return tuple(args)

    def _case(self, at: int) -> Expr:
        args: list[Expr] = []
        while self.take("when"):
            args.append(self.any())
            self.need("then")
            args.append(self.any())
        if not args:
            raise _NotPlain
        args.append(self.any() if self.take("else") else Expr("null"))
        self.need("end")
        return Expr("case", tuple(args), offset=at)
