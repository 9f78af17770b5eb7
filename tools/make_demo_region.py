"""Make the demo region: invented schools with three years of results and context.

    python tools/make_demo_region.py [folder]

writes schools.csv, results.csv, context.csv, decisions.csv and README.md, by default into
src/shsnor/demo_region. Plain standard library. The same bytes come out on any machine and any
Python from 3.11 on: of `random` only `Random(int).random()` is used, whose sequence is guaranteed,
and of floating point only + - * / and sqrt, which IEEE 754 rounds exactly (no exp, no log, no
`sum` of floats, whose rounding changed in Python 3.12).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from math import floor, sqrt
from pathlib import Path
from random import Random
from typing import Final, TypeVar

Item = TypeVar("Item")

SEED: Final = 20220901
REGION: Final = "Вымышленная область"
YEARS: Final = (2020, 2021, 2022)
MISSING_TEXTS: Final = ("", "н/д", "", "-")
"""How a missing cell is written, in turn: half of them empty."""

SCHOOL_COLUMNS: Final = (
    "school_id", "name", "municipality", "kind", "locality", "pupils", "latitude", "longitude",
)  # fmt: skip
RESULT_COLUMNS: Final = (
    "school_id", "year", "procedure", "grade", "subject", "participants", "mark_2", "mark_3",
    "mark_4", "mark_5", "below_minimum", "score_sum", "score_max", "below_journal", "as_journal",
    "above_journal",
)  # fmt: skip
CONTEXT_COLUMNS: Final = (
    "school_id", "year", "parents_higher_education", "single_parent", "on_registers",
    "russian_not_native", "low_income", "special_needs", "teachers", "teachers_no_category",
    "teachers_under_35", "vacancies", "subjects_without_teacher", "psychologists",
    "speech_therapists", "distance_to_centre_km", "internet_mbps", "pupils_per_computer",
    "textbooks_provided", "transport", "family_survey", "appeals",
)  # fmt: skip
DECISION_COLUMNS: Final = ("entity", "item", "year", "verdict", "role", "reason")

# --- the region ---------------------------------------------------------------------------------


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

# --- the tests ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    procedure: str
    grade: int
    subject: str
    years: tuple[int, ...]  # in which it was held
    highest: int  # the highest score of one work
    mean: float  # what a pupil of average results gets, as a part of `highest`
    spread: float  # what one standard deviation more of results adds, likewise
    bounds: tuple[int, ...] = ()  # smallest scores of the marks 3, 4, 5
    minimum: int = 0  # smallest passing score, where there are no marks
    takes: float = 1.0  # part of the grade that takes it
    select: float = 0.0  # how much better than the grade those are who take it


ALL: Final = YEARS
WORKS: Final = (
    Work("ВПР", 4, "рус", ALL, 38, 0.66, 0.19, (14, 24, 33)),
    Work("ВПР", 4, "мат", ALL, 20, 0.61, 0.20, (6, 10, 15)),
    Work("ВПР", 4, "окр", ALL, 32, 0.65, 0.16, (8, 18, 27)),
    Work("ВПР", 5, "рус", ALL, 45, 0.63, 0.20, (18, 29, 39)),
    Work("ВПР", 5, "мат", ALL, 20, 0.60, 0.21, (7, 11, 15)),
    Work("ВПР", 6, "рус", ALL, 51, 0.625, 0.19, (20, 35, 45)),
    Work("ВПР", 6, "мат", ALL, 16, 0.605, 0.19, (6, 10, 14)),
    Work("ВПР", 7, "рус", ALL, 47, 0.60, 0.19, (19, 32, 41)),
    Work("ВПР", 7, "мат", ALL, 19, 0.52, 0.19, (6, 11, 15)),
    Work("ВПР", 8, "рус", ALL, 51, 0.61, 0.19, (21, 32, 45)),
    Work("ВПР", 8, "мат", ALL, 25, 0.43, 0.16, (7, 14, 20)),
    # 2020: cancelled; 2021: only Russian and mathematics.
    Work("ОГЭ", 9, "рус", (2021, 2022), 33, 0.74, 0.17, (15, 23, 29)),
    Work("ОГЭ", 9, "мат", (2021, 2022), 31, 0.47, 0.14, (8, 15, 22)),
    Work("ОГЭ", 9, "общ", (2022,), 37, 0.58, 0.15, (14, 24, 32), takes=0.5),
    Work("ОГЭ", 9, "био", (2022,), 48, 0.50, 0.15, (13, 26, 38), takes=0.24),
    # 2020 and 2021: only for those who go on to a university; no base mathematics.
    Work("ЕГЭ", 11, "рус", ALL, 100, 0.57, 0.15, minimum=24, select=0.3),
    Work("ЕГЭ", 11, "мат_проф", ALL, 100, 0.41, 0.16, minimum=27, takes=0.5, select=0.5),
    Work("ЕГЭ", 11, "мат_база", (2022,), 21, 0.60, 0.18, (7, 12, 17), takes=0.5),
    Work("ЕГЭ", 11, "общ", ALL, 100, 0.515, 0.16, minimum=42, takes=0.42, select=0.25),
)
YEAR_EFFECT: Final = {2020: -0.14, 2021: 0.0, 2022: 0.05}
ONLY_ENTRANTS: Final = {2020: 0.82, 2021: 0.86, 2022: 1.0}

# The federal rule (methodology, section 3): low = 30 % or more of the participants below the
# minimum; on the list = low in two or more pairs of procedure and year in the last two years.
RULE_YEARS: Final = (2021, 2022)
LOW_PERCENT: Final = 30
RULE_WORKS: Final = tuple(
    w for w in WORKS if w.subject in ("рус", "мат", "мат_проф", "мат_база") and w.grade in (5, 6, 9, 11)
)


class Chance:
    """Random numbers that are the same everywhere."""

    def __init__(self, *seed: int) -> None:
        number = SEED
        for part in seed:
            number = number * 100_003 + part
        self.random = Random(number).random

    def normal(self) -> float:
        """About normal: mean 0, deviation 1, never beyond 3.5."""
        r = self.random
        return (r() + r() + r() + r() - 2.0) * ROOT_3

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random()

    def count(self, mean: float) -> int:
        """A small count with about this mean (at most four times as much)."""
        slots = max(4, floor(mean * 4))
        hits = 0
        for _ in range(slots):
            hits += self.random() * slots < mean
        return hits

    def order(self, n: int) -> list[int]:
        """The numbers 0 … n - 1 in random order."""
        numbers = list(range(n))
        for i in range(n - 1, 0, -1):
            j = floor(self.random() * (i + 1))
            numbers[i], numbers[j] = numbers[j], numbers[i]
        return numbers

    def pick(self, items: list[Item], n: int) -> list[Item]:
        """Some of the items, in their order."""
        return [items[i] for i in sorted(self.order(len(items))[:n])]


ROOT_3: Final = sqrt(3.0)

# --- the schools --------------------------------------------------------------------------------


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


# --- context ------------------------------------------------------------------------------------


def tenths(part: int, whole: int) -> str:
    """100 * part / whole with one digit, half up."""
    t = (2000 * part + whole) // (2 * whole)
    return f"{t // 10}.{t % 10}"


def share(percent: float, whole: int) -> str:
    """The percent that really occurs among so many pupils or teachers and is next to this one."""
    percent = min(97.0, max(0.0, percent))
    return tenths(floor(percent * whole / 100 + 0.5), whole)


Row = list[str]


def make_context(schools: list[School]) -> list[Row]:
    rows: list[Row] = []
    for s in schools:
        chance = Chance(5, s.index)
        n = chance.normal
        w = s.wellbeing
        educated = 31 + 13 * w + 4 * n()
        single = 22 - 4.5 * w + 3 * n()
        registers = 1.6 - 1.1 * w + 0.8 * n()
        u = chance.random()
        not_native = s.municipality.not_native * (0.2 + 2.6 * u * u * u)
        low_income = 24 - 8 * w + 4 * n()
        special = 6 - 0.8 * w + 2 * n()
        load = 15.0 if s.place == "city" else 12.0 if s.place == "town" else 8.0
        staff = s.pupils[2021] / load * (1 + 0.1 * n()) + (3 if s.highest_grade > 4 else 1)
        no_category = 38 - 7 * w + 9 * n()
        young = 22 + 8 * n()
        internet = (10, 10, 20, 50, 50, 100)[floor(chance.random() * 6)]
        internet = internet if s.place == "village" else 100 if chance.random() < 0.8 else 50
        computers = (4 if s.place == "village" else 8) + chance.between(-1.5, 4)
        textbooks = min(100, floor(97 + 2.5 * n()))
        transport = chance.random() < {"city": 0.04, "town": 0.3, "village": 0.7}[s.place]
        content = 78 + 4 * w + 5 * n()
        for year in YEARS:
            pupils = s.pupils[year]
            teachers = max(2, floor(staff * (1 + 0.03 * n()) + 0.5))
            vacancies = chance.count(0.5 + teachers / 40 - 0.15 * min(1.0, max(-2.0, w)))
            without = min(vacancies, chance.count(0.35 if s.place == "village" else 0.2))
            rows.append([
                s.school_id,
                str(year),
                share(educated + 1.2 * n(), pupils),
                share(single + 1.0 * n(), pupils),
                share(registers + 0.4 * n(), pupils),
                share(not_native * (1 + 0.1 * n()), pupils),
                share(low_income + 1.5 * n(), pupils),
                share(special + 0.6 * n(), pupils),
                str(teachers),
                share(no_category + 3 * n(), teachers),
                share(young + 3 * n(), teachers),
                str(vacancies),
                str(without),
                str(min(3, floor(pupils / 450 + chance.random()))),
                str(min(2, floor(pupils / 600 + 0.8 * chance.random()))),
                str(s.distance),
                str(internet if year > 2020 or internet < 100 else 50),
                f"{max(10, floor(10 * (computers - 0.4 * (year - 2020)))) / 10:.1f}",
                str(max(80, min(100, textbooks + year - 2021))),
                "да" if transport else "нет",
                str(max(30, min(99, floor(content + 2 * n())))),
                str(chance.count(0.2 + pupils / 500)),
            ])  # fmt: skip
    return rows


# --- results ------------------------------------------------------------------------------------


def takers(s: School, work: Work, year: int, chance: Chance) -> int:
    of_grade = s.in_grade(work.grade, year)
    if work.procedure == "ВПР":
        return max(min(2, of_grade), floor(of_grade * chance.between(0.86, 0.99) + 0.5))
    of_grade = floor(of_grade * (0.97 if work.procedure == "ОГЭ" else ONLY_ENTRANTS[year]) + 0.5)
    if work.takes == 1.0:
        return of_grade
    part = work.takes + chance.between(-0.12, 0.12)
    if work.subject == "мат_проф" and s.kind in ("гимназия", "лицей"):
        part += 0.15
    return floor(of_grade * part + 0.5)


def make_results(schools: list[School]) -> list[Row]:
    rows: list[Row] = []
    for s in schools:
        chance = Chance(6, s.index)
        n = chance.normal
        level = 0.42 * s.wellbeing + s.effect
        of_subject = {subject: 0.16 * n() for subject in ("рус", "мат", "окр", "общ", "био")}
        of_cohort = {start: 0.2 * n() for start in s.cohorts}
        for year in YEARS:
            of_year = YEAR_EFFECT[year] + 0.08 * n()
            profile = 0
            works = []
            for work in WORKS:
                if year not in work.years or work.grade > s.highest_grade:
                    continue
                count = takers(s, work, year, chance)
                if work.subject == "мат_проф":
                    profile = count
                elif work.subject == "мат_база":  # all who do not take the other one
                    count = floor(s.in_grade(11, year) * ONLY_ENTRANTS[year] + 0.5) - profile
                if count <= 0:
                    continue  # nobody took it: there is no such row
                mean = level + of_subject[work.subject.split("_")[0]] + of_year + work.select
                mean += of_cohort[year - work.grade + 1] + (0.25 if work.grade == 11 else 0.0)
                if work.procedure == "ВПР":
                    mean += s.inflated
                if work.subject == "мат_база":
                    mean -= 0.2
                works.append((work, one_row(s, work, year, count, mean, chance)))
            works.sort(key=lambda w: (w[0].procedure, w[0].grade, w[0].subject))
            rows += [row for _, row in works]
    return rows


def mark_of(score: int, bounds: tuple[int, ...]) -> int:
    three, four, five = bounds
    return 2 + (score >= three) + (score >= four) + (score >= five)


def one_row(s: School, work: Work, year: int, count: int, mean: float, chance: Chance) -> Row:
    marks = [0, 0, 0, 0, 0, 0]
    journal = [0, 0, 0]
    below = total = 0
    random, normal, highest = chance.random, chance.normal, work.highest
    for _ in range(count):
        pupil = mean + 0.8 * normal()
        score = floor(highest * (work.mean + work.spread * pupil) + 0.5)
        score = min(highest, max(0, score))
        if work.bounds:
            mark = mark_of(score, work.bounds)
            marks[mark] += 1
            below += mark == 2
            if work.procedure == "ВПР":  # the class journal is kinder and knows few marks 2
                known = pupil - s.inflated + 0.2 + 0.9 * (random() + random() - 1)
                in_journal = mark_of(floor(highest * (work.mean + work.spread * known) + 0.5), work.bounds)
                if in_journal == 2 and random() < 0.8:
                    in_journal = 3
                journal[1 if mark == in_journal else 0 if mark < in_journal else 2] += 1
        else:
            below += score < work.minimum
        if work.subject == "мат_база":  # in per cents of the highest score
            score = (200 * score + highest) // (2 * highest)
        total += score
    maximum = 100 if work.procedure == "ЕГЭ" else highest
    return [
        s.school_id,
        str(year),
        work.procedure,
        str(work.grade),
        work.subject,
        str(count),
        *([str(x) for x in marks[2:]] if work.bounds else [""] * 4),
        str(below),
        str(total),
        str(count * maximum),
        *([str(x) for x in journal] if work.procedure == "ВПР" else [""] * 3),
    ]


# --- the federal rule, to tell how many schools it finds ----------------------------------------


def by_the_rule(schools: list[School], results: list[Row], minimum: int = 0) -> dict[str, str]:
    """met, not_met, unknown for each school; not_applicable where it has no grade of the rule."""
    cells = {(r[0], r[1], r[2], r[3], r[4]): (r[5], r[10]) for r in results}
    verdicts = {}
    for s in schools:
        met = unknown = whole = 0
        for work in RULE_WORKS:
            for year in RULE_YEARS:
                if year not in work.years or work.grade > s.highest_grade:
                    continue
                whole += 1
                key = (s.school_id, str(year), work.procedure, str(work.grade), work.subject)
                n, below = cells.get(key, ("", ""))
                if not (n.isdigit() and below.isdigit()) or int(n) < minimum:
                    unknown += 1
                elif 100 * int(below) >= LOW_PERCENT * int(n):
                    met += 1
        verdicts[s.school_id] = (
            "not_applicable" if not whole
            else "met" if met >= 2
            else "not_met" if met + unknown < 2
            else "unknown"
        )  # fmt: skip
    return verdicts


# --- what is missing on purpose -----------------------------------------------------------------


@dataclass
class Gaps:
    coordinates: list[str] = field(default_factory=list)
    whole: list[tuple[str, str, str]] = field(default_factory=list)  # school, year, procedure
    rows: list[tuple[str, ...]] = field(default_factory=list)
    counts: list[tuple[str, ...]] = field(default_factory=list)
    scores: list[tuple[str, ...]] = field(default_factory=list)
    journals: list[tuple[str, str]] = field(default_factory=list)
    context_rows: list[tuple[str, str]] = field(default_factory=list)
    context_cells: int = 0


def lose_results(schools: list[School], results: list[Row], gaps: Gaps) -> list[Row]:
    chance = Chance(7)
    graduates = [s.school_id for s in schools if s.highest_grade == 11]
    basic = [s.school_id for s in schools if s.highest_grade >= 9]
    for school_id in chance.pick(basic, 5):
        gaps.whole.append((school_id, str(YEARS[floor(chance.random() * 3)]), "ВПР"))
    gaps.whole.append((chance.pick(basic, 1)[0], "2021", "ОГЭ"))
    gaps.whole.append((chance.pick(graduates, 1)[0], "2022", "ЕГЭ"))
    gaps.whole.sort()
    whole = set(gaps.whole)
    results = [r for r in results if (r[0], r[1], r[2]) not in whole]

    single = {tuple(r[:5]) for r in chance.pick(results, 30)}
    gaps.rows = sorted(single)
    results = [r for r in results if tuple(r[:5]) not in single]

    marked = [r for r in results if r[6]]
    for i, row in enumerate(chance.pick(marked, 48)):
        text = MISSING_TEXTS[i % 4]
        row[6:11] = [text] * 5
        gaps.counts.append(tuple(row[:5]))
    for i, row in enumerate(chance.pick(results, 24)):
        row[11] = MISSING_TEXTS[i % 4]
        gaps.scores.append(tuple(row[:5]))
    for i, school_id in enumerate(chance.pick([s.school_id for s in schools], 8)):
        year = str(YEARS[i % 3])
        gaps.journals.append((school_id, year))
        for row in results:
            if row[0] == school_id and row[1] == year:
                row[13:16] = [""] * 3
    return results


def lose_context(context: list[Row], gaps: Gaps) -> list[Row]:
    chance = Chance(8)
    lost = chance.pick(context, 4)
    gaps.context_rows = [(r[0], r[1]) for r in lost]
    context = [r for r in context if r not in lost]
    for column in range(2, len(CONTEXT_COLUMNS)):
        for i, row in enumerate(chance.pick(context, 22)):
            row[column] = MISSING_TEXTS[(i + column) % 4]
            gaps.context_cells += 1
    return context


# --- tables -------------------------------------------------------------------------------------


def schools_table(schools: list[School], gaps: Gaps) -> list[Row]:
    gaps.coordinates = [s.school_id for s in Chance(9).pick(schools, 6)]
    return [
        [
            s.school_id,
            s.name,
            s.municipality.name,
            s.kind,
            "rural" if s.place == "village" else "urban",
            str(s.pupils[YEARS[-1]]),
            *(["", ""] if s.school_id in gaps.coordinates else [f"{s.latitude:.4f}", f"{s.longitude:.4f}"]),
        ]
        for s in schools
    ]  # fmt: skip


def make_decisions(schools: list[School], verdicts: dict[str, str], gaps: Gaps) -> list[Row]:
    incomplete = {k[0] for k in (*gaps.whole, *gaps.rows) if int(k[1]) in RULE_YEARS}

    def first(verdict: str, among: set[str]) -> str:
        return next(k for k, v in verdicts.items() if v == verdict and k in among)

    weak, inflated = ({s.school_id for s in schools if s.story == x} for x in ("weak", "inflated"))
    reasons = (
        (first("met", weak), "not_met", "Перепроверка работ: часть отметок внесена с ошибкой"),
        (first("not_met", inflated), "met", "Выборочная перепроверка ВПР: результаты завышены"),
        (first("unknown", incomplete), "met", "Недостающий протокол школа представила на бумаге"),
    )
    role = "муниципальный координатор"
    return sorted([i, "low_results", "2022", v, role, reason] for i, v, reason in reasons)


def csv_text(columns: tuple[str, ...], rows: list[Row]) -> str:
    lines = [",".join(columns)]
    for row in rows:
        if len(row) != len(columns) or any(c in cell for cell in row for c in ',"\n\r'):
            raise AssertionError(f"not a plain row: {row}")
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"


def region_files() -> dict[str, bytes]:
    """The files of the folder: name and content."""
    gaps = Gaps()
    schools = make_schools()
    roster = schools_table(schools, gaps)
    results = lose_results(schools, make_results(schools), gaps)
    context = lose_context(make_context(schools), gaps)
    verdicts = by_the_rule(schools, results)
    decisions = make_decisions(schools, verdicts, gaps)
    texts = {
        "schools.csv": csv_text(SCHOOL_COLUMNS, roster),
        "results.csv": csv_text(RESULT_COLUMNS, results),
        "context.csv": csv_text(CONTEXT_COLUMNS, context),
        "decisions.csv": csv_text(DECISION_COLUMNS, decisions),
        "README.md": readme(schools, results, context, decisions, gaps),
    }
    return {name: text.encode("utf-8") for name, text in texts.items()}


def readme(schools: list[School], results: list[Row], context: list[Row], decisions: list[Row], gaps: Gaps) -> str:
    def key(parts: tuple[str, ...]) -> str:
        return " ".join(parts)

    def listing(items: list[str]) -> str:
        return ", ".join(items)

    def story(name: str) -> str:
        return listing([s.school_id for s in schools if s.story == name])

    kinds = listing([f"{kind} – {sum(s.kind == kind for s in schools)}" for kind in HIGHEST_GRADE])
    counts = []
    for minimum in (0, 5):
        values = list(by_the_rule(schools, results, minimum).values())
        met = values.count("met")
        share_met = tenths(met, len(schools)).replace(".", ",")
        counts.append(
            f"| {minimum} | {met} ({share_met} %) | {values.count('not_met')} | "
            f"{values.count('unknown')} | {values.count('not_applicable')} |"
        )
    small = sum(r[5].isdigit() and int(r[5]) < 5 for r in results)
    rural = sum(s.place == "village" for s in schools)
    return f"""# Демонстрационный регион: {REGION}

