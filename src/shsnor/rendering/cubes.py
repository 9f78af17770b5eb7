"""One scan of each fact table: its rows summed into a cube of exact numbers, keyed (entity, cell).

A cell is a distinct combination of the dimensions that indicators filter or keep: `cells_<table>` has a few hundred, and
every `where` is resolved on them. `cube_<table>` has the rows' count and a column for each distinct aggregate call, and
counts of the rows in which a null makes a formula unknown (rules 10 and 11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shsnor.expressions import OWN_PASS, Expr
from shsnor.pack import Table
from shsnor.planning import Plan, Step
from shsnor.rendering.formulas import Sql, aggregate_key, null_test, render
from shsnor.rendering.layout import dim, roster
from shsnor.rendering.rowwise import parameter_sql
from shsnor.resolving.tables import fixed_by
from shsnor.sql import literal, quote
from shsnor.standard import tables_of
from shsnor.terms import TableValue

_IDENTIFIER = re.compile(r'"(?:[^"]|"")*"')
_COLUMN_KINDS = {"text": "text", "date": "date", "yes_no": "yes_no"}


def typed(name: str) -> str:
    return quote("t_" + name)


@dataclass(eq=False)
class Cube:
    """What one table is summed into.

    dims        the dimensions in use, in the table's order
    sums        key of an aggregate call -> (column, its SQL over the rows, what it gives)
    nulls       SQL of a null test -> its column; with it `h<n>`, the rows where the null is a hidden value
    """

    name: str
    table: Table
    plan: Plan
    level: int
    dims: list[str] = field(default_factory=list)
    sums: dict[str, tuple[str, str, Sql]] = field(default_factory=dict)
    nulls: dict[str, tuple[str, str]] = field(default_factory=dict)
    source: str = ""
    raw_keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    checked: bool = False

    @property
    def relation(self) -> str:
        return self.source or "input." + quote(self.name)

    def scan_in_place(self, raw: str, typed_columns: dict[str, str], check: str) -> None:
        """Read the caller's own relation, and let the scan count the rows in which `check` finds something wrong."""
        keys = [*([self.entity] if self.entity else []), *self.dims]
        measures = ", ".join(f"{sql} AS {quote(n)}" for n, sql in typed_columns.items() if n not in keys)
        found = {k: _IDENTIFIER.findall(typed_columns[k]) for k in keys}
        self.checked = True
        if any(len(set(f)) != 1 for f in found.values()):
            columns = ", ".join(f"{typed_columns[k]} AS {quote(k)}" for k in keys)
            self.source = (
                f"(SELECT {', '.join(c for c in (columns, measures) if c)}, ({check}) AS wrong_row FROM {raw})"
            )
            return
        # group by what stands in the file: a number or a short text; its canonical text is made of the groups, not the rows
        self.raw_keys = {k: (f[0], typed_columns[k]) for k, f in found.items()}
        columns = ", ".join(f"{name} AS k{i}" for i, (name, _) in enumerate(self.raw_keys.values()))
        self.source = f"(SELECT {', '.join(c for c in (columns, measures) if c)}, ({check}) AS wrong_row FROM {raw})"

    @property
    def entity(self) -> str | None:
        return next(iter((self.table.entity or {}).values()), None)

    def columns(self) -> dict[str, Sql]:
        """The SQL of the table's columns in a formula."""
        found = {}
        for name, column in self.table.columns.items():
            scale = (6 if column.digits is None else column.digits) if column.type == "number" else 0
            found[name] = Sql(quote(name), _COLUMN_KINDS.get(column.type, "exact"), scale)
        return found

    def add(self, term: TableValue) -> None:
        """Make room for what a table indicator needs."""
        for expr in calls(term.value):
            self._add_sum(expr)
        for name in term.minimum:
            self._add_sum(Expr("sum", (Expr("name", value=name),)))
        if "participants" in self.table.columns:
            self._add_sum(Expr("sum", (Expr("name", value="participants"),)))
        self._add_nulls(term)

    def _add_sum(self, expr: Expr) -> None:
        key = aggregate_key(expr)
        if key in self.sums or expr.op in OWN_PASS:
            return
        names = self.columns() | parameter_sql(self.plan, expr.parameters)
        column = f"a{len(self.sums)}"
        if expr.op == "name":
            given = names[expr.value]
            self.sums[key] = (column, f"min({given.text})", Sql(column, given.kind, given.scale))
            return
        argument = render(expr.args[0], names)
        if expr.op == "count":
            self.sums[key] = (column, f"CAST(count({argument.text}) AS BIGINT)", Sql(column, "exact"))
            return
        if argument.kind == "double":
            # a sum of doubles depends on the order of the rows
            argument = Sql(f"CAST({argument.text} AS DECIMAL(38,9))", "exact", 9)
        text = f"{expr.op}({argument.text})"
        if expr.op == "sum" and argument.scale == 0:
            text = f"CAST({text} AS BIGINT)"
        self.sums[key] = (column, text, Sql(column, argument.kind, argument.scale))

    def null_sql(self, term: TableValue) -> str | None:
        names = {n: quote(n) for n in self.table.columns}
        tests = [null_test(term.value, names), *(f"{quote(n)} IS NULL" for n in term.minimum)]
        found = list(dict.fromkeys(t for t in tests if t is not None))
        return " OR ".join(found) or None

    def _add_nulls(self, term: TableValue) -> None:
        test = self.null_sql(term)
        if test is None or test in self.nulls:
            return
        hidden = ""
        if self.table.hidden:
            keys = {*(self.table.key or ()), *self.table.dims, *(self.table.entity or {}).values()}
            read = [n for n in dict.fromkeys([*term.value.names, *term.minimum]) if n not in keys]
            hidden = " OR ".join(f"{quote(n + '__hidden')}" for n in read)
        self.nulls[test] = (f"z{len(self.nulls)}", hidden)

    def value(self, expr: Expr) -> Sql:
        return self.sums[aggregate_key(expr)][2]

    def held(self) -> str:
        """SQL over the typed dimensions: whether the cell was held and is not left out by `without`."""
        tests = []
        for entry in entries(self):
            tests.append(" AND ".join(f"{dim(d)} IN ({', '.join(map(literal, v))})" for d, v in entry.items()))
        return "NOT coalesce(" + " OR ".join(f"({t})" for t in tests) + ", FALSE)" if tests else "TRUE"

    def statements(self) -> list[tuple[str, str]]:
        """(name, query): the scan, the cells, the cube."""
        raw, cells, cube = (quote(f"{p}_{self.name}") for p in ("raw", "cells", "cube"))
        wanted = ([(self.entity, "k")] if self.entity else []) + [(d, typed(d)) for d in self.dims]
        keys = [f"{quote(name)} AS {alias}" for name, alias in wanted]
        if self.raw_keys:
            keys = [f"k{i}" for i in range(len(wanted))]
        sums = [f"{sql} AS {column}" for column, sql, _ in self.sums.values()]
        for test, (column, hidden) in self.nulls.items():
            sums.append(f"count(CASE WHEN {test} THEN 1 END) AS {column}")
            if hidden:
                sums.append(f"count(CASE WHEN ({test}) AND ({hidden}) THEN 1 END) AS h{column[1:]}")
        if self.checked:
            sums.append("count(CASE WHEN wrong_row THEN 1 END) AS wrong")
        scan = f"CREATE TABLE {raw} AS SELECT {', '.join([*keys, 'count(*) AS rows', *sums])}\nFROM {self.relation}"
        if keys:
            scan += f"\nGROUP BY {', '.join(str(i + 1) for i in range(len(keys)))}"
        else:
            scan += "\nHAVING count(*) > 0"
        if self.raw_keys:
            back = ", ".join(f"k{i} AS {name}" for i, (name, _) in enumerate(self.raw_keys.values()))
            outer = ", ".join(f"{self.raw_keys[name][1]} AS {alias}" for name, alias in wanted)
            named = ", ".join(f"k{i}" for i in range(len(wanted)))
            head, scanned = scan.split(" AS SELECT ", 1)
            rest = f"* EXCLUDE ({', '.join(n for n, _ in self.raw_keys.values())})"
            scan = f"{head} AS SELECT {outer}, {rest} FROM (SELECT {back}, * EXCLUDE ({named}) FROM (SELECT {scanned}))"
        texts = [
            f"coalesce(CAST({typed(d)} AS {'INTEGER' if d == 'year' else 'VARCHAR'}), {0 if d == 'year' else literal('')}) AS {dim(d)}"
            for d in self.dims
        ]  # fmt: skip
        picked = ", ".join([*texts, *(typed(d) for d in self.dims)])
        order = ", ".join(dim(d) for d in self.dims) or "1"
        distinct = (
            f"SELECT DISTINCT {', '.join(typed(d) for d in self.dims)} FROM {raw}"
            if self.dims
            else "SELECT 0 AS nothing"
        )
        made = (
            f"CREATE TABLE {cells} AS SELECT CAST(row_number() OVER (ORDER BY {order}) AS INTEGER) AS cell, *, {self.held()} AS held\n"
            f"FROM (SELECT {picked or '0 AS nothing'} FROM ({distinct}))"
        )
        on = " AND ".join(f"x.{typed(d)} IS NOT DISTINCT FROM r.{typed(d)}" for d in self.dims) or "TRUE"
        entity = f"JOIN {roster(self.plan, self.level)} ent ON ent.key = r.k" if self.entity else ""
        columns = ", ".join(["r.rows", *(f"r.{c}" for c in self._columns())])
        joined = (
            f"CREATE TABLE {cube} AS SELECT {'ent.id' if self.entity else '0'} AS e, x.cell, {columns}\n"
            f"FROM {raw} r {entity} JOIN {cells} x ON {on}"
        )
        return [(f"scan {self.name}", scan), (f"cells {self.name}", made), (f"cube {self.name}", joined)]

    def _columns(self) -> list[str]:
        nulls = [
            c for column, hidden in self.nulls.values() for c in ([column, f"h{column[1:]}"] if hidden else [column])
        ]
        return [column for column, _, _ in self.sums.values()] + nulls

    def facts(self) -> str:
        """The rows themselves with e and cell, for what is not a sum."""
        on = " AND ".join(f"x.{typed(d)} IS NOT DISTINCT FROM t.{quote(d)}" for d in self.dims) or "TRUE"
        entity = f"JOIN {roster(self.plan, self.level)} ent ON ent.key = t.{quote(self.entity)}" if self.entity else ""
        return f"SELECT {'ent.id' if self.entity else '0'} AS e, x.cell, t.* FROM {self.relation} t {entity} JOIN {quote('cells_' + self.name)} x ON {on}"


