"""What of an outcome may be published: its figures, its flags, how many schools have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shsnor.errors import UsageError
from shsnor.outcomes import EntityRow, FlagRow, Outcome
from shsnor.pack import PUBLICATION_MINIMUM, as_number
from shsnor.publishing.figures import Key, PublicFigure, public_figures
from shsnor.wording.explanations import is_vacant

#: Published where the pack does not say otherwise; a smaller one than the least is refused.
DEFAULT_MINIMUM = 10
LEAST_MINIMUM = 5

#: The lowest level that is ever published: what lies below it are classes or persons.
SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class PublicFlag:
    """A flag of an entity, without the reasons.

    verdict    met, not_met, unknown; vacant: it does not apply to the entity
    vpr_only   it stands on ВПР alone
    """

    level: str
    entity: str
    flag: str
    label: str
    verdict: str
    vpr_only: bool


@dataclass(frozen=True, slots=True)
class FlagTotal:
    """How many entities of `of_level` have a flag, inside an entity that contains them; `vpr_only` of those raised."""

    level: str
    entity: str
    flag: str
    label: str
    of_level: str
    raised: int
    not_raised: int
    unknown: int
    vacant: int
    vpr_only: int


@dataclass(frozen=True)
class PublicView:
    """All that a public output may tell, in a settled order; every public output is made of this alone.

    minimum   figures about fewer pupils are hidden, and what would reveal them
    levels    the published levels, schools first
    """

    minimum: int
    levels: tuple[str, ...]
    entities: tuple[EntityRow, ...]
    figures: tuple[PublicFigure, ...]
    flags: tuple[PublicFlag, ...]
    flag_totals: tuple[FlagTotal, ...]
    _index: Mapping[tuple[str, str, str, str], PublicFigure] = field(repr=False, compare=False)

    def figure(self, level: str, entity: str, indicator: str, dimensions: str = "{}") -> PublicFigure | None:
        """The figure, shown or hidden; None where there is none or nothing of it is published."""
        return self._index.get((level, entity, indicator, dimensions))

    def shown(self, level: str, entity: str, indicator: str, dimensions: str = "{}") -> bool:
        """Whether the numbers of that figure may be told."""
        found = self.figure(level, entity, indicator, dimensions)
        return found is not None and not found.hidden


def public_view(outcome: Outcome, minimum: int | None = None) -> PublicView:
    """What of the outcome may be published; the same for the same outcome and minimum.

    minimum  pupils; default: the pack's parameter `publication_minimum`, else 10
    raises   UsageError: SH635 the minimum is no whole number from 5 on; SH636 the outcome has no level of schools
    """
    least = publication_minimum(outcome, minimum)
    entities = list(outcome.entities.rows())
    levels = _levels(entities)
    ranks = {level: rank for rank, level in enumerate(levels)}
    public = tuple(entity for entity in entities if entity.level in ranks)
    parents = {(e.level, e.entity): (e.parent_level, e.parent) for e in public if e.parent and e.parent_level in ranks}
    year = int(str(outcome.manifest.evaluation.get("year") or outcome.manifest.evaluation["as_of"][:4]))
    figures = sorted(public_figures(outcome, ranks, parents, least, year), key=lambda f: _place(f, ranks))
    flags = tuple(_flag(row) for row in outcome.flags.rows() if row.level in ranks)
    index = {(f.level, f.entity, f.indicator, f.dimensions): f for f in figures}
    totals = tuple(_flag_totals(flags, parents, ranks))
    return PublicView(least, levels, public, tuple(figures), flags, totals, index)


def publication_minimum(outcome: Outcome, minimum: int | None = None) -> int:
    """The minimum in pupils: as asked, or the pack's, or the usual one; raises UsageError SH635."""
    stated = outcome.manifest.evaluation.get("parameters", {}).get(PUBLICATION_MINIMUM, {}).get("value")
    asked = str(minimum if minimum is not None else stated or DEFAULT_MINIMUM)
    number = as_number(asked)
    if number is None or number < LEAST_MINIMUM or number != number.to_integral_value():
        raise UsageError.of("SH635", minimum=asked, least=LEAST_MINIMUM)
    return int(number or 0)


def _levels(entities: list[EntityRow]) -> tuple[str, ...]:
    """Schools and what contains them; raises UsageError SH636 where there are none."""
    above = {entity.level: entity.parent_level for entity in entities}
    persons = {entity.level for entity in entities if entity.persons}
    levels, level = [], SCHOOL if SCHOOL in above else ""
    while level and level not in persons:
        levels.append(level)
        level = above.get(level, "")
    if not levels:
        raise UsageError.of("SH636", levels=sorted(above))
    return tuple(levels)


def _place(figure: PublicFigure, ranks: Mapping[str, int]) -> tuple[object, ...]:
    return ranks[figure.level], figure.entity, figure.indicator, figure.dimensions


def _flag(row: FlagRow) -> PublicFlag:
    verdict = "vacant" if row.verdict == "unknown" and is_vacant(row.reason) else row.verdict
    return PublicFlag(row.level, row.entity, row.flag, row.label, verdict, row.vpr_only)


def _flag_totals(
    flags: tuple[PublicFlag, ...], parents: Mapping[Key, Key], ranks: Mapping[str, int]
) -> Iterator[FlagTotal]:
    counted: dict[tuple[int, Key, int, str], Counter[str]] = {}
    order = {flag.flag: place for place, flag in reversed(list(enumerate(flags)))}
    names = {flag.flag: (flag.label, flag.level) for flag in flags}
    for flag in flags:
        above = parents.get((flag.level, flag.entity))
        while above is not None:
            counts = counted.setdefault((ranks[above[0]], above, order[flag.flag], flag.flag), Counter())
            counts[flag.verdict] += 1
            counts["vpr_only"] += flag.verdict == "met" and flag.vpr_only
            above = parents.get(above)
    for (_, key, _, name), counts in sorted(counted.items()):
        label, level = names[name]
        found = (counts[kind] for kind in ("met", "not_met", "unknown", "vacant", "vpr_only"))
        yield FlagTotal(*key, name, label, level, *found)
