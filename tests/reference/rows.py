"""Indicators from the rows of a table (1.2, rules 9–12, readings 2, 4–8), also of several entities pooled (16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .basics import Answer, Cell, Years, as_number, kept, make_cell, project, unknown, vacant
from .expressions import Expression, compute, divides_by_zero, fixed_values, gaps
from .parts import Part, World, YearsSpec, applicability
from .tables import Row, Table

Tuple = tuple[
    int | None, Cell
]  # what ought to have a row: a year (None: the table has none), the rest of a listed tuple


@dataclass
class Formula:
    """The keys of an indicator from a table, with parameters put in."""

    table: Table
    value: Expression
    where: Expression | None
    by: tuple[str, ...]
    listed: list[tuple[Cell, Part | None]]  # the tuples of `cells`, each with its `applies_to`
    years: YearsSpec
    minimum: Mapping[str, Fraction]
    at_least_known: int | None
    level: str
    member_applies: list[Part] = field(default_factory=list)


@dataclass
class Pool:
    """Whose rows are put together: entities of the table's level, under members; and how `applies_to` is read there."""

    members: Mapping[str, Sequence[str]]  # member: its entities of the table's level
    result_level: str
    result_entity: str
    several: bool  # an entity's cell with a null is left out whole (11)
    by_member: bool = False  # the result belongs to the entity: every `applies_to` is looked up from the members
    applies: Sequence[tuple[Part, str]] = ()  # `applies_to` of members, each with the level from which it is looked up


