"""What earlier evaluations made of the same sums, taken and stored: of an unchanged table not even the sums are read again.

The name of a stored table says all that it rests on: the sums, the SQL that made it of them, and the entities.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from shsnor.caching import StoredSums
from shsnor.reading import LoadedTable
from shsnor.rendering.cubes import Cube
from shsnor.rendering.layout import roster
from shsnor.rendering.surveys import Survey
from shsnor.store import Session


class Remembered:
    """The cells of tables with what a survey found, wide tables of their sums, and columns of these as an outcome has them."""

    def __init__(self, session: Session, sums: StoredSums) -> None:
        self.session, self.sums = session, sums
        self._entities: dict[int, str] = {}
        self._wide: dict[str, tuple[Cube, tuple[str, ...]]] = {}

    def begin(self) -> None:
        """Another evaluation in the same session: its wide tables are other ones."""
        self.sums.begin()
        self._wide.clear()

    def take_cells(self, cube: Cube, table: LoadedTable) -> list[int] | None:
        """Make `cells_<table>`; the row of its survey, or None where it is not stored, or was found to be wrong."""
        found = self.sums.take(cube.name, "cells_" + cube.name, *self._about_cells(cube, table))
        return None if found is None else list(map(int, found))

    def keep_cells(self, cube: Cube, table: LoadedTable, row: Iterable[int]) -> None:
        """Store `cells_<table>` of a table in which nothing was found that must be told."""
        self.sums.put(cube.name, "cells_" + cube.name, list(row), *self._about_cells(cube, table))

    def made_by(self, cube: Cube, name: str, *sql: str) -> None:
        """From now on `name` is the wide table that `sql` makes of a cube."""
        self._wide[name] = cube, sql

    def take_wide(self, name: str) -> bool:
        """Make a view of a wide table; False where it is not stored."""
        cube, sql = self._wide[name]
        return self.sums.take(cube.name, name, *sql, *self._about(cube), view=True) is not None

    def keep_wide(self, name: str) -> None:
        """Have `keep` store a wide table."""
        cube, sql = self._wide[name]
        self.sums.put(cube.name, name, True, *sql, *self._about(cube))

    def take_block(self, table: str, how: str, into: Path) -> bool:
        """Have the file of those columns of a wide table that `how` takes; False where it is not stored."""
        if table not in self._wide:
            return False
        cube, sql = self._wide[table]
        return self.sums.take_file(cube.name, f"block of {table}", how, *sql, *self._about(cube), into=into)

    def keep_block(self, table: str, how: str, file: Path) -> None:
        """Have `keep` store such a file; nothing of a table that is not made of sums."""
        if table in self._wide:
            cube, sql = self._wide[table]
            self.sums.put_file(cube.name, f"block of {table}", file, how, *sql, *self._about(cube))

    def keep(self) -> None:
        """Store what is to be kept."""
        self.sums.keep()

    def _about_cells(self, cube: Cube, table: LoadedTable) -> tuple[object, ...]:
        checked = (table.check_sql, table.unclean_groups(cube.columns_of_keys()), table.unchecked_keys, table.table.key)
        return (Survey(cube).sql(), *checked, bool(cube.plan.without), *self._about(cube))

    def _about(self, cube: Cube) -> tuple[object, ...]:
        """What every table made of a cube rests on beside its sums: the cells, how both meet, and the entities by number."""
        if cube.level not in self._entities:
            listed = "string_agg(concat(id, ' ', length(key), ' ', key), ' ' ORDER BY id)"
            rows = roster(cube.plan, cube.level)
            self._entities[cube.level] = self.session.row(f"SELECT sha256(coalesce({listed}, '')) FROM {rows}")[0]
        return cube.cells(), cube.cube(), self._entities[cube.level]
