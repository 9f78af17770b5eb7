"""A pack: the frozen models of its sections (the JSON Schema is generated from them), and the pack as loaded.

Items are modelled in `items`, what they state (formulas, conditions, windows, groups) in `nodes`, tables in `tables`.
"""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from shsnor.errors import Place, Places
from shsnor.items import (
    Case,
    Cluster,
    Criterion,
    DatedItem,
    Flag,
    Indicator,
    Item,
    Measure,
    Parameter,
    Peers,
    Task,
    Valid,
)
from shsnor.models import Id, Model, OneOrMany, Source, Text
from shsnor.tables import Column, Level, Table

__all__ = [
    "ITEM_SECTIONS", "PUBLICATION_MINIMUM",
    "Document", "DocumentSource", "Head", "NotHeld", "OwnPlugin", "Pack", "Retired", "as_number", "must_be_pack",
    "Case", "Cluster", "Criterion", "DatedItem", "Flag", "Indicator", "Item", "Measure", "Parameter", "Peers", "Task",
    "Valid", "Column", "Level", "Table",
]  # fmt: skip


class NotHeld(Model):
    cells: Annotated[
        dict[str, OneOrMany],
        Field(
            description="Что не проводилось: год и другие измерения, значение или список. Такие ячейки — не пропуск в "
            "данных. Например: {year: 2020, procedure: ОГЭ}"
        ),
    ]
    because: Annotated[Text, Field(description="Почему не проводилось. Например: ОГЭ 2020 года отменён")]
    source: Annotated[
        Source, Field(description="Откуда известно, что не проводилось. Например: {clause: пункт 1, basis: stated}")
    ]


class DocumentSource(Model):
    title: Annotated[
        Text, Field(description="Название документа: вид, номер, о чём. Например: Приказ № 12 «О поддержке школ»")
    ]
    date: Annotated[datetime.date | None, Field(description="Дата документа. Например: 2026-02-01")] = None
    url: Annotated[
        str | None,
        Field(description="Адрес, по которому документ можно прочесть. Например: https://example.org/prikaz-12"),
    ] = None
    status: Annotated[
        Literal["in_force", "draft"] | None,
        Field(description="in_force — действует, draft — проект. Например: in_force"),
    ] = None
    clauses: Annotated[
        dict[Text, Text] | None,
        Field(
            description="Перечень пунктов документа: пункт, как его называют в source.clause, и о чём он. По нему shsnor "
            "pack show --order показывает, какие пункты пакет держит, а какие нет. Например: {пункт 3: Порог "
            "низкого результата}"
        ),
    ] = None


class Retired(Model):
    """An item that the pack had once: its id means that and nothing else for ever."""

    was: Annotated[
        Text, Field(description="Как элемент назывался: его label. Например: Низкий результат в двух процедурах")
    ]
    because: Annotated[Text, Field(description="Почему снят. Например: Порядок 2026 года считает по предметам")]
    since: Annotated[datetime.date | None, Field(description="С какого дня его нет. Например: 2026-01-01")] = None
    replaced_by: Annotated[
        Id | None,
        Field(description="Код элемента, который стоит вместо него, если такой есть. Например: low_in_subject"),
    ] = None


