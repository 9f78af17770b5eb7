"""Somebody who has only what was published, and wants the numbers that were not.

Nothing of shsnor is used here. What is known goes in as equations over whole numbers that are not negative; what
comes out is the least and the most that each of them can be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix


class Attack:
    """Unknown whole numbers by name, and all that is known of them."""

    def __init__(self) -> None:
        self._place: dict[Hashable, int] = {}
        self._least: list[float] = []
        self._rows: list[tuple[dict[int, float], float, float]] = []

    def unknown(self, name: Hashable, least: float = 0) -> None:
        if name not in self._place:
            self._place[name] = len(self._least)
            self._least.append(least)

    def told(self, terms: Mapping[Hashable, float], low: float, high: float) -> None:
        """The sum of the terms (name -> how often) lies between the two; equal ones: it is that number."""
        self._rows.append(({self._place[name]: times for name, times in terms.items()}, low, high))

    def bounds(self, name: Hashable, also: Mapping[Hashable, float] | None = None) -> tuple[float, float]:
        """The least and the most that the number can be; `also` are numbers known from elsewhere."""
        least = np.array(self._least)
        most = np.full(len(least), 1e6)
        for known, value in (also or {}).items():
            least[self._place[known]] = most[self._place[known]] = value
        wanted = np.zeros(len(least))
        wanted[self._place[name]] = 1
        return self._extreme(wanted, least, most), -self._extreme(-wanted, least, most)

    def _extreme(self, wanted: np.ndarray, least: np.ndarray, most: np.ndarray) -> float:
        constraints = [LinearConstraint(self._matrix(), *self._limits())] if self._rows else []
        found = milp(wanted, constraints=constraints, bounds=Bounds(least, most), integrality=np.ones(len(least)))
        assert found.success, f"what was published contradicts itself: {found.message}"
        return float(round(found.fun))

    def _matrix(self) -> coo_matrix:
        entries = [(i, place, times) for i, (terms, _, _) in enumerate(self._rows) for place, times in terms.items()]
        rows, columns, times = zip(*entries, strict=True)
        return coo_matrix((times, (rows, columns)), shape=(len(self._rows), len(self._least)))

    def _limits(self) -> tuple[list[float], list[float]]:
        return [low for _, low, _ in self._rows], [high for _, _, high in self._rows]


def narrowest(
    attack: Attack, names: Iterable[Hashable], also: Mapping[Hashable, float] | None = None
) -> tuple[float, Hashable]:
    """How many values are left to the number of which most is known, less one; and which it is."""
    found = []
    for name in names:
        low, high = attack.bounds(name, also)
        found.append((high - low, repr(name), name))
    width, _, name = min(found)
    return width, name
