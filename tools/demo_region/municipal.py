"""What a municipal project asks of schools and of itself: figures of effect, monitorings, terms."""

from __future__ import annotations

from math import floor
from typing import Final

from demo_region.chance import MISSING_TEXTS, YEARS, Chance, Row
from demo_region.context import Facts
from demo_region.schools import MUNICIPALITIES, School
from demo_region.support import Found

PROGRAMME_COLUMNS: Final = (
    "school_id", "year", "pupils", "pupils_research", "pupils_sport", "pupils_municipal", "pupils_regional", "teachers",
    "teachers_higher_education", "teachers_categories", "teachers_pension_age", "teachers_ict", "teachers_innovation",
    "teachers_publications", "teachers_contests", "teachers_winners", "teachers_courses", "school_programme",
)  # fmt: skip
PARTICIPATION_COLUMNS: Final = ("school_id", "year", "scope", "participations")
PROJECT_COLUMNS: Final = ("municipality", "begins", "ends")
MONITORING_COLUMNS: Final = ("municipality", "stage", "held_in", "document")

SCOPES: Final = (("всероссийский", 3.0), ("международный", 0.3), ("муниципальный", 4.0), ("региональный", 2.0))
STAGES: Final = (("входной", 2020), ("итоговый", 2022), ("промежуточный", 2021))
SHORT_PROJECT, NO_PROJECT, NO_FINAL = 5, 8, 10
"""Codes of the municipalities whose project is too short, that have none, that have no final monitoring."""


def make_programme_data(schools: list[School], facts: dict[tuple[str, int], Facts], found: Found) -> list[Row]:
    weak = {s.school_id for s in found.low}
    rows: list[Row] = []
    for s in schools:
        chance = Chance(20, s.index)
        of_pupils = [chance.between(*bounds) for bounds in ((10, 45), (10, 35), (15, 45), (2, 15))]
        of_teachers = [chance.between(*bounds) for bounds in ((10, 40), (60, 98), (0, 30), (0, 40), (0, 25))]
        higher = min(98.0, max(68.0, 84 + 5 * s.wellbeing + 5 * chance.normal()))
        for year in YEARS:
            known, pupils = facts[s.school_id, year], s.pupils[year]
            count = known.teachers
            part = [part_of(p + 1.5 * (year - 2020) + 2 * chance.normal(), pupils) for p in of_pupils]
            staff = [part_of(p + 1.0 * (year - 2020) + 3 * chance.normal(), count) for p in of_teachers]
            winners = floor(staff[4] * chance.between(0, 0.7))
            rows.append([
                s.school_id, str(year), str(pupils), *map(str, part), str(count), str(part_of(higher, count)),
                str(count - part_of(known.no_category, count)), *map(str, staff), str(winners),
                str(part_of(chance.between(20, 60), count)), programme(s.school_id in weak, chance),
            ])  # fmt: skip
    return lose_programme_data(rows)


def part_of(percent: float, whole: int) -> int:
    return min(whole, max(0, floor(percent * whole / 100 + 0.5)))


def programme(weak: bool, chance: Chance) -> str:
    """Whether a school has its programme: asked of those that need it, and not all of them tell."""
    u = chance.random()
    if not weak:
        return ""
    return "да" if u < 0.75 else "нет" if u < 0.92 else ""


def lose_programme_data(rows: list[Row]) -> list[Row]:
    chance = Chance(21)
    lost = chance.pick(rows, 3)
    rows = [r for r in rows if r not in lost]
    for column in range(3, 17):
        for i, row in enumerate(chance.pick(rows, 9)):
            row[column] = MISSING_TEXTS[(i + column) % 4]
    return rows


def make_participation(schools: list[School]) -> list[Row]:
    rows: list[Row] = []
    for s in schools:
        chance = Chance(22, s.index)
        for year in YEARS:
            for scope, mean in SCOPES:
                rows.append([s.school_id, str(year), scope, str(chance.count(mean))])
    return rows


def make_projects() -> list[Row]:
    return sorted(
        [m.name, "2021" if m.code == SHORT_PROJECT else "2020", "2022"] for m in MUNICIPALITIES if m.code != NO_PROJECT
    )


def make_monitorings() -> list[Row]:
    return sorted(
        [m.name, stage, str(year), "Аналитическая справка"]
        for m in MUNICIPALITIES
        for stage, year in STAGES
        if m.code != NO_PROJECT and not (m.code == NO_FINAL and stage == "итоговый")
    )
