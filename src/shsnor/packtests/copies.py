"""Mutants as copies inside one pack: the changed item and what rests on it under other ids, many mutants in one evaluation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shsnor.functions import FunctionTable
from shsnor.pack import ITEM_SECTIONS, Item, Pack
from shsnor.packtests.cases import MEASURE_LISTS
from shsnor.packtests.mutants import Mutant, written_of
from shsnor.packtests.references import Kind, Written, names_in, renamed
from shsnor.packtests.regions import REGION_OF
from shsnor.resolving import resolve

#: (section, id)
Name = tuple[str, str]

#: Sections that are computed, by what names them.
_KINDS: dict[str, Kind] = {
    "indicators": "item", "criteria": "item", "flags": "item", "clusters": "item", "peers": "peers",
    "parameters": "parameter",
}  # fmt: skip
_COMPUTED = (*_KINDS, "measures")
#: Of a measure what names rows of the order, which stay behind.
_LEFT = ("task",)
_MARK = "__m"
_COPY = re.compile(rf"{_MARK}(\d+)(?!.*{_MARK})")


class Web:
    """Which items of a pack name which."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.written: dict[Name, Written] = {}
        self.models: dict[Name, type[Item]] = {}
        for section in _COMPUTED:
            for name, item in getattr(pack.document, section).items():
                written = {key: value for key, value in written_of(item).items() if key not in _LEFT}
                self.written[section, name] = written
                self.models[section, name] = type(item)
        self._of_kind = {(_KINDS[s], name): (s, name) for s, name in self.written if s in _KINDS}
        self.reads = {name: self.read_by(written) for name, written in self.written.items()}
        self.readers: dict[Name, set[Name]] = {name: set() for name in self.written}
        for name, read in self.reads.items():
            for below in read:
                self.readers[below].add(name)

    def read_by(self, written: Written) -> set[Name]:
        """What an item rests on; a function is told the region too, which stands nowhere in the pack as written."""
        read = {self._of_kind[key] for key in names_in(written) if key in self._of_kind}
        region = ("indicators", REGION_OF)
        return read | {region} if region in self.written and _calls(written) else read

    def above(self, names: Iterable[Name]) -> set[Name]:
        """These, and all that rest on them."""
        return _reached(names, self.readers)

    def below(self, names: Iterable[Name]) -> set[Name]:
        """These, and all that they rest on."""
        return _reached(names, self.reads)

    def asked(self, names: Collection[str]) -> set[Name]:
        """The items by the names that cases call them by; a list of measures is all measures."""
        lists = set(MEASURE_LISTS)
        return {
            (section, name)
            for section, name in self.written
            if (name in names and section not in ("measures", "parameters"))
            or (section == "measures" and not lists.isdisjoint(names))
        }


def _calls(written: Any) -> bool:
    """Whether a function is called anywhere in an item."""
    if isinstance(written, dict):
        return "function" in written or any(map(_calls, written.values()))
    return isinstance(written, list) and any(map(_calls, written))


def _reached(names: Iterable[Name], steps: Mapping[Name, set[Name]]) -> set[Name]:
    found: set[Name] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += steps[name]
    return found


@dataclass(frozen=True)
class Copies:
    """A pack of copies.

    pack      what is evaluated: the copies, and what they rest on
    copied    number of a mutant -> the items that have a copy of its own
    invalid   numbers of the mutants that the engine refuses: no case has to notice them
    """

    pack: Pack
    copied: dict[int, set[Name]]
    invalid: set[int]

    def of_items(self) -> dict[str, list[str]]:
        """Id of an item -> ids of its copies."""
        found: dict[str, list[str]] = {}
        for number, names in self.copied.items():
            for _, name in sorted(names):
                found.setdefault(name, []).append(copy_id(name, number))
        return found


def copy_id(name: str, number: int) -> str:
    return f"{name}{_MARK}{number}"


def number_of(text: str) -> int | None:
    """The number of the mutant whose copy an id, or a key path, names."""
    found = _COPY.search(text)
    return int(found[1]) if found else None


def copies_of(
    web: Web, mutants: Mapping[int, Mutant], affected: Mapping[int, set[Name]], functions: FunctionTable
) -> Copies:
    """The mutants put into one pack.

    affected   number of a mutant -> the items of which it needs copies: the changed one, and those between it and what is asked
    """
    pack = _pack(web, mutants, affected)
    invalid: set[int] = set()
    while True:
        resolved, findings = resolve(pack, functions)
        known = {*resolved.terms, *resolved.peers, *resolved.measures}
        refused = {
            n for n, names in affected.items() if n not in invalid
            for section, name in names if section != "parameters" and copy_id(name, n) not in known
        }  # fmt: skip
        refused |= {n for f in findings.errors if (n := number_of(f.place.key)) is not None and n not in invalid}
        if not refused:
            return Copies(pack, {n: names for n, names in affected.items() if n not in invalid}, invalid)
        invalid |= refused
        pack = _pack(web, mutants, {n: names for n, names in affected.items() if n not in invalid})


def _pack(web: Web, mutants: Mapping[int, Mutant], affected: Mapping[int, set[Name]]) -> Pack:
    sections: dict[str, dict[str, Any]] = {section: {} for section in ITEM_SECTIONS}
    rests_on: set[Name] = set()
    for number, names in affected.items():
        mutant = mutants[number]
        kinds = {(_KINDS[section], name) for section, name in names if section in _KINDS}

        def rename(kind: Kind, name: str, kinds: set[tuple[Kind, str]] = kinds, number: int = number) -> str:
            return copy_id(name, number) if (kind, name) in kinds else name

        for key in names:
            section, name = key
            changed = key == (mutant.section, mutant.item)
            written = {k: v for k, v in mutant.written.items() if k not in _LEFT} if changed else web.written[key]
            model = web.models[key].model_validate(renamed(written, rename))
            sections[section][copy_id(name, number)] = model
            rests_on |= web.read_by(written) - names
    for section, name in web.below(rests_on):
        sections[section].setdefault(name, getattr(web.pack.document, section)[name])
    return replace(web.pack, document=web.pack.document.model_copy(update=sections))
