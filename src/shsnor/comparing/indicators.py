"""How the values of indicators changed, beside what the region did: a school is not judged by a year that was hard for all.

Marks and points of another year come from another exam; a change of them says something only beside the change of others.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any, Literal

from shsnor.comparing.sides import Side, items_that_differ
from shsnor.outcomes import IndicatorValueRow, ItemRow
from shsnor.progress import Progress, silent
from shsnor.wording.stages import COMPARING

#: What a change is: `redefined` where the pack computes another thing now, so that there is nothing to compare.
Status = Literal["better", "worse", "same", "unknown", "redefined"]

#: A value of fewer participants moves by much with each of them.
FEW_PARTICIPANTS = 20

#: Of fewer entities no value of all is told.
FEW_ENTITIES = 5

#: Units whose values come from one year's exam: its difficulty changes too.
_OF_AN_EXAM = ("point", "mark")

#: Units of shares: what numerator by denominator is multiplied by.
_SCALES = {"percent": Decimal(100), "share": Decimal(1)}

_PLACES = Decimal("0.000001")
_NEAR = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """An entity's values of one indicator and cell, in the order of the outcomes.

    values, reasons, participants   one an outcome; a value is None where it is not known, and then its reason is said
    change     the last minus the first, in the indicator's unit (percentage points for per cents); None where not known
    beside     the change minus the region's
    place      the change of the entities that lie in the same, as the region's is told; None where they are too few
    few        a value rests on few participants: the change may be chance
    """

    level: str
    entity: str
    values: tuple[Decimal | None, ...]
    reasons: tuple[str, ...]
    participants: tuple[int | None, ...]
    change: Decimal | None
    beside: Decimal | None
    place: Decimal | None
    status: Status

    @property
    def few(self) -> bool:
        known = [n for n in self.participants if n is not None]
        return bool(known) and min(known) < FEW_PARTICIPANTS


@dataclass(frozen=True, slots=True)
class IndicatorShift:
    """One indicator and cell over all entities of a level.

    cell       dimensions without the year, which is each evaluation's own
    region     the value of all together, one an outcome: of a share that of all participants, else the median of the
               entities; None where fewer than five are known
    together   whether `region` is of all participants
    beside     the status tells a change beside the region's: values of different years are of different exams
    changes    in the order of the outcome
    """

    indicator: str
    label: str
    code: str
    unit: str
    better: str
    level: str
    cell: dict[str, str]
    region: tuple[Decimal | None, ...]
    together: bool
    beside: bool
    changes: tuple[IndicatorChange, ...]

    @property
    def change(self) -> Decimal | None:
        """The region's change; None where it is not known."""
        return _difference(self.region)

    def count(self, status: Status) -> int:
        """How many entities have that status."""
        return sum(change.status == status for change in self.changes)


def indicator_shifts(
    sides: Sequence[Side], hidden: frozenset[str], progress: Progress = silent
) -> Iterator[IndicatorShift]:
    """The shifts of all indicators that say which direction is better, by indicator, level, cell; persons are left out.

    hidden   levels whose entities are persons
    """
    wanted = [row for row in sides[-1].rows if row.section == "indicators" and _detail(row).get("better")]
    differing = [items_that_differ(side, sides[-1]) for side in sides[:-1]]
    for done, row in enumerate(wanted):
        progress(COMPARING, done, len(wanted))
        under = sides[-1].rests_on(row.item, "indicators")
        redefined = any(under & found for found in differing)
        values = _values(sides, row.item, hidden)
        for (level, cell), entities in values.items():
            yield _shift(row, level, cell, entities, sides, redefined)


_Found = dict[str, list[IndicatorValueRow | None]]


def _values(sides: Sequence[Side], indicator: str, hidden: frozenset[str]) -> dict[tuple[str, str], _Found]:
    """(level, cell) -> entity -> its row in each outcome; of a value that has a year, that of the evaluation."""
    found: dict[tuple[str, str], _Found] = {}
    cells: dict[str, tuple[str, str]] = {}
    for place, side in enumerate(sides):
        for row in side.outcome.indicator_values.rows(indicator=indicator):
            if row.level in hidden:
                continue
            if row.dimensions not in cells:
                dimensions: dict[str, str] = json.loads(row.dimensions)
                year = dimensions.pop("year", "")
                cells[row.dimensions] = (json.dumps(dimensions, ensure_ascii=False, sort_keys=True), year)
            cell, year = cells[row.dimensions]
            if year and year != str(side.year):
                continue
            entities = found.setdefault((row.level, cell), {})
            entities.setdefault(row.entity, [None] * len(sides))[place] = row
    return found


