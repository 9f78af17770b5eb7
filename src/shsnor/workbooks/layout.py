"""What a layout says: which sheets of whose workbooks hold which tables, under which headers."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from shsnor.models import Id, Model, Text


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError("pattern", error.msg) from None
    return value


Texts: TypeAlias = Annotated[list[Text], BeforeValidator(_listed)]
Pattern: TypeAlias = Annotated[Text, BeforeValidator(lambda v: _pattern(v) if isinstance(v, str) else v)]


class ColumnLayout(Model):
    header: Annotated[Texts, Field(description="Заголовок столбца в файле или несколько возможных; * — любые знаки.")]
    match: Annotated[
        Pattern | None,
        Field(description="Регулярное выражение: из ячейки берётся его первая группа (или всё, что ему отвечает)."),
    ] = None
    width: Annotated[
        int | None, Field(ge=1, le=64, description="Сколько знаков в коде: короткие дополняются нулями слева.")
    ] = None
    share: Annotated[
        Literal["percent", "fraction"] | None,
        Field(description="Как записаны доли: percent — 30.5, fraction — 0.305 (так Excel хранит 30,5 %)."),
    ] = None
    percent_of: Annotated[
        Texts | None, Field(description="В ячейках проценты; заголовок столбца с числом, от которого они взяты.")
    ] = None
    fill_down: Annotated[bool | None, Field(description="Пустая ячейка повторяет ту, что над ней.")] = None
    optional: Annotated[bool | None, Field(description="Столбца в файле может не быть.")] = None


def _column(value: Any) -> Any:
    return {"header": value} if isinstance(value, str | list) else value


class Take(Model):
    from_: Annotated[
        Literal["above", "sheet", "file"],
        Field(alias="from", description="Откуда: above — ячейки над таблицей, sheet — имя листа, file — имя файла."),
    ]
    match: Annotated[
        Pattern, Field(description="Регулярное выражение с именованными группами: имя группы — столбец таблицы.")
    ]


class Wide(Model):
    match: Annotated[
        Pattern,
        Field(description="Какие заголовки разворачиваются в строки: выражение, имена групп которого — столбцы."),
    ]
    value: Annotated[str | None, Field(description="Столбец таблицы, куда идёт ячейка под таким заголовком.")] = None
    of: Annotated[
        Literal["header", "top"],
        Field(description="header — сам заголовок; top — верхняя строка заголовка из двух, под ней columns."),
    ] = "header"


class Blocks(Model):
    header: Annotated[Texts, Field(description="Столбец, где под строкой школы стоят подписи строк.")]
    value: Annotated[Texts, Field(description="Столбец, из которого берутся числа.")]
    rows: Annotated[dict[str, Texts], Field(description="Столбец таблицы и подпись его строки; * — любые знаки.")]


class SheetLayout(Model):
    sheet: Annotated[Texts, Field(default_factory=lambda: ["*"], description="Имя листа; * — любые знаки.")]
    table: Annotated[str, Field(description="Таблица, которую даёт этот лист.")]
    columns: Annotated[
        dict[str, Annotated[ColumnLayout, BeforeValidator(_column)]],
        Field(description="Столбец таблицы и его заголовок в файле."),
    ]
    fixed: Annotated[dict[str, str] | None, Field(description="Столбец и значение, одно на весь лист.")] = None
    take: Annotated[list[Take] | None, Field(description="Значения столбцов, общие для листа, из текстов.")] = None
    values: Annotated[
        dict[str, dict[str, str]] | None, Field(description="Столбец: {текст в файле: значение в таблице}.")
    ] = None
    wide: Annotated[Wide | None, Field(description="Столбцы, которые становятся строками.")] = None
    blocks: Annotated[Blocks | None, Field(description="Под каждой школой несколько строк с подписями.")] = None
    filled: Annotated[
        Texts | None,
        Field(description="Столбцы таблицы, хоть один из которых должен быть заполнен: иначе строка не читается."),
    ] = None
    leave_out: Annotated[
        Texts | None, Field(description="Строки, которые пропускаются: что стоит в столбце с кодом; * — любые знаки.")
    ] = None

    def given(self) -> set[str]:
        """The columns of the table that this sheet may fill."""
        found = {*self.columns, *(self.fixed or {})}
        for pattern in [*(take.match for take in self.take or ()), *([self.wide.match] if self.wide else ())]:
            found |= re.compile(pattern).groupindex.keys()
        if self.wide and self.wide.value:
            found.add(self.wide.value)
        return found | {*(self.blocks.rows if self.blocks else ())}


class Layout(Model):
    layout: Annotated[Id, Field(description="Имя описания.")]
    title: Annotated[Text, Field(description="Что это за файл, словами.")]
    verified: Annotated[
        bool, Field(description="Сверен ли с настоящим файлом; если нет, расчёт об этом предупредит.")
    ] = True
    source: Annotated[
        str | None, Field(description="Откуда известно, как выглядит файл; при verified: false нужно.")
    ] = None
    file: Annotated[Texts, Field(default_factory=lambda: ["*"], description="Имя файла; * — любые знаки.")]
    sheets: Annotated[list[SheetLayout], Field(min_length=1, description="Листы.")]

    @model_validator(mode="after")
    def _says_where_from(self) -> Layout:
        if not self.verified and not self.source:
            raise ValueError("source")
        return self
