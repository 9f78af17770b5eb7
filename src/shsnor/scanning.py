"""Each fact table summed into its cube: one scan, with the checks that were left to it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from shsnor.errors import Findings
from shsnor.making import Made
from shsnor.reading import LoadedTable, find_duplicates
from shsnor.rendering.cubes import Cube
from shsnor.sql import quote
from shsnor.store import Session, out_of_room

log = logging.getLogger("shsnor")

#: A dimension with so many values or fewer is grouped by number (see `Cube.encode`).
MOST_TEXTS, MOST_NUMBERS = 64, 1000

#: The texts of a dimension that has few, or its lowest and highest whole number.
FewValues = tuple[str, ...] | tuple[int, int]


class Scanner:
    """Makes the cubes of a session's tables; one that stands as it would be made is kept.

    found   table -> what its last scan found
    """

    def __init__(self, session: Session, made: Made) -> None:
        self.session, self.made = session, made
        self.found: dict[str, Findings] = {}
        self._few: dict[str, dict[str, FewValues]] = {}

    def scan(self, cube: Cube, table: LoadedTable) -> Findings:
        """Make `cells_<table>` and `cube_<table>`, and tell what is wrong in rows that nobody has looked at before."""
        if table.in_place and not table.table.hidden:
            self._stay_in_place(cube, table)
        if not self.made.is_made("cube_" + cube.name, (cube.scan(), cube.cells())):
            found = self.found[cube.name] = Findings()
            for what in ("raw", "cells", "cube"):
                self.session.con.execute(f"DROP TABLE IF EXISTS {quote(f'{what}_{cube.name}')}")
            self._execute(f"scan {cube.name}", cube.scan())
            self._execute(f"cells {cube.name}", cube.cells())
            self.made.is_made("cells_" + cube.name, (cube.scan(), cube.cells()))
            self._execute(f"cube {cube.name}", cube.cube(_narrow(self.session, cube)))
            self._check(cube, table, found)
            if found.errors:
                self.made.forget("cube_" + cube.name)
        return self.found[cube.name]

    def _stay_in_place(self, cube: Cube, table: LoadedTable) -> None:
        """Have the rows read where they are, grouped by a code of the cell where the values are few."""
        cube.scan_in_place(table.raw, table.typed, table.check_sql)
        asked = {d: cube.raw_keys[d][0] for d in cube.dims if cube.raw_keys}
        known = self._few.setdefault(cube.name, {})
        if new := {d: column for d, column in asked.items() if d not in known}:
            known |= _few_values(self.session, table.raw, new)
        cube.encode({d: known[d] for d in asked if d in known})

    def _check(self, cube: Cube, table: LoadedTable, found: Findings) -> None:
        """What only the scan of a table in place can tell: wrong rows, unknown entities, repeated keys; held or not."""
        session = self.session
        raw, summed, cells = (quote(f"{part}_{cube.name}") for part in ("raw", "cube", "cells"))
        if table.in_place:
            self._check_in_place(cube, table, found)
        session.con.execute(f"DROP TABLE {raw}")
        key = set(table.table.key or ()) if table.unchecked_keys else set()
        if key:
            inside = key <= set(cube.dims) | {cube.entity or ""}
            repeated = f"SELECT 1 FROM {summed} GROUP BY e, cell HAVING sum(rows) > 1 LIMIT 1"
            if not inside or session.rows(repeated):
                found.extend(find_duplicates(session, table))
        gone = session.row(f"SELECT coalesce(sum(rows), 0) FROM {summed} JOIN {cells} USING (cell) WHERE NOT held")[0]
        if gone and not cube.plan.without:
            found.add("SH508", severity="warning", table=cube.name, count=int(gone))

    def _check_in_place(self, cube: Cube, table: LoadedTable, found: Findings) -> None:
        """Rows that the scan found wrong, or that fell out as their entity is not in the roster; the hash of what was read."""
        session = self.session
        raw, summed = quote("raw_" + cube.name), quote("cube_" + cube.name)
        # a hash of the rows would cost a second scan; one of their sums tells as much of what was read
        read, total = session.row(f"SELECT coalesce(sum(rows), 0), coalesce(sum(hash(r)), 0) FROM {raw} r")
        table.digest = f"{int(read):x}:{int(total):x}"
        kept = session.row(f"SELECT coalesce(sum(rows), 0) FROM {summed}")[0]
        wrong = table.check_sql is not None and not cube.checked
        if cube.checked:
            wrong = session.row(f"SELECT coalesce(sum(wrong), 0) FROM {raw}")[0] > 0
        if wrong or read != kept:
            found.extend(table.explain_violations(session))

    def _execute(self, name: str, sql: str) -> None:
        log.debug("%s\n%s", name, sql)
        with out_of_room(name):
            self.session.con.execute(sql)


def _few_values(session: Session, relation: str, columns: Mapping[str, str]) -> dict[str, FewValues]:
    """The values of the columns that have few: texts, or the lowest and highest whole number."""
    found: dict[str, FewValues] = {}
    for name, column in columns.items():
        low, high = session.row(f"SELECT min({column}), max({column}) FROM {relation}")
        if type(low) is int and high - low <= MOST_NUMBERS:
            found[name] = (low, high)
        elif isinstance(low, str):
            some = f"SELECT DISTINCT {column} AS x FROM {relation} WHERE {column} IS NOT NULL"
            texts = [x for (x,) in session.rows(f"SELECT x FROM ({some}) ORDER BY x LIMIT {MOST_TEXTS + 1}")]
            if len(texts) <= MOST_TEXTS:
                found[name] = tuple(texts)
    return found


def _narrow(session: Session, cube: Cube) -> frozenset[str]:
    """The columns of a scanned table whose whole numbers fit an INTEGER."""
    columns = cube.whole()
    largest = ", ".join(f"coalesce(max({c}), 0), coalesce(min({c}), 0)" for c in columns)
    row = session.row(f"SELECT {largest} FROM {quote('raw_' + cube.name)}")
    bounds = zip(columns, row[::2], row[1::2], strict=True)
    return frozenset(c for c, high, low in bounds if low > -(2**31) and high < 2**31)
