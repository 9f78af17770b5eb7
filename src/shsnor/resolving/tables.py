"""Indicators over the rows of a table, and those pooled over entities."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shsnor.errors import nearest
from shsnor.expressions import Expr, Kind
from shsnor.nodes import Group, InlineIndicator
from shsnor.pack import Table
from shsnor.resolving.scope import Scope
from shsnor.terms import Applied, Cells, Choice, GroupOf, Many, Scalar, TableValue, Term

_KINDS: dict[str, Kind] = {"text": "text", "date": "date", "yes_no": "yes_no"}


def resolve_table_value(scope: Scope, indicator: InlineIndicator, path: str) -> TableValue:
    assert indicator.from_ is not None
    table = scope.tables.get(indicator.from_)
    if table is None:
        raise scope.fail(
            "SH309", f"{path}/from", name=indicator.from_, nearest=nearest(indicator.from_, scope.tables),
            known=", ".join(scope.tables),
        )  # fmt: skip
    if indicator.value is None:
        raise scope.fail("SH202", path, key="value")
    kinds: dict[str, Kind] = {n: _KINDS.get(c.type, "number") for n, c in table.columns.items()}
    value = scope.expression(indicator.value, f"{path}/value")
    _known_columns(scope, value, indicator.from_, table, f"{path}/value")
    for name in value.parameters:
        scope.parameter(name, f"{path}/value")
        kinds["$" + name] = "number" if scope.is_number_parameter(name) else "text"
    kind = scope.kind(value, kinds, f"{path}/value")
    where = _where(scope, indicator, table, kinds, path)
    by = tuple(indicator.by or ())
    for i, dim in enumerate(by):
        if dim not in table.dims:
            raise scope.fail("SH307", f"{path}/by/{i}", column=dim, table=indicator.from_, dims=", ".join(table.dims))
    cells = _cells(scope, indicator, table, path)
    if indicator.years is not None and "year" not in table.dims:
        raise scope.fail("SH313", f"{path}/years")
    table_level = level_of_table(scope, table, path)
    level, pool = table_level, None
    if indicator.level is not None:
        level = scope.level_of(indicator.level, f"{path}/level")
        if level < table_level:
            raise scope.fail("SH308", f"{path}/level", here=indicator.level, least=scope.levels[table_level])
        if level > table_level:
            pool = GroupOf(spec=Group.model_construct(within=indicator.level), within=level)
    listed = {d for c in cells for d in c.values}
    term = TableValue(
        path=path, table=indicator.from_, value=value, where=where, by=by, cells=cells, years=indicator.years,
        minimum=_minimum(scope, indicator, table, kinds, path), at_least_known=indicator.at_least_known,
        digits=indicator.round_, table_level=table_level, pool=pool, level=level, dims=tuple(sorted(by)),
        open=frozenset(by) - {"year"} - listed, kind="text" if kind in ("text", "date") else "number", unit=indicator.unit,
    )  # fmt: skip
    _one_row(scope, term, table, path)
    return term


def level_of_table(scope: Scope, table: Table, path: str) -> int:
    """The level of a table's rows; a table without `entity` belongs to the top level."""
    if not table.entity:
        return scope.top
    return min(scope.level_of(name, f"{path}/from") for name in table.entity)


def _known_columns(scope: Scope, expr: Expr, name: str, table: Table, path: str) -> None:
    for column in expr.names:
        if column not in table.columns:
            raise scope.fail("SH310", path, name=column, table=name, nearest=nearest(column, table.columns))


def _where(scope: Scope, indicator: InlineIndicator, table: Table, kinds: dict[str, Kind], path: str) -> Expr | None:
    if indicator.where is None:
        return None
    where = scope.expression(indicator.where, f"{path}/where")
    if where.aggregates:
        raise scope.fail(
            "SH322", f"{path}/where", what=where.aggregates[0].op, text=indicator.where, reason="",
            offset=where.aggregates[0].offset + 1,
        )  # fmt: skip
    _known_columns(scope, where, str(indicator.from_), table, f"{path}/where")
    for name in where.names:
        if name not in table.dims:
            dims = ", ".join(table.dims)
            raise scope.fail("SH307", f"{path}/where", column=name, table=indicator.from_, dims=dims)
    for name in where.parameters:
        scope.parameter(name, f"{path}/where")
        kinds["$" + name] = "number" if scope.is_number_parameter(name) else "text"
    if scope.kind(where, kinds, f"{path}/where") != "yes_no":
        raise scope.fail("SH324", f"{path}/where", what="where", reason="yes_no")
    return where


