"""What an outcome's tables say of one entity, put together as trees of nodes: values, thresholds, verdicts."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from shsnor.explaining.windows import in_window
from shsnor.outcomes.items import Items
from shsnor.outcomes.tables import CriterionResultRow, EntityRow, IndicatorValueRow, ItemRow
from shsnor.wording.explanations import is_vacant

Row = TypeVar("Row", CriterionResultRow, IndicatorValueRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationNode:
    """One statement or value and what it rests on.

    node        leaf, quantifier, all, any, of, not, cluster, choose, flag; item: a reference, below it the root of
                what it names; value: an indicator's value
    item        id of the item that the node belongs to; of a reference the id of what it names
    path        place of the node in its item, as `all/0`; "" for its root
    label       the name of the indicator compared, or of the item
    verdict     met, not_met, unknown; "" of a value
    computed    the verdict before a decision or a rule for missing values; "" where nothing replaced it
    weight      of a part of a list with weights
    repeated    it was expanded before, so its children are left out here
    """

    node: str
    item: str
    path: str = ""
    label: str = ""
    level: str = ""
    entity: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    verdict: str = ""
    reason: str = ""
    computed: str = ""
    decided_by: str = ""
    indicator: str = ""
    unit: str = ""
    value: Decimal | None = None
    text: str | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    participants: int | None = None
    comparison: str = ""
    threshold: Decimal | None = None
    threshold_text: str | None = None
    threshold_from: str = ""
    members: int | None = None
    left_out: int | None = None
    document: str = ""
    clause: str = ""
    basis: str = ""
    weight: Decimal | None = None
    repeated: bool = False
    children: tuple[ExplanationNode, ...] = ()

    @property
    def vacant(self) -> bool:
        """Whether nothing could have been there, or the rule leaves it out: it is not counted and not missing."""
        return self.verdict == "unknown" and (is_vacant(self.reason) or self.decided_by == "missing: leave_out")

    def walk(self) -> Iterator[ExplanationNode]:
        """The node and all below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()


