"""Statistics of groups of entities (15–18, reading 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .basics import EMPTY_GROUP, NO_YEARS, Answer, Cell, Scalar, Years, as_number, kept, statistic
from .parts import Named, Part, applicability
from .rows import Pool, TableIndicator

Peers = Mapping[tuple[str, str], Sequence[str]]


@dataclass
class Group:
    within: str | None = None
    same: list[Part] = field(default_factory=list)
    peers: str | None = None
    meeting: Part | None = None
    without_self: bool = False

    @property
    def is_level(self) -> bool:
        return self.within is not None and not self.same and self.peers is None and not self.without_self


class Among(Part):
    """`among: group` with `combine`: of each level's entity, or of each entity (18)."""

    def __init__(
        self,
        part: Part,
        group: Group,
        combine: tuple[str, Fraction | None],
        at_least: int,
        better: str | None,
        digits: int | None,
        peers: Peers,
    ) -> None:
        self.by_entity = not group.is_level or combine[0] == "rank"
        level = part.level if self.by_entity else group.within or ""
        super().__init__(part.world, level, part.dims, weak=True)
        self.part, self.group, self.combine, self.at_least = part, group, combine, at_least
        self.better, self.digits, self.peers = better, digits, peers
        self.children = [part]
        self.out_of_reach = EMPTY_GROUP

    def population(self, entity: str) -> list[str] | None:
        """The members before `meeting`; None if the entity has no group at all."""
        levels, level, group = self.world.levels, self.part.level, self.group
        if not self.by_entity:
            return levels.members(level, self.level, entity)
        members = levels.entities[level]
        if group.peers is not None:
            named = list(self.peers.get((group.peers, entity), ()))
            members = [member for member in named if member in members]
        if group.within is not None:
            mine = levels.up(level, entity, group.within)
            if mine is None:
                return None
            members = [member for member in members if levels.up(level, member, group.within) == mine]
        for attribute in group.same:
            own = attribute.seen_from(level, entity, (), NO_YEARS)
            if not own.known:
                return None
            members = [m for m in members if attribute.seen_from(level, m, (), NO_YEARS).value == own.value]
        return [member for member in members if not (group.without_self and member == entity)]

    def find_cells(self, entity: str, years: Years) -> frozenset[Cell]:
        if not self.dims:
            return frozenset({()})
        members = self.population(entity) or ()
        return frozenset().union(*(self.part.cells(member, years) for member in members))

    def meeting(self, members: Sequence[str], cell: Cell, years: Years) -> list[str]:
        """15: those met, not the unknown."""
        node = self.group.meeting
        if node is None:
            return list(members)
        return [m for m in members if node.seen_from(self.part.level, m, cell, years).value is True]

    def member_answer(self, member: str, cell: Cell, years: Years) -> Answer:
        return self.part.seen_from(self.part.level, member, cell, years)

    def answer(self, entity: str, cell: Cell, years: Years) -> Answer:
        own = self.member_answer(entity, cell, years) if self.combine[0] == "rank" else None
        if own is not None and not own.known:
            return own
        population = self.population(entity)
        if population is None:
            return EMPTY_GROUP
        members = self.meeting(population, cell, years)
        if self.combine[0] == "pooled":
            return self.pooled(entity, members, cell)
        known = [value for m in members if (value := self.member_answer(m, cell, years).value) is not None]
        if len(known) < self.at_least:
            return EMPTY_GROUP
        if own is not None and own.value is not None:
            return Answer(self.rank(own.value, known))
        name, percent = self.combine
        return Answer(kept(statistic(name, percent, known), self.digits))

    def rank(self, own: Scalar, known: Sequence[Scalar]) -> Fraction:
        """17: 1 is best, ties share the better place."""
        mine = as_number(own)
        others = [as_number(value) for value in known]
        assert self.better in ("higher", "lower")
        return Fraction(1 + sum(other > mine if self.better == "higher" else other < mine for other in others))

    def pooled(self, entity: str, members: Sequence[str], cell: Cell) -> Answer:
        """16: the formula over all rows of the members together."""
        base, chain = table_below(self.part)
        rank = self.world.levels.rank
        applies: list[tuple[Part, str]] = [(part, base.formula.table.level) for part in base.formula.member_applies]
        for part in chain:
            if not self.by_entity and rank(part.level) > rank(base.level) and rank(part.level) >= rank(self.level):
                outside = applicability(part, self.level, entity)  # reading 4: its level is that of the result
                if outside is not None:
                    return outside
            else:
                applies.append((part, base.level))
        below = {member: base.below(member) for member in members}
        pool = Pool(below, self.level, entity, several=True, by_member=self.by_entity, applies=applies)
        return base.pooled(cell, pool, self.at_least, self.digits)


def table_below(part: Part) -> tuple[TableIndicator, list[Part]]:
    """The table indicator under names and `choose`, and every `applies_to` on the way."""
    chain: list[Part] = []
    while isinstance(part, Named):
        if part.applies is not None:
            chain.append(part.applies)
        part = part.body
    assert isinstance(part, TableIndicator), part
    return part, chain
