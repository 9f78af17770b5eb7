"""The `with:` of a function: everything that its JSON Schema refuses, in plain words, at the key that is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import shsnor
from shsnor.functions import Function
from shsnor.host import Host, find_plugins
from shsnor.resolving.schema_faults import typed
from shsnor.resolving.simple_schemas import fits, is_simple
from shsnor.wording import message
from tests.plugin_cases import NEEDS_DOUBLED, TABLES, write_pack

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["indicator"],
    "dependencies": {"latitude": ["longitude"]},
    "properties": {
        "indicator": {"type": "string", "description": "Показатель, который удваивается"},
        "of": {"type": "array", "minItems": 2, "maxItems": 3, "uniqueItems": True, "items": {"type": "string"}},
        "k": {"type": "integer", "minimum": 1, "maximum": 9, "description": "Сколько раз"},
        "part": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "near": {"type": "boolean"},
        "weights": {"enum": ["equal", "principal_component"]},
        "level": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 8},
        "step": {"type": "object", "required": ["to"], "properties": {"to": {"type": "integer"}}},
        "either": {"anyOf": [{"type": "integer"}, {"type": "array"}]},
        "latitude": {"type": "string"},
        "longitude": {"type": "string"},
    },
}


def host(schema: dict[str, Any]) -> Host:
    """The host with one function more, of that schema."""
    found = find_plugins(installed=False)
    doubled = Function(
        id="doubled",
        shape="table",
        parameters=schema,
        inputs=lambda settings: [str(settings["indicator"])],
        query=lambda call: f"SELECT e, 2 * {call.columns['low']} AS value FROM {call.relation}",
        plugin="doubler 1.0",
    )
    return replace(found, functions={**found.functions, "doubled": doubled})


def written(folder: Path, settings: str) -> tuple[Path, tuple[int, int] | None]:
    """A pack with these settings, and the place of the sign `¦` in it (the sign itself is taken out)."""
    text = NEEDS_DOUBLED.replace("with: {indicator: low}", settings)
    place = None
    for number, line in enumerate(text.splitlines(), 1):
        if "¦" in line:
            place = (number, line.index("¦") + 1)
    return write_pack(folder / "north", text.replace("¦", ""), plugin=None), place


@pytest.mark.parametrize(
    ("settings", "russian", "english"),
    [
        ("¦with: {k: 2}", "Не хватает ключа «indicator». удваивается", "key 'indicator' is missing"),
        ("with: {indicator: low, ¦indicators: x}", "Ключа «indicators» нет «indicator»?", "no key 'indicators'"),
        ("with: {¦indicator: [low]}", "Ожидается: текст удваивается", "Expected: text"),
        ("with: {indicator: low, ¦of: [a]}", "Значений мало не меньше 2", "Too few values: at least 2"),
        ("with: {indicator: low, ¦of: [a, b, c, d]}", "Значений много не больше 3", "Too many values: at most 3"),
        ("with: {indicator: low, ¦of: [a, b, a]}", "«a» дважды", "'a' stands there twice"),
        ("with: {indicator: low, of: [a, ¦{b: c}]}", "Ожидается: текст", "Expected: text"),
        ("with: {indicator: low, ¦k: 0}", "не меньше 1. Стоит: «0». Сколько раз", "At least 1"),
        ("with: {indicator: low, ¦k: 10}", "не больше 9. Стоит: «10»", "At most 9"),
        ("with: {indicator: low, ¦k: many}", "целое число Стоит: «many»", "a whole number"),
        ("with: {indicator: low, ¦k: 2.5}", "целое число Стоит: «2.5»", "a whole number"),
        ("with: {indicator: low, ¦part: 0}", "больше 0", "More than 0"),
        ("with: {indicator: low, ¦part: 1.0}", "меньше 1", "Less than 1"),
        ("with: {indicator: low, ¦near: yes}", "true или false Стоит: «yes»", "true or false"),
        (
            "with: {indicator: low, ¦weights: equel}",
            "«equal», «principal_component» Может быть, «equal»?",
            "Is it 'equal'?",
        ),
        ("with: {indicator: low, ¦level: Город}", "не того вида ^[a-z]+$ «Город»", "must match the pattern"),
        ("with: {indicator: low, ¦level: municipality}", "знаков не больше 8", "at most 8 letters"),
        ("with: {indicator: low, ¦step: {}}", "Не хватает ключа «to»", "key 'to' is missing"),
        ("with: {indicator: low, step: {¦to: far}}", "целое число «far»", "a whole number"),
        ("with: {indicator: low, ¦either: text}", "правило anyOf", "rule anyOf"),
        (
            "with: {indicator: low, ¦latitude: low}",
            "Вместе с «latitude» нужен и ключ «longitude»",
            "'longitude' is needed",
        ),
        ("with:\n      indicator: low\n      ¦k: -1", "не меньше 1", "At least 1"),
    ],
)
def test_what_the_schema_refuses_is_said_plainly_at_its_key(
    tmp_path: Path, settings: str, russian: str, english: str
) -> None:
    folder, place = written(tmp_path, settings)
    (finding,) = shsnor.check_pack(shsnor.load_pack(folder), host=host(SCHEMA))
    assert finding.code == "SH321"
    assert (finding.place.line, finding.place.column) == place
    said = message(finding)
    assert [word for word in russian.split() if word not in said] == []
    assert "«doubled»" in said
    assert english in message(finding, "en")


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    folder, _ = written(tmp_path, "with: {k: many, near: yes, what: ever}")
    findings = shsnor.check_pack(shsnor.load_pack(folder), host=host(SCHEMA))
    assert sorted(finding.place.key for finding in findings) == [
        f"indicators.twice.with{key}" for key in ("", ".k", ".near", ".what")
    ]


def test_settings_without_fault_are_taken(tmp_path: Path) -> None:
    settings = (
        "with: {indicator: low, of: [a, b], k: 3, part: .5, near: true, weights: equal, level: town, step: {to: 5}}"
    )
    folder, _ = written(tmp_path, settings)
    pack = shsnor.load_pack(folder)
    assert list(shsnor.check_pack(pack, host=host(SCHEMA))) == []
    with shsnor.evaluate(pack, TABLES, as_of=2022, host=host(SCHEMA)) as outcome:
        assert len(list(outcome.flags.rows(verdict="met"))) == 1


def test_a_schema_that_is_none_is_the_plugins_fault(tmp_path: Path) -> None:
    folder, _ = written(tmp_path, "with: {indicator: low}")
    (finding,) = shsnor.check_pack(shsnor.load_pack(folder), host=host({"type": "text"}))
    assert finding.code == "SH321"
    assert "doubler 1.0" in message(finding) and "сообщите тому, кто ведёт плагин" in message(finding)


def test_a_function_that_fails_over_its_settings_is_the_plugins_fault(tmp_path: Path) -> None:
    folder, _ = written(tmp_path, "with: {of: low}")
    (finding,) = shsnor.check_pack(shsnor.load_pack(folder), host=host({}))
    assert finding.code == "SH521"
    assert "doubler 1.0" in message(finding) and "KeyError" in message(finding)


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, "1.0", "1.0"),
        ({"type": "number"}, "-.5", -0.5),
        ({"type": "boolean"}, "false", False),
        ({"type": ["string", "integer"]}, "12", "12"),
        ({"enum": [1, 2]}, "2", 2),
        ({"enum": ["1", 2]}, "1", "1"),
        ({}, "12", "12"),
        ({"items": {"type": "integer"}}, ["1", "x"], [1, "x"]),
        ({"additionalProperties": {"type": "integer"}}, {"a": "1"}, {"a": 1}),
    ],
)
def test_texts_are_read_as_the_types_of_the_schema_ask(schema: dict[str, Any], text: Any, value: Any) -> None:
    assert typed(schema, text) == value
    assert type(typed(schema, text)) is type(value)


#: Schemas, and settings that each takes or refuses; what is asked of them without jsonschema must be what it says.
PLAIN: list[Any] = [
    {"type": "object", "required": ["a"], "additionalProperties": False, "properties": {"a": {"type": "string"}}},
    {"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}], "dependencies": {"a": ["b"]}},
    {
        "properties": {
            "a": {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": True, "items": {"type": "string"}}
        }
    },
    {"properties": {"a": {"type": "integer", "minimum": 1, "maximum": 3}, "b": {"enum": ["x", "y"]}}},
    {"properties": {"a": {"type": "number", "minimum": 0.5}, "b": {"type": "boolean"}}},
    {"required": ["a", "a"]},
    {"type": "text"},
    {"properties": {"a": {"minimum": "1"}}},
    {"patternProperties": {"a": {"type": "integer"}}},
]
GIVEN: list[Any] = [
    {}, {"a": "x"}, {"b": "x"}, {"a": "z", "b": "y"}, {"a": []}, {"a": ["x"]}, {"a": ["x", "x"]}, {"a": ["x", "y", "z"]},
    {"a": [1]}, {"a": 1}, {"a": 4}, {"a": True}, {"a": 0.4}, {"a": 1.5, "b": True}, {"a": 2, "b": "x", "c": 1}, {"a": None},
]  # fmt: skip


@pytest.mark.parametrize("schema", PLAIN)
def test_settings_that_surely_fit_do_fit(schema: dict[str, Any]) -> None:
    try:
        jsonschema.Draft7Validator.check_schema(schema)
    except jsonschema.SchemaError:
        assert not is_simple(schema)
        return
    taken = [given for given in GIVEN if is_simple(schema) and fits(schema, given)]
    valid = [given for given in GIVEN if jsonschema.Draft7Validator(schema).is_valid(given)]
    assert all(given in valid for given in taken)
    assert taken or not is_simple(schema)
