"""The models of a pack's named items: indicators, criteria, flags, clusters, peers, tasks, measures, parameters."""

import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from shsnor.models import Accept, Id, Model, Months, Source, Text
from shsnor.nodes import Claims, IndicatorKey, InlineIndicator, Node, NodeKey, OfKey

#: Fields that items inherit name these; pydantic looks for them here.
_INHERITED = (IndicatorKey, OfKey)


class Item(Model):
    """What every named item has."""

    label: Annotated[
        Text,
        Field(
            description="Название по-русски, как его увидят школы и методисты. Например: Низкий результат по предмету"
        ),
    ]
    note: Annotated[
        str | None, Field(description="Пояснение для читателя: то, чего название не говорит. На расчёт не влияет")
    ] = None
    code: Annotated[
        str | None,
        Field(
            description="Номер строки в самом документе, единственный в пакете: по нему строки показывает shsnor pack rows. "
            "Например: kchr.result.1"
        ),
    ] = None
    source: Annotated[
        Source,
        Field(
            description="Документ и пункт, на котором стоит элемент, и насколько прямо там это сказано. Например: {clause: "
            "пункт 3, basis: stated}"
        ),
    ]
    override: Annotated[
        Text | None,
        Field(
            description="Почему здесь заменён элемент базового пакета с тем же кодом; он заменяется целиком, вместе с "
            "источником. Например: Порядок региона ставит границу 25 %"
        ),
    ] = None
    accept: Accept = None


class Valid(Model):
    from_: Annotated[
        datetime.date | None,
        Field(
            alias="from",
            description="Первый день действия, сам он входит. По умолчанию — срок без начала. Например: 2024-09-01",
        ),
    ] = None
    to: Annotated[
        datetime.date | None,
        Field(
            description="Последний день действия, сам он входит. По умолчанию — срок без конца. Например: 2026-08-31"
        ),
    ] = None

    def holds(self, day: datetime.date) -> bool:
        """Whether the day lies inside; both ends belong to it."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class DatedItem(Item):
    """An item that may be in force for a part of its pack's time only; a parameter has its values by date instead."""

    valid: Annotated[
        Valid | None,
        Field(
            description="Когда элемент действует, если не всё время, что и пакет; вне этих дат его в расчёте нет. По "
            "умолчанию — всё время. Например: {from: 2024-09-01}"
        ),
    ] = None


class Indicator(InlineIndicator, DatedItem):
    unit: Annotated[
        Text,
        Field(
            description="Единица значения: percent (0–100), share (0–1), percentage_point, point, mark, count, ruble, year, "
            "number, text или единица столбцов пакета. Сравнивается только одинаковое, пересчёта нет. Например: "
            "percent"
        ),
    ]


MayDecide: TypeAlias = Annotated[
    bool | None,
    Field(
        description="Может ли решение эксперта (таблица decisions) заменить вывод; сохраняются оба. По умолчанию — "
        "false. Например: true"
    ),
]


class Criterion(Node, DatedItem):
    expert_may_decide: MayDecide = None
    claims: Claims = None


class Flag(DatedItem):
    when: Annotated[
        NodeKey,
        Field(
            description="Когда признак присваивается: код критерия или условие. «Неизвестно» признака не даёт. Например: "
            "{criterion: low_in_subject, over: [subject], met_in: any}"
        ),
    ]
    applies_to: Annotated[
        NodeKey | None,
        Field(
            description="К кому относится: код критерия или условие; для остальных вывод — «неприменимо», а не «нет». По "
            "умолчанию — ко всем. Например: {not: primary_school}"
        ),
    ] = None
    expert_may_decide: MayDecide = None
    claims: Claims = None


class Case(Model):
    id: Annotated[Id, Field(description="Метка кластера, латиницей. Например: hard_conditions")]
    label: Annotated[str | None, Field(description="Название метки по-русски. Например: Трудные условия")] = None
    when: Annotated[
        NodeKey | None,
        Field(
            description="Когда присваивается эта метка: код критерия или условие. Если об условии ничего не известно, ниже "
            "не смотрят: кластер неизвестен. Например: adverse_conditions"
        ),
    ] = None
    otherwise: Annotated[
        bool | None, Field(description="Метка для всех остальных; только у последней строки. Например: true")
    ] = None


class Cluster(DatedItem):
    first_match: Annotated[
        list[Case] | None,
        Field(
            description="Метки сверху вниз: присваивается первая, чьё условие выполнено. Например: [{id: low, label: "
            "Низкие, when: low_results}, {id: rest, label: Остальные, otherwise: true}]"
        ),
    ] = None
    function: Annotated[
        Id | None,
        Field(
            description="Функция, которая сама раскладывает объекты по меткам; стоит вместо first_match. Например: k_groups"
        ),
    ] = None
    with_: Annotated[
        dict[str, Any] | None,
        Field(
            alias="with",
            description="Настройки функции: какие — сказано на странице «Встроенные функции». Значением может быть и "
            "$параметр. Например: {indicators: [isbsh], k: 3}",
        ),
    ] = None
    expert_may_decide: Annotated[
        bool | None,
        Field(
            description="Может ли решение эксперта (таблица decisions) заменить метку; сохраняются обе. По умолчанию — "
            "false. Например: true"
        ),
    ] = None


