"""A comparison of years as sheets: the tables of the workbook, and of the page too. In Russian."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from shsnor.comparing.changes import CAUSES, Change, standing
from shsnor.comparing.indicators import IndicatorChange, IndicatorShift
from shsnor.comparing.monitoring import ClusterShift
from shsnor.comparing.plans import MeasureLine, PlanLine
from shsnor.comparing.year_texts import has_targets, rests_on_vpr
from shsnor.comparing.year_words import causes_text, change_amount, dated_stages, difference_lines, head_lines
from shsnor.comparing.years import YearsComparison
from shsnor.sheets import Cell, Column, Sheet
from shsnor.wording import explanations as words
from shsnor.wording.phrases import number
from shsnor.wording.terms import UNITS, term
from shsnor.wording.years import RU, say

#: So many rows of schools' indicators are written: a workbook that a person opens.
MOST_ROWS = 100_000

_ENTITY = (Column(RU["code"], "code"), Column(RU["name"]), Column(RU["place"]))


def year_sheets(found: YearsComparison, *, schools: bool = True) -> list[Sheet]:
    """The sheets that have something to say, the first with what is compared and how to read it.

    schools   with the lists and the indicators, school by school: the longest
    """
    sheets = [_head(found), totals(found), *([_lists(found)] if schools else []), _shifts(found)]
    sheets += [_changes(found)] if schools else []
    sheets.append(_clusters(RU["sheet_clusters"], found.clusters, found))
    if found.monitoring.shifts:
        sheets.append(_monitoring(found))
    if found.effect is not None:
        sheets.append(_effect(found))
    if found.plan:
        sheets.append(_plan(found, found.plan))
    if found.measures:
        sheets.append(_measures(found, found.measures))
    return [sheet for sheet in sheets if sheet.rows or not sheet.columns]


def _head(found: YearsComparison) -> Sheet:
    lines = [RU["title"], RU["internal"], *head_lines(found, "ru"), "", say("differences", "ru") + ":"]
    lines += [f"– {line}" for line in difference_lines(found, "ru")]
    return Sheet(RU["sheet_head"], lines=(*lines, "", RU["how_to_read"], *how_to_read(found)))


def how_to_read(found: YearsComparison) -> list[str]:
    """What must be known to read the comparison rightly."""
    lines = [say("several", "ru"), say("no_proof", "ru"), say("limit", "ru")]
    return [*lines, words.say("vpr_limit", "ru")] if rests_on_vpr(found) else lines


def totals(found: YearsComparison) -> Sheet:
    """How many have each flag, how many came and went, and from what."""
    kinds = ("entered", "left", "still_met", "unsettled", "still_unknown")
    columns = (
        Column(RU["flag"]), Column(RU["n_before"], "count"), Column(RU["n_after"], "count"),
        *(Column(RU[f"n_{kind}"], "count") for kind in kinds), Column(RU["causes"], "long"),
    )  # fmt: skip
    lists = found.lists
    rows: list[list[Cell]] = []
    for flag, label in (lists.labels or {}).items():
        counts = [len(lists.of(flag, "entered")), len(lists.of(flag, "left")), len(lists.still(flag, "met"))]
        counts += [len(lists.of(flag, "unsettled")), len(lists.still(flag, "unknown"))]
        causes = Counter(cause.kind for change in lists.of(flag) if change.kind != "cleared" for cause in change.causes)
        told = "; ".join(f"{say(f'cause_{kind}', 'ru')}: {causes[kind]}" for kind in CAUSES if causes[kind])
        rows.append([label, *lists.raised[flag], *counts, told])
    return Sheet(RU["sheet_totals"], columns, rows, frozen=1)


def _lists(found: YearsComparison) -> Sheet:
    columns = (
        *_ENTITY, Column(RU["flag"]), Column(RU["kind"]),
        *(Column(stage) for stage in dated_stages(found, "ru")),
        Column(RU["causes"], "long"), Column(RU["turns"], "long"),
        Column(RU["vpr_only"], "yes_no"), Column(RU["decision"], "yes_no"),
    )  # fmt: skip
    kinds: list[tuple[Change, str]] = [(change, change.kind) for change in found.lists.changes]
    kinds += [(change, f"still_{standing(change.after)}") for change in found.lists.unchanged]
    order = {flag: place for place, flag in enumerate(found.lists.labels or {})}
    kinds.sort(key=lambda pair: (order.get(pair[0].flag, 0), pair[0].place, pair[0].name, pair[0].entity))
    rows = [_list_row(change, kind, found) for change, kind in kinds]
    return Sheet(RU["sheet_lists"], columns, rows, frozen=2)


def _list_row(change: Change, kind: str, found: YearsComparison) -> list[Cell]:
    verdicts = found.verdicts.get((change.flag, change.level, change.entity), ())
    return [
        change.entity, change.name, change.place, change.label, RU[kind],
        *(RU[verdict] for verdict in verdicts),
        causes_text(change.causes, found, "ru"),
        "\n".join(turn.text(found.lists.items, "ru") for turn in change.turns),
        change.vpr_only, change.decided,
    ]  # fmt: skip


def _shifts(found: YearsComparison) -> Sheet:
    columns = (
        Column(RU["indicator"]), Column(RU["cell"]), Column(RU["unit"]), Column(RU["better"]),
        *(Column(RU[f"n_{key}"], "count") for key in ("better", "worse", "same", "unknown")),
        *(Column(f"Все вместе: {stage.lower()}", "number") for stage in dated_stages(found, "ru")),
        Column(RU["median"], "number"), Column(RU["note"], "long"),
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for shift in found.shifts:
        counts = [shift.count("better"), shift.count("worse"), shift.count("same"), shift.count("unknown")]
        rows.append([*_named(shift), *counts, *map(_places, shift.region), _places(shift.change), _note(shift)])
    return Sheet(RU["sheet_shifts"], columns, rows, frozen=1)


def _named(shift: IndicatorShift) -> list[Cell]:
    return [shift.label, words.cell(shift.cell, "ru"), term(shift.unit, "ru", UNITS), RU[shift.better]]


def _note(shift: IndicatorShift) -> str:
    if shift.count("redefined"):
        return RU["redefined"]
    return RU["exams_differ"] if shift.beside else ""


def _changes(found: YearsComparison) -> Sheet:
    stages = dated_stages(found, "ru")
    columns = (
        *_ENTITY, Column(RU["indicator"]), Column(RU["cell"]), Column(RU["unit"]), Column(RU["better"]),
        *(Column(stage, "number") for stage in stages), Column(RU["change"], "number"), Column(RU["median"], "number"),
        Column(RU["beside"], "number"), Column(RU["place_median"], "number"), Column(RU["status"]),
        *(Column(f"{RU['participants']}: {stage.lower()}", "count") for stage in stages), Column(RU["note"], "long"),
    )  # fmt: skip
    concerned = found.concerned()
    pairs = [
        (shift, change)
        for shift in found.shifts
        for change in shift.changes
        if (change.level, change.entity) in concerned and any(value is not None for value in change.values)
    ]
    places = {key: _place(found, *key) for key in concerned}
    pairs.sort(key=lambda pair: (*places[pair[1].level, pair[1].entity][::-1], pair[1].entity))
    rows = [_change_row(shift, change, found) for shift, change in pairs[:MOST_ROWS]]
    lines = [RU["sheet_changes"], RU["only_concerned"]]
    if len(pairs) > MOST_ROWS:
        lines.append(RU["too_many"].format(n=number(MOST_ROWS)))
    return Sheet(RU["sheet_changes"], columns, rows, lines=tuple(lines), frozen=2)


def _change_row(shift: IndicatorShift, change: IndicatorChange, found: YearsComparison) -> list[Cell]:
    return [
        change.entity, *_place(found, change.level, change.entity), *_named(shift),
        *map(_places, change.values), _places(change.change), _places(shift.change), _places(change.beside),
        _places(change.place), _status(shift, change), *change.participants, _remark(shift, change),
    ]  # fmt: skip


def _status(shift: IndicatorShift, change: IndicatorChange) -> str:
    key = f"{'beside' if shift.beside else 'is'}_{change.status}"
    return RU.get(key) or RU[f"is_{change.status}"]


def _remark(shift: IndicatorShift, change: IndicatorChange) -> str:
    """Why there is no change, or why one need not mean much."""
    if change.status == "redefined":
        return RU["redefined"]
    if change.change is None:
        reasons = (
            words.reasons(r, "ru") for v, r in zip(change.values, change.reasons, strict=True) if v is None and r
        )
        return "; ".join(dict.fromkeys(reasons))
    if not change.few:
        return ""
    least = min(n for n in change.participants if n is not None)
    if shift.unit == "percent" and least:
        return RU["few_percent"].format(
            n=least, weight=change_amount(Decimal(100) / least, "percent", "ru").lstrip("+")
        )
    return RU["few"].format(n=least)


def _clusters(title: str, shifts: tuple[ClusterShift, ...], found: YearsComparison) -> Sheet:
    columns = (
        Column(RU["scheme"]), Column(RU["label"]),
        *(Column(stage, "count") for stage in dated_stages(found, "ru")), Column(RU["moved_from"], "long"),
    )  # fmt: skip
    return Sheet(title, columns, [row for shift in shifts for row in _labels(shift)], frozen=2)


def _labels(shift: ClusterShift) -> Iterator[list[Cell]]:
    unknown = say("label_unknown", "ru")
    for label, counts in shift.labels.items():
        came = (f"{was or unknown}: {n}" for (was, now), n in shift.moves.items() if now == label)
        yield [shift.label, label or unknown, *counts, "; ".join(came)]


def _monitoring(found: YearsComparison) -> Sheet:
    columns = (
        Column(RU["entity"]), Column(RU["order_code"]), Column(RU["indicator"]), Column(RU["cell"]), Column(RU["unit"]),
        Column(RU["better"]), *monitoring_columns(found), Column(RU["note"], "long"),
    )  # fmt: skip
    rows = [
        [cells[0], shift.code, *_named(shift), *cells[1:], _remark(shift, change) or _note(shift)]
        for shift in found.monitoring.shifts
        for change, cells in zip(shift.changes, monitoring_rows(shift, found), strict=True)
    ]
    return Sheet(
        RU["sheet_monitoring"], columns, rows, lines=(RU["sheet_monitoring"], *monitoring_notes(found)), frozen=1
    )


def monitoring_columns(found: YearsComparison) -> tuple[Column, ...]:
    """The columns of one indicator: its value in each outcome, the change, what the order itself concludes."""
    stages = (Column(stage, "number") for stage in dated_stages(found, "ru"))
    return (
        *stages,
        Column(RU["change"], "number"),
        Column(RU["median"], "number"),
        Column(RU["status"]),
        Column(RU["own"]),
    )


def monitoring_rows(shift: IndicatorShift, found: YearsComparison) -> Iterator[list[Cell]]:
    """A row an entity: its name, then the columns of the indicator."""
    for change in shift.changes:
        own = found.monitoring.conclusions.get((shift.indicator, change.level, change.entity))
        yield [
            _place(found, change.level, change.entity)[0] or change.entity, *map(_places, change.values),
            _places(change.change), _places(shift.change), _status(shift, change),
            RU[f"own_{own.verdict}"] if own is not None else "",
        ]  # fmt: skip


def monitoring_notes(found: YearsComparison) -> list[str]:
    """What the order does not say of the monitorings."""
    notes = [say("stages_chosen", "ru")] if len(found.sides) == 3 else []
    return notes if has_targets(found) else [*notes, say("no_targets", "ru")]


def _effect(found: YearsComparison) -> Sheet:
    """Labels of the schemes that rest on measures, and how many schools have better results beside them."""
    assert found.effect is not None
    columns = (
        Column(RU["effect_part"]), Column(RU["label"]),
        *(Column(stage, "count") for stage in dated_stages(found, "ru")), Column(RU["moved_from"], "long"),
    )  # fmt: skip
    rows = [row for shift in found.effect.clusters for row in _labels(shift)]
    nothing: list[Cell] = [None] * (len(found.sides) - 1)
    for shift in found.effect.shifts:
        name = ": ".join(part for part in (shift.label, words.cell(shift.cell, "ru")) if part)
        for key in ("better", "worse", "same", "unknown"):
            rows.append([name, RU[f"n_{key}"], *nothing, shift.count(key), ""])
    return Sheet(RU["sheet_effect"], columns, rows, lines=(RU["sheet_effect"], say("no_proof", "ru")), frozen=2)


def _plan(found: YearsComparison, plan: tuple[PlanLine, ...]) -> Sheet:
    columns = (
        *_ENTITY, Column(RU["indicator"]), Column(RU["unit"]), Column(RU["year"], "code"), Column(RU["better"]),
        Column(RU["plan"], "number"), Column(RU["fact"], "number"), Column(RU["difference"], "number"),
        Column(RU["status"]), Column(RU["source"]),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            line.entity, *_where(found, line.entity), line.label, line.unit, str(line.year),
            RU[line.better or "no_better"], _places(line.plan), _places(line.fact), _places(line.difference),
            RU[line.status], RU[line.source or "empty"],
        ]
        for line in plan
    ]  # fmt: skip
    rows.sort(key=lambda row: (str(row[2]), str(row[1]), str(row[0])))
    return Sheet(RU["sheet_plan"], columns, rows, frozen=2)


def _measures(found: YearsComparison, measures: tuple[MeasureLine, ...]) -> Sheet:
    columns = (
        *_ENTITY, Column(RU["measure"], "long"), Column(RU["recommended"]), Column(RU["state"]), Column(RU["year"], "code"),
        Column(RU["planned_to"], "date"), Column(RU["finished"], "date"), Column(RU["role"]),
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for line in measures:
        state = RU[line.status]
        if line.status in ("unasked", "foreign"):
            state = f"{state}: {RU[line.marked]}"
        rows.append([
            line.entity, *_where(found, line.entity), line.label, RU[f"asked_{line.recommended}"], state,
            str(line.year) if line.year else "", line.planned_to, line.finished, line.role,
        ])  # fmt: skip
    rows.sort(key=lambda row: (str(row[2]), str(row[1]), str(row[0])))
    return Sheet(RU["sheet_measures"], columns, rows, lines=(RU["sheet_measures"], RU["measures_rule"]), frozen=2)


def _place(found: YearsComparison, level: str, entity: str) -> tuple[str, str]:
    """The name of an entity, and of what it lies in."""
    for side in reversed(found.sides):
        if (level, entity) in side.entities:
            name, within = side.place_of(level, entity)
            return name, (within[0][2] or within[0][1]) if within else ""
    return "", ""


def _where(found: YearsComparison, entity: str) -> tuple[str, str]:
    """The same of an entity whose level the table does not say: the lowest that has it."""
    for side in reversed(found.sides):
        for level, code in side.entities:
            if code == entity:
                return _place(found, level, entity)
    return "", ""


def _places(value: Decimal | None) -> Decimal | None:
    """At most four places: more are nobody's."""
    return None if value is None else round(value, 4)