def calls(value: Expr) -> list[Expr]:
    """The distinct aggregate calls of a formula; a plain column stands for itself (one row a value)."""
    found: list[Expr] = []

    def visit(expr: Expr) -> None:
        if expr.op in ("sum", "count", "min", "max") or expr.op in OWN_PASS or expr.op == "name":
            found.append(expr)
            return
        for arg in expr.args:
            visit(arg)

    visit(value)
    return list({aggregate_key(e): e for e in found}.values())


def entries(cube: Cube) -> list[dict[str, list[str]]]:
    """What was not held, of the dimensions of this table (reading 13); `without` leaves procedures out of every year."""
    found = []
    for entry in cube.plan.not_held:
        cells = {d: [v] if isinstance(v, str) else list(v) for d, v in entry.cells.items()}
        if set(cells) <= set(cube.table.dims):
            found.append(cells)
    if cube.plan.without and "procedure" in cube.table.dims:
        found.append({"procedure": list(cube.plan.without)})
    return found


def cubes_of(plan: Plan) -> dict[str, Cube]:
    """The cube of each table that the plan's steps read."""
    tables = tables_of(plan.pack)
    found: dict[str, Cube] = {}
    used: dict[str, set[str]] = {}
    for step in plan.steps:
        term = step.term
        if not isinstance(term, TableValue):
            continue
        cube = found.get(term.table)
        if cube is None:
            cube = found[term.table] = Cube(term.table, tables[term.table], plan, term.table_level)
        cube.add(term)
        used.setdefault(term.table, set()).update(_dims_of(term, cube))
    for name, cube in found.items():
        for entry in entries(cube):
            used[name] |= set(entry)
        cube.dims = [d for d in cube.table.dims if d in used[name]]
    return found


def _dims_of(term: TableValue, cube: Cube) -> set[str]:
    dims = set(term.by) | {d for c in term.cells for d in c.values} | (set(term.where.names) if term.where else set())
    if "year" in cube.table.dims:
        dims.add("year")
    return dims


def allowed(term: TableValue) -> dict[str, list[str]]:
    """Values that `where` leaves to dimensions that are neither kept nor listed."""
    listed = {d for c in term.cells for d in c.values}
    return {d: v for d, v in fixed_by(term.where).items() if d not in term.by and d not in listed}


def steps_of(plan: Plan, table: str) -> Iterable[Step]:
    return (s for s in plan.steps if isinstance(s.term, TableValue) and s.term.table == table)
