"""The pack that a command is given."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shsnor.pack import Pack


def open_pack(name: str, *, trust: Collection[str] = ()) -> Pack:
    """As `load_pack` has it; of a pack with a wrong form also what is wrong in the rest is told, as `pack check` does, so that
    nobody who has mended the one is then told the other.

    raises  PackError with all of it; UsageError where an installed plugin is wrong
    """
    from shsnor.errors import Findings, FindingsError, PackError
    from shsnor.loading import read_pack

    pack, findings = read_pack(name, trust=trust)
    if pack is not None and not findings.errors:
        return pack
    if pack is not None:
        from shsnor.checking import check_pack

        try:
            findings = Findings([*findings, *(f for f in check_pack(pack) if f.severity == "error")])
        except FindingsError as error:
            findings.extend(error.findings)
    raise PackError(findings)
