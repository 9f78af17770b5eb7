"""Whether a pack fits: this engine, the evaluation's date, its own history; and which of its items are in force on a date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from shsnor.errors import Finding, Findings, Place, nearest
from shsnor.pack import ITEM_SECTIONS, Pack
from shsnor.terms import Choice, Resolved, Term

#: The format of packs that this engine reads.
FORMAT = "1"
CHANGELOG_FILE = "CHANGELOG.md"

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {">=": ge, "<=": le, "==": eq, "!=": ne, ">": gt, "<": lt}
_BOUND = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*")


def engine_version() -> str:
    """The version of this engine."""
    from shsnor import __version__

    return __version__


def engine_fits(wanted: str, version: str) -> bool:
    """Whether a version is in the range `wanted`, such as `>=0.1,<1`.

    raises  ValueError where `wanted` is no range
    """
    bounds = [_BOUND.fullmatch(part) for part in wanted.split(",")]
    if None in bounds:
        raise ValueError(wanted)
    return all(_COMPARISONS[b[1]](*_padded(_numbers(version), _numbers(b[2]))) for b in bounds if b is not None)


def _numbers(version: str) -> list[int]:
    found = re.match(r"\d+(\.\d+)*", version)
    return [int(part) for part in found[0].split(".")] if found else []


def _padded(one: list[int], other: list[int]) -> tuple[list[int], list[int]]:
    """Both as long as the longer, so that 1 and 1.0 are the same."""
    length = max(len(one), len(other))
    return one + [0] * (length - len(one)), other + [0] * (length - len(other))


def unfit(data: Mapping[str, Any], places: Mapping[str, Place]) -> Finding | None:
    """What keeps this engine from a pack as it is written: asked first, for of such a pack nothing else can be said."""
    written = data.get("format")
    number = re.fullmatch(r"\d+(\.\d+)?", written) if isinstance(written, str) else None
    if number and float(written or 0) > float(FORMAT):
        details = {"format": written, "known": FORMAT, "engine": engine_version()}
        return Finding("SH861", places.get("format", Place(key="format")), details)
    head = data.get("pack")
    wanted = head.get("engine") if isinstance(head, dict) else None
    if isinstance(wanted, str) and isinstance(head, dict):
        try:
            fits = engine_fits(wanted, engine_version())
        except ValueError:
            return None  # `check_versions` says so: the pack can be read all the same
        if not fits:
            place = places.get("pack/engine", Place(key="pack.engine"))
            details = {"pack": head.get("id"), "wanted": wanted, "engine": engine_version()}
            return Finding("SH862", place, details)
    return None


def not_valid(pack: Pack, day: date) -> Findings:
    """A finding for the pack, and for each pack that it extends, that is not in force on that day."""
    findings = Findings()
    for one in pack.chain():
        valid = one.head.valid
        if valid is not None and not valid.holds(day):
            findings.add(
                "SH510", one.place("pack/valid"), pack=one.id, date=str(day),
                valid_from=str(valid.from_) if valid.from_ else None, valid_to=str(valid.to) if valid.to else None,
                retired=one.head.status == "retired" or None,
            )  # fmt: skip
    return findings


def check_versions(pack: Pack) -> Findings:
    """What is wrong in what a pack says of its own history: engine, status, changelog, ids that were taken out."""
    findings = Findings()
    head = pack.head
    if head.engine is not None:
        try:
            engine_fits(head.engine, engine_version())
        except ValueError:
            findings.add("SH863", pack.place("pack/engine"), text=head.engine)
    if head.status == "retired" and (head.valid is None or head.valid.to is None):
        findings.add("SH868", pack.place("pack/status"))
    changes = changes_of(pack)
    if changes and changes[0].version != head.version:
        place = Place(file=_changelog_shown(pack), line=changes[0].line)
        findings.add(
            "SH860", place, severity="warning", version=head.version, newest=changes[0].version, file=CHANGELOG_FILE
        )
    findings.extend(_check_retired(pack))
    return findings


def _check_retired(pack: Pack) -> Iterator[Finding]:
    """An id that was taken out means what it meant for ever: nothing else may have it, and its successor must be there."""
    ids: dict[str, str] = {}
    for section, name, _ in pack.items():
        ids.setdefault(name, section)
    for name, gone in pack.document.retired.items():
        if name in ids:
            place = pack.place(f"{ids[name]}/{name}")
            yield Finding("SH865", place, {"name": name, "was": gone.was, "because": gone.because})
        if gone.replaced_by is not None and gone.replaced_by not in {*ids, *pack.document.retired}:
            place = pack.place(f"retired/{name}/replaced_by")
            yield Finding(
                "SH867", place, {"name": name, "by": gone.replaced_by, "nearest": nearest(gone.replaced_by, ids)}
            )


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a pack's changelog: the version, the line of the file that it starts in, its text."""

    version: str
    line: int
    text: str