**Всё здесь выдумано**: регион, муниципалитеты, школы, числа. Ни одна строка не описывает настоящую
школу или человека; координаты лежат в открытом море. Данные нужны, чтобы попробовать `shsnor`.

Создано программой `tools/make_demo_region.py`, начальное число (seed) {SEED}. Повторный запуск
даёт те же байты. Файлы (и этот тоже) руками не править: менять программу и запускать её снова.

| файл | строк | что в нём |
|---|---|---|
| `schools.csv` | {len(schools)} | школы: {kinds}; сельских {rural}; муниципалитетов {len(MUNICIPALITIES)} |
| `results.csv` | {len(results)} | ВПР, ОГЭ, ЕГЭ за {YEARS[0]}, {YEARS[1]}, {YEARS[2]} годы |
| `context.csv` | {len(context)} | социальный паспорт, кадры, оснащение за те же годы |
| `decisions.csv` | {len(decisions)} | решения экспертов по `low_results` за 2022 год |

CSV, UTF-8, запятая, строки отсортированы по ключу. Коды школ – текст с ведущими нулями (`010001`).

## Как читать

- Год – календарный год, в котором кончается учебный год проверяемой программы. ВПР, перенесённые
  на осень 2020 и 2022 годов, записаны как 2020 и 2022 под классом, программу которого проверяли, за
  школой, где эта программа пройдена (упрощение: осенью часть учеников уже в другой школе).
