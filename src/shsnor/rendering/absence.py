"""What it means that an entity has no row in a table, in the words of its `no_rows`."""

from __future__ import annotations

from collections.abc import Iterator

from shsnor.planning import Plan, Step
from shsnor.rendering.layout import Layout, up
from shsnor.sql import literal, quote
from shsnor.standard import tables_of
from shsnor.terms import BIT, TableValue


def absence_words(plan: Plan) -> dict[str, str]:
    """Table -> what it means that an entity has no row in it, for the tables that say so."""
    return {name: table.no_rows for name, table in tables_of(plan.pack).items() if table.no_rows}


def absence_of(plan: Plan, layout: Layout, step: Step, level: int) -> tuple[str, str]:
    """SQL for entities of `level` whose roster row is `ent`: the words that hold of those without rows, and the joins.

    They hold where every value that the step reads from the table lacks its rows; '' where none does.
    """
    words = absence_words(plan)
    said: list[str] = []
    joins: list[str] = []
    read: dict[tuple[str, int], list[Step]] = {}
    for below in _steps(step, set()):
        if isinstance(below.term, TableValue) and below.term.table in words and below.term.level >= level:
            read.setdefault((below.term.table, below.term.level), []).append(below)
    for (name, held_at), steps in read.items():
        rows = " UNION ALL ".join(
            f"SELECT e, {at.r} & {BIT['no_row']} <> 0 AS gone FROM {quote(at.table)}"
            for at in (layout.at[s].of("") for s in steps)
        )
        alias, here = f"absent{len(said)}", up(plan, "ent", level, held_at)
        joins.append(
            f"LEFT JOIN (SELECT e, bool_and(gone) AS gone FROM ({rows}) GROUP BY e) {alias} ON {alias}.e = {here}"
        )
        said.append(f"CASE WHEN {alias}.gone THEN {literal(words[name])} END")
    return (f"concat_ws(', ', {', '.join(said)})" if said else "''"), " ".join(joins)


def _steps(step: Step, seen: set[int]) -> Iterator[Step]:
    if step.index in seen:
        return
    seen.add(step.index)
    yield step
    for part in step.parts.values():
        yield from _steps(part, seen)
