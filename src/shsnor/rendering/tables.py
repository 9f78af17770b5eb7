"""Table indicators: from the cube to a value for each entity and cell (rules 3, 9–12, readings 2, 5, 6).

What ought to be there is a small table `q` (see `requirements`). A cell of the indicator is known if every requirement in
it that is not vacant has a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from shsnor.expressions import OWN_PASS, Expr
from shsnor.planning import Plan, Step
from shsnor.rendering.calls import calls
from shsnor.rendering.cubes import Cube, typed
from shsnor.rendering.formulas import VALUE, Sql, aggregate_key, as_value, deviation, render, zero_divisor
from shsnor.rendering.layout import Layout, dim, roster, vacant
from shsnor.rendering.requirements import Requirement, requirements
from shsnor.rendering.rowwise import PART, REASON, counts_of, parameter_sql
from shsnor.rendering.statistics import members_sql, placed_sql
from shsnor.sql import literal, quote
from shsnor.terms import BIT, TableValue


@dataclass(frozen=True)
class Known:
    """SQL of what is known of a cell: requirements that are not vacant (n), those with a row (k), the reasons of the vacant
    ones (s) and of an unknown `applies_to` (ur), rows with a hidden value (h) or a null (z); whether fewer have a row than
    must (lacking), where this is simpler than by counting."""

    n: str = "whole.n"
    k: str = "whole.k"
    s: str = "whole.s"
    ur: str = "whole.ur"
    h: str = "w.h"
    z: str = "w.z"
    lacking: str = ""


@dataclass(eq=False)
class TableQuery:
    """The query of one table indicator, built of named parts."""

    layout: Layout
    step: Step
    cube: Cube

    def __post_init__(self) -> None:
        term = self.step.term
        assert isinstance(term, TableValue)
        self.term = term
        self.plan: Plan = self.layout.plan
        has_year = "year" in self.cube.table.dims
        self.window = self.plan.window(term.years) if has_year and "year" not in term.by else None
        years = self.step.years if "year" in term.by else (self.window.years if self.window else ())
        self.needs = requirements(term, years, self.cube)
        self.listed = list(term.cells[0].values) if term.cells else []
        self.open = [d for d in term.dims if d in term.open]
        self.own_pass = any(e.op in OWN_PASS for e in term.value.walk())
        self.has_year = has_year

    # --- the requirements -------------------------------------------------

    @property
    def q_columns(self) -> list[str]:
        return [*(dim(d) for d in self.listed), *([dim("year")] if self.has_year else [])]

    def q_values(self, need: Requirement) -> tuple[str | int | None, ...]:
        """The values of a requirement in `q_columns`."""
        return (*(need.values[d] for d in self.listed), *([need.year] if self.has_year else []))

    def q(self) -> str:
        tests = list(dict.fromkeys(n.not_held for n in self.needs))
        rows = []
        for i, need in enumerate(self.needs):
            values = [str(v) if isinstance(v, int) else literal(str(v)) for v in self.q_values(need)]
            rows.append(f"({', '.join([str(i), str(need.entry), str(tests.index(need.not_held)), *values])})")
        self.tests = tests
        return f"SELECT * FROM (VALUES {', '.join(rows)}) AS t({', '.join(['q', 'entry', 'gap', *self.q_columns])})"

    def not_held(self) -> str:
        cases = "".join(f" WHEN {i} THEN ({t})" for i, t in enumerate(self.tests))
        return f"CASE gap{cases} END"

    # --- the rows ---------------------------------------------------------

    def where(self) -> str:
        if self.term.where is None:
            return "TRUE"
        names = {n: Sql(typed(n), s.kind, s.scale) for n, s in self.cube.columns().items()}
        return render(self.term.where, names | parameter_sql(self.plan, self.term.where.parameters)).text

    def rows(self, source: str) -> str:
        """Rows (cube rows, or facts in a pass of their own) with the requirement each belongs to."""
        on = " AND ".join(["TRUE", *(f"x.{c} = q.{c}" for c in self.q_columns)])
        cells = quote("cells_" + self.cube.name)
        keep = ", ".join(["c.*", "q.q", *(f"x.{dim(d)}" for d in self.open), *(f"q.{c}" for c in self.q_columns)])
        joins, tests = self.member_tests()
        entity = f"JOIN {roster(self.plan, self.term.table_level)} ent ON ent.id = c.e" if joins else ""
        return (
            f"SELECT {keep} FROM {source} c JOIN {cells} x USING (cell) JOIN q ON {on} {entity} {joins} "
            f"WHERE x.held AND {self.where()}{tests}"
        )

    def member_tests(self) -> tuple[str, str]:
        """Joins and tests that leave out rows of entities to which the indicator or an entry of `cells` does not apply."""
        steps: dict[Step, None] = {}
        tests = ""
        if self.term.member_applies is not None:
            applies = self.step.part(self.term.member_applies)
            steps[applies] = None
            tests += f" AND {self.layout.v(applies)}"
        # where an entry is one of the result's own, `need` leaves it out; its rows still tell which cells there are
        below = [
            (i, c.applies) for i, c in enumerate(self.term.cells) if c.applies and c.applies.level < self.term.level
        ]
        entries = [(i, self.step.part(applies)) for i, applies in below]
        if entries:
            cases = "".join(f" WHEN {i} THEN {self.layout.v(s)}" for i, s in entries)
            tests += f" AND CASE q.entry{cases} ELSE TRUE END"
            steps |= {s: None for _, s in entries}
        return self.layout.joins(steps, self.term.table_level), tests

    # --- aggregates -------------------------------------------------------

    def source(self) -> str:
        return f"({self.cube.facts()})" if self.own_pass else quote("cube_" + self.cube.name)

    def calls(self) -> list[Expr]:
        """The aggregate calls of the formula, the minimum and the participants, each once."""
        found = [*calls(self.term.value), *(Expr("sum", (Expr("name", value=n),)) for n in self.term.minimum)]
        if "participants" in self.cube.table.columns:
            found.append(Expr("sum", (Expr("name", value="participants"),)))
        return list({aggregate_key(e): e for e in found}.values())

    def wanted(self) -> dict[str, tuple[str, str, Sql]]:
        """Key of a call -> (the cube's column, how it is put together, what it gives)."""
        found = {}
        for expr in self.calls():
            column, _, given = self.cube.sums[aggregate_key(expr)]
            how = "sum" if expr.op in ("sum", "count") else "max" if expr.op == "max" else "min"
            found[aggregate_key(expr)] = (column, how, given)
        return found

    def aggregates(self) -> tuple[dict[str, str], dict[str, Sql]]:
        """Columns to aggregate, and the names that the formula reads them by."""
        columns: dict[str, str] = {}
        names: dict[str, Sql] = {}
        for expr in self.calls():
            column = f"g{len(columns)}"
            columns[column], given = self._aggregate(expr)
            key = aggregate_key(expr)
            names[key] = Sql(f"w.{column}", given.kind, given.scale)
            if expr.op == "name":
                names[expr.value] = names[key]
        return columns, names

    def _aggregate(self, expr: Expr) -> tuple[str, Sql]:
        if not self.own_pass:
            column, how, given = self.wanted()[aggregate_key(expr)]
            return (
                f"CAST(sum({column}) AS BIGINT)" if how == "sum" and given.scale == 0 else f"{how}({column})"
            ), given
        names = self.cube.columns() | parameter_sql(self.plan, expr.parameters)
        if expr.op not in OWN_PASS:
            _, sql, given = self.cube.sums[aggregate_key(expr)]
            return sql, given
        argument = render(expr.args[0], names)
        if expr.op == "count_distinct":
            return f"CAST(count(DISTINCT {argument.text}) AS BIGINT)", Sql("", "exact")
        ordered = f"list_sort(list({argument.text}) FILTER (WHERE {argument.text} IS NOT NULL))"
        k = f"count({argument.text})"
        if expr.op == "median":
            value = f"({ordered}[({k} + 1) // 2] + {ordered}[{k} // 2 + 1]) / 2.0"
            return f"CAST({value} AS {VALUE})", Sql("", "exact", 9)
        if expr.op == "stddev_pop":
            doubles = f"list_transform({ordered}, lambda y: CAST(y AS DOUBLE))"
            return f"CAST({deviation(doubles)} AS {VALUE})", Sql("", "exact", 9)
        p = expr.args[1].value
        scale = 10 ** max(0, -int(p.as_tuple().exponent))
        return f"{ordered}[greatest(1, ({k} * {int(p * scale)} + {scale - 1}) // {scale})]", argument

    def null_columns(self) -> tuple[str, str]:
        """SQL, over the rows, of how many have a null that matters, and how many of these are hidden."""
        test = self.cube.null_sql(self.term)
        if test is None:
            return "0", "0"
        column, hidden = self.cube.nulls[test]
        if self.own_pass:
            return (
                f"count(CASE WHEN {test} THEN 1 END)",
                f"count(CASE WHEN ({test}) AND ({hidden}) THEN 1 END)" if hidden else "0",
            )
        return f"sum({column})", f"sum(h{column[1:]})" if hidden else "0"

    # --- the whole --------------------------------------------------------

    def sql(self) -> str:
        pooled = self.term.pool is not None
        q = self.q()
        parts = {"q": q, "rows": self.rows(self.source())}
        if pooled:
            parts |= self.pooled_rows()
        else:
            parts["need"] = self.need("rows")
        columns, names = self.aggregates()
        base = "pool" if pooled else "rows"
        by = [dim(d) for d in self.term.dims]
        keys = ["e", *by]
        parts["there"] = f"SELECT DISTINCT {', '.join(['e', *(dim(d) for d in self.open), 'q'])} FROM {base}"
        match = ", ".join(["e", *(dim(d) for d in self.open), "q"])
        parts["whole"] = (
            f"SELECT {', '.join(f'n.{k}' for k in keys)}, count(CASE WHEN n.s = 0 THEN 1 END) AS n, "
            f"count(CASE WHEN n.s = 0 AND n.ur = 0 AND t.here IS NOT NULL THEN 1 END) AS k, bit_or(n.s) AS s, "
            f"bit_or(CASE WHEN n.s = 0 THEN n.ur ELSE 0::{REASON} END) AS ur\n    FROM need n LEFT JOIN "
            f"(SELECT *, q AS here FROM there) t USING ({match}) GROUP BY {', '.join(f'n.{k}' for k in keys)}"
        )
        nulls, hidden = self.null_columns()
        members = "count(DISTINCT member)" if pooled else "CAST(NULL AS BIGINT)"
        aggregates = ", ".join(
            [f"{sql} AS {c}" for c, sql in columns.items()] + [f"{nulls} AS z", f"{hidden} AS h", f"{members} AS mem"]
        )
        live = "WHERE n.s = 0 AND n.ur = 0"
        picked = ", ".join(f"n.{k}" for k in keys)
        row_columns = (
            f"r.* EXCLUDE ({', '.join(dict.fromkeys(['e', 'q', *(dim(d) for d in self.open), *self.q_columns]))})"
        )
        parts["what"] = (
            f"SELECT {', '.join(keys)}, {aggregates} FROM (SELECT {picked}, {row_columns}\n"
            f"    FROM {base} r JOIN need n USING ({match}) {live}) GROUP BY {', '.join(keys)}"
        )
        ctes = ",\n  ".join(
            f"{name} AS MATERIALIZED ({text})" if name in ("rows", "need") else f"{name} AS ({text})"
            for name, text in parts.items()
        )
        order = "ORDER BY ALL" if not by else ""
        using = ", ".join(keys)
        return (
            f"CREATE TABLE {quote(self.layout.at[self.step].table)} AS WITH {ctes}\n"
            f"SELECT {', '.join(f'whole.{k}' for k in keys)},\n  {self.result(names)}\n"
            f"FROM whole LEFT JOIN (SELECT * FROM what) w USING ({using}){self.group_join()}\n{order}"
        )

    def need(self, base: str) -> str:
        """Requirements of every entity, each vacant (s), of unknown application (ur), or live."""
        level = self.term.level
        if self.open:
            columns = ", ".join(["e", *(dim(d) for d in self.open)])
            entities = f"(SELECT DISTINCT {columns} FROM {base})"
        elif self.term.grouped and self.term.dims:
            entities = "(SELECT DISTINCT g AS e FROM members)"  # a group has the cells of its members
        else:
            entities = f"(SELECT id AS e FROM {roster(self.plan, level)})"
        status, unknown, joins = self.not_held(), "0", ""
        s_cases = u_cases = ""
        for i, cells in enumerate(self.term.cells):
            if cells.applies is None:
                continue
            part = self.step.part(cells.applies)
            if cells.applies.level < level:
                continue  # it leaves out members' rows; that some row must be there stands
            v, r = self.layout.v(part), self.layout.r(part)
            s = f"CASE WHEN {r} = 0 AND NOT {v} THEN {BIT['not_applicable']} WHEN {vacant(r)} THEN {r} ELSE 0 END"
            ur = f"CASE WHEN {r} <> 0 AND NOT {vacant(r)} THEN {r} ELSE 0 END"
            if self.layout.join(part, level, None) not in joins:
                joins += " " + self.layout.join(part, level, None)
            s_cases += f" WHEN {i} THEN {s}"
            u_cases += f" WHEN {i} THEN {ur}"
        applied = f"CASE q.entry{s_cases} ELSE 0 END" if s_cases else "0"
        if u_cases:
            unknown = f"CASE q.entry{u_cases} ELSE 0 END"
        entity = f"JOIN {roster(self.plan, level)} ent ON ent.id = b.e" if joins else ""
        columns = ", ".join(["b.e", *(f"b.{dim(d)}" for d in self.open), "q.q", *(f"q.{c}" for c in self.q_columns)])
        query = (
            f"SELECT {columns}, CAST(CASE WHEN {status} THEN {BIT['not_held']} ELSE {applied} END AS {REASON}) AS s, "
            f"CAST({unknown} AS {REASON}) AS ur, CAST(({status}) AS BOOLEAN) AS gone FROM {entities} b CROSS JOIN q {entity} {joins}"
        )
        if self.window is None or self.window.last_held is None:
            return query
        by = ", ".join(["e", *(dim(d) for d in self.term.dims)])
        held = f"SELECT *, bool_or(NOT gone) OVER (PARTITION BY {by}, {dim('year')}) AS held_year FROM ({query})"
        rank = f"dense_rank() OVER (PARTITION BY {by} ORDER BY held_year DESC, {dim('year')} DESC)"
        chosen = f"SELECT * FROM ({held}) QUALIFY {rank} <= {self.window.last_held}"
        if not self.open:
            return chosen
        # an open combination is there if it has a row in the years that were taken, not in those looked through
        keys = ", ".join(["e", *(dim(d) for d in self.open)])
        there = f"SELECT {keys} FROM chosen SEMI JOIN {base} USING ({keys}, q)"
        return f"WITH chosen AS MATERIALIZED ({chosen}) SELECT * FROM chosen SEMI JOIN ({there}) USING ({keys})"

    def pooled_rows(self) -> dict[str, str]:
        """Rows of all members of each group, and what is needed; a member's cell with a null is left out whole (reading 6)."""
        pool = self.term.pool
        assert pool is not None
        members = members_sql(self.layout, self.step, pool, self.term.table_level)
        cell = ", ".join(["e", "member", *(dim(d) for d in self.term.dims)])
        nulls, _ = self.null_columns()
        level = self.term.table_level
        used = ""
        if self.window is not None and self.window.last_held is not None:
            # rows of years that the window looked through and did not take are of no account
            match = ", ".join(["e", *(dim(d) for d in self.open), "q"])
            used = f"SEMI JOIN (SELECT * FROM need WHERE s = 0 AND ur = 0) USING ({match})"
        meets = "WHERE ok"
        if pool.meeting is not None and pool.meeting.dims:
            met = self.step.part(pool.meeting)
            meets = f"JOIN {roster(self.plan, level)} ent ON ent.id = r.member {self.layout.join(met, level, 'r')}"
            meets += f" AND TRUE WHERE ok AND {self.layout.v(met)}"
        return {
            "members": members,
            "every": "SELECT m.g AS e, r.e AS member, m.ok, r.* EXCLUDE (e) FROM rows r JOIN members m ON m.e = r.e",
            "need": self.need("every"),
            "bad": f"SELECT {cell} FROM every {used} GROUP BY {cell} HAVING {nulls} > 0",
            "pool": f"SELECT r.* FROM (SELECT * FROM every ANTI JOIN bad USING ({cell})) r {meets}",
            "sizes": "SELECT g AS e, count(*) AS size FROM members WHERE ok GROUP BY g",
        } | ({"placed": placed_sql(self.layout, self.step, pool, level)} if self.may_be_alone else {})

    @property
    def may_be_alone(self) -> bool:
        """Whether an entity may have no group: then there is nothing that could have been held or not."""
        return self.term.grouped and self.term.pool is not None and not self.term.pool.of_level

    def group_join(self) -> str:
        joins = " LEFT JOIN sizes z ON z.e = whole.e" if self.term.pool is not None else ""
        return f"{joins} LEFT JOIN placed ON placed.e = whole.e" if self.may_be_alone else joins

    def value(self, names: dict[str, Sql]) -> str:
        """SQL of the formula over the aggregates."""
        kind = "VARCHAR" if self.term.kind == "text" else VALUE
        names = names | parameter_sql(self.plan, self.term.value.parameters)
        return f"CAST({as_value(render(self.term.value, names), self.term.digits)} AS {kind})"

    def result(
        self, names: dict[str, Sql], known: Known | None = None, suffix: str = "", value: str | None = None
    ) -> str:
        """The step's columns: value, reason, numerator, denominator, participants, members.

        value  SQL of the formula's value, where it was computed before
        """
        term, known = self.term, known or Known()
        value = value or self.value(names)
        names = names | parameter_sql(self.plan, term.value.parameters)
        need = known.n
        if term.at_least_known:
            sure = known.n.isdigit()
            need = str(min(term.at_least_known, int(known.n))) if sure else f"least({term.at_least_known}, {known.n})"
        few = " OR ".join(f"{self._sum_of(names, n)} < {self.plan.scalar(s)}" for n, s in term.minimum.items())
        tests = [("placed.e IS NULL", str(BIT["empty_group"]))] if self.may_be_alone else []
        tests += [(f"{known.n} = 0", known.s)] if not known.n.isdigit() or known.n == "0" else []
        if known.ur != "0":
            tests.append((f"{known.k} < {need} AND {known.ur} <> 0", known.ur))
        if term.grouped:
            tests.append((f"coalesce(w.mem, 0) < {term.at_least_members}", str(BIT["empty_group"])))
        tests += [(known.lacking or f"{known.k} < {need}", str(BIT["no_row"]))]
        tests += [(f"{n} > 0", str(BIT[r])) for n, r in ((known.h, "hidden"), (known.z, "empty_value")) if n != "0"]
        if few:
            tests.append((few, str(BIT["too_few"])))
        broken = " OR ".join(f"({t})" for t, _ in tests)
        tests += [(f"{value} IS NOT NULL", "0"), (zero_divisor(term.value, names), str(BIT["too_few"]))]
        cases = " ".join(f"WHEN {t} THEN {r}" for t, r in tests if t != "FALSE")
        reason = f"CASE {cases} ELSE {BIT['empty_value']} END"
        num, den = self.ratio(names)
        people = names.get(aggregate_key(Expr("sum", (Expr("name", value="participants"),))))
        pooled = term.pool is not None
        columns = {
            "v": f"CASE WHEN {broken} THEN NULL ELSE {value} END",
            "r": f"CAST({reason} AS {REASON})",
            "num": num,
            "den": den,
            "n": f"CAST({people.text} AS BIGINT)" if people else "CAST(NULL AS BIGINT)",
            "mem": "CAST(w.mem AS BIGINT)" if pooled else "CAST(NULL AS BIGINT)",
            "out": "CAST(coalesce(z.size, 0) - coalesce(w.mem, 0) AS BIGINT)" if pooled else "CAST(NULL AS BIGINT)",
        }
        kept = ("v", "r", *counts_of(self.layout, self.step))
        return ",\n  ".join(f"{columns[name]} AS {name}{suffix}" for name in kept)

    def _sum_of(self, names: dict[str, Sql], name: str) -> str:
        return names[aggregate_key(Expr("sum", (Expr("name", value=name),)))].text

    def ratio(self, names: dict[str, Sql]) -> tuple[str, str]:
        """Numerator and denominator where the formula is a division, constant factors left aside."""
        value = self.term.value
        if value.op != "/" or self.term.kind == "text":
            return f"CAST(NULL AS {PART})", f"CAST(NULL AS {PART})"
        top = value.args[0]
        while top.op == "*" and any(a.op == "number" for a in top.args):
            top = (
                next(a for a in top.args if a.op != "number")
                if any(a.op != "number" for a in top.args)
                else top.args[0]
            )
        return (
            f"TRY_CAST({render(top, names).text} AS {PART})",
            f"TRY_CAST({render(value.args[1], names).text} AS {PART})",
        )


def table_sql(layout: Layout, step: Step, cube: Cube) -> str:
    """CREATE TABLE of one table indicator."""
    return TableQuery(layout, step, cube).sql()
