"""The calendar of measures: what is due in a month, for whom, by which role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shsnor.errors import UsageError
from shsnor.listing.earlier import written_in
from shsnor.listing.shown import PLACE, Shown, roles
from shsnor.listing.tables import recommended
from shsnor.listing.typed import STATES
from shsnor.outcomes import Outcome
from shsnor.sheets import Cell, Column, Sheet, write_workbook
from shsnor.wording import explanations as words
from shsnor.wording import listing as said
from shsnor.wording.terms import STATUSES, term

#: A list workbook has the dates that an office has planned; else only the order's own are known.
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class DueMeasure:
    """A measure that is due in a month.

    entity         code; "" of a measure for everyone and of a row of the order's own plan
    deadline       in the words of the document, or the day that the office has planned
    responsible    roles, with commas
    state          what the office has marked; "" where nothing
    kind           recommended, for_everyone, or task: a row of the order's plan
    """

    entity: str
    name: str
    municipality: str
    item: str
    label: str
    deadline: str
    responsible: str
    report: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class DueMonth:
    """What is due in a month, in the order of municipality and name; `undated` measures have no month to stand in."""

    year: int
    month: int
    rows: tuple[DueMeasure, ...]
    undated: int


def due_measures(outcome: Outcome, month: str, *, marked: Path | str | None = None) -> DueMonth:
    """What is due in a month («2026-09»): recommended measures by school, those for everyone, the order's own plan.

    A measure is due in the months that its document names: in that year alone where it names a date, else every year.
    marked   a list workbook: what the office has planned in it goes before what the document says
    raises   ValueError where `month` is none; UsageError SH613 where `marked` is no list workbook
    """
    found = _MONTH.fullmatch(month)
    if found is None:
        raise ValueError(f"not a month: {month!r}")
    year, number = int(found[1]), int(found[2])
    shown, marks = Shown(outcome), _marks(marked)
    evaluated = str(outcome.manifest.evaluation.get("year") or "")
    rows: list[tuple[tuple[object, ...], DueMeasure]] = []
    undated = 0
    for position, row in recommended(shown, "recommended"):
        mark = marks.get((row.entity, row.measure, evaluated), {})
        planned = str(mark.get("planned_to") or "")
        state = STATES.get(str(mark.get("status") or ""), "")
        if not (planned or row.due or json.loads(row.months or "[]")):
            undated += 1
        elif planned[:7] == month if planned else is_due(row.months, row.due, year, number):
            key = (row.level, row.entity)
            code, name, municipality = shown.place(key)
            deadline = words.date(planned, "ru") or row.deadline or words.date(row.due, "ru")
            due = DueMeasure(
                str(code), str(name or ""), str(municipality or ""), row.measure, row.label, deadline,
                roles(row.responsible), row.report, state, row.status,
            )  # fmt: skip
            rows.append(((0, *shown.order(key), position), due))
    rows.sort(key=lambda one: one[0])
    return DueMonth(
        year,
        number,
        (*(due for _, due in rows), *sorted(_for_all(shown, year, number), key=lambda due: due.name)),
        undated,
    )


def _marks(marked: Path | str | None) -> Mapping[tuple[str, str, str], Mapping[str, Cell]]:
    if marked is None:
        return {}
    if (written := written_in(Path(marked))) is None:
        raise UsageError.of("SH613", Path(marked))
    return written.marks


def _for_all(shown: Shown, year: int, month: int) -> Iterator[DueMeasure]:
    """Measures for everyone, once each, and the rows of the order's plan."""
    everyone = {(row.level, row.measure): row for _, row in recommended(shown, "for_everyone")}
    for row in everyone.values():
        if is_due(row.months, row.due, year, month):
            name = said.EVERY_SCHOOL.get(row.level, row.level)
            yield DueMeasure(
                "", name, "", row.measure, row.label, row.deadline, roles(row.responsible), row.report, "", row.status
            )  # fmt: skip
    for task in shown.outcome.tasks.rows():
        if is_due(task.months, "", year, month):
            name = said.EVERY_SCHOOL.get(task.level, task.level)
            yield DueMeasure(
                "", name, "", task.item, task.label, task.deadline, roles(task.responsible), task.report, "", "task"
            )  # fmt: skip


def is_due(months: str, due: str, year: int, month: int) -> bool:
    """Whether a month is one of those of a term: JSON list of months, and the day of its end, «2020-09-30» or ""."""
    named = month in json.loads(months or "[]")
    if due:
        return due[:7] == f"{year}-{month:02}" or (named and due[:4] == str(year))
    return named


def write_due(due: DueMonth, path: Path | str) -> Path:
    """The workbook that now holds what is due: `path`, or one beside it where that is open elsewhere.

    raises   UsageError SH610 where it cannot be written
    """
    columns = (
        *PLACE,
        Column("Мера", "text", width=60), Column("Срок", "text", width=24), Column("Отвечает", "text", width=30),
        Column("Форма отчёта", "text", width=26), Column("Отметка", "text", width=16), Column("Что это", "text", width=18),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (row.entity, row.name, row.municipality, row.label, row.deadline, row.responsible, row.report, row.state, kind_word(row))
        for row in due.rows
    ]  # fmt: skip
    head = said.DUE_HEAD.format(month=f"{due.month:02}.{due.year}")
    lines = (head, said.INTERNAL, *((said.UNDATED.format(n=due.undated),) if due.undated else ()))
    sheet = Sheet(f"Сроки {due.month:02}.{due.year}", columns, rows, lines, frozen=2)
    try:
        return write_workbook(Path(path), [sheet], title=head)
    except OSError as error:
        raise UsageError.of("SH610", Path(path), problem=error.strerror or type(error).__name__) from error


def kind_word(row: DueMeasure) -> str:
    """«рекомендуется», «для всех», «план порядка»."""
    return said.OF_THE_PLAN if row.kind == "task" else term(row.kind, "ru", STATUSES)