def _cells(scope: Scope, indicator: InlineIndicator, table: Table, path: str) -> list[Cells]:
    found: list[Cells] = []
    for i, entry in enumerate(indicator.cells or ()):
        at = f"{path}/cells/{i}"
        for dim in entry.dims:
            if dim not in table.dims or dim == "year":
                dims = ", ".join(d for d in table.dims if d != "year")
                raise scope.fail("SH307", f"{at}/{dim}", column=dim, table=indicator.from_, dims=dims)
        if set(entry.dims) != set((indicator.cells or [entry])[0].dims):
            raise scope.fail(
                "SH203", at, got=", ".join(entry.dims), expected=", ".join((indicator.cells or [entry])[0].dims)
            )
        for other in found:
            if all(set(entry.dims[d]) & set(other.values.get(d, ())) for d in entry.dims):
                twice = ", ".join(f"{d}: {sorted(set(entry.dims[d]) & set(other.values[d]))[0]}" for d in entry.dims)
                raise scope.fail("SH326", at, cell=twice)
        applies = None
        if entry.applies_to is not None:
            assert scope.resolve_node is not None
            applies, _ = scope.resolve_node(scope, entry.applies_to, f"{at}/applies_to", "")
            scope.no_dimensions(applies, f"{at}/applies_to")
            least = level_of_table(scope, table, path)
            if applies.level < least:
                here = scope.levels[applies.level]
                raise scope.fail("SH308", f"{at}/applies_to", here=here, least=scope.levels[least])
        found.append(Cells(entry=entry, values=entry.dims, applies=applies))
    return found


def _minimum(
    scope: Scope, indicator: InlineIndicator, table: Table, kinds: dict[str, Kind], path: str
) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for column, text in (indicator.minimum or {}).items():
        at = f"{path}/minimum/{column}"
        if column not in table.columns:
            raise scope.fail("SH310", at, name=column, table=indicator.from_, nearest=nearest(column, table.columns))
        if kinds[column] != "number":
            raise scope.fail("SH324", at, what=column, reason=kinds[column])
        scalar = scope.scalar(text, at)
        if scalar is None:
            raise scope.fail("SH203", at, got=text, expected="number, $parameter")
        found[column] = scalar
    return found


def fixed_by(where: Expr | None) -> dict[str, list[str]]:
    """The values that the conjuncts `dim = 'x'` and `dim in (…)` of `where` leave to a dimension."""
    if where is None:
        return {}
    if where.op == "and":
        found: dict[str, list[str]] = {}
        for arg in where.args:
            for dim, values in fixed_by(arg).items():
                found[dim] = [v for v in found[dim] if v in values] if dim in found else values
        return found
    if where.op in ("=", "in") and where.args[0].op == "name":
        rest = where.args[1:]
        if all(a.op in ("text", "number") for a in rest):
            return {where.args[0].value: [_plain(a.value) for a in rest]}
    if where.op == "=" and where.args[1].op == "name" and where.args[0].op in ("text", "number"):
        return {where.args[1].value: [_plain(where.args[0].value)]}
    return {}


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _one_row(scope: Scope, term: TableValue, table: Table, path: str) -> None:
    """A plain column needs one row a value (1.4)."""
    inside = {id(e) for a in term.value.aggregates for e in a.walk()}
    plain = [e.value for e in term.value.walk() if e.op == "name" and id(e) not in inside]
    if not plain:
        return
    fixed = set(term.by) | {d for d, v in fixed_by(term.where).items() if len(v) == 1}
    if len(term.cells) == 1:
        fixed |= {d for d, v in term.cells[0].values.items() if len(v) == 1}
    if term.pool is None:
        fixed |= set((table.entity or {}).values())
    years = term.years
    one_year = (
        years is None or years.last == 1 or years.last_held == 1 or (years.from_ == years.to and years.to is not None)
    )
    if one_year:
        fixed.add("year")
    left = [k for k in table.key or ["?"] if k not in fixed]
    if left:
        raise scope.fail("SH305", f"{path}/value", columns=", ".join(plain), key=", ".join(left))


def both(one: Term | None, two: Term) -> Term:
    """Two `applies_to` of which both must let an entity through."""
    if one is None:
        return two
    level = min(one.level, two.level)
    return Many(path=two.path, how="all", members=[one, two], kind="verdict", level=level)


def pooled_of(
    scope: Scope, part: Term, group: GroupOf, at_least_known: int | None, digits: int | None, path: str
) -> Term:
    """The formula of a table indicator over all rows of the members together (rule 16)."""
    if isinstance(part, Choice):
        options = {n: pooled_of(scope, t, group, at_least_known, digits, path) for n, t in part.options.items()}
        first = next(iter(options.values()))
        return Choice(
            path=path, parameter=part.parameter, options=options, level=first.level, dims=first.dims, open=part.open,
            own=False, kind=first.kind, unit=part.unit,
        )  # fmt: skip
    applies = None
    inner = part
    while isinstance(inner, Applied):
        applies, inner = both(applies, inner.applies), inner.part
    if not isinstance(inner, TableValue) or inner.pool is not None:
        raise scope.fail("SH319", f"{path}/value", name=part.item)
    if any(e.op == "name" for e in inner.value.walk()) and not inner.value.aggregates:
        raise scope.fail("SH319", f"{path}/value", name=part.item)
    return replace(
        inner, path=path, item=None, digits=digits, pool=group, member_applies=applies, own=False,
        level=group.within if group.of_level else inner.level, at_least_members=at_least_known or 1, grouped=True,
    )  # fmt: skip
