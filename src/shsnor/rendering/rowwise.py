"""Steps whose value follows row by row from their parts: leaves, lists, expressions, labels, `applies_to`, decisions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from shsnor.nodes import MetIn
from shsnor.planning import Plan, Step
from shsnor.rendering.comparing import compared, compared_with_constants
from shsnor.rendering.formulas import VALUE, Sql, as_value, render, zero_divisor
from shsnor.rendering.layout import Layout, dim, in_years, roster, vacant
from shsnor.rendering.lists import either, joined, of_list
from shsnor.sql import literal, quote
from shsnor.terms import (
    BIT,
    VACANT,
    Applied,
    Calc,
    ClusterIs,
    Decided,
    FirstMatch,
    GroupStat,
    Leaf,
    Many,
    Not,
    Same,
    TableValue,
    Term,
)  # fmt: skip

#: SQL of a row: v, r and further columns by name.
Row = dict[str, str]
REASON = "USMALLINT"
#: Numerators and denominators, for the explanation only: sums of counts and points.
PART = "DECIMAL(18,3)"
COUNTS = ("num", "den", "n", "mem", "out")


def number_of(layout: Layout, step: Step) -> str:
    """A step's value as a number: met is 1, not met is 0."""
    v = layout.v(step)
    return f"CAST(CAST({v} AS INTEGER) AS {VALUE})" if step.term.kind == "verdict" else v


def row_of(layout: Layout, step: Step) -> Row:
    """The columns of a rowwise step."""
    return _ROWS[type(step.term)](layout, step)


def _unknown_of(rs: list[str]) -> str:
    """Reasons of a value that needs all of `rs` known: vacant ones win (rule 6)."""
    both = either(rs)
    if len(rs) == 1:
        return both
    return f"CASE WHEN {vacant(both)} THEN {both} & {VACANT} ELSE {both} END"


def _leaf(layout: Layout, step: Step) -> Row:
    term: Any = step.term
    assert isinstance(term, Leaf)
    value = step.part(term.value)
    x, xr = layout.v(value), layout.r(value)
    row: Row = {}
    if term.comparison == "known":
        v = f"CASE WHEN {vacant(xr)} THEN NULL ELSE ({xr} = 0) = {'TRUE' if term.operand else 'FALSE'} END"
        r = f"CASE WHEN {vacant(xr)} THEN {xr} ELSE 0 END"
    else:
        if value.term.kind not in ("text", "label"):
            x = number_of(layout, value)
        if isinstance(term.operand, Term):
            operand = step.part(term.operand)
            t = number_of(layout, operand)
            v, r = compared(term, x, t), _unknown_of([xr, layout.r(operand)])
            row["t"] = t
            row |= _members(layout, operand)
        else:
            v, r = compared_with_constants(layout.plan, term, x), xr
    if not beside(layout, step, value):
        row |= {"x": x} | _counts(layout, value)
    if term.missing != "unknown":
        unknown = f"({r}) <> 0 AND NOT {vacant(f'({r})')}"
        row["kept"] = f"CASE WHEN {unknown} THEN {r} ELSE 0 END"
        if term.missing == "leave_out":
            r = f"CASE WHEN {unknown} THEN {BIT['left_out']} ELSE {r} END"
        else:
            v = f"CASE WHEN {unknown} THEN {'TRUE' if term.missing == 'met' else 'FALSE'} ELSE {v} END"
            r = f"CASE WHEN {unknown} THEN 0 ELSE {r} END"
    return {"v": v, "r": r} | row


def counts_of(layout: Layout, step: Step) -> tuple[str, ...]:
    """Which of COUNTS a step carries: numerator, denominator, participants and members of the rows or group behind it."""
    term = step.term
    if isinstance(term, Applied):
        return counts_of(layout, step.part(term.part))
    if isinstance(term, Calc) and term.value.op == "name":
        return counts_of(layout, step.part(next(iter(term.reads.values()))))
    if isinstance(term, TableValue):
        ratio = ("num", "den") if term.value.op == "/" and term.kind != "text" else ()
        people = ("n",) if "participants" in layout.tables[term.table].columns else ()
        return (*ratio, *people, *(("mem", "out") if term.pool is not None else ()))
    return COUNTS if isinstance(term, GroupStat) else ()


