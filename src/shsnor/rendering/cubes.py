"""One scan of each fact table: its rows summed into a cube of exact numbers, keyed (entity, cell).

A cell is a distinct combination of the dimensions that indicators filter or keep: `cells_<table>` has a few hundred, and
every `where` is resolved on them. `cube_<table>` has the rows' count and a column for each distinct aggregate call, and
counts of the rows in which a null makes a formula unknown (rules 10 and 11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shsnor.adding import Words, in_words
from shsnor.expressions import OWN_PASS, Expr
from shsnor.pack import Table
from shsnor.planning import Plan
from shsnor.rendering.calls import calls, counted, reckoned, sum_of_known, without_stand_ins
from shsnor.rendering.digits import Digit, FewValues, digits_of
from shsnor.rendering.formulas import Sql, aggregate_key, null_test, render
from shsnor.rendering.given import NOTHING, Given, as_known, as_they_stand, of_table
from shsnor.rendering.layout import dim, roster
from shsnor.rendering.rowwise import parameter_sql
from shsnor.sql import literal, quote
from shsnor.terms import TableValue

_IDENTIFIER = re.compile(r'"(?:[^"]|"")*"')
_ONE_TO_ONE = re.compile(rf"\({_IDENTIFIER.pattern}\)|CAST\(\({_IDENTIFIER.pattern}\) AS (VARCHAR|BIGINT|INTEGER)\)")
_ONE_IS_NULL = re.compile(rf"\(*({_IDENTIFIER.pattern}) IS NULL\)*")
_COLUMN_KINDS = {"text": "text", "date": "date", "yes_no": "yes_no"}


#: The cube's column with the number of rows.
ROWS = "rows"


def typed(name: str) -> str:
    return quote("t_" + name)


def is_count(sql: str) -> bool:
    """Whether an aggregate counts rows: it is nowhere NULL, and never below 0."""
    return sql.startswith(("count(", "CAST(count("))


@dataclass(eq=False)
class Cube:
    """What one table is summed into.

    dims        the dimensions in use, in the table's order
    sums        key of an aggregate call -> (column, its SQL over the rows, what it gives)
    nulls       SQL of a null test -> its column; with it `h<n>`, the rows where the null is a hidden value
    reckoned    columns that formulas compute with, and do not only add up
    given       what is known of the source before it is read; `known` the same of the table's columns
    stored      whether `cube_<table>` is made; else the one query that reads it takes it from `raw_<table>`
    few_rows    whether a count of rows fits an INTEGER
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
    digits: dict[str, Digit] = field(default_factory=dict)
    checked: bool = False
    reckoned: set[str] = field(default_factory=set)
    given: Given = field(default_factory=Given)
    known: Given = field(default_factory=Given)
    stored: bool = True
    few_rows: bool = False

    @property
    def relation(self) -> str:
        return self.source or "input." + quote(self.name)

    def scan_in_place(self, raw: str, typed_columns: dict[str, str], check: str | None, given: Given) -> None:
        """Read the caller's own relation, and let the scan count the rows in which `check` finds something wrong."""
        keys = [*([self.entity] if self.entity else []), *self.dims]
        self.given, self.known = given, of_table(typed_columns, given)
        picked = [f"{sql} AS {quote(n)}" for n, sql in as_they_stand(typed_columns, given, self.reckoned).items()]
        found = {k: _IDENTIFIER.findall(typed_columns[k]) for k in keys}
        self.checked = check is not None
        if check is not None:
            picked.append(f"({check}) AS wrong_row")
        if all(len(set(f)) == 1 for f in found.values()):
            # group by what stands in the file: a number or a short text; its canonical text is made of the groups, not the rows
            self.raw_keys = {k: (f[0], typed_columns[k]) for k, f in found.items()}
            picked += [f"{name} AS k{i}" for i, (name, _) in enumerate(self.raw_keys.values())]
        self.source = f"(SELECT {', '.join(picked)} FROM {raw})"

    def encode(self, values: dict[str, FewValues]) -> None:
        """Group by a code of the cell, where every dimension has few values: a whole number groups faster than texts."""
        first = len(self.raw_keys) - len(self.dims)
        if self.raw_keys and self.one_to_one:
            self.digits = digits_of({d: f"k{first + i}" for i, d in enumerate(self.dims)}, values)

    @property
    def one_to_one(self) -> bool:
        """Whether two values that stand in the file are never one for us, as two times of a day are one date."""
        return all(_ONE_TO_ONE.fullmatch(made) for _, made in self.raw_keys.values())

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
        self.reckoned.update(reckoned(expr))
        names = self.columns() | parameter_sql(self.plan, expr.parameters)
        column = f"a{len(self.sums)}"
        if expr.op == "name":
            given = names[expr.value]
            self.sums[key] = (column, f"min({given.text})", Sql(column, given.kind, given.scale))
            return
        if expr.op == "count" and expr.args[0].op in ("number", "text", "yes_no"):
            self.sums[key] = (ROWS, "CAST(count(*) AS BIGINT)", Sql(ROWS, "exact"))
            return
        if expr.op == "sum" and (condition := counted(expr.args[0])) is not None:
            # in a group of one row or more the same, and quicker
            met = render(without_stand_ins(condition), names).text
            text = f"CAST(count(CASE WHEN {met} THEN 1 END) AS BIGINT)"
            self.sums[key] = (column, text, Sql(column, "exact"))
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
            if (known := sum_of_known(expr.args[0])) is not None:
                text = f"coalesce(sum({render(known, names).text}), 0)"
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

    def scan(self, part: str = "", words: Words | None = None) -> str:
        """CREATE TABLE `raw_<table>`: the one scan, or that of the rows of which `part` is true."""
        return f"CREATE TABLE {self._name('raw')} AS {self.scanned(part, words)}"

    def scanned(self, part: str = "", words: Words | None = None) -> str:
        """The query of `raw_<table>`."""
        if words is None:
            return self.named(self.summed(part))
        keys = [key.rpartition(" AS ")[2] for key in self._keys()]
        return self.named(words.taken_apart(self._grouped(words.sums, part), keys))

    def summed(self, part: str = "") -> str:
        """A query of the rows' sums, grouped by what stands in the source."""
        return self._grouped(self._asked(), part)

    def in_words(self, rows: int, entities: int) -> Words:
        """What so many rows of so many entities are to be asked for."""
        return in_words(self._asked(), rows, entities, self.known.full, self.known.between)

    def _asked(self) -> dict[str, str]:
        """Column of `raw_<table>` that is a sum of its own -> its SQL over the rows."""
        shared = self.shared()
        return {c: as_known(sql, self.known) for c, sql in self.aggregates().items() if c not in shared}

    def _grouped(self, sums: Mapping[str, str], part: str) -> str:
        listed = [*(keys := self._keys()), *(f"{sql} AS {column}" for column, sql in sums.items())]
        grouped = f"GROUP BY {', '.join(str(i + 1) for i in range(len(keys)))}" if keys else "HAVING count(*) > 0"
        return f"SELECT {', '.join(listed)}\nFROM {self.relation}{f' WHERE {part}' if part else ''}\n{grouped}"

    def named(self, scanned: str) -> str:
        """A query of what `summed` gives, with the entity and the dimensions as the engine knows them."""
        if self.key_as_it_is:
            shared = self.shared()
            counts = [c for c, sql in self.aggregates().items() if is_count(sql) and c not in shared and self.few_rows]
            small = ", ".join(f"CAST({c} AS INTEGER) AS {c}" for c in counts)
            return f"SELECT k0 AS k, * EXCLUDE (k0){f' REPLACE ({small})' if small else ''} FROM ({scanned})"
        left = [n for n, _ in self._wanted() if n == self.entity or not self.digits] if self.raw_keys else []
        if left:
            named = ", ".join(f"k{i} AS {self.raw_keys[n][0]}" for i, n in enumerate(left))
            made = ", ".join(f"{self.raw_keys[n][1]} AS {alias}" for n, alias in self._wanted() if n in left)
            raw, plain = (
                ", ".join(x) for x in ([self.raw_keys[n][0] for n in left], [f"k{i}" for i in range(len(left))])
            )
            renamed = f"SELECT {named}, * EXCLUDE ({plain}) FROM ({scanned})"
            scanned = f"SELECT {made}, * EXCLUDE ({raw}) FROM ({renamed})"
            if not self.one_to_one:
                scanned = self.summed_again(scanned)
        return scanned

    @property
    def key_as_it_is(self) -> bool:
        """Whether `raw_<table>` has the entity as it stands in the source, which is quicker than texts of it."""
        return bool(self.digits and self.entity) and self.raw_keys[str(self.entity)][1].startswith("CAST(")

    def shared(self) -> dict[str, str]:
        """The sums that `raw_<table>` has under another name, or that are 0 in every row -> their SQL over it."""
        if not self.key_as_it_is:
            return {}
        same = {"count(*)": ROWS, "CAST(count(*) AS BIGINT)": ROWS, NOTHING: NOTHING}
        made = {c: as_known(sql, self.known) for c, sql in self.aggregates().items() if c != ROWS}
        return {c: same[sql] for c, sql in made.items() if sql in same}

    def sums_of_rows(self) -> str:
        """The relation of all sums: `raw_<table>` with those that it need not hold."""
        more = "".join(f", {sql} AS {column}" for column, sql in self.shared().items())
        return f"(SELECT *{more} FROM {self._name('raw')})" if more else self._name("raw")

    def columns_of_keys(self) -> dict[str, str]:
        """Column of `raw_<table>` that tells its rows apart, where it holds typed dimensions -> column of the table."""
        return {alias: name for name, alias in self._wanted()}

    def aggregates(self) -> dict[str, str]:
        """Column of `raw_<table>` -> its SQL over the rows."""
        found = {ROWS: "count(*)"}
        found |= {column: sql for column, sql, _ in self.sums.values() if column != ROWS}
        for test, (column, hidden) in self.nulls.items():
            # of one column what is there is often counted anyway
            one = _ONE_IS_NULL.fullmatch(test)
            found[column] = f"count(*) - count({one[1]})" if one else f"count(CASE WHEN {test} THEN 1 END)"
            if hidden:
                found[f"h{column[1:]}"] = f"count(CASE WHEN ({test}) AND ({hidden}) THEN 1 END)"
        if self.checked:
            found["wrong"] = "count(CASE WHEN wrong_row THEN 1 END)"
        return found

    def summed_again(self, relation: str) -> str:
        """A query of sums of sums: of rows as `raw_<table>` has them, one for each entity and combination of dimensions."""
        columns = []
        for column, sql in self.aggregates().items():
            kept = sql[:3] if sql[:3] in ("min", "max") else "sum"
            whole = kept == "sum" and not sql.startswith("sum(")
            columns.append(f"CAST(sum({column}) AS BIGINT) AS {column}" if whole else f"{kept}({column}) AS {column}")
        keys = [*self.columns_of_keys()]
        grouped = f"GROUP BY {', '.join(keys)}" if keys else "HAVING count(*) > 0"
        return f"SELECT {', '.join([*keys, *columns])} FROM ({relation}) {grouped}"

    def typed_rows(self) -> str:
        """A query of `raw_<table>` with the typed dimensions, where it has a code in their place too."""
        raw = self.sums_of_rows()
        if not self.digits:
            return f"SELECT * FROM {raw}"
        key = " REPLACE (CAST(k AS VARCHAR) AS k)" if self.entity else ""
        return f"SELECT * EXCLUDE (code){key} FROM {raw} JOIN ({self._combinations()}) USING (code)"

    def _wanted(self) -> list[tuple[str, str]]:
        return ([(self.entity, "k")] if self.entity else []) + [(d, typed(d)) for d in self.dims]

    def _keys(self) -> list[str]:
        if not self.raw_keys:
            return [f"{quote(name)} AS {alias}" for name, alias in self._wanted()]
        if not self.digits:
            return [f"k{i}" for i in range(len(self.raw_keys))]
        code = "0"
        for name, digit in self.digits.items():
            code = f"({code}) * {digit.size} + {digit.encoded(self.raw_keys[name][0] in self.given.full)}"
        entity = ["k0"] if self.entity else []
        return [*entity, f"CAST({code} AS INTEGER) AS code"]

    def _name(self, what: str) -> str:
        return quote(f"{what}_{self.name}")

    def _combinations(self) -> str:
        """A query of the dimensions' combinations in the rows, with their code where there is one."""
        dims = ", ".join(typed(d) for d in self.dims)
        if not self.digits:
            return f"SELECT DISTINCT {dims} FROM {self._name('raw')}"
        below, parts = 1, []
        for name, digit in reversed(self.digits.items()):
            value = digit.decoded(f"((code // {below}) % {digit.size})")
            parts.append(f"{value} AS {self.raw_keys[name][0]}")
            below *= digit.size
        made = ", ".join(f"{self.raw_keys[d][1]} AS {typed(d)}" for d in self.dims)
        codes = f"SELECT DISTINCT code FROM {self._name('raw')}"
        return f"SELECT code, {made} FROM (SELECT code, {', '.join(parts)} FROM ({codes}))"

    def cells(self) -> str:
        """CREATE TABLE `cells_<table>`: the combinations of dimensions, numbered in their order, with their code where there is one."""
        texts = [
            f"coalesce(CAST({typed(d)} AS {'INTEGER' if d == 'year' else 'VARCHAR'}), {0 if d == 'year' else literal('')}) AS {dim(d)}"
            for d in self.dims
        ]  # fmt: skip
        kept = [*(["code"] if self.digits else []), *(typed(d) for d in self.dims)]
        picked = ", ".join([*texts, *kept])
        order = ", ".join(dim(d) for d in self.dims) or "1"
        distinct = (
            f"SELECT DISTINCT {', '.join(kept)} FROM ({self._combinations()})" if self.dims else "SELECT 0 AS nothing"
        )
        return (
            f"CREATE TABLE {self._name('cells')} AS SELECT CAST(row_number() OVER (ORDER BY {order}) AS INTEGER) AS cell, *, {self.held()} AS held\n"
            f"FROM (SELECT {picked or '0 AS nothing'} FROM ({distinct}))"
        )

    def in_cells(self) -> str:
        """The rows of `raw_<table>` as `r`, and their cells as `x`."""
        on = " AND ".join(f"x.{typed(d)} IS NOT DISTINCT FROM r.{typed(d)}" for d in self.dims) or "TRUE"
        return f"{self.sums_of_rows()} r JOIN {self._name('cells')} x ON {'x.code = r.code' if self.digits else on}"

    def cube(self, narrow: frozenset[str] = frozenset()) -> str:
        """CREATE TABLE `cube_<table>`; the columns in `narrow` fit an INTEGER, which sums faster."""
        entity = f"JOIN {roster(self.plan, self.level)} ent ON ent.key = r.k" if self.entity else ""
        if self.key_as_it_is:
            texts = f"SELECT k, CAST(k AS VARCHAR) AS key FROM (SELECT DISTINCT k FROM {self._name('raw')})"
            entity = f"JOIN (SELECT k, id FROM ({texts}) JOIN {roster(self.plan, self.level)} USING (key)) ent ON ent.k = r.k"
        columns = ", ".join(
            f"CAST(r.{c} AS INTEGER) AS {c}" if c in narrow else f"r.{c}" for c in [ROWS, *self.columns_summed()]
        )
        return (
            f"CREATE TABLE {self._name('cube')} AS SELECT {'ent.id' if self.entity else '0'} AS e, x.cell, {columns}\n"
            f"FROM {self.in_cells()} {entity}"
        )

    def rows(self) -> tuple[str, str, str]:
        """What one query of all indicators reads: (the relation, its column that tells entities apart, SQL that is true
        of a row `w` of what is grouped by it, and its entity `ent`)."""
        if self.stored:
            return self._name("cube"), "e", "w.e = ent.id"
        return f"(SELECT x.cell, r.* FROM {self.in_cells()})", "k", "CAST(w.k AS VARCHAR) = ent.key"

    def whole(self) -> list[str]:
        """The columns of the cube that hold whole numbers."""
        sums = [c for c, sql, _ in self.sums.values() if sql.startswith("CAST(") and sql.endswith(" AS BIGINT)")]
        return [*dict.fromkeys([ROWS, *sums]), *(c for c in self.columns_summed() if c[0] in "zh")]

    def columns_summed(self) -> list[str]:
        nulls = [
            c for column, hidden in self.nulls.values() for c in ([column, f"h{column[1:]}"] if hidden else [column])
        ]
        return [*(column for column, _, _ in self.sums.values() if column != ROWS), *nulls]

    def facts(self) -> str:
        """The rows themselves with e and cell, for what is not a sum."""
        on = " AND ".join(f"x.{typed(d)} IS NOT DISTINCT FROM t.{quote(d)}" for d in self.dims) or "TRUE"
        entity = f"JOIN {roster(self.plan, self.level)} ent ON ent.key = t.{quote(self.entity)}" if self.entity else ""
        rows = "input." + quote(self.name)
        return f"SELECT {'ent.id' if self.entity else '0'} AS e, x.cell, t.* FROM {rows} t {entity} JOIN {quote('cells_' + self.name)} x ON {on}"


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
