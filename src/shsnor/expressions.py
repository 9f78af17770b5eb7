"""The formulas of a pack: text -> tree of allow-listed nodes, and the names it uses.

DuckDB's own parser reads the text (`json_serialize_sql`); whatever is not listed here is refused with its place, so a
formula can neither run code nor open a file. The parser's tree is an internal format of DuckDB: an unknown key or class
is a refusal too, and a snapshot of parsed formulas in the tests guards it.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

AGGREGATES = frozenset({"sum", "count", "min", "max"})
OWN_PASS = frozenset({"median", "quantile_disc", "count_distinct", "stddev_pop"})
#: function -> how many arguments it takes
FUNCTIONS = {
    "coalesce": "1+", "nullif": "2", "abs": "1", "floor": "1", "ceil": "1", "greatest": "1+", "least": "1+", "sqrt": "1",
    "ln": "1", "exp": "1", "power": "2", "lower": "1", "upper": "1", "trim": "1", "substr": "2 or 3", "length": "1",
}  # fmt: skip
#: The parser's own names for what authors write otherwise.
WRITTEN = {
    "count_star": "count(*)",
    "list_value": "[…]",
    "row": "(…, …)",
    "~~": "like",
    "!~~": "not like",
    "~~*": "ilike",
}
ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
COMPARISONS = {
    "COMPARE_EQUAL": "=", "COMPARE_NOTEQUAL": "<>", "COMPARE_LESSTHAN": "<", "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=", "COMPARE_GREATERTHANOREQUALTO": ">=",
}  # fmt: skip
Kind = Literal["number", "text", "yes_no", "date"]
_LITERAL_KINDS: Mapping[str, Kind] = {"number": "number", "text": "text", "yes_no": "yes_no"}


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
        yield self
        for arg in self.args:
            yield from arg.walk()

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


#: How deep a formula may be nested.
DEEPEST = 200
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")

_lock = threading.Lock()
_connection: Any = None


def _serialize(text: str) -> Any:
    global _connection
    import duckdb  # the only place above `store` that needs it, for its parser

    with _lock:
        if _connection is None:
            _connection = duckdb.connect(":memory:")
            # whoever walks the tree does so by recursion
            _connection.execute(f"SET max_expression_depth TO {DEEPEST}")
        row = _connection.execute("SELECT json_serialize_sql(?)", ["SELECT " + text]).fetchone()
    return json.loads(row[0])


@lru_cache(maxsize=4096)
def parse(text: str) -> Expr:
    """The tree of a formula.

    raises  ExpressionError for a syntax error and for any construct that is not listed
    """
    code = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    if (comment := re.search(r"--|/\*", code)) is not None:
        raise ExpressionError("comments are not part of a formula", what=comment[0], offset=comment.start())
    tree = _serialize(text)
    if tree.get("error"):
        reason = str(tree.get("error_message", "")).split("\n")[0]
        if "Only SELECT statements" in reason:
            raise ExpressionError("one expression is awaited", what=";")
        if "expression depth" in reason:
            reason = "the formula is nested too deep"
        raise ExpressionError(reason, offset=_offset(tree.get("position"), text))
    statements = tree["statements"]
    if len(statements) != 1:
        raise ExpressionError("one expression is awaited", what=";")
    node = statements[0]["node"]
    plain = (
        node.get("type") == "SELECT_NODE"
        and node["from_table"]["type"] == "EMPTY"
        and not any(
            node.get(k) for k in ("modifiers", "where_clause", "group_expressions", "having", "sample", "qualify")
        )
        and not node["cte_map"]["map"]
        and len(node["select_list"]) == 1
        and not node["select_list"][0].get("alias")
    )
    if not plain:
        raise ExpressionError("one unnamed expression is awaited, without FROM, WHERE, ORDER, WITH", what="SELECT")
    expr = _Reader(text).read(node["select_list"][0])
    for aggregate in expr.aggregates:
        if any(a.aggregates for a in aggregate.args):
            raise ExpressionError("an aggregate inside an aggregate", what=aggregate.op, offset=aggregate.offset)
    return expr


def _offset(position: Any, text: str) -> int:
    """Characters from DuckDB's UTF-8 byte offset into "SELECT " + text; 0 where it gives none."""
    try:
        at = int(position) - len("SELECT ")
    except (TypeError, ValueError):
        return 0
    raw = text.encode()
    return len(raw[:at].decode(errors="ignore")) if 0 <= at <= len(raw) else 0


