"""Plan against fact, and measures taken against those recommended: school by school, never in order of merit."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shsnor.comparing.inputs import Inputs, MeasureRow
from shsnor.comparing.sides import Side
from shsnor.outcomes import RecommendationRow

#: `no_direction`: the order does not say which direction is better, so a difference says nothing.
PlanStatus = Literal["reached", "not_reached", "no_fact", "no_plan", "no_direction"]
PLAN_STATUSES: tuple[PlanStatus, ...] = ("reached", "not_reached", "no_direction", "no_fact", "no_plan")

#: `missing`: recommended, and no mark of it; `unasked`: marked, though it was not recommended; `foreign`: marked, and no
#: measure or row of this order.
MeasureStatus = Literal["missing", "planned", "overdue", "done", "cancelled", "unasked", "foreign"]
MEASURE_STATUSES: tuple[MeasureStatus, ...] = (
    "missing", "overdue", "planned", "done", "cancelled", "unasked", "foreign",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A school's plan and fact for one indicator, unit and year.

    source       where the fact stands: `actuals`, or `evaluation` where the outcome itself computed it; "" where nowhere
    difference   fact minus plan, in the unit; None where one is not known
    better       higher, lower, or "" where the order does not say
    """

    entity: str
    indicator: str
    label: str
    unit: str
    year: int
    plan: Decimal | None
    fact: Decimal | None
    source: str
    better: str

    @property
    def difference(self) -> Decimal | None:
        return None if self.plan is None or self.fact is None else self.fact - self.plan

    @property
    def status(self) -> PlanStatus:
        if self.plan is None:
            return "no_plan"
        if self.difference is None:
            return "no_fact"
        if not self.better:
            return "no_direction"
        return "reached" if self.difference * (1 if self.better == "higher" else -1) >= 0 else "not_reached"


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of a school: whether the earlier outcome recommended it, and what became of it.

    recommended   recommended, for_everyone, undecided; `plan`: a row of the order's own plan; "" where it was not
    """

    entity: str
    measure: str
    label: str
    recommended: str
    status: MeasureStatus
    year: int | None = None
    planned_to: datetime.date | None = None
    finished: datetime.date | None = None
    role: str = ""
    marked: str = ""


def plan_lines(before: Side, after: Side, inputs: Inputs) -> tuple[PlanLine, ...]:
    """Plan and fact of the years from one evaluation's to the other's, by school, the order's items, unit, year."""
    years = range(min(before.year, after.year), after.year + 1)
    plan = {(r.entity, r.indicator, r.unit, r.year): r.value for r in inputs.targets if r.year in years}
    fact = {(r.entity, r.indicator, r.unit, r.year): r.value for r in inputs.actuals if r.year in years}
    labels, directions = _labels(after), _directions(after)
    computed = _computed(after, {key[1] for key in plan})
    known = sorted({key[1] for key in {*plan, *fact}})
    levels = dict(after.outcome.indicator_values.picked("indicator", "level", indicator=known)) if known else {}
    lines = []
    for key in {*plan, *fact}:
        entity, indicator, unit, year = key
        ours = _fits(after, levels, entity, indicator, unit)
        value, source = fact.get(key), "actuals" if fact.get(key) is not None else ""
        if value is None and ours and year == after.year and (entity, indicator) in computed:
            value, source = computed[entity, indicator], "evaluation"
        lines.append(
            PlanLine(
                entity, indicator, labels.get(indicator, indicator) if ours else indicator, unit, year,
                plan.get(key), value, source, directions.get(indicator, "") if ours else "",
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.entity, _order(after, line.indicator), line.unit, line.year)))


#: Words that tables use for the units of the format.
_UNIT_WORDS = {
    "percent": ("процент", "%"), "share": ("доля",), "point": ("балл",), "mark": ("отметка",), "ruble": ("рубль", "руб."),
    "count": ("человек", "единица", "число", "количество", "шт."), "year": ("год",),
    "percentage_point": ("процентный пункт", "п. п."),
}  # fmt: skip


def _fits(side: Side, levels: Mapping[str, str], entity: str, indicator: str, unit: str) -> bool:
    """Whether a row of plan or fact can be of the order's indicator of that id: other orders use the same numbers.

    levels   indicator -> level of its values
    """
    row = side.items.get(indicator, "indicators")
    if row is None:
        return True  # a row of the order, or nothing that the order knows
    known = next((name for name, said in _UNIT_WORDS.items() if unit.casefold() in said), unit)
    level = levels.get(indicator)
    return row.unit in ("number", "", known) and (level is None or (level, entity) in side.entities)


