"""Parts: everything that has a value at a cell. Here the base and what numbers are made of, rule by rule."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

from .basics import (
    NO_ROW,
    NO_YEARS,
    Answer,
    Cell,
    Years,
    all_vacant,
    first_reason,
    is_number,
    kept,
    make_cell,
    project,
    round_half_away,
    slope,
    statistic,
    unknown,
    vacant,
)
from .expressions import Expression, compute, divides_by_zero
from .tables import Levels, NotHeld, Table

YearsSpec = Mapping[str, Any]
MANY = 200  # more years than any window reaches back


class World:
    """What all parts of one evaluation share."""

    def __init__(self, levels: Levels, tables: Mapping[str, Table], not_held: NotHeld, year: int) -> None:
        self.levels = levels
        self.tables = tables
        self.not_held = not_held
        self.year = year
        self.first_year = year

    def window(self, spec: YearsSpec, held: Callable[[int], bool]) -> Years:
        """Rule 9, reading 13: the years a `years` asks for; `held` says of one cell which years it was held."""
        if "from" in spec:
            return frozenset(range(int(spec["from"]), int(spec["to"]) + 1))
        if "last" in spec:
            end = self.year - int(spec.get("back", 0))
            return frozenset(range(end - int(spec["last"]) + 1, end + 1))
        years = (year for year in range(self.year, self.year - MANY, -1) if held(year))
        return frozenset(year for year, _ in zip(years, range(int(spec["last_held"])), strict=False))


class Part(ABC):
    """A number, text or verdict of each entity of `level` at cells of `dims`."""

    def __init__(self, world: World, level: str, dims: frozenset[str], weak: bool) -> None:
        self.world = world
        self.level = level
        self.dims = dims
        self.weak = weak  # reading 1: a group's statistic, or made only of what is weak or of a higher level
        self.children: list[Part] = []  # what it is joined from
        self.out_of_reach = NO_ROW  # what an entity sees that lies in no entity of this level (reading 12)
        self._cells: dict[tuple[str, Years], frozenset[Cell]] = {}
        self._answers: dict[tuple[str, Cell, Years], Answer] = {}

    def cells(self, entity: str, years: Years) -> frozenset[Cell]:
        """The cells that the entity has, seen through a window of these years."""
        key = (entity, years if "year" in self.dims else NO_YEARS)
        if key not in self._cells:
            self._cells[key] = self.find_cells(*key)
        return self._cells[key]

    def at(self, entity: str, cell: Cell, years: Years) -> Answer:
        key = (entity, cell, years if "year" in self.dims else NO_YEARS)
        if key not in self._answers:
            self._answers[key] = self.answer(*key)
        return self._answers[key]

    @abstractmethod
    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        """The cells that the entity has, for `cells` to remember."""

    @abstractmethod
    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        """The value or verdict of a cell, for `at` to remember."""

    def held(self, cell: Cell, year: int) -> bool | None:
        """Reading 13: whether the year was held for the cell; None if nothing below keeps year."""
        found = [child.held(project(cell, child.dims), year) for child in self.children if "year" in child.dims]
        told = [value for value in found if value is not None]
        return any(told) if told else None

    def own_applies_to(self, entity: str) -> Answer | None:
        """Reading 3: what the part's own `applies_to` says, if it does not let the entity through."""
        return None

    def seen_from(self, level: str, entity: str, cell: Cell, years: Years) -> Answer:
        """Rule 2: the part's answer for a cell of a combination at a lower level; absent there is unknown (no row)."""
        above = self.world.levels.up(level, entity, self.level)
        own = project(cell, self.dims)
        if above is None:
            return self.out_of_reach
        if own not in self.cells(above, years):
            return NO_ROW
        return self.at(above, own, years)

    def cells_seen_from(self, level: str, entity: str, years: Years) -> frozenset[Cell]:
        above = self.world.levels.up(level, entity, self.level)
        return frozenset() if above is None else self.cells(above, years)

    def windowed(self, entity: str, specs: Sequence[YearsSpec]) -> list[tuple[Cell, Years]]:
        """The cells in the union of the windows asked for, each with the years of its window (rule 9)."""
        if "year" not in self.dims:
            return [(cell, NO_YEARS) for cell in self.cells(entity, NO_YEARS)]
        if not any("last_held" in spec for spec in specs):
            years = frozenset().union(*(self.world.window(spec, lambda _: True) for spec in specs))
            return [(cell, years) for cell in self.cells(entity, years)]
        found: list[tuple[Cell, Years]] = []
        everything = frozenset(range(self.world.first_year - MANY // 4, self.world.year + 1))
        rest = self.dims - {"year"}
        for other in {project(cell, rest) for cell in self.cells(entity, everything)}:
            years = frozenset().union(*(self.world.window(s, partial(self.is_held, other)) for s in specs))
            found += [(cell, years) for cell in self.cells(entity, years) if project(cell, rest) == other]
        return found

    def is_held(self, cell: Cell, year: int) -> bool:
        return self.held(cell, year) is not False


class Combination(Part):
    """Joined from parts (2, reading 1)."""

    def __init__(self, world: World, parts: Sequence[Part], default_level: str = "") -> None:
        levels = [part.level for part in parts] or [default_level or world.levels.names[0]]
        level = world.levels.lowest(levels)
        weak = bool(parts) and all(part.weak or part.level != level for part in parts)
        super().__init__(world, level, frozenset().union(*(part.dims for part in parts)), weak)
        self.children = list(parts)

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        """Full tuples of which every dimension is vouched for by a part that has a cell there."""
        if not self.dims:
            return frozenset({()})
        seen = {id(part): part.cells_seen_from(self.level, entity, years) for part in self.children}
        vouching: dict[str, list[Part]] = {}
        for dim in sorted(self.dims):
            having = [part for part in self.children if dim in part.dims]
            strong = [part for part in having if not part.weak and part.level == self.level]
            vouching[dim] = strong or having
        values = {
            dim: sorted({dict(cell)[dim] for part in parts for cell in seen[id(part)]})
            for dim, parts in vouching.items()
        }
        candidates = (tuple(zip(values, chosen, strict=True)) for chosen in product(*values.values()))
        return frozenset(
            cell
            for cell in candidates
            if all(any(project(cell, part.dims) in seen[id(part)] for part in parts) for parts in vouching.values())
        )

    def ask(self, part: Part, entity: str, cell: Cell, years: Years) -> Answer:
        return part.seen_from(self.level, entity, cell, years)


class Calculation(Combination):
    """An expression over ids of indicators and criteria."""

    def __init__(self, world: World, tree: Expression, parts: Mapping[str, Part], digits: int | None) -> None:
        super().__init__(world, list(parts.values()))
        self.tree, self.parts, self.digits = tree, parts, digits

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        inputs = {name: self.ask(part, entity, cell, years) for name, part in self.parts.items()}
        names = {
            name: Fraction(int(answer.value)) if isinstance(answer.value, bool) else answer.value
            for name, answer in inputs.items()
        }
        value = compute(self.tree, names)
        if value is not None:
            return Answer(kept(value, self.digits))
        empty = [answer for answer in inputs.values() if answer.vacant]
        if empty:  # reading 8
            return all_vacant(empty)
        missing = [answer for answer in inputs.values() if answer.unknown]
        if missing:
            return unknown(*frozenset().union(*(answer.reasons for answer in missing)))
        return unknown("too_few" if divides_by_zero(self.tree, names) else "empty_value")

    def own_applies_to(self, entity: str) -> Answer | None:
        return looked_up(self, self.children[0], entity) if len(self.children) == 1 else None


def looked_up(part: Part, inner: Part, entity: str) -> Answer | None:
    above = part.world.levels.up(part.level, entity, inner.level)
    return None if above is None else inner.own_applies_to(above)


class Named(Part):
    """An item (named, or a `choose`) around its body: decisions (22) and `applies_to` (reading 4)."""

    def __init__(
        self,
        body: Part,
        item: str = "",
        applies: Part | None = None,
        decisions: Mapping[str, Answer] | None = None,
        digits: int | None = None,
    ) -> None:
        super().__init__(body.world, body.level, body.dims, body.weak)
        self.body, self.item, self.applies, self.digits = body, item, applies, digits
        self.decisions = decisions or {}
        self.children = [body]
        self.out_of_reach = body.out_of_reach

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        return self.body.cells(entity, years)

    def applies_answer(self, entity: str) -> Answer | None:
        """None where it applies; else vacant (not applicable) or unknown with the reasons of `applies_to`."""
        return None if self.applies is None else applicability(self.applies, self.level, entity)

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        if entity in self.decisions:
            return self.decisions[entity]
        outside = self.applies_answer(entity)
        if outside is not None:
            return outside
        found = self.body.at(entity, cell, years)
        if self.digits is not None and isinstance(found.value, Fraction):
            return Answer(round_half_away(found.value, self.digits))
        return found

    def own_applies_to(self, entity: str) -> Answer | None:
        return self.applies_answer(entity) or self.body.own_applies_to(entity)


def applicability(applies: Part, level: str, entity: str) -> Answer | None:
    verdict = applies.seen_from(level, entity, (), NO_YEARS)
    if verdict.value is True:
        return None
    if verdict.vacant:
        return all_vacant([verdict])
    return vacant({"not_applicable"}) if verdict.value is False else unknown(*verdict.reasons)


class Taken(Part):
    """The base of `over`: dimensions of a part are taken away together (4)."""

    def __init__(self, part: Part, over: Sequence[str], years: YearsSpec | None, one_id: bool) -> None:
        super().__init__(part.world, part.level, part.dims - set(over), part.weak)
        assert set(over) <= part.dims, (over, part.dims)
        self.part, self.spec = part, years if "year" in over else None
        self.one_id = one_id  # a leaf, or an expression over one id (reading 3)
        self.children = [part]

    def inner(self, entity: str, years: Years) -> list[tuple[Cell, Years]]:
        if self.spec is not None:
            return self.part.windowed(entity, [self.spec])
        return [(cell, years) for cell in self.part.cells(entity, years)]

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        if not self.dims:
            return frozenset({()})
        return frozenset(project(cell, self.dims) for cell, _ in self.inner(entity, years))

    def held(self, cell: Cell, year: int) -> bool | None:
        return None if self.spec is not None else self.part.held(cell, year)

    def answers(self, entity: str, cell: Cell, years: Years) -> dict[Cell, Answer]:
        return {
            inner: self.part.at(entity, inner, window)
            for inner, window in self.inner(entity, years)
            if project(inner, self.dims) == cell
        }

    def without_cells(self, entity: str) -> Answer:
        """Reading 3: no cell at all."""
        return self.part.own_applies_to(entity) or NO_ROW

    def own_applies_to(self, entity: str) -> Answer | None:
        return self.part.own_applies_to(entity) if self.one_id else None


class OverCombine(Taken):
    """`over … combine` (13, reading 9)."""

    def __init__(
        self,
        part: Part,
        over: Sequence[str],
        years: YearsSpec | None,
        combine: tuple[str, Fraction | None],
        at_least: int | None,
        digits: int | None,
    ) -> None:
        super().__init__(part, over, years, one_id=True)
        self.combine, self.at_least, self.digits = combine, at_least, digits

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        answers = self.answers(entity, cell, years)
        if not answers:
            return self.without_cells(entity)
        there = {cell: answer for cell, answer in answers.items() if not answer.vacant}
        if not there:
            return all_vacant(answers.values())
        known = {cell: answer for cell, answer in there.items() if answer.known}
        missing = [answer for answer in there.values() if not answer.known]
        if missing and (self.at_least is None or len(known) < self.at_least):
            return first_reason(missing)
        name, percent = self.combine
        if name in ("change", "slope"):
            return self.of_years({int(dict(cell)["year"]): answer for cell, answer in known.items()})
        values = [answer.value for answer in known.values() if answer.value is not None]
        return Answer(kept(statistic(name, percent, values), self.digits))

    def of_years(self, known: Mapping[int, Answer]) -> Answer:
        if len(known) < 2:
            return unknown("too_few")
        points = [(year, value) for year in sorted(known) if isinstance(value := known[year].value, Fraction)]
        value = points[-1][1] - points[0][1] if self.combine[0] == "change" else slope(points)
        return Answer(kept(value, self.digits))


class Constant(Part):
    """A number or text as operand: of the top level, without dimensions."""

    def __init__(self, world: World, value: Fraction | str) -> None:
        super().__init__(world, world.levels.top, frozenset(), weak=True)
        self.value = value

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        return frozenset({make_cell({})})

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        return Answer(self.value)


def plain(text: str) -> Fraction | str:
    return Fraction(text) if is_number(text) else text