def _counts(layout: Layout, value: Step, names: tuple[str, ...] = ("num", "den", "n")) -> Row:
    return {n: layout.extra(value, n) for n in counts_of(layout, value) if n in names}


def beside(layout: Layout, step: Step, value: Step) -> bool:
    """Whether what a leaf looks at stands in a wide table of the same level: then it is not copied for the explanation."""
    wide = layout.at[step].number and layout.at[value].number
    return bool(wide) and step.term.level == value.term.level


def _members(layout: Layout, operand: Step) -> Row:
    grouped = isinstance(operand.term, GroupStat) or (
        isinstance(operand.term, TableValue) and operand.term.pool is not None
    )
    return {n: layout.extra(operand, n) for n in ("mem", "out")} if grouped else {}


def _many(layout: Layout, step: Step) -> Row:
    term = step.term
    assert isinstance(term, Many)
    parts = [step.part(t) for t in term.members]
    vs, rs, vacants = ([of(p) for p in parts] for of in (layout.v, layout.r, layout.vacant))
    if term.how == "of":
        verdict, weighed, nothing = _counted(term, vs, vacants)
        empty = f"WHEN {nothing} THEN {BIT['empty_group']} " if nothing else ""
        v, r = of_list(verdict, rs, vacants, weighed, empty)
    else:
        v, r = of_list(joined(term.how, vs, vacants), rs, vacants)
    return {"v": v, "r": r}


def _counted(term: Many, vs: list[str], vacants: list[str]) -> tuple[str, list[bool], str]:
    """`of` by rule 7: between the smallest and the largest sum of the weights of those met.

    returns  SQL of the verdict, which parts weigh anything, SQL of there being nothing to take a share of (or "")
    """
    weights = term.weights or [Decimal(1)] * len(vs)
    low, high, whole = [], [], []
    for v, empty, weight in zip(vs, vacants, weights, strict=True):
        w, down, top = (format(x, "f") for x in (weight, min(weight, Decimal(0)), max(weight, Decimal(0))))
        out = f"WHEN {empty} THEN 0 " if empty != "FALSE" else ""
        low.append(f"CASE {out}WHEN {v} THEN {w} WHEN {v} IS NULL THEN {down} ELSE 0 END")
        high.append(f"CASE {out}WHEN {v} THEN {w} WHEN {v} IS NULL THEN {top} ELSE 0 END")
        whole.append(f"CASE {out}ELSE {w} END" if out else w)
    m, most, n = (f"({' + '.join(x)})" for x in (low, high, whole))
    test = met_test(term.met_in)
    nothing = f"{n} <= 0" if term.weights and _is_share_of(term.met_in) else ""
    guard = f"WHEN {nothing} THEN NULL " if nothing else ""
    verdict = f"CASE {guard}WHEN {test(m, n)} THEN TRUE WHEN NOT {test(most, n)} THEN FALSE END"
    return verdict, [w != 0 for w in weights], nothing


def _is_share_of(met_in: MetIn | str) -> bool:
    return isinstance(met_in, MetIn) and met_in.at_least is None


def met_test(met_in: MetIn | str) -> Callable[[str, str], str]:
    """SQL of `met_in` for a count of met and the count of all; parts of a whole are compared exactly (reading 11)."""
    if met_in == "every":
        return lambda m, n: f"({m} >= {n})"
    if met_in == "any":
        return lambda m, n: f"({m} >= 1)"
    assert isinstance(met_in, MetIn)
    if met_in.at_least is not None:
        return lambda m, n: f"({m} >= {met_in.at_least})"
    if met_in.share_at_least is not None:
        return lambda m, n: f"(100 * {m} >= {met_in.share_at_least} * {n})"
    return lambda m, n: f"(100 * {m} > {met_in.share_more_than} * {n})"


def has_kept(step: Step) -> bool:
    """Whether a step carries the reasons that a `missing` policy has answered: they are kept and shown (rule 8)."""
    term = step.term
    if isinstance(term, Applied | Decided | Same | Not):
        return has_kept(step.part(term.part))
    return isinstance(term, Leaf) and term.missing != "unknown"