- `below_minimum`: ВПР, ОГЭ и ЕГЭ `мат_база` – отметка «2»; ЕГЭ – ниже минимального балла:
  `рус` 24, `мат_проф` 27, `общ` 42.
- `score_max` – сумма максимумов написанных работ. ВПР и ОГЭ – первичные баллы; ЕГЭ – по 100 за
  работу; `мат_база` своих ста баллов не имеет, там процент от 21 первичного балла, округлённый по ученикам.
- ЕГЭ: отметки есть только у `мат_база`. Сравнение с журналом – только у ВПР.
- В 2020 и 2021 годах ЕГЭ сдавали только поступающие в вузы, участников меньше.
- Доли контекста – проценты 0–100 с одним знаком: от числа учеников, у
  `teachers_no_category` и `teachers_under_35` – от числа учителей; `family_survey` – процент
  довольных; `distance_to_centre_km` – до центра муниципалитета.
- `pupils` в `schools.csv` – на 2022 год.

## Чего не было (строк нет ни у одной школы)

| год | процедура |
|---|---|
| 2020 | ОГЭ отменён |
| 2021 | ОГЭ по предметам по выбору (`общ`, `био`) |
| 2020, 2021 | ЕГЭ `мат_база` |

## Чего нет нарочно

Пропуск в ячейке записан по-разному: пусто, `н/д` или `-`.

