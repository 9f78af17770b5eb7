"""The editors' schema: committed as made, and it takes every pack file that the loader takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from shsnor.functions import FunctionTable
from shsnor.host import find_plugins
from shsnor.loading import read_pack
from shsnor.pack import Document
from shsnor.pack_schema import pack_schema, schema_text

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = ROOT / "schema" / "pack.schema.json"
PACKS = sorted([*ROOT.glob("indicator_packs/*/*.yaml"), *ROOT.glob("tests/validation/packs/*/pack.yaml")])


class AsAnEditor(yaml.SafeLoader):
    """YAML 1.2, as editors read it: dates and `on` are text."""


AsAnEditor.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool")) or first in "tTfF"
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

ITEM: dict[str, Any] = {"label": "Имя", "source": {"clause": "1", "basis": "stated"}}


@pytest.fixture(scope="module")
def built_in() -> FunctionTable:
    """What the committed schema knows: no function of a plugin that happens to be installed."""
    return find_plugins(installed=False).functions


@pytest.fixture(scope="module")
def validator(built_in: FunctionTable) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(pack_schema(built_in))


def test_the_committed_schema_is_the_one_made_from_the_models(built_in: FunctionTable) -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(built_in), "make it again: make schema"


def test_it_is_a_schema_of_draft_07(built_in: FunctionTable) -> None:
    jsonschema.Draft7Validator.check_schema(pack_schema(built_in))
    text = schema_text(built_in)
    assert "$defs" not in text and "prefixItems" not in text


@pytest.mark.parametrize("path", PACKS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_schema_and_loader_take_every_pack(path: Path, validator: jsonschema.Draft7Validator) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=AsAnEditor)
    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(data)] == []
    _, findings = read_pack(path.parent)
    assert list(findings) == []


@pytest.mark.parametrize("path", PACKS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_pack_file_names_the_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == COMMITTED


def test_every_section_of_the_models_is_in_the_schema_with_its_russian_description() -> None:
    properties = pack_schema({})["properties"]
    assert list(properties) == list(Document.model_fields)
    assert properties["criteria"]["description"].startswith("Критерии: ")


@pytest.mark.parametrize(
    "data",
    [
        {"format": 1, "pack": {"id": "p", "version": 2026.1, "title": "П"}},
        {"parameters": {"low": {**ITEM, "unit": "percent", "values": {"2020-01-01": 30}}}},
        {"criteria": {"c": {**ITEM, "indicator": "i", "at_least": 30}}},
        {"criteria": {"c": {**ITEM, "of": {"a": 1, "b": 2.5}, "met_in": {"at_least": 2}}}},
        {"indicators": {"i": {**ITEM, "unit": "percent", "from": "t", "value": "x", "cells": [{"grade": [5, 6]}]}}},
        {"indicators": {"i": {**ITEM, "unit": "percent", "value": "j", "among": "region", "combine": {"lowest": 25}}}},
        {"peers": {"p": {**ITEM, "function": "nearest", "with": {"indicators": ["i"], "k": 4}}}},
        {"peers": {"p": {**ITEM, "function": "nearest", "with": {"indicators": ["i"], "k": "$how_many"}}}},
        {"peers": {"p": {**ITEM, "function": "function_of_another_plugin", "with": {"anything": [1, 2]}}}},
    ],
)
def test_scalars_may_be_written_without_quotes(data: dict[str, Any], validator: jsonschema.Draft7Validator) -> None:
    assert list(validator.iter_errors(data)) == []


@pytest.mark.parametrize(
    "data",
    [
        {"formt": 1},
        {"format": 2},
        {"criteria": {"Плохой": {**ITEM, "indicator": "i", "at_least": 1}}},
        {"criteria": {"c": {**ITEM, "indicator": "i"}}},
        {"criteria": {"c": {**ITEM, "indicator": "i", "at_least": 1, "at_most": 2}}},
        {"criteria": {"c": {**ITEM, "all": ["a"], "any": ["b"]}}},
        {"criteria": {"c": {**ITEM, "criterion": "a", "over": ["year"]}}},
        {"indicators": {"i": {**ITEM, "unit": "percent", "from": "t"}}},
        {"indicators": {"i": {**ITEM, "unit": "percent", "value": "x", "function": "f"}}},
        {"flags": {"f": {"label": "Имя", "when": "c"}}},
        {"flags": {"f": {"label": "Имя", "when": "c", "source": {"clause": "1", "basis": "assumed"}}}},
        {"clusters": {"k": {**ITEM, "first_match": [{"id": "a", "when": "c", "otherwise": True}]}}},
        {"parameters": {"low": {**ITEM, "values": {"с января": 30}}}},
        {"peers": {"p": {**ITEM, "function": "nearest"}}},
        {"peers": {"p": {**ITEM, "function": "nearest", "with": {"indicators": ["i"]}}}},
        {"peers": {"p": {**ITEM, "function": "nearest", "with": {"indicators": ["i"], "k": "many"}}}},
        {"peers": {"p": {**ITEM, "function": "nearest", "with": {"indicators": [], "k": 4}}}},
        {"peers": {"p": {**ITEM, "function": "nearest", "with": {"indicators": ["i"], "k": 4, "n": 5}}}},
    ],
)
def test_what_structure_refuses_the_editor_underlines(
    data: dict[str, Any], validator: jsonschema.Draft7Validator
) -> None:
    assert list(validator.iter_errors(data))
