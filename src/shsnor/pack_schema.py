"""The JSON Schema (draft-07) of a pack file, for editors: made from the models, never written by hand.

An editor reads `30` as a number and `true` as a yes/no where the loader keeps the author's text: so wherever the format
awaits text, the schema takes a number or a yes/no too. What the models leave to `structure` (exactly one kind of node,
exactly one comparison) is said here as well, so that the editor underlines it while the author writes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from shsnor.functions import Function, FunctionTable
from shsnor.nodes import COMPARISONS, ID
from shsnor.pack import Document

Schema = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_NUMBER = r"^[+-]?(\d+(\.\d+)?|\.\d+)$"  # of `pack.Number`


def _one_of(*keys: str) -> list[Schema]:
    return [{"required": [key]} for key in keys]


_LEAF: Schema = {"required": ["indicator"], "oneOf": _one_of(*COMPARISONS)}
_NODE: Schema = {
    "oneOf": [
        _LEAF,
        {"required": ["cluster"], "oneOf": _one_of("is", "is_in")},
        *_one_of("criterion", "all", "any", "of", "not", "choose"),
    ],
    "dependencies": {
        "criterion": ["over", "met_in"],
        "of": ["met_in"],
        "choose": ["options"],
        "options": ["choose"],
        "missing": ["indicator"],
    },
}
_STEPS: Schema = {
    "dependencies": {
        "from": ["value"],
        "choose": ["options"],
        "options": ["choose"],
        "with": ["function"],
        "over": ["combine"],
        "among": ["combine"],
        **{key: ["from"] for key in ("where", "by", "cells", "minimum", "level")},
    }
}
_BASIS: Schema = {
    **_STEPS,
    "oneOf": [*_one_of("from", "function", "choose"), {"required": ["value"], "not": {"required": ["from"]}}],
}

#: What is said of a model beyond its fields.
_FORMS: dict[str, Schema] = {
    "Node": _NODE,
    "Criterion": _NODE,
    "Indicator": _BASIS,
    "InlineIndicator": _STEPS,
    "Cluster": {"oneOf": _one_of("first_match", "function")},
    "Case": {"oneOf": _one_of("when", "otherwise")},
    "MetIn": {"minProperties": 1, "maxProperties": 1},
    "Border": {"minProperties": 1, "maxProperties": 1},
    "Years": {
        "oneOf": [*_one_of("last", "last_held"), {"required": ["from", "to"]}],
        "dependencies": {"back": ["last"]},
    },
    "Source": {
        "if": {"properties": {"basis": {"const": "assumed"}}, "required": ["basis"]},
        "then": {"required": ["because"]},
    },
}


#: What has a function, by the shape that it takes; an indicator may stand inside another item too.
_CALLERS = {"Indicator": "table", "InlineIndicator": "table", "Cluster": "cluster", "Peers": "partner"}


def pack_schema(functions: FunctionTable) -> Schema:
    """The JSON Schema of one YAML file of a pack; every section may be absent, as another file may have it.

    functions   whose ids are completed and whose `with:` is described; other ids are let through, as a pack's own
                `plugin.py` or a plugin that is not installed here may give them
    """
    raw = Document.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions = {name: {**_converted(model), **_FORMS.get(name, {})} for name, model in raw.pop("$defs").items()}
    for name, function in functions.items():
        definitions[_settings_name(name)] = _with_parameters(function.parameters or {"type": "object"})
    for model, shape in _CALLERS.items():
        _add_functions(definitions[model], [f for f in functions.values() if f.shape == shape])
    return {
        "$schema": _DRAFT,
        "title": "Пакет shsnor",
        "description": "Файл пакета показателей: порядок региона, записанный как данные",
        **{key: value for key, value in _converted(raw).items() if key != "description"},
        "definitions": definitions,
    }


def schema_text(functions: FunctionTable) -> str:
    """The schema as its file holds it."""
    return json.dumps(pack_schema(functions), ensure_ascii=False, indent=2) + "\n"


def write_schema(path: Path, functions: FunctionTable) -> None:
    """Write the schema to `path`, in UTF-8 with LF line ends."""
    path.write_text(schema_text(functions), encoding="utf-8", newline="\n")


def _settings_name(function: str) -> str:
    return f"with.{function}"


def _add_functions(model: Schema, functions: list[Function]) -> None:
    """Complete the ids of functions, and let the `with:` beside each be as its own schema asks."""
    known = [{"const": f.id, **({"description": f.description} if f.description else {})} for f in functions]
    model["properties"]["function"] = {**model["properties"]["function"], "anyOf": [*known, {"pattern": ID}]}
    model["allOf"] = [*model.get("allOf", ()), *map(_condition, functions)]


def _condition(function: Function) -> Schema:
    settings = {"$ref": f"#/definitions/{_settings_name(function.id)}"}
    needed = {"required": ["with"]} if function.parameters.get("required") else {}
    return {
        "if": {"properties": {"function": {"const": function.id}}, "required": ["function"]},
        "then": {"properties": {"with": settings}, **needed},
    }


def _with_parameters(schema: Any) -> Any:
    """A function's schema where the author may write `$parameter` for any value that is no list and no mapping."""
    if not isinstance(schema, dict):
        return schema
    inner: Schema = {}
    for key, value in schema.items():
        if key in ("properties", "patternProperties", "definitions"):
            inner[key] = {name: _with_parameters(part) for name, part in value.items()}
        elif key in ("allOf", "anyOf", "oneOf") or (key == "items" and isinstance(value, list)):
            inner[key] = [_with_parameters(part) for part in value]
        else:
            inner[key] = _with_parameters(value) if key in ("items", "additionalProperties", "then", "else") else value
    types = schema.get("type", ())
    types = {types} if isinstance(types, str) else set(types)
    if types & {"array", "object"} or not (types or schema.keys() & {"enum", "const", "pattern"}):
        return inner
    said = {"description": inner.pop("description")} if "description" in inner else {}
    return {**said, "anyOf": [inner, {"type": "string", "pattern": r"^\$"}]}


