"""What of an outcome is listed: its entities but persons, in the order of municipality and name, and how cells are shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shsnor.outcomes import EntityRow, Outcome, OutcomeTable
from shsnor.outcomes.items import Items
from shsnor.sheets import Cell, Column, Percent
from shsnor.wording import explanations as words
from shsnor.wording.phrases import natural
from shsnor.wording.terms import BASIS, UNIT_FORMS, UNITS, term

#: The first columns of every table about entities; the first two stay in view.
PLACE = (Column("Код", "code"), Column("Название", "text", width=28), Column("Муниципалитет", "text", width=26))
FROZEN = 2

#: Dimensions that have a name of their own, in the order of their columns.
_DIMENSIONS = {
    "procedure": "Процедура", "grade": "Класс", "subject": "Предмет", "year": "Год", "scope": "Охват", "stage": "Этап",
    "cause": "Причина", "post": "Должность", "category": "Категория", "education": "Образование",
    "indicator": "Показатель плана", "unit": "Единица плана",
}  # fmt: skip

Key = tuple[str, str]
"""Level and code of an entity."""


class Shown:
    """The entities that an outcome may show, and the names of its items.

    within   only of this municipality: its entities and itself
    """

    def __init__(self, outcome: Outcome, within: Key | None = None) -> None:
        self.outcome = outcome
        self.items = Items(outcome.items.rows())
        every = [row for row in outcome.entities.rows() if not row.persons]
        self._all = {(row.level, row.entity): row for row in every}
        self.levels = list(dict.fromkeys(row.level for row in every))
        self.entities = {
            key: row for key, row in self._all.items() if within is None or within in (key, *self._above(row))
        }

    def municipalities(self) -> list[EntityRow]:
        """The entities by which a list is parted: of the level `municipality`, else of the first above the lowest."""
        named = "municipality" if "municipality" in self.levels else next(iter(self.levels[1:-1]), "")
        return sorted(
            (row for row in self._all.values() if row.level == named), key=lambda row: natural(row.name or row.entity)
        )

    def municipality(self, row: EntityRow) -> str:
        """The municipality of an entity; "" where it has none."""
        chain = [(row.level, row.entity), *self._above(row)]
        within = [self._all[key] for key in chain if key in self._all]
        found = next((one for one in within if one.level == "municipality"), None)
        if found is None:  # of what it lies in, not the whole region
            found = next((one for one in within[1:] if one.parent_level), None)
        return (found.name or found.entity) if found is not None else ""

    def place(self, key: Key) -> tuple[Cell, Cell, Cell]:
        """The cells of PLACE."""
        row = self._all[key]
        return row.entity, row.name or row.entity, self.municipality(row)

    def order(self, key: Key) -> tuple[object, ...]:
        """For sorting: the lowest level first, by municipality and name, never by a value."""
        row = self._all[key]
        return self.levels.index(row.level), natural(self.municipality(row)), natural(row.name), row.entity

    def by_level(self, keys: Iterable[Key] | None = None) -> Iterator[tuple[str, list[str]]]:
        """Level and the codes of its entities, in their order."""
        keys = self.entities if keys is None else keys
        for level in self.levels:
            if codes := sorted(code for of, code in keys if of == level):
                yield level, codes

    def _above(self, row: EntityRow) -> Iterator[Key]:
        while row.parent_level:
            key = (row.parent_level, row.parent)
            yield key
            if key not in self._all:
                return
            row = self._all[key]


class Dimensions:
    """The columns of the dimensions that a table of an outcome has."""

    def __init__(self, *tables: OutcomeTable[Any]) -> None:
        names = {name for table in tables for text in table.distinct("dimensions") for name in parsed(text)}
        known = [name for name in _DIMENSIONS if name in names]
        self.names = [*known, *sorted(names - set(known))]
        self.columns = tuple(Column(_DIMENSIONS.get(name, name), "text", width=12) for name in self.names)

    def cells(self, dimensions: Mapping[str, str]) -> tuple[Cell, ...]:
        return tuple(dimensions.get(name) for name in self.names)


@lru_cache(maxsize=65_536)
def parsed(dimensions: str) -> Mapping[str, str]:
    """The dimensions of a row; nobody changes what comes back."""
    found: dict[str, str] = json.loads(dimensions)
    return found


def amount(value: Decimal | None, unit: str, text: str | None = None) -> Cell:
    """A value as a cell: a number, a per cent by its unit, or a text."""
    if value is None:
        return text
    return Percent(value) if unit == "percent" else value


def unit_word(unit: str) -> str:
    """The unit for a column of its own."""
    forms = UNIT_FORMS.get(unit)
    return forms[0][2] if forms else term(unit, "ru", UNITS)


def basis_word(basis: str) -> str:
    return term(basis, "ru", BASIS)


def reason_words(reason: str, absence: str = "") -> str:
    return words.reasons(reason, "ru", absence)


def roles(responsible: str) -> str:
    """The roles of a JSON list, with commas."""
    return words.listed(json.loads(responsible or "[]"))
