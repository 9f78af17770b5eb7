"""Time in a pack: values that are never in force, years that a table lacks, and what a date asked about lacks."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from datetime import date
from pathlib import Path

from shsnor.checking.subject import Subject
from shsnor.errors import Findings
from shsnor.loading import rows_file
from shsnor.pack import DatedItem, Pack, Parameter, Valid
from shsnor.terms import Resolved, TableValue
from shsnor.versions import in_force, not_valid


def ask(subject: Subject) -> None:
    """Warnings SH805 and SH806."""
    valid = subject.pack.head.valid
    if valid is not None:
        _parameters(subject, valid)
        _items(subject, valid)
    _reference_tables(subject)


def not_possible_on(pack: Pack, resolved: Resolved, day: date) -> Findings:
    """What keeps a pack without other errors from an evaluation as of a day.

    It is not valid then, a parameter has no value yet, or an item rests on one that is not in force.
    """
    findings = not_valid(pack, day)
    if findings.errors:
        return findings
    worth = {}
    for name, parameter in pack.document.parameters.items():
        if (held := parameter.on(day)) is None:
            place, first = pack.place(f"parameters/{name}"), min(parameter.values)
            findings.add("SH501", place, parameter=name, date=str(day), first=str(first))
        else:
            worth[name] = held[1]
    if not findings.errors:
        kept = {f.name: copy(getattr(resolved, f.name)) for f in fields(resolved)}
        findings.extend(in_force(pack, Resolved(**kept), day, worth.__getitem__)[1])  # it takes out what is not
    return findings


def _parameters(subject: Subject, valid: Valid) -> None:
    """Values from a day on which the pack is no longer valid, and a first value later than the pack's first day."""
    for _, name, item in subject.items("parameters"):
        if not isinstance(item, Parameter):
            continue
        path = f"parameters/{name}/values"
        for since in item.values:
            if valid.to is not None and since > valid.to:
                subject.warn("SH805", f"{path}/{since}", what="late", since=str(since), to=str(valid.to))
        first = min(item.values)
        if valid.from_ is not None and first > valid.from_ and (valid.to is None or first <= valid.to):
            subject.warn("SH805", path, what="gap", since=str(first), begins=str(valid.from_))


def _items(subject: Subject, valid: Valid) -> None:
    """Items whose own time lies outside of the pack's."""
    for section, name, item in subject.items():
        own = item.valid if isinstance(item, DatedItem) else None
        if own is None:
            continue
        early = own.to is not None and valid.from_ is not None and own.to < valid.from_
        late = own.from_ is not None and valid.to is not None and own.from_ > valid.to
        if early or late:
            subject.warn("SH805", f"{section}/{name}/valid", what="item")


def _reference_tables(subject: Subject) -> None:
    """Years for which a table that the pack carries has no row though the pack is valid in them."""
    read = {term.table for term in subject.terms if isinstance(term, TableValue)}
    for name, table in subject.pack.document.tables.items():
        file = rows_file(subject.pack, name) if name in read and "year" in (table.key or ()) else None
        if file is None or not subject.own(f"tables/{name}"):
            continue
        there = _years(file)
        lacking = sorted(_wanted(subject, there) - there) if there else []
        if lacking:
            subject.warn("SH806", f"tables/{name}/rows", name=name, years=lacking, there=_spans(there))


def _wanted(subject: Subject, there: set[int]) -> set[int]:
    """The years of the pack's validity, an open end being the last year that is there, and the year asked about.

    A year in which something was not held may lack for that reason.
    """
    valid, wanted = subject.pack.head.valid, set[int]()
    if valid is not None and valid.from_ is not None:
        last = valid.to.year if valid.to is not None else max(there)
        wanted = set(range(valid.from_.year, last + 1))
    if subject.day is not None:
        wanted.add(subject.day.year)
    return wanted - set(_not_held(subject.pack))


def _not_held(pack: Pack) -> Iterator[int]:
    for entry in pack.document.not_held:
        years = entry.cells.get("year", [])
        yield from (int(year) for year in ([years] if isinstance(years, str) else years) if year.isdigit())


def _years(file: Path) -> set[int]:
    """Years in the column `year` of a CSV file; none where it has no such column or cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            return {int(year) for row in rows if (year := str(row.get("year") or "").strip()).isdecimal()}
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()


def _spans(years: set[int]) -> list[str]:
    """2015, 2016, 2017, 2020 -> 2015–2017, 2020."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return [str(s[0]) if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spans]
