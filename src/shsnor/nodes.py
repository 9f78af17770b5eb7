"""What an author states, as written: indicators, conditions, groups of comparison.

A node or operand stays as written (an id, a number, `$parameter`, or a structure); `resolving` says what it means.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, Tag

from shsnor.models import (
    ID,
    Border,
    Combine,
    CombineWord,
    Id,
    MetIn,
    MetInKey,
    Model,
    Months,
    Number,
    OneOrMany,
    Source,
    Text,
    Years,
    keys_of,
    tagged,
)

__all__ = [
    "COMPARISONS", "Among", "CellEntry", "Group", "IndicatorKey", "InlineIndicator", "Node", "NodeKey", "OfKey",
    "ID", "Border", "Combine", "CombineWord", "Id", "MetIn", "MetInKey", "Model", "Months", "Number", "OneOrMany", "Source",
    "Text", "Years", "keys_of",
]  # fmt: skip

COMPARISONS = ("at_least", "more_than", "at_most", "less_than", "is", "is_in", "known")


class Group(Model):
    within: Annotated[
        str | None,
        Field(
            description="Уровень, внутри которого берётся группа. По умолчанию — весь регион. Например: municipality"
        ),
    ] = None
    same: Annotated[
        list[Id] | None,
        Field(description="Показатели-тексты и кластеры, значение которых у всей группы одно. Например: [locality]"),
    ] = None
    peers: Annotated[
        Id | None, Field(description="Группа — объекты, подобранные в разделе peers. Например: similar_schools")
    ] = None
    meeting: Annotated[
        "NodeKey | None",
        Field(
            description="Только те, кто выполняет условие: код критерия или условие; о ком неизвестно, тот не входит. "
            "Например: rural"
        ),
    ] = None
    without_self: Annotated[
        bool | None, Field(description="Не считать в группе сам объект. По умолчанию — false. Например: true")
    ] = None


Among: TypeAlias = Annotated[Annotated[str, Tag("text")] | Annotated[Group, Tag("structure")], tagged("structure")]


class CellEntry(Model):
    """What ought to be there: dimensions with a value or a list; the entry is the product of its lists."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, OneOrMany]
    applies_to: Annotated[
        "NodeKey | None",
        Field(
            description="К кому эти ячейки относятся: код критерия или условие; у остальных их быть не должно. По умолчанию "
            "— ко всем. Например: teaches_grade_11"
        ),
    ] = None

    @property
    def dims(self) -> dict[str, list[str]]:
        return {k: [v] if isinstance(v, str) else list(v) for k, v in (self.__pydantic_extra__ or {}).items()}


