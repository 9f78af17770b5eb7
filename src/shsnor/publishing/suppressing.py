"""What must be hidden beside the small numbers, so that no sum gives them away.

The figures of a group of pupils stand in a tree: schools, their municipalities, the region. A shown total tells the sum
of those below it that are not shown, and nothing else: all hidden ones fall into disjoint sets, of each of which
at most the sum is known. So one question decides: may this sum be told? It may (`tells_nothing`) where each of its
members could still be anything from nothing to the minimum and more, even for somebody who knows one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

#: Of two hidden schools each would know the other.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """The pupils of a group in one entity.

    pupils   how many
    parts    of each share: how many of them have what it counts; the same shares in all entities of a tree
    """

    pupils: Decimal
    parts: tuple[Decimal, ...] = ()

    def all(self) -> list[Decimal]:
        """Every number that the figures give away: the group, each part, those outside it."""
        return [self.pupils, *self.parts, *(self.pupils - part for part in self.parts)]

    def small(self, minimum: int) -> bool:
        """Whether one of them is under the minimum; none and all are: they tell of every pupil of the group."""
        return any(number < minimum for number in self.all())

    @classmethod
    def sum(cls, counts: Sequence[Counts]) -> Counts:
        """All groups together; at least one."""
        columns = zip(*(count.parts for count in counts), strict=True)
        return cls(sum((count.pupils for count in counts), Decimal()), tuple(sum(c, Decimal()) for c in columns))


def tells_nothing(hidden: Sequence[Counts], minimum: int) -> bool:
    """Whether the sum of these may be known.

    True where, whichever one of them somebody knows, the rest still has `minimum` of everything; of pupils that many
    beyond the one that each group surely has (twelve groups of twelve pupils in all would have one each).
    """
    if len(hidden) < FEWEST:
        return False
    total, largest = Counts.sum(hidden).all(), [max(column) for column in zip(*(c.all() for c in hidden), strict=True)]
    rest = [number - most for number, most in zip(total, largest, strict=True)]
    return rest[0] - (len(hidden) - 1) >= minimum and all(number >= minimum for number in rest[1:])


@dataclass(slots=True)
class Node:
    """An entity in the tree: a leaf with its own counts, or a total of what is below."""

    key: tuple[str, str]
    counts: Counts
    children: list[Node] = field(default_factory=list)
    shown: bool = True
    hidden: list[Counts] = field(default_factory=list)
    """What a shown total tells the sum of; of a hidden leaf, its own counts."""


def suppress(
    leaves: Mapping[tuple[str, str], Counts],
    parents: Mapping[tuple[str, str], tuple[str, str]],
    minimum: int,
    never: bool = False,
) -> dict[tuple[str, str], Node]:
    """Every leaf and every total above it: shown or hidden. The same for the same counts, whatever their order.

    parents   (level, entity) -> the one that contains it
    never     no leaf is shown, however many pupils it has
    """
    nodes = {key: Node(key, counts) for key, counts in sorted(leaves.items())}
    for node in nodes.values():
        if never or node.counts.small(minimum):
            _hide(node)
    found = dict(nodes)
    while above := _totals(nodes.values(), parents):
        for node in above.values():
            _settle(node, minimum)
        found |= above
        nodes = above
    return found


def _totals(below: Iterable[Node], parents: Mapping[tuple[str, str], tuple[str, str]]) -> dict[tuple[str, str], Node]:
    children: dict[tuple[str, str], list[Node]] = {}
    for node in below:
        if (parent := parents.get(node.key)) is not None:
            children.setdefault(parent, []).append(node)
    return {key: Node(key, Counts.sum([c.counts for c in of]), of) for key, of in sorted(children.items())}


def _hide(node: Node) -> None:
    node.shown = False
    if not node.children:
        node.hidden = [node.counts]


def _settle(total: Node, minimum: int) -> None:
    """Hide further children, the smallest first, until the total tells nothing; or the total, where that is not enough."""
    total.hidden = [counts for child in total.children if not child.shown for counts in child.hidden]
    # a total whose parts are all shown tells nothing, and hiding it would hide nothing
    left = [child for child in total.children if child.shown and (child.hidden or not child.children)]
    left.sort(key=lambda child: (child.counts.pupils, child.key))
    for child in left:
        if not total.hidden or tells_nothing(total.hidden, minimum):
            break
        _hide(child)
        total.hidden += child.hidden
    if total.hidden and not tells_nothing(total.hidden, minimum):
        total.shown = False
