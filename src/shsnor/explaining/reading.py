"""An outcome read for explanations: what is the same for all entities once, the entities' own rows in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar

from shsnor.errors import UsageError, nearest
from shsnor.explaining.explanation import ClusterExplanation, Explanation, FlagExplanation
from shsnor.explaining.tree import ExplanationNode, Facts
from shsnor.outcomes import (
    ClusterRow,
    CriterionResultRow,
    EntityRow,
    FlagRow,
    IndicatorValueRow,
    Outcome,
    RecommendationRow,
)
from shsnor.outcomes.items import Items

#: The entity, and what it lies in, the nearest first.
Chain = tuple[EntityRow, ...]

Row = TypeVar("Row", CriterionResultRow, IndicatorValueRow, FlagRow, ClusterRow, RecommendationRow)


class Reader:
    """An outcome, and what is read of it once: entities, items, the rows of what contains others."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.items = Items(outcome.items.rows(), _texts_in_force(outcome))
        self._entities = {(row.level, row.entity): row for row in outcome.entities.rows()}
        self._by_id: dict[str, EntityRow] = {}
        for row in self._entities.values():
            self._by_id.setdefault(row.entity, row)
        self._containers: dict[EntityRow, tuple[list[CriterionResultRow], list[IndicatorValueRow]]] = {}
        evaluation = outcome.manifest.evaluation
        self._as_of = str(evaluation.get("as_of") or "")
        self.year = int(evaluation.get("year") or (self._as_of or "9999")[:4])

    def chain(self, entity_id: str, level: str = "") -> Chain:
        """The entity with what it lies in; without a level, of several with that id the lowest.

        raises   UsageError SH605: no such entity
        """
        found = self._entities.get((level, entity_id)) if level else self._by_id.get(entity_id)
        if found is None:
            known = [entity for at, entity in self._entities if level in ("", at)]
            raise unknown("SH605", known, entity=entity_id)
        chain = [found]
        while chain[-1].parent_level:
            parent = self._entities.get((chain[-1].parent_level, chain[-1].parent))
            if parent is None:
                break
            chain.append(parent)
        return tuple(chain)

    def lowest(self) -> list[str]:
        """The ids of all entities of the lowest level, in order."""
        first = next(iter(self._entities), None)
        return [entity for level, entity in self._entities if first is not None and level == first[0]]

    def explain(
        self, chains: Sequence[Chain], item: str | None = None, *, whole: bool = False
    ) -> Iterator[Explanation]:
        """The explanations of entities of one level, in order; their rows are read together."""
        outcome = self.outcome
        place: dict[str, Any] = {"level": chains[0][0].level, "entity": [chain[0].entity for chain in chains]}
        if item is None:  # half of the rows say nothing of flags and clusters
            results = _by_entity(outcome.criterion_results.rows(**place, item=self._read[0]))
            values = _by_entity(outcome.indicator_values.rows(**place, indicator=self._read[1]))
        else:
            results = _by_entity(outcome.criterion_results.rows(**place))
            values = _by_entity(outcome.indicator_values.rows(**place))
        flags, clusters = _by_entity(outcome.flags.rows(**place)), _by_entity(outcome.clusters.rows(**place))
        measures = _by_entity(outcome.recommendations.rows(**place))
        for chain in chains:
            own = chain[0].entity
            above = [self._of_container(row) for row in chain[1:]]
            facts = Facts(
                list(chain),
                self.items,
                [*results.get(own, ()), *(row for rows, _ in above for row in rows)],
                [*values.get(own, ()), *(row for _, rows in above for row in rows)],
                self.year,
                whole,
            )
            yield self._explanation(
                chain, item, facts, flags.get(own, []), clusters.get(own, []), measures.get(own, [])
            )

    def _explanation(
        self, chain: Chain, item: str | None, facts: Facts,
        flag_rows: list[FlagRow], clusters: list[ClusterRow], measures: list[RecommendationRow],
    ) -> Explanation:  # fmt: skip
        items = self.items
        section = items.section(item) if item is not None else ""
        flags = tuple(_flag(facts, row) for row in flag_rows if item in (None, row.flag))
        nodes = _nodes(facts, item, section) if item is not None else ()
        return Explanation(
            entity=chain[0],
            containers=chain[1:],
            as_of=self._as_of,
            item=item,
            flags=flags,
            clusters=tuple(
                ClusterExplanation(row, items.label(row.cluster, "clusters"), facts.statement(row.cluster, {}))
                for row in clusters
                if item in (None, row.cluster)
            ),
            nodes=nodes,
            assumptions=facts.assumptions(nodes),
            rests_on_vpr=any(flag.row.vpr_only or items.rests_on_vpr(flag.row.flag, "flags") for flag in flags)
            or (item is not None and items.rests_on_vpr(item, section)),
            measures=tuple(row for row in measures if item in (None, row.measure)),
            items=items,
        )

    @cached_property
    def _read(self) -> tuple[list[str], list[str]]:
        """The items whose statements a flag or cluster may lead to, and the indicators that others are computed from."""
        outcome, items = self.outcome, self.items
        names = [*outcome.flags.picked("flag"), *outcome.clusters.picked("cluster")]
        waiting = [row for (name,) in dict.fromkeys(names) if (row := items.get(name)) is not None]
        found = dict.fromkeys(waiting)
        inputs: dict[str, None] = {}
        while waiting:
            row = waiting.pop()
            below = items.read_by(row)
            if row.section == "indicators" and not items.reads_rows(row.item):
                inputs.update((read.item, None) for read in below if read.section == "indicators")
            fresh = [read for read in below if read not in found]
            found.update(dict.fromkeys(fresh))
            waiting += fresh
        return [row.item for row in found], list(inputs)

    def _of_container(self, row: EntityRow) -> tuple[list[CriterionResultRow], list[IndicatorValueRow]]:
        if row not in self._containers:
            place = {"level": row.level, "entity": row.entity}
            outcome = self.outcome
            rows = list(outcome.criterion_results.rows(**place)), list(outcome.indicator_values.rows(**place))
            self._containers[row] = rows
        return self._containers[row]


def unknown(code: str, known: list[str], **name: Any) -> UsageError:
    """The error to raise: no such entity or item; it names the nearest."""
    return UsageError.of(code, nearest=nearest(next(iter(name.values())), known), **name)


def _by_entity(rows: Iterator[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.entity, []).append(row)
    return found


def _texts_in_force(outcome: Outcome) -> dict[str, str]:
    """The parameters of the evaluation, as texts."""
    parameters: dict[str, dict[str, Any]] = outcome.manifest.evaluation.get("parameters") or {}
    return {name: str(parameter.get("value", "")) for name, parameter in parameters.items()}


def _flag(facts: Facts, row: FlagRow) -> FlagExplanation:
    facts.begin()
    rule = facts.statement(row.flag, {})
    applies_to = facts.applies_to(rule) if row.verdict == "unknown" and row.reason == "not_applicable" else ()
    return FlagExplanation(row, rule, applies_to, facts.assumptions(rule) if row.assumed else ())


def _nodes(facts: Facts, item: str, section: str) -> tuple[ExplanationNode, ...]:
    if section == "indicators":
        return facts.indicator(item, {})
    return facts.statement(item, {}) if section in ("criteria", "measures") else ()
