"""How many entities each step of a flag's rule lets through."""

from __future__ import annotations

from collections.abc import Iterator

from shsnor.planning import Plan, Step
from shsnor.rendering.layout import Layout
from shsnor.sql import literal, quote
from shsnor.terms import VACANT, Leaf, Resolved, Statement


def steps_table(plan: Plan, layout: Layout, resolved: Resolved) -> Iterator[str]:
    """A query for each step: entities with the step met, not met, unknown, vacant.

    A step that keeps dimensions is met for an entity where some cell is, else unknown where some is, else not met.
    """
    for name, section in resolved.sections.items():
        if section != "flags":
            continue
        for position, (path, statement, step) in enumerate(_rule(plan, name, "", {name}), start=1):
            at, term = layout.at[step].of(""), step.term
            rows = f"SELECT e, {at.v} AS v, {at.r} AS r FROM {quote(at.table)}"
            if term.dims:
                rows = (
                    f"SELECT e, CASE WHEN bool_or({at.v}) THEN TRUE WHEN bool_or({at.v} IS NULL AND {at.r} & {VACANT} = 0) "
                    f"THEN NULL WHEN bool_or({at.v} IS NOT NULL) THEN FALSE END AS v, bit_or({at.r}) AS r, "
                    f"bool_and({at.r} & {VACANT} <> 0) AS gone FROM {quote(at.table)} GROUP BY e"
                )
                gone = "gone"
            else:
                gone = f"r & {VACANT} <> 0"
            yield (
                f"SELECT {literal(name)}, {position}, {literal(path)}, {literal(_text(resolved, statement, step))}, count(*), "
                f"count(CASE WHEN v THEN 1 END), count(CASE WHEN NOT v THEN 1 END), "
                f"count(CASE WHEN v IS NULL AND NOT ({gone}) THEN 1 END), count(CASE WHEN v IS NULL AND ({gone}) THEN 1 END) FROM ({rows})"
            )


def _rule(plan: Plan, item: str, above: str, seen: set[str]) -> Iterator[tuple[str, Statement, Step]]:
    """The nodes of a rule, those of the items it names in their places, each item once."""
    for statement, step in plan.nodes.get(item, ()):
        path = "/".join(p for p in (above, statement.path) if p)
        yield path, statement, step
        if statement.node == "item" and statement.refers not in seen:
            seen.add(statement.refers)
            inner = _rule(plan, statement.refers, path, seen)
            next(inner, None)  # its root is the node itself
            yield from inner


def _text(resolved: Resolved, statement: Statement, step: Step) -> str:
    if statement.refers:
        return resolved.items[statement.refers].label
    term = step.term
    if isinstance(term, Leaf) and term.indicator in resolved.items:
        return resolved.items[term.indicator].label
    if not statement.path and term.item in resolved.items:
        return resolved.items[str(term.item)].label
    return statement.node
