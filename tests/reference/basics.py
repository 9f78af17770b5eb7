"""What everything else stands on: answers, cells, exact rounding, statistics of lists of numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

Scalar = Fraction | str | bool
Cell = tuple[tuple[str, str], ...]  # pairs of dimension and text, sorted by dimension
Years = frozenset[int]
NO_YEARS: Years = frozenset()

VACANT = ("not_held", "not_applicable")
# Reading 9: the order in which "the first reason" of rule 13 is looked for.
REASON_ORDER = ("no_row", "empty_value", "hidden", "too_few", "empty_group", "declined", *VACANT)


@dataclass(frozen=True)
class Answer:
    """A value or a verdict (True, False) at one cell; None with reasons if unknown; `vacant` as rule 6 says."""

    value: Scalar | None
    reasons: frozenset[str] = frozenset()
    vacant: bool = False

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def unknown(self) -> bool:
        """Unknown and not vacant."""
        return self.value is None and not self.vacant


def unknown(*reasons: str) -> Answer:
    return Answer(None, frozenset(reasons))


def vacant(reasons: Iterable[str]) -> Answer:
    return Answer(None, frozenset(reasons), vacant=True)


NO_ROW = unknown("no_row")
EMPTY_GROUP = unknown("empty_group")


def all_vacant(answers: Iterable[Answer]) -> Answer:
    """What is made of vacant parts only (6); of parts left out by `missing` it is `not_applicable` (reading 10)."""
    reasons = {reason for answer in answers for reason in answer.reasons if reason in VACANT}
    return vacant(reasons or {"not_applicable"})


def first_reason(answers: Iterable[Answer]) -> Answer:
    """Rule 13 with reading 9: one reason, the first in the order of rule 5 that any of the unknown ones has."""
    found = {reason for answer in answers for reason in answer.reasons}
    return unknown(next(reason for reason in REASON_ORDER if reason in found))


def make_cell(pairs: dict[str, str]) -> Cell:
    return tuple(sorted(pairs.items()))


def project(cell: Cell, dims: Iterable[str]) -> Cell:
    wanted = set(dims)
    return tuple(pair for pair in cell if pair[0] in wanted)


# Numbers (19)


NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def is_number(text: str) -> bool:
    return NUMBER.fullmatch(text.strip()) is not None


def number(text: str) -> Fraction:
    return Fraction(text.strip())


def round_half_away(value: Fraction, digits: int) -> Fraction:
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def kept(value: Scalar | None, digits: int | None) -> Scalar | None:
    """A computed value as it is kept: 9 places, or the places of the key `round`; truth becomes 1 or 0."""
    if isinstance(value, bool):
        value = Fraction(int(value))
    if isinstance(value, Fraction):
        return round_half_away(value, 9 if digits is None else digits)
    return value


def to_decimal(value: Fraction) -> Decimal:
    scaled = value * 10**9
    assert scaled.denominator == 1, value
    return Decimal(scaled.numerator).scaleb(-9)


def as_number(value: Scalar) -> Fraction:
    """A number of what is a number or a verdict (met = 1, not met = 0)."""
    if isinstance(value, bool):
        return Fraction(int(value))
    assert isinstance(value, Fraction), value
    return value


def root(value: Fraction) -> Fraction:
    """The square root to 25 places, exact for squares of short decimals."""
    return Fraction(isqrt(value.numerator * 10**50 // value.denominator), 10**25)


# Statistics (13, 16, 17; reading 12)


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def variance(values: Sequence[Fraction]) -> Fraction:
    centre = mean(values)
    return mean([(value - centre) ** 2 for value in values])


def lowest(values: Sequence[Fraction], percent: Fraction) -> Fraction:
    return min(v for v in values if 100 * sum(w <= v for w in values) >= percent * len(values))


def highest(values: Sequence[Fraction], percent: Fraction) -> Fraction:
    return max(v for v in values if 100 * sum(w >= v for w in values) >= percent * len(values))


def slope(points: Sequence[tuple[int, Fraction]]) -> Fraction:
    """Least squares, a year."""
    years = [Fraction(year) for year, _ in points]
    values = [value for _, value in points]
    mean_year, mean_value = mean(years), mean(values)
    above = sum(((x - mean_year) * (y - mean_value) for x, y in zip(years, values, strict=True)), Fraction(0))
    return above / sum(((x - mean_year) ** 2 for x in years), Fraction(0))


def statistic(combine: str, percent: Fraction | None, values: Sequence[Scalar]) -> Fraction:
    """`combine` of known values; `count` and `share` of verdicts count those met, `count` of values the known ones."""
    if combine == "count" and not all(isinstance(value, bool) for value in values):
        return Fraction(len(values))
    numbers = [as_number(value) for value in values]
    if combine == "count":
        return sum(numbers, Fraction(0))
    if combine == "share":
        return 100 * mean(numbers)
    if combine in ("lowest", "highest"):
        assert percent is not None
        return (lowest if combine == "lowest" else highest)(numbers, percent)
    simple: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
        "mean": mean,
        "median": median,
        "sum": lambda vs: sum(vs, Fraction(0)),
        "min": min,
        "max": max,
        "stdev": lambda vs: root(variance(vs)),
    }
    return simple[combine](numbers)
