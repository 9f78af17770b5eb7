"""The tests and their results, and the federal rule, to tell how many schools it finds."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

from demo_region.chance import YEARS, Chance, Row
from demo_region.schools import School

RESULT_COLUMNS: Final = (
    "school_id", "year", "procedure", "grade", "subject", "participants", "mark_2", "mark_3",
    "mark_4", "mark_5", "below_minimum", "score_sum", "score_max", "below_journal", "as_journal",
    "above_journal",
)  # fmt: skip


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
