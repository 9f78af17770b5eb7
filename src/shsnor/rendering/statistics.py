"""Steps that put many values into one: quantifiers and `combine` over dimensions, statistics among entities."""

from __future__ import annotations

from decimal import Decimal

from shsnor.planning import Step
from shsnor.rendering.formulas import VALUE, deviation
from shsnor.rendering.layout import Layout, dim, in_years, roster, up, vacant
from shsnor.rendering.rowwise import PART, REASON, met_test, number_of
from shsnor.sql import quote
from shsnor.terms import BIT, VACANT, Fold, GroupOf, GroupStat, Quantifier, Term


def statistic(word: str, border: Decimal | None, v: str, *, verdict: bool, year: str = "NULL") -> str:
    """SQL of a statistic of the known values `v` of a group of rows: exact, or out of a sorted list (rule 19).

    verdict   the values are 1 (met) and 0: `count` counts those met, else those known
    year      SQL of the year, for change and slope
    """
    k = f"count({v})"
    ordered = f"list_sort(list({v}) FILTER (WHERE {v} IS NOT NULL))"
    if word in ("mean",):
        return _divided(f"sum({v})", k)
    if word in ("sum", "min", "max"):
        return f"CAST({word}({v}) AS {VALUE})"
    if word == "count":
        return f"CAST(sum({v}) AS {VALUE})" if verdict else f"CAST({k} AS {VALUE})"
    if word == "share":
        return _divided(f"100 * sum({v})", k)
    if word == "median":
        return f"CAST(({ordered}[({k} + 1) // 2] + {ordered}[{k} // 2 + 1]) / 2.0 AS {VALUE})"
    if word == "stdev":
        return f"CAST({deviation(f'list_transform({ordered}, lambda x: CAST(x AS DOUBLE))')} AS {VALUE})"
    if word in ("lowest", "highest"):
        assert border is not None
        scale = 10 ** max(0, -int(border.as_tuple().exponent))
        place = f"greatest(1, ({k} * {int(border * scale)} + {100 * scale - 1}) // {100 * scale})"
        return f"{ordered}[{place if word == 'lowest' else f'{k} + 1 - {place}'}]"
    if word == "change":
        return f"arg_max({v}, {year}) - arg_min({v}, {year})"
    assert word == "slope"
    x = f"CASE WHEN {v} IS NOT NULL THEN {year} - 2000 END"
    top = f"({k} * sum(({x}) * {v}) - sum({x}) * sum({v}))"
    return _divided(top, f"({k} * sum(({x}) * ({x})) - sum({x}) * sum({x}))")


def _divided(top: str, bottom: str) -> str:
    return f"CAST(CAST({top} AS DOUBLE) / nullif(CAST({bottom} AS DOUBLE), 0) AS {VALUE})"


def void_reason(layout: Layout, part: Term, step: Step) -> tuple[str, list[Step]]:
    """SQL of the reason of an entity without any cell (reading 3), and the steps it reads."""
    applies = [s for t in part.void_applies() if (s := _find(step, t)) is not None]
    tests = "".join(
        f"WHEN {layout.r(s)} = 0 AND NOT {layout.v(s)} THEN {BIT['not_applicable']} WHEN {layout.r(s)} <> 0 THEN {layout.r(s)} "
        for s in applies
    )
    return (f"CASE {tests}ELSE {BIT['no_row']} END" if tests else str(BIT["no_row"])), applies


def _find(step: Step, term: Term) -> Step | None:
    """The step of a term somewhere below `step`."""
    for part_term, part in step.parts.items():
        if part_term is term:
            return part
        if (found := _find(part, term)) is not None:
            return found
    return None


def _window_rows(layout: Layout, step: Step) -> str:
    """The cells of the part that the window lets in; of `last_held: n` the last n held years, cell by cell."""
    term = step.term
    assert isinstance(term, Fold | Quantifier)
    part = step.part(term.part)
    columns = layout.at[part].of("")
    table = quote(columns.table)
    if "year" not in term.over:
        return table
    window = layout.plan.window(term.years)
    inside = f"{dim('year')} IN ({', '.join(map(str, window.years)) or 'NULL'})"
    if window.last_held is None:
        return f"(SELECT * FROM {table} WHERE {inside})"
    others = ", ".join(["e", *(dim(d) for d in part.term.dims if d != "year")])
    rank = f"row_number() OVER (PARTITION BY {others} ORDER BY {columns.r} = {BIT['not_held']}, {dim('year')} DESC)"
    return f"(SELECT * FROM {table} WHERE {inside} QUALIFY {rank} <= {window.last_held})"


