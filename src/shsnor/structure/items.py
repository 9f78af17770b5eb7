"""Criteria and indicators: exactly one kind of node or basis, only its keys, exactly one comparison; and so on down."""

from __future__ import annotations

from shsnor.nodes import COMPARISONS, Group, InlineIndicator, Node
from shsnor.pack import Criterion, Indicator, as_number
from shsnor.structure.forms import Form, check_cells, check_combine, check_group, check_met_in, check_years, written

#: Key that makes the kind -> the keys that go with it.
KINDS: dict[str, tuple[str, ...]] = {
    "indicator": (*COMPARISONS, "missing", "over", "years", "met_in"),
    "criterion": ("over", "years", "met_in"),
    "all": (),
    "any": (),
    "of": ("met_in",),
    "not": (),
    "cluster": ("is", "is_in"),
    "choose": ("options",),
}
_BESIDE = tuple(dict.fromkeys([*KINDS, *(key for keys in KINDS.values() for key in keys)]))

#: Basis of an indicator -> the keys that go with it.
BASES: dict[str, tuple[str, ...]] = {
    "from": ("value", "where", "by", "cells", "years", "minimum", "at_least_known", "level"),
    "value": ("over", "combine", "among", "years", "at_least_known"),
    "function": ("with",),
    "choose": ("options",),
}
_BASIS_KEYS = tuple(dict.fromkeys([*BASES, *(key for keys in BASES.values() for key in keys)]))

_OPERANDS = ("at_least", "more_than", "at_most", "less_than")


def check_criterion(form: Form, criterion: Criterion, path: str) -> None:
    """A criterion of the pack: a node that may say to whom it applies."""
    check_node(form, criterion.applies_to, f"{path}/applies_to")
    _check(form, criterion, path)


def check_node(form: Form, node: str | Node | None, path: str) -> None:
    """A node inside an item: an id, or a structure."""
    if isinstance(node, str):
        form.latin(node, path)
    elif node is not None:
        if node.applies_to is not None:
            form.add("SH221", f"{path}/applies_to", key="applies_to", kind="node", allowed=None, goes_with=None)
        _check(form, node, path)


def _check(form: Form, node: Node, path: str) -> None:
    kind = form.one_kind(node, path, tuple(KINDS), what="node")
    form.only_with(node, path, KINDS, kind, beside=_BESIDE)
    if kind == "indicator":
        _check_leaf(form, node, path)
    elif kind == "criterion":
        form.needs(node, path, "over", "met_in")
        check_node(form, node.criterion, f"{path}/criterion")
    elif kind == "of":
        form.needs(node, path, "met_in")
        form.not_empty(node.of, f"{path}/of")
    elif kind == "cluster":
        form.latin(node.cluster, f"{path}/cluster")
        _check_comparison(form, node, path, ("is", "is_in"))
    elif kind == "choose":
        form.needs(node, path, "options")
        form.not_empty(node.options, f"{path}/options")
    _check_over(form, node, path)
    _check_parts(form, node, path)


def _check_leaf(form: Form, node: Node, path: str) -> None:
    form.latin(node.indicator, f"{path}/indicator")
    _check_comparison(form, node, path, COMPARISONS)
    if node.known is not None and node.missing is not None:
        form.add("SH221", f"{path}/missing", key="missing", kind="known", allowed=None, goes_with=None)
    keys = written(node)
    if "over" in keys:
        form.needs(node, path, "met_in")
    elif keys & {"met_in", "years"}:
        form.add("SH202", path, key="over")
    for name in _OPERANDS:
        check_operand(form, getattr(node, name), f"{path}/{name}")


def _check_comparison(form: Form, node: Node, path: str, known: tuple[str, ...]) -> None:
    keys = written(node)
    present = [name for name in known if name in keys]
    if len(present) != 1:
        form.add("SH223", path, present=present or None, known=list(known))
    form.names(node.is_in, f"{path}/is_in")


def _check_over(form: Form, node: Node, path: str) -> None:
    form.names(node.over, f"{path}/over")
    check_years(form, node.years, f"{path}/years")
    check_met_in(form, node.met_in, f"{path}/met_in")


def _check_parts(form: Form, node: Node, path: str) -> None:
    for key, nodes in (("all", node.all_), ("any", node.any_), ("of", node.of)):
        for n, part in enumerate(nodes if isinstance(nodes, list) else ()):
            check_node(form, part, f"{path}/{key}/{n}")
    check_node(form, node.not_, f"{path}/not")
    for option, part in (node.options or {}).items():
        check_node(form, part, f"{path}/options/{option}")


def check_indicator(form: Form, indicator: Indicator, path: str) -> None:
    """An indicator of the pack."""
    _check_basis(form, indicator, path, value_given=False)


def check_operand(form: Form, operand: str | InlineIndicator | None, path: str) -> None:
    """What a value is compared with: there the indicator of the leaf stands where no `value` is written."""
    if isinstance(operand, InlineIndicator):
        _check_basis(form, operand, path, value_given=True)
    elif operand is not None and as_number(operand) is None:
        form.latin(operand, path)


def _check_basis(form: Form, indicator: InlineIndicator, path: str, *, value_given: bool) -> None:
    keys = written(indicator)
    if not keys & {"from", "function", "choose"} and (keys & {"value", "over", "among"} or value_given):
        basis: str | None = "value"
    else:
        basis = form.one_kind(indicator, path, ("from", "value", "function", "choose"), what="basis", apart=("value",))
    form.only_with(indicator, path, BASES, basis, beside=_BASIS_KEYS)
    if basis == "from" or (basis == "value" and not value_given):
        form.needs(indicator, path, "value")
    if basis == "choose":
        form.needs(indicator, path, "options")
        form.not_empty(indicator.options, f"{path}/options")
    if basis == "value":
        _check_step(form, indicator, path)
    _check_pieces(form, indicator, path)


def _check_step(form: Form, indicator: InlineIndicator, path: str) -> None:
    """The one further step of an indicator over other items: `over` or `among`, and how its values are combined."""
    keys = written(indicator)
    if {"over", "among"} <= keys:
        form.add("SH222", path, what="step", present=["over", "among"], known=["over", "among"])
    if keys & {"over", "among"}:
        form.needs(indicator, path, "combine")
    for key in ("combine", "at_least_known"):
        if key in keys and not keys & {"over", "among"}:
            form.add("SH202", path, key="over", instead="among", needed_by=key)
    if "years" in keys and not keys & {"over"}:
        form.add("SH202", path, key="over", needed_by="years")


def _check_pieces(form: Form, indicator: InlineIndicator, path: str) -> None:
    check_years(form, indicator.years, f"{path}/years")
    check_cells(form, indicator.cells, f"{path}/cells")
    check_combine(form, indicator.combine, f"{path}/combine")
    check_group(form, indicator.among, f"{path}/among")
    form.no_twins(indicator.by, f"{path}/by")
    form.names(indicator.over, f"{path}/over")
    form.not_empty(indicator.minimum, f"{path}/minimum")
    check_node(form, indicator.applies_to, f"{path}/applies_to")
    for n, entry in enumerate(indicator.cells or ()):
        check_node(form, entry.applies_to, f"{path}/cells/{n}/applies_to")
    if isinstance(indicator.among, Group):
        check_node(form, indicator.among.meeting, f"{path}/among/meeting")
    for option, part in (indicator.options or {}).items():
        if isinstance(part, InlineIndicator):
            _check_basis(form, part, f"{path}/options/{option}", value_given=False)
        else:
            form.latin(part, f"{path}/options/{option}")
