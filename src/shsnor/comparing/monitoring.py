"""What the orders ask beside the lists: the municipality's indicators from monitoring to monitoring, labels of clusters, and
what came of the measures. Nothing here says that a measure was the cause: it says what happened in the same time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shsnor.comparing.indicators import IndicatorShift
from shsnor.comparing.sides import Side
from shsnor.outcomes import CriterionResultRow, EntityRow

#: The table of marks on measures: a scheme that rests on it says what came of them.
MEASURES = "measures_taken"


@dataclass(frozen=True, slots=True)
class ClusterShift:
    """How many entities have each label of a scheme.

    labels   title of a label -> its count, one an outcome; the label that is not known is None
    moves    (title in the first outcome, title in the last) -> how many went so; those that stayed are not told
    """

    cluster: str
    label: str
    level: str
    labels: dict[str | None, tuple[int, ...]]
    moves: dict[tuple[str | None, str | None], int]


@dataclass(frozen=True, slots=True)
class OwnConclusion:
    """What the order itself concludes of an indicator's change, in the last outcome: its criterion and the verdict."""

    criterion: str
    label: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Monitoring:
    """The indicators of levels above the lowest: of municipalities, by the order's own numbers where it has them.

    conclusions   (indicator, level, entity) -> what the order itself says
    """

    shifts: tuple[IndicatorShift, ...]
    conclusions: dict[tuple[str, str, str], OwnConclusion]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an order that asks for the effect of measures counts: labels of its schemes, and the indicators beside them."""

    clusters: tuple[ClusterShift, ...]
    shifts: tuple[IndicatorShift, ...]


def lowest_levels(side: Side) -> frozenset[str]:
    """The levels in which nothing lies: schools, or what the pack judges."""
    rows: Iterable[EntityRow] = side.entities.values()
    return frozenset(row.level for row in rows) - {row.parent_level for row in rows}


def cluster_shifts(sides: Sequence[Side], hidden: frozenset[str]) -> tuple[ClusterShift, ...]:
    """The schemes of the last outcome, in its order, with the counts of each outcome that has them."""
    last = sides[-1].outcome
    schemes = dict.fromkeys((row.cluster, row.level) for row in last.clusters.rows() if row.level not in hidden)
    shifts = []
    for cluster, level in schemes:
        titles = [
            {row.entity: row.title or row.label for row in side.outcome.clusters.rows(cluster=cluster, level=level)}
            for side in sides
        ]
        names = dict.fromkeys([*_cases(sides[-1], cluster), *(title for found in titles for title in found.values())])
        labels = {name: tuple(list(found.values()).count(name) for found in titles) for name in names}
        moves: dict[tuple[str | None, str | None], int] = {}
        for entity in titles[0].keys() & titles[-1].keys():
            move = (titles[0][entity], titles[-1][entity])
            if move[0] != move[1]:
                moves[move] = moves.get(move, 0) + 1
        order = list(names)
        moves = dict(sorted(moves.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1]))))
        used = {name: counts for name, counts in labels.items() if name is not None or any(counts)}
        shifts.append(ClusterShift(cluster, sides[-1].items.label(cluster, "clusters"), level, used, moves))
    return tuple(shifts)


def _cases(side: Side, cluster: str) -> list[str]:
    """The titles of a scheme's labels, in the order of the pack."""
    return [str(case.get("label") or case["id"]) for case in side.items.node(cluster, "").get("first_match") or ()]


def monitoring(sides: Sequence[Side], shifts: Iterable[IndicatorShift]) -> Monitoring:
    """The shifts of municipalities: of those that the order numbers; where it numbers none, of all."""
    above = [shift for shift in shifts if shift.level not in lowest_levels(sides[-1])]
    numbered = [shift for shift in above if shift.code]
    chosen = numbered or above
    return Monitoring(tuple(chosen), _conclusions(sides[-1], {(s.indicator, s.level) for s in chosen}))


def _conclusions(side: Side, wanted: set[tuple[str, str]]) -> dict[tuple[str, str, str], OwnConclusion]:
    """For each indicator the one criterion that rests on it, on its level; where there are several, none is told."""
    resting: dict[str, list[str]] = {}
    for row in side.rows:
        if row.section == "criteria" and "indicator" in json.loads(row.detail or "{}"):
            for section, name in side.rests_on(row.item, "criteria"):
                if section == "indicators":
                    resting.setdefault(name, []).append(row.item)
    found = {}
    for indicator, level in sorted(wanted):
        for criterion in resting.get(indicator, ())[:1] if len(resting.get(indicator, ())) == 1 else ():
            rows: Iterable[CriterionResultRow] = side.outcome.criterion_results.rows(
                item=criterion, path="", level=level
            )
            for result in rows:
                label = side.items.label(criterion, "criteria")
                found[indicator, level, result.entity] = OwnConclusion(criterion, label, result.verdict)
    return found


def effect(
    sides: Sequence[Side], clusters: Iterable[ClusterShift], shifts: Iterable[IndicatorShift]
) -> Effect | None:  # fmt: skip
    """What the order counts as the effect of measures; None where none of its schemes rests on marks of measures.

    The indicators are those that serve the same rows of the order as the schemes do.
    """
    side = sides[-1]
    chosen = tuple(shift for shift in clusters if _rests_on_measures(side, shift.cluster))
    if not chosen:
        return None
    schemes, served = {shift.cluster for shift in chosen}, set[str]()
    for task in side.outcome.tasks.rows():
        listed = set(json.loads(task.serves or "[]"))
        if listed & schemes:
            served |= listed
    return Effect(chosen, tuple(shift for shift in shifts if shift.indicator in served))


def _rests_on_measures(side: Side, cluster: str) -> bool:
    names = (name for section, name in side.rests_on(cluster, "clusters") if section == "indicators")
    return any(side.items.node(name, "").get("from") == MEASURES for name in names)
