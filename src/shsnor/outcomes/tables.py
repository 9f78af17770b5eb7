"""The tables of an outcome, declared once: each row class says its columns, their SQL types and what they hold.

The order of the fields is the order of the columns. Texts are '' where there is nothing to say, so that NULL is left to
numbers and texts that are not known. Verdicts are met, not_met, unknown; `reason` is '' where it is known.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

#: The number of this schema in the manifest; columns are only added, and then it stays.
SCHEMA = 1

_SQL_TYPES = {str: "VARCHAR", int: "BIGINT", bool: "BOOLEAN", Decimal: "DECIMAL(38,9)"}

#: Sums of counts and points, shown to explain a share: three places are enough, and half the size.
_PARTS = {"numerator": "DECIMAL(18,3)", "denominator": "DECIMAL(18,3)"}

Number: TypeAlias = Decimal | None
Count: TypeAlias = int | None


@dataclass(frozen=True, slots=True)
class OutcomeColumn:
    """A column: name, SQL type, whether NULL may stand there, and in Russian what it holds."""

    name: str
    type: str
    nullable: bool
    doc: str


@dataclass(frozen=True, slots=True)
class OutcomeSchema:
    """A table: name, columns in order, the columns that no two rows share, the class of its rows."""

    name: str
    columns: tuple[OutcomeColumn, ...]
    key: tuple[str, ...]
    row: type[Any]
    doc: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class IndicatorValueRow:
    """Значения показателей: строка на объект, показатель и ячейку измерений."""

    level: Annotated[str, "Уровень объекта: school, municipality, region …"]
    entity: Annotated[str, "Код объекта"]
    indicator: Annotated[str, "Код показателя"]
    dimensions: Annotated[str, "Измерения, JSON: ключи по алфавиту, значения текстом; {} — без измерений"]
    value: Annotated[Number, "Значение; пусто, если неизвестно или это текст"]
    text: Annotated[str | None, "Значение-текст"]
    numerator: Annotated[Number, "Числитель, если значение — доля"]
    denominator: Annotated[Number, "Знаменатель"]
    participants: Annotated[Count, "Участников в использованных строках"]
    members: Annotated[Count, "У показателя группы: сколько объектов вошло"]
    left_out: Annotated[Count, "У показателя группы: сколько не вошло, так как их значение неизвестно"]
    reason: Annotated[str, "Почему неизвестно: причины через запятую; у известного пусто"]


@dataclass(frozen=True, slots=True)
class CriterionResultRow:
    """Объяснение: строка на объект, элемент, узел его условия и ячейку измерений."""

    level: Annotated[str, "Уровень объекта"]
    entity: Annotated[str, "Код объекта"]
    item: Annotated[str, "Код критерия, признака, кластера или меры"]
    path: Annotated[str, "Место узла в элементе, как all/0; пусто — сам элемент"]
    dimensions: Annotated[str, "Измерения, JSON"]
    node: Annotated[str, "leaf, quantifier, all, any, of, not, cluster или item (ссылка на другой элемент)"]
    indicator: Annotated[str, "Код показателя; у ссылки — код элемента; у остальных пусто"]
    value: Annotated[Number, "Значение, которое сравнивалось"]
    text: Annotated[str | None, "Значение-текст"]
    numerator: Annotated[Number, "Числитель"]
    denominator: Annotated[Number, "Знаменатель"]
    participants: Annotated[Count, "Участников"]
    comparison: Annotated[str, "at_least, more_than, at_most, less_than, is, is_in, known; у списков — met_in, JSON"]
    threshold: Annotated[Number, "Порог"]
    threshold_text: Annotated[str | None, "Порог-текст"]
    threshold_from: Annotated[str, "Откуда порог: number; parameter КОД ДАТА; indicator КОД; mean among region …"]
    members: Annotated[Count, "Из скольких: объектов группы порога или частей списка, подсчёта"]
    left_out: Annotated[Count, "Сколько не вошло"]
    verdict: Annotated[str, "met, not_met или unknown"]
    reason: Annotated[str, "Почему неизвестно"]
    computed: Annotated[str, "Вывод до решения эксперта или до правила missing; если замены не было, пусто"]
    decided_by: Annotated[str, "Кто заменил вывод: роль эксперта или missing: …"]
    document: Annotated[str, "Документ"]
    clause: Annotated[str, "Пункт"]
    basis: Annotated[str, "stated, derived или assumed"]


@dataclass(frozen=True, slots=True)
class FlagRow:
    """Признаки: строка на объект и признак."""

    level: Annotated[str, "Уровень объекта"]
    entity: Annotated[str, "Код объекта"]
    flag: Annotated[str, "Код признака"]
    label: Annotated[str, "Название признака"]
    verdict: Annotated[str, "met — присвоен, not_met — нет, unknown — неизвестно"]
    reason: Annotated[str, "Почему неизвестно"]
    computed: Annotated[str, "Вычисленный вывод, если его заменило решение эксперта"]
    decided_by: Annotated[str, "Роль того, кто решил"]
    decision_reason: Annotated[str, "Обоснование решения"]
    causes: Annotated[str, "Выполненные условия, JSON: список «элемент путь»"]
    assumed: Annotated[bool, "Опирается на допущение автора пакета (assumed)"]
    vpr_only: Annotated[bool, "Вывод опирается только на ВПР"]
    document: Annotated[str, "Документ"]
    clause: Annotated[str, "Пункт"]
    basis: Annotated[str, "stated, derived или assumed"]


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """Кластеры: строка на объект и схему."""

    level: Annotated[str, "Уровень объекта"]
    entity: Annotated[str, "Код объекта"]
    cluster: Annotated[str, "Код схемы кластеров"]
    label: Annotated[str | None, "Код метки; пусто, если неизвестна"]
    title: Annotated[str | None, "Название метки"]
    reason: Annotated[str, "Почему неизвестна"]
    computed: Annotated[str, "Вычисленная метка, если её заменило решение эксперта"]
    decided_by: Annotated[str, "Роль того, кто решил"]


@dataclass(frozen=True, slots=True)
class PeerRow:
    """Похожие и партнёрские объекты, ближайшие сначала."""

    level: Annotated[str, "Уровень объекта"]
    entity: Annotated[str, "Код объекта"]
    peers: Annotated[str, "Код списка"]
    rank: Annotated[int, "Место, с 1"]
    peer: Annotated[str, "Код похожего объекта"]
    distance: Annotated[Number, "Расстояние"]


@dataclass(frozen=True, slots=True)
class FunctionDetailRow:
    """Что функции говорят о своём расчёте: веса, вклады, центры групп, почему пары нет."""

    level: Annotated[str, "Уровень объекта"]
    entity: Annotated[str, "Код объекта; пусто, если сказано обо всех"]
    item: Annotated[str, "Код показателя, схемы кластеров или списка, который считает функция"]
    peer: Annotated[str, "Код похожего объекта или партнёра; пусто, если сказано не о паре"]
    name: Annotated[str, "Что сказано: weight, contribution, group_1.centre …"]
    subject: Annotated[str, "О чём: код показателя; пусто, если обо всём расчёте"]
    value: Annotated[Number, "Число, до шести знаков"]
    text: Annotated[str, "Пояснение"]


@dataclass(frozen=True, slots=True)
class InternalMarkRow:
    """Для служебного пользования, не публикуется: значения, по которым результат просят перепроверить."""

    level: Annotated[str, "Уровень объекта"]
    entity: Annotated[str, "Код объекта; пусто, если сказано обо всех"]
    item: Annotated[str, "Код показателя или критерия"]
    dimensions: Annotated[str, "Измерения, JSON"]
    name: Annotated[str, "Какая отметка или какое число при ней; пусто — значение самого показателя"]
    subject: Annotated[str, "О чём: код показателя"]
    value: Annotated[Number, "Значение; у критерия 1 — выполнен, 0 — нет"]
    text: Annotated[str, "Пояснение; у показателя-текста значение, у критерия met или not_met"]
    reason: Annotated[str, "Почему неизвестно"]


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """Меры поддержки: строка на объект и меру."""

    level: Annotated[str, "Уровень объекта"]
    entity: Annotated[str, "Код объекта"]
    measure: Annotated[str, "Код меры"]
    label: Annotated[str, "Название меры"]
    measure_group: Annotated[str, "Раздел мер"]
    status: Annotated[str, "recommended, undecided (условие неизвестно) или for_everyone"]
    because: Annotated[str, "Из-за чего, JSON: список «элемент путь»"]
    deadline: Annotated[str, "Срок"]
    responsible: Annotated[str, "Кто отвечает, JSON: список ролей"]
    reason: Annotated[str, "Почему не решено"]
    document: Annotated[str, "Документ"]
    clause: Annotated[str, "Пункт"]
    basis: Annotated[str, "stated, derived или assumed"]
    absent: Annotated[str, "Чего не было, словами пакета, например: анализ причин не проводился"]
    code: Annotated[str, "Номер строки в документе"]
    stage: Annotated[str, "Этап"]
    months: Annotated[str, "Месяцы срока, JSON: список чисел 1–12"]
    due: Annotated[str, "Дата срока, ГГГГ-ММ-ДД"]
    report: Annotated[str, "Форма отчёта"]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Строки документа, которые не вычисляются: задачи, план, принципы, ожидаемые результаты; в порядке пакета."""

    item: Annotated[str, "Код строки в пакете"]
    code: Annotated[str, "Номер строки в документе"]
    label: Annotated[str, "Что делается"]
    kind: Annotated[str, "goal, task, plan, result, principle, target или incentive"]
    part_of: Annotated[str, "Строка, частью которой она является"]
    level: Annotated[str, "Уровень, на котором выполняется"]
    deadline: Annotated[str, "Срок словами документа"]
    months: Annotated[str, "Месяцы срока, JSON: список чисел 1–12"]
    responsible: Annotated[str, "Кто отвечает, JSON: список ролей"]
    report: Annotated[str, "Форма отчёта"]
    serves: Annotated[str, "Чему служит, JSON: список кодов"]
    document: Annotated[str, "Документ"]
    clause: Annotated[str, "Пункт"]
    basis: Annotated[str, "stated, derived или assumed"]