class Head(Model):
    id: Annotated[
        Id,
        Field(
            description="Код пакета, латиницей: под ним он известен командам и пакетам, которые его дополняют. Например: "
            "tver"
        ),
    ]
    version: Annotated[Text, Field(description='Версия пакета, текстом. Например: "2026.1"')]
    title: Annotated[Text, Field(description="Какой документ держит пакет. Например: Приказ № 12 «О поддержке школ»")]
    region: Annotated[str | None, Field(description="Регион. Например: Тверская область")] = None
    extends: Annotated[
        Id | None,
        Field(
            description="Код пакета, который этот дополняет: всё, что есть там, действует и здесь, кроме заменённого "
            "(override) и снятого (drop). Например: federal"
        ),
    ] = None
    valid: Annotated[
        Valid | None,
        Field(
            description="Когда пакет действует: расчёт на другую дату не делается. По умолчанию — всегда. Например: {from: "
            "2020-01-01}"
        ),
    ] = None
    entity: Annotated[
        str | None,
        Field(
            description="Уровень, о котором пакет говорит. По умолчанию — нижний, то есть школа. Например: municipality"
        ),
    ] = None
    plugins: Annotated[
        list[str] | None,
        Field(description="Дистрибутивы плагинов, без которых пакет не работает. Например: [shsnor-plugin-example]"),
    ] = None
    engine: Annotated[
        Text | None,
        Field(description='С какими версиями программы пакет работает. По умолчанию — с любыми. Например: ">=0.1,<1"'),
    ] = None
    status: Annotated[
        Literal["draft", "active", "retired"] | None,
        Field(
            description="Состояние пакета: draft — проект, active — действует, retired — снят: по нему можно посчитать "
            "только прошлое, до valid.to. Например: draft"
        ),
    ] = None
    author: Annotated[
        str | None,
        Field(
            description="Кто ведёт пакет: организация или роль, не имя. Например: Региональный центр оценки качества "
            "образования"
        ),
    ] = None
    date: Annotated[datetime.date | None, Field(description="Дата этой версии. Например: 2026-02-01")] = None


class Document(Model):
    """A pack file: the sections of all files of a pack are united."""

    format: Annotated[
        Literal["1"] | None, Field(description="Версия формата, всегда 1; у пакета обязательна. Например: 1")
    ] = None
    pack: Annotated[
        Head | None, Field(description="О пакете: код, версия, название, что он дополняет и когда действует")
    ] = None
    sources: Annotated[
        dict[str, DocumentSource],
        Field(description="Документы, на которые опирается пакет: у каждого элемента назван документ и пункт"),
    ] = {}
    levels: Annotated[
        dict[Id, Level],
        Field(
            description="Уровни снизу вверх, если они не такие, как всегда. По умолчанию — школа, муниципалитет, регион"
        ),
    ] = {}
    tables: Annotated[
        dict[Id, Table],
        Field(
            description="Таблицы, которых нет среди обычных (schools, results, context …), и столбцы, добавленные к обычным"
        ),
    ] = {}
    not_held: Annotated[
        list[NotHeld],
        Field(description="Что в каком году не проводилось: отсутствие таких строк — не пропуск в данных"),
    ] = []
    parameters: Annotated[
        dict[Id, Parameter],
        Field(
            description="Параметры: пороги и прочтения порядка, со значениями по датам. В других местах на них ссылаются: "
            "$код. Один читает сама программа: publication_minimum — меньше чем о скольких учениках ничего не публикуется "
            "(без него — 10)"
        ),
    ] = {}
    indicators: Annotated[
        dict[Id, Indicator],
        Field(
            description="Показатели: число или текст о каждом объекте — из строк таблицы, из других показателей или "
            "функцией"
        ),
    ] = {}
    criteria: Annotated[
        dict[Id, Criterion],
        Field(description="Критерии: утверждения об объекте, которые выполнены, не выполнены или неизвестны"),
    ] = {}
    flags: Annotated[
        dict[Id, Flag],
        Field(description="Признаки (категории школ): критерии, у которых есть последствия — меры поддержки"),
    ] = {}
    clusters: Annotated[
        dict[Id, Cluster], Field(description="Кластеры: схемы, где у каждого объекта ровно одна метка")
    ] = {}
    peers: Annotated[
        dict[Id, Peers],
        Field(description="Похожие и партнёрские школы: для каждого объекта — другие, ближайшие первыми"),
    ] = {}
    tasks: Annotated[
        dict[Id, Task],
        Field(description="Строки документа, которые не вычисляются: цели, задачи, план, ожидаемые результаты"),
    ] = {}
    measures: Annotated[
        dict[Id, Measure], Field(description="Меры поддержки: что предложить школе, кто и когда это делает")
    ] = {}
    drop: Annotated[
        dict[Id, Text],
        Field(
            description="Элементы базового пакета, которые здесь не действуют: код и почему. Например: {measure.1: В нашем "
            "порядке этой меры нет}"
        ),
    ] = {}
    retired: Annotated[
        dict[Id, Retired],
        Field(
            description="Коды элементов, которые в пакете были и сняты: другому их не дают, в старых итогах они читаются"
        ),
    ] = {}


