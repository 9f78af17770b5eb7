"""A query of ours in Spark's words, and only where it means the same there.

The query is parsed, every node of its tree is looked up in a fixed list, and whatever is not listed is refused. Some
constructs of the list mean something else in Spark: these are written anew (see `_REWRITTEN`). Each construct has a test that
runs it on both engines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

#: What a value is, as far as its rewriting must know.
Kind = Literal["whole", "decimal", "double", "other"]

_WHOLE = ("TINYINT", "SMALLINT", "INT", "BIGINT")
#: The types that a cast may lead to. No DOUBLE: a sum of doubles depends on the order of the rows.
_TARGETS = (*_WHOLE, "DECIMAL", "TEXT", "VARCHAR", "DATE", "BOOLEAN")
#: The whole numbers of a decimal that a double can be rounded to exactly: 18 digits fit a BIGINT.
_MOST_DIGITS = 18

#: Nodes that mean the same on both engines wherever they stand.
_SAME: tuple[type[exp.Expression], ...] = (
    exp.Select, exp.From, exp.Table, exp.Subquery, exp.Group, exp.Having, exp.Where, exp.Alias, exp.Column, exp.Identifier,
    exp.Literal, exp.Boolean, exp.Null, exp.Star, exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT,
    exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Add, exp.Sub, exp.Mul,
    exp.Mod, exp.Neg, exp.Abs, exp.Greatest, exp.Least, exp.Length, exp.Left,
    exp.Right, exp.Count, exp.Sum, exp.Min, exp.Max, exp.DPipe, exp.DataType, exp.DataTypeParam,
)  # fmt: skip


class Refused(Exception):
    """A construct that is not listed: its name, as SQL has it."""


def to_spark(sql: str, view: str, types: Mapping[str, str]) -> str:
    """A query over one table in Spark's dialect, over `view`.

    types   column of the table -> DuckDB type
    raises  Refused
    """
    tree = _pruned(_parsed(sql))
    kinds = {name.casefold(): _kind_of_type(kind) for name, kind in types.items()}
    for select in reversed(list(tree.find_all(exp.Select))):  # the inner one first: the outer one names its columns
        _check_form(select)
        inner = select.args["from_"].this
        known = kinds if isinstance(inner, exp.Table) else _kinds_given(inner.this, kinds)
        _rewrite(select, known)
    for table in tree.find_all(exp.Table):
        table.replace(exp.to_table(f"`{view}`", dialect="spark"))
    return str(tree.sql(dialect="spark"))


def _parsed(sql: str) -> exp.Select:
    try:
        tree = parse_one(sql, read="duckdb")
    except SqlglotError as error:
        raise Refused("SQL") from error
    if not isinstance(tree, exp.Select):
        raise Refused(tree.key.upper())
    return tree


def _pruned(tree: exp.Select) -> exp.Select:
    """Without the columns of an inner query that the outer one does not read."""
    source = tree.args["from_"].this if tree.args.get("from_") else None
    inner = source.this if isinstance(source, exp.Subquery) else None
    if not isinstance(inner, exp.Select):
        return tree
    read = {c.name for part in _outside(tree) for c in part.find_all(exp.Column)}
    kept = [e for e in inner.expressions if e.alias_or_name in read]
    inner.set("expressions", kept or [exp.alias_(exp.Literal.number(1), "one")])
    _pruned(inner)
    return tree


def _outside(select: exp.Select) -> list[exp.Expression]:
    """All parts of a query but what it reads from."""
    parts = [*select.expressions, select.args.get("group"), select.args.get("where"), select.args.get("having")]
    return [p for p in parts if p is not None]


def _check_form(select: exp.Select) -> None:
    """A plain query of one source: no DISTINCT, no join, no window, no order."""
    extra = {k for k, v in select.args.items() if v} - {"expressions", "from_", "group", "where", "having"}
    source = select.args.get("from_")
    if extra or source is None or not isinstance(source.this, exp.Table | exp.Subquery):
        raise Refused(", ".join(sorted(extra)).upper() or "FROM")
    if isinstance(source.this, exp.Table) and {k for k, v in source.this.args.items() if v} - {"this", "db"}:
        raise Refused("FROM")
    group = select.args.get("group")
    if group is not None:
        if {k for k, v in group.args.items() if v} - {"expressions"}:
            raise Refused("GROUP BY")
        group.set("expressions", [_named(select, e) for e in group.expressions])


def _named(select: exp.Select, key: exp.Expression) -> exp.Expression:
    """What a key of a group stands for where it is the number of a column, which Spark may be told not to read so."""
    if isinstance(key, exp.Literal) and not key.is_string:
        return select.expressions[int(key.name) - 1].unalias().copy()
    return key


def _rewrite(select: exp.Select, known: Mapping[str, Kind]) -> None:
    """Check and rewrite the expressions of one query, from the inside out."""
    for part in _outside(select):
        for node in reversed(list(part.walk())):
            rewrite = _REWRITTEN.get(type(node))
            if rewrite is not None:
                new = rewrite(node, known)
                if new is not node:
                    node.replace(new)
            elif not isinstance(node, _SAME) or isinstance(node, exp.Select):
                raise Refused(_name(node))
            else:
                _check_argument(node)


def _name(node: exp.Expression) -> str:
    """How SQL calls a construct."""
    if isinstance(node, exp.Anonymous):
        return str(node.name).upper()
    return str(node.sql_name() if isinstance(node, exp.Func) else node.key.upper())


def _check_argument(node: exp.Expression) -> None:
    """Some listed nodes have forms that are not listed."""
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest")):
        raise Refused("IN (SELECT …)")
    if isinstance(node, exp.Left | exp.Right) and not _at_least(node.expression, 0):
        raise Refused(_name(node))
    if isinstance(node, exp.Is) and not isinstance(node.expression, exp.Null):
        raise Refused("IS")
    if isinstance(node, exp.Count | exp.Sum | exp.Min | exp.Max) and isinstance(node.this, exp.Distinct):
        raise Refused(f"{_name(node)}(DISTINCT)")


def _at_least(node: exp.Expression | None, least: int) -> bool:
    """Whether a number is written out, and is so large; casts of it are looked through."""
    while isinstance(node, exp.Cast | exp.Paren):
        node = node.this
    return isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit() and int(node.name) >= least


def _cast(node: Any, known: Mapping[str, Kind]) -> exp.Expression:
    """Spark cuts off where DuckDB rounds, and takes a double by its shortest text where DuckDB multiplies and rounds."""
    kind, target = _kind(node.this, known), node.to.this.value
    if target not in _TARGETS or node.args.get("format") or node.args.get("action"):
        raise Refused(f"CAST(… AS {target})")
    if target == "DECIMAL" and kind == "double":
        return _rounded(node)
    if target in ("TEXT", "VARCHAR") and kind == "double":
        raise Refused("CAST(DOUBLE AS VARCHAR)")
    if target in _WHOLE and kind not in ("whole", "other"):
        rounding = "rint" if kind == "double" else "round"  # to the even one of two, or away from zero
        node.set("this", exp.Anonymous(this=rounding, expressions=[node.this.copy()]))
    return node


def _rounded(node: Any) -> exp.Expression:
    """A double as a decimal of at most 18 digits, NULL where it does not fit."""
    digits, places = (int(p.name) for p in node.to.expressions)
    if digits > _MOST_DIGITS or not isinstance(node, exp.TryCast):
        raise Refused(f"CAST(DOUBLE AS DECIMAL({digits},{places}))")
    x = node.this.sql(dialect="spark")
    whole = f"round(CAST({x} AS DOUBLE) * {10**places})"
    exact = f"CAST(CAST(CAST({whole} AS BIGINT) AS DECIMAL(19, 0)) * {_power(-places)} AS DECIMAL({digits}, {places}))"
    return parse_one(f"CASE WHEN ABS({whole}) < {float(10**digits)!r} THEN {exact} END", read="spark")


def _whole(node: Any, known: Mapping[str, Kind]) -> exp.Expression:
    """Spark makes a BIGINT of a double; from 2^53 on a double is whole as it is, and may not fit."""
    if node.args.get("decimals") or node.args.get("to"):
        raise Refused(_name(node))
    if _kind(node.this, known) != "double":
        return node
    x = node.this.sql(dialect="spark")
    return parse_one(f"CASE WHEN ABS({x}) < {2**53} THEN CAST({_name(node)}({x}) AS DOUBLE) ELSE {x} END", read="spark")


def _is_nan(node: Any, known: Mapping[str, Kind]) -> exp.Expression:
    """Spark says of NULL that it is none."""
    x = node.this.sql(dialect="spark")
    return parse_one(f"CASE WHEN NOT {x} IS NULL THEN ISNAN({x}) END", read="spark")


def _power(places: int) -> str:
    return "1" if places == 0 else "0." + "0" * (-places - 1) + "1"


def _substring(node: Any, known: Mapping[str, Kind]) -> exp.Expression:
    """Positions from 1 on only: before the text the two engines count otherwise."""
    length = node.args.get("length")
    if not _at_least(node.args.get("start"), 1) or (length is not None and not _at_least(length, 0)):
        raise Refused("SUBSTR")
    for name in ("start", "length"):
        if node.args.get(name) is not None:  # Spark wants an INT
            node.set(name, exp.cast(node.args[name].copy(), "int"))
    return node


def _trim(node: Any, known: Mapping[str, Kind]) -> exp.Expression:
    if node.expression is not None or node.args.get("position"):
        raise Refused("TRIM")
    return node


_REWRITTEN: Mapping[type[exp.Expression], Callable[[Any, Mapping[str, Kind]], exp.Expression]] = {
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Floor: _whole,
    exp.Ceil: _whole,
    exp.IsNan: _is_nan,
    exp.Substring: _substring,
    exp.Trim: _trim,
}


def _kind_of_type(duckdb_type: str) -> Kind:
    if duckdb_type in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT"):
        return "whole"
    if duckdb_type in ("FLOAT", "DOUBLE"):
        return "double"
    return "decimal" if duckdb_type.startswith("DECIMAL") else "other"


def _kinds_given(select: exp.Select, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds of the columns that an inner query gives."""
    inner = select.args["from_"].this
    known = kinds if isinstance(inner, exp.Table) else _kinds_given(inner.this, kinds)
    return {e.alias_or_name.casefold(): _kind(e.unalias(), known) for e in select.expressions}


def _kind(node: exp.Expression | None, known: Mapping[str, Kind]) -> Kind:
    """What an expression gives; the least exact of its parts decides."""
    if isinstance(node, exp.Column):
        return known.get(node.name.casefold(), "other")
    if isinstance(node, exp.Cast):
        target = node.to.this.value
        return "whole" if target in _WHOLE else "decimal" if target == "DECIMAL" else "other"
    if isinstance(node, exp.Literal):
        return "other" if node.is_string else "whole" if node.name.isdigit() else "decimal"
    if isinstance(node, exp.Count | exp.Length):
        return "whole"
    if isinstance(node, exp.Case):
        return _worst(
            [*(_kind(i.args["true"], known) for i in node.args["ifs"]), _kind(node.args.get("default"), known)]
        )
    if isinstance(node, exp.Floor | exp.Ceil) and _kind(node.this, known) == "decimal":
        return "decimal"
    if node is None or isinstance(node, exp.Predicate | exp.Null):
        return "other"
    return _worst([_kind(child, known) for child in node.iter_expressions()])


def _worst(kinds: list[Kind]) -> Kind:
    order: tuple[Kind, ...] = ("double", "decimal", "whole")
    return next((kind for kind in order if kind in kinds), "other")
