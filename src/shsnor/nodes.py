"""What an author states, as written: indicators, conditions, windows of years, groups of comparison.

Scalars arrive as text, as the author wrote them, and get their type from the key they meet. What a key means is said
in its `description`, in Russian, because editors show it to authors; `docs` reference pages are made from the same text.
A node or operand stays as written (an id, a number, `$parameter`, or a structure); `resolving` says what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

ID = r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)*$"
Id: TypeAlias = Annotated[str, StringConstraints(pattern=ID)]
Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Number: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[+-]?(\d+(\.\d+)?|\.\d+)$")]
OneOrMany: TypeAlias = str | list[str]
Months: TypeAlias = list[Annotated[int, Field(ge=1, le=12)]]

COMPARISONS = ("at_least", "more_than", "at_most", "less_than", "is", "is_in", "known")


class Model(BaseModel):
    """Common settings: unknown keys are refused, values are frozen, `from` and its like are keys of YAML only."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)


def keys_of(model: Model) -> set[str]:
    """The YAML keys that the author wrote."""
    fields = type(model).model_fields
    return {fields[name].alias or name for name in model.model_fields_set if name in fields}


def _tagged(inner: str, text: str = "text") -> Discriminator:
    """Text or a structure: chosen by what is there, so that one mistake gives one finding."""
    return Discriminator(lambda v: text if isinstance(v, str) else inner)


class Source(Model):
    document: Annotated[str | None, Field(description="Документ из раздела sources; можно опустить, если он один")] = (
        None
    )
    clause: Annotated[Text, Field(description="Пункт документа, на котором стоит элемент")]
    basis: Annotated[
        Literal["stated", "derived", "assumed"],
        Field(description="stated — сказано в документе; derived — следует из него; assumed — выбор автора пакета"),
    ]
    because: Annotated[str | None, Field(description="Почему так; обязательно при basis: assumed")] = None


class Years(Model):
    """A window of years: `{last: n, back?: m}`, `{last_held: n}` or `{from, to}`."""

    last: Annotated[int | None, Field(ge=1, description="Столько последних лет, считая год расчёта")] = None
    back: Annotated[int | None, Field(ge=0, description="На сколько лет раньше года расчёта кончается окно")] = None
    last_held: Annotated[int | None, Field(ge=1, description="Столько последних лет, когда процедура проводилась")] = (
        None
    )
    from_: Annotated[int | None, Field(alias="from", description="Первый год")] = None
    to: Annotated[int | None, Field(description="Последний год")] = None


class MetIn(Model):
    at_least: Annotated[Number | None, Field(description="Не меньше стольких (при весах — сумма весов)")] = None
    share_at_least: Annotated[Number | None, Field(description="Не меньше такого процента, 0–100")] = None
    share_more_than: Annotated[Number | None, Field(description="Больше такого процента, 0–100")] = None


MetInKey: TypeAlias = Annotated[
    Annotated[Literal["every", "any"], Tag("text")] | Annotated[MetIn, Tag("structure")], _tagged("structure")
]


class Border(Model):
    lowest: Annotated[Number | None, Field(description="Граница нижних p процентов группы")] = None
    highest: Annotated[Number | None, Field(description="Граница верхних p процентов группы")] = None


CombineWord: TypeAlias = Literal[
    "mean", "median", "sum", "min", "max", "count", "share", "stdev", "change", "slope", "pooled", "rank"
]
Combine: TypeAlias = Annotated[
    Annotated[CombineWord, Tag("text")] | Annotated[Border, Tag("structure")], _tagged("structure")
]


class Group(Model):
    within: Annotated[str | None, Field(description="Уровень, внутри которого берётся группа")] = None
    same: Annotated[list[Id] | None, Field(description="Одинаковое значение этих показателей или кластеров")] = None
    peers: Annotated[Id | None, Field(description="Похожие объекты из раздела peers")] = None
    meeting: Annotated[NodeKey | None, Field(description="Только те, кто выполняет критерий")] = None
    without_self: Annotated[bool | None, Field(description="Без самого объекта")] = None


Among: TypeAlias = Annotated[Annotated[str, Tag("text")] | Annotated[Group, Tag("structure")], _tagged("structure")]


