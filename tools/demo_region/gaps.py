"""What is missing on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor

from demo_region.chance import MISSING_TEXTS, YEARS, Chance, Row
from demo_region.context import CONTEXT_COLUMNS
from demo_region.schools import School


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