- Нет строк 9-го класса у НОШ и 11-го класса у НОШ и ООШ; у НОШ из ВПР есть только 4-й класс,
  поэтому федеральное правило к ним неприменимо.
- Нет строки, если экзамен никто не выбрал (обычно в сёлах: `мат_проф`, `мат_база`, `общ`, `био`).
- Целая процедура за год не загружена: {"; ".join(key(k) for k in gaps.whole)}.
- Потеряны отдельные строки результатов ({len(gaps.rows)}): {"; ".join(key(k) for k in gaps.rows)}.
- Нет отметок и `below_minimum`, участники известны ({len(gaps.counts)} строк):
  {"; ".join(key(k) for k in gaps.counts)}.
- Нет `score_sum` ({len(gaps.scores)} строк): {"; ".join(key(k) for k in gaps.scores)}.
- Нет сравнения с журналом у всех ВПР школы за год: {"; ".join(key(k) for k in gaps.journals)}.
- Нет строки контекста: {"; ".join(key(k) for k in gaps.context_rows)}.
- Пустые ячейки контекста: по 22 в каждом столбце (около 2,5 %), всего {gaps.context_cells}.
- Нет координат: {listing(gaps.coordinates)}.
- Менее 5 участников: {small} строк результатов.

## Какие школы задуманы особыми

- Резильентные (трудный контекст, высокие результаты): {story("resilient")}.
- Результаты много ниже, чем позволяет контекст: {story("weak")}.
- ВПР завышены, экзамены обычные: {story("inflated")}.

## Сколько школ находит федеральное правило

Не менее {LOW_PERCENT} % участников ниже минимума в двух и более парах «процедура, год» за 2021 и 2022 годы:
ВПР `рус`, `мат` в 5 и 6 классах, ОГЭ `рус`, `мат`, ЕГЭ `рус`, `мат_проф`, `мат_база`. Нет строки или
числа – неизвестно. Решения экспертов не учтены. Доля – от всех школ.

| наименьшее число участников | ШНОР | не ШНОР | неизвестно | неприменимо (НОШ) |
|---|---|---|---|---|
{chr(10).join(counts)}
"""


def main(arguments: list[str]) -> int:
    here = Path(__file__).resolve().parent.parent / "src" / "shsnor" / "demo_region"
    folder = Path(arguments[0]) if arguments else here
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in region_files().items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{name}: {len(content)} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
