"""The pack's items as an outcome knows them: their names, units and documents, and what they rest on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from shsnor.outcomes.tables import ItemRow

#: Sections whose items share one name space: any of them may be named in a criterion.
_COMMON = ("criteria", "flags", "clusters", "indicators")
_ID = re.compile(r"\$?[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*")

#: The procedure whose use is limited, as results name it.
VPR = "ВПР"


class Items:
    """Rows of `items`, found by section and id; an id that is not there names itself.

    parameters   texts in force; where one chooses between readings, the other readings are not read
    """

    def __init__(self, rows: Iterable[ItemRow], parameters: Mapping[str, str] | None = None) -> None:
        self._parameters = parameters or {}
        self._rows = {(row.section, row.item): row for row in rows}
        self._order = {key: place for place, key in enumerate(self._rows)}
        self._read_by: dict[tuple[str, str], list[ItemRow]] = {}

    def get(self, item: str, section: str = "") -> ItemRow | None:
        """The item's row; without a section, of those sections that share one name space."""
        sections = (section,) if section else _COMMON
        return next((row for s in sections if (row := self._rows.get((s, item))) is not None), None)

    def label(self, item: str, section: str = "") -> str:
        row = self.get(item, section)
        return row.label if row is not None and row.label else item

    def unit(self, item: str) -> str:
        row = self.get(item, "indicators")
        return row.unit if row is not None else ""

    def position(self, item: str, section: str = "") -> int:
        """Where the item stands among all, for sorting; unknown ones come last."""
        row = self.get(item, section)
        return self._order[row.section, row.item] if row is not None else len(self._order)

    def ids(self) -> list[str]:
        """The ids of all items that can be explained."""
        return [item for section, item in self._rows if section in (*_COMMON, "measures")]

    def section(self, item: str) -> str:
        """The section of an item that can be explained; "" where there is no such item."""
        return next((s for s in (*_COMMON, "measures") if (s, item) in self._rows), "")

    def read_by(self, row: ItemRow) -> list[ItemRow]:
        """The items and parameters that an item names, in the order in which it does."""
        key = (row.section, row.item)
        if key not in self._read_by:
            names = dict.fromkeys(name for text in self._texts(_detail(row)) for name in _ID.findall(text))
            found = (self.get(name.lstrip("$"), "parameters" if name.startswith("$") else "") for name in names)
            self._read_by[key] = [read for read in found if read is not None and read != row]
        return self._read_by[key]

    def rests_on_vpr(self, item: str, section: str = "") -> bool:
        """Whether the item, or one that it reads, and so on down, speaks of ВПР."""
        first = self.get(item, section)
        waiting = [first] if first is not None else []
        seen = set(waiting)
        while waiting:
            row = waiting.pop()
            if VPR in row.detail:
                return True
            fresh = [read for read in self.read_by(row) if read not in seen]
            seen.update(fresh)
            waiting += fresh
        return False

    def reads_rows(self, item: str) -> bool:
        """Whether an indicator is computed from the rows of a table, not from other items."""
        return "from" in _detail(self.get(item, "indicators"))

    def absence(self, indicator: str) -> str:
        """What it means, in the pack's words, that an entity has no row in the table of the indicator; "" if unsaid."""
        table = _detail(self.get(indicator, "indicators")).get("from", "")
        return str(_detail(self.get(str(table), "tables")).get("no_rows", ""))

    def node(self, item: str, path: str) -> dict[str, Any]:
        """What the pack says at a place of the item, as `when/all/0`; empty where that is no structure."""
        content: Any = _detail(self.get(item) or self.get(item, "measures"))
        for part in path.split("/") if path else ():
            if isinstance(content, list) and part.isdecimal() and int(part) < len(content):
                content = content[int(part)]
            else:
                content = content.get(part) if isinstance(content, dict) else None
        return content if isinstance(content, dict) else {}

    def case(self, cluster: str, label: str) -> str:
        """The name of a label of a cluster scheme."""
        cases = _detail(self.get(cluster, "clusters")).get("first_match") or []
        return next((str(case["label"]) for case in cases if case.get("id") == label and case.get("label")), label)

    def _texts(self, content: Any, weights: bool = False) -> Iterator[str]:
        """All texts of a structure; of its keys only those of weights are ids. Labels and sources name nothing."""
        if isinstance(content, str):
            yield content
        elif isinstance(content, list):
            for value in content:
                yield from self._texts(value)
        elif isinstance(content, dict):
            if weights:
                yield from content
            for key, value in self._in_force(content).items():
                if key not in ("label", "note", "source", "because", "claims", "accept"):
                    yield from self._texts(value, key == "of")

    def _in_force(self, content: dict[str, Any]) -> dict[str, Any]:
        """Without the readings that were not chosen."""
        options, chosen = content.get("options"), self._parameters.get(str(content.get("choose", "")).lstrip("$"))
        if not isinstance(options, dict) or chosen not in options:
            return content
        return {**content, "options": options[chosen]}


def _detail(row: ItemRow | None) -> dict[str, Any]:
    return _parsed(row.detail) if row is not None and row.detail else {}


@lru_cache(maxsize=4096)
def _parsed(detail: str) -> dict[str, Any]:
    """Asked for again with each entity that is explained; nobody changes what comes back."""
    content = json.loads(detail)
    return content if isinstance(content, dict) else {}
