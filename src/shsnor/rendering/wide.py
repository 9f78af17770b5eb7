"""Table indicators without dimensions, all of a table in one query: a CASE for each set of cells of the cube.

Which cells an indicator's `where`, `cells` and window let through is asked of the few hundred cells first (`lookup`); the
query then names them by number. Measured: as fast as joining a map of cells, and no pivot is needed after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from shsnor.planning import Step
from shsnor.rendering.cubes import Cube
from shsnor.rendering.formulas import Sql
from shsnor.rendering.layout import Layout, is_wide, roster, wide_table
from shsnor.rendering.tables import Known, TableQuery
from shsnor.sql import quote
from shsnor.terms import BIT, TableValue

#: Bits of a mask, and of a word of sums: what a BIGINT holds.
MASK = 62

#: A step and a requirement (None: all of its cells) -> the numbers of the cells, as SQL writes them.
CellsOf = Callable[[Step, int | None], str]


@dataclass(frozen=True)
class Measured:
    """What is known of the columns of a cube before its wide table is written.

    full   without any gap: counts of nulls that are 0 everywhere, sums that are nowhere NULL
    bits   of whole numbers that are full and nowhere negative: the bits of the sum of all of them
    """

    full: frozenset[str] = frozenset()
    bits: Mapping[str, int] = field(default_factory=dict)


class WideTable:
    """All simple table indicators of one table."""

    def __init__(self, layout: Layout, cube: Cube, steps: Iterable[Step]) -> None:
        self.layout, self.cube = layout, cube
        self.queries = [TableQuery(layout, s, cube) for s in steps]
        self.name = wide_table(cube.name)
        self.columns: dict[str, str] = {}
        self.values: list[str] = []
        self.sets: dict[str, int] = {}
        self.together: dict[str, dict[str, str]] = {}

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

    def sql(self, cells: CellsOf, measured: Measured = Measured()) -> str:
        """CREATE TABLE of all of them."""
        picked = [self._indicator(query, cells, measured) for query in self.queries]
        level = self.queries[0].term.level
        joined, values = (",\n  ".join(x) for x in (picked, self.values))
        # a value is computed once, below the columns that look at it
        return (
            f"CREATE TABLE {quote(self.name)} AS SELECT e, key,\n  {joined}\nFROM (SELECT ent.id AS e, ent.key AS key, w.* EXCLUDE (e),\n  {values}\n"
            f"  FROM {roster(self.layout.plan, level)} ent LEFT JOIN (\n    {self._summed(measured)}) w ON w.e = ent.id) w\nORDER BY e"
        )

    def _summed(self, measured: Measured) -> str:
        """The query of all sums by entity. Sums over the same cells are taken together, as digits of one number: a CASE
        of every row is what they cost."""
        words: dict[str, str] = {}
        sums, apart = dict(self.columns), list[str]()
        for inside, columns in self.together.items():
            for word in _words(columns, measured.bits):
                if len(word) == 1:
                    sums[f"CAST(sum(CASE WHEN {inside} THEN {word[0][0]} END) AS BIGINT)"] = columns[word[0][0]]
                    continue
                digits = " + ".join(f"CAST({column} AS BIGINT) * {1 << place}" for column, place in word)
                name = words.setdefault(digits, f"p{len(words)}")
                total = sums.setdefault(f"CAST(sum(CASE WHEN {inside} THEN {name} END) AS BIGINT)", f"g{len(sums)}")
                apart += [
                    f"({total} >> {place}) & {(1 << measured.bits[column]) - 1} AS {columns[column]}"
                    for column, place in word
                ]
        listed = ",\n    ".join(f"{sql} AS {column}" for sql, column in sums.items())
        rows = f"{quote('cube_' + self.cube.name)}{self._masks()}"
        if words:
            made = ", ".join(f"{sql} AS {name}" for sql, name in words.items())
            rows = f"(SELECT *, {made} FROM {rows})"
        summed = f"SELECT e, {listed}\n    FROM {rows} GROUP BY e"
        return f"SELECT *, {', '.join(apart)} FROM ({summed})" if apart else summed

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

    def _sum(self, inside: str, column: str, measured: Measured) -> str:
        """The column of the sum of a column of the cube over a set of cells."""
        if column not in measured.bits:
            return self._column(f"CAST(sum(CASE WHEN {inside} THEN {column} END) AS BIGINT)")
        columns = self.together.setdefault(inside, {})
        return columns.setdefault(column, f"u{sum(map(len, self.together.values()))}")

    def _indicator(self, query: TableQuery, cells: CellsOf, measured: Measured) -> str:
        step, empty = query.step, measured.full
        inside = self._inside(cells(step, None))
        names: dict[str, Sql] = {}
        for key, (column, how, given) in query.wanted().items():
            if how == "sum" and given.scale == 0:
                name = self._sum(inside, column, measured)
            else:
                name = self._column(f"{how}(CASE WHEN {inside} THEN {column} END)")
            names[key] = Sql(f"w.{name}", given.kind, given.scale)
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


def _words(columns: Iterable[str], bits: Mapping[str, int]) -> list[list[tuple[str, int]]]:
    """Columns put into words of MASK bits, each with the place of its lowest bit."""
    words: list[list[tuple[str, int]]] = []
    used = MASK
    for column in columns:
        if used + bits[column] > MASK:
            words.append([])
            used = 0
        words[-1].append((column, used))
        used += bits[column]
    return words


def wide_tables(layout: Layout, cubes: dict[str, Cube]) -> list[WideTable]:
    """The wide tables of a plan, one a fact table that has simple indicators."""
    found: dict[str, list[Step]] = {}
    for step in layout.plan.steps:
        if is_wide(layout.plan, step):
            assert isinstance(step.term, TableValue)
            found.setdefault(step.term.table, []).append(step)
    return [WideTable(layout, cubes[name], steps) for name, steps in found.items()]
