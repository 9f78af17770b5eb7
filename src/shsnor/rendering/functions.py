"""Steps that a plugin's function computes: its inputs as a table, its query or its Python, its result as a step's table."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from shsnor.functions import Function, FunctionCall
from shsnor.planning import Plan, Step
from shsnor.rendering.formulas import VALUE
from shsnor.rendering.layout import Layout, dim, roster
from shsnor.rendering.python import DETAILS, TITLES, PythonStep, empty_table
from shsnor.rendering.rowwise import REASON
from shsnor.resolving.internal import internal_items, internal_terms
from shsnor.sql import literal, quote
from shsnor.terms import BIT, FunctionTerm, PeersTerm, Term

#: Numbers of a function are kept to 6 places (architecture, numbers).
_ROUNDED = f"CAST(round({{}}, 6) AS {VALUE})"


def function_statements(layout: Layout, step: Step) -> Iterator[tuple[str, str | PythonStep]]:
    """(name, statement) that make the tables of a function's step: inputs, result, details, titles of labels."""
    term = step.term
    assert isinstance(term, FunctionTerm)
    function, inputs = layout.plan.functions[term.function], f"inputs{step.index}"
    columns = {name: f"x{i}" for i, name in enumerate(term.reads)}
    yield inputs, _inputs_sql(layout, step, inputs, columns)
    labels = {name: layout.plan.resolved.items[name].label for name in term.reads}
    result = layout.at[step].table
    settings = layout.plan.settings(term)
    call = FunctionCall(quote(inputs), columns, settings, quote(result), labels)
    given = function.query(call) if function.query is not None else None
    if given is None:
        yield f"given{step.index}", PythonStep(function, step.index, inputs, columns, settings, labels)
        yield result, _result_sql(layout, step, function, f"SELECT * FROM given{step.index}")
        return
    yield result, _result_sql(layout, step, function, given)
    details, making = f"details{step.index}", empty_table(f"details{step.index}", DETAILS)
    if function.details is not None:
        making = f"CREATE TABLE {details} AS SELECT {', '.join(DETAILS)} FROM ({function.details(call)})"
    yield details, making
    yield f"titles{step.index}", empty_table(f"titles{step.index}", TITLES)


def _inputs_sql(layout: Layout, step: Step, name: str, columns: dict[str, str]) -> str:
    term = step.term
    assert isinstance(term, FunctionTerm)
    picked = []
    for item, read in term.reads.items():
        v = layout.v(step.part(read))
        if read.kind == "verdict":
            v = f"CAST({v} AS INTEGER)"
        picked.append(f"CAST({v} AS {'VARCHAR' if read.kind in ('text', 'label') else 'DOUBLE'}) AS {columns[item]}")
    conditions: dict[str, Term | None] = {"for_": None, "meeting": None}
    if isinstance(term, PeersTerm):
        conditions = {"for_": term.for_, "meeting": term.meeting}
    for column, condition in conditions.items():
        picked.append(f"{layout.v(step.part(condition)) if condition is not None else 'TRUE'} AS {column}")
    return (
        f"CREATE TABLE {quote(name)} AS SELECT ent.id AS e, {', '.join(picked)} FROM {roster(layout.plan, term.level)} ent "
        f"{layout.joins(step.parts.values(), term.level)} ORDER BY ent.id"
    )


def _result_sql(layout: Layout, step: Step, function: Function, given: str) -> str:
    table = quote(layout.at[step].table)
    if function.shape == "partner":
        return (
            f"CREATE TABLE {table} AS SELECT CAST(e AS INTEGER) AS e, CAST(peer AS INTEGER) AS peer, "
            f"CAST(rank AS BIGINT) AS rank, {_ROUNDED.format('distance')} AS distance FROM ({given}) ORDER BY 1, 3, 2"
        )
    value = _ROUNDED.format("g.value") if function.shape == "table" else "CAST(g.label AS VARCHAR)"
    return (
        f"CREATE TABLE {table} AS SELECT ent.id AS e, {value} AS v, "
        f"CAST(CASE WHEN {value} IS NULL THEN {BIT['declined']} ELSE 0 END AS {REASON}) AS r "
        f"FROM {roster(layout.plan, step.term.level)} ent LEFT JOIN ({given}) g ON g.e = ent.id ORDER BY ent.id"
    )


