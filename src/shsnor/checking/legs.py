"""Conditions that hold on one leg: `all` of which a part does not apply to a school is met by what is left (rule 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shsnor.checking.conditions import Conditions
from shsnor.checking.formulas import (
    IS_MET,
    IS_NOT_MET,
    IS_VACANT,
    Applying,
    Formula,
    Listed,
    TooMany,
    possible,
)
from shsnor.checking.subject import Subject
from shsnor.pack import Cluster, Criterion, Flag, Measure
from shsnor.terms import (
    Applied,
    Calc,
    Choice,
    Decided,
    FirstMatch,
    Fold,
    Leaf,
    Many,
    Not,
    Quantifier,
    Same,
    TableValue,
    Term,
)  # fmt: skip


def ask(subject: Subject) -> None:
    """Warning SH807, once a list of conditions."""
    asked = list(_asked(subject))
    if not any(_applies_to_some(part) for _, many, _ in asked for part in many.members):
        return
    parameters = {name: item.values[max(item.values)] for name, item in subject.pack.document.parameters.items()}
    linked = _Linked(subject, parameters, decisions=False)
    for root, many, earlier in asked:
        gone = [n for n in range(len(many.members)) if _met_without(linked, root, many, n, earlier)]
        if gone:
            left = [n for n in range(len(many.members)) if n not in gone] or gone[1:]
            members = [_named(subject, part) for part in many.members]
            subject.warn("SH807", f"{many.path}/all/{gone[0]}", gone=members[gone[0]], left=[members[n] for n in left])


Asked = tuple[Term, Many, Sequence[Term]]


def _asked(subject: Subject) -> Iterator[Asked]:
    """Each list `all` of an item that does not say to whom it applies: what it is part of, itself, the cases before it."""
    for section, name, item in subject.items("criteria", "flags", "clusters", "measures"):
        if isinstance(item, Criterion | Flag) and item.applies_to is not None:
            continue
        term = subject.resolved.measures.get(name) if isinstance(item, Measure) else subject.resolved.terms.get(name)
        roots: list[tuple[Term, list[Term]]] = [(term, [])] if term is not None else []
        if isinstance(item, Cluster):
            roots = [(case, cases[:n]) for cases in [_cases(term)] for n, case in enumerate(cases)]
        for root, earlier in roots:
            yield from ((root, many, earlier) for many in _lists(root, f"{section}/{name}"))


def _cases(term: Term | None) -> list[Term]:
    while isinstance(term, Decided):
        term = term.part
    return [case for _, case in term.cases] if isinstance(term, FirstMatch) else []


def _lists(term: Term, within: str) -> Iterator[Many]:
    """The lists `all` that are written inside an item, not those of items that it names."""
    if isinstance(term, Many) and term.how == "all" and len(term.members) > 1:
        yield term
    for part in term.parts():
        if part.item is None and f"{part.path}/".startswith(f"{within}/"):
            yield from _lists(part, within)


def _met_without(linked: _Linked, root: Term, many: Many, n: int, earlier: Sequence[Term]) -> bool:
    """Whether the item can be met, and the list, while its part n does not apply and no earlier case holds."""
    terms = [root, many, many.members[n], *earlier]
    formulas = [linked.formula(term) for term in terms]
    wanted = [IS_MET, IS_MET, IS_VACANT, *[IS_NOT_MET | IS_VACANT for _ in earlier]]
    allowed = {variable: variable.known for formula in formulas for variable in formula.rows}
    try:
        return possible(formulas, wanted, {**allowed, **linked.reading_in_force()})
    except TooMany:
        return False


class _Linked(Conditions):
    """Conditions in which a value does not apply exactly where its `applies_to` is not met."""

    def _formula(self, term: Term) -> Formula:
        found = super()._formula(term)
        if isinstance(term, Leaf | Quantifier) and (needed := self._applies(term)) is not None:
            return Applying(found, needed)
        return found

    def _applies(self, term: Term) -> Formula | None:
        """When something is there at all; None: always, as far as `applies_to` goes."""
        if isinstance(term, TableValue):
            entries = [cells.applies for cells in term.cells]
            return (
                Listed([self.formula(one) for one in entries if one is not None], "any")
                if entries and all(entries)
                else None
            )
        if isinstance(term, Applied):
            return self._together([self.formula(term.applies), self._applies(term.part)])
        if isinstance(term, Fold | Quantifier | Not | Same | Decided):
            return self._applies(term.part)
        if isinstance(term, Calc | Leaf):
            return self._together([self._applies(part) for part in term.parts()])
        if isinstance(term, Many | Choice):
            parts = [self._applies(part) for part in term.parts()]
            return Listed([part for part in parts if part is not None], "any") if all(parts) else None
        return None

    def _together(self, parts: Sequence[Formula | None]) -> Formula | None:
        there = [part for part in parts if part is not None]
        return Listed(there, "all") if there else None


def _applies_to_some(term: Term) -> bool:
    """Whether an `applies_to` stands anywhere under a term."""
    waiting, seen = [term], set[Term]()
    while waiting:
        term = waiting.pop()
        if isinstance(term, Applied) or (isinstance(term, TableValue) and any(c.applies for c in term.cells)):
            return True
        if term not in seen:
            seen.add(term)
            waiting += term.parts()
    return False


def _named(subject: Subject, term: Term) -> str:
    """The label of the item that a condition is, or that it is about first."""
    item = subject.resolved.items.get(term.item or "")
    if item is not None:
        return item.label
    first = next(term.parts(), None)
    return term.path if first is None else _named(subject, first)
