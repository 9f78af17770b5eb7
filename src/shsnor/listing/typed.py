"""The two sheets that are filled in by hand and read back: «Решения» and «Дорожная карта»."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shsnor.listing.reasons import flagged
from shsnor.listing.shown import PLACE, Key, Shown, roles
from shsnor.listing.tables import recommended
from shsnor.sheets import Cell, Column, Sheet
from shsnor.wording import explanations as words
from shsnor.wording import listing as said
from shsnor.wording.terms import SECTIONS, VERDICTS, term

DECISIONS, ROAD_MAP = "Решения", "Дорожная карта"

#: What `measures_taken` calls a state -> what the road map does; the layout `list` says it the other way round.
STATES = {"planned": "запланировано", "done": "выполнено", "overdue": "просрочено", "cancelled": "отменено"}

_SECTIONS = ("flags", "criteria", "clusters")


@dataclass
class Written:
    """What somebody has typed into an earlier list: entity, item or measure, year -> column of the table -> cell.

    carried   what of that stands in the new list
    """

    decisions: dict[tuple[str, str, str], Mapping[str, Cell]] = field(default_factory=dict)
    marks: dict[tuple[str, str, str], Mapping[str, Cell]] = field(default_factory=dict)
    carried: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def lost(self) -> bool:
        """Whether something typed has no place in the new list: it is of another year, or no longer recommended."""
        return not self.carried >= {*self.decisions, *self.marks}


@dataclass(frozen=True)
class _Decided:
    """What an entity has for an item that an expert may decide."""

    computed: str
    verdict: str = ""
    role: str = ""
    reason: str = ""
    matters: bool = True


def decisions(shown: Shown, written: Written, most: int) -> tuple[Sheet, bool]:
    """A row for each entity and item that an expert may decide; whether only those were taken that are not plainly «not met».

    most   rows, beyond which these are left out
    """
    rows = list(_decisions(shown, written))
    few = len(rows) > most
    choices = dict.fromkeys(word for item in _decidable(shown) for word in _choices(shown, *item))
    columns = (
        *PLACE,
        Column("Код критерия", "code", width=16),
        Column("Признак, критерий или кластер", "text", width=36),
        Column("Что это", "text"),
        Column("По расчёту", "text", width=18),
        Column("Год", "code"),
        Column("Решение", "text", 24, tuple(choices), note=said.DECIDED_NOTE, typed=True),
        Column("Кто решил (роль)", "text", width=22, typed=True, note="Должность или комиссия, без имён."),
        Column("Обоснование", "long", width=50, typed=True, note="Его увидит школа. Без имён и фамилий."),
    )
    how = (said.DECISIONS_HOW, said.DECISIONS_NO_NAMES) if any(_decidable(shown)) else (said.DECISIONS_NONE,)
    lines = (said.DECISIONS_HEAD, *how)
    kept = [row for matters, row in rows if matters or not few]
    return Sheet(DECISIONS, columns, kept, lines, frozen=2), few


def _decidable(shown: Shown) -> Iterator[tuple[str, str]]:
    for section in _SECTIONS:
        for row in shown.outcome.items.rows(section=section):
            if json.loads(row.detail).get("expert_may_decide"):
                yield section, row.item


def _decisions(shown: Shown, written: Written) -> Iterator[tuple[bool, tuple[Cell, ...]]]:
    year = str(shown.outcome.manifest.evaluation.get("year") or "")
    for section, item in _decidable(shown):
        said_of = {key: decided for key, decided in _decided(shown, section, item) if key in shown.entities}
        for key in sorted(said_of, key=shown.order):
            decided = said_of[key]
            cells: tuple[Cell, ...] = (decided.verdict, decided.role, decided.reason)
            if (typed := written.decisions.get(at := (key[1], item, year))) is not None:
                written.carried.add(at)
                cells = (_word(shown, section, item, typed.get("verdict")), typed.get("role"), typed.get("reason"))
            kind, name = term(section, "ru", SECTIONS), shown.items.label(item, section)
            yield (
                decided.matters or any(cells),
                (*shown.place(key), item, name, kind, decided.computed, year, *(cell or "" for cell in cells)),
            )


def _decided(shown: Shown, section: str, item: str) -> Iterator[tuple[Key, _Decided]]:
    """What came out for an item, entity by entity; a decision's reason is known of flags alone."""
    if section == "flags":
        for flag in shown.outcome.flags.rows(flag=item):
            computed = words.flag_verdict(flag.computed or flag.verdict, "ru")
            verdict = words.flag_verdict(flag.verdict, "ru")
            matters = flag.verdict != "not_met" and not words.is_vacant(flag.reason)
            given = (verdict, flag.decided_by, flag.decision_reason) if flag.decided_by else ("", "", "")
            yield (flag.level, flag.entity), _Decided(computed, *given, matters)
    elif section == "clusters":
        for row in shown.outcome.clusters.rows(cluster=item):
            label = row.title or row.label or words.say("label_unknown", "ru")
            computed = shown.items.case(item, row.computed) if row.decided_by else label
            given = (label, row.decided_by, "") if row.decided_by else ("", "", "")
            yield (row.level, row.entity), _Decided(computed, *given, matters=row.label is None)
    else:
        for result in shown.outcome.criterion_results.rows(item=item, path=""):
            decided = bool(result.decided_by) and not result.decided_by.startswith("missing")
            verdict = term(result.verdict, "ru", VERDICTS)
            computed = term(result.computed or result.verdict, "ru", VERDICTS) if decided else verdict
            matters = result.verdict != "not_met" and not words.is_vacant(result.reason)
            given = (verdict, result.decided_by, "") if decided else ("", "", "")
            yield (result.level, result.entity), _Decided(computed, *given, matters)