class Peers(DatedItem):
    function: Annotated[
        Id,
        Field(
            description="Функция, которая подбирает каждому объекту другие: похожих или партнёров, ближайшего первым. "
            "Например: nearest"
        ),
    ]
    with_: Annotated[
        dict[str, Any] | None,
        Field(
            alias="with",
            description="Настройки функции: какие — сказано на странице «Встроенные функции». Значением может быть и "
            "$параметр. Например: {indicators: [isbsh], k: 10}",
        ),
    ] = None
    for_: Annotated[
        NodeKey | None,
        Field(
            alias="for",
            description="Кому подбирают: код критерия или условие. По умолчанию — всем. Например: low_results",
        ),
    ] = None
    meeting: Annotated[
        NodeKey | None,
        Field(
            description="Среди кого подбирают: код критерия или условие, берутся те, кто его выполняет. По умолчанию — "
            "среди всех. Например: good_results"
        ),
    ] = None


class Task(DatedItem):
    kind: Annotated[
        Literal["goal", "task", "plan", "result", "principle", "target", "incentive"] | None,
        Field(
            description="Вид строки документа: goal — цель, task — задача, plan — мероприятие плана, result — ожидаемый "
            "результат, principle — принцип, target — целевой показатель, incentive — поощрение. Например: plan"
        ),
    ] = None
    part_of: Annotated[str | None, Field(description="Код строки, частью которой является эта. Например: task.1")] = (
        None
    )
    level: Annotated[str | None, Field(description="Уровень, на котором выполняется. Например: municipality")] = None
    deadline: Annotated[str | None, Field(description="Срок словами документа. Например: до 1 октября")] = None
    months: Annotated[
        Months | None,
        Field(description="Месяцы срока, числа 1–12: по ним план показывает shsnor pack tasks. Например: [9, 10]"),
    ] = None
    responsible: Annotated[
        list[str] | None,
        Field(
            description="Кто отвечает: роли и организации, никогда не имена людей. Например: [муниципальная методическая "
            "служба]"
        ),
    ] = None
    report: Annotated[str | None, Field(description="Чем отчитываются. Например: аналитическая справка")] = None
    serves: Annotated[
        list[str] | None,
        Field(description="Чему служит строка: коды задач, мер, показателей. Например: [task.1, low_share]"),
    ] = None


class Measure(DatedItem):
    group: Annotated[str | None, Field(description="Раздел мер, как в документе. Например: Кадры")] = None
    level: Annotated[
        Id | None,
        Field(
            description="Уровень, на котором мера применяется. По умолчанию — уровень её условия, а без условия — уровень "
            "пакета (entity). Например: municipality"
        ),
    ] = None
    when: Annotated[
        NodeKey | None,
        Field(
            description="Когда мера рекомендуется: код критерия или признака либо условие. Если неизвестно, выполнено ли "
            "оно, мера показана как нерешённая. По умолчанию — для всех на её уровне. Например: low_results"
        ),
    ] = None
    task: Annotated[
        list[str] | None, Field(description="Коды строк раздела tasks, которым служит мера. Например: [task.1]")
    ] = None
    stage: Annotated[str | None, Field(description="Этап, как в документе. Например: Диагностика")] = None
    deadline: Annotated[str | None, Field(description="Срок словами документа. Например: в течение учебного года")] = (
        None
    )
    months: Annotated[Months | None, Field(description="Месяцы срока, числа 1–12. Например: [9, 10]")] = None
    due: Annotated[datetime.date | None, Field(description="Дата срока. Например: 2026-10-01")] = None
    responsible: Annotated[
        list[str] | None,
        Field(
            description="Кто отвечает: роли и организации, никогда не имена людей. Например: [заместитель директора]"
        ),
    ] = None
    report: Annotated[str | None, Field(description="Чем отчитываются. Например: план работы куратора")] = None
    status: Annotated[
        str | None, Field(description="Состояние меры словами документа; на расчёт не влияет. Например: выполняется")
    ] = None


class Parameter(Item):
    unit: Annotated[
        str | None,
        Field(description="Единица значений. Ключа нет у прочтений: их значения — тексты. Например: percent"),
    ] = None
    values: Annotated[
        dict[datetime.date, Text],
        Field(
            min_length=1,
            description="Значения по датам, с которых они действуют: берётся последнее, чья дата не позже даты расчёта. "
            "Прежние не удаляют — по ним считают прошлые годы. Например: {2020-01-01: 30, 2026-01-01: 25}",
        ),
    ]

    def on(self, day: datetime.date) -> tuple[datetime.date, str] | None:
        """The date since which a value holds on `day`, and that value (rule 21); None before the first."""
        since = max((start for start in self.values if start <= day), default=None)
        return None if since is None else (since, self.values[since])