def _folded(layout: Layout, step: Step, aggregates: str, columns: str) -> str:
    """CREATE TABLE of a step that takes dimensions away: every entity, or every remaining cell."""
    term = step.term
    assert isinstance(term, Fold | Quantifier)
    keys = ", ".join(["e", *(dim(d) for d in term.dims)])
    void, applies = void_reason(layout, term.part, step)
    grouped = (
        f"SELECT {keys}, {aggregates} FROM {_window_rows(layout, step)} p WHERE {in_years(step, 'p')} GROUP BY {keys}"
    )
    columns = columns.replace("{void}", void)
    if term.dims:
        source = f"({grouped}) g JOIN {roster(layout.plan, term.level)} ent ON ent.id = g.e"
        first = ", ".join(["g.e", *(f"g.{dim(d)}" for d in term.dims)])
    else:
        source = f"{roster(layout.plan, term.level)} ent LEFT JOIN ({grouped}) g ON g.e = ent.id"
        first = "ent.id AS e"
    order = "" if term.dims else "\nORDER BY ent.id"
    table = quote(layout.at[step].table)
    return f"CREATE TABLE {table} AS SELECT {first},\n  {columns}\nFROM {source}\n  {layout.joins(applies, term.level)}{order}"


def quantifier_sql(layout: Layout, step: Step) -> str:
    """Two counts, met and unknown, decide (rule 7)."""
    term = step.term
    assert isinstance(term, Quantifier)
    at = layout.at[step.part(term.part)].of("")
    v, r = at.v, at.r
    live = f"NOT {vacant(r)}"
    aggregates = (
        f"count(CASE WHEN {live} AND {v} THEN 1 END) AS m, count(CASE WHEN {live} AND {v} IS NULL THEN 1 END) AS u, "
        f"count(CASE WHEN {live} THEN 1 END) AS n, bit_or(CASE WHEN {live} THEN {r} ELSE 0::{REASON} END) AS ru, "
        f"bit_or({r} & {VACANT}::{REASON}) AS rv"
    )
    test = met_test(term.met_in)
    verdict = f"CASE WHEN g.n = 0 OR g.n IS NULL THEN NULL WHEN {test('g.m', 'g.n')} THEN TRUE WHEN NOT {test('(g.m + g.u)', 'g.n')} THEN FALSE END"
    columns = (
        f"{verdict} AS v,\n  CAST(CASE WHEN g.n IS NULL THEN {{void}} WHEN g.n = 0 THEN g.rv WHEN {verdict} IS NOT NULL THEN 0 "
        f"ELSE g.ru END AS {REASON}) AS r,\n  CAST(g.m AS {VALUE}) AS x, CAST(g.m AS {PART}) AS num, CAST(g.n AS {PART}) AS den"
    )
    return _folded(layout, step, aggregates, columns)


def fold_sql(layout: Layout, step: Step) -> str:
    """`combine`: all cells that are not vacant must be known (rule 13)."""
    term = step.term
    assert isinstance(term, Fold)
    part = step.part(term.part)
    at = layout.at[part].of("p")
    verdict = part.term.kind == "verdict"
    v = f"CAST(CAST({at.v} AS INTEGER) AS {VALUE})" if verdict else at.v
    live = f"NOT {vacant(at.r)}"
    value = statistic(term.combine, term.border, v, verdict=verdict, year=dim("year"))
    aggregates = (
        f"count({v}) AS k, count(CASE WHEN {live} THEN 1 END) AS n, "
        f"CAST(bit_or(CASE WHEN {live} THEN {at.r} ELSE 0::{REASON} END) AS INTEGER) AS ru, "
        f"bit_or({at.r} & {VACANT}::{REASON}) AS rv, {value} AS value"
    )
    need = f"least({term.at_least_known}, g.n)" if term.at_least_known else "g.n"
    pairs = f"WHEN g.k < 2 THEN {BIT['too_few']} " if term.combine in ("change", "slope") else ""
    first = f"CASE WHEN g.ru = 0 THEN {BIT['no_row']} ELSE g.ru & (-g.ru) END"
    reason = (
        f"CASE WHEN g.n IS NULL THEN {{void}} WHEN g.n = 0 THEN g.rv WHEN g.k < {need} THEN {first} "
        f"{pairs}WHEN g.value IS NULL THEN {BIT['too_few']} ELSE 0 END"
    )
    rounded = f"round(g.value, {term.digits})" if term.digits is not None else "g.value"
    known = f"g.k >= {need} AND g.n > 0" + (" AND g.k >= 2" if pairs else "")
    columns = f"CAST(CASE WHEN {known} THEN {rounded} END AS {VALUE}) AS v,\n  CAST({reason} AS {REASON}) AS r"
    return _folded(layout, step, aggregates, columns)


