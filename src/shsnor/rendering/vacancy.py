"""Which steps can be vacant: not held, not applicable, left out. Of those that cannot, nothing need be asked."""

from __future__ import annotations

from collections.abc import Callable, Collection

from shsnor.planning import Plan, Step
from shsnor.standard import tables_of
from shsnor.terms import Calc, ClusterIs, Decided, Leaf, Many, Not, Same, TableValue


def never_vacant(plan: Plan) -> frozenset[Step]:
    """The steps of which no entity and no cell can be vacant, whatever the rows."""
    found: set[Step] = set()
    for step in plan.steps:  # parts come first
        if (test := _TESTS.get(type(step.term))) is not None and test(plan, step, found):
            found.add(step)
    return frozenset(found)


def _always_held(plan: Plan, step: Step, found: Collection[Step]) -> bool:
    """Rows of years and procedures that were all held, of entries that apply to everybody."""
    term = step.term
    assert isinstance(term, TableValue)
    dims = tables_of(plan.pack)[term.table].dims
    if any(c.applies for c in term.cells) or (plan.without and "procedure" in dims):
        return False
    if not (gaps := [entry.cells for entry in plan.not_held if entry.cells.keys() <= set(dims)]):
        return True
    if "year" not in dims or "year" in term.by or (term.years is not None and term.years.last_held is not None):
        return False
    years = {str(year) for year in plan.window(term.years).years}
    return all("year" in cells and years.isdisjoint(_listed(cells["year"])) for cells in gaps)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _leaf(plan: Plan, step: Step, found: Collection[Step]) -> bool:
    assert isinstance(step.term, Leaf)
    return step.term.missing != "leave_out" and _all(plan, step, found)


def _all(plan: Plan, step: Step, found: Collection[Step]) -> bool:
    return all(part in found for part in step.parts.values())


def _some(plan: Plan, step: Step, found: Collection[Step]) -> bool:
    return any(part in found for part in step.parts.values())


_TESTS: dict[type, Callable[[Plan, Step, Collection[Step]], bool]] = {
    TableValue: _always_held, Leaf: _leaf, Many: _some, Not: _all, Same: _all, Calc: _all, ClusterIs: _all, Decided: _all,
}  # fmt: skip
