"""The rows of an order as a pack holds them: found by their own numbers, and those with a term as a plan by months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shsnor.pack import Pack, Task
from shsnor.wording.phrases import natural

#: A school year's months in their order.
SCHOOL_YEAR = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the document and the item that holds it; `code` is the row's own number, `basis` as the pack says."""

    code: str
    section: str
    item: str
    label: str
    basis: str
    document: str
    clause: str


def rows_of(pack: Pack, code: str | None = None) -> list[OrderRow]:
    """The rows of the order that the pack holds, by their numbers in natural order (2 before 10).

    code   only the row of that number and those below it (`kchr.plan` has `kchr.plan.I.1` below it)
    """
    rows = [
        OrderRow(
            item.code, section, name, item.label, item.source.basis, item.source.document or "", item.source.clause
        )
        for section, name, item in pack.items()
        if item.code is not None and (code is None or item.code == code or item.code.startswith(code + "."))
    ]
    return sorted(rows, key=lambda row: natural(row.code))


@dataclass(frozen=True, slots=True)
class Planned:
    """A task and when it is due: a month 1–12; None where the order says its term in words or not at all."""

    month: int | None
    item: str
    task: Task


def plan_of(pack: Pack, month: int | None = None) -> Iterator[Planned]:
    """The tasks from September to August, one with several months in each of them; then those without a month.

    month   only what is due in that month
    """
    tasks = pack.document.tasks.items()
    for due in SCHOOL_YEAR:
        if month in (None, due):
            yield from (Planned(due, name, task) for name, task in tasks if due in (task.months or ()))
    if month is None:
        undated = [Planned(None, name, task) for name, task in tasks if not task.months]
        yield from sorted(undated, key=lambda planned: not planned.task.deadline)
