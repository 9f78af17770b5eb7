"""A cell as one whole number: a digit for each dimension that has few values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from shsnor.sql import literal

#: The texts of a dimension, or its lowest and highest whole number.
FewValues = tuple[str, ...] | tuple[int, int]

#: A code of a cell fits an INTEGER.
MOST_CODES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Digit:
    """A dimension as a digit of a cell's code: its few values as numbers from 0; the last number stands for NULL.

    raw      the scan's name of what stands in the file
    values   the texts, or the lowest and highest whole number
    """

    raw: str
    values: FewValues

    @property
    def size(self) -> int:
        if isinstance(self.values[0], int):
            return self.values[1] - self.values[0] + 2
        return len(self.values) + 1

    def encoded(self, full: bool = False) -> str:
        """SQL of the digit; `full`: the dimension is nowhere NULL."""
        if isinstance(self.values[0], int):
            number = f"CAST({self.raw} - ({self.values[0]}) AS INTEGER)"
            return number if full else f"coalesce({number}, {self.size - 1})"
        compared = self.values[:-1] if full else self.values  # what is none of these is the last one, or NULL
        cases = "".join(f" WHEN {literal(str(v))} THEN {i}" for i, v in enumerate(compared))
        return f"CASE {self.raw}{cases} ELSE {len(compared)} END" if compared else "0"

    def decoded(self, digit: str) -> str:
        if isinstance(self.values[0], int):
            return f"CASE WHEN {digit} < {self.size - 1} THEN {digit} + ({self.values[0]}) END"
        cases = "".join(f" WHEN {i} THEN {literal(str(v))}" for i, v in enumerate(self.values))
        return f"CASE {digit}{cases} END"


def digits_of(raw: Mapping[str, str], values: Mapping[str, FewValues]) -> dict[str, Digit]:
    """Dimension -> its digit; none where a dimension has many values, or all together too many.

    raw   dimension -> the scan's name of it
    """
    if not raw or not raw.keys() <= values.keys():
        return {}
    digits = {dimension: Digit(name, values[dimension]) for dimension, name in raw.items()}
    return digits if prod(digit.size for digit in digits.values()) <= MOST_CODES else {}
