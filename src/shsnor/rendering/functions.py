"""Steps that a plugin's function computes: its inputs as a relation, its query, its result as a step's table."""

from __future__ import annotations

from shsnor.functions import FunctionCall
from shsnor.planning import Step
from shsnor.rendering.formulas import VALUE
from shsnor.rendering.layout import Layout, roster
from shsnor.rendering.rowwise import REASON
from shsnor.sql import quote
from shsnor.terms import BIT, FunctionTerm, PeersTerm, Term


def function_sql(layout: Layout, step: Step) -> str:
    """CREATE TABLE of a function's result; numbers are kept to 6 places (architecture, numbers)."""
    term = step.term
    assert isinstance(term, FunctionTerm)
    function = layout.plan.functions[term.function]
    columns = {name: f"x{i}" for i, name in enumerate(term.reads)}
    picked = []
    for name, read in term.reads.items():
        v = layout.v(step.part(read))
        kind = "VARCHAR" if read.kind in ("text", "label") else "DOUBLE"
        picked.append(
            f"CAST({v if kind == 'VARCHAR' or read.kind != 'verdict' else f'CAST({v} AS INTEGER)'} AS {kind}) AS {columns[name]}"
        )
    conditions: dict[str, Term | None] = {"for_": None, "meeting": None}
    if isinstance(term, PeersTerm):
        conditions = {"for_": term.for_, "meeting": term.meeting}
    for name, condition in conditions.items():
        picked.append(f"{layout.v(step.part(condition)) if condition is not None else 'TRUE'} AS {name}")
    inputs = (
        f"SELECT ent.id AS e, {', '.join(picked)} FROM {roster(layout.plan, term.level)} ent "
        f"{layout.joins(step.parts.values(), term.level)}"
    )
    table = quote(layout.at[step].table)
    body = function.query(FunctionCall("inputs", columns, term.settings))
    given = f"WITH inputs AS MATERIALIZED ({inputs}), given AS ({body})"
    if function.shape == "partner":
        return (
            f"CREATE TABLE {table} AS {given} SELECT CAST(e AS INTEGER) AS e, CAST(peer AS INTEGER) AS peer, "
            f"CAST(rank AS BIGINT) AS rank, CAST(round(distance, 6) AS {VALUE}) AS distance FROM given ORDER BY 1, 3, 2"
        )
    value = f"CAST(round(g.value, 6) AS {VALUE})" if function.shape == "table" else "CAST(g.label AS VARCHAR)"
    return (
        f"CREATE TABLE {table} AS {given} SELECT ent.id AS e, {value} AS v, "
        f"CAST(CASE WHEN {value} IS NULL THEN {BIT['declined']} ELSE 0 END AS {REASON}) AS r "
        f"FROM {roster(layout.plan, term.level)} ent LEFT JOIN given g ON g.e = ent.id ORDER BY ent.id"
    )
