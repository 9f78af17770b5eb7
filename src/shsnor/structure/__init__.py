"""Whether every item of a pack has a form that the format knows; needs no meaning, nothing of other items."""

from __future__ import annotations

from collections.abc import Mapping

from shsnor.errors import Findings
from shsnor.nodes import Model, Source
from shsnor.pack import (
    Cluster,
    Criterion,
    DatedItem,
    Document,
    Flag,
    Indicator,
    Measure,
    Pack,
    Parameter,
    Peers,
    Valid,
    as_number,
)
from shsnor.structure.forms import Form
from shsnor.structure.items import check_criterion, check_indicator, check_node
from shsnor.structure.tables import check_levels, check_not_held, check_tables

__all__ = ["check_structure"]


def check_structure(pack: Pack) -> Findings:
    """Everything wrong in the form of a pack's items: where, what is expected, the nearest name if there is one."""
    form = Form(pack)
    choosing = _choosing(pack.document)
    for section, name, item in pack.items():
        path = f"{section}/{name}"
        _check_source(form, item.source, f"{path}/source")
        if isinstance(item, DatedItem):
            _check_valid(form, item.valid, f"{path}/valid")
        if isinstance(item, Indicator | Parameter):
            form.one_script(item.unit, f"{path}/unit")
        if isinstance(item, Indicator):
            check_indicator(form, item, path)
        elif isinstance(item, Criterion):
            check_criterion(form, item, path)
        elif isinstance(item, Flag):
            check_node(form, item.when, f"{path}/when")
            check_node(form, item.applies_to, f"{path}/applies_to")
        elif isinstance(item, Cluster):
            _check_cluster(form, item, path)
        elif isinstance(item, Peers):
            check_node(form, item.for_, f"{path}/for")
            check_node(form, item.meeting, f"{path}/meeting")
        elif isinstance(item, Measure):
            check_node(form, item.when, f"{path}/when")
        elif isinstance(item, Parameter):
            _check_parameter(form, item, path, chooses=name in choosing)
    _check_codes(form)
    check_levels(form)
    check_tables(form)
    check_not_held(form)
    for n, entry in enumerate(pack.document.not_held):
        _check_source(form, entry.source, f"not_held/{n}/source")
    _check_valid(form, pack.head.valid, "pack/valid")
    return form.findings


def _check_valid(form: Form, valid: Valid | None, path: str) -> None:
    if valid is not None and valid.from_ is not None and valid.to is not None and valid.from_ > valid.to:
        form.add("SH233", path, low=str(valid.from_), high=str(valid.to))


def _check_source(form: Form, source: Source, path: str) -> None:
    if source.basis == "assumed" and not source.because:
        form.add("SH227", path)
    if source.basis == "stated" and source.clause.strip() in ("-", "–", "—"):
        form.add("SH228", f"{path}/clause")


def _check_cluster(form: Form, cluster: Cluster, path: str) -> None:
    kind = form.one_kind(cluster, path, ("first_match", "function"), what="cluster")
    form.only_with(
        cluster, path, {"first_match": (), "function": ("with",)}, kind, beside=("first_match", "function", "with")
    )
    if cluster.first_match is None:
        return
    form.not_empty(cluster.first_match, f"{path}/first_match")
    form.no_twins([case.id for case in cluster.first_match], f"{path}/first_match", at="/id", what="label")
    last = len(cluster.first_match) - 1
    for n, case in enumerate(cluster.first_match):
        at = f"{path}/first_match/{n}"
        if (case.when is None) == (case.otherwise is None):
            form.add(
                "SH222",
                at,
                what="case",
                known=["when", "otherwise"],
                present=["when", "otherwise"] if case.when else None,
            )
        if case.otherwise is False:
            form.add("SH203", f"{at}/otherwise", got="false", expected="true")
        if case.otherwise is not None and n != last:
            form.add("SH225", f"{at}/otherwise")
        check_node(form, case.when, f"{at}/when")
    if cluster.first_match and cluster.first_match[-1].otherwise is None:
        form.add("SH202", f"{path}/first_match/{last}", key="otherwise")


def _check_parameter(form: Form, parameter: Parameter, path: str, *, chooses: bool) -> None:
    numbers = [as_number(text) is not None for text in parameter.values.values()]
    if any(numbers) and not all(numbers):
        texts = [text for text, number in zip(parameter.values.values(), numbers, strict=True) if not number]
        form.add("SH229", f"{path}/values", texts=texts)
    elif all(numbers) and parameter.unit is None and not chooses:
        form.add("SH202", path, key="unit")
    elif not any(numbers) and parameter.unit not in (None, "text"):
        form.add("SH230", f"{path}/unit", unit=parameter.unit)


def _choosing(document: Document) -> set[str]:
    """Names of parameters that choose between readings: what they hold is a text, were it a number."""
    found: set[str] = set()

    def walk(value: object) -> None:
        value = vars(value) if isinstance(value, Model) else value
        if isinstance(value, Mapping):
            if isinstance(value.get("choose"), str):
                found.add(value["choose"].removeprefix("$"))
            for below in value.values():
                walk(below)
        elif isinstance(value, list):
            for below in value:
                walk(below)

    for section in ("indicators", "criteria", "flags", "clusters", "peers", "measures"):
        for item in getattr(document, section).values():
            walk(item)
    return found


def _check_codes(form: Form) -> None:
    """The order's own numbers of its rows: one row, one item."""
    first: dict[str, str] = {}
    for section, name, item in form.pack.items():
        if item.code is None:
            continue
        if item.code in first:
            form.add("SH226", f"{section}/{name}/code", name=item.code, what="code", first=first[item.code])
        first.setdefault(item.code, f"{section}.{name}")
