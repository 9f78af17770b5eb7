"""Numbers that do not suit what they are compared with: thresholds that no value reaches, per cents against shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shsnor.checking.domain import domain_of
from shsnor.checking.scales import scale_of, wrong_scales
from shsnor.checking.subject import Subject
from shsnor.nodes import MetIn
from shsnor.pack import as_number
from shsnor.terms import (
    Calc,
    Constant,
    Fold,
    GroupStat,
    Leaf,
    Many,
    Parameter,
    Quantifier,
    Scalar,
    TableValue,
    Term,
)  # fmt: skip


def ask(subject: Subject) -> None:
    """Warnings SH802 and SH803."""
    for leaf in subject.leaves:
        for threshold in _thresholds(subject, leaf):
            _suits(subject, leaf, threshold)
    for term in subject.terms:
        if isinstance(term, Calc | TableValue):
            _formula(subject, term)
        if isinstance(term, TableValue):
            _minimum(subject, term)
        _part_of_whole(subject, term)


@dataclass(frozen=True, slots=True)
class _Threshold:
    """A number that a value is compared with, and where it is written.

    parameter, since   where it is a parameter's value: its name and the date from which it holds
    """

    value: Decimal
    path: str
    parameter: str | None = None
    since: str | None = None


def _thresholds(subject: Subject, leaf: Leaf) -> Iterator[_Threshold]:
    path = f"{leaf.path}/{leaf.comparison}"
    if isinstance(leaf.operand, tuple):
        for n, scalar in enumerate(leaf.operand):
            yield from _worth(subject, scalar, f"{path}/{n}")
    elif isinstance(leaf.operand, Constant | Parameter):
        yield from _worth(subject, leaf.operand, path)


def _worth(subject: Subject, scalar: Scalar, path: str) -> Iterator[_Threshold]:
    """The number as it stands, or each value that its parameter ever has."""
    if isinstance(scalar, Constant):
        if isinstance(scalar.value, Decimal):
            yield _Threshold(scalar.value, path)
        return
    for since, text in subject.pack.document.parameters[scalar.name].values.items():
        if (number := as_number(text)) is not None:
            yield _Threshold(number, f"parameters/{scalar.name}/values/{since}", scalar.name, str(since))


def _suits(subject: Subject, leaf: Leaf, threshold: _Threshold) -> None:
    domain, value = domain_of(leaf.value, subject.tables), threshold.value
    unit = leaf.value.unit
    item = subject.resolved.items.get(leaf.indicator)
    name = item.label if item is not None else leaf.indicator
    at = {"value": value, "name": name, "parameter": threshold.parameter, "since": threshold.since}
    if unit == "percent" and domain.high == 100 and 0 < value < 1:
        subject.warn("SH803", threshold.path, what="share", suggested=_text(100 * value), **at)
    elif unit == "share" and domain.high == 1 and 1 < value <= 100:
        subject.warn("SH803", threshold.path, what="percent", suggested=_text(value / 100), **at)
    elif (domain.low is not None and value < domain.low) or (domain.high is not None and value > domain.high):
        subject.warn("SH802", threshold.path, low=domain.low, high=domain.high, unit=unit, **at)


def _formula(subject: Subject, term: Calc | TableValue) -> None:
    """A formula that mixes per cents and shares, or gives the other of them than its unit says."""
    if isinstance(term, TableValue):
        columns = subject.tables[term.table].columns
        units = {name: columns[name].unit for name in term.value.names}
        counts = {name for name in term.value.names if columns[name].type == "count"}
    else:
        units = {name: part.unit for name, part in term.reads.items()}
        counts = {name for name, unit in units.items() if unit == "count"}
    path = f"{term.path}/value"
    if (mixed := wrong_scales(term.value, units)) is not None:
        subject.warn("SH803", path, what="formula", names=mixed)
    elif term.unit in ("percent", "share"):
        gives = scale_of(term.value, units, counts)
        if gives not in (None, term.unit):
            subject.warn("SH803", path, what=f"gives_{gives}" if gives in ("percent", "share") else "twice")


def _minimum(subject: Subject, term: TableValue) -> None:
    """A limit of per cents where rows are counted."""
    for column, scalar in term.minimum.items():
        if isinstance(scalar, Parameter):
            unit = subject.pack.document.parameters[scalar.name].unit
            if unit in ("percent", "share") and subject.tables[term.table].columns[column].unit not in (None, unit):
                path = f"{term.path}/minimum/{column}"
                subject.warn("SH803", path, what="minimum", name=column, parameter=scalar.name, unit=unit)


def _part_of_whole(subject: Subject, term: Term) -> None:
    """The format counts parts of a whole in per cents: 0.25 of one is hardly meant."""
    parts: dict[str, str | Decimal | None] = {}
    if isinstance(term, Fold | GroupStat) and term.border is not None:
        parts[f"combine/{term.combine}"] = term.border
    elif isinstance(term, Quantifier | Many) and isinstance(term.met_in, MetIn):
        parts["met_in/share_at_least"] = term.met_in.share_at_least
        parts["met_in/share_more_than"] = term.met_in.share_more_than
    for key, text in parts.items():
        value = as_number(str(text)) if text is not None else None
        if value is not None and 0 < value < 1:
            subject.warn("SH803", f"{term.path}/{key}", what="part", value=value, suggested=_text(100 * value))


def _text(number: Decimal) -> str:
    """A number as an author writes it."""
    return f"{number.normalize():f}"
