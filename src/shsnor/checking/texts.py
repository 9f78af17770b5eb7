"""Labels against what they stand for: another number than the rule's, one label for two items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from shsnor.checking.subject import Subject
from shsnor.nodes import MetIn
from shsnor.pack import Cluster, Measure, Parameter, as_number
from shsnor.terms import Calc, Constant, Fold, GroupStat, Leaf, Many, Quantifier, TableValue, Term, reachable
from shsnor.terms import Parameter as ParameterOf

_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|процент)")


def ask(subject: Subject) -> None:
    """Warnings SH812 and SH813."""
    for section, name, item in subject.items("criteria", "flags", "parameters"):
        said = {Decimal(text.replace(",", ".")) for text in _PERCENT.findall(item.label)}
        if said:
            own = set(item.values.values()) if isinstance(item, Parameter) else set()
            numbers = _numbers(own) or _thresholds(subject, subject.resolved.terms.get(name))
            known = numbers | {100 - n for n in numbers} | {Decimal(0), Decimal(100)}  # 30 % failed, 70 % passed
            if numbers and not said <= known:
                wrong, right = ([f"{n:f}" for n in sorted(part)] for part in (said - known, numbers))
                subject.warn("SH812", f"{section}/{name}/label", said=wrong, numbers=right)
    _twins(subject)


def _thresholds(subject: Subject, term: Term | None) -> set[Decimal]:
    """Every number that a condition rests on, those of what it names too."""
    found: set[Decimal] = set()
    for one in reachable([term] if term is not None else []):
        for written in _written(one):
            if isinstance(written, ParameterOf):
                found |= _numbers(subject.pack.document.parameters[written.name].values.values())
            else:
                found |= _numbers([str(written)])
    return found


def _numbers(texts: Iterable[str]) -> set[Decimal]:
    return {number for text in texts if (number := as_number(text)) is not None}


def _written(term: Term) -> Iterator[object]:
    """Thresholds, parts of a whole, and the parameters of formulas; not the numbers in these, such as `100.0 * …`."""
    if isinstance(term, Leaf):
        operands = term.operand if isinstance(term.operand, tuple) else (term.operand,)
        yield from (o for o in operands if isinstance(o, ParameterOf))
        yield from (o.value for o in operands if isinstance(o, Constant))
    elif isinstance(term, Quantifier | Many) and isinstance(term.met_in, MetIn):
        yield from (n for n in (term.met_in.at_least, term.met_in.share_at_least, term.met_in.share_more_than) if n)
    elif isinstance(term, Fold | GroupStat) and term.border is not None:
        yield term.border
    elif isinstance(term, Calc | TableValue):
        yield from (e.value for e in term.value.walk() if e.op == "number" and e.value not in (0, 1, 100))
        yield from (ParameterOf(name) for name in term.value.parameters)


def _twins(subject: Subject) -> None:
    """Two items of a section, or two labels of a cluster, that a reader cannot tell apart."""
    first: dict[tuple[str, ...], str] = {}
    for section, name, item in subject.items():
        if section == "tasks":
            continue  # rows of a document are called what it calls them
        group = f"{item.group} {item.stage}" if isinstance(item, Measure) else ""
        labels: list[tuple[tuple[str, ...], str]] = [((section, group, item.label), f"{section}/{name}/label")]
        if isinstance(item, Cluster):
            cases = enumerate(item.first_match or ())
            labels += [((name, c.label), f"{section}/{name}/first_match/{n}/label") for n, c in cases if c.label]
        for key, path in labels:
            if key in first:
                subject.warn("SH813", path, label=key[-1], first=first[key].removesuffix("/label").replace("/", "."))
            first.setdefault(key, path)
