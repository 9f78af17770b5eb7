"""Criteria and flags: from nodes to terms, and the statement that `explain` draws."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from shsnor.errors import nearest
from shsnor.nodes import COMPARISONS, InlineIndicator, Node
from shsnor.pack import Criterion, Flag, as_number
from shsnor.resolving.scope import Broken, Scope, combined
from shsnor.resolving.settings import parameters_in
from shsnor.resolving.values import apply_to, check_over, choice_of, resolve_inline
from shsnor.terms import (
    Applied,
    ClusterIs,
    Constant,
    Decided,
    FirstMatch,
    FunctionTerm,
    Leaf,
    Many,
    Not,
    Parameter,
    Quantifier,
    Same,
    Scalar,
    Statement,
    Term,
)  # fmt: skip

_VERDICTS = ("criteria", "flags")


def resolve_verdict(scope: Scope, name: str, path: str) -> Term:
    """The term of a named criterion or flag; its statement is kept in the result."""
    item = scope.result.items[name]
    assert isinstance(item, Criterion | Flag)
    if isinstance(item, Flag):
        inner, child = resolve_node(scope, item.when, f"{path}/when", "when")
        scope.no_dimensions(inner, f"{path}/when")
        term: Term = Same(path=path, part=inner, kind="verdict", **combined([inner], scope.top))
        statement = Statement(path="", node="flag", term=term, children=[child])
        if item.applies_to is not None:
            term = apply_to(scope, term, item.applies_to, f"{path}/applies_to")
    else:
        term, statement = resolve_node(scope, item, path, "")
    if item.expert_may_decide:
        scope.no_dimensions(term, f"{path}/expert_may_decide")
        term = Decided(path=path, part=term, section=scope.result.sections[name], level=term.level, kind="verdict")
    statement.term = term
    scope.result.statements[name] = statement
    return term


def resolve_node(scope: Scope, node: str | Node, path: str, inside: str) -> tuple[Term, Statement]:
    """The term and statement of a node; `inside` is its place inside the item."""
    if isinstance(node, str):
        term = scope.term(node, path, sections=_VERDICTS)
        return term, Statement(path=inside, node="item", term=term, refers=node)
    kind = node.kind
    resolver = _RESOLVERS.get(kind)
    if resolver is None:
        raise Broken  # `structure` has said that it is none or several kinds
    term, children = resolver(scope, node, path, inside)
    kind = "quantifier" if isinstance(term, Quantifier) else kind
    if node.applies_to is not None:
        term = apply_to(scope, term, node.applies_to, f"{path}/applies_to")
    return term, Statement(path=inside, node=kind, term=term, children=children)


def _under(inside: str, *keys: object) -> str:
    return "/".join([*([inside] if inside else []), *(str(k) for k in keys)])


def _leaf(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    assert node.indicator is not None
    value = scope.term(node.indicator, f"{path}/indicator", sections=("indicators", "criteria", "flags"))
    comparison = next((c for c in COMPARISONS if getattr(node, {"is": "is_"}.get(c, c)) is not None), None)
    if comparison is None:
        raise Broken
    operand: Any = getattr(node, {"is": "is_"}.get(comparison, comparison))
    at = f"{path}/{comparison}"
    parts = [value]
    if comparison == "known":
        compared: Term | Scalar | tuple[Scalar, ...] | bool = bool(operand)
    elif comparison == "is":
        compared = _equal_to(scope, value, operand, at)
    elif comparison == "is_in":
        compared = tuple(_equal_to(scope, value, v, f"{at}/{i}") for i, v in enumerate(operand))
    else:
        compared = _operand(scope, value, node.indicator, operand, at)
        if isinstance(compared, Term):
            parts.append(compared)
        if value.kind == "text":
            raise scope.fail("SH324", at, what=node.indicator, reason="text")
    leaf: Term = Leaf(
        path=path, value=value, comparison=comparison, operand=compared, missing=node.missing or "unknown",
        indicator=node.indicator, kind="verdict", **combined(parts, scope.top),
    )  # fmt: skip
    if node.over is None:
        if node.years is not None or node.met_in is not None:
            raise scope.fail("SH202", path, key="over")
        return leaf, []
    child = Statement(path=_under(inside, "each"), node="leaf", term=leaf)
    return _quantified(scope, node, leaf, path), [child]


def _equal_to(scope: Scope, value: Term, text: str, path: str) -> Scalar:
    if text.startswith("$"):
        unit = scope.parameter(text[1:], path)
        if scope.is_number_parameter(text[1:]) != (value.kind != "text"):
            raise scope.fail("SH317", path, name=text[1:], kind="text" if value.kind == "text" else "number")
        if value.kind != "text":
            scope.same_unit(value.unit, unit, path)
        return Parameter(text[1:])
    if value.kind == "text":
        return Constant(text)
    number = as_number(text)
    if number is None:
        raise scope.fail("SH324", path, what=text, reason="text")
    return Constant(number)


def _operand(scope: Scope, value: Term, indicator: str, operand: str | InlineIndicator, path: str) -> Term | Scalar:
    if isinstance(operand, str):
        scalar = scope.scalar(operand, path)
        if isinstance(scalar, Parameter):
            unit = scope.parameter(scalar.name, path)
            if not scope.is_number_parameter(scalar.name):
                raise scope.fail("SH317", path, name=scalar.name, kind="number")
            scope.same_unit(value.unit, unit, path)
        if scalar is not None:
            return scalar
        if not operand[:1].isalpha() or operand not in scope.result.sections:
            known = [n for n, s in scope.result.sections.items() if s == "indicators"]
            raise scope.fail(
                "SH301", path, name=operand, nearest=nearest(operand, known), expected="number, $parameter, indicators"
            )
    term = resolve_inline(scope, operand, path, default_value=indicator)
    if term.kind == "text":
        raise scope.fail("SH324", path, what=term.item or "value", reason="text")
    scope.same_unit(value.unit, term.unit, path)
    return term


def _quantified(scope: Scope, node: Node, part: Term, path: str) -> Quantifier:
    over = tuple(node.over or ())
    name = part.item or node.indicator or "criterion"
    check_over(scope, part, name, over, node.years is not None, path)
    if node.met_in is None:
        raise scope.fail("SH202", path, key="met_in")
    return Quantifier(
        path=path, part=part, over=over, met_in=node.met_in, years=node.years, kind="verdict", level=part.level,
        dims=tuple(d for d in part.dims if d not in over), open=part.open - set(over), own=part.own,
    )  # fmt: skip


def _quantifier(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    assert node.criterion is not None
    part, child = resolve_node(scope, node.criterion, f"{path}/criterion", _under(inside, "criterion"))
    return _quantified(scope, node, part, path), [child]


def _list(how: Literal["all", "any"], scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    nodes = (node.all_ if how == "all" else node.any_) or []
    parts = [resolve_node(scope, n, f"{path}/{how}/{i}", _under(inside, how, i)) for i, n in enumerate(nodes)]
    terms = [t for t, _ in parts]
    met_in = "every" if how == "all" else "any"
    return (
        Many(path=path, how=how, members=terms, met_in=met_in, kind="verdict", **combined(terms, scope.top)),
        [s for _, s in parts],
    )


def _all(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    return _list("all", scope, node, path, inside)


def _any(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    return _list("any", scope, node, path, inside)


def _of(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    weights = None
    if isinstance(node.of, dict):
        keys: list[Any] = list(node.of)
        weights = [Decimal(w) for w in node.of.values()]
        nodes: list[str | Node] = list(node.of)
    else:
        nodes = list(node.of or [])
        keys = list(range(len(nodes)))
    parts = [
        resolve_node(scope, n, f"{path}/of/{k}", _under(inside, "of", k)) for k, n in zip(keys, nodes, strict=True)
    ]
    terms = [t for t, _ in parts]
    if node.met_in is None:
        raise scope.fail("SH202", path, key="met_in")
    term = Many(
        path=path,
        how="of",
        members=terms,
        weights=weights,
        met_in=node.met_in,
        kind="verdict",
        **combined(terms, scope.top),
    )
    return term, [s for _, s in parts]


def _not(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    assert node.not_ is not None
    part, child = resolve_node(scope, node.not_, f"{path}/not", _under(inside, "not"))
    return Not(path=path, part=part, kind="verdict", **combined([part], scope.top)), [child]


def _cluster(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    assert node.cluster is not None
    cluster = scope.term(node.cluster, f"{path}/cluster", sections=("clusters",))
    places = {f"{path}/is_in/{i}": label for i, label in enumerate(node.is_in or ())}
    if node.is_ is not None:
        places = {f"{path}/is": node.is_}
    known = _labels(scope, cluster)
    for at, label in places.items():
        if known is not None and label not in known:
            listed = ", ".join(f'"{one}"' for one in known)
            raise scope.fail("SH301", at, name=label, nearest=nearest(label, known), expected=listed)
    return ClusterIs(
        path=path, cluster=cluster, labels=tuple(places.values()), kind="verdict", **combined([cluster], scope.top)
    ), []


def _labels(scope: Scope, cluster: Term) -> list[str] | None:
    """The labels that a cluster may have; None where its function does not say, or a parameter decides."""
    while isinstance(cluster, Decided | Applied):
        cluster = cluster.part
    if isinstance(cluster, FunctionTerm):
        labels = scope.functions[cluster.function].labels
        return None if labels is None or any(parameters_in(cluster.settings)) else labels(cluster.settings)
    if not isinstance(cluster, FirstMatch):
        return None
    return [label for label, _ in cluster.cases] + ([cluster.otherwise] if cluster.otherwise else [])


def _choose(scope: Scope, node: Node, path: str, inside: str) -> tuple[Term, list[Statement]]:
    options, children = {}, []
    for name, option in (node.options or {}).items():
        options[name], child = resolve_node(scope, option, f"{path}/options/{name}", _under(inside, "options", name))
        children.append(child)
    assert node.choose is not None
    return choice_of(scope, node.choose, options, path), children


_RESOLVERS = {
    "leaf": _leaf, "quantifier": _quantifier, "all": _all, "any": _any, "of": _of, "not": _not, "cluster": _cluster,
    "choose": _choose,
}  # fmt: skip
