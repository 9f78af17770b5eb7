"""Everything that is wrong in a pack, at once: its form, its meaning and, where there are tables, what these lack for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from shsnor.errors import Findings, Place, Severity
from shsnor.host import Host, find_plugins, missing_distributions
from shsnor.loading import rows_file
from shsnor.pack import Pack
from shsnor.planning import needed_columns
from shsnor.reading import TablesArg, read_tables
from shsnor.resolving import resolve
from shsnor.standard import levels_of, tables_of
from shsnor.store import Session
from shsnor.structure import check_structure
from shsnor.terms import Resolved, Term


def check_pack(pack: Pack, tables: TablesArg | None = None, *, host: Host | None = None) -> Findings:
    """Findings of a loaded pack; empty where it is whole.

    tables   with them also everything that is wrong in the tables that the pack reads, and the columns they lack
    host     plugins; default: those that are installed, and the pack's own where it is trusted. That a `plugin.py` is
             not, and which functions are unknown therefore, are warnings here: the rest of the pack is checked
    raises   UsageError where a plugin is wrong
    """
    host = find_plugins(pack) if host is None else host
    findings = Findings([*_missing_plugins(pack), *untrusted_plugins(pack, "warning")])
    form = check_structure(pack)
    findings.extend(form)
    resolved, meaning = resolve(pack, host.functions, skip=frozenset(_items_at(pack, form)))
    findings.extend(replace(f, severity="warning") if f.code == "SH706" else f for f in meaning)
    if tables is not None:
        findings.extend(_check_tables(pack, resolved, tables, host))
    return findings


def untrusted_plugins(pack: Pack, severity: Severity = "error") -> Findings:
    """A finding, with its hash and what to do, for each `plugin.py` of the pack and its bases that may not run."""
    findings = Findings()
    for own in pack.own_plugins():
        if not own.trusted:
            place = Place(file=own.shown)
            findings.add("SH705", place, severity=severity, pack=own.pack, file=own.shown, sha256=own.sha256)
    return findings


def _missing_plugins(pack: Pack) -> Findings:
    """A finding for each distribution that the pack, or one that it extends, needs (`pack.plugins`) and that is not there."""
    findings = Findings()
    for one in pack.chain():
        names = one.head.plugins or []
        for name in missing_distributions(names):
            findings.add("SH707", one.place(f"pack/plugins/{names.index(name)}"), name=name, pack=one.id)
    return findings


def _items_at(pack: Pack, findings: Findings) -> set[str]:
    """Ids of the items that have a finding of their form: what they mean is not asked."""
    ids = {name for _, name, _ in pack.items()}
    found = set()
    for finding in findings.errors:
        _, _, rest = finding.place.key.partition(".")
        found |= {name for name in ids if rest == name or rest.startswith(name + ".")}
    return found


def _check_tables(pack: Pack, resolved: Resolved, tables: TablesArg, host: Host) -> Findings:
    needed = needed_columns(pack, _all_terms(resolved.terms.values()))
    reference = {n: path for n in needed if (path := rows_file(pack, n)) is not None}
    with Session() as session:
        loaded, findings = read_tables(
            session, tables_of(pack), tables, levels=levels_of(pack), needed=needed,
            top_key=pack.head.region or resolved.levels[-1], reference=reference, readers=host.readers,
        )  # fmt: skip
        for table in loaded.values():
            if table.in_place:
                findings.extend(table.explain_violations(session))
    return findings


def _all_terms(terms: Iterable[Term]) -> Iterator[Term]:
    """The terms and everything they read, all readings included, each once."""
    seen: set[Term] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            yield term
            waiting += term.parts()
