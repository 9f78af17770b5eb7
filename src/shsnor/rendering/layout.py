"""Where each step's result stands: wide tables for entities, narrow ones for cells; and the FROM that reads them.

A step without dimensions whose value follows row by row from its parts shares a wide table with all others of its level
and stage (`b_<level>_<stage>`, columns v<step>, r<step>); so do the simple indicators of a table (`t_<table>`). Where
there are many of them, there are several such tables (`…/1`, `…/2`). A leaf that compares a value of a wide table with a
number stands nowhere: it is computed wherever it is read, which costs less than writing it down. So is a short list of such
leaves; of leaves in several tables it is computed over all of these side by side, a view. Every other step has a table of
its own (`s<step>`, columns v, r).

Both kinds of table are keyed by `e`, the entity's place in the roster, and hold every entity of the level; the narrow
ones with dimensions are keyed (e, d_<dimension> …) and hold the cells there are. r is 0 where the value is known, else
the bits of its reasons.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from shsnor.expressions import OWN_PASS
from shsnor.pack import Table
from shsnor.planning import Plan, Step
from shsnor.rendering.comparing import compared_with_constants, varies
from shsnor.rendering.lists import joined, of_list
from shsnor.rendering.vacancy import never_vacant
from shsnor.resolving.scope import vouching
from shsnor.sql import quote
from shsnor.standard import tables_of
from shsnor.terms import (
    BIT,
    VACANT,
    Applied,
    Calc,
    ClusterIs,
    Constant,
    Decided,
    FirstMatch,
    GroupStat,
    Leaf,
    Many,
    Not,
    Parameter,
    Same,
    TableValue,
    Term,
)  # fmt: skip

ROWWISE = (Leaf, Many, Not, Same, Calc, ClusterIs, FirstMatch, Applied, Decided)


def dim(name: str) -> str:
    return quote("d_" + name)


def roster(plan: Plan, level: int) -> str:
    return "roster." + quote(plan.resolved.levels[level])


def up(plan: Plan, alias: str, level: int, wanted: int) -> str:
    """The SQL of the id of the entity of `wanted` that holds an entity of `level`, whose roster row is `alias`.

    The top level's one entity holds all, also what lies in no entity of the levels between.
    """
    if wanted == len(plan.resolved.levels) - 1:
        return "0"
    return f"{alias}.id" if wanted == level else f"{alias}.{quote('up_' + plan.resolved.levels[wanted])}"


#: So many steps, or fewer, share a wide table; more are split in two tables, or in pairs of MOST steps each, for two are made
#: side by side: what DuckDB does in order keeps one core busy.
FEW, MOST = 16, 40

#: A list is computed wherever it is read while so few comparisons do for all readers: four cost what writing one column does.
COMPARISONS = 8

#: In the SQL of `Columns` the place of the name of the table's row, with its point.
ROW = "\0"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a step's value and reason stand: SQL over a row of a table.

    table   its name
    v, r    the value and the reason, with ROW before each name of a column
    number  the step's own in a wide table, whose columns are named with it; "" in a table of its own
    """

    table: str
    v: str = f"{ROW}v"
    r: str = f"{ROW}r"
    number: str = ""

    @classmethod
    def wide(cls, table: str, step: Step) -> Columns:
        return cls(table, f"{ROW}v{step.index}", f"{ROW}r{step.index}", str(step.index))

    def of(self, row: str) -> Columns:
        """The same of a row that has this name in a query; "" where the names of columns need none."""
        row = f"{row}." if row else ""
        return Columns(self.table, self.v.replace(ROW, row), self.r.replace(ROW, row), self.number)

    def extra(self, name: str) -> str:
        """The name of a further column of the step, as `num`."""
        return f"{name}{self.number}"


