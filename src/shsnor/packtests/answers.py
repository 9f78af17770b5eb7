"""What came out, as cases ask for it: values, verdicts and labels by entity and item, read off the tables of the steps."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from shsnor.packtests.cases import MEASURE_LISTS
from shsnor.planning import Plan, Step
from shsnor.rendering import Layout
from shsnor.rendering.formulas import VALUE
from shsnor.rendering.layout import roster, up
from shsnor.rendering.outcome import dimensions
from shsnor.rendering.rowwise import has_kept
from shsnor.sql import literal, quote
from shsnor.store import Session
from shsnor.terms import BIT, VACANT, Choice, PeersTerm, Statement, Term

#: So many queries go as one: each costs a parse, and a very long one more than its parts.
_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What one cell came out as: a number, or a verdict, label or text ("unknown" with its reasons)."""

    dimensions: Mapping[str, str]
    value: Decimal | str
    reasons: frozenset[str] = frozenset()

    def shown(self) -> str:
        if isinstance(self.value, Decimal):
            return f"{self.value.normalize():f}"
        return f"{self.value} ({', '.join(sorted(self.reasons))})" if self.reasons else self.value


@dataclass(frozen=True, slots=True)
class Answers:
    """What came out: cells by (entity, item); lists of peers, or of measures by the name of the list, by the same."""

    cells: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    lists: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    entities: frozenset[str] = frozenset()


Asked = Mapping[str, Collection[str]]


def read_answers(session: Session, plan: Plan, layout: Layout, asked: Asked) -> Answers:
    """The answers of the items asked for.

    asked   id of an item, of peers, or a name of a list of measures -> keys of the entities it is asked for
    """
    answers = Answers(entities=frozenset(_entities(session, plan)))
    wanted = {name: _inside(keys) for name, keys in asked.items()}
    queries = [_item(plan, layout, name, wanted[name]) for name in plan.resolved.sections if name in wanted]
    for item, entity, dims, number, text, bits in _rows(session, queries):
        value = number if number is not None else "unknown" if text is None else text
        answers.cells.setdefault((entity, item), []).append(Answer(json.loads(dims), value, reasons(bits)))
    queries = [_peers(plan, layout, step, wanted) for step in plan.steps if isinstance(step.term, PeersTerm)]
    for item, entity, peer, _ in sorted(_rows(session, [q for q in queries if q]), key=lambda row: row[3]):
        answers.lists.setdefault((entity, item), []).append(peer)
    keys = {key for name in MEASURE_LISTS for key in asked.get(name, ())}
    if keys:
        for item, entity, met in _rows(session, _measures(plan, layout, _inside(keys))):
            name = MEASURE_LISTS[0 if met else 1]
            answers.lists.setdefault((entity, name), []).append(item)
    return answers


def reasons(bits: int) -> frozenset[str]:
    """The words of bits of reasons; what `missing: leave_out` made vacant reads as not applicable."""
    return frozenset(
        "not_applicable" if name == "left_out" else name for name, bit in BIT.items() if bits & bit
    )  # fmt: skip


def _inside(keys: Collection[str]) -> str:
    return f"ent.key IN ({', '.join(map(literal, sorted(keys)))})"


