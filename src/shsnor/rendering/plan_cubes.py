"""Which cubes a plan needs, and of which dimensions and sums."""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.planning import Plan, Step
from shsnor.rendering.cubes import Cube, entries
from shsnor.rendering.layout import is_wide
from shsnor.resolving.tables import fixed_by
from shsnor.standard import tables_of
from shsnor.terms import TableValue


def cubes_of(plan: Plan) -> dict[str, Cube]:
    """The cube of each table that the plan's steps read."""
    tables = tables_of(plan.pack)
    found: dict[str, Cube] = {}
    used: dict[str, set[str]] = {}
    for step in plan.steps:
        term = step.term
        if not isinstance(term, TableValue):
            continue
        cube = found.get(term.table)
        if cube is None:
            cube = found[term.table] = Cube(term.table, tables[term.table], plan, term.table_level)
        cube.add(term)
        used.setdefault(term.table, set()).update(_dims_of(term, cube))
    for name, cube in found.items():
        for entry in entries(cube):
            used[name] |= set(entry)
        cube.dims = [d for d in cube.table.dims if d in used[name]]
    return found


def _dims_of(term: TableValue, cube: Cube) -> set[str]:
    dims = set(term.by) | {d for c in term.cells for d in c.values} | (set(term.where.names) if term.where else set())
    if "year" in cube.table.dims:
        dims.add("year")
    return dims


def allowed(term: TableValue) -> dict[str, list[str]]:
    """Values that `where` leaves to dimensions that are neither kept nor listed."""
    listed = {d for c in term.cells for d in c.values}
    return {d: v for d, v in fixed_by(term.where).items() if d not in term.by and d not in listed}


def steps_of(plan: Plan, table: str) -> Iterable[Step]:
    return (s for s in plan.steps if isinstance(s.term, TableValue) and s.term.table == table)


def read_by_one(cube: Cube) -> bool:
    """Whether one query alone reads the cube: that of the wide table of all indicators."""
    return all(is_wide(cube.plan, step) for step in steps_of(cube.plan, cube.name))