@dataclass(eq=False)
class Layout:
    """Where all steps of a plan stand.

    batches  the wide tables of rowwise steps, in the order of their stages
    inline   the steps that are computed wherever they are read
    views    name of several wide tables side by side -> their names
    viewer   the level of the step that is being rendered
    """

    plan: Plan
    at: dict[Step, Columns] = field(default_factory=dict)
    batches: dict[str, list[Step]] = field(default_factory=dict)
    inline: set[Step] = field(default_factory=set)
    views: dict[str, list[str]] = field(default_factory=dict)
    viewer: int | None = None
    tables: dict[str, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables, self._never_vacant = tables_of(self.plan.pack), never_vacant(self.plan)
        wide: dict[str, list[Step]] = {}
        rowwise: dict[str, list[Step]] = {}
        for step in self.plan.steps:
            if is_wide(self.plan, step):
                assert isinstance(step.term, TableValue)
                wide.setdefault("t_" + step.term.table, []).append(step)
            elif isinstance(step.term, ROWWISE) and not step.term.dims:
                rowwise.setdefault(self.batch(step), []).append(step)
            self.at[step] = Columns(f"s{step.index}")
        self._split: dict[str, str] = {}
        self._readers = Counter(part for step in self.plan.steps for part in step.parts.values())
        self._place(wide)
        for table, steps in sorted(rowwise.items(), key=lambda one: one[1][0].stage):
            for step in steps:
                if (at := self._compared(step) or self._listed(step)) is not None:
                    self.at[step] = at
                    self.inline.add(step)
            self.batches |= self._place({table: [s for s in steps if s not in self.inline]})

    def _place(self, tables: dict[str, list[Step]]) -> dict[str, list[Step]]:
        """Put steps into wide tables; which these are."""
        placed: dict[str, list[Step]] = {}
        for table, steps in tables.items():
            parts = min(len(steps), 2 * -(-len(steps) // (2 * MOST)) if len(steps) > FEW else 1)  # none of them empty
            for part in range(parts):
                name = f"{table}/{part + 1}" if parts > 1 else table  # a sign that no table of a pack has in its name
                placed[name] = steps[part * len(steps) // parts : (part + 1) * len(steps) // parts]
                self.at |= {step: Columns.wide(name, step) for step in placed[name]}
                self._split[name] = table
        return placed

    def _compared(self, step: Step) -> Columns | None:
        """Where a leaf stands that compares a number or text of a wide table with what is the same for all entities."""
        term = step.term
        if not isinstance(term, Leaf) or term.missing != "unknown" or term.comparison == "known":
            return None
        scalars = term.operand if isinstance(term.operand, tuple) else (term.operand,)
        if any(not isinstance(s, Constant | Parameter) or varies(self.plan, s) for s in scalars):
            return None
        value = step.part(term.value)
        alike = value.term.level == term.level and value.term.kind in ("number", "text")
        if not alike or not (at := self.at[value]).number:
            return None
        return replace(at, v=compared_with_constants(self.plan, term, at.v))

    def _listed(self, step: Step) -> Columns | None:
        """Where a short list of such leaves stands."""
        term = step.term
        if not isinstance(term, Many) or term.how == "of":
            return None
        parts = [step.part(member) for member in term.members]
        if any(p not in self.inline or not isinstance(p.term, Leaf) or p.term.level != term.level for p in parts):
            return None
        if len(parts) * (1 + self._readers[step]) > COMPARISONS:
            return None
        tables = sorted({self.at[part].table for part in parts})
        if len({self._split[table] for table in tables}) > 1:
            return None
        table = tables[0] if len(tables) == 1 else self._side_by_side(self._split[tables[0]])
        vs, rs = [self.at[part].v for part in parts], [self.at[part].r for part in parts]
        vacants = ["FALSE" if part in self._never_vacant else vacant(self.at[part].r) for part in parts]
        v, r = of_list(joined(term.how, vs, vacants), rs, vacants)
        return Columns(table, f"({v})", f"CAST({r} AS USMALLINT)", str(step.index))

    def _side_by_side(self, table: str) -> str:
        """The view of the wide tables that a table was split into."""
        self.views.setdefault(table, [part for part, whole in self._split.items() if whole == table])
        return table

    def batch(self, step: Step) -> str:
        """The wide table of the rowwise steps of a step's level and stage."""
        return f"b_{self.plan.resolved.levels[step.term.level]}_{step.stage}"

    def alias(self, step: Step) -> str:
        return "p_" + self.at[step].table

    def v(self, step: Step) -> str:
        return self.at[step].of(quote(self.alias(step))).v

    def r(self, step: Step) -> str:
        """The reason; a cell that is not there has one too (reading 12)."""
        column = self.at[step].of(quote(self.alias(step))).r
        if not step.term.dims and step.term.level == self.viewer:
            return column  # every entity of the level has its row
        return f"coalesce({column}, {self.missing(step)}::USMALLINT)"

    def vacant(self, step: Step) -> str:
        """Whether a cell is vacant; "FALSE" where none can be."""
        return "FALSE" if step in self._never_vacant else vacant(self.r(step))

    def missing(self, step: Step) -> str:
        """The reason where a step has no row: the cell is not there, or the looking entity lies in no group (reading 12)."""
        bit = missing_bit(step.term)
        if bit == BIT["no_row"] or self.viewer in (None, step.term.level):
            return str(BIT["no_row"])
        holder = up(self.plan, "ent", self.viewer, step.term.level)
        return f"CASE WHEN {holder} IS NULL THEN {bit} ELSE {BIT['no_row']} END"

    def extra(self, step: Step, name: str) -> str:
        return f"{quote(self.alias(step))}.{self.at[step].extra(name)}"

    def join(self, step: Step, level: int, cells: str | None, entity: str = "ent") -> str:
        """LEFT JOIN of a step's table to the roster row `entity` of `level` and the dimensions of `cells`."""
        on = f"{quote(self.alias(step))}.e = {up(self.plan, entity, level, step.term.level)}"
        if cells is not None:
            on += "".join(f" AND {quote(self.alias(step))}.{dim(d)} = {cells}.{dim(d)}" for d in step.term.dims)
        return f"LEFT JOIN {quote(self.at[step].table)} AS {quote(self.alias(step))} ON {on}"

    def joins(self, steps: Iterable[Step], level: int, cells: str | None = None) -> str:
        seen: dict[str, str] = {}
        for step in steps:
            seen.setdefault(self.at[step].table, self.join(step, level, cells))
        return "\n  ".join(seen.values())

    def side_by_side(self, steps: Iterable[Step], level: int) -> tuple[str, str] | None:
        """The alias of the first and the FROM of the steps' tables, where all are wide ones of a level: these hold the
        same entities in the same order, so that nothing need be looked up. None otherwise."""
        listed = list(steps)
        if not listed or any(s.term.level != level or not self.at[s].number for s in listed):
            return None
        tables = dict.fromkeys(f"{quote(self.at[s].table)} AS {quote(self.alias(s))}" for s in listed)
        return quote(self.alias(listed[0])), " POSITIONAL JOIN ".join(tables)

    def view_sql(self, view: str) -> str:
        """CREATE VIEW of wide tables side by side."""
        tables = " POSITIONAL JOIN ".join(f"{quote(part)} AS p{i}" for i, part in enumerate(self.views[view]))
        others = "".join(f", p{i}.* EXCLUDE (e, key)" for i in range(1, len(self.views[view])))
        return f"CREATE VIEW {quote(view)} AS SELECT p0.*{others} FROM {tables}"

    def cells(self, step: Step) -> str:
        """A query of (e, dimensions): the cells of a combination (reading 1)."""
        term = step.term
        sets: dict[Vouching, list[Step]] = {}
        parts = vouching([p.term for p in step.parts.values()], term.level)
        own = {d for p in parts if p.own and p.level == term.level for d in p.dims}
        for part in (p for p in step.parts.values() if p.term in parts):
            is_own = part.term.own and part.term.level == term.level
            vouched = frozenset(part.term.dims) - (frozenset() if is_own else own)
            sets.setdefault((part.term.dims, vouched), []).append(part)
        queries = []
        for chosen in covers(list(sets), set(term.dims)):
            sources = [" UNION ".join(self._part_cells(p, term) for p in sets[key]) for key in chosen]
            cover = [dims for dims, _ in chosen]
            if len(sources) == 1:
                queries.append(sources[0])
                continue
            query = f"({sources[0]}) c0"
            have = set(cover[0])
            for i, (dims, source) in enumerate(zip(cover[1:], sources[1:], strict=True), start=1):
                using = ", ".join(["e", *(dim(d) for d in dims if d in have)])
                query += f" JOIN ({source}) c{i} USING ({using})"
                have |= set(dims)
            queries.append(f"SELECT e, {', '.join(dim(d) for d in term.dims)} FROM {query}")
        return " UNION ".join(queries)

    def _part_cells(self, part: Step, term: Term) -> str:
        dims = ", ".join(dim(d) for d in part.term.dims)
        table = quote(self.at[part].table)
        if part.term.level == term.level:
            return f"SELECT e, {dims} FROM {table}"
        key = up(self.plan, "ent", term.level, part.term.level)
        return f"SELECT ent.id AS e, {dims} FROM {table} c JOIN {roster(self.plan, term.level)} ent ON c.e = {key}"

    def source(self, step: Step) -> Step:
        """The step that made the value: what stands under `applies_to`, a single id, decisions."""
        while isinstance(step.term, Applied | Decided):
            step = step.part(step.term.part)
        return step


def is_wide(plan: Plan, step: Step) -> bool:
    """Whether a table indicator may be computed with all others of its table: one value an entity, sums only."""
    term = step.term
    if not isinstance(term, TableValue) or term.dims or term.pool is not None or term.member_applies is not None:
        return False
    own_pass = any(e.op in OWN_PASS for e in term.value.walk())
    return not own_pass and not any(c.applies for c in term.cells) and plan.window(term.years).last_held is None


def in_years(step: Step, alias: str) -> str:
    """SQL that keeps the cells of the years this step is asked for; its parts may have been asked for more."""
    if "year" not in step.term.dims:
        return "TRUE"
    return f"{alias}.{dim('year')} IN ({', '.join(map(str, step.years)) or 'NULL'})"


def missing_bit(term: Term) -> int:
    """The reason of a value that is looked up where there is none."""
    while isinstance(term, Applied):
        term = term.part
    grouped = isinstance(term, GroupStat) or (isinstance(term, TableValue) and term.grouped)
    return BIT["empty_group"] if grouped else BIT["no_row"]


#: The dimensions of parts, and those of them that these vouch for.
Vouching = tuple[tuple[str, ...], frozenset[str]]


def covers(sets: list[Vouching], wanted: set[str]) -> list[list[Vouching]]:
    """The smallest choices of dimension sets that together vouch for all wanted dimensions."""
    found: list[list[Vouching]] = []
    for size in range(1, len(sets) + 1):
        for choice in itertools.combinations(sets, size):
            if frozenset().union(*(vouched for _, vouched in choice)) != wanted:
                continue
            if not any(set(smaller) < set(choice) for smaller in found):
                found.append(list(choice))
    return found


def vacant(r: str) -> str:
    return f"(({r} & {VACANT}) <> 0)"
