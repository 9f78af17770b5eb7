"""Everything that is wrong in a pack, at once: its form, then its meaning."""

from __future__ import annotations

from typing import Any

from shsnor.errors import Findings
from shsnor.functions import FunctionTable
from shsnor.host import find_functions
from shsnor.pack import Pack
from shsnor.resolving import resolve
from shsnor.structure import check_structure


def check_pack(pack: Pack, tables: Any = None, *, functions: FunctionTable | None = None) -> Findings:
    """Findings of a loaded pack; empty where it is whole. Form is checked first: meaning is asked only of what has form."""
    findings = Findings()
    form = check_structure(pack)
    findings.extend(form)
    _, meaning = resolve(
        pack, find_functions() if functions is None else functions, skip=frozenset(_items_at(pack, form))
    )
    findings.extend(meaning)
    return findings


def _items_at(pack: Pack, findings: Findings) -> set[str]:
    """Ids of the items that have a finding of their form: what they mean is not asked."""
    ids = {name for _, name, _ in pack.items()}
    found = set()
    for finding in findings.errors:
        _, _, rest = finding.place.key.partition(".")
        found |= {name for name in ids if rest == name or rest.startswith(name + ".")}
    return found
