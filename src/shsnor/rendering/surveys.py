"""One look over the sums of a table, before anything is made of them: how many rows were read, their hash, and how large sums are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shsnor.rendering.cubes import ROWS, Cube, is_count, typed
from shsnor.rendering.layout import roster
from shsnor.sql import quote


@dataclass(frozen=True)
class Measured:
    """What is known of the columns of a cube before its wide table is written.

    full    without any gap: counts of nulls that are 0 everywhere, sums that are nowhere NULL
    most    of whole numbers that are full and nowhere negative: the largest of one entity and cell
    narrow  whose numbers fit an INTEGER
    """

    full: frozenset[str] = frozenset()
    most: Mapping[str, int] = field(default_factory=dict)
    narrow: frozenset[str] = frozenset()

    def bits(self, column: str, cells: int) -> int | None:
        """Bits enough for a sum over so many cells of an entity, each of which is one number at most; None where it is not
        known. Of numbers of cells that are about alike they are the same."""
        most = self.most.get(column)
        return None if most is None else (most.bit_length() or 1) + (cells - 1).bit_length()


#: Of a plan that is printed.
UNMEASURED = Measured()


@dataclass(frozen=True)
class Surveyed:
    """What a survey found.

    rows    how many were read
    known   how many of them are of entities in the roster
    wrong   in how many the check of the table found something
    hashes  sum of the hashes of the entities' sums: the same however dimensions are written there, in any order of rows
    """

    rows: int
    known: int
    wrong: int
    hashes: int
    measured: Measured

    @property
    def digest(self) -> str:
        """A hash of the rows would cost a second scan; one of their sums tells as much of what was read."""
        return f"{self.rows:x}:{self.hashes:x}"


class Survey:
    """A query over `raw_<table>` and `cells_<table>`, and what its one row says."""

    def __init__(self, cube: Cube) -> None:
        self.cube = cube
        made = cube.aggregates()
        self.shared = cube.shared()
        self.columns = [c for c in (ROWS, *dict.fromkeys(cube.columns_summed())) if c not in self.shared]
        self.whole = [c for c in dict.fromkeys(cube.whole()) if c not in self.shared]
        self.nulls = {column for column, _ in cube.nulls.values()} - self.shared.keys()
        counted = {c for c in self.whole if is_count(made[c])}
        self.gaps = [c for c in self.columns if c not in counted]
        self.signed = [c for c in self.whole if c not in counted]

    def sql(self) -> str:
        """The query: what is asked of each entity, then of all; one row."""
        cube = self.cube
        cells, cell, key = "", "0", "CAST(k AS VARCHAR)" if cube.entity else "k"
        if cube.dims:
            cell = f"hash({', '.join(f'CAST({typed(d)} AS VARCHAR)' for d in cube.dims)})"
        if cube.digits:
            cells, cell = f"JOIN (SELECT code, {cell} AS h FROM {quote('cells_' + cube.name)}) USING (code)", "h"
        each = [
            f"bit_xor(hash({', '.join([cell, *(c for c in cube.aggregates() if c != 'wrong')])})) AS hashed", "sum(rows) AS rows",
            *(["sum(wrong) AS wrong"] if cube.checked else []),
        ]  # fmt: skip
        entities = f"SELECT {'' if cube.entity else '0 AS '}k, {', '.join(each)}\nFROM {cube.sums_of_rows()} {cells} GROUP BY k"
        known, join = "rows", ""
        if cube.entity:
            known, join = (
                "CASE WHEN ent.key IS NOT NULL THEN rows END",
                f"LEFT JOIN {roster(cube.plan, cube.level)} ent ON ent.key = {key}",
            )
        found = ["sum(rows)", f"sum({known})", "sum(wrong)" if cube.checked else "0", f"sum(hash({key}, hashed))"]
        sizes = [
            *(f"max({c})" for c in self.whole),
            *(f"sum({c})" if c in self.nulls else f"count(*) - count({c})" for c in self._asked()),
            *(f"min({c})" for c in self.signed),
        ]
        return f"SELECT * FROM ({_one_row(found)} FROM ({entities}) {join}),\n({_one_row(sizes)} FROM {cube.sums_of_rows()})"

    def _asked(self) -> list[str]:
        """The columns that may have gaps: a sum that is NULL, a null that was counted."""
        return list(dict.fromkeys([*self.gaps, *(c for c in self.columns if c in self.nulls)]))

    def read(self, row: Sequence[Any]) -> Surveyed:
        """What the row of the query says."""
        rows, known, wrong, hashes, *told = map(int, row)
        most, told = dict(zip(self.whole, told, strict=False)), told[len(self.whole) :]
        gaps, told = dict(zip(self._asked(), told, strict=False)), told[len(self._asked()) :]
        below = {c for c, least in zip(self.signed, told, strict=True) if least < 0}
        full = frozenset(c for c in self.columns if gaps.get(c, 0) == 0) | self.shared.keys()
        positive = [c for c in self.whole if c not in below]
        narrow = frozenset(c for c in positive if most[c] < 2**31)
        return Surveyed(rows, known, wrong, hashes, Measured(full, {c: most[c] for c in positive if c in full}, narrow))


def _one_row(aggregates: Sequence[str]) -> str:
    return f"SELECT {', '.join(f'coalesce({sql}, 0)' for sql in aggregates)}"
