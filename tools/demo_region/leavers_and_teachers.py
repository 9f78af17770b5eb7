"""What a school's programme of support for teachers asks: where pupils went after grade 9, teachers in counts and by code."""

from __future__ import annotations

from math import floor
from typing import Final

from demo_region.chance import MISSING_TEXTS, YEARS, Chance, Row, share
from demo_region.context import Facts
from demo_region.municipal import part_of
from demo_region.results import RESULT_COLUMNS
from demo_region.schools import School
from demo_region.support import Found

LEAVER_COLUMNS: Final = ("school_id", "year", "leavers", "continued", "continued_elsewhere")
IN_PROGRAMME_COLUMNS: Final = (
    "school_id", "year", "teachers", "in_associations", "in_quality_work", "with_low_results",
)  # fmt: skip
PASSPORT_COLUMNS: Final = (
    "school_id", "year", "deviant_behaviour", "no_motivation", "weak_russian", "low_status_families",
)  # fmt: skip
TEACHER_COLUMNS: Final = ("teacher_id", "school_id", "subject", "category", "education")
BY_TEACHER_COLUMNS: Final = ("teacher_id", *RESULT_COLUMNS[1:13])

TOLD_OF_TEACHERS: Final = 2
"""The municipality of which every third school tells of its teachers one by one."""


def make_leavers(schools: list[School]) -> list[Row]:
    rows: list[Row] = []
    for s in schools:
        if s.highest_grade < 9:
            continue
        chance = Chance(23, s.index)
        usual = 85.0 if s.kind in ("гимназия", "лицей") else 62.0 if s.place == "city" else 58.0
        usual = usual + 6 * s.wellbeing + 8 * chance.normal() if s.highest_grade > 9 else 0.0
        for year in YEARS:
            leavers = s.in_grade(9, year)
            continued = part_of(usual + 4 * chance.normal(), leavers) if usual else 0
            elsewhere = part_of(chance.between(0, 8) if usual else chance.between(25, 60), leavers - continued)
            rows.append([s.school_id, str(year), str(leavers), str(continued), str(elsewhere)])
    chance = Chance(24)
    lost = chance.pick(rows, 5)
    rows = [r for r in rows if r not in lost]
    for column in (3, 4):
        for i, row in enumerate(chance.pick(rows, 6)):
            row[column] = MISSING_TEXTS[(i + column) % 4]
    return rows


def make_in_programme(schools: list[School], facts: dict[tuple[str, int], Facts], found: Found) -> list[Row]:
    weak = {s.school_id for s in found.low}
    rows: list[Row] = []
    for s in schools:
        chance = Chance(25, s.index)
        low = chance.between(12, 30) if s.school_id in weak else chance.between(0, 12)
        for year in (2021, 2022):
            count = facts[s.school_id, year].teachers
            joined = count if chance.random() < 0.6 else part_of(chance.between(80, 99), count)
            at_work = part_of(chance.between(62, 98), count)
            rows.append([
                s.school_id, str(year), str(count), str(joined), str(at_work),
                str(part_of(low - 3 * (year - 2021) + 3 * chance.normal(), count)),
            ])  # fmt: skip
    lost = Chance(26).pick(rows, 5)
    return [r for r in rows if r not in lost]


def make_passports(schools: list[School], facts: dict[tuple[str, int], Facts]) -> list[Row]:
    """The latest year's: the four further shares of the social passport."""
    rows: list[Row] = []
    for s in schools:
        chance, year = Chance(28, s.index), YEARS[-1]
        usual = [mean + by * s.wellbeing + 2 * chance.normal() for mean, by in ((3, -1.5), (12, -4), (20, -8))]
        parts = [*usual[:2], 0.4 * facts[s.school_id, year].not_native, usual[2]]
        rows.append([s.school_id, str(year), *(share(part, s.pupils[year]) for part in parts)])
    return rows


def make_teachers(schools: list[School], results: list[Row]) -> tuple[list[Row], list[Row]]:
    """The teachers of some schools, and the results of their pupils: the school's own rows, each with one of its teachers.

    Three teachers of primary classes take grade 4 by turns, two of Russian and two of mathematics the grades with exams.
    """
    teachers: list[Row] = []
    by_teacher: list[Row] = []
    for s in schools:
        if s.municipality.code != TOLD_OF_TEACHERS or s.index % 3:
            continue
        chance = Chance(27, s.index)
        posts = [("начальные классы", 3)] + ([("русский язык", 2), ("математика", 2)] if s.highest_grade > 4 else [])
        codes: dict[str, list[str]] = {}
        for subject, count in posts:
            codes[subject] = [f"{s.school_id}-{len(teachers_of(teachers, s)) + i:02}" for i in range(1, count + 1)]
            for code in codes[subject]:
                category = ("высшая", "первая", "")[floor(chance.random() * 3)]
                teachers.append([code, s.school_id, subject, category, "высшее"])
        for row in results:
            code = teacher_of(row, codes) if row[0] == s.school_id else ""
            if code:
                by_teacher.append([code, *row[1:13]])
    return teachers, sorted(by_teacher, key=lambda r: (r[0], int(r[1]), r[2], int(r[3]), r[4]))


def teachers_of(teachers: list[Row], s: School) -> list[Row]:
    return [row for row in teachers if row[1] == s.school_id]


def teacher_of(row: Row, codes: dict[str, list[str]]) -> str:
    """Whose pupils a row of results is about; "" where it is of a subject or grade that is not told by teachers."""
    year, procedure, grade, subject = int(row[1]), row[2], row[3], row[4].split("_")[0]
    if procedure == "ВПР" and grade == "4":
        return codes["начальные классы"][year % 3]
    name = {"рус": "русский язык", "мат": "математика"}.get(subject, "")
    if procedure not in ("ОГЭ", "ЕГЭ") or name not in codes:
        return ""
    return codes[name][(year + int(grade)) // 2 % 2]
