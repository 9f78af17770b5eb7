"""What earlier evaluations made of the same sums, taken and stored: of an unchanged table not even the sums are read again.

The name of a stored table says all that it rests on: the sums, the SQL that made it of them, and the entities.
"""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.caching import StoredSums
from shsnor.making import Filed, Made, in_one_group, remove
from shsnor.reading import LoadedTable
from shsnor.rendering.cubes import Cube
from shsnor.rendering.layout import roster
from shsnor.rendering.surveys import Survey
from shsnor.sql import literal, quote
from shsnor.store import Session


class Remembered:
    """The cells of tables with what a survey found, and wide tables: of their sums, and of the values of indicators."""

    def __init__(self, session: Session, made: Made, sums: StoredSums) -> None:
        self.session, self.made, self.sums = session, made, sums
        self._entities: dict[int, str] = {}

    def take_cells(self, cube: Cube, table: LoadedTable) -> list[int] | None:
        """Make `cells_<table>`; the row of its survey, or None where it is not stored, or was found to be wrong."""
        found = self.sums.take(cube.name, "cells_" + cube.name, *self._about_cells(cube, table))
        return None if found is None else list(map(int, found))

    def keep_cells(self, cube: Cube, table: LoadedTable, row: Iterable[int]) -> None:
        """Store `cells_<table>` of a table in which nothing was found that must be told."""
        self.sums.put(cube.name, "cells_" + cube.name, list(row), *self._about_cells(cube, table))

    def take_sums(self, cube: Cube, name: str, sql: str) -> bool:
        """Make the wide table of sums that `sql` makes of a cube; False where it is not stored."""
        return self.sums.take(cube.name, name, sql, *self._about(cube)) is not None

    def keep_sums(self, cube: Cube, name: str, sql: str) -> None:
        """Have `keep` store it."""
        self.sums.put(cube.name, name, True, sql, *self._about(cube))

    def take_values(self, cube: Cube, name: str, sql: str, of: str) -> bool:
        """Make the wide table of values that `sql` makes of sums, which `of` makes of a cube; False where it is not stored."""
        file = self.session.new_file()
        if not self.sums.take_file(cube.name, name, sql, of, *self._about(cube), into=file):
            return False
        if isinstance(sql, Filed):
            self.made.show(name, file)
        else:
            self.session.con.execute(f"CREATE TABLE {quote(name)} AS FROM read_parquet({literal(str(file))})")
            remove(file)
        return True

    def keep_values(self, cube: Cube, name: str, sql: str, of: str) -> None:
        """Have `keep` store it."""
        file = self.made.files.get(name)
        if file is None:
            file = self.sums.place()
            self.session.cursor().execute(in_one_group(f"FROM {quote(name)}", file))
        self.sums.put_file(cube.name, name, file, sql, of, *self._about(cube))

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