class Facts:
    """The rows of one entity and of the entities that contain it, by item; nodes are made of them."""

    def __init__(
        self,
        chain: list[EntityRow],
        items: Items,
        results: Iterable[CriterionResultRow],
        values: Iterable[IndicatorValueRow],
        year: int,
        whole: bool = False,
    ) -> None:
        self.items = items
        self._whole = whole
        self._year = year
        self._rank = {(row.level, row.entity): place for place, row in enumerate(chain)}
        self._results: dict[str, list[CriterionResultRow]] = {}
        for result in results:
            self._results.setdefault(result.item, []).append(result)
        self._values: dict[str, list[IndicatorValueRow]] = {}
        for value in values:
            self._values.setdefault(value.indicator, []).append(value)
        self._expanded: set[tuple[str, ...]] = set()
        self._statements: dict[str, dict[str, list[CriterionResultRow]]] = {}

    def begin(self) -> None:
        """Here begins the rule of another flag: where each is told whole, what was told before is told again."""
        if self._whole:
            self._expanded.clear()

    def statement(self, item: str, dimensions: dict[str, str]) -> tuple[ExplanationNode, ...]:
        """The roots of the item's statement at these dimensions, one a cell; none where the outcome says nothing."""
        self._expanded.add(_cell(item, dimensions))
        below = self._below(item)
        return tuple(self._node(row, below) for row in below.get("/", []) if _agree(_dimensions(row), dimensions))

    def _below(self, item: str) -> dict[str, list[CriterionResultRow]]:
        """The rows of the item's statement by the place above them, in order; "/" for the roots."""
        if item not in self._statements:
            rows = self._nearest(self._results.get(f"measures/{item}") or self._results.get(item, []))
            paths = {row.path for row in rows}
            parents = {path: _parent(path, paths) for path in paths}
            below: dict[str, list[CriterionResultRow]] = {}
            for row in rows:
                below.setdefault(parents[row.path], []).append(row)
            for siblings in below.values():
                if len({row.path for row in siblings}) > 1:
                    siblings.sort(key=lambda row: _path_key(row.path))  # stable: cells keep the order of the table
            self._statements[item] = below
        return self._statements[item]

    def indicator(self, indicator: str, dimensions: dict[str, str]) -> tuple[ExplanationNode, ...]:
        """The indicator's values at these dimensions, each with the values that it is computed from."""
        rows = self._nearest(self._values.get(indicator, []))
        return tuple(self._value(row) for row in rows if _agree(_dimensions(row), dimensions))

    def applies_to(self, roots: Iterable[ExplanationNode]) -> tuple[ExplanationNode, ...]:
        """The criteria named by `applies_to` of what these nodes rest on, that are not met."""
        nodes = (node for root in roots for node in root.walk())
        written = (self.items.node(name, "") for node in nodes for name in (node.item, node.indicator) if name)
        entries = (entry for item in written for entry in (item, *(item.get("cells") or ())))
        named = dict.fromkeys(name for entry in entries if isinstance(name := entry.get("applies_to"), str))
        return tuple(node for name in named for node in self.statement(name, {}) if node.verdict != "met")

    def assumptions(self, roots: Iterable[ExplanationNode]) -> tuple[ItemRow, ...]:
        """The items and parameters below these nodes that the pack's author chose, in the order of their first use."""
        nodes = [node for root in roots for node in root.walk()]
        named = (self.items.get(name) for node in nodes for name in (node.item, node.indicator))
        used = (row for item in named if item is not None for row in (item, *self.items.read_by(item)))
        # An item that is read has a node of its own; if not, its reading was not chosen.
        shown = {name for node in nodes for name in (node.item, node.indicator)}
        rows = (row for row in used if row.section == "parameters" or row.item in shown)
        return tuple(row for row in dict.fromkeys(rows) if row.basis == "assumed")

    def _nearest(self, rows: list[Row]) -> list[Row]:
        """The rows of the entity itself, else of the nearest that contains it: a school's rule may name a region's."""
        rank = min((self._rank[row.level, row.entity] for row in rows), default=0)
        return [row for row in rows if self._rank[row.level, row.entity] == rank]

    def _node(self, row: CriterionResultRow, below: dict[str, list[CriterionResultRow]]) -> ExplanationNode:
        dimensions = _dimensions(row)
        repeated = False
        written = self.items.node(row.item, row.path) if row.node in ("of", "quantifier") else {}
        if row.node == "item":
            repeated, children = self._expand(row.indicator, dimensions)
        else:
            parts = [part for part in below.get(row.path, []) if _agree(_dimensions(part), dimensions)]
            let_in = in_window([(_dimensions(part), part.reason) for part in parts], written, self._year)
            children = tuple(self._node(part, below) for part in itertools.compress(parts, let_in))
        if row.node == "leaf" and not children:
            children = self._inputs(row.indicator, dimensions)
        if isinstance(weights := written.get("of"), dict):
            children = tuple(replace(child, weight=Decimal(str(weights.get(child.item, 0)))) for child in children)
        reference = row.node == "item"
        item = row.indicator if reference else row.item
        return ExplanationNode(
            node=row.node, item=item, path=row.path, dimensions=dimensions, level=row.level, entity=row.entity,
            label=self._label(row), verdict=row.verdict, reason=row.reason,
            computed=row.computed, decided_by=row.decided_by,
            indicator="" if reference else row.indicator, unit=self.items.unit(row.indicator),
            value=row.value, text=row.text, numerator=row.numerator, denominator=row.denominator,
            participants=row.participants, comparison=row.comparison,
            threshold=row.threshold, threshold_text=row.threshold_text, threshold_from=row.threshold_from,
            members=row.members, left_out=row.left_out,
            document=self.items.label(row.document, "sources"), clause=row.clause, basis=row.basis,
            repeated=repeated, children=children,
        )  # fmt: skip

    def _label(self, row: CriterionResultRow) -> str:
        if row.node in ("leaf", "item", "cluster"):
            return self.items.label(row.indicator)
        return self.items.label(row.item) if row.path == "" else ""

    def _expand(self, item: str, dimensions: dict[str, str]) -> tuple[bool, tuple[ExplanationNode, ...]]:
        """Whether the item was expanded before at these dimensions, and if not, its roots."""
        if _cell(item, dimensions) in self._expanded:
            return True, ()
        return False, self.statement(item, dimensions)

    def _inputs(self, indicator: str, dimensions: dict[str, str]) -> tuple[ExplanationNode, ...]:
        """The values that an indicator over other items is computed from; each is shown once."""
        if self.items.reads_rows(indicator):
            return ()
        nodes: list[ExplanationNode] = []
        known = self.items.get(indicator, "indicators")
        for read in self.items.read_by(known) if known is not None else ():
            key = _cell(f"value {read.item}", dimensions)
            if read.section == "indicators" and key not in self._expanded:
                self._expanded.add(key)
                nodes += self.indicator(read.item, dimensions)
        return tuple(nodes)

    def _value(self, row: IndicatorValueRow) -> ExplanationNode:
        dimensions = _dimensions(row)
        known = self.items.get(row.indicator, "indicators")
        return ExplanationNode(
            node="value", item=row.indicator, indicator=row.indicator,
            label=self.items.label(row.indicator, "indicators"),
            dimensions=dimensions, level=row.level, entity=row.entity, reason=row.reason,
            unit=self.items.unit(row.indicator), value=row.value, text=row.text,
            numerator=row.numerator, denominator=row.denominator, participants=row.participants,
            members=row.members, left_out=row.left_out,
            document=self.items.label(known.document, "sources") if known else "", clause=known.clause if known else "",
            basis=known.basis if known else "",
            children=self._inputs(row.indicator, dimensions),
        )  # fmt: skip


def _dimensions(row: CriterionResultRow | IndicatorValueRow) -> dict[str, str]:
    return _parsed(row.dimensions)


@lru_cache(maxsize=65_536)
def _parsed(dimensions: str) -> dict[str, str]:
    """The same few cells come again with each entity; nobody changes what comes back."""
    found: dict[str, str] = json.loads(dimensions)
    return found


def _cell(item: str, dimensions: dict[str, str]) -> tuple[str, ...]:
    return item, *itertools.chain(*sorted(dimensions.items()))


def _agree(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two cells are the same in the dimensions that both have."""
    return one is other or all(other.get(name, value) == value for name, value in one.items())


def _parent(path: str, paths: set[str]) -> str:
    """The nearest place above `path` that has a row; "/" where there is none."""
    while path:
        path = path.rpartition("/")[0]
        if path in paths:
            return path
    return "/"


def _path_key(path: str) -> list[tuple[int, str]]:
    """For sorting: all/2 before all/10."""
    return [(int(part), "") if re.fullmatch(r"\d+", part) else (-1, part) for part in path.split("/")]