class InlineIndicator(Model):
    unit: Annotated[
        str | None,
        Field(
            description="Единица значения: percent (0–100), share (0–1), percentage_point, point, mark, count … По "
            "умолчанию — та же, что у показателя, из которого оно получено. Например: percent"
        ),
    ] = None
    better: Annotated[
        Literal["higher", "lower"] | None,
        Field(
            description="Что лучше: higher — больше, lower — меньше. Нужно там, где показатели упорядочиваются. Например: "
            "lower"
        ),
    ] = None
    round_: Annotated[
        int | None,
        Field(
            alias="round",
            ge=0,
            le=9,
            description="Округлить до стольких знаков после запятой, половину вверх. По умолчанию — без округления. "
            "Например: 1",
        ),
    ] = None
    applies_to: Annotated[
        "NodeKey | None",
        Field(
            description="К кому относится: код критерия или условие; для остальных значение — «неприменимо». По умолчанию — "
            "ко всем. Например: teaches_grade_9"
        ),
    ] = None
    from_: Annotated[
        Id | None, Field(alias="from", description="Таблица, из строк которой считается показатель. Например: results")
    ] = None
    value: Annotated[
        Text | None,
        Field(
            description="Выражение: вместе с from — над столбцами таблицы, без него — код показателя или выражение над "
            "показателями и критериями. Например: 100.0 * sum(below_minimum) / sum(participants)"
        ),
    ] = None
    where: Annotated[
        Text | None,
        Field(description="Отбор строк таблицы: условие на её измерения. Например: procedure = 'ОГЭ' and grade = 9"),
    ] = None
    by: Annotated[
        list[Id] | None,
        Field(
            description="Измерения, которые остаются у показателя: значение считается отдельно для каждого их сочетания. "
            "Например: [subject, year]"
        ),
    ] = None
    cells: Annotated[
        list[CellEntry] | None,
        Field(
            description="Что должно быть в данных, и заодно отбор строк: нет такой строки — значение неизвестно. Каждая "
            "запись — все сочетания её списков. Например: [{procedure: ОГЭ, grade: 9, subject: [рус, мат]}]"
        ),
    ] = None
    years: Annotated[
        Years | None,
        Field(
            description="Окно лет; обязательно, когда сворачивается year. По умолчанию — год расчёта. Например: {last: 3}"
        ),
    ] = None
    minimum: Annotated[
        dict[str, str] | None,
        Field(
            description="Столбец и наименьшая его сумма; меньше — значение неизвестно: слишком мало. Например: "
            "{participants: 5}"
        ),
    ] = None
    at_least_known: Annotated[
        int | None,
        Field(
            ge=1,
            description="Скольких известных значений достаточно. По умолчанию — нужны все, а в группе сравнения хватает "
            "одного. Например: 2",
        ),
    ] = None
    level: Annotated[
        Id | None,
        Field(
            description="Уровень, для которого строки складываются. По умолчанию — уровень таблицы. Например: municipality"
        ),
    ] = None
    over: Annotated[
        list[Id] | None,
        Field(
            description="Измерения, которые сворачиваются в одно значение; как — говорит combine. Например: [subject]"
        ),
    ] = None
    combine: Annotated[
        Combine | None,
        Field(
            description="Как сворачиваются значения: mean — среднее, median — медиана, sum, min, max, count — сколько "
            "выполнено, share — процент выполненных, stdev; по годам также change — последний минус первый и "
            "slope — наклон в год; в группе также pooled — по всем строкам вместе и rank — место. Например: "
            "mean"
        ),
    ] = None
    among: Annotated[
        Among | None,
        Field(description="Группа сравнения: уровень (по всем его объектам) или описание группы. Например: region"),
    ] = None
    function: Annotated[
        Id | None,
        Field(description="Функция, встроенная или из плагина, которая считает показатель. Например: social_index"),
    ] = None
    with_: Annotated[
        dict[str, Any] | None,
        Field(
            alias="with",
            description="Настройки функции: какие — сказано на странице «Встроенные функции». Значением может быть и "
            "$параметр. Например: {plus: [parents_higher_education]}",
        ),
    ] = None
    choose: Annotated[
        str | None, Field(pattern=r"^\$", description="Параметр, который выбирает прочтение. Например: $reading")
    ] = None
    options: Annotated[
        "dict[str, IndicatorKey] | None",
        Field(
            description="Прочтения: значение параметра и показатель, который тогда берётся. Например: {mean: mean_mark, "
            "share: low_share}"
        ),
    ] = None


IndicatorKey: TypeAlias = Annotated[
    Annotated[str, Tag("text")] | Annotated[InlineIndicator, Tag("structure")], tagged("structure")
]


OfKey: TypeAlias = Annotated[
    Annotated[list["NodeKey"], Tag("list")] | Annotated[dict[str, Number], Tag("weights")],
    Discriminator(lambda v: "weights" if isinstance(v, Mapping) else "list"),
]


