"""Indicators, clusters and peers: from the keys of an item to its term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from shsnor.errors import nearest
from shsnor.expressions import Expr, Kind
from shsnor.functions import Function
from shsnor.nodes import Border, Group, InlineIndicator, Node
from shsnor.pack import Cluster, Indicator, Peers, as_number
from shsnor.resolving.scope import Scope, combined
from shsnor.resolving.settings import check_settings
from shsnor.resolving.tables import both, pooled_of, resolve_table_value
from shsnor.terms import (
    Applied,
    Calc,
    Choice,
    Decided,
    FirstMatch,
    Fold,
    FunctionTerm,
    GroupOf,
    GroupStat,
    PeersTerm,
    TableValue,
    Term,
)  # fmt: skip

#: These statistics keep the unit of what they are taken of (rule 20).
KEEP_UNIT = frozenset({"mean", "median", "min", "max", "lowest", "highest", "pooled"})
OVER_YEAR = frozenset({"change", "slope"})
OVER_ONLY = OVER_YEAR
AMONG_ONLY = frozenset({"pooled", "rank"})


def resolve_cluster_or_indicator(scope: Scope, name: str, path: str) -> Term:
    item = scope.result.items[name]
    if isinstance(item, Cluster):
        return _resolve_cluster(scope, item, path)
    assert isinstance(item, Indicator)
    return resolve_inline(scope, item, path)


def resolve_inline(scope: Scope, indicator: InlineIndicator | str, path: str, default_value: str | None = None) -> Term:
    """The term of an id or of the keys of an indicator; `default_value` is the leaf's indicator (1.3)."""
    if isinstance(indicator, str):
        return scope.term(indicator, path, sections=("indicators", "criteria", "flags"))
    scope.known_unit(indicator.unit, f"{path}/unit")
    if indicator.from_ is not None:
        term: Term = resolve_table_value(scope, indicator, path)
    elif indicator.function is not None:
        term = _resolve_function(scope, indicator, path)
    elif indicator.choose is not None:
        term = _resolve_choice(scope, indicator, path)
    else:
        text = indicator.value or default_value
        if text is None:
            raise scope.fail("SH202", path, key="value")
        term = _resolve_calc(scope, text, indicator, path)
        if indicator.over is not None:
            term = _resolve_fold(scope, term, indicator, path)
        elif indicator.among is not None:
            term = _resolve_group_stat(scope, term, indicator, path)
    if indicator.applies_to is not None:
        term = apply_to(scope, term, indicator.applies_to, f"{path}/applies_to")
    if isinstance(indicator, Indicator) or indicator.unit:
        derived = isinstance(term, Calc) or term.kind == "text"
        if not derived:
            scope.same_unit(term.unit, indicator.unit, f"{path}/unit")
        term.unit = indicator.unit
    return term


def apply_to(scope: Scope, term: Term, node: str | Node, path: str) -> Applied:
    """The term where `node` is met."""
    assert scope.resolve_node is not None
    condition, _ = scope.resolve_node(scope, node, path, "")
    scope.no_dimensions(condition, path)
    if isinstance(term, TableValue) and term.pool is not None and condition.level == term.table_level:
        term.member_applies = both(term.member_applies, condition)
        return cast(Applied, term)
    if condition.level < term.level:
        raise scope.fail("SH308", path, here=scope.levels[condition.level], least=scope.levels[term.level])
    return Applied(
        path=path, part=term, applies=condition, level=term.level, dims=term.dims, open=term.open, own=term.own,
        kind=term.kind, unit=term.unit,
    )  # fmt: skip


