"""What ought to be there for a table indicator: each listed tuple of `cells` times each year of the window (rule 3)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from shsnor.rendering.cubes import Cube, entries
from shsnor.rendering.layout import dim
from shsnor.rendering.plan_cubes import allowed
from shsnor.sql import literal
from shsnor.terms import TableValue


@dataclass(frozen=True)
class Requirement:
    """One thing that must have a row: a listed tuple in a year; `not_held` is SQL over open dimensions, or TRUE/FALSE."""

    values: dict[str, str]
    year: int | None
    entry: int
    not_held: str


def requirements(term: TableValue, years: tuple[int, ...], cube: Cube) -> list[Requirement]:
    """All requirements of a table indicator."""
    tuples: list[tuple[int, dict[str, str]]] = []
    for i, cells in enumerate(term.cells):
        for choice in itertools.product(*cells.values.values()):
            tuples.append((i, dict(zip(cells.values, choice, strict=True))))
    found, seen = [], set()
    for entry, values in tuples or [(-1, {})]:
        for year in years or (None,):
            if (key := (tuple(values.items()), year)) not in seen:
                seen.add(key)
                found.append(Requirement(values, year, entry, _not_held(term, values, year, cube)))
    return found


def _not_held(term: TableValue, values: dict[str, str], year: int | None, cube: Cube) -> str:
    """Whether `not_held` covers all that this requirement can hold (reading 13)."""
    gaps = entries(cube)
    if not gaps:
        return "FALSE"
    free = allowed(term)
    named = [d for d in free if any(d in g for g in gaps)]
    combinations = []
    for choice in itertools.product(*(free[d] for d in named)):
        fixed = values | dict(zip(named, choice, strict=True))
        tests = [t for g in gaps if (t := _covered(term, g, fixed, year)) is not None]
        if not tests:
            return "FALSE"
        combinations.append("TRUE" if "TRUE" in tests else "(" + " OR ".join(tests) + ")")
    kept = [c for c in combinations if c != "TRUE"]
    return " AND ".join(kept) if kept else "TRUE"


def _covered(term: TableValue, gap: dict[str, list[str]], fixed: dict[str, str], year: int | None) -> str | None:
    """SQL of whether an entry covers the tuple; None where it cannot."""
    tests = []
    for name, values in gap.items():
        if name == "year":
            if year is None or str(year) not in values:
                return None
        elif name in fixed:
            if fixed[name] not in values:
                return None
        elif name in term.by:
            tests.append(f"{dim(name)} IN ({', '.join(map(literal, values))})")
        else:
            return None
    return " AND ".join(tests) if tests else "TRUE"
