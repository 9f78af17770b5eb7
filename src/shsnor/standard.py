"""The tables and levels that every pack can count on.

A pack adds columns to them, or changes what is said of them, by naming them in its own `tables`; a pack's own `levels`
stand instead of the standard ones. Keys are text always; counts, points and per cents have their unit and range.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shsnor.pack import Column, Level, Pack, Table

#: The units that every pack has (rule 20); the units of columns join them.
UNITS = ("percent", "share", "point", "mark", "count", "ruble", "year", "text", "number", "percentage_point")


def _text(label: str, *aliases: str, **more: Any) -> Column:
    return Column(type="text", label=label, aliases=[label, *aliases], **more)


def _count(label: str, *aliases: str, **more: Any) -> Column:
    return Column(type="count", unit="count", label=label, aliases=[label, *aliases], **more)


def _number(label: str, *aliases: str, **more: Any) -> Column:
    return Column(type="number", label=label, aliases=[label, *aliases], **more)


def _date(label: str, *aliases: str, **more: Any) -> Column:
    return Column(type="date", label=label, aliases=[label, *aliases], **more)


def _school() -> Column:
    return _text("Код школы", "Код ОО", "Логин", "Логин ОО", "Код организации", empty="error")


def _year() -> Column:
    return Column(type="year", unit="year", range=("1990", "2100"), label="Год", aliases=["Год"], empty="error")


def _subject() -> Column:
    return _text("Предмет", "Учебный предмет", "Наименование предмета")


def _grade() -> Column:
    return _text("Класс", "Параллель")


def _procedure() -> Column:
    return _text("Процедура", "Оценочная процедура")


def _of_participants(label: str, *aliases: str) -> Column:
    return _count(label, *aliases, at_most="participants")


_RESULTS: dict[str, Column] = {
    "school_id": _school(), "year": _year(), "procedure": _procedure(), "grade": _grade(), "subject": _subject(),
    "participants": _count("Участников", "Кол-во участников", "Количество участников", "Число участников"),
    "mark_2": _of_participants("Отметок «2»", "2", "Получили 2", "Отметка 2", "Кол-во 2"),
    "mark_3": _of_participants("Отметок «3»", "3", "Получили 3", "Отметка 3", "Кол-во 3"),
    "mark_4": _of_participants("Отметок «4»", "4", "Получили 4", "Отметка 4", "Кол-во 4"),
    "mark_5": _of_participants("Отметок «5»", "5", "Получили 5", "Отметка 5", "Кол-во 5"),
    "below_minimum": _of_participants("Ниже минимума", "Не преодолели минимальный порог", "Не преодолели минимум"),
    "score_sum": _number("Сумма баллов", unit="point", range=("0", "1000000000"), at_most="score_max"),
    "score_max": _number("Сумма максимальных баллов", unit="point", range=("0", "1000000000")),
    "below_journal": _of_participants("Понизили", "Понизили отметку"),
    "as_journal": _of_participants("Подтвердили", "Подтвердили отметку"),
    "above_journal": _of_participants("Повысили", "Повысили отметку"),
}  # fmt: skip

_STUDENT_RESULTS: dict[str, Column] = {
    "school_id": _school(), "year": _year(), "procedure": _procedure(), "grade": _grade(), "subject": _subject(),
    "student_id": _text("Код участника", "Код ученика", "Код", empty="error"),
    "mark": Column(type="count", unit="mark", range=("2", "5"), label="Отметка", aliases=["Отметка", "Оценка"]),
    "score": _number("Балл", "Первичный балл", unit="point", range=("0", "1000"), at_most="score_max"),
    "score_max": _number("Максимальный балл", unit="point", range=("0", "1000")),
    "below_minimum": Column(type="yes_no", label="Ниже минимума", aliases=["Ниже минимума", "Не преодолел порог"]),
}  # fmt: skip

_PLAN_AND_FACT: dict[str, Column] = {
    "entity": _school(),
    "indicator": _text("Показатель", "Код показателя", empty="error"),
    "unit": _text("Единица", "Единица измерения", "Ед. изм.", empty="error"),
    "year": _year(),
    "value": _number("Значение"),
}

STANDARD_TABLES: Mapping[str, Table] = MappingProxyType({
    "schools": Table(
        label="Школы", entity={"school": "school_id"}, key=["school_id"], columns={
            "school_id": _school(),
            "name": _text("Название", "Наименование", "Наименование ОО", "Краткое наименование", "Школа"),
            "municipality": _text("Муниципалитет", "Муниципальное образование", "АТЕ", "Район", "Наименование АТЕ"),
            "kind": _text("Вид", "Вид ОО", "Вид школы", "Тип ОО"),
            "locality": _text("Местность", "Тип местности", values=["urban", "rural"]),
            "pupils": _count("Учеников", "Кол-во учеников", "Количество обучающихся", "Численность обучающихся"),
            "latitude": _number("Широта", unit="degree", range=("-90", "90")),
            "longitude": _number("Долгота", unit="degree", range=("-180", "180")),
        },
    ),
    "results": Table(
        label="Результаты оценочных процедур", entity={"school": "school_id"},
        key=["school_id", "year", "procedure", "grade", "subject"], columns=_RESULTS,
    ),
    "student_results": Table(
        label="Результаты участников", entity={"school": "school_id"}, persons=True,
        key=["school_id", "year", "procedure", "grade", "subject", "student_id"],
        dimensions=["year", "procedure", "grade", "subject"], columns=_STUDENT_RESULTS,
    ),
    "context": Table(
        label="Контекстные данные", entity={"school": "school_id"}, key=["school_id", "year"],
        columns={"school_id": _school(), "year": _year()},
    ),
    "teachers": Table(
        label="Учителя", entity={"school": "school_id"}, key=["teacher_id"], persons=True,
        dimensions=["subject", "category", "education"], columns={
            "teacher_id": _text("Код учителя", "Код педагога", "Табельный номер", empty="error"),
            "school_id": _school(),
            "subject": _subject(),
            "category": _text("Категория", "Квалификационная категория"),
            "education": _text("Образование", "Уровень образования"),
        },
    ),
    "benchmarks": Table(
        label="Опубликованные средние", key=["scope", "year", "procedure", "grade", "subject"], columns={
            "scope": _text("Охват", "Регион", empty="error"),
            "year": _year(), "procedure": _procedure(), "grade": _grade(), "subject": _subject(),
            "participants": _count("Участников", "Кол-во участников"),
            "mean_score": _number("Средний балл", unit="point", range=("0", "1000")),
            "mean_mark": _number("Средняя отметка", unit="mark", range=("2", "5")),
            "below_minimum_percent": _number("Доля ниже минимума, %", unit="percent", range=("0", "100")),
            "quality_percent": _number("Качество знаний, %", unit="percent", range=("0", "100")),
        },
    ),
    "decisions": Table(
        label="Решения экспертов", key=["entity", "item", "year"], columns={
            "entity": _text("Код объекта", "Код школы", "Код ОО", empty="error"),
            "item": _text("Код критерия", "Критерий", "Признак", empty="error"),
            "year": _year(),
            "verdict": _text("Решение", "Вывод", empty="error"),
            "role": _text("Кто решил", "Роль"),
            "reason": _text("Почему", "Основание", "Причина"),
        },
    ),
    "targets": Table(
        label="План", entity={"school": "entity"}, key=["entity", "indicator", "unit", "year"], columns=_PLAN_AND_FACT,
    ),
    "actuals": Table(
        label="Факт", entity={"school": "entity"}, key=["entity", "indicator", "unit", "year"], columns=_PLAN_AND_FACT,
    ),
    "measures_taken": Table(
        label="Отметки о мерах", entity={"school": "entity"}, key=["entity", "measure", "year"], columns={
            "entity": _school(),
            "measure": _text("Мера", "Код меры", empty="error"),
            "year": _year(),
            "planned_from": _date("Начало по плану"),
            "planned_to": _date("Окончание по плану", "Срок"),
            "started": _date("Начато"),
            "finished": _date("Закончено", "Выполнено"),
            "role": _text("Ответственный", "Роль"),
            "status": _text("Состояние", "Статус", values=["planned", "done", "overdue", "cancelled"]),
            "result": _text("Результат"),
            "cost": _number("Стоимость", unit="ruble", range=("0", "1000000000000"), digits=2),
            "funded_by": _text("Источник финансирования"),
        },
    ),
    "staff": Table(
        label="Штат на 1 сентября", entity={"school": "school_id"}, key=["school_id", "year", "post", "subject"],
        columns={
            "school_id": _school(), "year": _year(), "subject": _subject(),
            "post": _text("Должность", empty="error"),
            "posts": _number("Ставок", "Ставок по штату", range=("0", "10000"), digits=2),
            "filled": _number("Занято ставок", "Занято", range=("0", "10000"), digits=2, at_most="posts"),
            "specialists": _count("Специалистов", "Физических лиц"),
        },
    ),
    "diagnostics": Table(
        label="Диагностика учителей", entity={"school": "school_id"}, key=["school_id", "year", "subject"], columns={
            "school_id": _school(), "year": _year(), "subject": _subject(),
            "teachers_tested": _count("Прошли диагностику", "Учителей прошло диагностику"),
            "below_level": _count("Ниже уровня", "Не достигли уровня", at_most="teachers_tested"),
        },
    ),
    "causes": Table(
        label="Причины низких результатов", entity={"school": "school_id"}, key=["school_id", "year", "cause"],
        columns={
            "school_id": _school(), "year": _year(),
            "cause": _text("Причина", empty="error"),
            "found_by": _text("Как выявлена", "Источник"),
            "degree": _text("Степень"),
            "note": _text("Примечание"),
        },
    ),
    "partners": Table(
        label="Партнёрские школы", entity={"school": "school_id"}, key=["school_id", "partner", "from"], columns={
            "school_id": _school(),
            "partner": _text("Код партнёра", "Школа-партнёр", empty="error"),
            "from": _date("С", "Дата начала", empty="allowed"),  # of the key, but not always known
            "kind": _text("Вид", "Вид партнёрства"),
            "to": _date("По", "Дата окончания"),
            "document": _text("Документ", "Договор"),
        },
    ),
    "school_codes": Table(
        label="Коды школ в других системах", key=["system", "code", "from"], columns={
            "system": _text("Система", empty="error"),
            "code": _text("Код в системе", empty="error"),
            "from": _date("С", "Дата начала", empty="allowed"),  # of the key, but not always known
            "school_id": _school(),
            "to": _date("По", "Дата окончания"),
            "predecessor": _text("Код предшественника", "Предшественник"),
        },
    ),
})  # fmt: skip

STANDARD_LEVELS: Mapping[str, Level] = MappingProxyType({
    "school": Level(table="schools", key="school_id"),
    "municipality": Level(column="municipality"),
    "region": Level(),
})  # fmt: skip


def levels_of(pack: Pack) -> dict[str, Level]:
    """The levels of a pack, lowest first: its own, else the standard ones."""
    return dict(pack.document.levels or STANDARD_LEVELS)


def tables_of(pack: Pack) -> dict[str, Table]:
    """Every table that a pack can read: the standard ones with what the pack adds to them, then its own.

    `teachers` belongs to the level `teacher` where the pack has one, else to the school.
    """
    tables = dict(STANDARD_TABLES)
    if "teacher" in pack.document.levels:
        tables["teachers"] = tables["teachers"].model_copy(update={"entity": {"teacher": "teacher_id"}})
    for name, table in pack.document.tables.items():
        tables[name] = with_additions(tables[name], table) if name in tables else table
    return tables


def levels_of_persons(pack: Pack) -> set[str]:
    """The levels whose entities are persons: rows of a table in which their keys stand are persons."""
    tables = tables_of(pack)
    named = {name: [level.table, *(level.also or ())] for name, level in levels_of(pack).items()}
    return {name for name, listed in named.items() if any(t in tables and tables[t].persons for t in listed)}


def with_additions(table: Table, added: Table) -> Table:
    """`table` with the columns of `added` (in place of its own of the same name) and whatever else `added` says."""
    said = {name: getattr(added, name) for name in added.model_fields_set}
    said["columns"] = {**table.columns, **added.columns}
    return table.model_copy(update=said)