def _rows(session: Session, queries: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    listed = list(queries)
    for first in range(0, len(listed), _AT_ONCE):
        yield from session.rows(" UNION ALL ".join(listed[first : first + _AT_ONCE]))


def _entities(session: Session, plan: Plan) -> Iterator[str]:
    for number in range(len(plan.resolved.levels)):
        yield from (key for (key,) in session.rows(f"SELECT key FROM {roster(plan, number)}"))


def _from(plan: Plan, layout: Layout, step: Step) -> str:
    return f"FROM {quote(layout.at[step].table)} p JOIN {roster(plan, step.term.level)} ent ON ent.id = p.e"


def _item(plan: Plan, layout: Layout, name: str, inside: str) -> str:
    step = plan.reported[name]
    at, term = layout.at[step].of("p"), step.term
    number, text = f"CAST(NULL AS {VALUE})", "CAST(NULL AS VARCHAR)"
    if term.kind in ("text", "label"):
        text = f"CAST({at.v} AS VARCHAR)"
    elif term.kind == "verdict" and plan.resolved.sections[name] != "indicators":
        text = f"CASE WHEN {at.v} THEN 'met' WHEN NOT {at.v} THEN 'not_met' END"
    else:
        number = f"CAST({f'CAST({at.v} AS INTEGER)' if term.kind == 'verdict' else at.v} AS {VALUE})"
    bits = f"CAST({at.r} AS BIGINT)"
    if has_kept(step):
        bits = f"CASE WHEN p.{at.extra('kept')} <> 0 THEN CAST(p.{at.extra('kept')} AS BIGINT) ELSE {bits} END"
    return (
        f"SELECT {literal(name)}, ent.key, {dimensions(term, 'p')}, {number}, {text}, {bits} "
        f"{_from(plan, layout, step)} WHERE {inside}"
    )


def _peers(plan: Plan, layout: Layout, step: Step, wanted: Mapping[str, str]) -> str:
    name = step.term.item or ""
    if name not in wanted:
        return ""
    other = f"JOIN {roster(plan, step.term.level)} peer ON peer.id = p.peer"
    return f"SELECT {literal(name)}, ent.key, peer.key, p.rank {_from(plan, layout, step)} {other} WHERE {wanted[name]}"


def _measures(plan: Plan, layout: Layout, inside: str) -> Iterator[str]:
    for name, (step, level) in measure_steps(plan).items():
        at = layout.at[step].of("w")
        above = up(plan, "ent", level, step.term.level)
        yield (
            f"SELECT {literal(name)}, ent.key, coalesce({at.v}, FALSE) FROM {roster(plan, level)} ent "
            f"LEFT JOIN {quote(at.table)} w ON w.e = {above} WHERE {inside} AND "
            f"({at.v} OR (coalesce({at.r}, {BIT['no_row']}) <> 0 AND (coalesce({at.r}, {BIT['no_row']}) & {VACANT}) = 0))"
        )


def measure_steps(plan: Plan) -> dict[str, tuple[Step, int]]:
    """Measures that have a condition -> its step, and the level of the measure."""
    steps = {step.term: step for step in plan.steps}
    return {
        name: (steps[_settled(plan, term)], plan.resolved.measure_levels[name])
        for name, term in plan.resolved.measures.items()
        if term is not None
    }


def _settled(plan: Plan, term: Term) -> Term:
    while isinstance(term, Choice):
        term = term.options[plan.parameters[term.parameter].text]
    return term


@dataclass(frozen=True, slots=True)
class Seen:
    """What came out somewhere, whoever asked.

    verdicts   (id of a criterion or flag, or `measures/id`; path of the node in it) -> met, not_met, unknown
    labels     id of a cluster -> its labels, and "unknown"
    """

    verdicts: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    labels: dict[str, set[str]] = field(default_factory=dict)

    def add(self, other: Seen) -> None:
        for node, words in other.verdicts.items():
            self.verdicts.setdefault(node, set()).update(words)
        for cluster, labels in other.labels.items():
            self.labels.setdefault(cluster, set()).update(labels)


def read_seen(
    session: Session, plan: Plan, layout: Layout, prefixes: Collection[str] | None = None,
    of_items: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Seen:  # fmt: skip
    """What came out of every node of a criterion, flag and measure, and of every cluster.

    prefixes   beginnings of the keys of the entities that are looked at, the top level's always; None: all
    of_items   other beginnings for some items
    """
    seen, queries, top = Seen(), list[str](), len(plan.resolved.levels) - 1

    def where(name: str, step: Step) -> str:
        return "TRUE" if prefixes is None or step.term.level == top else _begins(of_items.get(name, prefixes))

    for name, nodes in plan.nodes.items():
        queries += [_node(plan, layout, name, node, step, where(name, step)) for node, step in nodes]
    for name, path, met, not_met, unknown in _rows(session, queries):
        words = {word for word, there in (("met", met), ("not_met", not_met), ("unknown", unknown)) if there}
        seen.verdicts[name, path] = words
    queries = []
    for name, section in plan.resolved.sections.items():
        if section == "clusters":
            step = plan.reported[name]
            value = f"coalesce({layout.at[step].of('p').v}, 'unknown')"
            queries.append(
                f"SELECT DISTINCT {literal(name)}, {value} {_from(plan, layout, step)} WHERE {where(name, step)}"
            )
    for name, label in _rows(session, queries):
        seen.labels.setdefault(name, set()).add(label)
    return seen


def _begins(prefixes: Collection[str]) -> str:
    return " OR ".join(f"starts_with(ent.key, {literal(p)})" for p in sorted(prefixes)) or "FALSE"


def _node(plan: Plan, layout: Layout, name: str, statement: Statement, step: Step, where: str) -> str:
    v = layout.at[step].of("p").v
    return (
        f"SELECT {literal(name)}, {literal(statement.path)}, coalesce(bool_or({v}), FALSE), "
        f"coalesce(bool_or(NOT {v}), FALSE), coalesce(bool_or({v} IS NULL), FALSE) {_from(plan, layout, step)} WHERE {where}"
    )
