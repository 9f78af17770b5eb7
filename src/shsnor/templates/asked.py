"""What a plan asks of each table that people supply: its columns, years, procedures, subjects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from shsnor.expressions import Expr
from shsnor.headers import columns_of, filled_columns
from shsnor.planning import Plan
from shsnor.reading.roster import NAMES, roster_tables
from shsnor.standard import levels_of, tables_of
from shsnor.tables import Table
from shsnor.terms import Constant, Leaf, Parameter, TableValue

Texts: TypeAlias = "tuple[str, ...]"
Years: TypeAlias = "tuple[int, ...]"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one table is asked for.

    columns    that are read, with those of its key and entity, in the order of the table
    filled     of these, the ones that no row may leave empty
    years      whose rows are read; () for a table without years
    values     column -> the texts that the pack names, in the order of their naming
    closed     of these columns, the ones of which no other text is read
    cells      the rows of each entity that the pack names: dimension -> values, with the years of each
    """

    name: str
    table: Table
    columns: tuple[str, ...]
    filled: frozenset[str]
    years: Years
    values: Mapping[str, Texts]
    closed: frozenset[str]
    cells: tuple[tuple[Mapping[str, Texts], Years], ...]


def asked_of(plan: Plan) -> dict[str, Asked]:
    """What a plan asks of each table that the pack does not carry itself; the tables of the roster come first."""
    tables, needed = tables_of(plan.pack), plan.needed()
    first = roster_tables(levels_of(plan.pack))
    for name, columns in first.items():
        needed.setdefault(name, set()).update(columns)
        # what reports call an entity by, and where it lies; nobody need fill it in
        needed[name] |= {next((n for n in NAMES if n in tables[name].columns), ""), *columns}
    names = [*first, *(name for name in tables if name in needed and name not in first)]
    return {name: _asked(plan, name, tables[name], needed[name]) for name in names if tables[name].rows is None}


def _asked(plan: Plan, name: str, table: Table, needed: set[str]) -> Asked:
    columns = columns_of(table)
    filled = {*filled_columns(table), *(n for n in needed & columns.keys() if columns[n].empty == "error")}
    read = [n for n in columns if n in needed or n in filled or n in (table.key or ())]
    terms = [(s.term, s.years) for s in plan.steps if isinstance(s.term, TableValue) and s.term.table == name]
    texts = [n for n in read if columns[n].type == "text" and n not in (table.entity or {}).values()]
    conditions = list(_conditions(plan, name))
    values, closed = {}, set()
    for text in texts:
        sets = [_values(plan, term, text) for term, _ in terms]
        compared = [v for column, operands in conditions if column == text for v in operands]
        if named := tuple(dict.fromkeys([*(v for (found, _) in sets for v in found), *compared])):
            values[text] = named
        if named and all(whole for _, whole in sets):
            closed.add(text)
    years = (
        {y for term, own in terms for y in (own or plan.window(term.years).years)} if "year" in table.dims else set()
    )
    return Asked(
        name,
        table,
        tuple(read),
        frozenset(filled),
        tuple(sorted(years)),
        values,
        frozenset(closed),
        _cells(plan, terms),
    )


def _cells(
    plan: Plan, terms: list[tuple[TableValue, tuple[int, ...]]]
) -> tuple[tuple[Mapping[str, Texts], Years], ...]:
    """The rows that the pack names, each once, with all years for which it is asked; then put together again."""
    single: dict[tuple[tuple[str, Texts], ...], set[int]] = {}
    for term, own in terms:
        for entry in term.cells:
            for combination in product(*entry.values.values()):
                cell = tuple((d, (v,)) for d, v in zip(entry.values, combination, strict=True))
                single.setdefault(cell, set()).update(own or plan.window(term.years).years)
    rows: list[tuple[dict[str, Texts], Years]] = [(dict(cell), tuple(sorted(own))) for cell, own in single.items()]
    for dimension in dict.fromkeys(d for dims, _ in reversed(rows) for d in reversed(dims)):
        joined: dict[tuple[tuple[tuple[str, Texts], ...], Years], Texts] = {}
        for dims, years in rows:
            rest = tuple((d, () if d == dimension else texts) for d, texts in dims.items())
            joined[rest, years] = joined.get((rest, years), ()) + dims.get(dimension, ())
        rows = [({d: texts or together for d, texts in rest}, years) for (rest, years), together in joined.items()]
    return tuple(rows)


def _conditions(plan: Plan, name: str) -> Iterator[tuple[str, list[str]]]:
    """The texts with which conditions compare a column of a table as it stands."""
    for leaf in (step.term for step in plan.steps if isinstance(step.term, Leaf)):
        if isinstance(leaf.value, TableValue) and leaf.value.table == name and leaf.value.value.op == "name":
            operands = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
            texts = [str(plan.scalar(o)) for o in operands if isinstance(o, Constant | Parameter)]
            yield leaf.value.value.value, texts


def _values(plan: Plan, term: TableValue, column: str) -> tuple[tuple[str, ...], bool]:
    """The texts of a column that an indicator names, and whether it reads no row with another."""
    found, whole = dict[str, None](), False
    if term.cells:
        whole = all(column in entry.values for entry in term.cells)
        found |= {v: None for entry in term.cells for v in entry.values.get(column, ())}
    if term.where is not None:
        found |= dict.fromkeys(_named(plan, term.where, column))
        whole = whole or _bound(term.where, column)
    return (*found, *_named(plan, term.value, column)), whole


def _named(plan: Plan, expression: Expr, column: str) -> Iterable[str]:
    """The texts that a column is compared with."""
    for node in expression.walk():
        if node.op in ("=", "<>", "in") and any(arg.op == "name" and arg.value == column for arg in node.args):
            yield from (str(arg.value) for arg in node.args if arg.op == "text")
            yield from (plan.parameters[arg.value].text for arg in node.args if arg.op == "param")


def _bound(expression: Expr, column: str) -> bool:
    """Whether only rows with one of the texts named meet a condition."""
    if expression.op == "and":
        return any(_bound(arg, column) for arg in expression.args)
    if expression.op == "or":
        return all(_bound(arg, column) for arg in expression.args)
    subject, *others = expression.args or (expression,)
    if expression.op == "=" and subject.op != "name":
        subject, others = others[0], [subject]
    listed = subject.op == "name" and subject.value == column and all(o.op in ("text", "param") for o in others)
    return listed and expression.op in ("=", "in")
