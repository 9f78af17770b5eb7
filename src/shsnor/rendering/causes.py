"""What a raised flag or a recommended measure rests on: its met leaves, whether on ВПР alone, whether on an assumption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shsnor.pack import Item
from shsnor.planning import Plan, Step
from shsnor.rendering.layout import Layout, dim, up
from shsnor.rendering.plan_cubes import allowed
from shsnor.resolving.settings import parameters_in
from shsnor.sql import literal, quote
from shsnor.terms import Applied, Decided, FunctionTerm, Leaf, Parameter, Statement, TableValue, Term

VPR = "ВПР"


@dataclass(frozen=True)
class Causes:
    """SQL: a JSON list of the met leaves, whether one rests on ВПР, whether one rests on anything else, the joins."""

    listed: str
    vpr: str
    other: str
    joins: str


def leaves_under(plan: Plan, name: str, seen: set[str] | None = None) -> Iterator[tuple[str, Statement, Step]]:
    """(item, statement, step) of every leaf under an item, through the items it names, each item once."""
    seen = set() if seen is None else seen
    if name in seen or name not in plan.nodes:
        return
    seen.add(name)
    for statement, step in plan.nodes[name]:
        if statement.node == "item":
            yield from leaves_under(plan, statement.refers, seen)
        elif not statement.children:
            yield name, statement, step


def causes_of(plan: Plan, layout: Layout, name: str, level: int) -> Causes:
    """The causes of an item, for entities of `level` whose roster row is `ent`."""
    listed, vpr, other, joins = [], [], [], []
    for i, (item, statement, step) in enumerate(leaves_under(plan, name)):
        at, term = layout.at[step].of(""), step.term
        if term.level < level:
            continue
        by_procedure = "procedure" in term.dims
        on_vpr = f"{at.v} AND {dim('procedure')} = {literal(VPR)}" if by_procedure else at.v
        if not by_procedure:
            procedures = procedures_of(step)
            v_test, o_test = (at.v, "FALSE") if procedures == {VPR} else ("FALSE", at.v)
        else:
            v_test, o_test = on_vpr, f"{at.v} AND {dim('procedure')} <> {literal(VPR)}"
        any_of, grouped = ("bool_or", " GROUP BY e") if term.dims else ("", "")  # else each entity has one row
        query = (
            f"SELECT e, {any_of}({at.v}) AS met, {any_of}({v_test}) AS vpr, {any_of}({o_test}) AS other "
            f"FROM {quote(at.table)}{grouped}"
        )
        joins.append(f"LEFT JOIN ({query}) cause{i} ON cause{i}.e = {up(plan, 'ent', level, term.level)}")
        text = f"{item} {statement.path}".strip()
        listed.append(f"CASE WHEN cause{i}.met THEN {literal(text)} END")
        vpr.append(f"coalesce(cause{i}.vpr, FALSE)")
        other.append(f"coalesce(cause{i}.other, FALSE)")
    if not listed:
        return Causes("'[]'", "FALSE", "FALSE", "")
    array = f"CAST(to_json(list_filter([{', '.join(listed)}], lambda c: c IS NOT NULL)) AS VARCHAR)"
    return Causes(array, "(" + " OR ".join(vpr) + ")", "(" + " OR ".join(other) + ")", " ".join(joins))


def procedures_of(step: Step) -> set[str]:
    """The procedures whose rows a step rests on; "" stands for rows of any, or of none."""
    term = step.term
    if isinstance(term, Applied | Decided):
        return procedures_of(step.part(term.part))
    if isinstance(term, TableValue):
        listed = {p for c in term.cells for p in c.values.get("procedure", [])}
        found = listed or set(allowed(term).get("procedure", [])) or {""}
    else:
        found = set()
    if isinstance(term, Leaf):
        return procedures_of(step.part(term.value)) or {""}
    for part_term, part in step.parts.items():
        if part_term.kind != "verdict":
            found |= procedures_of(part)
    return found or {""}


def assumed_items(plan: Plan) -> set[str]:
    """Items that rest on an item or a parameter whose basis is `assumed`."""
    found: set[str] = set()
    for name, item in plan.resolved.items.items():
        if any(_assumed(plan, t) for t in _below(plan.reported[name], set())) or item.source.basis == "assumed":
            found.add(name)
    return found


def _below(step: Step, seen: set[int]) -> Iterator[Term]:
    if step.index in seen:
        return
    seen.add(step.index)
    yield step.term
    for part in step.parts.values():
        yield from _below(part, seen)


def _assumed(plan: Plan, term: Term) -> bool:
    item: Item | None = plan.resolved.items.get(term.item or "")
    if item is not None and item.source.basis == "assumed":
        return True
    return any(plan.parameters[n].basis == "assumed" for n in parameters_read(term))


def parameters_read(term: Term) -> set[str]:
    """Names of the parameters that a term itself reads."""
    scalars: list[object] = []
    names: set[str] = set()
    if isinstance(term, Leaf):
        scalars += list(term.operand) if isinstance(term.operand, tuple) else [term.operand]
    if isinstance(term, TableValue):
        scalars += term.minimum.values()
        names |= set(term.value.parameters) | (set(term.where.parameters) if term.where else set())
    if isinstance(term, FunctionTerm):
        names |= set(parameters_in(term.settings))
    value = getattr(term, "value", None)
    if value is not None and hasattr(value, "parameters") and not isinstance(value, Term):
        names |= set(value.parameters)
    return names | {s.name for s in scalars if isinstance(s, Parameter)}
