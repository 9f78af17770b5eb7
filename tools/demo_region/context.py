"""The social passport, staff and equipment of each school and year."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

from demo_region.chance import YEARS, Chance, Row, share
from demo_region.schools import School

CONTEXT_COLUMNS: Final = (
    "school_id", "year", "parents_higher_education", "single_parent", "on_registers",
    "russian_not_native", "low_income", "special_needs", "teachers", "teachers_no_category",
    "teachers_under_35", "vacancies", "subjects_without_teacher", "psychologists",
    "speech_therapists", "distance_to_centre_km", "internet_mbps", "pupils_per_computer",
    "textbooks_provided", "transport", "family_survey", "appeals",
)  # fmt: skip


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


@dataclass(frozen=True)
class Facts:
    """What other tables know of a school and year, before anything of the context is lost."""

    year: int
    teachers: int
    no_category: float
    vacancies: int
    without_teacher: int
    psychologists: int
    speech_therapists: int
    internet: int
    not_native: float
    special_needs: float


def facts_of(context: list[Row]) -> dict[tuple[str, int], Facts]:
    found = {}
    for row in context:
        cell = dict(zip(CONTEXT_COLUMNS, row, strict=True))
        found[row[0], int(row[1])] = Facts(
            int(row[1]), int(cell["teachers"]), float(cell["teachers_no_category"]), int(cell["vacancies"]),
            int(cell["subjects_without_teacher"]), int(cell["psychologists"]), int(cell["speech_therapists"]),
            int(cell["internet_mbps"]), float(cell["russian_not_native"]), float(cell["special_needs"]),
        )  # fmt: skip
    return found