def _resolve_calc(scope: Scope, text: str, indicator: InlineIndicator, path: str) -> Term:
    """An id stays the item's own term; anything else is an expression over items."""
    expr = Expr("name", value=text) if text in scope.result.sections else scope.expression(text, f"{path}/value")
    if expr.aggregates:
        first = expr.aggregates[0]
        raise scope.fail("SH322", f"{path}/value", what=first.op, text=text, reason="from", offset=first.offset + 1)
    reads = {n: scope.term(n, f"{path}/value", sections=("indicators", "criteria", "flags")) for n in expr.names}
    step = indicator.over is not None or indicator.among is not None
    if expr.op == "name" and (step or indicator.round_ is None):
        part = reads[expr.value]
        if step:
            return part
    kinds: dict[str, Kind] = {n: "text" if t.kind == "text" else "number" for n, t in reads.items()}
    for name in expr.parameters:
        scope.parameter(name, f"{path}/value")
        kinds["$" + name] = "number" if scope.is_number_parameter(name) else "text"
    kind = scope.kind(expr, kinds, f"{path}/value")
    unit = next(iter(reads.values())).unit if expr.op == "name" else None
    return Calc(
        path=path, value=expr, reads=reads, digits=indicator.round_, kind="text" if kind == "text" else "number", unit=unit,
        **combined(list(reads.values()), scope.top),
    )  # fmt: skip


def _border(combine: Any) -> tuple[str, Any]:
    if isinstance(combine, Border):
        word = "lowest" if combine.lowest is not None else "highest"
        return word, as_number(combine.lowest or combine.highest or "")
    return str(combine), None


def _check_part(scope: Scope, part: Term, word: str, path: str) -> None:
    if word == "share" and part.kind != "verdict":
        raise scope.fail("SH314", f"{path}/value", name=part.item or "value", expected="criteria", got="indicators")
    if part.kind == "text" and word != "count":
        raise scope.fail("SH324", f"{path}/combine", what=part.item or "value", reason="text")


def _stat_unit(part: Term, word: str) -> str | None:
    return part.unit if word in KEEP_UNIT else None


def _resolve_fold(scope: Scope, part: Term, indicator: InlineIndicator, path: str) -> Fold:
    over = tuple(indicator.over or ())
    if indicator.combine is None:
        raise scope.fail("SH202", path, key="combine")
    word, border = _border(indicator.combine)
    check_over(scope, part, part.item or "value", over, indicator.years is not None, path)
    if word in AMONG_ONLY or (word in OVER_YEAR and over != ("year",)):
        raise scope.fail(
            "SH203", f"{path}/combine", got=word, expected="mean, median, sum, min, max, count, share, stdev"
        )
    _check_part(scope, part, word, path)
    dims = tuple(d for d in part.dims if d not in over)
    return Fold(
        path=path, part=part, over=over, combine=word, border=border, years=indicator.years,
        at_least_known=indicator.at_least_known, digits=indicator.round_, level=part.level, dims=dims,
        open=part.open - set(over), own=part.own, unit=_stat_unit(part, word),
    )  # fmt: skip


def check_over(scope: Scope, part: Term, name: str, over: tuple[str, ...], has_years: bool, path: str) -> None:
    """Each dimension taken away is there, and years stand exactly where year is one; `name` is that of the part."""
    for i, dim in enumerate(over):
        if dim not in part.dims:
            raise scope.fail("SH307", f"{path}/over/{i}", column=dim, table=name, dims=", ".join(part.dims))
    if "year" in over and not has_years:
        raise scope.fail("SH312", f"{path}/over")
    if "year" not in over and has_years:
        raise scope.fail("SH313", f"{path}/years")


def resolve_group(scope: Scope, among: str | Group, part: Term, path: str) -> GroupOf:
    if isinstance(among, str):
        return GroupOf(spec=Group.model_construct(within=among), within=scope.level_of(among, path))
    within = scope.top if among.within is None else scope.level_of(among.within, f"{path}/within")
    same: list[Term] = []
    for i, name in enumerate(among.same or ()):
        term = scope.term(name, f"{path}/same/{i}", sections=("indicators", "clusters"))
        scope.no_dimensions(term, f"{path}/same/{i}")
        if term.kind not in ("text", "label"):
            raise scope.fail("SH314", f"{path}/same/{i}", name=name, expected="text, clusters", got=term.kind)
        same.append(term)
    meeting = None
    if among.meeting is not None:
        assert scope.resolve_node is not None
        meeting, _ = scope.resolve_node(scope, among.meeting, f"{path}/meeting", "")
        if not set(meeting.dims) <= set(part.dims):
            raise scope.fail("SH303", f"{path}/meeting", dims=", ".join(sorted(set(meeting.dims) - set(part.dims))))
    peers = scope.peers(among.peers, f"{path}/peers") if among.peers is not None else None
    if peers is not None and peers.level != part.level:
        raise scope.fail("SH308", f"{path}/peers", here=scope.levels[peers.level], same=scope.levels[part.level])
    return GroupOf(
        spec=among, within=within, same=same, peers=peers, meeting=meeting, without_self=bool(among.without_self)
    )