def _kept(layout: Layout, part: Step, when: str = "") -> Row:
    if not has_kept(part):
        return {}
    kept = layout.extra(part, "kept")
    return {"kept": f"CASE WHEN {when} THEN {kept} ELSE 0 END" if when else kept}


def _same(layout: Layout, step: Step) -> Row:
    assert isinstance(step.term, Same)
    part = step.part(step.term.part)
    return {"v": layout.v(part), "r": layout.r(part)} | _kept(layout, part)


def _not(layout: Layout, step: Step) -> Row:
    assert isinstance(step.term, Not)
    part = step.part(step.term.part)
    return {"v": f"NOT {layout.v(part)}", "r": layout.r(part)} | _kept(layout, part, f"{layout.v(part)} IS NULL")


def _calc(layout: Layout, step: Step) -> Row:
    term = step.term
    assert isinstance(term, Calc)
    names: dict[str, Sql] = {}
    for name, part_term in term.reads.items():
        part = step.part(part_term)
        if part_term.kind in ("text", "label"):
            names[name] = Sql(layout.v(part), "text")
        else:
            names[name] = Sql(number_of(layout, part), "exact", 9)
    names |= parameter_sql(layout.plan, term.value.parameters)
    rs = [layout.r(step.part(t)) for t in term.reads.values()]
    v = as_value(render(term.value, names), term.digits)
    empty = f"CASE WHEN {zero_divisor(term.value, names)} THEN {BIT['too_few']} ELSE {BIT['empty_value']} END"
    unknown = f"WHEN {either(rs)} <> 0 THEN {_unknown_of(rs)} " if rs else ""
    row = {"v": v, "r": f"CASE WHEN {v} IS NOT NULL THEN 0 {unknown}ELSE {empty} END"}
    if term.value.op == "name":
        row |= _counts(layout, step.part(next(iter(term.reads.values()))), COUNTS)
    return row


def parameter_sql(plan: Plan, names: tuple[str, ...]) -> dict[str, Sql]:
    found = {}
    for name in names:
        value = plan.parameters[name]
        if value.number is None:
            found["$" + name] = Sql(literal(value.text), "text")
        else:
            text = format(value.number, "f")
            found["$" + name] = Sql(f"({text})", "exact", len(text.partition(".")[2]))
    return found


def _cluster_is(layout: Layout, step: Step) -> Row:
    assert isinstance(step.term, ClusterIs)
    part = step.part(step.term.cluster)
    return {"v": f"({layout.v(part)} IN ({', '.join(literal(x) for x in step.term.labels)}))", "r": layout.r(part)}


def _first_match(layout: Layout, step: Step) -> Row:
    """Down until a case is not "not met"; vacant ones are passed over (rule 23)."""
    term = step.term
    assert isinstance(term, FirstMatch)
    v = r = ""
    for label, case in term.cases:
        part = step.part(case)
        pv, pr = layout.v(part), layout.r(part)
        live = f"NOT {vacant(pr)}"
        v += f" WHEN {live} AND {pv} THEN {literal(label)} WHEN {live} AND {pv} IS NULL THEN NULL"
        r += f" WHEN {live} AND {pv} THEN 0 WHEN {live} AND {pv} IS NULL THEN {pr}"
    rest_v = literal(term.otherwise) if term.otherwise else "NULL"
    rest_r = 0 if term.otherwise else BIT["not_applicable"]
    return {"v": f"CASE{v} ELSE {rest_v} END" if v else rest_v, "r": f"CASE{r} ELSE {rest_r} END" if r else str(rest_r)}


def _applied(layout: Layout, step: Step) -> Row:
    term = step.term
    assert isinstance(term, Applied)
    part, applies = step.part(term.part), step.part(term.applies)
    a, ar = layout.v(applies), layout.r(applies)
    row = {
        "v": f"CASE WHEN {a} THEN {layout.v(part)} END",
        "r": f"CASE WHEN {a} THEN {layout.r(part)} WHEN {ar} = 0 THEN {BIT['not_applicable']} ELSE {ar} END",
    }
    row |= {n: f"CASE WHEN {a} THEN {sql} END" for n, sql in _counts(layout, part, COUNTS).items()}
    row |= _kept(layout, part, a)
    return row


