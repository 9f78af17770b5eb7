"""Table indicators without dimensions, all of a table in one query: a CASE for each set of cells of the cube.

Which cells an indicator's `where`, `cells` and window let through is asked of the few hundred cells first (`lookup`); the
query then names them by number. Measured: as fast as joining a map of cells, and no pivot is needed after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shsnor.planning import Step
from shsnor.rendering.cubes import Cube
from shsnor.rendering.formulas import Sql
from shsnor.rendering.layout import Layout, is_wide, roster, wide_table
from shsnor.rendering.tables import Known, TableQuery
from shsnor.sql import quote
from shsnor.terms import BIT, TableValue

#: Bits of a mask: what a BIGINT holds.
MASK = 62

#: A step and a requirement (None: all of its cells) -> the numbers of the cells, as SQL writes them.
CellsOf = Callable[[Step, int | None], str]


class WideTable:
    """All simple table indicators of one table."""

    def __init__(self, layout: Layout, cube: Cube, steps: Iterable[Step]) -> None:
        self.layout, self.cube = layout, cube
        self.queries = [TableQuery(layout, s, cube) for s in steps]
        self.name = wide_table(cube.name)
        self.columns: dict[str, str] = {}
        self.values: list[str] = []
        self.sets: dict[str, int] = {}

    def lookup(self) -> str:
        """A query of (step, q, cell): which cell belongs to which requirement of which step."""
        parts = []
        for query in self.queries:
            on = " AND ".join(["TRUE", *(f"x.{c} = q.{c}" for c in query.q_columns)])
            parts.append(
                f"SELECT {query.step.index} AS step, q.q AS q, x.cell AS cell FROM {quote('cells_' + self.cube.name)} x "
                f"JOIN ({query.q()}) q ON {on} WHERE x.held AND {query.where()}"
            )
        return "\nUNION ALL ".join(parts)

    def sql(self, cells: CellsOf, empty: frozenset[str] = frozenset()) -> str:
        """CREATE TABLE of all of them; `empty` are the cube's columns without any gap: counts of nulls that are 0 everywhere,
        sums that are nowhere NULL."""
        picked = [self._indicator(query, cells, empty) for query in self.queries]
        sums = ",\n    ".join(f"{sql} AS {column}" for sql, column in self.columns.items())
        level = self.queries[0].term.level
        joined, values = (",\n  ".join(x) for x in (picked, self.values))
        summed = f"SELECT e, {sums}\n    FROM {quote('cube_' + self.cube.name)}{self._masks()} GROUP BY e"
        # a value is computed once, below the columns that look at it
        return (
            f"CREATE TABLE {quote(self.name)} AS SELECT e, key,\n  {joined}\nFROM (SELECT ent.id AS e, ent.key AS key, w.* EXCLUDE (e),\n  {values}\n"
            f"  FROM {roster(self.layout.plan, level)} ent LEFT JOIN (\n    {summed}) w ON w.e = ent.id) w\nORDER BY e"
        )

    def _inside(self, numbers: str) -> str:
        """Whether a row of the cube is in a set of cells: a bit of the cell's mask where the set has several."""
        if not numbers:
            return "FALSE"
        if numbers.isdigit():
            return f"cell = {numbers}"
        if not numbers[0].isdigit():
            return f"cell IN ({numbers})"  # in a printed plan, which has no numbers
        word, bit = divmod(self.sets.setdefault(numbers, len(self.sets)), MASK)
        return f"(m{word} & {1 << bit}) <> 0"

    def _masks(self) -> str:
        """The masks of the cells that are in some set of several."""
        words = range(-(-len(self.sets) // MASK))
        masks: dict[int, list[int]] = {}
        for numbers, place in self.sets.items():
            for cell in map(int, numbers.split(", ")):
                masks.setdefault(cell, [0] * len(words))[place // MASK] |= 1 << place % MASK
        if not masks:
            return ""
        rows = ", ".join(f"({cell}, {', '.join(map(str, mask))})" for cell, mask in sorted(masks.items()))
        return f" LEFT JOIN (VALUES {rows}) AS masks(cell, {', '.join(f'm{w}' for w in words)}) USING (cell)"

    def _column(self, sql: str) -> str:
        return self.columns.setdefault(sql, f"s{len(self.columns)}")

    def _indicator(self, query: TableQuery, cells: CellsOf, empty: frozenset[str]) -> str:
        step = query.step
        inside = self._inside(cells(step, None))
        names: dict[str, Sql] = {}
        for key, (column, how, given) in query.wanted().items():
            sql = f"{how}(CASE WHEN {inside} THEN {column} END)"
            if how == "sum" and given.scale == 0:
                sql = f"CAST({sql} AS BIGINT)"
            names[key] = Sql(f"w.{self._column(sql)}", given.kind, given.scale)
            if key.startswith("name:"):
                names[key.removeprefix("name:")] = names[key]
        live = [i for i, need in enumerate(query.needs) if need.not_held == "FALSE"]
        there: list[str] = []
        live_rows = live
        if len(live) == 1 or query.term.at_least_known == 1:
            # a sum of a column that is nowhere NULL is NULL just where there is no row
            sure = next((names[k].text for k, (column, _, _) in query.wanted().items() if column in empty), None)
            if sure is not None:
                there, live_rows = [f"CASE WHEN {sure} IS NULL THEN 0 ELSE 1 END"], []
        for i in live_rows:
            test = self._inside(cells(step, i))
            there.append(f"coalesce(w.{self._column(f'max(CASE WHEN {test} THEN 1 ELSE 0 END)')}, 0)")
        nulls, hidden = "0", "0"
        test_sql = self.cube.null_sql(query.term)
        if test_sql is not None:
            column, hides = self.cube.nulls[test_sql]
            if column not in empty:
                nulls = f"w.{self._column(f'sum(CASE WHEN {inside} THEN {column} END)')}"
                if hides:
                    hidden = f"w.{self._column(f'sum(CASE WHEN {inside} THEN h{column[1:]} END)')}"
        known = Known(
            n=str(len(live)),
            k="(" + (" + ".join(there) or "0") + ")",
            s=str(BIT["not_held"]),
            ur="0",
            h=hidden,
            z=nulls,
        )
        value = f"x{step.index}"
        self.values.append(f"{query.value(names)} AS {value}")
        return query.result(names, known, suffix=str(step.index), value=value)


def wide_tables(layout: Layout, cubes: dict[str, Cube]) -> list[WideTable]:
    """The wide tables of a plan, one a fact table that has simple indicators."""
    found: dict[str, list[Step]] = {}
    for step in layout.plan.steps:
        if is_wide(layout.plan, step):
            assert isinstance(step.term, TableValue)
            found.setdefault(step.term.table, []).append(step)
    return [WideTable(layout, cubes[name], steps) for name, steps in found.items()]