def _labels(side: Side) -> dict[str, str]:
    """Id (or the order's number) of an indicator or of a row of the order -> its name."""
    found = {row.code: row.label for row in side.outcome.tasks.rows() if row.code}
    found |= {row.item: row.label for row in side.outcome.tasks.rows()}
    return found | {row.item: row.label for row in side.rows if row.section == "indicators" and row.label}


def _directions(side: Side) -> dict[str, str]:
    """Id -> which direction is better: an indicator's own, or that of all indicators that a row of the order serves."""
    own = {
        row.item: str(better)
        for row in side.rows
        if row.section == "indicators" and (better := json.loads(row.detail or "{}").get("better"))
    }
    found = dict(own)
    for task in side.outcome.tasks.rows():
        served = {own[name] for name in json.loads(task.serves or "[]") if name in own}
        if len(served) == 1:
            for name in (task.item, task.code):
                found.setdefault(name, *served)
    return found


def _computed(side: Side, wanted: set[str]) -> dict[tuple[str, str], Decimal]:
    """(entity, indicator) -> the value that the outcome has for its own year, without other dimensions."""
    found = {}
    for indicator in sorted(wanted):
        if side.items.get(indicator, "indicators") is None:
            continue
        for row in side.outcome.indicator_values.rows(indicator=indicator):
            if row.value is not None and json.loads(row.dimensions) in ({}, {"year": str(side.year)}):
                found[row.entity, indicator] = row.value
    return found


def _order(side: Side, indicator: str) -> tuple[int, str]:
    return side.items.position(indicator, "indicators"), indicator


def measure_lines(before: Side, after: Side, inputs: Inputs) -> tuple[MeasureLine, ...]:
    """What became of the measures that the earlier outcome recommended, and which were taken beside them.

    Marks count that are of the years after the earlier evaluation's, up to the later's; of evaluations of one year, of that.
    """
    years = range(before.year + 1, after.year + 1) if after.year > before.year else range(after.year, after.year + 1)
    marks: dict[tuple[str, str], MeasureRow] = {}
    for mark in sorted(inputs.measures, key=lambda mark: mark.year):
        if mark.year in years:
            marks[mark.entity, mark.measure] = mark  # of several years the last
    asked = {(row.entity, row.measure): row for row in before.outcome.recommendations.rows()}
    labels = {row.item: row.label for side in (before, after) for row in side.rows if row.section == "measures"}
    labels = _labels(after) | labels
    planned = frozenset(name for task in after.outcome.tasks.rows() for name in (task.item, task.code))
    lines = list(_lines(asked, marks, labels, planned, after.as_of))

    def order(line: MeasureLine) -> tuple[str, int, str]:
        return line.entity, before.items.position(line.measure, "measures"), line.measure

    return tuple(sorted(lines, key=order))


def _lines(
    asked: dict[tuple[str, str], RecommendationRow], marks: dict[tuple[str, str], MeasureRow], labels: dict[str, str],
    planned: frozenset[str], day: str,
) -> Iterator[MeasureLine]:  # fmt: skip
    for key in {*asked, *marks}:
        row, mark = asked.get(key), marks.get(key)
        recommended = row.status if row is not None else "plan" if key[1] in planned else ""
        label = row.label if row is not None else labels.get(key[1], key[1])
        if mark is None:
            if recommended == "recommended":
                yield MeasureLine(*key, label, recommended, "missing")
            continue
        state = _state(mark, day)
        unasked: MeasureStatus = "unasked" if key[1] in labels else "foreign"
        yield MeasureLine(
            *key, label, recommended, state if recommended else unasked,
            mark.year, mark.planned_to, mark.finished, mark.role, state,
        )  # fmt: skip


def _state(mark: MeasureRow, day: str) -> Literal["planned", "overdue", "done", "cancelled"]:
    """The state of a measure on the day of the later evaluation."""
    if mark.status == "cancelled":
        return "cancelled"
    if mark.status == "done" or mark.finished is not None:
        return "done"
    if mark.status == "overdue" or (mark.planned_to is not None and str(mark.planned_to) < day):
        return "overdue"
    return "planned"
