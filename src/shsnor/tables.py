"""What a pack says of tables: their columns, whose rows they hold, and the levels of entities."""

from typing import Annotated, Literal

from pydantic import Field

from shsnor.models import Accept, Model, Number, Text


class Column(Model):
    type: Annotated[
        Literal["text", "count", "number", "year", "date", "yes_no"],
        Field(
            description="Тип столбца: text — текст, count — целое количество, number — число, year — год, date — дата, "
            "yes_no — да или нет. Например: count"
        ),
    ]
    unit: Annotated[
        str | None, Field(description="Единица чисел в столбце: percent, point, mark, count … Например: count")
    ] = None
    range: Annotated[
        tuple[Number, Number] | None,
        Field(description="Наименьшее и наибольшее допустимое значение; другое — ошибка в данных. Например: [0, 100]"),
    ] = None
    values: Annotated[
        list[str] | None, Field(description="Допустимые тексты; другой — ошибка в данных. Например: [urban, rural]")
    ] = None
    at_most: Annotated[
        str | None, Field(description="Столбец той же строки, которого значение не превышает. Например: participants")
    ] = None
    digits: Annotated[
        int | None,
        Field(
            ge=0, le=9, description="Сколько знаков после запятой хранится у чисел, 0–9. По умолчанию — 6. Например: 2"
        ),
    ] = None
    empty: Annotated[
        Literal["allowed", "error"] | None,
        Field(
            description="Может ли ячейка быть пустой: allowed — да, и значение тогда неизвестно; error — нет, это ошибка в "
            "данных. По умолчанию — allowed. Например: error"
        ),
    ] = None
    aliases: Annotated[
        list[str] | None,
        Field(description="Другие заголовки, под которыми столбец приходит в выгрузках. Например: [Код ОО, Логин ОО]"),
    ] = None
    label: Annotated[str | None, Field(description="Название столбца по-русски. Например: Участников")] = None


class Table(Model):
    label: Annotated[str | None, Field(description="Название таблицы по-русски. Например: Социальный паспорт")] = None
    entity: Annotated[
        dict[str, str] | None,
        Field(
            description="Чьи это строки: уровень и столбец с кодом объекта. По умолчанию — строки верхнего уровня. "
            "Например: {school: school_id}"
        ),
    ] = None
    key: Annotated[
        list[str] | None,
        Field(
            description="Столбцы, которые вместе не повторяются; [] — строки без ключа. Например: [school_id, year, "
            "subject]"
        ),
    ] = None
    dimensions: Annotated[
        list[str] | None,
        Field(
            description="Столбцы-измерения: по ним отбирают (where, cells), и они могут остаться у показателя (by). По "
            "умолчанию — ключ без кода объекта. Например: [year, subject]"
        ),
    ] = None
    columns: Annotated[
        dict[str, Column],
        Field(
            description="Столбцы таблицы: имя латиницей и что в нём. Например: {pupils: {type: count, unit: count, label: "
            "Учеников}}"
        ),
    ]
    missing: Annotated[
        list[str] | None, Field(description="Тексты, которые в ячейке означают «пусто». Например: [нет данных]")
    ] = None
    hidden: Annotated[
        list[str] | None,
        Field(
            description="Тексты, которые означают, что значение скрыто источником: вывод — «неизвестно» по этой причине. "
            "Например: [скрыто]"
        ),
    ] = None
    no_column: Annotated[
        Literal["error", "unknown"] | None,
        Field(
            description="Если нужного столбца в таблице нет: error — это ошибка, unknown — значения неизвестны. По "
            "умолчанию — error. Например: unknown"
        ),
    ] = None
    no_rows: Annotated[
        Text | None, Field(description="Что значит, что у объекта нет ни одной строки. Например: анализ не проводился")
    ] = None
    rows: Annotated[
        str | None,
        Field(
            description="CSV-файл рядом с файлами пакета: таблицу пакет несёт сам, в данных её не ждут. Например: "
            "ege_minimums.csv"
        ),
    ] = None
    persons: Annotated[
        bool | None,
        Field(
            description="Строки — люди: их значения не показываются нигде, и в сообщениях тоже. По умолчанию — false. "
            "Например: true"
        ),
    ] = None
    unknown_entities: Annotated[
        Literal["error", "leave_out"] | None,
        Field(
            description="Строки объектов, которых нет в списке: error — ошибка, leave_out — пропустить и сказать об этом. "
            "По умолчанию — error. Например: leave_out"
        ),
    ] = None
    accept: Accept = None

    @property
    def dims(self) -> list[str]:
        if self.dimensions is not None:
            return list(self.dimensions)
        own = set((self.entity or {}).values())
        return [k for k in self.key or () if k not in own]


class Level(Model):
    table: Annotated[
        str | None,
        Field(description="Таблица-список объектов уровня; у нижнего уровня она обязательна. Например: schools"),
    ] = None
    key: Annotated[str | None, Field(description="Столбец этой таблицы с кодом объекта. Например: school_id")] = None
    also: Annotated[
        list[str] | None, Field(description="Таблицы, коды которых тоже входят в список объектов. Например: [results]")
    ] = None
    column: Annotated[
        str | None,
        Field(description="Столбец таблицы нижнего уровня, в котором назван этот уровень. Например: municipality"),
    ] = None
