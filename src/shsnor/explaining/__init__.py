"""Why an entity has its flags, cluster and measures: read from an outcome's tables alone, drawn as a tree."""

from __future__ import annotations

from typing import Any

from shsnor.errors import Findings, Place, UsageError, nearest
from shsnor.explaining.explanation import ClusterExplanation, Explanation, FlagExplanation
from shsnor.explaining.tree import ExplanationNode, Facts
from shsnor.outcomes import EntityRow, FlagRow, Outcome
from shsnor.outcomes.items import Items

__all__ = ["ClusterExplanation", "Explanation", "ExplanationNode", "FlagExplanation", "explain"]


def explain(outcome: Outcome, entity_id: str, item: str | None = None) -> Explanation:
    """What the outcome says of an entity: its flags with their rules, its clusters, its measures.

    item     the id of a flag, criterion, cluster, indicator or measure: only that is explained
    raises   UsageError: SH605 no such entity, SH606 no such item; both name the nearest
    """
    chain = _chain(outcome, entity_id)
    items = Items(outcome.items.rows(), _texts_in_force(outcome))
    if item is not None and not items.section(item):
        raise _unknown("SH606", items.ids(), item=item)
    section = items.section(item) if item is not None else ""
    facts = _facts(outcome, chain, items)
    own = {"level": chain[0].level, "entity": chain[0].entity}
    flags = tuple(_flag(facts, row) for row in outcome.flags.rows(**own) if item in (None, row.flag))
    nodes = _nodes(facts, item, section) if item is not None else ()
    return Explanation(
        entity=chain[0],
        containers=tuple(chain[1:]),
        as_of=str(outcome.manifest.evaluation.get("as_of") or ""),
        item=item,
        flags=flags,
        clusters=tuple(
            ClusterExplanation(row, items.label(row.cluster, "clusters"), facts.statement(row.cluster, {}))
            for row in outcome.clusters.rows(**own)
            if item in (None, row.cluster)
        ),
        nodes=nodes,
        assumptions=facts.assumptions(nodes),
        rests_on_vpr=any(flag.row.vpr_only or items.rests_on_vpr(flag.row.flag, "flags") for flag in flags)
        or (item is not None and items.rests_on_vpr(item, section)),
        measures=tuple(row for row in outcome.recommendations.rows(**own) if item in (None, row.measure)),
        items=items,
    )


def _texts_in_force(outcome: Outcome) -> dict[str, str]:
    """The parameters of the evaluation, as texts."""
    parameters: dict[str, dict[str, Any]] = outcome.manifest.evaluation.get("parameters") or {}
    return {name: str(parameter.get("value", "")) for name, parameter in parameters.items()}


def _flag(facts: Facts, row: FlagRow) -> FlagExplanation:
    rule = facts.statement(row.flag, {})
    applies_to = facts.applies_to(rule) if row.verdict == "unknown" and row.reason == "not_applicable" else ()
    return FlagExplanation(row, rule, applies_to, facts.assumptions(rule) if row.assumed else ())


def _nodes(facts: Facts, item: str, section: str) -> tuple[ExplanationNode, ...]:
    if section == "indicators":
        return facts.indicator(item, {})
    return facts.statement(item, {}) if section in ("criteria", "measures") else ()


def _chain(outcome: Outcome, entity_id: str) -> list[EntityRow]:
    """The entity and what it lies in, the nearest first."""
    found = next(outcome.entities.rows(entity=entity_id), None)
    if found is None:
        raise _unknown("SH605", [row.entity for row in outcome.entities.rows()], entity=entity_id)
    chain = [found]
    while chain[-1].parent_level:
        above = chain[-1]
        parent = next(outcome.entities.rows(level=above.parent_level, entity=above.parent), None)
        if parent is None:
            break
        chain.append(parent)
    return chain


def _facts(outcome: Outcome, chain: list[EntityRow], items: Items) -> Facts:
    evaluation = outcome.manifest.evaluation
    year = evaluation.get("year") or str(evaluation.get("as_of") or "9999")[:4]
    places = [{"level": row.level, "entity": row.entity} for row in chain]
    return Facts(
        chain,
        items,
        [row for place in places for row in outcome.criterion_results.rows(**place)],
        [row for place in places for row in outcome.indicator_values.rows(**place)],
        int(year),
    )


def _unknown(code: str, known: list[str], **name: Any) -> UsageError:
    findings = Findings()
    findings.add(code, Place(), nearest=nearest(next(iter(name.values())), known), **name)
    return UsageError(findings)
