"""A pack: the frozen models of its sections and items (the JSON Schema is generated from them), and the pack as loaded.

What an item states (formulas, conditions, windows, groups) is modelled in `nodes`, which says how scalars and texts are kept.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from shsnor.errors import Place
from shsnor.nodes import Id, InlineIndicator, Model, Months, Node, NodeKey, Number, OneOrMany, Source, Text


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


for _model in (Indicator, Criterion, Flag, Case, Cluster, Peers, Measure, Document):
    _model.model_rebuild()
