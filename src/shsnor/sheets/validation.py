"""What may be typed into a column: a drop-down, a range; long drop-downs stand on a hidden sheet of their own."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shsnor.sheets.model import Column

if TYPE_CHECKING:
    from xlsxwriter import Workbook

LISTS = "Списки"

_MOST_CHOICES = 255  # characters of a drop-down that is typed in, Excel's limit


class Lists:
    """The drop-downs that are too long to be typed in, or have commas, which would part them."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], int] = {}

    def source(self, choices: tuple[str, ...]) -> list[str] | str:
        """The choices as Excel takes them: themselves, or where they stand."""
        typed = ",".join(choices)
        if len(typed) <= _MOST_CHOICES and typed.count(",") == len(choices) - 1:
            return list(choices)
        from xlsxwriter.utility import xl_range_abs

        place = self._places.setdefault(choices, len(self._places))
        return f"='{LISTS}'!{xl_range_abs(0, place, len(choices) - 1, place)}"

    def write(self, book: Workbook) -> None:
        """The hidden sheet, where it is needed."""
        if not self._places:
            return
        page = book.add_worksheet(LISTS)
        page.hide()
        for choices, place in self._places.items():
            for row, choice in enumerate(choices):
                page.write_string(row, place, choice)


def rule(column: Column, lists: Lists) -> dict[str, Any] | None:
    """What xlsxwriter is told of the cells of a column; None where anything may be typed."""
    choices = ("да", "нет") if column.kind == "yes_no" and not column.choices else column.choices
    if choices:
        checked: dict[str, Any] = {"validate": "list", "source": lists.source(choices)}
    elif column.kind in ("count", "number", "percent", "date") and (column.minimum, column.maximum) != (None, None):
        checked = {"validate": {"count": "integer", "date": "date"}.get(column.kind, "decimal"), **_range(column)}
    else:
        return None
    return {**checked, "error_title": "Не то значение", "error_message": (column.note or column.title)[:255]}


def _range(column: Column) -> dict[str, Any]:
    least, greatest = (_bound(bound) for bound in (column.minimum, column.maximum))
    if least is None:
        return {"criteria": "<=", "value": greatest}
    if greatest is None:
        return {"criteria": ">=", "value": least}
    return {"criteria": "between", "minimum": least, "maximum": greatest}


def _bound(bound: int | Decimal | datetime.date | None) -> int | Decimal | datetime.datetime | None:
    if isinstance(bound, datetime.date):
        return datetime.datetime(bound.year, bound.month, bound.day)
    return bound if bound is None or bound != int(bound) else int(bound)