def _resolve_group_stat(scope: Scope, part: Term, indicator: InlineIndicator, path: str) -> Term:
    if indicator.combine is None:
        raise scope.fail("SH202", path, key="combine")
    word, border = _border(indicator.combine)
    assert indicator.among is not None
    group = resolve_group(scope, indicator.among, part, f"{path}/among")
    if group.within < part.level:
        raise scope.fail("SH308", f"{path}/among", here=scope.levels[group.within], least=scope.levels[part.level])
    if word in OVER_ONLY:
        raise scope.fail("SH203", f"{path}/combine", got=word, expected="mean, median, sum, min, max, pooled, rank")
    if word == "pooled":
        return pooled_of(scope, part, group, indicator.at_least_known, indicator.round_, path)
    _check_part(scope, part, word, path)
    better: str | None = indicator.better
    if word == "rank" and better is None:
        better = _better_of(scope, part)
        if better is None:
            raise scope.fail("SH323", path)
    at_level = group.of_level and word != "rank"
    return GroupStat(
        path=path, part=part, group=group, combine=word, border=border, at_least_known=indicator.at_least_known or 1,
        digits=indicator.round_, better=better, level=group.within if at_level else part.level, dims=part.dims,
        open=part.open, own=False, unit=_stat_unit(part, word),
    )  # fmt: skip


def _better_of(scope: Scope, part: Term) -> str | None:
    item = scope.result.items.get(part.item or "")
    return item.better if isinstance(item, Indicator) else None


def _resolve_choice(scope: Scope, indicator: InlineIndicator, path: str) -> Choice:
    assert indicator.choose is not None
    options = {
        name: resolve_inline(scope, option, f"{path}/options/{name}")
        for name, option in (indicator.options or {}).items()
    }
    return choice_of(scope, indicator.choose, options, path)


def choice_of(scope: Scope, choose: str, options: dict[str, Term], path: str) -> Choice:
    """A choice whose options agree in level, dimensions, kind and unit, and cover all values of the parameter."""
    name = choose[1:]
    scope.parameter(name, f"{path}/choose")
    for value in dict.fromkeys(scope.document.parameters[name].values.values()):
        if value not in options:
            raise scope.fail(
                "SH318", f"{path}/options", value=value, options=", ".join(options), nearest=nearest(value, options)
            )
    terms = list(options.values())
    first = terms[0]
    unit = next((t.unit for t in terms if t.unit), None)
    for option, term in options.items():
        for what, left, right in (
            ("level", scope.levels[first.level], scope.levels[term.level]),
            ("by", ", ".join(first.dims), ", ".join(term.dims)),
            ("kind", first.kind, term.kind),
            ("unit", unit, term.unit or unit),
        ):
            if left != right:
                raise scope.fail("SH315", f"{path}/options/{option}", what=what, first=left or "–", this=right or "–")
    return Choice(
        path=path, parameter=name, options=options, level=first.level, dims=first.dims,
        open=frozenset().union(*(t.open for t in terms)), own=any(t.own for t in terms), kind=first.kind,
        unit=unit,
    )  # fmt: skip


