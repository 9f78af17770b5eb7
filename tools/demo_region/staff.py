"""Posts and who fills them on 1 September, and what the diagnosis of teachers found."""

from __future__ import annotations

from math import floor
from typing import Final

from demo_region.chance import MISSING_TEXTS, Chance, Row
from demo_region.context import Facts
from demo_region.schools import School

STAFF_COLUMNS: Final = ("school_id", "year", "post", "subject", "posts", "filled", "specialists")
DIAGNOSTIC_COLUMNS: Final = ("school_id", "year", "subject", "teachers_tested", "below_level")
STAFF_YEARS: Final = (2021, 2022)
NO_SUBJECT: Final = "нет"

#: Parts of all teachers' posts, in hundredths; a primary school has teachers of small children only.
SUBJECTS: Final = (
    ("нач", 30), ("рус", 14), ("мат", 13), ("инф", 4), ("ино", 12), ("физ", 5), ("хим", 4), ("био", 5), ("гео", 4),
    ("ист", 5), ("общ", 4),
)  # fmt: skip
DIAGNOSED: Final = ("нач", "рус", "мат", "физ", "био", "ист")


def quarters(n: int) -> str:
    """n quarters of a post: 0.25, 1.5, 2."""
    return f"{n // 4}{('', '.25', '.5', '.75')[n % 4]}"


def subjects_of(s: School) -> list[tuple[str, int]]:
    if s.highest_grade == 4:
        return [("нач", 90), ("ино", 10)]
    return list(SUBJECTS)


def make_staff(schools: list[School], facts: dict[tuple[str, int], Facts]) -> list[Row]:
    rows: list[Row] = []
    for s in schools:
        chance = Chance(10, s.index)
        for year in STAFF_YEARS:
            known = facts[s.school_id, year]
            found = [*specialists(s, known, chance), *teachers(s, known, chance)]
            rows += [
                [s.school_id, str(year), post, subject, quarters(posts), quarters(filled), str((filled + 3) // 4)]
                for post, subject, posts, filled in sorted(found)
            ]
    return rows


def specialists(s: School, known: Facts, chance: Chance) -> list[tuple[str, str, int, int]]:
    """(post, "нет", quarters of posts, quarters filled): no posts at all where the staffing table has none."""
    pupils = s.pupils[known.year]

    def post(name: str, filled: int, spare: float) -> tuple[str, str, int, int]:
        return name, NO_SUBJECT, filled + (2 + 2 * (chance.random() < 0.6) if chance.random() < spare else 0), filled

    return [
        post("педагог-психолог", 4 * known.psychologists, 0.3 if pupils > 120 else 0.1),
        post("учитель-логопед", 4 * known.speech_therapists, 0.25 if pupils > 200 else 0.06),
        post("учитель-дефектолог", 4 * (pupils > 400 and chance.random() < 0.35), 0.15),
        post("социальный педагог", 4 if pupils > 300 else 2 * (chance.random() < 0.5), 0.12),
        post("педагог дополнительного образования", floor(chance.random() * 3 + pupils / 250) * 2, 0.2),
    ]


def teachers(s: School, known: Facts, chance: Chance) -> list[tuple[str, str, int, int]]:
    """Posts by subject; those not filled add up to the vacancies, subjects without any teacher come first."""
    parts = subjects_of(s)
    posts = {name: max(2, floor(known.teachers * 4 * part / 100 + 0.5)) for name, part in parts}
    filled = dict(posts)
    names = [parts[i][0] for i in chance.order(len(parts))]
    names.sort(key=lambda name: posts[name])  # it is the small subjects that stay without a teacher
    for number in range(known.vacancies):
        name = names[number % len(names)]
        posts[name] = max(posts[name], 4)
        filled[name] = 0 if number < known.without_teacher else max(0, filled[name] - 4)
    return [("учитель", name, posts[name], filled[name]) for name, _ in parts]


def make_diagnostics(schools: list[School], facts: dict[tuple[str, int], Facts]) -> list[Row]:
    rows: list[Row] = []
    for s in schools:
        chance = Chance(11, s.index)
        if chance.random() < 0.15:
            continue  # nobody was tested there
        level = 0.42 * s.wellbeing + s.effect
        for year in STAFF_YEARS:
            there = facts[s.school_id, year].teachers
            for name, part in sorted(subjects_of(s)):
                if name not in DIAGNOSED or chance.random() < 0.2:
                    continue
                tested = max(1, min(12, floor(there * part / 100 * chance.between(0.6, 1) + 0.5)))
                part_below = min(0.7, max(0.0, 0.26 - 0.16 * level + 0.12 * chance.normal()))
                below = min(tested, floor(tested * part_below + chance.random()))
                rows.append([s.school_id, str(year), name, str(tested), str(below)])
    return rows


def lose_staff(schools: list[School], staff: list[Row], diagnostics: list[Row]) -> tuple[list[Row], list[Row]]:
    """Six schools without a row of 2022, twelve single posts without one, and some empty cells."""
    chance = Chance(12)
    silent = {s.school_id for s in chance.pick(schools, 6)}
    staff = [r for r in staff if not (r[0] in silent and r[1] == "2022")]
    single = {tuple(r[:4]) for r in chance.pick([r for r in staff if r[3] == NO_SUBJECT], 12)}
    staff = [r for r in staff if tuple(r[:4]) not in single]
    for i, row in enumerate(chance.pick(staff, 30)):
        row[4 + i % 2] = MISSING_TEXTS[i % 4]
    for i, row in enumerate(chance.pick(diagnostics, 24)):
        row[3 + i % 2] = MISSING_TEXTS[i % 4]
    return staff, diagnostics
