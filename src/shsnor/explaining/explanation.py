"""The explanation of one entity, as data; `text` draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shsnor import notebook
from shsnor.explaining.drawing import Branch, draw
from shsnor.explaining.sentences import branches, heading
from shsnor.explaining.tree import ExplanationNode
from shsnor.outcomes import ClusterRow, EntityRow, FlagRow, ItemRow, RecommendationRow
from shsnor.outcomes.items import Items
from shsnor.wording.phrases import Lang


@dataclass(frozen=True, slots=True)
class FlagExplanation:
    """A flag of the entity: its row, the rule it stands on, what of that the pack's author assumed.

    applies_to   where the flag does not apply to the entity, the criteria that say so
    """

    row: FlagRow
    rule: tuple[ExplanationNode, ...]
    applies_to: tuple[ExplanationNode, ...]
    assumptions: tuple[ItemRow, ...]

    def gaps(self) -> Iterator[ExplanationNode]:
        """What is missing for a verdict: the leaves whose value is not there, though it could have been."""
        for root in self.rule:
            for node in root.walk():
                if node.node == "leaf" and node.verdict == "unknown" and not node.vacant:
                    yield node


@dataclass(frozen=True, slots=True)
class ClusterExplanation:
    """A cluster of the entity: its row, the name of the scheme, the conditions of its labels where they are stored."""

    row: ClusterRow
    label: str
    rule: tuple[ExplanationNode, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that the outcome says of one entity, or of one item for it.

    containers   what the entity lies in, the nearest first
    nodes        the statement or the values of the item asked for, if it is a criterion, an indicator or a measure
    assumptions  what of that the pack's author assumed
    rests_on_vpr whether what is shown rests on ВПР, so that the limit of their use must be said
    items        names of the pack's items, for the text
    """

    entity: EntityRow
    containers: tuple[EntityRow, ...]
    as_of: str
    item: str | None
    flags: tuple[FlagExplanation, ...]
    clusters: tuple[ClusterExplanation, ...]
    nodes: tuple[ExplanationNode, ...]
    assumptions: tuple[ItemRow, ...]
    rests_on_vpr: bool
    measures: tuple[RecommendationRow, ...]
    items: Items = field(repr=False, compare=False)

    def text(self, lang: Lang = "ru", *, ascii: bool = False, width: int = 100) -> str:
        """The explanation as a tree in plain Russian or English, in lines of at most `width` columns.

        ascii   draws with `|-` and plain quotes and dashes, for consoles and files that know no others
        """
        return draw(heading(self, lang), branches(self, lang), width=width, ascii=ascii)

    def _repr_html_(self) -> str:
        """The tree in Russian, as a notebook shows it: a click opens what is below."""
        return notebook.page(
            notebook.heading(heading(self, "ru")), *(_html(b, open=True) for b in branches(self, "ru"))
        )


def _html(branch: Branch, *, open: bool = False) -> str:
    return notebook.tree(branch.text, [_html(below) for below in branch.below], open=open)