def group_keys(layout: Layout, group: GroupOf, step: Step, level: int, alias: str) -> tuple[list[str], list[Step], str]:
    """SQL of what entities of a group have in common, the steps it reads, and the test that all of it is known."""
    keys = [up(layout.plan, alias, level, group.within)]
    steps = [step.part(t) for t in group.same]
    keys += [layout.v(s) for s in steps]
    return keys, steps, " AND ".join(f"{k} IS NOT NULL" for k in keys)


def members_sql(layout: Layout, step: Step, group: GroupOf, level: int) -> str:
    """A query of (g, e, ok): for each entity (or each entity of the group's level) the members of its group.

    ok   whether the member meets `meeting`; a condition with dimensions is left to the caller, cell by cell
    """
    plan = layout.plan
    keys, reads, known = group_keys(layout, group, step, level, "ent")
    meeting = step.part(group.meeting) if group.meeting is not None and not group.meeting.dims else None
    ok = f"coalesce({layout.v(meeting)}, FALSE)" if meeting else "TRUE"
    met = [meeting] if meeting else []
    if group.of_level:
        joins = layout.joins(met, level)
        return f"SELECT {keys[0]} AS g, ent.id AS e, {ok} AS ok FROM {roster(plan, level)} ent {joins} WHERE {known}"
    named = ", ".join(f"{k} AS k{i}" for i, k in enumerate(keys))
    mine = f"SELECT ent.id AS g, {named} FROM {roster(plan, level)} ent {layout.joins(reads, level)} WHERE {known}"
    theirs = f"SELECT ent.id AS e, {ok} AS ok, {named} FROM {roster(plan, level)} ent {layout.joins([*reads, *met], level)} WHERE {known}"
    using = ", ".join(f"k{i}" for i in range(len(keys)))
    query = f"SELECT g, e, ok FROM ({mine}) a JOIN ({theirs}) b USING ({using})"
    if group.without_self:
        query += " WHERE g <> e"
    if group.peers is not None:
        peers = quote(layout.at[step.part(group.peers)].table)
        query = f"SELECT q.g, q.e, q.ok FROM ({query}) q JOIN {peers} pr ON pr.e = q.g AND pr.peer = q.e"
    return query


def placed_sql(layout: Layout, step: Step, group: GroupOf, level: int) -> str:
    """A query of the entities (e) that have a group at all: all that it goes by is known of them."""
    _, reads, known = group_keys(layout, group, step, level, "ent")
    return f"SELECT ent.id AS e FROM {roster(layout.plan, level)} ent {layout.joins(reads, level)} WHERE {known}"


def _meets(layout: Layout, step: Step, group: GroupOf, level: int) -> tuple[str, str]:
    """Joins and the test that a member's cell counts: its own `meeting`, cell by cell where it has dimensions."""
    meeting = group.meeting
    if meeting is None or not meeting.dims:
        return "", "m.ok"
    met = step.part(meeting)
    join = f" LEFT JOIN {roster(layout.plan, level)} ent ON ent.id = m.e {layout.join(met, level, 'p')}"
    return join, f"coalesce({layout.v(met)}, FALSE)"


