"""What the cases of a pack show: which of its own criteria, thresholds, flags, labels and measures came out, and which way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shsnor.errors import Finding, Place
from shsnor.host import Host
from shsnor.pack import Pack
from shsnor.packtests.accepting import Accepted
from shsnor.packtests.answers import Seen
from shsnor.resolving import resolve
from shsnor.terms import Applied, Decided, Leaf, Many, Not, Quantifier, Resolved, Same, Statement, Term

Kind = Literal["criteria", "thresholds", "flags", "labels", "measures"]
KINDS: tuple[Kind, ...] = ("criteria", "thresholds", "flags", "labels", "measures")

_VERDICTS = ("met", "not_met", "unknown")
_SIDES = ("met", "not_met")
_ORDERED = ("at_least", "more_than", "at_most", "less_than")


@dataclass(frozen=True, slots=True)
class Covered:
    """One thing that cases should show.

    item      id of a criterion, flag, cluster or measure
    label     what it is called; of a label of a cluster, that of the cluster
    path      of a threshold: where its condition stands in the item
    missing   verdicts that no case shows (of a label: the label itself), without those that the author accepts
    """

    kind: Kind
    item: str
    label: str
    place: Place
    missing: tuple[str, ...]
    accepted: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases of a pack show of its own items, in the order of the pack."""

    covered: tuple[Covered, ...]

    def of(self, kind: Kind) -> list[Covered]:
        return [one for one in self.covered if one.kind == kind]

    def missing(self, kind: Kind | None = None) -> list[Covered]:
        """What is not shown whole."""
        return [one for one in self.covered if one.missing and kind in (None, one.kind)]

    def shown(self, kind: Kind) -> tuple[int, int]:
        """How many of a kind are shown whole, and how many there are."""
        listed = self.of(kind)
        return sum(not one.missing for one in listed), len(listed)

    def findings(self) -> Iterator[Finding]:
        """An error for each criterion that is not shown whole: what a pack with `status: active` must not have."""
        for one in self.missing("criteria"):
            yield Finding("SH883", one.place, {"name": one.item, "missing": list(one.missing)})

    @property
    def not_shown(self) -> set[tuple[str, str]]:
        """(item, verdict) of all that is not shown, accepted or not."""
        return {(one.item, word) for one in self.covered for word in (*one.missing, *one.accepted)}


def coverage_of(pack: Pack, seen: Seen, host: Host, accepted: Accepted | None = None) -> Coverage:
    """What was seen against what there is to see.

    seen       of a run of all cases
    accepted   what need not be shown
    """
    resolved, _ = resolve(pack, host.functions)
    return Coverage(tuple(_Looking(pack, seen, resolved, accepted or Accepted()).all()))


@dataclass
class _Looking:
    pack: Pack
    seen: Seen
    resolved: Resolved
    accepted: Accepted

    def all(self) -> Iterator[Covered]:
        document = self.pack.document
        for name in self.own("criteria"):
            yield self.node("criteria", "criteria", name, name, "", self.verdicts(name))
        for section in ("criteria", "flags", "measures"):
            for name in self.own(section):
                yield from self.thresholds(section, name)
        for name in self.own("flags"):
            yield self.node("flags", "flags", name, name, "", self.verdicts(name))
        for name in self.own("clusters"):
            for number, row in enumerate(document.clusters[name].first_match or ()):
                missing = () if row.id in self.seen.labels.get(name, set()) else (row.id,)
                at = f"clusters/{name}/first_match/{number}"
                yield self.covered("labels", name, document.clusters[name].label, at, missing)
        for name in self.own("measures"):
            if document.measures[name].when is not None:
                yield self.node("measures", "measures", name, f"measures/{name}", "when", _SIDES)

    def verdicts(self, name: str) -> tuple[str, ...]:
        """The verdicts that there can be: nothing is unknown to a condition that asks what is known."""
        term = self.resolved.terms.get(name)
        return _VERDICTS if term is None or _may_be_unknown(term) else _SIDES

    def own(self, section: str) -> list[str]:
        """The pack's own items: those of its base are shown by the base's cases."""
        listed = getattr(self.pack.document, section)
        return [name for name in listed if self.pack.origin.get(f"{section}/{name}", self.pack.id) == self.pack.id]

    def thresholds(self, section: str, name: str) -> Iterator[Covered]:
        key = f"measures/{name}" if section == "measures" else name
        statement = self.resolved.statements.get(key)
        for node in statement.walk() if statement is not None else ():
            if _is_threshold(node):
                yield self.node("thresholds", section, name, key, node.path, _SIDES)

    def node(
        self, kind: Kind, section: str, name: str, key: str, path: str, wanted: tuple[str, ...]
    ) -> Covered:  # fmt: skip
        seen = self.seen.verdicts.get((key, path), set())
        label = getattr(self.pack.document, section)[name].label
        at = f"{section}/{name}/{path.removesuffix('each')}".rstrip("/")
        missing = tuple(word for word in wanted if word not in seen)
        return self.covered(kind, name, label, at, missing, path)

    def covered(
        self, kind: Kind, name: str, label: str, at: str, missing: tuple[str, ...], path: str = ""
    ) -> Covered:  # fmt: skip
        accepted = tuple(word for word in missing if (name, word) in self.accepted.never)
        left = tuple(word for word in missing if word not in accepted)
        return Covered(kind, name, label, self.pack.place(at), left, accepted, path)


def _is_threshold(node: Statement) -> bool:
    if node.node != "leaf":
        return False
    term: Term = node.term
    while isinstance(term, Applied | Decided):
        term = term.part
    return isinstance(term, Leaf) and term.comparison in _ORDERED


def _may_be_unknown(term: Term) -> bool:
    """Whether missing data can make a verdict unknown; not asked of what does not apply, or was not held."""
    if isinstance(term, Leaf):
        return term.comparison != "known" and term.missing not in ("met", "not_met")
    parts = [term.part] if isinstance(term, Applied | Decided | Quantifier | Not | Same) else list(term.parts())
    return any(map(_may_be_unknown, parts)) if isinstance(term, Many) or len(parts) == 1 else True
