"""Everything that is wrong in a pack, at once: its form, its meaning and, where there are tables, what these lack for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shsnor.errors import Findings
from shsnor.functions import FunctionTable
from shsnor.host import find_functions
from shsnor.loading import rows_file
from shsnor.pack import Pack
from shsnor.planning import needed_columns
from shsnor.reading import TablesArg, read_tables
from shsnor.resolving import resolve
from shsnor.standard import levels_of, tables_of
from shsnor.store import Session
from shsnor.structure import check_structure
from shsnor.terms import Resolved, Term


def check_pack(pack: Pack, tables: TablesArg | None = None, *, functions: FunctionTable | None = None) -> Findings:
    """Findings of a loaded pack; empty where it is whole.

    tables   with them also everything that is wrong in the tables that the pack reads, and the columns they lack
    """
    findings = Findings()
    form = check_structure(pack)
    findings.extend(form)
    known = find_functions() if functions is None else functions
    resolved, meaning = resolve(pack, known, skip=frozenset(_items_at(pack, form)))
    findings.extend(meaning)
    if tables is not None:
        findings.extend(_check_tables(pack, resolved, tables))
    return findings


def _items_at(pack: Pack, findings: Findings) -> set[str]:
    """Ids of the items that have a finding of their form: what they mean is not asked."""
    ids = {name for _, name, _ in pack.items()}
    found = set()
    for finding in findings.errors:
        _, _, rest = finding.place.key.partition(".")
        found |= {name for name in ids if rest == name or rest.startswith(name + ".")}
    return found


def _check_tables(pack: Pack, resolved: Resolved, tables: TablesArg) -> Findings:
    needed = needed_columns(pack, _all_terms(resolved.terms.values()))
    reference = {n: path for n in needed if (path := rows_file(pack, n)) is not None}
    with Session() as session:
        loaded, findings = read_tables(
            session, tables_of(pack), tables, levels=levels_of(pack), needed=needed,
            top_key=pack.head.region or resolved.levels[-1], reference=reference,
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
