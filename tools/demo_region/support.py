"""What is done for schools: experts' decisions, causes that were found, measures taken, partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demo_region.chance import MISSING_TEXTS, Chance, Row
from demo_region.context import Facts
from demo_region.gaps import Gaps
from demo_region.results import RULE_YEARS
from demo_region.schools import School

DECISION_COLUMNS: Final = ("entity", "item", "year", "verdict", "role", "reason")
CAUSE_COLUMNS: Final = ("school_id", "year", "cause", "found_by", "degree", "note")
MEASURE_COLUMNS: Final = (
    "entity", "measure", "year", "planned_from", "planned_to", "started", "finished", "role", "status", "result", "cost",
    "funded_by",
)  # fmt: skip
PARTNER_COLUMNS: Final = ("school_id", "partner", "from", "kind", "to", "document")

DEGREES: Final = ("высокая", "средняя", "средняя", "низкая")
MEASURES: Final = (
    "measure.curator", "measure.risk_profile", "measure.anti_risk_programme", "list.5.1.school", "list.5.2.school",
    "list.6.5.school", "measure.5.2",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Which schools the federal rule finds: verdicts by school, and the two groups in the order of schools."""

    verdicts: dict[str, str]
    low: list[School]
    others: list[School]


def found_by_rule(schools: list[School], verdicts: dict[str, str]) -> Found:
    low = [s for s in schools if verdicts[s.school_id] == "met"]
    return Found(verdicts, low, [s for s in schools if verdicts[s.school_id] != "met"])


# --- causes ---------------------------------------------------------------------------------------


def make_causes(found: Found, facts: dict[tuple[str, int], Facts]) -> list[Row]:
    """Of schools with low results three in four were analysed, of the others one in eight; some found nothing."""
    chance = Chance(13)
    low = chance.pick(found.low, (3 * len(found.low) + 2) // 4)
    others = chance.pick(found.others, len(found.others) // 8)
    clean = {s.school_id for s in chance.pick(others, 5)}
    earlier = {s.school_id for s in chance.pick([s for s in found.low if s not in low], 4)}
    rows: list[Row] = []
    for s in sorted([*low, *others, *(s for s in found.low if s.school_id in earlier)], key=lambda s: s.index):
        year = 2021 if s.school_id in earlier else 2022
        causes = ["none"] if s.school_id in clean else causes_of(s, facts[s.school_id, year], Chance(14, s.index))
        own = Chance(15, s.index)
        audit = "муниципальный аудит" if own.random() < 0.6 else "аудит школы"
        for cause in sorted(causes):
            by = "рисковый профиль" if cause.startswith("risk.") else audit
            degree = "" if cause == "none" else DEGREES[int(own.random() * 4)]
            note = "причин не найдено" if cause == "none" else ""
            rows.append([s.school_id, str(year), cause, by, degree, note])
    for i, row in enumerate(chance.pick([r for r in rows if r[4]], 8)):
        row[4] = MISSING_TEXTS[i % 4]
    return rows


def causes_of(s: School, known: Facts, chance: Chance) -> list[str]:
    """What an analysis of the school finds: mostly what its data show, sometimes what they do not."""
    likely = {
        "audit.organisation": 0.35,
        "audit.information": 0.25,
        "audit.staff": 0.85 if known.vacancies >= 2 else 0.2,
        "audit.material": 0.8 if known.internet <= 20 else 0.2,
        "audit.finance": 0.2,
        "risk.equipment": 0.7 if known.internet <= 20 else 0.1,
        "risk.staff_shortage": 0.85 if known.vacancies >= 2 else 0.15,
        "risk.competence": 0.7 if known.no_category >= 45 else 0.2,
        "risk.special_needs": 0.7 if known.special_needs >= 8 else 0.1,
        "risk.language": 0.85 if known.not_native >= 15 else 0.04,
        "risk.motivation": 0.5,
        "risk.wellbeing": 0.25,
        "risk.discipline": 0.3,
        "risk.failure": 0.75 if s.effect < -0.3 else 0.4,
        "risk.parents": 0.55 if s.wellbeing < -0.3 else 0.2,
    }
    causes = [cause for cause, part in likely.items() if chance.random() < part]
    return causes or ["risk.motivation"]


# --- measures taken -------------------------------------------------------------------------------


def make_measures(found: Found) -> list[Row]:
    """The marks of the road map of schools with low results and of a few others."""
    chance = Chance(16)
    rows: list[Row] = []
    for s in sorted([*found.low, *chance.pick(found.others, 10)], key=lambda s: s.index):
        own = Chance(17, s.index)
        for year in (2021, 2022):
            for measure in sorted(own.pick(list(MEASURES), 2 + int(own.random() * 3))):
                rows.append([s.school_id, measure, str(year), *marks(year, own)])
    return sorted(rows, key=lambda r: (r[0], r[1], int(r[2])))


def marks(year: int, chance: Chance) -> list[str]:
    """From the planned dates to who paid: a measure of a school year, at its end or still under way."""
    begins, months = 9 + int(chance.random() * 3), 2 + int(chance.random() * 5)
    ends = begins + months
    status = ("done", "done", "done", "done", "planned", "overdue", "overdue", "cancelled", "")[
        int(chance.random() * 9)
    ]

    def day(month: int, number: int) -> str:
        return f"{year - 1 if month <= 12 else year}-{(month - 1) % 12 + 1:02}-{number:02}"

    started = day(begins, 5 + int(chance.random() * 15)) if status in ("done", "overdue") else ""
    finished = day(ends, 10 + int(chance.random() * 15)) if status == "done" else ""
    role = ("муниципальный координатор", "директор школы", "куратор")[int(chance.random() * 3)]
    result = ("проведено", "программа написана", "учителя прошли курсы")[int(chance.random() * 3)] if finished else ""
    paid = status == "done" and chance.random() < 0.4
    cost = str(1000 * (2 + int(chance.random() * 40))) if paid else ""
    return [
        day(begins, 1), day(ends, 28), started, finished, role, status, result, cost, "муниципалитет" if paid else "",
    ]  # fmt: skip


# --- partners -------------------------------------------------------------------------------------


def make_partners(found: Found) -> list[Row]:
    """For half of the schools with low results a strong school near by, mostly by a contract."""
    chance = Chance(18)
    strong = [s for s in found.others if s.highest_grade == 11 and s.size > 15 and s.wellbeing + s.effect > 0.5]
    rows: list[Row] = []
    for s in chance.pick(found.low, len(found.low) // 2):
        own = Chance(19, s.index)
        near = sorted(
            strong, key=lambda p: ((p.latitude - s.latitude) ** 2 + (p.longitude - s.longitude) ** 2, p.index)
        )
        partner = near[int(own.random() * 3)]
        kind = ("договор", "договор", "договор", "куратор", "базовая школа", "наставник")[int(own.random() * 6)]
        since = f"202{int(own.random() * 3)}-{1 + int(own.random() * 9):02}-15"
        document = f"договор № {1 + int(own.random() * 90)}" if kind == "договор" else ""
        rows.append([s.school_id, partner.school_id, since, kind, "", document])
    return sorted(rows)


# --- decisions ------------------------------------------------------------------------------------


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