#: Sections whose items are found by id; the first four share one name space.
ITEM_SECTIONS = ("indicators", "criteria", "flags", "clusters", "peers", "tasks", "measures", "parameters")

#: A parameter that public outputs read: figures about fewer pupils are hidden. No item needs to name it.
PUBLICATION_MINIMUM = "publication_minimum"


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
    places: Places = field(default_factory=Places, repr=False)
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)
    base: "Pack | None" = field(default=None, repr=False)
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

    def chain(self) -> "Iterator[Pack]":
        """The pack itself, the pack that it extends, and so on."""
        here: Pack | None = self
        while here is not None:
            yield here
            here = here.base

    def own_plugins(self) -> list[OwnPlugin]:
        """The `plugin.py` of this pack and of those that it extends, the lowest base first."""
        return [pack.plugin for pack in self.chain() if pack.plugin is not None][::-1]

    def _repr_html_(self) -> str:
        """What the pack holds and on which documents it stands, as a notebook shows it."""
        from shsnor import notebook  # loading a pack needs no words
        from shsnor.wording import notebooks as captions
        from shsnor.wording.explanations import date
        from shsnor.wording.pack_pages import say

        counts = [
            (say(name, "ru"), len(items), sum(not self._is_own(name, id) for id in items))
            for name in ITEM_SECTIONS
            if (items := getattr(self.document, name))
        ]
        documents = [
            (source.title, date(str(source.date or ""), "ru"), captions.SOURCE_STATUS.get(source.status or "", ""))
            for id, source in sorted(self.document.sources.items(), key=lambda one: not self._is_own("sources", one[0]))
        ]
        return notebook.page(
            notebook.heading(self.head.title),
            notebook.paragraph(". ".join(text[0].upper() + text[1:] for text in self._said_of_head())),
            notebook.table(captions.ITEMS, captions.ITEMS_HEAD, counts),
            notebook.table(captions.SOURCES, captions.SOURCES_HEAD, documents),
        )

    def _is_own(self, section: str, id: str) -> bool:
        return self.origin.get(f"{section}/{id}", self.id) == self.id

    def _said_of_head(self) -> Iterator[str]:
        from shsnor.wording.explanations import date
        from shsnor.wording.pack_pages import say

        head = self.head
        yield say("version", "ru", id=self.id, version=head.version)
        if head.status is not None:
            yield say("retired_pack" if head.status == "retired" else head.status, "ru")
        if head.extends is not None:
            yield say("extends", "ru", pack=head.extends)
        if head.valid is not None and head.valid.from_ is not None:
            yield say("valid_from", "ru", date=date(str(head.valid.from_), "ru"))
        if head.valid is not None and head.valid.to is not None:
            yield say("valid_to", "ru", date=date(str(head.valid.to), "ru"))

    def items(self) -> Iterator[tuple[str, str, Item]]:
        """(section, id, item) of every named item, in the order of the pack."""
        for section in ITEM_SECTIONS:
            for name, item in getattr(self.document, section).items():
                yield section, name, item


def must_be_pack(given: object) -> None:
    """Refuse what stands in the place of a pack and is none, most often its name.

    raises   TypeError that says what to write
    """
    if not isinstance(given, Pack):
        how = f"shsnor.load_pack({str(given)!r})" if isinstance(given, str | Path) else "what shsnor.load_pack gives"
        raise TypeError(f"a Pack is needed, not {type(given).__name__}: give {how}")


def as_number(text: str) -> Decimal | None:
    """The exact number that `text` writes, or None where it writes none, or one far beyond what a column can hold."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 38 else None
