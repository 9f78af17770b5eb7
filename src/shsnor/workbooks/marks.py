"""What the reader of workbooks does not tell, looked up in the parts of the file: errors of formulas, per cents, extent.

An error (`#DIV/0!`) and a formula that was never computed come out of the reader as an empty cell, a cell with the format
«%» as a bare fraction, and one stray cell in the last row and column as a table of 17 thousand million cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Spot = tuple[int, int]
"""Row and column of a cell, both from 0."""
Span = tuple[Spot, Spot]
"""First and last cell of merged ones."""

NOT_COMPUTED = ""
#: Number formats that Excel knows by number: 0% and 0.00%.
PERCENT_FORMATS = {"9", "10"}


@dataclass
class Marks:
    """Cells of a sheet that need a second look.

    percents   cells shown as per cents: 0.305 means 30.5 %
    errors     cell -> what it shows, as `#DIV/0!`; NOT_COMPUTED where a formula has no value
    last       no cell with content lies below or to the right of it
    merged     None where the reader of workbooks tells it
    """

    percents: set[Spot] = field(default_factory=set)
    errors: dict[Spot, str] = field(default_factory=dict)
    last: Spot = (0, 0)
    merged: list[Span] | None = None


def column_number(letters: str) -> int:
    """`A` -> 0, `AA` -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """0 -> `A`, 26 -> `AA`."""
    letters, number = "", number + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shows_percent(form: str) -> bool:
    """Whether a number format multiplies by a hundred: one with a per cent sign that is not in quotes."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", form)
