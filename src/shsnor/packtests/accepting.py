"""What the author of a pack knows that no case shows: `tests/accepted.yaml`, each entry with its reason.

`never`: a verdict that an item cannot come to, or that no case need show; `mutants`: a change that makes no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from shsnor.documents import Written, read_yaml_file
from shsnor.errors import VALUE, Finding, Findings, Place, nearest
from shsnor.pack import Pack
from shsnor.packtests.cases import ACCEPTED, shown_path

_ENTRIES = {"never": ("item", "verdict", "because"), "mutants": ("change", "because")}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is accepted, and where that is written.

    never     (id of an item, verdict or label) -> place
    mutants   id of a mutant -> place
    """

    never: dict[tuple[str, str], Place] = field(default_factory=dict)
    mutants: dict[str, Place] = field(default_factory=dict)

    def idle(self, never: Collection[tuple[str, str]], mutants: Collection[str] | None = None) -> Iterator[Finding]:
        """A finding for each entry that is not needed: it is none of what was not shown, or not noticed.

        mutants   None where nobody has looked
        """
        for (item, verdict), place in self.never.items():
            if (item, verdict) not in never:
                yield Finding("SH882", place, {"what": f"{item}: {verdict}", "kind": "never"}, "warning")
        for change, place in self.mutants.items():
            if mutants is not None and change not in mutants:
                details = {"what": change, "kind": "mutants", "nearest": nearest(change, mutants)}
                yield Finding("SH882", place, details, "warning")


def read_accepted(pack: Pack) -> tuple[Accepted, Findings]:
    """What stands in the pack's `tests/accepted.yaml`; nothing where there is none."""
    file = pack.folder / "tests" / ACCEPTED if pack.folder is not None else None
    if file is None or not file.is_file():
        return Accepted(), Findings()
    written, findings = read_yaml_file(file, shown_path(file))
    accepted = Accepted()
    if written is not None:
        for section, entry, place in _entries(written, findings):
            if section == "never":
                accepted.never[entry["item"], entry["verdict"]] = place
            else:
                accepted.mutants[entry["change"]] = place
    return accepted, findings


def _entries(written: Written, findings: Findings) -> Iterator[tuple[str, dict[str, str], Place]]:
    """(section, entry, place) of each entry that is whole; a finding for the others."""

    def wrong(code: str, path: str, **details: Any) -> None:
        place = written.places.get(path + VALUE) or written.places.get(path) or Place(file=written.file)
        findings.add(code, replace(place, key=path.replace("/", ".")), **details)

    for section, entries in written.data.items():
        if section not in _ENTRIES:
            wrong("SH201", section, name=section, allowed=list(_ENTRIES), nearest=nearest(section, _ENTRIES))
            continue
        if not isinstance(entries, list):
            wrong("SH203", section, name=section, expected="list", found=None, value=str(entries))
            continue
        for number, entry in enumerate(entries):
            path = f"{section}/{number}"
            if not isinstance(entry, dict):
                wrong("SH203", path, name=section, expected="mapping", found=None, value=str(entry))
                continue
            keys = _ENTRIES[section]
            for key in entry:
                if key not in keys:
                    wrong("SH201", f"{path}/{key}", name=key, allowed=list(keys), nearest=nearest(key, keys))
            lacking = [key for key in keys if not isinstance(entry.get(key), str) or not entry[key]]
            for key in lacking:
                wrong("SH202", path, key=key)
            if not lacking and entry.keys() <= set(keys):
                yield section, {key: str(entry[key]) for key in keys}, written.places[path]