@dataclass(frozen=True, slots=True)
class IssueRow:
    """Замечания к данным и пакету, с которыми сделан расчёт."""

    code: Annotated[str, "Код замечания, SH…"]
    severity: Annotated[str, "warning или error"]
    message: Annotated[str, "Что не так, по-русски"]
    source_table: Annotated[str, "Таблица"]
    field: Annotated[str, "Столбец"]
    place: Annotated[str, "Место: файл:строка, номер строки таблицы или путь в пакете"]
    count: Annotated[int, "Сколько раз встретилось"]


@dataclass(frozen=True, slots=True)
class EntityRow:
    """Объекты расчёта: школы, муниципалитеты, регион."""

    level: Annotated[str, "Уровень"]
    entity: Annotated[str, "Код объекта"]
    name: Annotated[str, "Название; пусто, если нет"]
    parent_level: Annotated[str, "Уровень, в который входит; у верхнего пусто"]
    parent: Annotated[str, "Код объекта, в который входит"]
    latitude: Annotated[Number, "Широта, градусы; пусто, если неизвестна"]
    longitude: Annotated[Number, "Долгота, градусы"]
    persons: Annotated[bool, "Объект — человек: ни в одной странице и книге его нет"]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Элементы пакета, действовавшие в расчёте; документы — раздел sources."""

    section: Annotated[str, "Раздел: indicators, criteria, flags, clusters, peers, measures, parameters, sources …"]
    item: Annotated[str, "Код элемента"]
    label: Annotated[str, "Название; у документа — его заголовок"]
    unit: Annotated[str, "Единица"]
    document: Annotated[str, "Документ"]
    clause: Annotated[str, "Пункт"]
    basis: Annotated[str, "stated, derived или assumed"]
    because: Annotated[str, "Почему так (у assumed)"]
    assumed: Annotated[bool, "Опирается на допущение автора пакета"]
    detail: Annotated[str, "Сам элемент, как в пакете, JSON"]


@dataclass(frozen=True, slots=True)
class StepRow:
    """Сколько объектов пропускает каждый шаг правила признака."""

    flag: Annotated[str, "Код признака"]
    position: Annotated[int, "Порядок шага, с 1"]
    path: Annotated[str, "Место шага в правиле; глубина — по числу частей"]
    text: Annotated[str, "Шаг коротко, по-русски"]
    entities: Annotated[int, "Сколько объектов проверено: met + not_met + unknown + vacant"]
    met: Annotated[int, "У скольких выполнено"]
    not_met: Annotated[int, "У скольких не выполнено"]
    unknown: Annotated[int, "У скольких неизвестно"]
    vacant: Annotated[int, "У скольких неприменимо или не проводилось"]


def _column(name: str, annotation: Any) -> OutcomeColumn:
    kind, doc = typing.get_args(annotation)
    nullable = isinstance(kind, types.UnionType)
    plain = next(k for k in typing.get_args(kind) if k is not type(None)) if nullable else kind
    return OutcomeColumn(name, _PARTS.get(name, _SQL_TYPES[plain]), nullable, doc)


def _schema(name: str, row: type[Any], key: str) -> OutcomeSchema:
    hints = typing.get_type_hints(row, include_extras=True)
    columns = tuple(_column(field.name, hints[field.name]) for field in fields(row))
    return OutcomeSchema(name, columns, tuple(key.split()), row, (row.__doc__ or "").strip())


#: Every table of an outcome by its name. Rows stand in the order of the plan's items, of entities, of dimensions.
OUTCOME_TABLES: Mapping[str, OutcomeSchema] = {
    schema.name: schema
    for schema in (
        _schema("indicator_values", IndicatorValueRow, "level entity indicator dimensions"),
        _schema("criterion_results", CriterionResultRow, "level entity item path dimensions node"),
        _schema("flags", FlagRow, "level entity flag"),
        _schema("clusters", ClusterRow, "level entity cluster"),
        _schema("peers", PeerRow, "level entity peers rank"),
        _schema("function_details", FunctionDetailRow, "level item entity peer name subject"),
        _schema("internal_marks", InternalMarkRow, "level item entity dimensions name subject"),
        _schema("recommendations", RecommendationRow, "level entity measure"),
        _schema("tasks", TaskRow, "item"),
        _schema("issues", IssueRow, "code severity message source_table field place"),
        _schema("entities", EntityRow, "level entity"),
        _schema("items", ItemRow, "section item"),
        _schema("steps", StepRow, "flag position"),
    )
}
