"""What is the same for all pages of a report, read once: schools and what they lie in, everybody's values, links."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache

from shsnor.errors import UsageError
from shsnor.explaining.reading import Reader
from shsnor.outcomes import EntityRow, InternalMarkRow, ItemRow, Outcome
from shsnor.reporting.model import Heading, Link
from shsnor.wording.explanations import date
from shsnor.wording.phrases import natural
from shsnor.wording.terms import LEVELS, term

#: So many years stand beside each other on a page.
YEARS = 3

INDEX = "index.html"

_SAFE = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Region:
    """An outcome as its report sees it.

    level    of the pages of schools: the lowest whose entities are no persons
    parts    the entities between schools and the top, which have pages of their own
    top      the entity that all lie in; None where there is none, or there are several
    public   the pages are for publication: they say so in their heads
    raises   UsageError SH608 where the outcome has only persons
    """

    def __init__(self, outcome: Outcome, *, public: bool = False) -> None:
        self.outcome = outcome
        self.reader = Reader(outcome)
        self.items = self.reader.items
        self.public = public
        rows = list(outcome.entities.rows())
        parent_of = {row.level: row.parent_level for row in rows}
        persons = {row.level for row in rows if row.persons}
        levels = [level for level in parent_of if level not in persons]
        if not levels:
            raise UsageError.of("SH608", problem="persons")
        self.level = levels[0]
        self.levels = frozenset(levels)
        self.entities = {(row.level, row.entity): row for row in rows if row.level not in persons}
        self.schools = sorted(
            (row for row in rows if row.level == self.level),
            key=lambda row: (natural(row.parent), natural(row.name), row.entity),
        )
        self.year = self.reader.year
        over = [row for row in self.entities.values() if row.level != self.level]
        highest = [row for row in over if not parent_of[row.level]]
        self.top = highest[0] if len(highest) == 1 else None
        self.parts = [row for row in over if row != self.top]
        self._files = {
            (row.level, row.entity): name
            for level in dict.fromkeys(row.level for row in (*self.schools, *self.parts))
            for row, name in self._named(level)
        }
        if self.top is not None:
            self._files[self.top.level, self.top.entity] = INDEX

    def _named(self, level: str) -> Iterable[tuple[EntityRow, str]]:
        """The entities of a level with the names of their files; a code that is no plain name of a file gets a number."""
        taken: set[str] = set()
        rows = (row for row in self.entities.values() if row.level == level)
        for number, row in enumerate(rows, start=1):
            name = row.entity if _SAFE.fullmatch(row.entity) else f"n{number}"
            while name.lower() in taken:  # where capitals do not count, two codes may be one name
                name = f"{name}_{number}"
            taken.add(name.lower())
            yield row, f"{level}/{level}-{name}.html"

    def label(self, code: str) -> str:
        """The name of an item by its code, of whatever section; the code itself where there is none."""
        found = (self.items.get(code, section) for section in ("tasks", "indicators", "measures"))
        return next((row.label for row in found if row is not None), code)

    def file(self, level: str, entity: str) -> str:
        """The file of an entity's page, from the folder of the report; "" where it has none."""
        return self._files.get((level, entity), "")

    def name(self, level: str, entity: str) -> str:
        row = self.entities.get((level, entity))
        name = row.name if row is not None and row.name else entity
        # A pack that names no region has its level for a name.
        return term(level, "ru", LEVELS).capitalize() if name == level else name

    def link(self, level: str, entity: str, here: str = INDEX) -> Link:
        """The entity's name with the way to its page from the page `here`."""
        file = self.file(level, entity)
        up = "../" if "/" in here and file else ""
        return Link(self.name(level, entity), up + file)

    @cached_property
    def heading(self) -> Heading:
        evaluation = self.outcome.manifest.evaluation
        pack = evaluation.get("pack") or {}
        flags = [self.items.get(row, "flags") for row in self.flags]
        orders = dict.fromkeys(self.items.label(row.document, "sources") for row in flags if row and row.document)
        version = f", версия {pack['version']}" if pack.get("version") else ""
        title = str(pack.get("title") or pack.get("id") or "")
        return Heading(
            date(str(evaluation.get("as_of") or ""), "ru"), f"«{title}»{version}", tuple(orders), self.public
        )

    @cached_property
    def documents(self) -> list[ItemRow]:
        """The documents of the pack."""
        return list(self.outcome.items.rows(section="sources"))

    @cached_property
    def flags(self) -> dict[str, str]:
        """The flags of schools: id -> label, in the order of the pack."""
        found = {str(flag): str(label) for flag, label in self.outcome.flags.picked("flag", "label", level=self.level)}
        return dict(sorted(found.items(), key=lambda flag: self.items.position(flag[0], "flags")))

    @cached_property
    def values(self) -> dict[tuple[str, str], dict[str, Decimal]]:
        """(indicator, dimensions) -> school -> value, where it is known."""
        found: dict[tuple[str, str], dict[str, Decimal]] = {}
        rows = self.outcome.indicator_values.picked("entity", "indicator", "dimensions", "value", level=self.level)
        for entity, indicator, dimensions, value in rows:
            if value is not None:
                found.setdefault((indicator, dimensions), {})[entity] = value
        return found

    def median(self, indicator: str, dimensions: str) -> tuple[Decimal, int] | None:
        """The middle value of all schools, and of how many; None where nobody's is known."""
        key = indicator, dimensions
        if key not in self._medians:
            values = self.values.get(key)
            self._medians[key] = (statistics.median(values.values()), len(values)) if values else None
        return self._medians[key]

    @cached_property
    def _medians(self) -> dict[tuple[str, str], tuple[Decimal, int] | None]:
        return {}

    @cached_property
    def years_of(self) -> dict[tuple[str, str], dict[str, str]]:
        """(indicator, dimensions without the year) -> year -> dimensions, of whatever any school has."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for indicator, dimensions in self.values:
            cell = json.loads(dimensions)
            if (year := cell.pop("year", None)) is not None:
                found.setdefault((indicator, canonical(cell)), {})[year] = dimensions
        return found

    @cached_property
    def peers(self) -> dict[str, dict[str, list[str]]]:
        """List -> school -> its peers, the nearest first."""
        found: dict[str, dict[str, list[str]]] = {}
        for name, entity, peer in self.outcome.peers.picked("peers", "entity", "peer", level=self.level):
            found.setdefault(name, {}).setdefault(entity, []).append(peer)
        return found

    @cached_property
    def marks(self) -> dict[str, list[InternalMarkRow]]:
        """School -> the marks of doubt that are for internal use."""
        found: dict[str, list[InternalMarkRow]] = {}
        for row in self.outcome.internal_marks.rows(level=self.level):
            found.setdefault(row.entity, []).append(row)
        return found

    @cached_property
    def alike(self) -> str:
        """The list of schools in the same conditions; "" where the pack has none: partners are chosen for their results."""
        return next((name for name in self.peers if not self.is_partners(name)), "")

    def is_partners(self, peers: str) -> bool:
        """Whether a list pairs schools that need help with such as can give it."""
        written = json.loads(row.detail) if (row := self.items.get(peers, "peers")) is not None else {}
        return bool(written.get("for") or written.get("meeting"))


def canonical(dimensions: Mapping[str, str]) -> str:
    """A cell as the outcome writes it."""
    return _canonical(tuple(sorted(dimensions.items())))


@lru_cache(maxsize=65_536)
def _canonical(cell: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(cell), ensure_ascii=False, separators=(",", ":"))