class TableIndicator(Part):
    def __init__(self, world: World, formula: Formula, digits: int | None) -> None:
        super().__init__(world, formula.level, frozenset(formula.by), weak=False)
        self.formula, self.digits = formula, digits
        self.listed_dims = sorted({dim for cell, _ in formula.listed for dim, _ in cell})
        self.fixed = {dim: values for dim, values in fixed_values(formula.where).items() if dim in formula.table.dims}
        self.let_through: dict[str, list[Row]] = {}
        for row in formula.table.rows:
            if self._lets_through(row):
                self.let_through.setdefault(row.entity, []).append(row)

    def _lets_through(self, row: Row) -> bool:
        formula = self.formula
        if formula.where is not None and compute(formula.where, row.values) is not True:
            return False
        if formula.listed and not any(_matches(row, cell) for cell, _ in formula.listed):
            return False
        return not self.world.not_held.leaves_out(formula.table, row)

    def below(self, entity: str) -> list[str]:
        """The entities of the table's level whose rows an entity's value is of."""
        table_level = self.formula.table.level
        return [entity] if table_level == self.level else self.world.levels.members(table_level, self.level, entity)

    # Cells (3, reading 2)

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        by = set(self.formula.by)
        if not by:
            return frozenset({()})
        rest = by - {"year"}
        listed = {project(cell, by) for cell, _ in self.formula.listed} or {()}
        open_dims = rest - set(self.listed_dims)
        found: set[Cell] = set()
        if open_dims:
            for row in (row for member in self.below(entity) for row in self.let_through.get(member, ())):
                combination = make_cell({dim: row.dims[dim] for dim in open_dims})
                if any(self._in_window(row, cell, years) for cell in self._crossed(combination, listed)):
                    found.update(self._crossed(combination, listed))
        else:
            found = set(listed)
        if "year" not in by:
            return frozenset(found)
        return frozenset(make_cell({**dict(cell), "year": str(year)}) for cell in found for year in years)

    def _crossed(self, combination: Cell, listed: Iterable[Cell]) -> list[Cell]:
        return [make_cell({**dict(combination), **dict(cell)}) for cell in listed]

    def _in_window(self, row: Row, cell: Cell, years: Years) -> bool:
        """Whether the row lies in the window: the reader's, or, where year is not kept, its own at the row's cell."""
        if "year" not in self.formula.table.dims:
            return True
        if not all(row.dims.get(dim) == value for dim, value in cell):
            return False
        return int(row.dims["year"]) in (years if "year" in self.formula.by else self.years_of(cell))

    def years_of(self, cell: Cell) -> Iterable[int | None]:
        if not self.formula.table.has_year:
            return [None]
        if "year" in self.formula.by:
            return [int(dict(cell)["year"])]
        return sorted(self.world.window(self.formula.years, lambda year: self.held(cell, year) is not False))

    # What was held (9, readings 5 and 13)

    def held(self, cell: Cell, year: int) -> bool | None:
        tuples = [listed for listed, _ in self.formula.listed if _agree(listed, cell)] or [()]
        return not all(self._covered({**dict(listed), **dict(cell)}, year, dated_only=True) for listed in tuples)

    def _covered(self, given: Mapping[str, str], year: int | None, dated_only: bool = False) -> bool:
        possible = {**self.fixed, **{dim: {value} for dim, value in given.items()}}
        if year is not None:
            possible["year"] = {str(year)}
        return self.world.not_held.covers(self.formula.table, possible, dated_only)

    def things(self, cell: Cell) -> list[tuple[Tuple, Part | None]]:
        """Reading 5: each year of the window times each listed tuple (projected on what is not in `by`)."""
        by = set(self.formula.by)
        rest = [dim for dim in self.listed_dims if dim not in by]
        tuples = [(project(listed, rest), part) for listed, part in self.formula.listed if _agree(listed, cell)]
        return [((year, rest_cell), part) for year in self.years_of(cell) for rest_cell, part in tuples or [((), None)]]

    # Values

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        table_level = self.formula.table.level
        applies = [(part, table_level) for part in self.formula.member_applies]
        several = table_level != self.level
        members = {member: [member] for member in self.below(entity)}
        pool = Pool(members, self.level, entity, several, applies=applies)
        return self.pooled(cell, pool, at_least_members=None, digits=self.digits)

    def pooled(self, cell: Cell, pool: Pool, at_least_members: int | None, digits: int | None) -> Answer:
        """The value of all rows of the pool's members together, at one cell."""
        required: list[Tuple] = []  # what must have a row
        uncertain: set[str] = set()
        empty: set[str] = set()
        for thing, applies in self.things(cell):
            state = self._state(thing, applies, cell, pool)
            if state is None:
                required.append(thing)
            elif state.vacant:
                empty |= state.reasons
            else:
                uncertain |= state.reasons
        if not required and not uncertain:
            return vacant(empty)
        used: list[Row] = []
        took_part = 0
        for entities in pool.members.values():
            rows = [row for entity in entities for row in self._rows(entity, cell, required, pool)]
            took_part += bool(rows)
            used += rows
        if at_least_members is not None and took_part < at_least_members:
            return unknown("empty_group")
        return self._value(used, cell, required, uncertain, digits)

    def _value(
        self, used: Sequence[Row], cell: Cell, required: Sequence[Tuple], uncertain: set[str], digits: int | None
    ) -> Answer:
        formula = self.formula
        have = sum(any(self._is_of(row, thing) for row in used) for thing in required)
        complete = have == len(required) and not uncertain
        if not complete and (formula.at_least_known is None or have < formula.at_least_known):
            return unknown(*uncertain) if uncertain else unknown("no_row")
        found = set().union(*(self._gaps(row) for row in used))
        if found:
            return unknown("hidden" if "hidden" in found else "empty_value")
        for column, least in formula.minimum.items():
            if sum((as_number(row.values[column] or Fraction(0)) for row in used), Fraction(0)) < least:
                return unknown("too_few")
        rows = [row.values for row in used]
        names = rows[0] if rows else {}
        value = compute(formula.value, names, rows)
        if value is None:  # reading 7
            return unknown("too_few" if divides_by_zero(formula.value, names, rows) else "empty_value")
        return Answer(kept(value, digits))

    def _state(self, thing: Tuple, applies: Part | None, cell: Cell, pool: Pool) -> Answer | None:
        """None: it must have a row; vacant: not held or not applicable; unknown: the entry's `applies_to` is."""
        year, rest = thing
        if self._covered({**dict(rest), **dict(cell)}, year):
            return vacant({"not_held"})
        if applies is None or self._of_members(applies, pool):
            return None
        return applicability(applies, pool.result_level, pool.result_entity)

    def _of_members(self, applies: Part, pool: Pool) -> bool:
        """Reading 4: whether an entry's `applies_to` lets members' rows through, rather than the result."""
        rank = self.world.levels.rank
        return pool.several and (pool.by_member or rank(applies.level) < rank(pool.result_level))

    def _rows(self, entity: str, cell: Cell, required: Sequence[Tuple], pool: Pool) -> list[Row]:
        """The rows of one entity that are used; none if it has a null there and is one of several (11)."""
        levels = self.world.levels
        for applies, level in pool.applies:
            member = levels.up(self.formula.table.level, entity, level)
            if member is None or applicability(applies, level, member) is not None:
                return []
        entries = {
            (listed, id(part)): part is None
            or not self._of_members(part, pool)
            or applicability(part, self.formula.table.level, entity) is None
            for listed, part in self.formula.listed
        }
        rows = [
            row
            for row in self.let_through.get(entity, ())
            if all(row.dims.get(dim) == value for dim, value in cell)
            and any(self._is_of(row, thing) for thing in required)
            and (not entries or any(ok and _matches(row, listed) for (listed, _), ok in entries.items()))
        ]
        return [] if pool.several and any(self._gaps(row) for row in rows) else rows

    def _is_of(self, row: Row, thing: Tuple) -> bool:
        year, rest = thing
        return (year is None or row.dims.get("year") == str(year)) and _matches(row, rest)

    def _gaps(self, row: Row) -> set[str]:
        found = gaps(self.formula.value, row.empty)
        return found | {row.empty[column] for column in self.formula.minimum if column in row.empty}


def _matches(row: Row, cell: Cell) -> bool:
    return all(row.dims.get(dim) == value for dim, value in cell)


def _agree(listed: Cell, cell: Cell) -> bool:
    """Whether a listed tuple has the same values where the cell has its dimensions too."""
    given = dict(cell)
    return all(given.get(dim, value) == value for dim, value in listed)
