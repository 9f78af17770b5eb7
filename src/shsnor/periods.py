"""Years and dates of an evaluation: the date asked for, its year, windows of years."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AsOf:
    """The date of an evaluation and its year (2021 = school year 2020/21)."""

    date: datetime.date

    @property
    def year(self) -> int:
        return self.date.year


def parse_as_of(value: str | int | datetime.date | AsOf) -> AsOf:
    """The date that `value` names; a bare year is its 31 December.

    raises  ValueError where it names none
    """
    if isinstance(value, AsOf):
        return value
    if isinstance(value, datetime.datetime):
        return AsOf(value.date())
    if isinstance(value, datetime.date):
        return AsOf(value)
    text = str(value).strip()
    if re.fullmatch(r"\d{4}", text):
        return AsOf(datetime.date(int(text), 12, 31))
    return AsOf(datetime.date.fromisoformat(text))


@dataclass(frozen=True, slots=True)
class Window:
    """The years a reader asks for.

    years       calendar years, ascending; with `last_held` those among which the held ones are sought
    last_held   of these only the last n in which the cell was held; None: all of them
    """

    years: tuple[int, ...]
    last_held: int | None = None