def group_stat_sql(layout: Layout, step: Step) -> str:
    term = step.term
    assert isinstance(term, GroupStat)
    part = step.part(term.part)
    level = part.term.level
    at = layout.at[part].of("p")
    dims = [dim(d) for d in term.dims]
    verdict = part.term.kind == "verdict"
    v = f"CAST(CAST({at.v} AS INTEGER) AS {VALUE})" if verdict else at.v
    join, ok = _meets(layout, step, term.group, level)
    v = f"CASE WHEN {ok} THEN {v} END"
    members = members_sql(layout, step, term.group, level)
    keys = ", ".join(["m.g", *(f"p.{d}" for d in dims)])
    if term.combine == "rank":
        return _rank_sql(layout, step, v, members, join, ok)
    value = statistic(term.combine, term.border, v, verdict=verdict)
    top = f"sum({v})" if verdict else "NULL"
    counted = f"count(CASE WHEN {ok} THEN 1 END)"
    aggregates = f"count({v}) AS mem, {counted} - count({v}) AS out, {value} AS value, CAST({top} AS {PART}) AS met"
    grouped = (
        f"SELECT {keys}, {aggregates} FROM ({members}) m JOIN {quote(at.table)} p ON p.e = m.e{join} "
        f"WHERE {in_years(step, 'p')} GROUP BY {keys}"
    )
    value = f"round(s.value, {term.digits})" if term.digits is not None else "s.value"
    enough = f"coalesce(s.mem, 0) >= {term.at_least_known}"
    columns = (
        f"CAST(CASE WHEN {enough} THEN {value} END AS {VALUE}) AS v,\n"
        f"  CAST(CASE WHEN {enough} AND s.value IS NOT NULL THEN 0 ELSE {BIT['empty_group']} END AS {REASON}) AS r,\n"
        f"  s.met AS num, CAST(CASE WHEN s.met IS NOT NULL THEN s.mem END AS {PART}) AS den, CAST(NULL AS BIGINT) AS n,\n"
        f"  CAST(coalesce(s.mem, 0) AS BIGINT) AS mem, CAST(coalesce(s.out, 0) AS BIGINT) AS out"
    )
    table = quote(layout.at[step].table)
    if dims:
        first = ", ".join(["s.g AS e", *(f"s.{d}" for d in dims)])
        return f"CREATE TABLE {table} AS SELECT {first},\n  {columns}\nFROM ({grouped}) s"
    return (
        f"CREATE TABLE {table} AS SELECT ent.id AS e,\n  {columns}\nFROM {roster(layout.plan, term.level)} ent\n"
        f"  LEFT JOIN ({grouped}) s ON s.g = ent.id\nORDER BY ent.id"
    )


def _rank_sql(layout: Layout, step: Step, v: str, members: str, join: str, ok: str) -> str:
    """1 = best; ties share the better place (rule 17): one more than the members that are better.

    An entity has the cells that any member of its group has; its own value must be known there.
    """
    term = step.term
    assert isinstance(term, GroupStat)
    part = step.part(term.part)
    at = layout.at[part]
    dims = [dim(d) for d in term.dims]
    own = number_of(layout, part).replace(quote(layout.alias(part)), "o")
    better = ">" if term.better == "higher" else "<"
    level = part.term.level
    # the group of a level is known by the level's entity, that of an entity by itself
    key = up(layout.plan, "me", level, term.group.within) if term.group.of_level else "me.id"
    keys = ", ".join(["me.id", *(f"p.{d}" for d in dims)])
    on = "".join(f" AND o.{d} = p.{d}" for d in dims)
    kind = "JOIN" if dims else "LEFT JOIN"
    grouped = (
        f"SELECT me.id AS e{''.join(f', p.{d}' for d in dims)}, coalesce(any_value({at.of('o').r}), {BIT['no_row']}) AS own, "
        f"count(CASE WHEN {v} {better} {own} THEN 1 END) + 1 AS place, count({v}) AS mem, "
        f"count(CASE WHEN {ok} THEN 1 END) - count({v}) AS out\n"
        f"FROM {roster(layout.plan, level)} me {kind} ({members}) m ON m.g = {key} {kind} {quote(at.table)} p ON p.e = m.e\n"
        f"LEFT JOIN {quote(at.table)} o ON o.e = me.id{on}{join}\nWHERE {in_years(step, 'p')} GROUP BY {keys}"
    )
    enough = f"s.mem >= {term.at_least_known}"
    columns = (
        f"CAST(CASE WHEN s.own = 0 AND {enough} THEN s.place END AS {VALUE}) AS v,\n"
        f"  CAST(CASE WHEN s.own <> 0 THEN s.own WHEN {enough} THEN 0 ELSE {BIT['empty_group']} END AS {REASON}) AS r,\n"
        f"  CAST(NULL AS {PART}) AS num, CAST(NULL AS {PART}) AS den, CAST(NULL AS BIGINT) AS n,\n"
        f"  CAST(s.mem AS BIGINT) AS mem, CAST(s.out AS BIGINT) AS out"
    )
    first = ", ".join(["s.e", *(f"s.{d}" for d in dims)])
    return (
        f"CREATE TABLE {quote(layout.at[step].table)} AS SELECT {first},\n  {columns}\nFROM ({grouped}) s\nORDER BY ALL"
    )