def changes_of(pack: Pack) -> list[Change]:
    """The entries of the CHANGELOG.md beside the pack, the newest first; [] where there is none.

    An entry begins with `## VERSION`, perhaps with a date or words after it.
    """
    file = pack.folder / CHANGELOG_FILE if pack.folder is not None else None
    if file is None or not file.is_file():
        return []
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    heads = [n for n, line in enumerate(lines) if re.match(r"## \S", line)]
    return [
        Change(lines[n][3:].split()[0].strip("[]"), n + 1, "\n".join(lines[n + 1 : end]).strip())
        for n, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    ]


def _changelog_shown(pack: Pack) -> str:
    """The changelog's path as findings show those of the pack."""
    beside = pack.place("pack/version").file or ""
    return f"{beside.rpartition('/')[0]}/{CHANGELOG_FILE}".lstrip("/") if "/" in beside else CHANGELOG_FILE


def in_force(pack: Pack, resolved: Resolved, day: date, worth: Callable[[str], str]) -> tuple[Pack, Findings]:
    """The pack as it is on a day: without the items whose `valid` does not hold, which leave `resolved` too.

    worth    parameter -> its value on that day: an item that only another reading needs is not missed
    returns  the pack, and a finding for each item in force that rests on one that is not
    """
    gone = {
        (section, name)
        for section, name, item in pack.items()
        if (valid := getattr(item, "valid", None)) is not None and not valid.holds(day)
    }
    if not gone:
        return pack, Findings()
    for section, name in gone:
        _take_out(resolved, section, name)
    kept = {
        section: {n: item for n, item in getattr(pack.document, section).items() if (section, n) not in gone}
        for section in ITEM_SECTIONS
    }
    shorter = replace(pack, document=pack.document.model_copy(update=kept))
    return shorter, _rests_on_gone(pack, resolved, {name for _, name in gone}, day, worth)


def _take_out(resolved: Resolved, section: str, name: str) -> None:
    if section == "measures":
        resolved.measures.pop(name, None)
        resolved.measure_levels.pop(name, None)
        resolved.statements.pop(f"measures/{name}", None)
    elif section == "peers":
        resolved.peers.pop(name, None)
    elif section != "tasks":
        for kept in (resolved.terms, resolved.statements, resolved.sections, resolved.items):
            kept.pop(name, None)


def _rests_on_gone(pack: Pack, resolved: Resolved, gone: set[str], day: date, worth: Callable[[str], str]) -> Findings:
    findings = Findings()
    measures = {name: term for name, term in resolved.measures.items() if term is not None}
    for name, term in measures.items():  # a measure has no term of its own: it names the condition
        if term.item in gone:
            findings.add("SH864", pack.place(f"measures/{name}/when"), name=term.item, date=str(day))
    roots = [*resolved.terms.values(), *resolved.peers.values(), *(t for t in measures.values() if t.item not in gone)]
    seen: set[Term] = set()
    while roots:
        term = roots.pop()
        if term in seen:
            continue
        seen.add(term)
        parts = [term.options[worth(term.parameter)]] if isinstance(term, Choice) else list(term.parts())
        for part in parts:
            if part.item in gone and part.item is not None:
                findings.add("SH864", pack.place(term.path), name=part.item, date=str(day))
            else:
                roots.append(part)
    return findings