def _decided(layout: Layout, step: Step) -> Row:
    term = step.term
    assert isinstance(term, Decided)
    part = step.part(term.part)
    decision = f"d{step.index}"
    replaced = f"{decision}.verdict" if term.kind == "label" else f"({decision}.verdict = 'met')"
    return {
        "v": f"CASE WHEN {decision}.verdict IS NOT NULL THEN {replaced} ELSE {layout.v(part)} END",
        "r": f"CASE WHEN {decision}.verdict IS NOT NULL THEN 0 ELSE {layout.r(part)} END",
        "c": f"{layout.r(part)}",
        "cv": layout.v(part),
        "role": f"{decision}.role",
        "why": f"{decision}.reason",
    } | _kept(layout, part, f"{decision}.verdict IS NULL")


_ROWS: dict[type, Callable[[Layout, Step], Row]] = {
    Leaf: _leaf, Many: _many, Not: _not, Same: _same, Calc: _calc, ClusterIs: _cluster_is, FirstMatch: _first_match, Applied: _applied,
    Decided: _decided,
}  # fmt: skip

#: Types of the further columns, so that an all-NULL one has its type.
TYPES = {
    "num": PART, "den": PART, "n": "BIGINT", "mem": "BIGINT", "out": "BIGINT", "t": VALUE, "c": REASON, "kept": REASON,
    "role": "VARCHAR", "why": "VARCHAR", "r": REASON,
}  # fmt: skip


def value_type(term: Term) -> str:
    return {"number": VALUE, "verdict": "BOOLEAN"}.get(term.kind, "VARCHAR")


def _select(layout: Layout, step: Step) -> list[str]:
    columns = layout.at[step]
    row = row_of(layout, step)
    texts = []
    for name, sql in row.items():
        kind = value_type(step.term) if name == "v" else TYPES.get(name)
        texts.append((f"CAST({sql} AS {kind})" if kind else sql) + f" AS {columns.extra(name)}")
    return texts


def decision_join(layout: Layout, step: Step) -> str:
    if not isinstance(step.term, Decided):
        return ""
    item = literal(step.term.path.split("/")[1])
    return f"LEFT JOIN (SELECT * FROM decided WHERE item = {item}) d{step.index} ON d{step.index}.e = ent.id"


def batch_sql(layout: Layout, table: str, steps: list[Step]) -> str:
    """One wide SELECT: all rowwise steps of a level and stage."""
    level = layout.viewer = steps[0].term.level
    parts = list(dict.fromkeys(p for s in steps for p in s.parts.values()))
    columns = ",\n  ".join(c for s in steps for c in _select(layout, s))
    decisions = [j for s in steps if (j := decision_join(layout, s))]
    if not decisions and not layout.plan.varying and (beside_all := layout.side_by_side(parts, level)):
        first, tables = beside_all
        return f"CREATE TABLE {quote(table)} AS SELECT {first}.e AS e, {first}.key AS key,\n  {columns}\nFROM {tables}"
    joined = "\n  ".join([layout.joins(parts, level), *decisions])
    return (
        f"CREATE TABLE {quote(table)} AS SELECT ent.id AS e, ent.key AS key,\n  {columns}\n"
        f"FROM {roster(layout.plan, level)} ent\n  {joined}\nORDER BY ent.id"
    )


def cells_sql(layout: Layout, step: Step) -> str:
    """A rowwise step with dimensions: over the cells of its parts."""
    level, dims = step.term.level, step.term.dims
    layout.viewer = level
    columns = ",\n  ".join(["d.e", *(f"d.{dim(n)}" for n in dims), *_select(layout, step)])
    return (
        f"CREATE TABLE {quote(layout.at[step].table)} AS SELECT {columns}\nFROM ({layout.cells(step)}) d\n"
        f"  JOIN {roster(layout.plan, level)} ent ON ent.id = d.e\n  {layout.joins(step.parts.values(), level, 'd')}"
        f"\nWHERE {in_years(step, 'd')}"
    )
