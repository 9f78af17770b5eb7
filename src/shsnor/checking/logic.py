"""What is wrong in the logic of a pack's conditions: equal and contradicting ones, such as can never or always be met.

Only what is certainly so is told: what cannot be tried in full, or rests on what the pack does not say, is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shsnor.checking.bands import LONGEST, check_bands, check_cases
from shsnor.checking.claims import check_claims
from shsnor.checking.conditions import Conditions
from shsnor.checking.domain import domain_of
from shsnor.checking.formulas import (
    ANY,
    IS_MET,
    IS_NOT_MET,
    IS_UNKNOWN,
    IS_VACANT,
    MOST,
    Fact,
    Formula,
    TooMany,
)
from shsnor.checking.looking import Look
from shsnor.checking.quantifiers import cells_at_most
from shsnor.checking.subject import Subject
from shsnor.pack import DatedItem, Pack
from shsnor.terms import Applied, Leaf, Many, Quantifier, Term

_SAME = {answer: answer for answer in (IS_MET, IS_NOT_MET, IS_UNKNOWN, IS_VACANT)}
_OPPOSITE = {**_SAME, IS_MET: IS_NOT_MET, IS_NOT_MET: IS_MET}


def ask(subject: Subject) -> None:
    """Warnings SH830–SH843, each once, with the first date since which it is so where the parameters change."""
    times = times_of(subject.pack)
    told = set()
    for since, parameters in times:
        look = Look(subject, Conditions(subject, parameters))
        for rule in (_check_conditions, _check_equal, check_cases, check_bands, check_claims):
            rule(look)
        for code, path, details in look.found:
            if (code, path) not in told:
                told.add((code, path))
                dated = {"since": str(since)} if len(times) > 1 else {}
                subject.warn(code, path, **details, **dated)


def times_of(pack: Pack) -> list[tuple[date, dict[str, str]]]:
    """The parameters in force, from each date on which one of them changes while all of them and the pack hold."""
    known = pack.document.parameters
    valid = pack.head.valid
    begin = max([min(item.values) for item in known.values()], default=date.min)
    if valid is not None and valid.from_ is not None:
        begin = max(begin, valid.from_)
    changes = sorted({begin, *(day for item in known.values() for day in item.values if day > begin)})
    times: list[tuple[date, dict[str, str]]] = []
    for day in changes:
        now = {name: held[1] for name, item in known.items() if (held := item.on(day)) is not None}
        if not times or times[-1][1] != now:
            times.append((day, now))
    return times


# Never and always


def _check_conditions(look: Look) -> None:
    constant: dict[Term, int] = {}
    verdicts = [term for term in look.resolved.all_terms() if term.kind == "verdict"]
    for term in verdicts:
        constant[term] = _never_given(look, term)
    for term in verdicts:
        if not look.own(term):
            continue
        explained = any(constant.get(part, 0) for part in term.parts())
        if isinstance(term, Many) and not explained and _check_members(look, term, constant[term]):
            continue
        if constant[term] and not explained and not _on_purpose(look, term):
            _tell_constant(look, term, constant[term])


def _never_given(look: Look, term: Term) -> int:
    """IS_MET or IS_NOT_MET, where a condition never gives that answer; 0 where it gives both, or it is not known."""
    formula = [look.formula(term)]
    try:
        return next((answer for answer in (IS_MET, IS_NOT_MET) if not look.possible(formula, [answer])), 0)
    except TooMany:
        return 0


def _on_purpose(look: Look, term: Term) -> bool:
    """A threshold beyond the range is told elsewhere; known or unknown: so authors say "whoever it applies to"."""
    if isinstance(term, Leaf):
        return term.value.kind != "text" and _beyond(look, term)
    if not isinstance(term, Many) or term.how != "any" or len(term.members) != 2:
        return False
    leaves = [part for part in term.members if isinstance(part, Leaf) and part.comparison == "known"]
    return len(leaves) == 2 and len({look.conditions.keys.of(leaf.value) for leaf in leaves}) == 1


def _beyond(look: Look, leaf: Leaf) -> bool:
    domain = domain_of(leaf.value, look.subject.tables)
    numbers = [n for n in look.conditions.scalars(leaf) or () if not isinstance(n, str)]
    return any(
        (domain.low is not None and n < domain.low) or (domain.high is not None and n > domain.high) for n in numbers
    )


def _tell_constant(look: Look, term: Term, never: int) -> None:
    code = "SH834" if never == IS_MET else "SH835"
    formula = look.formula(term)
    answer = IS_NOT_MET | IS_VACANT if never == IS_MET else IS_MET
    examples: list[Sequence[Fact]] = []
    parts = term.members if isinstance(term, Many) else [term.part] if isinstance(term, Applied) else []
    for part in parts:
        found = look.example([formula, look.formula(part)], [answer, never])
        if found and found not in examples:
            examples.append(found)
    if isinstance(term, Leaf):
        examples = [variable.states[n].facts for variable in formula.rows for n in _ends(variable.known)]
    most = (
        len(term.members) if isinstance(term, Many) else cells_at_most(term) if isinstance(term, Quantifier) else None
    )
    look.tell(
        code, term.path, name=look.names.condition(term), made=look.names.made(term) if term.item is not None else None,
        examples=examples[:2], most=None if examples else most,
    )  # fmt: skip


def _ends(states: Sequence[int]) -> list[int]:
    return sorted({states[0], states[-1]}) if states else []


# Members of one list


def _check_members(look: Look, term: Many, never: int) -> bool:
    """Two members that are equal, opposite, or cannot hold together; whether it was told why the list is `never` met."""
    formulas = [look.formula(part) for part in term.members[:LONGEST]]
    told = False
    for j, right in enumerate(formulas):
        for i, left in enumerate(formulas[:j]):
            if not left.rows.keys() & right.rows.keys():
                continue
            try:
                told |= _check_two(look, term, i, j, never)
            except TooMany:
                continue
    return told


def _check_two(look: Look, term: Many, i: int, j: int, never: int) -> bool:
    left, right = look.formula(term.members[i]), look.formula(term.members[j])
    names = {
        "name": look.names.condition(term.members[i]), "other": look.names.condition(term.members[j]), "how": term.how,
    }  # fmt: skip
    path = f"{term.path}/{term.how}/{j}"
    if _equal(look, left, right):
        look.tell("SH831", path, **names, **_both_ways(look, left, right))
        return False
    if never == IS_MET and term.how == "all" and not look.possible([left, right], [IS_MET, IS_MET]):
        look.tell("SH832", path, **names, **_one_each(look, left, right))
        return True
    if term.how == "of" and _alike(look, left, right, _OPPOSITE):
        look.tell("SH833", path, **names, **_one_each(look, left, right))
    return False


def _both_ways(look: Look, left: Formula, right: Formula) -> dict[str, list[list[Fact]]]:
    """A school that meets both, and one that meets neither."""
    return _schools(look, [left, right], both=(IS_MET, IS_MET), neither=(IS_NOT_MET, IS_NOT_MET))


def _one_each(look: Look, left: Formula, right: Formula) -> dict[str, list[list[Fact]]]:
    """A school that meets the first only, and one that meets the second only."""
    return _schools(look, [left, right], first=(IS_MET, IS_NOT_MET), second=(IS_NOT_MET, IS_MET))


def _schools(look: Look, formulas: Sequence[Formula], **wanted: Sequence[int]) -> dict[str, list[list[Fact]]]:
    found = {name: look.example(formulas, answers) for name, answers in wanted.items()}
    return {name: [facts] for name, facts in found.items() if facts}


def _equal(look: Look, left: Formula, right: Formula) -> bool:
    """The same answer whatever is the case, the unknown and the vacant included. Raises TooMany."""
    return _alike(look, left, right, _SAME)


def _alike(look: Look, left: Formula, right: Formula, pairs: Mapping[int, int]) -> bool:
    """Whether to each answer of the one there is this answer of the other, always. Raises TooMany."""
    return not any(look.possible([left, right], [answer, ANY & ~other]) for answer, other in pairs.items())


# Equal items


def _check_equal(look: Look) -> None:
    """Two criteria, or two flags, that always give the same answer."""
    for section in ("criteria", "flags"):
        alike: dict[Any, list[str]] = {}
        for name, term in look.resolved.terms.items():
            item = look.resolved.items[name]
            if look.resolved.sections[name] == section and not (isinstance(item, DatedItem) and item.valid is not None):
                inner = look.undecided(term)
                formula = look.formula(inner)
                key = (term.level, term.dims, frozenset(formula.rows), _sample(formula))
                alike.setdefault(key, []).append(name)
        for names in alike.values():
            kinds: list[str] = []  # the first of each
            for name in names:
                twin = next((one for one in kinds if _same(look, one, name)), None)
                if twin is None:
                    kinds.append(name)
                else:
                    _tell_equal(look, section, twin, name)


def _same(look: Look, first: str, second: str) -> bool:
    """Whether two items are one condition; not where it is constant: that is told of each."""
    left, right = (look.undecided(look.resolved.terms[name]) for name in (first, second))
    if _never_given(look, left):
        return False
    try:
        alike = look.conditions.keys.of(left) == look.conditions.keys.of(right)
        return alike or _equal(look, look.formula(left), look.formula(right))
    except TooMany:
        return False


def _sample(formula: Formula) -> tuple[int, ...]:
    """Answers in some states of its variables, of one variable in all: where they differ, the formulas differ."""
    variable = next(iter(formula.rows), None)
    if variable is not None and len(formula.rows) == 1 and len(variable.states) * formula.size < MOST // 20:
        return tuple(formula.answers({variable: (n,)}) for n in range(len(variable.states)))
    few = range(16)
    return tuple(formula.answers({v: (len(v.states) * k // len(few),) for v in formula.rows}) for k in few)


def _tell_equal(look: Look, section: str, first: str, second: str) -> None:
    own = [name for name in (second, first) if look.own(look.resolved.terms[name])]
    if not own:
        return
    left, right = (look.formula(look.undecided(look.resolved.terms[name])) for name in (first, second))
    other = first if own[0] == second else second
    look.tell(
        "SH830", f"{section}/{own[0]}", name=own[0], label=look.resolved.items[own[0]].label, other=other,
        other_label=look.resolved.items[other].label, section=section, **_both_ways(look, left, right),
    )  # fmt: skip
