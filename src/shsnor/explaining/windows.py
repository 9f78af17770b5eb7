"""The years that a quantifier looks at: an outcome keeps a criterion's cells for all years that anybody asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_window(cells: list[tuple[Mapping[str, str], str]], node: Mapping[str, Any], year: int) -> list[bool]:
    """Which of the cells (dimensions, reason) the window of the quantifier `node` lets in, as it stands in the pack.

    year   the evaluation's; years after it are never let in
    """
    if "year" not in (node.get("over") or ()):
        return [True] * len(cells)
    years: Mapping[str, Any] = node.get("years") or {}
    if years.get("last_held"):
        return _last_held(cells, int(years["last_held"]), year)
    if years.get("last"):
        to = year - int(years.get("back") or 0)
        first = to - int(years["last"]) + 1
    else:
        first, to = int(years.get("from") or 0), int(years.get("to") or year)
    return [first <= int(dimensions["year"]) <= to if "year" in dimensions else True for dimensions, _ in cells]


def _last_held(cells: list[tuple[Mapping[str, str], str]], n: int, year: int) -> list[bool]:
    """Cell by cell the last `n` years in which it was held; a cell that is vacant for another reason too counts as held."""
    held: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for dimensions, reason in cells:
        if reason != "not_held" and int(dimensions["year"]) <= year:
            held.setdefault(_without_year(dimensions), []).append(int(dimensions["year"]))
    last = {cell: sorted(years)[-n:] for cell, years in held.items()}
    return [int(dimensions["year"]) in last.get(_without_year(dimensions), ()) for dimensions, _ in cells]


def _without_year(dimensions: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in dimensions.items() if name != "year"))
