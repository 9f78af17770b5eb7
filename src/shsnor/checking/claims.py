"""Claims of monotonicity: "more failing pupils never removes the flag", held against the condition that it is said of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import prod
from typing import Any

from shsnor.checking.directions import Directions, Undecided
from shsnor.checking.formulas import IS_MET, MOST, Formula, Variable, apart
from shsnor.checking.looking import Look, facts
from shsnor.nodes import Claim
from shsnor.pack import Criterion, Flag
from shsnor.terms import Term

States = dict[Variable, int]
Fixed = dict[Variable, Sequence[int]]


def check_claims(look: Look) -> None:
    """Claims that are false, with a school as an example, and those that cannot be decided, with the reason."""
    for name, item in look.resolved.items.items():
        if not isinstance(item, Criterion | Flag) or name not in look.resolved.terms:
            continue
        term = look.resolved.terms[name]
        for n, claim in enumerate(item.claims or ()):
            if look.own(term) and claim.more in look.resolved.terms:
                _check(look, name, claim, f"{look.resolved.sections[name]}/{name}/claims/{n}")


def _check(look: Look, name: str, claim: Claim, path: str) -> None:
    resolved = look.resolved
    term, indicator = look.undecided(resolved.terms[name]), resolved.terms[claim.more]
    told: dict[str, Any] = {
        "name": resolved.items[name].label, "indicator": resolved.items[claim.more].label, "never": claim.never,
    }  # fmt: skip
    directions = Directions(look.without_decisions.keys, indicator)
    if not directions.reads(term):
        look.tell("SH843", path, **told)
        return
    try:
        if not _follows(directions, term, claim):
            _look_for_a_school(look, term, directions, claim, path, told)
    except Undecided as undecided:
        look.tell("SH842", path, **told, reason=undecided.reason, combine=undecided.combine)


def _follows(directions: Directions, term: Term, claim: Claim) -> bool:
    """Whether the claim follows from how the condition is built. Raises Undecided."""
    try:
        return directions.of(term) in (0, 1 if claim.never == "removes" else -1)
    except Undecided as undecided:
        if undecided.reason != "both_ways":
            raise
        return False  # parts of it go up and parts go down: schools will tell


def _look_for_a_school(
    look: Look, term: Term, directions: Directions, claim: Claim, path: str, told: dict[str, Any]
) -> None:
    formula = look.without_decisions.formula(term)
    moving = {v: d for v in formula.rows if (d := _moves(directions, v)) != 0}
    still = [v for v in formula.rows if v not in moving]
    free = [apart(v, formula.rows[v], _likeliest_first(v)) for v in still]
    steps = list(_steps(formula, moving))
    if len(steps) * prod(len(states) for states in free) * formula.size > MOST:
        look.tell("SH842", path, **told, reason="many")
        return
    settled = len(moving) == 1 and all(_number(v) for v in moving)
    for others, (before, after) in product(product(*free), steps):
        fixed: Fixed = {v: (n,) for v, n in zip(still, others, strict=True)}
        if not _broken(formula, before, after, fixed, claim.never):
            continue
        if not all(v.states[n].sure for states in (before, after) for v, n in states.items()):
            settled = False  # it breaks the claim, but may never occur
            continue
        needed = _needed(formula, before, after, fixed, claim.never)
        rest = facts({v: n[0] for v, n in needed.items()})
        look.tell("SH841", path, **told, before=facts(before), after=facts(after), rest=rest)
        return
    if not settled:
        look.tell("SH842", path, **told, reason="several")


def _likeliest_first(variable: Variable) -> list[int]:
    """All states, known ones first: a school of which something is unknown shows a claim false too, if less plainly."""
    known = variable.known
    return [*known, *(n for n in range(len(variable.states)) if n not in known)]


def _moves(directions: Directions, variable: Variable) -> int:
    found = [directions.of(term) for term in variable.terms]
    return found[0] - found[1] if len(found) == 2 else found[0] if found else 0


def _steps(formula: Formula, moving: dict[Variable, int]) -> Iterator[tuple[States, States]]:
    """States before and after the indicator rose. Of several variables that move with it only from end to end: what lies
    between, they may not be able to do together."""
    ordered = {v: _ordered(v, formula)[::direction] for v, direction in moving.items()}
    if not all(ordered.values()):
        return
    if len(ordered) > 1:
        yield {v: states[0] for v, states in ordered.items()}, {v: states[-1] for v, states in ordered.items()}
        return
    for variable, states in ordered.items():
        for before, after in combinations(states, 2):
            if _number(variable) or _all_one_way(formula, variable, before, after):
                yield {variable: before}, {variable: after}


def _number(variable: Variable) -> bool:
    return variable.states[0].facts[0]["state"] in ("value", "below", "equal", "above")


def _ordered(variable: Variable, formula: Formula) -> Sequence[int]:
    """The known states of a variable as it goes through them upwards: of a quantifier by how many of its readers are met."""
    if _number(variable):
        return variable.known
    return sorted(variable.known, key=lambda n: sum(row[n] for row in formula.rows[variable]))


def _all_one_way(formula: Formula, variable: Variable, before: int, after: int) -> bool:
    """Whether no reader of a quantifier goes one way while another goes the other."""
    signs = {(row[before] > row[after]) - (row[before] < row[after]) for row in formula.rows[variable]}
    return not {1, -1} <= signs


def _broken(formula: Formula, before: States, after: States, others: Fixed, never: str) -> bool:
    """Whether the verdict was there and is gone (removes), or was not and is (raises)."""
    answers = [formula.answers({**others, **{v: (n,) for v, n in states.items()}}) for states in (before, after)]
    there, gone = answers if never == "removes" else answers[::-1]
    return there == IS_MET and not gone & IS_MET


def _needed(formula: Formula, before: States, after: States, others: Fixed, never: str) -> Fixed:
    """Of the other variables those that matter."""
    kept = dict(others)
    for variable in others:
        wider: Fixed = {**kept, variable: variable.known}
        if _broken(formula, before, after, wider, never):
            del kept[variable]
    return kept