class Node(Model):
    """A statement about an entity: a leaf, a quantifier, a list, `not`, a cluster's label or a choice of readings."""

    applies_to: Annotated[
        "NodeKey | None",
        Field(
            description="К кому относится: код критерия или условие; для остальных вывод — «неприменимо». По умолчанию — ко "
            "всем. Например: teaches_grade_9"
        ),
    ] = None
    indicator: Annotated[
        str | None,
        Field(
            description="Показатель, значение которого сравнивается: рядом нужно ровно одно сравнение (at_least, more_than, "
            "at_most, less_than, is, is_in, known). Например: low_share"
        ),
    ] = None
    at_least: Annotated[
        IndicatorKey | None,
        Field(description="Не меньше: число, $параметр, показатель или его описание. Например: $low_limit"),
    ] = None
    more_than: Annotated[
        IndicatorKey | None,
        Field(description="Больше, равное не подходит: число, $параметр, показатель или его описание. Например: 50"),
    ] = None
    at_most: Annotated[
        IndicatorKey | None,
        Field(
            description="Не больше: число, $параметр, показатель или его описание. Например: {among: region, combine: "
            "{lowest: 25}}"
        ),
    ] = None
    less_than: Annotated[
        IndicatorKey | None,
        Field(
            description="Меньше, равное не подходит: число, $параметр, показатель или его описание. Например: {among: "
            "region, combine: mean}"
        ),
    ] = None
    is_: Annotated[
        str | None,
        Field(alias="is", description="Равно числу, $параметру или тексту; у кластера — метка. Например: СОШ"),
    ] = None
    is_in: Annotated[
        list[str] | None,
        Field(description="Одно из перечисленных чисел или текстов; у кластера — меток. Например: [НОШ, ООШ]"),
    ] = None
    known: Annotated[
        bool | None, Field(description="Известно ли значение: true — да, false — нет. Например: false")
    ] = None
    missing: Annotated[
        Literal["unknown", "not_met", "met", "leave_out"] | None,
        Field(
            description="Чем считать неизвестное значение этого условия: unknown — неизвестно, not_met — не выполнено, met "
            "— выполнено, leave_out — не учитывать. По умолчанию — unknown. Например: not_met"
        ),
    ] = None
    criterion: Annotated[
        "NodeKey | None",
        Field(
            description="Критерий или условие, которое проверяется по измерениям over: сколько раз выполнено — говорит "
            "met_in. Например: low_in_subject"
        ),
    ] = None
    over: Annotated[
        list[Id] | None,
        Field(
            description="Измерения, которые сворачиваются вместе: считаются сочетания их значений. Например: [subject, "
            "year]"
        ),
    ] = None
    years: Annotated[
        Years | None, Field(description="Окно лет; нужно, когда сворачивается year. Например: {last: 2}")
    ] = None
    met_in: Annotated[
        MetInKey | None,
        Field(
            description="В скольких случаях должно быть выполнено: every — во всех, any — хотя бы в одном, {at_least: n}, "
            "{share_at_least: p}, {share_more_than: p}. Например: {at_least: 2}"
        ),
    ] = None
    all_: Annotated[
        "list[NodeKey] | None",
        Field(
            alias="all",
            min_length=1,
            description="Выполнены все условия: список кодов и условий. Например: [low_results, adverse_conditions]",
        ),
    ] = None
    any_: Annotated[
        "list[NodeKey] | None",
        Field(
            alias="any",
            min_length=1,
            description="Выполнено хотя бы одно условие: список кодов и условий. Например: [low_oge, low_ege]",
        ),
    ] = None
    of: Annotated[
        OfKey | None,
        Field(
            description="Условия, из которых должно выполниться сколько-то (met_in): список или коды с весами. Например: "
            "{low_oge: 2, low_vpr: 1}"
        ),
    ] = None
    not_: Annotated[
        "NodeKey | None",
        Field(alias="not", description="Условие не выполняется: код критерия или условие. Например: special_school"),
    ] = None
    cluster: Annotated[
        str | None,
        Field(description="Кластер, метка которого сравнивается; рядом is или is_in. Например: social_conditions"),
    ] = None
    choose: Annotated[
        str | None, Field(pattern=r"^\$", description="Параметр, который выбирает прочтение. Например: $reading")
    ] = None
    options: Annotated[
        "dict[str, NodeKey] | None",
        Field(
            description="Прочтения: значение параметра и условие, которое тогда проверяется. Например: {strict: low_in_two, "
            "soft: low_in_one}"
        ),
    ] = None

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


class Claim(Model):
    """What the author claims of a verdict and `pack check` holds against its condition."""

    more: Annotated[
        Id,
        Field(
            description="Код показателя, который растёт, а всё остальное у школы остаётся как было. Например: low_share"
        ),
    ]
    never: Annotated[
        Literal["removes", "raises"],
        Field(
            description="Чего рост этого показателя никогда не делает: removes — не снимает выполненного вывода, raises — "
            "не делает выполненным то, что выполнено не было. Например: removes"
        ),
    ]


Claims: TypeAlias = Annotated[
    list[Claim] | None,
    Field(
        description="Утверждения автора о выводе, которые проверяет shsnor pack check: «больше не справившихся — признак не "
        "снимается». О неверном говорится с примером школы; на расчёт не влияет. Например: [{more: low_share, never: "
        "removes}]"
    ),
]


NodeKey: TypeAlias = Annotated[Annotated[str, Tag("text")] | Annotated[Node, Tag("structure")], tagged("structure")]
