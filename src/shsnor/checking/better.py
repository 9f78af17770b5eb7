"""Indicators of which nobody says whether more or less of them is better, though the pack judges by them."""

from __future__ import annotations

from collections.abc import Iterator

from shsnor.checking.subject import Subject
from shsnor.pack import Indicator
from shsnor.terms import Applied, Calc, Choice, Decided, Fold, GroupStat, Leaf, TableValue, Term

#: Units of what is judged; a count, a year, a number of rubles is as often a condition as a result.
_GRADED = frozenset({"percent", "share", "point", "mark", "percentage_point"})
_ORDERED = frozenset({"at_least", "more_than", "at_most", "less_than"})
#: Tables of what a school lives with: of these no more and no less is better.
_CONDITIONS = frozenset({"context", "schools"})
#: To whom a rule applies and who is compared with whom: no judgement.
_CHOOSES = frozenset({"applies_to", "meeting", "for"})


def ask(subject: Subject) -> None:
    """Warning SH804, once an indicator."""
    told: set[str] = set()
    for term, how, path in _judged(subject):
        name = term.item or ""
        item = subject.resolved.items.get(name)
        graded = isinstance(item, Indicator) and item.unit in _GRADED
        if graded and name not in told and not _directed(subject, term) and not _of_conditions(term):
            told.add(name)
            subject.warn("SH804", f"indicators/{name}", name=name, how=how, where=path.replace("/", "."))


def _judged(subject: Subject) -> Iterator[tuple[Term, str, str]]:
    """Values that are compared, ranked or followed through years, with how and where."""
    for term in subject.terms:
        if isinstance(term, Leaf) and term.comparison in _ORDERED and not _CHOOSES & set(term.path.split("/")):
            yield term.value, "compared", term.path
        elif isinstance(term, Fold) and term.combine in ("change", "slope"):
            yield term.part, "followed", term.path
        elif isinstance(term, Fold | GroupStat) and term.combine in ("lowest", "highest"):
            yield term.part, "ranked", term.path


def _directed(subject: Subject, term: Term) -> bool:
    """Whether the indicator says what is better, or is a statistic or a reading of one that does."""
    item = subject.resolved.items.get(term.item or "")
    if isinstance(item, Indicator):
        if item.better is not None:
            return True
        if (named := subject.resolved.terms.get(item.value or "")) is not None and item.combine == "pooled":
            return _directed(subject, named)
    if isinstance(term, Choice):
        return all(_directed(subject, option) for option in term.options.values())
    if isinstance(term, Applied | Decided | Fold | GroupStat):
        return _directed(subject, term.part)
    return isinstance(term, Calc) and term.value.op == "name" and _directed(subject, term.reads[term.value.value])


def _of_conditions(term: Term) -> bool:
    while isinstance(term, Applied | Fold | GroupStat):
        term = term.part
    return isinstance(term, TableValue) and term.table in _CONDITIONS
