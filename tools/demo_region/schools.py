"""The region, its municipalities and schools: all invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor, sqrt
from typing import Final

from demo_region.chance import YEARS, Chance

SCHOOL_COLUMNS: Final = (
    "school_id", "name", "municipality", "kind", "locality", "pupils", "latitude", "longitude",
)  # fmt: skip


@dataclass(frozen=True)
class Municipality:
    code: int
    name: str
    centre: str  # as it stands in the name of a school
    centre_kind: str  # city, town, village
    in_centre: int
    in_villages: int
    wellbeing: float  # shift of the social context, in standard deviations
    not_native: float  # usual percent of pupils whose first language is not Russian


MUNICIPALITIES: Final = (
    Municipality(1, "городской округ Небывальск", "г. Небывальск", "city", 68, 0, 0.15, 6),
    Municipality(2, "городской округ Выдумгород", "г. Выдумгород", "city", 34, 0, -0.05, 4),
    Municipality(3, "Верхнепридуманский район", "г. Верхнепридуманск", "town", 5, 16, 0.1, 2),
    Municipality(4, "Нижнепридуманский район", "г. Нижнепридуманск", "town", 4, 15, -0.1, 3),
    Municipality(5, "Какбытовский район", "пгт Какбытово", "town", 3, 17, -0.3, 2),
    Municipality(6, "Миражинский район", "г. Миражинск", "town", 5, 13, -0.2, 22),
    Municipality(7, "Мнимореченский район", "г. Мнимореченск", "town", 5, 17, 0.2, 1),
    Municipality(8, "Понарошковский район", "с. Понарошково", "village", 3, 16, -0.2, 2),
    Municipality(9, "Старосочинённый район", "пгт Старосочинённое", "town", 3, 17, -0.1, 4),
    Municipality(10, "Тридевятский район", "с. Тридевятское", "village", 2, 18, -0.5, 12),
    Municipality(11, "Тридесятский район", "с. Тридесятское", "village", 2, 17, -0.3, 5),
    Municipality(12, "Фантазийский район", "г. Фантазийск", "town", 4, 16, 0.0, 2),
)

PREFIXES: Final = (
    "Верхне", "Нижне", "Мало", "Велико", "Старо", "Ново", "Средне", "Дальне", "Ближне", "Право",
    "Лево", "За",
)  # fmt: skip
ROOTS: Final = (
    "небылицинская", "присказкинская", "побасёнкинская", "прибауткинская", "скороговоркинская",
    "считалкинская", "выдумкинская", "понарошкинская", "якобинкинская", "невзаправдинская",
    "небывалинская", "вымысловская", "примерновская", "условновская", "тридевятинская",
    "мнимовская",
)  # fmt: skip

# Kinds of schools in a city or in the centre of a district, and in villages, as parts of 100.
KINDS: Final = {
    "city": (("НОШ", 4), ("ООШ", 7), ("гимназия", 9), ("лицей", 8), ("СОШ", 72)),
    "town": (("НОШ", 6), ("ООШ", 12), ("гимназия", 5), ("лицей", 5), ("СОШ", 72)),
    "village": (("НОШ", 8), ("ООШ", 38), ("СОШ", 54)),
}
HIGHEST_GRADE: Final = {"НОШ": 4, "ООШ": 9, "СОШ": 11, "гимназия": 11, "лицей": 11}


@dataclass
class School:
    index: int
    school_id: str
    name: str
    municipality: Municipality
    kind: str
    place: str  # city, town, village
    latitude: float
    longitude: float
    distance: int  # kilometres to the centre of the municipality
    size: float  # usual number of pupils of a grade
    cohorts: dict[int, int]  # pupils of those who are in the first grade in that year
    wellbeing: float  # social context in standard deviations
    effect: float = 0.0  # what the school adds to it or takes from it
    inflated: float = 0.0  # by how much its ВПР are too good
    story: str = ""  # resilient, weak, inflated
    pupils: dict[int, int] = field(default_factory=dict)

    @property
    def highest_grade(self) -> int:
        return HIGHEST_GRADE[self.kind]

    def in_grade(self, grade: int, year: int) -> int:
        if grade > self.highest_grade:
            return 0
        whole = self.cohorts[year - grade + 1]
        if grade < 10:
            return whole
        stay = 85 if self.kind in ("гимназия", "лицей") else 55 if self.place == "city" else 50
        return (whole * stay + 50) // 100

    @property
    def abbreviation(self) -> str:
        return self.kind.capitalize() if self.kind in ("гимназия", "лицей") else self.kind


def kinds_of(place: str, n: int, chance: Chance) -> list[str]:
    kinds: list[str] = []
    for kind, part in KINDS[place][:-1]:
        kinds += [kind] * ((n * part + 50) // 100)
    kinds += ["СОШ"] * (n - len(kinds))
    return [kinds[i] for i in chance.order(n)]


def usual_size(place: str, kind: str, chance: Chance) -> float:
    u = chance.random()
    if place == "city":
        size = 40 + 110 * u * u
    elif place == "town":
        size = 22 + 55 * u * u
    else:
        size = 5 + 5 * u + 24 * u * u * u * u * u
        return size * (0.8 if kind == "НОШ" else 0.9 if kind == "ООШ" else 1.0)
    return size * (0.6 if kind == "НОШ" else 0.75 if kind == "ООШ" else 1.0)


def village_names() -> list[str]:
    names = [prefix + root for prefix in PREFIXES for root in ROOTS]
    return [names[i].capitalize() for i in Chance(1).order(len(names))]


def make_schools() -> list[School]:
    schools: list[School] = []
    villages = village_names()
    for m in MUNICIPALITIES:
        chance = Chance(2, m.code)
        # The region lies in the open sea, so that nobody takes a point for a real village.
        row, column = divmod(m.code - 1, 4)
        centre_latitude = 53.6 + 0.8 * row + chance.between(-0.1, 0.1)
        centre_longitude = 147.4 + 1.1 * column + chance.between(-0.15, 0.15)
        kinds = kinds_of(m.centre_kind, m.in_centre, chance)
        kinds += kinds_of("village", m.in_villages, chance)
        for number, kind in enumerate(kinds, start=1):
            index = len(schools)
            of_school = Chance(3, m.code, number)
            in_centre = number <= m.in_centre
            place = m.centre_kind if in_centre else "village"
            around = 0.06 if in_centre else 0.34
            latitude = floor((centre_latitude + around * of_school.between(-1, 1)) * 10_000) / 10_000
            longitude = floor((centre_longitude + 1.6 * around * of_school.between(-1, 1)) * 10_000) / 10_000
            north = 111.2 * (latitude - centre_latitude)
            east = 64.6 * (longitude - centre_longitude)
            distance = floor(1.25 * sqrt(north * north + east * east) + 0.5)
            size = usual_size(place, kind, of_school)
            if place == "village" and in_centre:
                size = 14 + 2 * size
            cohorts = {}
            for start in range(YEARS[0] - 10, YEARS[-1] + 1):
                cohorts[start] = max(2, floor(size * (1 + 0.16 * of_school.normal()) + 0.5))
            wellbeing = m.wellbeing + 0.85 * of_school.normal()
            wellbeing += {"city": 0.3, "town": 0.1, "village": -0.25}[place]
            if kind in ("гимназия", "лицей"):
                wellbeing += 1.1
            school = School(
                index, f"{m.code:02}{number:04}", "", m, kind, place, latitude, longitude, distance,
                size, cohorts, wellbeing, 0.26 * of_school.normal(),
            )  # fmt: skip
            if in_centre:
                school.name = f"{school.abbreviation} № {number} {m.centre}"
            else:
                name = villages.pop(0)
                if kind in ("гимназия", "лицей"):
                    raise AssertionError("a village has neither")
                school.name = f"{name} {kind}"
            for year in YEARS:
                grades = range(1, school.highest_grade + 1)
                school.pupils[year] = sum(school.in_grade(g, year) for g in grades)
            schools.append(school)
    tell_stories(schools)
    return schools


def tell_stories(schools: list[School]) -> None:
    """Some schools are much better or worse than their context lets expect."""
    chance = Chance(4)
    whole = [s for s in schools if s.kind != "НОШ"]
    poor = [s for s in whole if s.wellbeing < -0.8 and s.size >= 6]
    for s in chance.pick(poor, 7):
        s.story, s.effect = "resilient", 1.0
    for s in chance.pick([s for s in whole if not s.story and s.wellbeing < 0.6], 16):
        s.story, s.effect = "weak", -0.75
    ordinary = [s for s in whole if not s.story and s.kind == "СОШ" and s.size > 15]
    for s in chance.pick(ordinary, 4):
        s.story, s.inflated = "inflated", 0.8
