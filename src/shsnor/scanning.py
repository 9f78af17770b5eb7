"""Each fact table summed into its cube: one scan, with the checks that were left to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from shsnor.adding import Words
from shsnor.caching import StoredSums
from shsnor.caching.meaning import tells_persons
from shsnor.errors import DataError, Findings, Place
from shsnor.footers import given
from shsnor.making import Made
from shsnor.progress import Rows
from shsnor.reading import Elsewhere, LoadedTable, brought, few_texts, find_duplicates
from shsnor.remembering import Remembered
from shsnor.rendering.calls import calls
from shsnor.rendering.cubes import Cube
from shsnor.rendering.digits import FewValues
from shsnor.rendering.formulas import aggregate_key
from shsnor.rendering.given import Given
from shsnor.rendering.layout import roster
from shsnor.rendering.plan_cubes import read_by_one, steps_of
from shsnor.rendering.surveys import Survey, Surveyed
from shsnor.slicing import slices
from shsnor.sql import literal, quote
from shsnor.store import Session, side_by_side
from shsnor.terms import TableValue

log = logging.getLogger("shsnor")

#: A dimension whose numbers lie so close together is grouped by number (see `Cube.encode`).
MOST_NUMBERS = 1000
#: Counts of fewer rows fit an INTEGER.
FEW_ROWS = 2**31


class Scanner:
    """Makes the cubes of a session's tables; one that stands as it would be made is kept.

    sums        those that are stored, and are not summed again
    remembered  what was made of them, likewise
    found       table -> what its last scan found
    surveyed    table -> what a look over its sums found
    """

    def __init__(self, session: Session, made: Made, sums: StoredSums | None = None) -> None:
        self.session, self.made, self.sums = session, made, sums
        self.remembered = Remembered(session, made, sums) if sums is not None else None
        self.found: dict[str, Findings] = {}
        self.surveyed: dict[str, Surveyed] = {}
        self._summed: dict[str, Cube] = {}
        self._tried: set[str] = set()
        self._recalled: set[str] = set()
        self._to_keep: list[Callable[[], None]] = []
        self._few: dict[str, dict[str, FewValues]] = {}
        self._given: dict[str, Given] = {}

    def scan(self, cube: Cube, table: LoadedTable, told: Rows) -> Findings:
        """Make `cells_<table>`, and `raw_<table>` unless what is made of it may be stored (then its rows are not told yet); tell
        what is wrong in rows that nobody has looked at before."""
        try:
            return self._scan(cube, table, told)
        except Exception:  # whatever DuckDB says of a file that changes, or goes, under it
            if not (changed := table.changed()).errors:
                raise
            self.made.forget("raw_" + cube.name)
            return changed

    def _scan(self, cube: Cube, table: LoadedTable, told: Rows) -> Findings:
        self._read_in_place(cube, table, stored=self.sums is not None)
        key = self._key(cube)
        if self.made.is_made("raw_" + cube.name, key):
            if not self.is_recalled(cube):
                told.add(table.rows)
            return self.found[cube.name]
        found = self.found[cube.name] = Findings()
        if cube.name in self._tried:
            self._drop(cube.name, "raw", "cells", "cube")
            self.made.forget("cube_" + cube.name)
        self._tried.add(cube.name)
        self._summed[cube.name] = cube
        if not self._recall(cube, table):
            self._make(cube, table, told)
            self._execute(f"cells {cube.name}", cube.cells())
            row = self._check(cube, table, found)
            if self.remembered is not None and not found:
                self.remembered.keep_cells(cube, table, row)
        self.made.is_made("cells_" + cube.name, key)
        if found.errors:
            self.made.forget("raw_" + cube.name)
        return found

    def _key(self, cube: Cube) -> object:
        return cube.scan(), cube.cells()

    def _make(self, cube: Cube, table: LoadedTable, told: Rows) -> None:
        """Make `raw_<table>`, of its rows or of stored sums.

        raises  DataError where its files are no longer those that were read
        """
        if table.elsewhere is not None:
            self._sum_elsewhere(cube, table.elsewhere)
            told.add(table.rows)
        elif not self._take_stored(cube, table, told):
            self._read_in_place(cube, table)
            self._encode(cube, table.raw, self._few.setdefault(cube.name, {}))
            self._sum(cube, table.raw, table.rows, told)
        self._must_be_unchanged(cube, table)

    def _must_be_unchanged(self, cube: Cube, table: LoadedTable) -> None:
        if (changed := table.changed()).errors:
            self._drop(cube.name, "raw", "cells")
            self.made.forget("raw_" + cube.name)
            raise DataError(changed)

    def settle(self, cube: Cube) -> None:
        """Have the steps read `cube_<table>`, unless one query alone reads it, which can as well read `raw_<table>`."""
        scanned = self._summed[cube.name]
        cube.raw_keys, cube.digits, cube.known = scanned.raw_keys, scanned.digits, scanned.known
        if cube.key_as_it_is and read_by_one(cube):
            cube.stored = self.made.keys.get("cube_" + cube.name) == self._key(cube)

    def provide(self, cube: Cube, table: LoadedTable, told: Rows) -> None:
        """Make what the steps read.

        raises  DataError where it was thought to be stored, and is not, and the files have changed
        """
        name, key = "cube_" + cube.name, self._key(cube)
        if not cube.stored or self.made.keys.get(name) == key:
            return
        if cube.name in self._recalled:
            self._make(self._summed[cube.name], table, told)
            self._recalled.remove(cube.name)
        self.made.is_made(name, key)
        self._execute(f"cube {cube.name}", cube.cube(self.surveyed[cube.name].measured.narrow))
        self._drop(cube.name, "raw")

    def is_recalled(self, cube: Cube) -> bool:
        """Whether the sums of a cube were not even read: there are none in the session."""
        return cube.name in self._recalled

    def take_sums(self, cube: Cube, name: str, sql: str) -> bool:
        """Have the wide table of sums that `sql` makes of a cube as it was stored; whether it stands, stored or made before."""
        memory = self.remembered
        return memory is not None and self._taken(name, sql, memory.take_sums, memory.keep_sums, cube, name, sql)

    def take_values(self, cube: Cube, name: str, sql: str, of: str) -> bool:
        """Likewise the wide table of values that `sql` makes of the sums that `of` makes."""
        memory = self.remembered
        return memory is not None and self._taken(
            name, sql, memory.take_values, memory.keep_values, cube, name, sql, of
        )

    def _taken(self, name: str, sql: str, take: Callable[..., bool], keep: Callable[..., None], *asked: object) -> bool:
        if self.made.taken(name, sql, partial(take, *asked)):
            return True
        self._to_keep.append(partial(keep, *asked))
        return False

    def keep_made(self) -> None:
        """Store what was asked for since, and had to be made."""
        asked, self._to_keep = self._to_keep, []
        if self.sums is not None and asked:
            side_by_side(asked)
            self.sums.keep()

    def _recall(self, cube: Cube, table: LoadedTable) -> bool:
        """Make `cells_<table>` of what an earlier evaluation stored, with what it found; False where none did."""
        self._recalled.discard(cube.name)
        if self.sums is None or self.remembered is None or not self.sums.look(cube, table):
            return False
        cube.raw_keys, cube.digits = {}, {}
        row = self.remembered.take_cells(cube, table)
        if row is None:
            return False
        self._must_be_unchanged(cube, table)
        self._recalled.add(cube.name)
        self.surveyed[cube.name] = surveyed = Survey(cube).read(row)
        table.digest = surveyed.digest
        return True

    def _read_in_place(self, cube: Cube, table: LoadedTable, *, stored: bool = False) -> None:
        """Have the scan read the caller's rows, where they stay in place; of `stored` ones nothing is asked before, for they
        may not be read."""
        if not table.in_place or table.table.hidden:
            return
        if table.elsewhere is None and not stored and table.name not in self._given:
            self._given[table.name] = given(self.session, table.raw)
        known = Given() if stored else self._given.get(table.name, Given())
        cube.scan_in_place(table.raw, table.typed, table.check_sql, known)

    def _take_stored(self, cube: Cube, table: LoadedTable, told: Rows) -> bool:
        """Make `raw_<table>` of stored sums and of what is not stored yet; False where those of this table are not stored."""
        left = table.rows

        def scan(of_file: Cube, relation: str, check: str | None) -> bool:
            nonlocal left
            of_file.scan_in_place(relation, table.typed, check, given(self.session, relation))
            self._encode(of_file, relation, {})
            rows = int(self.session.row(f"SELECT count(*) FROM {relation}")[0])
            self._sum(of_file, relation, rows, told)
            left -= rows
            return bool(of_file.digits)

        if self.sums is None or not self.sums.fill(cube, scan):
            return False
        told.add(left)
        return True

    def _sum(self, cube: Cube, relation: str, rows: int, told: Rows) -> None:
        """Make `raw_<table>` in one scan, or in several where the memory allowed is too little for one."""
        entities = int(self.session.row(f"SELECT count(*) FROM {roster(cube.plan, cube.level)}")[0])
        cube.few_rows = rows < FEW_ROWS
        parts = slices(self.session, cube, relation, rows, entities)
        words = cube.in_words(rows, entities)
        self._scan_parts(cube, parts, words, rows, told)
        if self.session.rows(words.too_large(quote("raw_" + cube.name))):
            log.debug("scan %s again: a group has %s rows or more", cube.name, words.below)
            self._drop(cube.name, "raw")
            self._scan_parts(cube, parts, None, 0, told)

    def _scan_parts(self, cube: Cube, parts: Sequence[str], words: Words | None, rows: int, told: Rows) -> None:
        first, *others = parts
        share = rows // len(parts)
        with told.reading(self.session.con, rows - share * len(others)):
            self._execute(f"scan {cube.name}", cube.scan(first, words))
        for part in others:
            with told.reading(self.session.con, share):
                self._execute(
                    f"scan {cube.name}", f"INSERT INTO {quote('raw_' + cube.name)} {cube.scanned(part, words)}"
                )

    def spare(self) -> None:
        """Drop the sums: what was made of them needs them no more."""
        for table in self._tried:
            self._drop(table, "raw", "cube")
            self.made.forget("raw_" + table)

    def _drop(self, table: str, *made: str) -> None:
        """Drop what a scan of a table made."""
        names = ", ".join(literal(f"{what}_{table}") for what in made)
        found = f"FROM information_schema.tables WHERE table_schema = 'main' AND table_name IN ({names})"
        for name, kind in self.session.rows(f"SELECT table_name, table_type {found}"):
            self.session.con.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {quote(name)}")

    def _encode(self, cube: Cube, relation: str, known: dict[str, FewValues]) -> None:
        """Have the rows grouped by a code of the cell, where the values are few; `known` keeps them."""
        asked = {d: cube.raw_keys[d][0] for d in cube.dims if cube.raw_keys}
        if new := {d: column for d, column in asked.items() if d not in known}:
            known |= _few_values(self.session, relation, new)
        cube.encode({d: known[d] for d in asked if d in known})

    def _sum_elsewhere(self, cube: Cube, rows: Elsewhere) -> None:
        """Have the rows summed where they are, and their sums brought here.

        There are no codes of cells: a look at the few values would be a scan of its own.
        """
        self._execute(f"scan {cube.name}", cube.scan())  # of the empty table that stands for them: the columns
        with brought(self.session, rows, cube.summed()) as given:
            self.session.con.execute(f"INSERT INTO {quote('raw_' + cube.name)} {cube.named(f'SELECT * FROM {given}')}")

    def refusals(self, cube: Cube, table: LoadedTable) -> Findings:
        """The indicators that rest on rows of another engine, and cannot be summed there."""
        found, rows = Findings(), table.elsewhere
        if rows is None:
            return found
        cube.scan_in_place(table.raw, table.typed, table.check_sql, Given())
        if tells_persons(cube, table, ()):  # of entities that are persons nothing is read at all
            found.add("SH569", Place(table=cube.name))
        for step in steps_of(cube.plan, cube.name):
            assert isinstance(step.term, TableValue)
            name = step.term.item or step.term.path
            if cube.plan.own_pass(step):
                found.add("SH564", Place(table=cube.name), indicator=name)
                continue
            sums = [cube.sums[aggregate_key(call)] for call in calls(step.term.value)]
            asked = ", ".join(f"{sql} AS {column}" for column, sql, _ in sums)
            if construct := rows.refuses(f"SELECT {asked} FROM {cube.relation}"):
                found.add("SH565", Place(table=cube.name), indicator=name, construct=construct)
        return found

    def _check(self, cube: Cube, table: LoadedTable, found: Findings) -> list[int]:
        """What only the scan of a table in place can tell: wrong rows, unknown entities, repeated keys; held or not.

        returns  the row of the survey
        """
        session, survey = self.session, Survey(cube)
        row = list(map(int, session.row(survey.sql())))
        surveyed = self.surveyed[cube.name] = survey.read(row)
        if table.in_place:
            table.digest = surveyed.digest
            wrong = surveyed.wrong > 0 or (table.check_sql is not None and not cube.checked)
            if table.unclean:
                unclean = table.unclean_groups(cube.columns_of_keys())
                raw = quote("raw_" + cube.name)
                wrong |= session.row(f"SELECT coalesce(bool_or({unclean}), FALSE) FROM {raw}")[0]
            if wrong or surveyed.rows != surveyed.known:
                found.extend(table.explain_violations(session))
        key = set(table.table.key or ()) if table.unchecked_keys else set()
        if key:
            inside = key <= set(cube.dims) | {cube.entity or ""}
            if not inside or session.rows(f"SELECT 1 FROM {quote('raw_' + cube.name)} WHERE rows > 1 LIMIT 1"):
                found.extend(find_duplicates(session, table))
        gone = session.row(f"SELECT coalesce(sum(rows), 0) FROM {cube.in_cells()} WHERE NOT held")[0]
        if gone and not cube.plan.without:
            found.add("SH508", severity="warning", table=cube.name, count=int(gone))
        return row

    def _execute(self, name: str, sql: str) -> None:
        log.debug("%s\n%s", name, sql)
        self.session.con.execute(sql)


def _few_values(session: Session, relation: str, columns: Mapping[str, str]) -> dict[str, FewValues]:
    """The values of the columns that have few: texts, or the lowest and highest whole number."""
    found: dict[str, FewValues] = {}
    for name, column in columns.items():
        low, high = session.row(f"SELECT min({column}), max({column}) FROM {relation}")
        if type(low) is int and high - low <= MOST_NUMBERS:
            found[name] = (low, high)
        elif isinstance(low, str):
            texts = few_texts(session, relation, column)
            if texts is not None:
                found[name] = texts
    return found
