"""First-match tables and bands of one indicator: cases that nobody reaches, schools that fall between or into two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from shsnor.checking.formulas import (
    IS_MET,
    IS_NOT_MET,
    IS_VACANT,
    Formula,
    TooMany,
    Variable,
)
from shsnor.checking.looking import Look, facts
from shsnor.checking.names import Name
from shsnor.pack import Cluster, DatedItem
from shsnor.terms import Decided, FirstMatch

_PASSED = IS_NOT_MET | IS_VACANT
#: Of a longer list only so many members are held against each other.
LONGEST = 60


# First-match tables


def check_cases(look: Look) -> None:
    """Cases that can never be reached, labels that nobody gets, schools without a label, bands that overlap."""
    for name, term in look.resolved.terms.items():
        if isinstance(term, Decided):
            term = term.part
        if isinstance(term, FirstMatch) and look.own(term):
            for rule in (_check_reached, _check_borders):
                try:
                    rule(look, name, term)
                except TooMany:
                    continue


def _label(look: Look, name: str, label: str) -> str:
    """What readers call a label of a cluster."""
    item = look.resolved.items[name]
    cases = item.first_match if isinstance(item, Cluster) else None
    return next((case.label for case in cases or () if case.id == label and case.label), label)


def _check_reached(look: Look, name: str, term: FirstMatch) -> None:
    formulas = [look.formula(case) for _, case in term.cases]
    for n, (label, case) in enumerate(term.cases[:LONGEST]):
        earlier = formulas[:n]
        if not look.possible([formulas[n]], [IS_MET]):
            continue  # it is never met: that is told of the condition itself
        if n and not look.possible([*earlier, formulas[n]], [_PASSED] * n + [IS_MET]):
            for m, (taken_by, _) in enumerate(term.cases[:n]):
                if look.possible([formulas[m], formulas[n]], [IS_MET, IS_MET]):
                    taken = look.example([formulas[m], formulas[n]], [IS_MET, IS_MET])
                    look.tell(
                        "SH837", f"{term.path}/first_match/{n}", name=_label(look, name, label),
                        other=_label(look, name, taken_by), what="case", examples=[taken] if taken else [],
                        condition=look.names.condition(case),
                    )  # fmt: skip
                    break
    if term.otherwise is not None and not look.possible(formulas, [_PASSED] * len(formulas)):
        path = f"{term.path}/first_match/{len(term.cases)}"
        look.tell("SH837", path, name=_label(look, name, term.otherwise), what="otherwise")


# Bands


@dataclass(frozen=True, slots=True)
class Band:
    """A condition on one number: the states of it, from the first to the last, in which the condition is met."""

    name: Name
    path: str
    variable: Variable
    numbers: tuple[int, ...]
    first: int
    last: int

    @property
    def two_sided(self) -> bool:
        return self.first != self.numbers[0] and self.last != self.numbers[-1]

    def overlap(self, other: Band) -> list[int]:
        """The states of both, where neither lies inside the other."""
        inner, outer = sorted((self, other), key=lambda band: band.last - band.first)
        if outer.first <= inner.first and inner.last <= outer.last:
            return []
        return list(range(max(self.first, other.first), min(self.last, other.last) + 1))


def _band(name: Name, path: str, formula: Formula) -> Band | None:
    if len(formula.rows) != 1:
        return None
    (variable,) = formula.rows
    numbers = tuple(n for n, state in enumerate(variable.states) if isinstance(state.value, Decimal))
    met = [n for n in numbers if formula.answers({variable: (n,)}) == IS_MET]
    if not met or len(met) == len(numbers) or met[-1] - met[0] + 1 != len(met):
        return None
    return Band(name, path, variable, numbers, met[0], met[-1])


def _check_borders(look: Look, name: str, term: FirstMatch) -> None:
    """Cases that are bands of one indicator: values of two of them, where the order decides and nobody sees it, and a
    border that belongs to neither and so goes to all the rest."""
    bands = []
    for n, (label, case) in enumerate(term.cases):
        band = _band(_label(look, name, label), f"{term.path}/first_match/{n}", look.formula(case))
        bands += [band] if band is not None else []
    for left, right in combinations(bands, 2):
        if left.variable is right.variable and (shared := _sure(left.variable, left.overlap(right))):
            _tell_bands(look, "SH838", right.path, left, right, shared[0])
    rest = None if term.otherwise is None else _label(look, name, term.otherwise)
    for variable in dict.fromkeys(band.variable for band in bands):
        group = sorted((band for band in bands if band.variable is variable), key=lambda band: (band.first, band.last))
        for left, right in pairwise(group):
            between = _between(left, right, group)
            if between and _border(variable, range(left.last + 1, right.first)):
                _tell_bands(look, "SH836", right.path, left, right, between[0], rest=rest)


def _tell_bands(look: Look, code: str, path: str, left: Band, right: Band, state: int, **details: str | None) -> None:
    examples = [facts({left.variable: state})]
    look.tell(code, path, name=right.name, other=left.name, examples=examples, **details)


def _between(left: Band, right: Band, bands: Iterable[Band]) -> list[int]:
    """States after one band and before another that certainly occur; none where a third band has any of them."""
    states = range(left.last + 1, right.first)
    taken = any(band.first <= n <= band.last for band in bands for n in states)
    return [] if taken else _sure(left.variable, states)


def _sure(variable: Variable, states: Iterable[int]) -> list[int]:
    return [n for n in states if variable.states[n].sure]


def check_bands(look: Look) -> None:
    """Criteria that are bands of one indicator: values that none of them takes, or two."""
    bands: dict[tuple[object, ...], list[Band]] = {}
    for name, term in look.resolved.terms.items():
        item = look.resolved.items[name]
        if look.resolved.sections[name] != "criteria" or (isinstance(item, DatedItem) and item.valid is not None):
            continue
        if (band := _band(item.label, term.path, look.formula(look.undecided(term)))) is not None:
            bands.setdefault((band.variable, term.dims, term.level), []).append(band)
    for group in bands.values():
        _check_set(look, sorted(group, key=lambda band: (band.first, band.last)))


def _check_set(look: Look, bands: list[Band]) -> None:
    whole = len(bands) > 2 and any(band.two_sided for band in bands)
    if len({(band.first, band.last) for band in bands}) != len(bands):
        return  # equal ones are told as such
    for left, right in pairwise(bands):
        variable = left.variable
        own = [band.path for band in (right, left) if look.subject.own(band.path)]
        if not own:
            continue
        shared, between = _sure(variable, left.overlap(right)), _between(left, right, bands)
        if shared and (whole or _border(variable, left.overlap(right))):
            _tell_bands(look, "SH840", own[0], left, right, shared[0])
        if between and (whole or _border(variable, range(left.last + 1, right.first))):
            _tell_bands(look, "SH839", own[0], left, right, between[0])


def _border(variable: Variable, states: Sequence[int]) -> bool:
    """One value only, at which both bands end; at zero it is meant: neither better nor worse."""
    return len(states) == 1 and variable.states[states[0]].border and variable.states[states[0]].value != 0