def _shift(
    row: ItemRow, level: str, cell: str, entities: _Found, sides: Sequence[Side], redefined: bool
) -> IndicatorShift:
    detail = _detail(row)
    together = row.unit in _SCALES and all(_adds_up(found, row.unit) for rows in entities.values() for found in rows)
    region = _level_values(entities.values(), row.unit, together)
    region = tuple(None for _ in region) if redefined else region
    shift = _difference(region) if region else None
    beside = row.unit in _OF_AN_EXAM and len({side.year for side in sides}) > 1
    places = _places(entities, level, sides[-1], row.unit, together)
    told = []
    for entity, rows in entities.items():
        change = None if redefined else _difference([_known(rows[0]), _known(rows[-1])])
        next_to = None if change is None or shift is None else change - shift
        status = "redefined" if redefined else _status(next_to if beside else change, str(detail["better"]))
        told.append(
            IndicatorChange(
                level, entity, tuple(_known(found) for found in rows), tuple(_reason(found) for found in rows),
                tuple(found.participants if found is not None else None for found in rows),
                change, next_to, None if redefined else places.get(entity), status,
            )
        )  # fmt: skip
    return IndicatorShift(
        row.item, row.label or row.item, str(detail.get("code", "")), row.unit, str(detail["better"]), level,
        json.loads(cell), region, together, beside, tuple(told),
    )  # fmt: skip


def _difference(values: Sequence[Decimal | None]) -> Decimal | None:
    first, last = values[0], values[-1]
    return None if first is None or last is None else last - first


def _adds_up(row: IndicatorValueRow | None, unit: str) -> bool:
    """Whether a value is its numerator by its denominator, so that those of many make the value of all."""
    if row is None or row.value is None:
        return True
    if row.numerator is None or not row.denominator:
        return False
    return abs(row.value - _SCALES[unit] * row.numerator / row.denominator) < _NEAR


def _level_values(
    rows: Collection[Sequence[IndicatorValueRow | None]], unit: str, together: bool
) -> tuple[Decimal | None, ...]:  # fmt: skip
    """The value of all of them, one an outcome."""
    places = range(len(next(iter(rows)))) if rows else ()
    return tuple(_of_all([row[place] for row in rows], unit, together) for place in places)


def _of_all(rows: list[IndicatorValueRow | None], unit: str, together: bool) -> Decimal | None:
    known = [row for row in rows if row is not None and row.value is not None]
    if len(known) < FEW_ENTITIES:
        return None
    if together:
        sums = (
            sum(part or 0 for part in parts)
            for parts in zip(*((r.numerator, r.denominator) for r in known), strict=True)
        )
        numerator, denominator = (Decimal(total) for total in sums)
        return (_SCALES[unit] * numerator / denominator).quantize(_PLACES, ROUND_HALF_UP)
    return median(row.value for row in known if row.value is not None).quantize(_PLACES, ROUND_HALF_UP)


def _places(entities: _Found, level: str, side: Side, unit: str, together: bool) -> dict[str, Decimal | None]:
    """Entity -> the change of all that lie in the same."""
    groups: dict[str, list[str]] = {}
    for entity in entities:
        row = side.entities.get((level, entity))
        above = side.entities.get((row.parent_level, row.parent)) if row is not None else None
        if above is not None and above.parent_level:
            groups.setdefault(above.entity, []).append(entity)
    found: dict[str, Decimal | None] = {}
    for members in groups.values():
        change = _difference(_level_values([entities[entity] for entity in members], unit, together))
        found |= dict.fromkeys(members, change)
    return found


def _status(change: Decimal | None, better: str) -> Status:
    if change is None:
        return "unknown"
    if change == 0:
        return "same"
    return "better" if (change > 0) == (better == "higher") else "worse"


def _known(row: IndicatorValueRow | None) -> Decimal | None:
    return row.value if row is not None else None


def _reason(row: IndicatorValueRow | None) -> str:
    return "no_row" if row is None else row.reason


def _detail(row: ItemRow) -> dict[str, Any]:
    content = json.loads(row.detail) if row.detail else {}
    return content if isinstance(content, dict) else {}
