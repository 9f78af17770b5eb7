"""Numbers that are the same everywhere, and how they are written.

The same bytes come out on any machine and any Python from 3.11 on: of `random` only `Random(int).random()` is used, whose
sequence is guaranteed, and of floating point only + - * / and sqrt, which IEEE 754 rounds exactly (no exp, no log, no
`sum` of floats, whose rounding changed in Python 3.12).
"""

from __future__ import annotations

from math import floor, sqrt
from random import Random
from typing import Final, TypeVar

Item = TypeVar("Item")
Row = list[str]

SEED: Final = 20220901
REGION: Final = "Вымышленная область"
YEARS: Final = (2020, 2021, 2022)
MISSING_TEXTS: Final = ("", "н/д", "", "-")
"""How a missing cell is written, in turn: half of them empty."""

ROOT_3: Final = sqrt(3.0)


class Chance:
    """Random numbers that are the same everywhere."""

    def __init__(self, *seed: int) -> None:
        number = SEED
        for part in seed:
            number = number * 100_003 + part
        self.random = Random(number).random

    def normal(self) -> float:
        """About normal: mean 0, deviation 1, never beyond 3.5."""
        r = self.random
        return (r() + r() + r() + r() - 2.0) * ROOT_3

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random()

    def count(self, mean: float) -> int:
        """A small count with about this mean (at most four times as much)."""
        slots = max(4, floor(mean * 4))
        hits = 0
        for _ in range(slots):
            hits += self.random() * slots < mean
        return hits

    def order(self, n: int) -> list[int]:
        """The numbers 0 … n - 1 in random order."""
        numbers = list(range(n))
        for i in range(n - 1, 0, -1):
            j = floor(self.random() * (i + 1))
            numbers[i], numbers[j] = numbers[j], numbers[i]
        return numbers

    def pick(self, items: list[Item], n: int) -> list[Item]:
        """Some of the items, in their order."""
        return [items[i] for i in sorted(self.order(len(items))[:n])]


def tenths(part: int, whole: int) -> str:
    """100 * part / whole with one digit, half up."""
    t = (2000 * part + whole) // (2 * whole)
    return f"{t // 10}.{t % 10}"


def share(percent: float, whole: int) -> str:
    """The percent that really occurs among so many pupils or teachers and is next to this one."""
    percent = min(97.0, max(0.0, percent))
    return tenths(floor(percent * whole / 100 + 0.5), whole)


def hundredths(part: int, whole: int) -> str:
    """part / whole with two digits, half up."""
    h = (200 * part + whole) // (2 * whole)
    return f"{h // 100}.{h % 100:02}"


def csv_text(columns: tuple[str, ...], rows: list[Row]) -> str:
    lines = [",".join(columns)]
    for row in rows:
        if len(row) != len(columns) or any(c in cell for cell in row for c in ',"\n\r'):
            raise AssertionError(f"not a plain row: {row}")
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"