class CellEntry(Model):
    """What ought to be there: dimensions with a value or a list; the entry is the product of its lists."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, OneOrMany]
    applies_to: Annotated[NodeKey | None, Field(description="К кому относится эта строка")] = None

    @property
    def dims(self) -> dict[str, list[str]]:
        return {k: [v] if isinstance(v, str) else list(v) for k, v in (self.__pydantic_extra__ or {}).items()}


class InlineIndicator(Model):
    unit: Annotated[str | None, Field(description="Единица: percent (0–100), share (0–1), point, mark, count, …")] = (
        None
    )
    better: Annotated[Literal["higher", "lower"] | None, Field(description="Что лучше: больше или меньше")] = None
    round_: Annotated[
        int | None, Field(alias="round", ge=0, le=9, description="Округлить до стольких знаков, от половины вверх")
    ] = None
    applies_to: Annotated[NodeKey | None, Field(description="К кому относится; для остальных — «неприменимо»")] = None
    from_: Annotated[Id | None, Field(alias="from", description="Таблица, из строк которой считается показатель")] = (
        None
    )
    value: Annotated[Text | None, Field(description="Выражение над столбцами таблицы или над показателями")] = None
    where: Annotated[Text | None, Field(description="Отбор строк; только по измерениям таблицы")] = None
    by: Annotated[list[Id] | None, Field(description="Измерения, которые остаются у показателя")] = None
    cells: Annotated[list[CellEntry] | None, Field(description="Что должно быть: перечень ячеек; он же отбор")] = None
    years: Annotated[Years | None, Field(description="Окно лет")] = None
    minimum: Annotated[
        dict[str, str] | None, Field(description="Наименьшая сумма столбца, например participants: 5")
    ] = None
    at_least_known: Annotated[int | None, Field(ge=1, description="Скольких известных значений достаточно")] = None
    level: Annotated[Id | None, Field(description="Уровень, для которого складываются строки")] = None
    over: Annotated[list[Id] | None, Field(description="Измерения, которые сворачиваются")] = None
    combine: Annotated[Combine | None, Field(description="Как сворачиваются значения")] = None
    among: Annotated[Among | None, Field(description="Группа сравнения")] = None
    function: Annotated[Id | None, Field(description="Функция плагина")] = None
    with_: Annotated[dict[str, Any] | None, Field(alias="with", description="Параметры функции")] = None
    choose: Annotated[str | None, Field(pattern=r"^\$", description="Параметр, выбирающий прочтение")] = None
    options: Annotated[
        dict[str, IndicatorKey] | None, Field(description="Прочтения: значение параметра — показатель")
    ] = None


IndicatorKey: TypeAlias = Annotated[
    Annotated[str, Tag("text")] | Annotated[InlineIndicator, Tag("structure")], _tagged("structure")
]


OfKey: TypeAlias = Annotated[
    Annotated[list["NodeKey"], Tag("list")] | Annotated[dict[str, Number], Tag("weights")],
    Discriminator(lambda v: "weights" if isinstance(v, Mapping) else "list"),
]


class Node(Model):
    """A statement about an entity: a leaf, a quantifier, a list, `not`, a cluster's label or a choice of readings."""

    applies_to: Annotated[NodeKey | None, Field(description="К кому относится; для остальных — «неприменимо»")] = None
    indicator: Annotated[str | None, Field(description="Показатель, значение которого сравнивается")] = None
    at_least: Annotated[IndicatorKey | None, Field(description="Не меньше: число, $параметр или показатель")] = None
    more_than: Annotated[IndicatorKey | None, Field(description="Больше: число, $параметр или показатель")] = None
    at_most: Annotated[IndicatorKey | None, Field(description="Не больше: число, $параметр или показатель")] = None
    less_than: Annotated[IndicatorKey | None, Field(description="Меньше: число, $параметр или показатель")] = None
    is_: Annotated[str | None, Field(alias="is", description="Равно числу, $параметру или тексту")] = None
    is_in: Annotated[list[str] | None, Field(description="Одно из перечисленных")] = None
    known: Annotated[bool | None, Field(description="Известно ли значение")] = None
    missing: Annotated[
        Literal["unknown", "not_met", "met", "leave_out"] | None,
        Field(description="Чем считать неизвестное значение этого условия; по умолчанию unknown"),
    ] = None
    criterion: Annotated[NodeKey | None, Field(description="Критерий, который проверяется по измерениям over")] = None
    over: Annotated[list[Id] | None, Field(description="Измерения, которые сворачиваются")] = None
    years: Annotated[Years | None, Field(description="Окно лет")] = None
    met_in: Annotated[
        MetInKey | None, Field(description="В скольких случаях: every, any, {at_least: n}, {share_at_least: p}")
    ] = None
    all_: Annotated[list[NodeKey] | None, Field(alias="all", min_length=1, description="Все условия")] = None
    any_: Annotated[list[NodeKey] | None, Field(alias="any", min_length=1, description="Хотя бы одно условие")] = None
    of: Annotated[
        OfKey | None, Field(description="Условия, из которых должно выполниться сколько-то; список или веса по кодам")
    ] = None
    not_: Annotated[NodeKey | None, Field(alias="not", description="Условие не выполняется")] = None
    cluster: Annotated[str | None, Field(description="Кластер, метка которого сравнивается")] = None
    choose: Annotated[str | None, Field(pattern=r"^\$", description="Параметр, выбирающий прочтение")] = None
    options: Annotated[dict[str, NodeKey] | None, Field(description="Прочтения: значение параметра — условие")] = None

    @property
    def kind(self) -> str:
        """leaf, quantifier, all, any, of, not, cluster or choose; "" where the author wrote none or several."""
        present = [
            kind
            for kind, value in (
                ("leaf", self.indicator), ("quantifier", self.criterion), ("all", self.all_), ("any", self.any_),
                ("of", self.of), ("not", self.not_), ("cluster", self.cluster), ("choose", self.choose),
            )
            if value is not None
        ]  # fmt: skip
        return present[0] if len(present) == 1 else ""


NodeKey: TypeAlias = Annotated[Annotated[str, Tag("text")] | Annotated[Node, Tag("structure")], _tagged("structure")]


for _model in (Group, CellEntry, InlineIndicator, Node):
    _model.model_rebuild()
