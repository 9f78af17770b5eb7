"""What the built-in functions share: which rows are complete, and indicators brought to one scale.

Sums are exact (`math.fsum`), so that nothing depends on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

from shsnor.functions import Inputs

EARTH_KM = 6371.0088
"""Mean radius of the Earth, km (IUGG)."""


def number(value: float | str | None) -> float | None:
    """The number; None where it is not known, or is a text."""
    return None if value is None or isinstance(value, str) else float(value)


def known(inputs: Inputs, name: str) -> list[float]:
    """The values of an indicator where it is known, in the order of the rows."""
    return [v for row in inputs.rows if (v := number(row.values[name])) is not None]


def complete(inputs: Inputs, names: Sequence[str]) -> dict[int, list[float]]:
    """Entity -> its values of `names`; only those of which all are known."""
    found = {}
    for row in inputs.rows:
        values = [v for name in names if (v := number(row.values[name])) is not None]
        if len(values) == len(names):
            found[row.e] = values
    return found


def mean_and_deviation(values: Sequence[float]) -> tuple[float, float]:
    """Mean and deviation of the population; deviation 0 where all are the same (or there is none)."""
    if not values:
        return 0.0, 0.0
    mean = fsum(values) / len(values)
    if min(values) == max(values):
        return mean, 0.0
    return mean, sqrt(fsum((v - mean) ** 2 for v in values) / len(values))


def standardised(value: float, mean: float, deviation: float) -> float:
    """(value − mean) / deviation; 0 where the indicator is the same everywhere."""
    return (value - mean) / deviation if deviation else 0.0
