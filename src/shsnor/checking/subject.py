"""A pack whose meaning is looked at: what every question asked of it shares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from shsnor.checking.keys import Keys
from shsnor.errors import Findings
from shsnor.pack import Item, Pack, Table
from shsnor.standard import tables_of
from shsnor.terms import Leaf, Resolved, Term


class Subject:
    """A pack without errors, its meaning, perhaps a date asked about, and what was found.

    Only what the pack itself says is told of: what comes from its base is for the base's own check.
    """

    def __init__(self, pack: Pack, resolved: Resolved, day: date | None = None) -> None:
        self.pack = pack
        self.resolved = resolved
        self.day = day
        self.findings = Findings()

    def warn(self, code: str, path: str, **details: Any) -> None:
        """A warning at a key path of the pack; nothing where that place is the base's."""
        if self.own(path):
            self.findings.add(code, self.pack.place(path), severity="warning", **details)

    def own(self, path: str) -> bool:
        """Whether the pack itself, not its base, says what stands at a path."""
        return self.pack.origin.get("/".join(path.split("/")[:2]), self.pack.id) == self.pack.id

    def items(self, *sections: str) -> Iterator[tuple[str, str, Item]]:
        """(section, id, item) of the pack's own items, of all sections where none is named."""
        for section, name, item in self.pack.items():
            if (not sections or section in sections) and self.own(f"{section}/{name}"):
                yield section, name, item

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table that the pack knows, the standard ones included."""
        return tables_of(self.pack)

    @property
    def entity(self) -> int:
        """The level that the pack speaks of."""
        named = self.pack.head.entity
        return self.resolved.levels.index(named) if named in self.resolved.levels else 0

    @cached_property
    def terms(self) -> list[Term]:
        """All terms of the pack, those inside of others too, each once."""
        return list(self.resolved.all_terms())

    @cached_property
    def keys(self) -> Keys:
        """When two of these terms are worth the same, whatever its parameters are."""
        return Keys()

    @cached_property
    def leaves(self) -> list[Leaf]:
        """All comparisons of the pack."""
        return [term for term in self.terms if isinstance(term, Leaf)]
