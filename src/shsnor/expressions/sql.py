"""DuckDB's tree of a formula -> ours; whatever is not listed is refused.

The parser's tree is an internal format of DuckDB: an unknown key or class is a refusal too, and a snapshot of parsed
formulas in the tests guards it.
"""

from __future__ import annotations

import json
import threading
from decimal import Decimal
from typing import Any

from shsnor.expressions.tree import (
    ARITHMETIC,
    FUNCTIONS,
    OF_ONE,
    SYNONYMS,
    Expr,
    ExpressionError,
    arithmetic,
    average,
    takes,
)

#: The parser's own names for what authors write otherwise.
WRITTEN = {
    "count_star": "count(*)",
    "list_value": "[…]",
    "row": "(…, …)",
    "~~": "like",
    "!~~": "not like",
    "~~*": "ilike",
}
COMPARISONS = {
    "COMPARE_EQUAL": "=", "COMPARE_NOTEQUAL": "<>", "COMPARE_LESSTHAN": "<", "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=", "COMPARE_GREATERTHANOREQUALTO": ">=",
}  # fmt: skip
#: How deep a formula may be nested.
DEEPEST = 200

_lock = threading.Lock()
_connection: Any = None


def _serialize(text: str) -> Any:
    global _connection
    import duckdb  # for its parser only

    with _lock:
        if _connection is None:
            _connection = duckdb.connect(":memory:")
            # whoever walks the tree does so by recursion
            _connection.execute(f"SET max_expression_depth TO {DEEPEST}")
        row = _connection.execute("SELECT json_serialize_sql(?)", ["SELECT " + text]).fetchone()
    return json.loads(row[0])


def read_sql(text: str) -> Expr:
    """The tree of a formula.

    raises  ExpressionError for a syntax error and for any construct that is not listed
    """
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
    return _Reader(text).read(node["select_list"][0])


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
            return arithmetic(name, args, at)
        if node["distinct"] and name != "count":
            raise self.refusal(node, f"{name}(DISTINCT …)")
        if name == "avg" and len(args) == 1:
            return average(args, at)
        if name in OF_ONE:
            self._count_args(name, args, "1", at)
            return Expr("count_distinct" if node["distinct"] else name, args, offset=at)
        if name == "quantile_disc":
            self._count_args(name, args, "2", at)
            if args[1].op != "number" or not 0 <= args[1].value <= 1:
                raise ExpressionError("quantile_disc(x, p): p is a number from 0 to 1", what=name, offset=at)
            return Expr(name, args, offset=at)
        name = SYNONYMS.get(name, name)
        if name not in FUNCTIONS or node.get("is_operator"):
            raise ExpressionError("this function is not listed", what=WRITTEN.get(name, name), offset=at)
        self._count_args(name, args, FUNCTIONS[name], at)
        return Expr(name, args, offset=at)

    def _count_args(self, name: str, args: tuple[Expr, ...], wanted: str, at: int) -> None:
        if not takes(wanted, len(args)):
            raise ExpressionError(f"{name} takes {wanted} argument(s)", what=name, offset=at)
