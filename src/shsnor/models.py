"""What the models of a pack share: their settings, ids and texts, sources, windows of years, how many must be met.

Scalars arrive as text, as the author wrote them, and get their type from the key they meet. What a key means is said
in its `description`, in Russian, because editors show it to authors and `docs/reference.md` is made of it: one or two
sentences, then perhaps `По умолчанию — …` and `Например: …`, which the page sets apart.

The modules of models do without `from __future__ import annotations`: pydantic would have to evaluate hundreds of texts.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

ID = r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)*$"
Id: TypeAlias = Annotated[str, StringConstraints(pattern=ID)]
Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Number: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[+-]?(\d+(\.\d+)?|\.\d+)$")]
OneOrMany: TypeAlias = str | list[str]
Months: TypeAlias = list[Annotated[int, Field(ge=1, le=12)]]
Accept: TypeAlias = Annotated[
    dict[str, Text] | None,
    Field(
        description="Предупреждения проверки, с которыми автор пакета согласен, и почему: код и причина. "
        "Например: {SH801: показывается в отчёте района}"
    ),
]


class Model(BaseModel):
    """Common settings: unknown keys are refused, values are frozen, `from` and its like are keys of YAML only.

    What validates is built when first used: of a pack's document for all its models at once, not for each model as well.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, defer_build=True
    )


@cache
def _keys(kind: type[Model]) -> Mapping[str, str]:
    """Field -> its key in YAML."""
    return {name: info.alias or name for name, info in kind.model_fields.items()}


def keys_of(model: Model, *, told: bool = False) -> set[str]:
    """The YAML keys that the author wrote; of these only such as say something (`told`), not those left empty."""
    keys, written = _keys(type(model)), model.model_fields_set
    return {keys[name] for name in written if name in keys and not (told and getattr(model, name) is None)}


def written(value: Any) -> Any:
    """A model as the author wrote it, in values that JSON knows: of a number its text, of a date too.

    The same as pydantic's `model_dump(mode="json", by_alias=True, exclude_unset=True)`, for which pydantic would first build
    what it needs, for longer than a whole pack takes.
    """
    if isinstance(value, Model):
        told = {key: getattr(value, name) for name, key in _keys(type(value)).items() if name in value.model_fields_set}
        value = told | (value.model_extra or {})
    if isinstance(value, Mapping):
        return {str(key): written(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [written(each) for each in value]
    return str(value) if isinstance(value, Decimal | date) else value


def tagged(inner: str, text: str = "text") -> Discriminator:
    """Text or a structure: chosen by what is there, so that one mistake gives one finding."""
    return Discriminator(lambda v: text if isinstance(v, str) else inner)


class Source(Model):
    document: Annotated[
        str | None,
        Field(
            description="Код документа из раздела sources. По умолчанию — единственный документ пакета. Например: order"
        ),
    ] = None
    clause: Annotated[
        Text,
        Field(
            description="Пункт документа, на котором стоит элемент, так, чтобы его нашли. Например: пункт 3, абзац 2"
        ),
    ]
    basis: Annotated[
        Literal["stated", "derived", "assumed"],
        Field(
            description="Насколько прямо это сказано: stated — сказано в документе, derived — следует из него, assumed — "
            "решил автор пакета. Например: stated"
        ),
    ]
    because: Annotated[
        str | None,
        Field(description="Почему так; при basis: assumed обязательно. Например: В документе числа нет, взято меньшее"),
    ] = None


class Years(Model):
    """A window of years: `{last: n, back?: m}`, `{last_held: n}` or `{from, to}`."""

    last: Annotated[int | None, Field(ge=1, description="Столько последних лет, считая год расчёта. Например: 3")] = (
        None
    )
    back: Annotated[
        int | None,
        Field(
            ge=0, description="На сколько лет раньше года расчёта кончается окно last. По умолчанию — 0. Например: 1"
        ),
    ] = None
    last_held: Annotated[
        int | None,
        Field(
            ge=1,
            description="Столько последних лет, в которые процедура проводилась: не проводившиеся годы пропускаются. "
            "Например: 3",
        ),
    ] = None
    from_: Annotated[int | None, Field(alias="from", description="Первый год окна; вместе с to. Например: 2019")] = None
    to: Annotated[int | None, Field(description="Последний год окна; вместе с from. Например: 2022")] = None


class MetIn(Model):
    at_least: Annotated[
        Number | None,
        Field(description="Не меньше стольких случаев; если у условий веса — не меньше такой суммы весов. Например: 2"),
    ] = None
    share_at_least: Annotated[
        Number | None, Field(description="Не меньше такого процента случаев, 0–100. Например: 50")
    ] = None
    share_more_than: Annotated[
        Number | None, Field(description="Больше такого процента случаев, 0–100. Например: 50")
    ] = None


MetInKey: TypeAlias = Annotated[
    Annotated[Literal["every", "any"], Tag("text")] | Annotated[MetIn, Tag("structure")], tagged("structure")
]


class Border(Model):
    lowest: Annotated[
        Number | None,
        Field(
            description="Граница нижней части группы: наименьшее значение, не выше которого хотя бы столько процентов её "
            "объектов. Например: 25"
        ),
    ] = None
    highest: Annotated[
        Number | None,
        Field(
            description="Граница верхней части группы: наибольшее значение, не ниже которого хотя бы столько процентов её "
            "объектов. Например: 25"
        ),
    ] = None


CombineWord: TypeAlias = Literal[
    "mean", "median", "sum", "min", "max", "count", "share", "stdev", "change", "slope", "pooled", "rank"
]
Combine: TypeAlias = Annotated[
    Annotated[CombineWord, Tag("text")] | Annotated[Border, Tag("structure")], tagged("structure")
]
