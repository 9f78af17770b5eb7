"""Random small tables for the random packs: ties on thresholds, empty and suppressed values, missing rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]
Rows = list[dict[str, str | None]]

YEARS = ("2020", "2021", "2022")
PROCEDURES, GRADES, SUBJECTS, TOPICS = ("ВПР", "ОГЭ"), ("5", "9"), ("рус", "мат"), ("кадры", "среда")
DIMENSION_VALUES = {"procedure": PROCEDURES, "grade": GRADES, "subject": SUBJECTS, "topic": TOPICS, "year": YEARS}
SMALL = (0, 1, 2, 3, 4, 5, 10, 20)
KINDS = ("СОШ", "ООШ", "лицей")
HIDDEN = "SUPP"

OWN_TABLES: dict[str, dict[str, Any]] = {
    "facts": {
        "entity": {"school": "school_id"},
        "key": ["school_id", "year", "topic"],
        "columns": {
            "school_id": {"type": "text"},
            "year": {"type": "year"},
            "topic": {"type": "text"},
            "a": {"type": "count"},
            "b": {"type": "count"},
            "c": {"type": "number", "digits": "2"},
            "note": {"type": "text"},
        },
        "missing": ["нет данных"],
        "hidden": [HIDDEN],
    },
    "profile": {
        "entity": {"school": "school_id"},
        "key": ["school_id"],
        "columns": {"school_id": {"type": "text"}, "points": {"type": "number"}, "shift": {"type": "text"}},
        "hidden": [HIDDEN],
    },
    "towns": {
        "entity": {"municipality": "town"},
        "key": ["town", "year"],
        "columns": {"town": {"type": "text"}, "year": {"type": "year"}, "n": {"type": "count"}},
    },
    "minima": {
        "key": ["subject"],
        "columns": {"subject": {"type": "text"}, "least": {"type": "count"}},
        "rows": "minima.csv",
    },
}
TEACHERS: dict[str, Any] = {
    "entity": {"teacher": "teacher_id"},
    "key": ["teacher_id"],
    "columns": {"teacher_id": {"type": "text"}, "school_id": {"type": "text"}, "hours": {"type": "count"}},
}


def table_columns(table: str) -> list[str]:
    """All columns of one of the pack's own tables, keys first."""
    spec = TEACHERS if table == "teachers" else OWN_TABLES[table]
    return list(dict.fromkeys([*spec["key"], *spec["columns"]]))


class TableMaker:
    def __init__(self, draw: Draw[Any]) -> None:
        self.draw = draw
        numbers = st.sampled_from([str(number) for number in SMALL])
        self.full = draw(st.booleans())  # few gaps, or many
        gap = st.sampled_from([None, "", "н/д"])
        rare = st.integers(0, 30 if self.full else 6)
        self.gap = rare.flatmap(lambda n: gap if n == 0 else st.just("."))
        self.numbers = numbers

    def or_gap(self, text: str, hidden: bool = False) -> str | None:
        found = self.draw(self.gap)
        if found != ".":
            return HIDDEN if hidden and self.draw(st.booleans()) else found
        return text

    def there(self) -> bool:
        return bool(self.draw(st.integers(0, 9)) < (9 if self.full else 6))

    def make(self, teachers: bool, also: bool) -> dict[str, Rows]:
        names = [f"{n:02}" for n in range(1, self.draw(st.integers(1, 5)) + 1)]
        towns = ["м1", "м2", "м3"][: self.draw(st.integers(0, 3))]
        schools = [self.school(name, towns) for name in names]
        used = sorted({town for row in schools if (town := row["municipality"])})
        reach = [*names, "90"] if also else names  # "90" is known by its facts alone
        tables = {
            "schools": schools,
            "results": self.results(names),
            "facts": self.facts(reach),
            "profile": [row for name in names if (row := self.profile(name)) is not None],
            "towns": self.towns(used),
            "minima": [{"subject": s, "least": self.draw(self.numbers)} for s in SUBJECTS if self.there()],
        }
        if teachers:
            tables["teachers"] = self.teachers(names)
        if self.draw(st.integers(0, 9)) == 0:
            tables[self.draw(st.sampled_from(["results", "facts", "profile", "towns"]))] = []
        return tables

    def school(self, name: str, towns: Sequence[str]) -> dict[str, str | None]:
        return {
            "school_id": name,
            "municipality": self.draw(st.sampled_from([*towns, *towns, None])),
            "kind": self.or_gap(self.draw(st.sampled_from(KINDS))),
            "pupils": self.or_gap(self.draw(self.numbers)),
        }

    def results(self, names: Sequence[str]) -> Rows:
        subset = [st.sampled_from([values[:1], values]) for values in (PROCEDURES, GRADES, SUBJECTS)]
        procedures, grades, subjects = (self.draw(values) for values in subset)
        found: Rows = []
        for name, year, procedure, grade, subject in product(names, YEARS, procedures, grades, subjects):
            if not self.there():
                continue
            participants = self.draw(st.sampled_from(SMALL))
            low = self.draw(st.sampled_from([n for n in SMALL if n <= participants]))
            fours = self.draw(st.sampled_from([n for n in SMALL if n <= participants - low]))
            row = {
                "participants": participants,
                "below_minimum": low,
                "mark_4": fours,
                "mark_5": participants - low - fours,
            }
            key: dict[str, str | None] = {"school_id": name, "year": year, "procedure": procedure, "grade": grade}
            found.append({**key, "subject": subject, **{c: self.or_gap(str(n)) for c, n in row.items()}})
        return found

    def facts(self, names: Sequence[str]) -> Rows:
        found: Rows = []
        for name, year, topic in product(names, YEARS, TOPICS):
            if self.there() or name == "90":
                c = self.draw(st.sampled_from(["0", "1", "2.5", "2.50", "-1.25", "10", "50"]))
                note = self.draw(st.sampled_from(["да", "нет", "Да"]))
                values = {"a": self.draw(self.numbers), "b": self.draw(self.numbers), "c": c, "note": note}
                gaps = {column: self.or_gap(text, hidden=True) for column, text in values.items()}
                found.append({"school_id": name, "year": year, "topic": topic, **gaps})
        return found

    def profile(self, name: str) -> dict[str, str | None] | None:
        if not self.there():
            return None
        points = self.draw(st.sampled_from(["1", "2", "2.5", "3"]))
        shift = self.draw(st.sampled_from(["1", "2"]))
        return {"school_id": name, "points": self.or_gap(points, hidden=True), "shift": self.or_gap(shift)}

    def towns(self, names: Sequence[str]) -> Rows:
        return [
            {"town": name, "year": year, "n": self.or_gap(self.draw(self.numbers))}
            for name, year in product(names, YEARS)
            if self.there()
        ]

    def teachers(self, schools: Sequence[str]) -> Rows:
        return [
            {
                "teacher_id": f"т{n}",
                "school_id": self.draw(st.sampled_from(schools)),
                "hours": self.or_gap(self.draw(self.numbers)),
            }
            for n in range(self.draw(st.integers(1, 5)))
        ]


def columns_of(table: str) -> list[str]:
    """The header of a table, also of an empty one."""
    if table in OWN_TABLES or table == "teachers":
        return table_columns(table)
    if table == "schools":
        return ["school_id", "municipality", "kind", "pupils"]
    if table == "decisions":
        return ["entity", "item", "year", "verdict", "role", "reason"]
    return ["school_id", "year", "procedure", "grade", "subject", "participants", "below_minimum", "mark_4", "mark_5"]
