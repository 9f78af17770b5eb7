"""Works beside ВПР, ОГЭ and ЕГЭ: a regional one, one of federal control in some schools; and the region's means."""

from __future__ import annotations

from typing import Final

from demo_region.chance import Chance, Row, hundredths, tenths
from demo_region.results import Work, one_row, takers
from demo_region.schools import School

BENCHMARK_COLUMNS: Final = (
    "scope", "year", "procedure", "grade", "subject", "participants", "mean_score", "mean_mark",
    "below_minimum_percent", "quality_percent",
)  # fmt: skip
REGIONAL: Final = (
    Work("РКР", 6, "мат", (2021, 2022), 20, 0.58, 0.20, (7, 11, 16)),
    Work("РКР", 6, "рус", (2021, 2022), 30, 0.61, 0.19, (12, 19, 26)),
    Work("РКР", 8, "мат", (2021, 2022), 22, 0.50, 0.18, (7, 12, 17)),
    Work("РКР", 8, "рус", (2021, 2022), 34, 0.60, 0.18, (14, 21, 29)),
)
CONTROL: Final = (
    Work("ФГКК", 9, "мат", (2020, 2021, 2022), 20, 0.52, 0.18, (7, 11, 16)),
    Work("ФГКК", 9, "рус", (2020, 2021, 2022), 30, 0.62, 0.18, (12, 19, 26)),
)


def make_control_works(schools: list[School]) -> list[Row]:
    """Rows of both works, to be sorted among the others."""
    rows: list[Row] = []
    tested = under_control(schools)
    for s in schools:
        chance = Chance(23, s.index)
        level = 0.42 * s.wellbeing + s.effect
        for work in (*REGIONAL, *(CONTROL if s.school_id in tested else ())):
            for year in work.years:
                if work.grade <= s.highest_grade and (count := takers(s, work, year, chance)) > 0:
                    row = one_row(s, work, year, count, level + 0.15 * chance.normal(), chance)
                    if work.procedure == "ФГКК":
                        row[11:13] = ["", ""]  # only marks come back
                    rows.append(row)
    return rows


def under_control(schools: list[School]) -> set[str]:
    """A third of the schools with grade 9, at least two of each municipality."""
    chance = Chance(24)
    found: set[str] = set()
    for code in sorted({s.municipality.code for s in schools}):
        there = [s for s in schools if s.municipality.code == code and s.highest_grade >= 9]
        found |= {s.school_id for s in chance.pick(there, max(2, len(there) // 3))}
    return found


def make_benchmarks(results: list[Row]) -> list[Row]:
    """The region's means, pooled over the rows where all that they need is known."""
    cells: dict[tuple[str, ...], list[Row]] = {}
    for row in results:
        cells.setdefault(tuple(row[1:5]), []).append(row)
    rows = []
    for cell in sorted(cells, key=lambda c: (int(c[0]), c[1], int(c[2]), c[3])):
        scored = [r for r in cells[cell] if r[11].isdigit()]
        marked = [r for r in cells[cell] if r[6].isdigit()]
        judged = [r for r in cells[cell] if r[10].isdigit()]
        points = sum((2 + i) * int(r[6 + i]) for r in marked for i in range(4))
        good = sum(int(r[8]) + int(r[9]) for r in marked)
        marks = sum(int(r[6 + i]) for r in marked for i in range(4))
        rows.append([
            "регион", *cell, str(sum(int(r[5]) for r in cells[cell])),
            hundredths(sum(int(r[11]) for r in scored), sum(int(r[5]) for r in scored)) if scored else "",
            hundredths(points, marks) if marks else "",
            tenths(sum(int(r[10]) for r in judged), sum(int(r[5]) for r in judged)),
            tenths(good, marks) if marks else "",
        ])  # fmt: skip
    return rows
