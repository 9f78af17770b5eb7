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
    if not form.errors:
        _, meaning = resolve(pack, find_functions() if functions is None else functions)
        findings.extend(meaning)
    return findings