class _Reader:
    """Reads DuckDB's tree; every class not known here is a refusal."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, node: dict[str, Any]) -> Expr:
        reader = getattr(self, "_" + str(node.get("class", "")).lower(), None)
        if reader is None:
            raise self.refusal(node, str(node.get("class")))
        expr: Expr = reader(node)
        return expr

    def refusal(self, node: dict[str, Any], what: str) -> ExpressionError:
        return ExpressionError("not allowed in a formula", what=what, offset=self.at(node))

    def at(self, node: dict[str, Any]) -> int:
        return _offset(node.get("query_location"), self.text)

    def all(self, nodes: list[dict[str, Any]]) -> tuple[Expr, ...]:
        return tuple(self.read(n) for n in nodes)

    def _constant(self, node: dict[str, Any]) -> Expr:
        literal = node.get("literal") or {}
        kind, text, at = literal.get("kind"), literal.get("text"), self.at(node)
        if kind in ("NUMERIC", "INTEGER", "FLOAT"):
            return Expr("number", value=Decimal(str(text)), offset=at)
        if kind == "STRING":
            return Expr("text", value=str(text), offset=at)
        if kind == "BOOLEAN" or kind in ("TRUE", "FALSE"):
            return Expr("yes_no", value=str(text or kind).lower() == "true", offset=at)
        if kind in ("NULL", "NULL_LITERAL"):
            return Expr("null", offset=at)
        raise self.refusal(node, str(kind))

    def _column_ref(self, node: dict[str, Any]) -> Expr:
        names = node["column_names"]
        if len(names) != 1:
            raise ExpressionError(
                'an id with dots stands in double quotes: "eff.1.1"', what=".".join(names), offset=self.at(node)
            )
        return Expr("name", value=names[0], offset=self.at(node))

    def _parameter(self, node: dict[str, Any]) -> Expr:
        if str(node["identifier"]).isdigit():
            raise self.refusal(node, "$" + str(node["identifier"]))
        return Expr("param", value=node["identifier"], offset=self.at(node))

    def _comparison(self, node: dict[str, Any]) -> Expr:
        if node["type"] not in COMPARISONS:
            raise self.refusal(node, node["type"])
        return Expr(COMPARISONS[node["type"]], self.all([node["left"], node["right"]]), offset=self.at(node))

    def _conjunction(self, node: dict[str, Any]) -> Expr:
        return Expr(
            "and" if node["type"] == "CONJUNCTION_AND" else "or", self.all(node["children"]), offset=self.at(node)
        )

    def _between(self, node: dict[str, Any]) -> Expr:
        value, low, high = self.all([node["input"], node["lower"], node["upper"]])
        at = self.at(node)
        return Expr("and", (Expr(">=", (value, low), offset=at), Expr("<=", (value, high), offset=at)), offset=at)

    def _operator(self, node: dict[str, Any]) -> Expr:
        ops = {
            "OPERATOR_NOT": "not", "OPERATOR_IS_NULL": "is_null", "OPERATOR_IS_NOT_NULL": "is_not_null",
            "COMPARE_IN": "in", "COMPARE_NOT_IN": "not_in", "OPERATOR_COALESCE": "coalesce",
        }  # fmt: skip
        if node["type"] not in ops:
            raise self.refusal(node, node["type"])
        op, args, at = ops[node["type"]], self.all(node["children"]), self.at(node)
        return Expr("not", (Expr("in", args, offset=at),), offset=at) if op == "not_in" else Expr(op, args, offset=at)

    def _case(self, node: dict[str, Any]) -> Expr:
        args: list[Expr] = []
        for check in node["case_checks"]:
            args += self.all([check["when_expr"], check["then_expr"]])
        args.append(self.read(node["else_expr"]))
        return Expr("case", tuple(args), offset=self.at(node))

    def _function(self, node: dict[str, Any]) -> Expr:
        name, at = str(node["function_name"]), self.at(node)
        if node.get("schema") or node.get("catalog"):
            raise self.refusal(node, f"{node.get('schema') or node.get('catalog')}.{name}")
        if node.get("filter") or node["order_bys"]["orders"]:
            raise self.refusal(node, f"{name}(… FILTER / ORDER BY)")
        if node.get("export_state"):
            raise self.refusal(node, "EXPORT_STATE")
        raw = node.get("arguments") or node.get("children") or []
        if any(a.get("name") for a in raw if "expression" in a):
            raise self.refusal(node, f"{name}(name := …)")
        args = self.all([a.get("expression", a) for a in raw])
        if name in ARITHMETIC:
            return self._arithmetic(name, args, at)
        if node["distinct"] and name != "count":
            raise self.refusal(node, f"{name}(DISTINCT …)")
        if name == "avg" and len(args) == 1:
            return Expr("/", (Expr("sum", args, offset=at), Expr("count", args, offset=at)), offset=at)
        if name in ("sum", "count", "min", "max", "median", "stddev_pop"):
            self._count_args(name, args, "1", at)
            return Expr("count_distinct" if node["distinct"] else name, args, offset=at)
        if name == "quantile_disc":
            self._count_args(name, args, "2", at)
            if args[1].op != "number" or not 0 <= args[1].value <= 1:
                raise ExpressionError("quantile_disc(x, p): p is a number from 0 to 1", what=name, offset=at)
            return Expr(name, args, offset=at)
        name = {"ceiling": "ceil", "pow": "power", "substring": "substr"}.get(name, name)
        if name not in FUNCTIONS or node.get("is_operator"):
            raise ExpressionError("this function is not listed", what=WRITTEN.get(name, name), offset=at)
        self._count_args(name, args, FUNCTIONS[name], at)
        return Expr(name, args, offset=at)

    def _arithmetic(self, name: str, args: tuple[Expr, ...], at: int) -> Expr:
        if len(args) == 1:
            if name == "-" and args[0].op == "number":
                return Expr("number", value=-args[0].value, offset=at)
            return (
                args[0] if name == "+" else Expr("-", (Expr("number", value=Decimal(0), offset=at), args[0]), offset=at)
            )
        return Expr(name, args, offset=at)

    def _count_args(self, name: str, args: tuple[Expr, ...], wanted: str, at: int) -> None:
        fits = len(args) > 0 if wanted == "1+" else str(len(args)) in wanted.split(" or ")
        if not fits:
            raise ExpressionError(f"{name} takes {wanted} argument(s)", what=name, offset=at)


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