def _converted(schema: Any) -> Any:
    """A piece of pydantic's schema (2020-12) in draft-07, with the author's freedoms and without what says nothing."""
    if isinstance(schema, list):
        return [_converted(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = _without_null(schema)
    if "$ref" in schema:  # draft-07 reads nothing beside a $ref
        beside = {key: value for key, value in schema.items() if key == "description"}
        return {"allOf": [{"$ref": schema["$ref"]}], **beside} if beside else {"$ref": schema["$ref"]}
    kept = {key: value for key, value in schema.items() if key not in ("title", "default")}
    if not _CYRILLIC.search(str(kept.get("description", "я"))):
        del kept["description"]  # a docstring, written for readers of the code
    if "properties" in kept:
        kept["properties"] = {name: _converted(value) for name, value in kept["properties"].items()}
    kept = {
        key: value if key in ("properties", "enum", "required") else _converted(value) for key, value in kept.items()
    }
    return _scalar(_free_keys(_pair(kept)))


def _without_null(schema: Schema) -> Schema:
    """An optional key is left out, never `null`."""
    branches = [branch for branch in schema.get("anyOf", ()) if branch != {"type": "null"}]
    if "anyOf" not in schema:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**branches[0], **rest} if len(branches) == 1 else {**rest, "anyOf": branches}


def _pair(schema: Schema) -> Schema:
    if "prefixItems" in schema:
        schema["items"] = schema.pop("prefixItems")
    return schema


def _free_keys(schema: Schema) -> Schema:
    """Keys that are ids: each is checked, none is let through unseen."""
    if "patternProperties" in schema:
        ((pattern, below),) = schema.pop("patternProperties").items()
        schema["propertyNames"] = {"pattern": pattern}
        schema["additionalProperties"] = below
    elif schema.get("propertyNames", {}).get("format") == "date":
        schema["propertyNames"] = {"pattern": _DATE}
    return schema


def _scalar(schema: Schema) -> Schema:
    """Text, as an editor may read it: a number or a yes/no as well, where no pattern, list or date says otherwise."""
    if schema.get("const") == "1":
        del schema["const"], schema["type"]
        schema["enum"] = [1, "1"]
    if schema.get("type") != "string" or "enum" in schema:
        return schema
    if schema.get("format") == "date":
        return {**{key: value for key, value in schema.items() if key != "format"}, "pattern": _DATE}
    pattern = schema.get("pattern")
    if pattern is None:
        return {**schema, "type": ["string", "number", "boolean"]}
    return {**schema, "type": ["number", "string"]} if pattern == _NUMBER else schema
