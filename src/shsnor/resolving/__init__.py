"""What loads but may be wrong in meaning: names, circles, dimensions, levels, units -> terms and findings (SH3xx)."""

from __future__ import annotations

from shsnor.errors import Findings, nearest
from shsnor.functions import FunctionTable
from shsnor.pack import ITEM_SECTIONS, Pack
from shsnor.resolving.internal import check_internal
from shsnor.resolving.scope import Broken, Scope
from shsnor.resolving.skipped import check_skipped
from shsnor.resolving.values import resolve_cluster_or_indicator, resolve_peers
from shsnor.resolving.verdicts import resolve_node, resolve_verdict
from shsnor.terms import Resolved

__all__ = ["resolve"]


def resolve(pack: Pack, functions: FunctionTable, *, skip: frozenset[str] = frozenset()) -> tuple[Resolved, Findings]:
    """The meaning of every item of a pack, all options of every `choose` included, and everything wrong in it.

    Items that are broken, or rest on a broken one, are absent from the result. `skip` names items known to be broken.
    """
    scope = Scope(pack, functions, skip)
    scope.resolvers = {
        "indicators": resolve_cluster_or_indicator,
        "clusters": resolve_cluster_or_indicator,
        "criteria": resolve_verdict,
        "flags": resolve_verdict,
    }
    scope.resolve_peers = resolve_peers
    scope.resolve_node = resolve_node
    for section in ("indicators", "criteria", "flags", "clusters"):
        for name in getattr(pack.document, section):
            try:
                scope.term(name, f"{section}/{name}")
            except Broken:
                continue
    for name in pack.document.peers:
        if name in skip:
            continue
        try:
            scope.peers(name, f"peers/{name}")
        except Broken:
            continue
    _resolve_measures(scope)
    _check_references(scope)
    check_skipped(scope)
    check_internal(scope)
    return scope.result, scope.findings


def _level_of_pack(scope: Scope) -> int:
    """The level that the pack speaks of; the lowest where it names none, or one that is not there."""
    head = scope.document.pack
    if head is None or head.entity is None:
        return 0
    try:
        return scope.level_of(head.entity, "pack/entity")
    except Broken:
        return 0


def _resolve_measures(scope: Scope) -> None:
    usual = _level_of_pack(scope)
    for name, measure in scope.document.measures.items():
        if name in scope.skip:
            continue
        path = f"measures/{name}"
        level = usual
        try:
            if measure.level is not None:
                level = scope.level_of(measure.level, f"{path}/level")
            term = None
            if measure.when is not None:
                term, statement = resolve_node(scope, measure.when, f"{path}/when", "when")
                scope.no_dimensions(term, f"{path}/when")
                if measure.level is None:
                    level = term.level
                elif term.level < level:
                    here, least = scope.levels[term.level], scope.levels[level]
                    scope.findings.add("SH308", scope.pack.place(f"{path}/when"), here=here, least=least)
                    continue
                scope.result.statements[f"measures/{name}"] = statement
            scope.result.measures[name] = term
            scope.result.measure_levels[name] = level
        except Broken:
            continue


def _check_references(scope: Scope) -> None:
    """What a row of the order is part of, what it serves, which tasks a measure serves, what a claim is about: items that
    the pack has. The units of parameters too: those of indicators are looked at where their terms are made."""
    for name, parameter in scope.document.parameters.items():
        if name in scope.skip:
            continue
        scope.known_unit(parameter.unit, f"parameters/{name}/unit")
    tasks, everything = set(scope.document.tasks), {name for _, name, _ in scope.pack.items()}
    for name, task in scope.document.tasks.items():
        if task.part_of is not None:
            _must_be_there(scope, task.part_of, f"tasks/{name}/part_of", everything, "")
        for i, served in enumerate(task.serves or ()):
            _must_be_there(scope, served, f"tasks/{name}/serves/{i}", everything, "")
    for name, measure in scope.document.measures.items():
        for i, served in enumerate(measure.task or ()):
            _must_be_there(scope, served, f"measures/{name}/task/{i}", tasks, "tasks")
    for section in ("criteria", "flags"):
        for name, item in getattr(scope.document, section).items():
            for i, claim in enumerate(item.claims or ()):
                path = f"{section}/{name}/claims/{i}/more"
                _must_be_there(scope, claim.more, path, set(scope.document.indicators), "indicators")


def _must_be_there(scope: Scope, name: str, path: str, known: set[str], expected: str) -> None:
    if name not in known:
        scope.fail_only("SH301", path, name=name, nearest=nearest(name, known), expected=expected)
    for section in ITEM_SECTIONS:
        if name in getattr(scope.document, section):
            scope.used(section, name, path)
