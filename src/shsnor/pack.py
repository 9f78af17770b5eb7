"""The frozen models of a pack: the one truth of the format (the JSON Schema is generated from them).

Scalars arrive as text, as the author wrote them, and get their type from the key they meet. What a key means is said
in its `description`, in Russian, because editors show it to authors; `docs` reference pages are made from the same text.
A node or operand stays as written (an id, a number, `$parameter`, or a structure); `resolving` says what it means.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from shsnor.errors import Place

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


class Item(Model):
    """What every named item has."""

    label: Annotated[Text, Field(description="Название по-русски")]
    note: Annotated[str | None, Field(description="Пояснение для читателя")] = None
    code: Annotated[str | None, Field(description="Номер строки в самом документе, единственный в пакете")] = None
    source: Annotated[Source, Field(description="Документ и пункт, на котором стоит элемент")]
    override: Annotated[Text | None, Field(description="Почему заменён элемент базового пакета с тем же кодом")] = None


class Indicator(InlineIndicator, Item):
    unit: Annotated[Text, Field(description="Единица: percent (0–100), share (0–1), point, mark, count, …")]


class Criterion(Node, Item):
    expert_may_decide: Annotated[bool | None, Field(description="Решение эксперта может заменить вывод")] = None


class Flag(Item):
    when: Annotated[NodeKey, Field(description="Когда признак присваивается")]
    applies_to: Annotated[NodeKey | None, Field(description="К кому относится; для остальных — «неприменимо»")] = None
    expert_may_decide: Annotated[bool | None, Field(description="Решение эксперта может заменить вывод")] = None


class Case(Model):
    id: Annotated[Id, Field(description="Метка кластера")]
    label: Annotated[str | None, Field(description="Название метки по-русски")] = None
    when: Annotated[NodeKey | None, Field(description="Когда присваивается эта метка")] = None
    otherwise: Annotated[bool | None, Field(description="Метка для всех остальных; только последняя")] = None


class Cluster(Item):
    first_match: Annotated[list[Case] | None, Field(description="Метки сверху вниз: первая, чьё условие выполнено")] = (
        None
    )
    function: Annotated[Id | None, Field(description="Функция плагина")] = None
    with_: Annotated[dict[str, Any] | None, Field(alias="with", description="Параметры функции")] = None
    expert_may_decide: Annotated[bool | None, Field(description="Решение эксперта может заменить метку")] = None


class Peers(Item):
    function: Annotated[Id, Field(description="Функция плагина, находящая похожие объекты")]
    with_: Annotated[dict[str, Any] | None, Field(alias="with", description="Параметры функции")] = None
    for_: Annotated[NodeKey | None, Field(alias="for", description="Кому ищутся похожие")] = None
    meeting: Annotated[NodeKey | None, Field(description="Среди кого ищутся похожие")] = None


class Task(Item):
    kind: Annotated[
        Literal["goal", "task", "plan", "result", "principle", "target", "incentive"] | None,
        Field(description="Вид строки документа"),
    ] = None
    part_of: Annotated[str | None, Field(description="Строка, частью которой она является")] = None
    level: Annotated[str | None, Field(description="Уровень, на котором выполняется")] = None
    deadline: Annotated[str | None, Field(description="Срок словами документа")] = None
    months: Annotated[Months | None, Field(description="Месяцы срока, 1–12")] = None
    responsible: Annotated[list[str] | None, Field(description="Кто отвечает (роли, не имена)")] = None
    report: Annotated[str | None, Field(description="Форма отчёта")] = None
    serves: Annotated[list[str] | None, Field(description="Чему служит: коды задач, мер, показателей")] = None


class Measure(Item):
    group: Annotated[str | None, Field(description="Раздел мер")] = None
    level: Annotated[Id | None, Field(description="Уровень, на котором применяется")] = None
    when: Annotated[NodeKey | None, Field(description="Когда рекомендуется; без условия — для всех на уровне")] = None
    task: Annotated[list[str] | None, Field(description="Задачи, которым служит мера")] = None
    stage: Annotated[str | None, Field(description="Этап")] = None
    deadline: Annotated[str | None, Field(description="Срок словами документа")] = None
    months: Annotated[Months | None, Field(description="Месяцы срока, 1–12")] = None
    due: Annotated[datetime.date | None, Field(description="Дата срока")] = None
    responsible: Annotated[list[str] | None, Field(description="Кто отвечает (роли, не имена)")] = None
    report: Annotated[str | None, Field(description="Форма отчёта")] = None
    status: Annotated[str | None, Field(description="Состояние меры")] = None


class Parameter(Item):
    unit: Annotated[str | None, Field(description="Единица; у прочтения (текста) её нет")] = None
    values: Annotated[dict[datetime.date, Text], Field(min_length=1, description="Значения по датам начала действия")]


class NotHeld(Model):
    cells: Annotated[dict[str, OneOrMany], Field(description="Что не проводилось: год и другие измерения")]
    because: Annotated[Text, Field(description="Почему не проводилось")]
    source: Source


class Column(Model):
    type: Annotated[Literal["text", "count", "number", "year", "date", "yes_no"], Field(description="Тип столбца")]
    unit: Annotated[str | None, Field(description="Единица")] = None
    range: Annotated[tuple[Number, Number] | None, Field(description="Наименьшее и наибольшее допустимое значение")] = (
        None
    )
    values: Annotated[list[str] | None, Field(description="Допустимые тексты")] = None
    at_most: Annotated[str | None, Field(description="Столбец, которого значение не превышает")] = None
    digits: Annotated[int | None, Field(ge=0, le=9, description="Знаков после запятой, по умолчанию 6")] = None
    empty: Annotated[
        Literal["allowed", "error"] | None, Field(description="Может ли ячейка быть пустой; по умолчанию allowed")
    ] = None
    aliases: Annotated[list[str] | None, Field(description="Другие заголовки этого столбца")] = None
    label: Annotated[str | None, Field(description="Название по-русски")] = None


class Table(Model):
    label: Annotated[str | None, Field(description="Название по-русски")] = None
    entity: Annotated[
        dict[str, str] | None, Field(description="Уровень и столбец с его кодом: {school: school_id}")
    ] = None
    key: Annotated[
        list[str] | None, Field(description="Столбцы, которые вместе не повторяются; [] — строки без ключа")
    ] = None
    dimensions: Annotated[list[str] | None, Field(description="Измерения; по умолчанию ключ без кода объекта")] = None
    columns: Annotated[dict[str, Column], Field(description="Столбцы")]
    missing: Annotated[list[str] | None, Field(description="Тексты, означающие пустую ячейку")] = None
    hidden: Annotated[list[str] | None, Field(description="Тексты, означающие, что значение скрыто источником")] = None
    no_column: Annotated[
        Literal["error", "unknown"] | None,
        Field(description="Если нужного столбца в таблице нет: error — ошибка (по умолчанию), unknown — неизвестно"),
    ] = None
    no_rows: Annotated[
        Text | None, Field(description="Что значит, что у объекта нет ни одной строки, например: анализ не проводился")
    ] = None
    rows: Annotated[str | None, Field(description="CSV-файл пакета: справочная таблица")] = None
    persons: Annotated[bool | None, Field(description="Строки — люди: их значения не показываются нигде")] = None
    unknown_entities: Annotated[
        Literal["error", "leave_out"] | None,
        Field(description="Строки объектов, которых нет в списке: ошибка или пропустить"),
    ] = None

    @property
    def dims(self) -> list[str]:
        if self.dimensions is not None:
            return list(self.dimensions)
        own = set((self.entity or {}).values())
        return [k for k in self.key or () if k not in own]


class Level(Model):
    table: Annotated[str | None, Field(description="Таблица-список объектов уровня")] = None
    key: Annotated[str | None, Field(description="Столбец с кодом объекта")] = None
    also: Annotated[list[str] | None, Field(description="Таблицы, коды которых тоже входят в список")] = None
    column: Annotated[str | None, Field(description="Столбец таблицы нижнего уровня, называющий этот уровень")] = None


class DocumentSource(Model):
    title: Annotated[Text, Field(description="Название документа")]
    date: Annotated[datetime.date | None, Field(description="Дата документа")] = None
    url: Annotated[str | None, Field(description="Адрес")] = None
    status: Annotated[Literal["in_force", "draft"] | None, Field(description="Действует или проект")] = None


class Valid(Model):
    from_: Annotated[datetime.date | None, Field(alias="from")] = None
    to: datetime.date | None = None


class Head(Model):
    id: Annotated[Id, Field(description="Код пакета, латиницей")]
    version: Annotated[Text, Field(description="Версия, как написано")]
    title: Annotated[Text, Field(description="Какой документ держит пакет")]
    region: Annotated[str | None, Field(description="Регион")] = None
    extends: Annotated[Id | None, Field(description="Пакет, который этот дополняет")] = None
    valid: Annotated[Valid | None, Field(description="Когда действует")] = None
    entity: Annotated[str | None, Field(description="Уровень, о котором пакет говорит; по умолчанию нижний")] = None
    plugins: Annotated[list[str] | None, Field(description="Плагины, без которых пакет не работает")] = None
    status: Annotated[Literal["draft", "active", "retired"] | None, Field(description="Состояние пакета")] = None
    author: Annotated[str | None, Field(description="Кто ведёт пакет (организация или роль)")] = None
    date: Annotated[datetime.date | None, Field(description="Дата этой версии")] = None


class Document(Model):
    """A pack file: the sections of all files of a pack are united."""

    format: Annotated[Literal["1"] | None, Field(description="Версия формата: 1")] = None
    pack: Annotated[Head | None, Field(description="О пакете")] = None
    sources: Annotated[dict[str, DocumentSource], Field(description="Документы")] = {}
    levels: Annotated[dict[Id, Level], Field(description="Уровни снизу вверх: школа, муниципалитет, регион")] = {}
    tables: Annotated[dict[Id, Table], Field(description="Таблицы пакета")] = {}
    not_held: Annotated[list[NotHeld], Field(description="Что в каком году не проводилось")] = []
    parameters: Annotated[dict[Id, Parameter], Field(description="Пороги и прочтения с датами")] = {}
    indicators: Annotated[dict[Id, Indicator], Field(description="Показатели")] = {}
    criteria: Annotated[dict[Id, Criterion], Field(description="Критерии")] = {}
    flags: Annotated[dict[Id, Flag], Field(description="Признаки (категории школ)")] = {}
    clusters: Annotated[dict[Id, Cluster], Field(description="Кластеры")] = {}
    peers: Annotated[dict[Id, Peers], Field(description="Похожие и партнёрские школы")] = {}
    tasks: Annotated[dict[Id, Task], Field(description="Строки документа, которые не вычисляются")] = {}
    measures: Annotated[dict[Id, Measure], Field(description="Меры поддержки")] = {}
    drop: Annotated[
        dict[Id, Text], Field(description="Элементы базового пакета, которые здесь не действуют, и почему")
    ] = {}


#: Sections whose items are found by id; the first four share one name space.
ITEM_SECTIONS = ("indicators", "criteria", "flags", "clusters", "peers", "tasks", "measures", "parameters")


@dataclass(frozen=True, slots=True)
class OwnPlugin:
    """The `plugin.py` in a pack's folder: code, which runs only where the caller trusts that pack.

    pack      id of the pack
    shown     the file as findings show it
    source    its bytes when the pack was loaded: what was hashed is what runs
    trusted   whether the caller of `load_pack` named the pack
    """

    pack: str
    file: Path
    shown: str
    source: bytes = field(repr=False)
    trusted: bool

    @property
    def sha256(self) -> str:
        """Of the file as it is, as `sha256sum` says it."""
        return hashlib.sha256(self.source).hexdigest()


@dataclass(frozen=True)
class Pack:
    """A pack as loaded, its base already merged in.

    origin    id of an item (or table, parameter …) under `section.id` -> id of the pack it comes from
    places    key path, as `criteria/crit.1.1/all/0` -> Place, for findings (ids hold dots, so `/` parts the keys)
    digest    hash of all files of the pack and of its base, in the order of their names
    """

    document: Document
    folder: Path | None
    digest: str
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)
    base: Pack | None = field(default=None, repr=False)
    base_folders: tuple[Path, ...] = ()
    plugin: OwnPlugin | None = field(default=None, repr=False)

    @property
    def head(self) -> Head:
        assert self.document.pack is not None
        return self.document.pack

    @property
    def id(self) -> str:
        return self.head.id

    def place(self, path: str) -> Place:
        """The nearest known place of a key path such as `criteria/crit.1.1/all/0/indicator`."""
        key, shown = path, path.replace("/", ".")
        while key:
            if (found := self.places.get(key)) is not None:
                return Place(file=found.file, line=found.line, column=found.column, key=shown)
            key = key.rpartition("/")[0]
        return Place(key=shown)

    def chain(self) -> Iterator[Pack]:
        """The pack itself, the pack that it extends, and so on."""
        here: Pack | None = self
        while here is not None:
            yield here
            here = here.base

    def own_plugins(self) -> list[OwnPlugin]:
        """The `plugin.py` of this pack and of those that it extends, the lowest base first."""
        return [pack.plugin for pack in self.chain() if pack.plugin is not None][::-1]

    def items(self) -> Iterator[tuple[str, str, Item]]:
        """(section, id, item) of every named item, in the order of the pack."""
        for section in ITEM_SECTIONS:
            for name, item in getattr(self.document, section).items():
                yield section, name, item


def as_number(text: str) -> Decimal | None:
    """The exact number that `text` writes, or None where it writes none."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    return value if value.is_finite() else None


for _model in (
    Group,
    CellEntry,
    InlineIndicator,
    Node,
    Indicator,
    Criterion,
    Flag,
    Case,
    Cluster,
    Peers,
    Measure,
    Document,
):
    _model.model_rebuild()
