"""docs/reference.md: every key of the format, out of the editors' schema and so out of the models.

    python tools/make_reference.py

An editor shows the same texts: a description ends with `По умолчанию — …` and `Например: …`, which the page sets apart.
The examples of sections are those of `tools/reference_pack`, a pack that checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shsnor.host import find_plugins
from shsnor.models import ID
from shsnor.pack_schema import pack_schema

Schema = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference.md"
EXAMPLE = ROOT / "tools" / "reference_pack" / "pack.yaml"

HEAD = """\
# Справочник формата

Все ключи файла пакета: что значат, какими бывают, что бывает без них. Те же слова показывает редактор, когда на ключ
наводят мышью: эта страница сделана из того же текста (`make reference`). Что считают функции — на странице
[«Встроенные функции»](functions.md).

Пакет — папка, в ней `pack.yaml` и, если так удобнее, другие файлы `*.yaml`: их разделы складываются. Ключи и коды пишут
латиницей, названия и пояснения — по-русски. Звёздочка — ключ обязателен. «Код» — малые латинские буквы, цифры и `_`, дальше
через точку части номера: `low_results`, `eff.1.1.2`. `$код` — параметр. Где стоит «текст», годится и число: оно останется
таким, как написано. Начать новый пакет — `shsnor pack new`.
"""


@dataclass(frozen=True)
class Part:
    """One heading of the page: the keys of a definition of the schema, without those of others that it links to."""

    title: str
    definition: str
    section: str = ""
    also: tuple[str, ...] = ()
    text: str = ""


COMMON = "Общие ключи"
#: What "Общие ключи" shows: the keys of any item, as those of an indicator.
COMMON_KEYS = ("label", "note", "code", "source", "override", "accept", "valid")

PARTS = (
    Part("О пакете", "Head", "pack"),
    Part("Документы", "DocumentSource", "sources"),
    Part("Уровни", "Level", "levels"),
    Part("Таблицы", "Table", "tables"),
    Part("Столбец таблицы", "Column"),
    Part("Что не проводилось", "NotHeld", "not_held"),
    Part("Параметры", "Parameter", "parameters", (COMMON,)),
    Part("Показатели", "Indicator", "indicators", (COMMON, "InlineIndicator")),
    Part("Критерии", "Criterion", "criteria", (COMMON, "Node")),
    Part("Признаки", "Flag", "flags", (COMMON,)),
    Part("Кластеры", "Cluster", "clusters", (COMMON,)),
    Part("Метка кластера", "Case"),
    Part("Похожие и партнёры", "Peers", "peers", (COMMON,)),
    Part("Строки документа", "Task", "tasks", (COMMON,)),
    Part("Меры", "Measure", "measures", (COMMON,)),
    Part("Снятое из базового пакета", "", "drop"),
    Part("Снятые коды", "Retired", "retired"),
    Part(COMMON, "Indicator", text="Есть у каждого элемента: параметра, показателя, критерия, признака и других."),
    Part("Источник", "Source"),
    Part("Срок действия", "Valid"),
    Part(
        "Как считается показатель", "InlineIndicator",
        text="Стоит у показателя, а без названия и источника — и там, где с ним сравнивают. Основа ровно одна: строки таблицы "
        "(`from` и `value`), другие показатели (`value` без `from`), функция (`function`) или выбор прочтения (`choose`).",
    ),
    Part("Ячейки", "CellEntry", text="Остальные ключи — измерения: значение или список, например `{procedure: ОГЭ, grade: 9}`."),
    Part("Группа сравнения", "Group"),
    Part("Граница части группы", "Border", text="Ровно один ключ из двух."),
    Part(
        "Условие", "Node",
        text="Вид ровно один: сравнение показателя (`indicator`) или метки (`cluster`), проверка по измерениям (`criterion`), "
        "список (`all`, `any`, `of`), отрицание (`not`) или выбор прочтения (`choose`).",
    ),
    Part("Утверждение о выводе", "Claim"),
    Part("В скольких случаях", "MetIn", text="Ровно один ключ из трёх."),
    Part("Окно лет", "Years", text="Одно из трёх: `last` (с `back` или без), `last_held`, `from` вместе с `to`."),
)  # fmt: skip

#: What begins the name of a definition of a function's settings.
SETTINGS = "with."

#: Patterns and simple types -> what they are called.
_PATTERNS = {ID: "код", r"^\$": "$параметр", r"^\d{4}-\d{2}-\d{2}$": "дата", r"^[+-]?(\d+(\.\d+)?|\.\d+)$": "число"}
_TYPES = {"string": "текст", "integer": "целое число", "number": "число", "boolean": "`true`, `false`"}


def reference_page() -> str:
    """The page as its file holds it."""
    schema = pack_schema(find_plugins(installed=False).functions)
    examples = section_examples(EXAMPLE.read_text(encoding="utf-8"))
    lines = [HEAD, "## Файл пакета\n", *_table(schema["properties"], (), _section_type)]
    for part in parts_of(schema):
        lines += ["", *_part(part, schema, examples)]
    for name in schema["definitions"]:
        if name.startswith(SETTINGS):
            lines += ["", *_settings(name, schema)]
    return "\n".join(lines) + "\n"


def parts_of(schema: Schema) -> list[Part]:
    """All headings: those above, and one for each definition that they leave out, called by the first key that takes it."""
    told = {part.definition for part in PARTS}
    more = [name for name in schema["definitions"] if name not in told and not name.startswith(SETTINGS)]
    return [*PARTS, *(Part(f"Под ключом `{_taker(name, schema)}`", name) for name in more)]


def _taker(definition: str, schema: Schema) -> str:
    """The first key under which the keys of a definition stand."""
    for owner in (schema, *schema["definitions"].values()):
        for key, below in owner.get("properties", {}).items():
            if f'#/definitions/{definition}"' in json.dumps(below):
                return str(key)
    return definition.lower()


def section_examples(text: str) -> dict[str, str]:
    """Section -> the lines of the example pack that hold it."""
    return {m[1]: m[0].rstrip() for m in re.finditer(r"^(\w+):.*(?:\n(?: .*)?)*", text, re.MULTILINE)}


def texts_of(description: str) -> tuple[str, str, str]:
    """A description -> what the key is, what holds without it, an example."""
    rest, _, example = description.partition(" Например: ")
    what, _, default = rest.partition(" По умолчанию — ")
    return what.rstrip("."), default.rstrip("."), example


def _part(part: Part, schema: Schema, examples: dict[str, str]) -> Iterator[str]:
    code = f"`{part.section}` — " if part.section else ""
    yield f"## {code}{part.title[0].lower() + part.title[1:] if code else part.title} {{ #{_anchor(part)} }}\n"
    if part.section:
        yield texts_of(schema["properties"][part.section]["description"])[0] + ".\n"
    if part.text:
        yield part.text + "\n"
    if part.also:
        yield f"И ключи: {', '.join(_link(one) for one in part.also)}.\n"
    if part.definition:
        definition = schema["definitions"][part.definition]
        keys = definition["properties"]
        yield from _table({key: keys[key] for key in _own_keys(part, schema)}, definition.get("required", ()), _type)
    if part.section in examples:
        yield f"\n```yaml\n{examples[part.section]}\n```"


def _settings(name: str, schema: Schema) -> Iterator[str]:
    """What stands under `with` of a built-in function."""
    definition = schema["definitions"][name]
    function = name.removeprefix(SETTINGS)
    yield f"## Настройки функции `{function}` {{ #{name.replace('.', '-')} }}\n"
    yield from _table(definition["properties"], definition.get("required", ()), _type)


def _own_keys(part: Part, schema: Schema) -> list[str]:
    keys = schema["definitions"][part.definition]["properties"]
    if part.title == COMMON:
        return [key for key in COMMON_KEYS if key in keys]
    elsewhere: set[str] = set(COMMON_KEYS) if COMMON in part.also else set()
    for other in part.also:
        shown = schema["definitions"].get(other, {}).get("properties", {})
        elsewhere |= {key for key in shown if shown[key] == keys.get(key)}
    return [key for key in keys if key not in elsewhere]


def _table(keys: Schema, required: Any, type_of: Any) -> Iterator[str]:
    yield "| ключ | что это | каким бывает | без него | пример |"
    yield "|---|---|---|---|---|"
    for key, schema in keys.items():
        what, default, example = texts_of(schema["description"])
        shown = f"`{_cell(example)}`" if example else ""
        star = "\\*" if key in required else ""
        yield f"| `{key}`{star} | {_cell(what)} | {_cell(type_of(schema, key))} | {_cell(default)} | {shown} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _section_type(schema: Schema, key: str) -> str:
    part = next((part for part in PARTS if part.section == key), None)
    return f"[раздел](#{_anchor(part)})" if part is not None else _type(schema, key)


def _type(schema: Schema, key: str = "") -> str:
    """What may stand at a key, in words, with links to the headings of what has keys of its own."""
    options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if options and key != "function":
        return " или ".join(dict.fromkeys(_type(option) for option in options))
    if key == "function":
        return "код функции"
    if "$ref" in schema:
        return _link(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in dict.fromkeys(map(str, schema["enum"])))
    if schema.get("type") == "array":
        return _list_type(schema)
    if schema.get("type") == "object" or "additionalProperties" in schema:
        below = schema.get("additionalProperties")
        return f"ключи, у каждого — {_type(below)}" if isinstance(below, dict) and below else "ключи и их значения"
    return _scalar_type(schema)


def _list_type(schema: Schema) -> str:
    items = schema["items"]
    return f"[{', '.join(map(_type, items))}]" if isinstance(items, list) else f"список: {_type(items)}"


def _scalar_type(schema: Schema) -> str:
    if (pattern := schema.get("pattern")) is not None:
        return _PATTERNS[pattern]
    kind = schema["type"]
    name = "текст" if isinstance(kind, list) else _TYPES[kind]
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{name}, {low}–{high}"
    return f"{name}, не меньше {low}" if low is not None else name


def _anchor(part: Part) -> str:
    return part.section or ("common" if part.title == COMMON else part.definition.lower())


def _link(name: str) -> str:
    for part in PARTS:
        if name == part.title or (name == part.definition and part.title != COMMON):
            return f"[{part.title[0].lower() + part.title[1:]}](#{_anchor(part)})"
    return f"[см. ниже](#{name.lower()})"


def main() -> None:
    PAGE.write_text(reference_page(), encoding="utf-8", newline="\n")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
