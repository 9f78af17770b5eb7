"""Warnings that a pack's author knows of and gives a reason for (`accept`), and reasons given for nothing."""

from __future__ import annotations

from collections.abc import Mapping

from shsnor.checking.subject import Subject
from shsnor.errors import Findings, nearest
from shsnor.wording.codes import CODES

NOTHING_TO_ACCEPT = "SH829"
#: Told of one date and not of another: of these nobody can say that they were accepted in vain.
OF_A_DAY = frozenset({"SH806"})


def not_accepted(subject: Subject) -> Findings:
    """The subject's warnings but those that the item they stand in accepts; SH829 for what accepts nothing."""
    accepted = _accepted(subject)
    by_length = sorted(accepted, key=len, reverse=True)  # ids hold dots: `crit.1.1` is not inside of `crit.1`
    left, used = Findings(), set()
    for finding in subject.findings:
        key = finding.place.key.replace("/", ".") + "."
        item = next((one for one in by_length if key.startswith(one.replace("/", ".") + ".")), "")
        if finding.code in accepted.get(item, ()):
            used.add((item, finding.code))
        else:
            left.extend([finding])
    for item, codes in accepted.items():
        for code in codes:
            if (item, code) not in used and code not in OF_A_DAY:
                _in_vain(subject, left, item, code)
    return left


def _in_vain(subject: Subject, findings: Findings, item: str, code: str) -> None:
    known = [one for one in CODES if "SH801" <= one < "SH860" and one != NOTHING_TO_ACCEPT]
    what = "unused" if code in known else "unknown"
    near = None if code in known else nearest(code, known)
    place = subject.pack.place(f"{item}/accept/{code}")
    findings.add(NOTHING_TO_ACCEPT, place, severity="warning", what=what, name=code, nearest=near)


def _accepted(subject: Subject) -> Mapping[str, Mapping[str, str]]:
    """Codes and reasons of each of the pack's own items and tables, by `section/id`."""
    given = {f"{section}/{name}": item.accept for section, name, item in subject.pack.items()}
    given |= {f"tables/{name}": table.accept for name, table in subject.pack.document.tables.items()}
    return {path: accept or {} for path, accept in given.items() if subject.own(path)}