def _choices(shown: Shown, section: str, item: str) -> list[str]:
    if section == "clusters":
        row = shown.items.get(item, "clusters")
        cases: list[dict[str, Any]] = json.loads(row.detail).get("first_match") or [] if row is not None else []
        titles = [str(case.get("label") or case["id"]) for case in cases]
        return titles or [str(label) for label in shown.outcome.clusters.distinct("label") if label]
    verdicts = ("met", "not_met")
    return [words.flag_verdict(v, "ru") if section == "flags" else term(v, "ru", VERDICTS) for v in verdicts]


def _word(shown: Shown, section: str, item: str, verdict: Cell) -> str:
    """How a decision that was read is shown: met as «присвоен» or «выполнено», a label by its name."""
    text = str(verdict or "")
    if section == "clusters":
        return shown.items.case(item, text)
    return words.flag_verdict(text, "ru") if section == "flags" else term(text, "ru", VERDICTS)


def road_map(shown: Shown, written: Written) -> Sheet:
    """What is to be done for whom: recommended measures, and for flagged entities those for everyone too."""
    columns = (
        *PLACE,
        Column("Код меры", "code", width=22),
        Column("Мера", "text", width=60),
        Column("Этап", "text"),
        Column("Срок по документу", "text", width=22),
        Column("Отвечает по документу", "text", width=28),
        Column("Форма отчёта", "text", width=24),
        Column("Год", "code", note="Учебный год, к которому относится мера, — по году его окончания."),
        Column("Состояние", "text", 16, tuple(STATES.values()), typed=True),
        Column("Начало по плану", "date", typed=True),
        Column("Окончание по плану", "date", typed=True),
        Column("Начато", "date", typed=True),
        Column("Закончено", "date", typed=True),
        Column("Кто выполняет (роль)", "text", width=28, typed=True, note="Должность или комиссия, без имён."),
        Column("Результат", "text", width=44, typed=True),
    )
    rows = list(_steps(shown, written))
    lines = (said.ROAD_HEAD, said.ROAD_HOW if rows else said.ROAD_NONE)
    return Sheet(ROAD_MAP, columns, rows, lines, frozen=2)


_MARKS = ("planned_from", "planned_to", "started", "finished", "role", "result")


def _steps(shown: Shown, written: Written) -> Iterator[tuple[Cell, ...]]:
    year = str(shown.outcome.manifest.evaluation.get("year") or "")
    helped = flagged(shown, "met")
    found = [
        (shown.order((row.level, row.entity)), position, row)
        for position, row in recommended(shown, "recommended", "for_everyone")
        if row.status == "recommended" or (row.level, row.entity) in helped
    ]
    for _, _, row in sorted(found, key=lambda one: one[:2]):
        mark = written.marks.get(at := (row.entity, row.measure, year), {})
        written.carried |= {at} & written.marks.keys()
        state = STATES.get(str(mark.get("status") or ""), "")
        yield (
            *shown.place((row.level, row.entity)), row.measure, row.label, row.stage, row.deadline or _day(row.due),
            roles(row.responsible), row.report, year, state, *(mark.get(name) for name in _MARKS),
        )  # fmt: skip


def _day(due: str) -> str:
    return words.date(due, "ru")
