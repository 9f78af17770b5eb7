"""Which rows an indicator takes: a dimension left open where the pack names its values, a label that names others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from shsnor.checking.subject import Subject
from shsnor.resolving.tables import fixed_by
from shsnor.terms import Applied, TableValue, Term

#: What labels call the procedures and subjects, by how the codes of them begin.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "procedure": {"впр": r"ВПР", "огэ": r"ОГЭ", "егэ": r"ЕГЭ"},
    "subject": {"рус": r"русск\w+", "мат": r"математи\w+"},
}
_OTHERWISE = r"(?<!кроме )(?<!без )(?<!не )"  # «кроме ЕГЭ» names what is not taken


def ask(subject: Subject) -> None:
    """Warnings SH808 and SH809."""
    for term in subject.terms:
        if isinstance(term, TableValue):
            for dim in sorted(term.open & fixed_by(term.where).keys()):
                subject.warn("SH808", f"{term.path}/where", what="where", dim=dim, values=fixed_by(term.where)[dim])
    for _, name, item in subject.items("indicators"):
        rows = _from_table(subject.resolved.terms.get(name))
        if rows is not None and rows.path == f"indicators/{name}":
            _label(subject, rows, item.label)


def _from_table(term: Term | None) -> TableValue | None:
    while isinstance(term, Applied):
        term = term.part
    return term if isinstance(term, TableValue) else None


def _label(subject: Subject, term: TableValue, label: str) -> None:
    """A label that names procedures or subjects, and rows of all of them, or of none of those it names."""
    table = subject.tables[term.table]
    for dim in (d for d in _NAMES if d in table.dims):
        named, taken = _named(label, dim), _taken(term, dim)
        if not named or taken is None:
            continue
        known = {begin for begin in _NAMES[dim] for value in taken if value.lower().startswith(begin)}
        if not taken:
            code, what = ("SH808", "open") if dim in term.by else ("SH809", "all")
            subject.warn(code, f"{term.path}/value", what=what, dim=dim, named=list(named.values()))
        elif known and not known & named.keys():  # codes that are none of ours may mean anything
            words = list(named.values())
            subject.warn("SH809", f"{term.path}/label", what="other", dim=dim, named=words, taken=sorted(taken))


def _taken(term: TableValue, dim: str) -> Collection[str] | None:
    """The values of a dimension that are let through; empty: all; None where it cannot be told."""
    listed = {value for cells in term.cells for value in cells.values.get(dim, ())}
    fixed = fixed_by(term.where).get(dim)
    if fixed is not None:
        return fixed if not listed else listed & set(fixed)
    if term.where is not None and dim in term.where.names:
        return None
    return listed


def _named(label: str, dim: str) -> dict[str, str]:
    """The procedures or subjects that a label names: how their codes begin -> the word in the label."""
    flags = re.IGNORECASE if dim == "subject" else 0
    found = {begin: re.search(rf"{_OTHERWISE}\b{word}\b", label, flags) for begin, word in _NAMES[dim].items()}
    return {begin: match[0] for begin, match in found.items() if match is not None}
