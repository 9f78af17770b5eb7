"""Which clauses of its documents a pack stands on, by which items, and which it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from shsnor.describing.description import ItemDescription
from shsnor.pack import Pack

#: A clause taken apart: «1.3, II, 2» and «1.3, II.2» are the same.
Key = tuple[str, ...]

#: «1–3» names so many clauses at most: what is longer is a text about years.
_LONGEST_RANGE = 40


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """A clause and the items that stand on it.

    clause   as the document calls it
    text     what it is about, by the pack's list of clauses; "" where there is no list
    items    those that name this very clause, or something below it that the list does not part
    below    how many clauses of the list lie below it and are covered
    """

    clause: str
    text: str
    items: tuple[ItemDescription, ...]
    below: int = 0

    @property
    def covered(self) -> bool:
        return bool(self.items) or self.below > 0

    @property
    def anchor(self) -> str:
        return "-".join(key_of(self.clause))


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """A document of a pack by its clauses.

    listed     whether the pack lists the document's clauses: else what is left out cannot be known
    own        whether the pack itself, and not its base, names the document
    clauses    those of the list in its order; without a list those that items name
    unlisted   clauses that items name and the list does not have
    """

    id: str
    title: str
    listed: bool
    own: bool
    clauses: tuple[ClauseCoverage, ...]
    unlisted: tuple[ClauseCoverage, ...] = field(default=())

    @property
    def covered(self) -> int:
        return sum(1 for clause in self.clauses if clause.covered)

    def anchor(self, clause: ClauseCoverage) -> str:
        """The anchor of a clause in a page of the pack."""
        return f"clause-{self.id}-{clause.anchor}"


def coverage(pack: Pack, items: Iterable[ItemDescription]) -> tuple[DocumentCoverage, ...]:
    """Every document that items stand on or whose clauses the pack lists, those that the pack itself names first."""
    by_document: dict[str, list[ItemDescription]] = {}
    for item in items:
        by_document.setdefault(item.document, []).append(item)
    found = []
    for name, document in pack.document.sources.items():
        citing = by_document.get(name, [])
        if not citing and document.clauses is None:
            continue
        own = pack.origin.get(f"sources/{name}") == pack.id
        listed = document.clauses is not None
        clauses, unlisted = _by_list(document.clauses, citing) if document.clauses else (_as_cited(citing), ())
        found.append(DocumentCoverage(name, document.title, listed, own, tuple(clauses), tuple(unlisted)))
    return tuple(sorted(found, key=lambda d: (not d.own, not d.listed)))


def _by_list(
    listed: Mapping[str, str], citing: list[ItemDescription]
) -> tuple[list[ClauseCoverage], list[ClauseCoverage]]:
    keys = {clause: key_of(clause) for clause in listed}
    direct: dict[str, dict[ItemDescription, None]] = {clause: {} for clause in listed}
    strange: list[ItemDescription] = []
    for item in citing:
        whole = key_of(item.clause)
        named = [_most_exact(key, keys) for key in ([whole] if whole in keys.values() else cited(item.clause))]
        for clause in named:
            if clause is not None:
                direct[clause][item] = None
        if not any(named):
            strange.append(item)
    clauses = []
    for clause, text in listed.items():
        key = keys[clause]
        below = sum(1 for other, k in keys.items() if other != clause and k[: len(key)] == key and direct[other])
        clauses.append(ClauseCoverage(clause, text, tuple(direct[clause]), below))
    return clauses, _as_cited(strange)


def _most_exact(key: Key, keys: Mapping[str, Key]) -> str | None:
    """The longest listed clause that is `key` or lies above it."""
    above = [clause for clause, known in keys.items() if key[: len(known)] == known]
    return max(above, key=lambda clause: len(keys[clause]), default=None)


def _as_cited(citing: list[ItemDescription]) -> list[ClauseCoverage]:
    named: dict[Key, list[ItemDescription]] = {}
    for item in citing:
        named.setdefault(key_of(item.clause), []).append(item)
    ordered = sorted(named, key=lambda key: [_natural(part) for part in key])
    return [ClauseCoverage(named[key][0].clause, "", tuple(named[key])) for key in ordered]


def names_clause(item: ItemDescription, clause: str) -> bool:
    """Whether an item stands on a clause or on something below it."""
    wanted = key_of(clause)
    return any(key[: len(wanted)] == wanted for key in cited(item.clause))


def cited(text: str) -> list[Key]:
    """The clauses that a `source.clause` names: several parted by `;`, «и», or a range «1.1–1.3»."""
    found: list[Key] = []
    for piece in re.split(r";", re.sub(r"\([^)]*\)", "", text)):
        found += [key_of(one) for one in _ranges(_both(piece.strip()))]
    return [key for key in dict.fromkeys(found) if key]


def _both(piece: str) -> Iterator[str]:
    """«План, 3.4 и 4.5» is «План, 3.4» and «План, 4.5»."""
    first, *others = re.split(r"\s+и\s+(?=[\dIVX])", piece) if "«" not in piece else [piece]
    yield first
    head = first.rpartition(", ")[0]
    yield from (f"{head}, {other}" if head and other[:1].isdigit() else other for other in others)


def _ranges(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        found = re.fullmatch(r"(.*?)(\d+)\s*[–-]\s*(?:([\w.]*\.)?(\d+))", piece) if "«" not in piece else None
        low, high = (int(found[2]), int(found[4])) if found else (0, 0)
        if found and low < high <= low + _LONGEST_RANGE and found[1].endswith(found[3] or ""):
            yield from (f"{found[1]}{n}" for n in range(low, high + 1))
        else:
            yield piece


def key_of(clause: str) -> Key:
    """The parts of a clause's name: numbers and words in small letters, whatever stands between them."""
    return tuple(re.findall(r"\w+", clause.casefold().removeprefix("пункт ").removeprefix("п. ")))


def _natural(part: str) -> tuple[int, int, str]:
    """For sorting: numbers by their size, and before words."""
    return (0, int(part), "") if part.isdigit() else (1, 0, part)
