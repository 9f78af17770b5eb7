"""The formulas of a pack: text -> tree of allow-listed nodes, and the names it uses.

DuckDB's own parser reads the text (`json_serialize_sql`); whatever is not listed here is refused with its place, so a
formula can neither run code nor open a file. What most formulas are made of is read without it, to the same tree.
"""

from __future__ import annotations

import re
from functools import lru_cache

from shsnor.expressions.kinds import kind_of
from shsnor.expressions.plain import read_plain
from shsnor.expressions.tree import AGGREGATES, ARITHMETIC, OWN_PASS, Expr, ExpressionError, Kind

__all__ = ["AGGREGATES", "ARITHMETIC", "OWN_PASS", "Expr", "ExpressionError", "Kind", "kind_of", "parse"]

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@lru_cache(maxsize=4096)
def parse(text: str) -> Expr:
    """The tree of a formula.

    raises  ExpressionError for a syntax error and for any construct that is not listed
    """
    code = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    if (comment := re.search(r"--|/\*", code)) is not None:
        raise ExpressionError("comments are not part of a formula", what=comment[0], offset=comment.start())
    expr = read_plain(text)
    if expr is None:
        from shsnor.expressions.sql import read_sql

        expr = read_sql(text)
    for aggregate in expr.aggregates:
        if any(a.aggregates for a in aggregate.args):
            raise ExpressionError("an aggregate inside an aggregate", what=aggregate.op, offset=aggregate.offset)
    return expr
