"""Why an entity has its flags, cluster and measures: read from an outcome's tables alone, drawn as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shsnor.explaining.explanation import ClusterExplanation, Explanation, FlagExplanation
from shsnor.explaining.grounds import because
from shsnor.explaining.reading import Reader, unknown
from shsnor.explaining.tree import ExplanationNode
from shsnor.outcomes import Outcome

__all__ = [
    "ClusterExplanation",
    "Explanation",
    "ExplanationNode",
    "FlagExplanation",
    "because",
    "explain",
    "explain_each",
]

#: So many entities are read together: few enough to be kept in memory, many enough to read a table seldom.
BATCH = 200


def explain(outcome: Outcome, entity_id: str, item: str | None = None) -> Explanation:
    """What the outcome says of an entity: its flags with their rules, its clusters, its measures.

    item     the id of a flag, criterion, cluster, indicator or measure: only that is explained
    raises   UsageError: SH605 no such entity, SH606 no such item; both name the nearest
    """
    reader = Reader(outcome)
    chain = reader.chain(entity_id)
    if item is not None and not reader.items.section(item):
        raise unknown("SH606", reader.items.ids(), item=item)
    return next(reader.explain([chain], item))


def explain_each(
    outcome: Outcome, entity_ids: Sequence[str] | None = None, *, whole: bool = False
) -> Iterator[Explanation]:
    """The explanations of many entities of one level, in order; the outcome is read once for two hundred of them.

    entity_ids   default: all of the lowest level
    whole        each flag's rule is told whole; else what an earlier flag of the entity told is only named again
    raises       UsageError SH605: no such entity
    """
    reader = Reader(outcome)
    chains = [reader.chain(entity_id) for entity_id in (reader.lowest() if entity_ids is None else entity_ids)]
    for start in range(0, len(chains), BATCH):
        yield from reader.explain(chains[start : start + BATCH], whole=whole)
