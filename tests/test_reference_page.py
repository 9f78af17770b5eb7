"""The reference of the format: made from the texts that editors show, whole, and true."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from shsnor.checking import check_pack
from shsnor.host import find_plugins
from shsnor.loading import load_pack
from shsnor.pack import Document
from shsnor.pack_schema import pack_schema
from shsnor.wording import render_findings
from tests.test_pack_schema import AsAnEditor

TOOL = runpy.run_path(str(Path(__file__).resolve().parents[1] / "tools" / "make_reference.py"))
EXAMPLE, PAGE, PARTS = TOOL["EXAMPLE"], TOOL["PAGE"], TOOL["PARTS"]
texts_of, section_examples = TOOL["texts_of"], TOOL["section_examples"]
MADE: str = TOOL["reference_page"]()
SCHEMA = pack_schema(find_plugins(installed=False).functions)
DEFINITIONS: dict[str, Any] = {"": SCHEMA, **SCHEMA["definitions"]}
KEYS = {
    f"{name}.{key}": schema
    for name, definition in DEFINITIONS.items()
    for key, schema in definition.get("properties", {}).items()
}


def test_the_page_is_the_one_made_from_the_models() -> None:
    assert PAGE.read_text(encoding="utf-8") == MADE, "make it again: make reference"


def test_every_key_has_a_russian_text_for_the_editor() -> None:
    silent = [name for name, schema in KEYS.items() if not re.search("[а-яё]{3}", schema.get("description", ""))]
    assert silent == []
    texts = {name: texts_of(schema["description"])[0] for name, schema in KEYS.items()}
    assert [name for name, what in texts.items() if what.endswith((".", " ")) or "`" in what] == []


def test_every_text_is_on_the_page_beside_its_key() -> None:
    lines = MADE.splitlines()
    for name, schema in KEYS.items():
        what, default, example = texts_of(schema["description"])
        rows = [line for line in lines if line.startswith(f"| `{name.rpartition('.')[2]}`") and f"| {what} |" in line]
        assert any(default in row and example in row for row in rows), name


def test_the_example_of_a_key_is_one() -> None:
    shown = {name: texts_of(schema["description"])[2] for name, schema in KEYS.items()}
    assert sum(map(bool, shown.values())) > 100
    for name, example in shown.items():
        if example:
            value = yaml.load(example, Loader=AsAnEditor)
            validator = jsonschema.Draft7Validator({**KEYS[name], "definitions": SCHEMA["definitions"]})
            assert [error.message for error in validator.iter_errors(value)] == [], name


def test_every_section_has_its_example_out_of_a_pack_that_checks() -> None:
    sections = {name for name in Document.model_fields if name != "format"}
    assert {part.section for part in PARTS if part.section} == sections
    assert sections <= set(section_examples(EXAMPLE.read_text(encoding="utf-8")))
    findings = check_pack(load_pack(EXAMPLE.parent))
    assert not len(findings), render_findings(findings)


def test_links_of_the_page_lead_to_its_headings() -> None:
    page = MADE
    anchors = re.findall(r"^## .*\{ #(\S+) \}$", page, re.MULTILINE)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= set(anchors)
