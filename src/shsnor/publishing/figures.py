"""The figures that may be told: of which groups of pupils, in which entities, and which of them are hidden."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, TypeAlias

from shsnor.outcomes import IndicatorValueRow, ItemRow, Outcome
from shsnor.publishing.groups import Group, group_of
from shsnor.publishing.suppressing import Counts, Node, suppress

#: (level, code) of an entity.
Key: TypeAlias = tuple[str, str]
_PLACES = Decimal("1E-9")


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """A figure of an entity: all its numbers, or `hidden` and none of them.

    indicator, dimensions   as in `indicator_values`; a total of a municipality or the region has those of its schools
    value                   in the indicator's unit
    numerator, denominator  what the value is made of; the denominator counts the pupils
    participants            the pupils
    """

    level: str
    entity: str
    indicator: str
    dimensions: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    participants: int | None = None
    hidden: bool = False


@dataclass(frozen=True)
class _Figure:
    """One indicator's values in one cell of its dimensions, at one level: entity -> its row."""

    item: ItemRow
    detail: Mapping[str, Any]
    dimensions: str
    group: Group
    level: str
    rows: dict[str, IndicatorValueRow]

    @property
    def order(self) -> tuple[str, str]:
        return self.item.item, self.dimensions

    @cached_property
    def scale(self) -> Decimal | None:
        """What the quotient is multiplied by, 1 or 100; None where the value is no such quotient."""
        tolerance = Decimal(5).scaleb(-1 - int(self.detail.get("round") or 9))
        known = [row for row in self.rows.values() if row.value is not None]
        for scale in (Decimal(1), Decimal(100)):
            if known and all(_complete(row) and _near(row, scale, tolerance) for row in known):
                return scale
        return None

    @cached_property
    def counts_pupils(self) -> bool:
        """Whether its numerator counts pupils of the group; a sum of points or marks does not."""
        if self.item.unit in ("percent", "share"):
            return True
        rows = [row for row in self.rows.values() if _complete(row)]
        return self.scale == 1 and all(0 <= (row.numerator or 0) <= (row.denominator or 0) for row in rows)

    def part(self, numerator: Decimal) -> Decimal:
        """So many pupils are in the share."""
        return numerator * (self.scale or 1) / (100 if self.item.unit == "percent" else 1)


def _complete(row: IndicatorValueRow) -> bool:
    """Whether the row's numbers are there, and the value is one of its pupils: other quotients cannot be looked through."""
    numerator, pupils = row.numerator, row.denominator
    whole = numerator is not None and pupils is not None and pupils > 0 and pupils == pupils.to_integral_value()
    return whole and row.participants in (None, pupils)


def _near(row: IndicatorValueRow, scale: Decimal, tolerance: Decimal) -> bool:
    assert row.value is not None and row.numerator is not None and row.denominator
    return abs(row.value - scale * row.numerator / row.denominator) <= tolerance


def public_figures(outcome: Outcome, ranks: Mapping[str, int], parents: Mapping[Key, Key], minimum: int, year: int
                   ) -> Iterator[PublicFigure]:  # fmt: skip
    """Every figure that is told or hidden; what is neither has nothing to do with counted pupils, or is of ВПР in a school.

    ranks    level -> its height, 0 for schools; other levels are left out
    parents  entity -> the one that contains it
    """
    by_group: dict[tuple[int, Group], list[_Figure]] = defaultdict(list)
    for figure in _figures(outcome, ranks, year):
        by_group[ranks[figure.level], figure.group].append(figure)
    taken: dict[Group, _Told] = {}
    left: list[_Figure] = []
    for (rank, group), figures in sorted(by_group.items(), key=lambda entry: (entry[0][0], entry[0][1].order())):
        figures.sort(key=lambda figure: figure.order)
        # of ВПР above schools one cannot tell whether a municipality's figure is that of one school
        if all(group.apart(other) for other in taken) and not (rank and group.of_vpr()):
            taken[group] = _Told(group, figures, parents, minimum, school=rank == 0)
        else:
            left += figures
    for told in taken.values():
        yield from told.figures()
    for figure in left:
        for entity, row in sorted(figure.rows.items()):
            if not (ranks[figure.level] == 0 and figure.group.of_vpr()):
                yield _figure(row, shown=_follows(figure, entity, row, taken.values(), minimum))


