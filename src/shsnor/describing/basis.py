"""On what a pack stands: how many of its items the documents state, how many follow from them, how many the author chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shsnor.describing.description import SECTIONS, ItemDescription

BASES = ("stated", "derived", "assumed")


@dataclass(frozen=True, slots=True)
class BasisRow:
    """The items of a section (of all: "") by their basis."""

    section: str
    stated: int
    derived: int
    assumed: int

    @property
    def all(self) -> int:
        return self.stated + self.derived + self.assumed

    def share(self, basis: str) -> int:
        """Whole per cent of the items that have this basis, half up; 0 where there are none."""
        count: int = getattr(self, basis)
        return (200 * count + self.all) // (2 * self.all) if self.all else 0


@dataclass(frozen=True, slots=True)
class BasisTable:
    """The basis of a pack.

    rows        the pack's own items by section, then all of them
    inherited   those that come from its base; None where it has none
    assumed     what the pack's author chose, with the reason of each
    """

    rows: tuple[BasisRow, ...]
    inherited: BasisRow | None
    assumed: tuple[ItemDescription, ...]

    @property
    def total(self) -> BasisRow:
        return self.rows[-1]

    def data(self) -> dict[str, Any]:
        """The table as data for JSON."""
        inherited = [self.inherited] if self.inherited is not None else []
        return {
            "rows": [{name: getattr(row, name) for name in ("section", *BASES)} for row in self.rows],
            "inherited": [{name: getattr(row, name) for name in BASES} for row in inherited],
            "assumed": [{"section": i.section, "id": i.id, "because": i.because} for i in self.assumed],
        }


def basis_of(items: Sequence[ItemDescription]) -> BasisTable:
    """The basis of a pack's items."""
    own = [item for item in items if not item.origin]
    rows = [_row(section, (item for item in own if item.section == section)) for section in SECTIONS]
    inherited = [item for item in items if item.origin]
    return BasisTable(
        tuple(row for row in [*rows, _row("", own)] if row.all or not row.section),
        _row("", inherited) if inherited else None,
        tuple(item for item in own if item.basis == "assumed"),
    )


def _row(section: str, items: Iterable[ItemDescription]) -> BasisRow:
    counted = Counter(item.basis for item in items)
    return BasisRow(section, *(counted[basis] for basis in BASES))