def _function_reads(
    scope: Scope, function: str, settings: dict[str, Any] | None, shape: str, path: str
) -> dict[str, Term]:
    found = scope.functions.get(function)
    if found is None and (closed := [own for own in scope.pack.own_plugins() if not own.trusted]):
        raise scope.fail(
            "SH706", f"{path}/function", name=function, nearest=nearest(function, scope.functions),
            file=", ".join(own.shown for own in closed), sha256=", ".join(own.sha256 for own in closed),
            trust=" ".join(f"--trust {own.pack}" for own in closed),
        )  # fmt: skip
    if found is None or found.shape != shape:
        known = [n for n, f in scope.functions.items() if f.shape == shape]
        raise scope.fail(
            "SH320", f"{path}/function", name=function, nearest=nearest(function, known), known=", ".join(known)
        )
    given = check_settings(scope, found, settings or {}, path)
    _check_installed(scope, found, given, f"{path}/function")
    reads = {}
    try:
        names = found.inputs(given)
    except Exception as error:  # a plugin's code: whatever it raises is its own
        reason = f"{type(error).__name__}: {error}"
        raise scope.fail("SH521", f"{path}/with", function=function, plugin=found.plugin, reason=reason) from error
    for name in names:
        term = scope.term(name, f"{path}/with", sections=("indicators", "clusters", "criteria", "flags"))
        scope.no_dimensions(term, f"{path}/with")
        reads[name] = term
    return reads


def _check_installed(scope: Scope, function: Function, settings: Mapping[str, Any], path: str) -> None:
    """A finding that says what to install; the pack is checked on."""
    from importlib.util import find_spec

    missing = [m for m in function.requires(settings) if find_spec(m.partition(".")[0]) is None]
    if missing:
        scope.fail_only("SH332", path, function=function.id, modules=", ".join(missing), install=function.install)


def _resolve_function(scope: Scope, indicator: InlineIndicator, path: str) -> FunctionTerm:
    assert indicator.function is not None
    reads = _function_reads(scope, indicator.function, indicator.with_, "table", path)
    level = min((t.level for t in reads.values()), default=0)
    return FunctionTerm(
        path=path,
        function=indicator.function,
        settings=dict(indicator.with_ or {}),
        reads=reads,
        level=level,
        unit=indicator.unit,
    )


def _resolve_cluster(scope: Scope, cluster: Cluster, path: str) -> Term:
    assert scope.resolve_node is not None
    term: Term
    if cluster.function is not None:
        reads = _function_reads(scope, cluster.function, cluster.with_, "cluster", path)
        level = min((t.level for t in reads.values()), default=0)
        term = FunctionTerm(
            path=path,
            function=cluster.function,
            settings=dict(cluster.with_ or {}),
            reads=reads,
            level=level,
            kind="label",
        )
    else:
        cases: list[tuple[str, Term]] = []
        otherwise = None
        for i, case in enumerate(cluster.first_match or ()):
            if case.when is None:
                otherwise = case.id
                continue
            node, _ = scope.resolve_node(scope, case.when, f"{path}/first_match/{i}/when", "")
            scope.no_dimensions(node, f"{path}/first_match/{i}/when")
            cases.append((case.id, node))
        level = min((t.level for _, t in cases), default=scope.top)
        term = FirstMatch(path=path, cases=cases, otherwise=otherwise, level=level, kind="label")
    if cluster.expert_may_decide:
        return Decided(path=path, part=term, section="clusters", level=term.level, kind="label")
    return term


def resolve_peers(scope: Scope, name: str, path: str) -> PeersTerm:
    item: Peers = scope.document.peers[name]
    reads = _function_reads(scope, item.function, item.with_, "partner", path)
    conditions: dict[str, Term | None] = {}
    for key, node in (("for", item.for_), ("meeting", item.meeting)):
        conditions[key] = None
        if node is not None:
            assert scope.resolve_node is not None
            conditions[key], _ = scope.resolve_node(scope, node, f"{path}/{key}", "")
            scope.no_dimensions(cast(Term, conditions[key]), f"{path}/{key}")
    level = min((t.level for t in reads.values()), default=0)
    return PeersTerm(
        path=path, function=item.function, settings=dict(item.with_ or {}), reads=reads, for_=conditions["for"],
        meeting=conditions["meeting"], level=level, item=name,
    )  # fmt: skip