def title_sql(step: Step, label: str) -> str | None:
    """The SQL of the title of a label that a function gave, the label where it gave none; None for other clusters."""
    while not isinstance(step.term, FunctionTerm):
        below = [p for p in step.parts.values() if p.term.kind == "label"]
        if not below:
            return None
        step = below[0]
    return f"coalesce((SELECT t.title FROM titles{step.index} t WHERE t.label = {label}), {label})"


def libraries(plan: Plan) -> dict[str, str]:
    """Versions of the libraries that the functions of a plan import, by module."""
    used = ((plan.functions[s.term.function], s.term) for s in plan.steps if isinstance(s.term, FunctionTerm))
    modules = {m.partition(".")[0] for function, term in used for m in function.requires(plan.settings(term))}
    return {name: str(getattr(import_module(name), "__version__", "")) for name in sorted(modules)}


def function_details(plan: Plan) -> Iterator[str]:
    """Queries of the outcome's `function_details`; those of internal items stand in `internal_marks`."""
    internal = internal_terms(plan.resolved, plan.functions)
    for step in _function_steps(plan):
        if step.term not in internal:
            yield _details_sql(plan, step, "peer_key, name, subject, value, text")


def internal_marks(plan: Plan, layout: Layout) -> Iterator[str]:
    """Queries of the outcome's `internal_marks`: the values of internal items, then what their functions say of them."""
    from shsnor.rendering.outcome import dimensions, reason_text

    for name in sorted(internal_items(plan.resolved, plan.functions) & set(plan.reported)):
        step = plan.reported[name]
        at, term = layout.at[step].of("p"), step.term
        value, text = f"CAST({at.v} AS {VALUE})", "''"
        if term.kind == "verdict":
            value = f"CAST(CAST({at.v} AS INTEGER) AS {VALUE})"
            text = f"CASE WHEN {at.v} THEN 'met' WHEN NOT {at.v} THEN 'not_met' ELSE '' END"
        elif term.kind == "text":
            value, text = "NULL", f"coalesce({at.v}, '')"
        level = plan.resolved.levels[term.level]
        cell = dimensions(term, "p")
        yield (
            f"SELECT {literal(level)}, ent.key, {literal(name)}, {cell}, '', '', {value}, {text}, {reason_text(at.r)} "
            f"FROM {quote(at.table)} p JOIN {roster(plan, term.level)} ent ON ent.id = p.e "
            f"ORDER BY {', '.join(['ent.id', *(f'p.{dim(d)}' for d in term.dims)])}"
        )
    internal = internal_terms(plan.resolved, plan.functions)
    for step in _function_steps(plan):
        if step.term in internal:
            yield _details_sql(plan, step, "'{}', name, subject, value, text, ''")


def _function_steps(plan: Plan) -> Iterator[Step]:
    yield from (step for step in plan.steps if isinstance(step.term, FunctionTerm))


def _details_sql(plan: Plan, step: Step, columns: str) -> str:
    """Rows in an order of their own: of all entities first, then entity by entity."""
    level, item = plan.resolved.levels[step.term.level], step.term.path.split("/")[1]
    entities = roster(plan, step.term.level)
    return (
        f"SELECT {literal(level)}, key, {literal(item)}, {columns} FROM (SELECT d.e, d.peer, coalesce(ent.key, '') AS key, "
        f"coalesce(other.key, '') AS peer_key, d.name, coalesce(d.subject, '') AS subject, "
        f"{_ROUNDED.format('d.value')} AS value, coalesce(d.text, '') AS text FROM details{step.index} d "
        f"LEFT JOIN {entities} ent ON ent.id = d.e LEFT JOIN {entities} other ON other.id = d.peer) "
        f"ORDER BY e NULLS FIRST, peer NULLS FIRST, name, subject"
    )
