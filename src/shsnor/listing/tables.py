"""The sheets «Показатели», «Меры», «Замечания к данным» and «Параметры»."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from shsnor.listing.shown import (
    FROZEN,
    PLACE,
    Dimensions,
    Key,
    Shown,
    amount,
    basis_word,
    parsed,
    reason_words,
    roles,
    unit_word,
)
from shsnor.outcomes import IndicatorValueRow, RecommendationRow
from shsnor.sheets import Cell, Column, Percent, Sheet
from shsnor.wording import explanations as words
from shsnor.wording import listing as said
from shsnor.wording.terms import SEVERITIES, STATUSES, term

INDICATORS, MEASURES, ISSUES, PARAMETERS = "Показатели", "Меры", "Замечания к данным", "Параметры"

_AT_ONCE = 500  # entities whose values are read together


def indicators(shown: Shown, keys: Iterable[Key] | None = None) -> Sheet:
    """Every value, entity by entity; the rows are made while they are written."""
    dimensions = Dimensions(shown.outcome.indicator_values)
    columns = (
        *PLACE,
        Column("Показатель", "text", width=44),
        *dimensions.columns,
        Column("Значение", "number"),
        Column("Единица", "text"),
        Column("Числитель", "number"),
        Column("Знаменатель", "number"),
        Column("Участников", "count"),
        Column("Почему нет значения", "text", width=34),
    )
    return Sheet(INDICATORS, columns, _values(shown, dimensions, keys), frozen=FROZEN)


def _values(shown: Shown, dimensions: Dimensions, keys: Iterable[Key] | None) -> Iterator[tuple[Cell, ...]]:
    for level, codes in shown.by_level(keys):
        for start in range(0, len(codes), _AT_ONCE):
            part = codes[start : start + _AT_ONCE]
            rows: dict[str, list[IndicatorValueRow]] = {code: [] for code in part}
            for row in shown.outcome.indicator_values.rows(level=level, entity=part):
                rows[row.entity].append(row)
            for code in part:
                place = shown.place((level, code))
                for row in rows[code]:
                    yield (*place, *_value(shown, dimensions, row))


def _value(shown: Shown, dimensions: Dimensions, row: IndicatorValueRow) -> tuple[Cell, ...]:
    items = shown.items
    unit = items.unit(row.indicator)
    return (
        items.label(row.indicator, "indicators"),
        *dimensions.cells(parsed(row.dimensions)),
        amount(row.value, unit, row.text),
        unit_word(unit),
        row.numerator,
        row.denominator,
        row.participants,
        reason_words(row.reason, items.absence(row.indicator)) if row.reason else "",
    )


def measures(shown: Shown) -> Sheet:
    """What is recommended to whom; what is for everyone stands once."""
    columns = (
        *PLACE,
        Column("Мера", "text", width=60),
        Column("Номер в документе", "text"),
        Column("Раздел", "text", width=28),
        Column("Состояние", "text", width=20),
        Column("Из-за чего", "text", width=40),
        Column("Срок", "text", width=20),
        Column("Отвечает", "text", width=28),
        Column("Форма отчёта", "text", width=24),
        Column("Этап", "text"),
        Column("Почему не решено", "text", width=34),
        Column("Документ", "text", width=34),
        Column("Пункт", "text", width=16),
        Column("Основание", "text", width=18),
    )
    return Sheet(MEASURES, columns, _measures(shown), frozen=FROZEN)


def _measures(shown: Shown) -> list[tuple[Cell, ...]]:
    found: list[tuple[tuple[object, ...], tuple[Cell, ...]]] = []
    for measure, row in recommended(shown, "recommended", "undecided"):
        key = (row.level, row.entity)
        found.append(((*shown.order(key), measure), (*shown.place(key), *_measure(shown, row))))
    found.sort(key=lambda one: one[0])
    everyone = {(row.level, row.measure): row for _, row in recommended(shown, "for_everyone")}
    for row in everyone.values():
        name = said.EVERY_SCHOOL.get(row.level, row.level)
        found.append(((), ("", name, "", *_measure(shown, row))))
    return [cells for _, cells in found]


def recommended(shown: Shown, *statuses: str) -> Iterator[tuple[int, RecommendationRow]]:
    """The recommendations of the entities shown that have one of these states, with the place of the measure in the pack."""
    for status in statuses:
        for row in shown.outcome.recommendations.rows(status=status):
            if (row.level, row.entity) in shown.entities:
                yield shown.items.position(row.measure, "measures"), row


def _measure(shown: Shown, row: RecommendationRow) -> tuple[Cell, ...]:
    causes = dict.fromkeys(shown.items.label(cause.split(" ")[0]) for cause in json.loads(row.because or "[]"))
    return (
        row.label,
        row.code,
        row.measure_group,
        term(row.status, "ru", STATUSES),
        words.listed(causes),
        row.deadline,
        roles(row.responsible),
        row.report,
        row.stage,
        reason_words(row.reason, row.absent) if row.reason else "",
        shown.items.label(row.document, "sources"),
        row.clause,
        basis_word(row.basis),
    )


def issues(shown: Shown) -> Sheet:
    """The findings that the evaluation was made with."""
    columns = (
        Column("Код замечания", "text"), Column("Важность", "text", width=18), Column("Что не так", "long", width=90),
        Column("Таблица", "text", width=20), Column("Столбец", "text", width=20), Column("Место", "text", width=30),
        Column("Сколько раз", "count"),
    )  # fmt: skip
    rows = [
        (
            row.code, term(row.severity, "ru", SEVERITIES), _without_head(row.message), row.source_table, row.field,
            row.place, row.count,
        )
        for row in shown.outcome.issues.rows()
    ]  # fmt: skip
    return Sheet(ISSUES, columns, rows, frozen=1)


def _without_head(message: str) -> str:
    """The sentences of a finding; code, severity and place, its first line, have columns of their own."""
    return "\n".join(line.strip() for line in message.splitlines()[1:])


def parameters(shown: Shown) -> Sheet:
    """The parameters in force, since when, and on what they stand."""
    columns = (
        Column("Код параметра", "code", width=24), Column("Параметр", "text", width=60), Column("Значение", "number"),
        Column("Пояснение", "text", width=60, note="У выбора между прочтениями здесь сказано, что значит каждое."),
        Column("Единица", "text"), Column("Действует с", "date"),
        Column("Изменён для расчёта", "yes_no", note="Задан при расчёте (--set), а не взят из пакета."),
        Column("Все значения по датам", "text", width=34), Column("Документ", "text", width=40),
        Column("Пункт", "text", width=24), Column("Основание", "text", width=20), Column("Почему так", "text", width=50),
    )  # fmt: skip
    in_force: dict[str, dict[str, Any]] = shown.outcome.manifest.evaluation.get("parameters") or {}
    ordered = sorted(in_force, key=lambda name: (shown.items.position(name, "parameters"), name))
    return Sheet(PARAMETERS, columns, [_parameter(shown, name, in_force[name]) for name in ordered], frozen=2)


def _parameter(shown: Shown, name: str, used: dict[str, Any]) -> tuple[Cell, ...]:
    row = shown.items.get(name, "parameters")
    since, unit = str(used.get("since") or ""), str(used.get("unit") or "")
    detail: dict[str, Any] = json.loads(row.detail) if row is not None else {}
    values: dict[str, Any] = detail.get("values") or {}
    dated = "; ".join(f"с {words.date(str(day), 'ru')}: {value}" for day, value in values.items())
    return (
        name,
        row.label if row is not None else "",
        _in_force(str(used.get("value") or ""), unit),
        str(detail.get("note") or "").strip(),
        unit_word(unit),
        datetime.date.fromisoformat(since) if since[:1].isdecimal() else None,
        since == "changed",
        dated,
        shown.items.label(row.document, "sources") if row is not None else "",
        row.clause if row is not None else "",
        basis_word(str(used.get("basis") or "")),
        row.because if row is not None else "",
    )


def _in_force(text: str, unit: str) -> Cell:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return Percent(value) if unit == "percent" else value