def _figures(outcome: Outcome, ranks: Mapping[str, int], year: int) -> Iterator[_Figure]:
    for item in outcome.items.rows(section="indicators"):
        detail = json.loads(item.detail)
        if not isinstance(detail.get("from"), str):
            continue
        cells: dict[tuple[str, str], dict[str, IndicatorValueRow]] = defaultdict(dict)
        for row in outcome.indicator_values.rows(indicator=item.item):
            if row.level in ranks and row.denominator is not None:
                cells[row.level, row.dimensions][row.entity] = row
        for (level, dimensions), rows in cells.items():
            group = group_of(detail, json.loads(dimensions), year)
            yield _Figure(item, detail, dimensions, group, level, rows)


class _Told:
    """A group whose figures are told where they may be, in the entities that have them and in the totals above."""

    def __init__(
        self, group: Group, figures: list[_Figure], parents: Mapping[Key, Key], minimum: int, *, school: bool
    ) -> None:
        self.group = group
        self.level = figures[0].level
        self._all = figures
        self._kept = _kept(figures)
        self._school = school
        self._shares = [figure for figure in self._kept if figure.counts_pupils]
        leaves = {(self.level, entity): counts for entity, counts in self._leaves()}
        self.nodes = suppress(leaves, parents, minimum, never=school and group.of_vpr())
        self._sums: dict[tuple[Key, tuple[str, str]], Decimal] = defaultdict(Decimal)
        for key in leaves:
            above: Key | None = key
            while above is not None:
                for figure in self._kept:
                    self._sums[above, figure.order] += figure.rows[key[1]].numerator or 0
                above = parents.get(above)

    def _leaves(self) -> Iterator[tuple[str, Counts]]:
        """The entities with all figures, of the same pupils; one that lacks a figure is hidden and in no total."""
        for entity in sorted({entity for figure in self._kept for entity in figure.rows}):
            rows = [figure.rows.get(entity) for figure in self._kept]
            whole = [row for row in rows if row is not None and _complete(row)]
            if len(whole) == len(rows) and len({row.denominator for row in whole}) == 1:
                pupils = whole[0].denominator or Decimal()
                parts = [figure.part(figure.rows[entity].numerator or Decimal()) for figure in self._shares]
                yield entity, Counts(pupils, tuple(parts))

    def figures(self) -> Iterator[PublicFigure]:
        for figure in self._all:
            if not (self._school and self.group.of_vpr()):
                for entity, row in sorted(figure.rows.items()):
                    node = self.nodes.get((self.level, entity))
                    yield _figure(row, shown=figure in self._kept and node is not None and node.shown)
            if figure in self._kept:
                for key, node in self.nodes.items():
                    if key[0] != self.level:
                        yield self._total(figure, key, node)

    def _total(self, figure: _Figure, key: Key, node: Node) -> PublicFigure:
        if not node.shown:
            return PublicFigure(*key, *figure.order, hidden=True)
        numerator, pupils = self._sums[key, figure.order], node.counts.pupils
        value = ((figure.scale or 1) * numerator / pupils).quantize(_PLACES, ROUND_HALF_UP)
        return PublicFigure(*key, *figure.order, value, numerator, pupils, int(pupils))


def _kept(figures: list[_Figure]) -> list[_Figure]:
    """Those that most entities of the group have: one that few have would take the group from all others."""
    told = [figure for figure in figures if figure.scale is not None]
    known = {figure.order: sum(map(_complete, figure.rows.values())) for figure in told}
    most = max(known.values(), default=0)
    return [figure for figure in told if 2 * known[figure.order] >= most]


def _follows(figure: _Figure, entity: str, row: IndicatorValueRow, told: Iterable[_Told], minimum: int) -> bool:
    """Whether the figure is about pupils of whom all is told already: its groups are shown, and no pupil is left."""
    if row.value is None or figure.scale is None or not _complete(row):
        return False
    pupils, key = row.denominator or Decimal(), (figure.level, entity)
    parts = [figure.part(row.numerator or Decimal())] if figure.counts_pupils else []
    inside = [one.nodes[key] for one in told if figure.group.holds(one.group) and key in one.nodes]
    if Counts(pupils, tuple(parts)).small(minimum) or not all(node.shown for node in inside):
        return False
    return sum((node.counts.pupils for node in inside), Decimal()) == pupils


def _figure(row: IndicatorValueRow, *, shown: bool) -> PublicFigure:
    key = (row.level, row.entity, row.indicator, row.dimensions)
    if not shown:
        return PublicFigure(*key, hidden=True)
    pupils = row.denominator or Decimal()
    return PublicFigure(*key, row.value, row.numerator, pupils, int(pupils))
