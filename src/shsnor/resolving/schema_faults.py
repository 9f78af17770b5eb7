"""What a function's JSON Schema refuses in the settings that a pack writes, said in details that `wording` makes plain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shsnor.errors import nearest
from shsnor.resolving.simple_schemas import fits, is_simple

#: Types of JSON Schema -> what a pack's author is told is expected.
_TYPES = {
    "array": "list", "object": "mapping", "integer": "integer", "number": "number", "string": "text", "boolean": "yes_no",
}  # fmt: skip
_LIMITS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties",
)  # fmt: skip
_INTEGER, _NUMBER = re.compile(r"[+-]?\d+"), re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)")


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One thing that the schema refuses.

    where     place inside `with`, its keys parted by `/`; "" for the whole
    details   what the wording of SH321 fills in, as pairs
    """

    where: str
    details: tuple[tuple[str, Any], ...]


def schema_faults(schema: Mapping[str, Any], settings: Mapping[str, Any]) -> list[SchemaFault]:
    """Everything that `schema` (draft-07) refuses in `settings`; scalars are texts, read as the schema's types ask."""
    if is_simple(schema) and fits(schema, typed(schema, settings)):
        return []
    import jsonschema  # slow to import

    try:
        jsonschema.Draft7Validator.check_schema(schema)
        errors = list(jsonschema.Draft7Validator(schema).iter_errors(typed(schema, settings)))
    except jsonschema.SchemaError as error:
        return [SchemaFault("", (("rule", "schema"), ("problem", error.message)))]
    found = (fault for error in errors for fault in _faults_of(error, schema))
    return sorted(dict.fromkeys(found), key=lambda fault: (fault.where, repr(fault.details)))


def typed(schema: Any, value: Any) -> Any:
    """A setting with its texts read as numbers or yes/no where its schema takes no text; what cannot be so stays text."""
    if not isinstance(schema, Mapping):
        return value
    if isinstance(value, Mapping):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        return {key: typed(known.get(key, other), below) for key, below in value.items()}
    if isinstance(value, list):
        items = schema.get("items")
        return [
            typed(items[i] if isinstance(items, list) and i < len(items) else items, v) for i, v in enumerate(value)
        ]
    return _typed_text(schema, value) if isinstance(value, str) else value


def _typed_text(schema: Mapping[str, Any], text: str) -> Any:
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if allowed is not None:
        return next((one for one in allowed if not isinstance(one, str) and json.dumps(one) == text), text)
    types = schema.get("type", "string")
    types = [types] if isinstance(types, str) else types
    if "string" in types:
        return text
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    return text == "true" if "boolean" in types and text in ("true", "false") else text


def _faults_of(error: Any, schema: Mapping[str, Any]) -> Iterator[SchemaFault]:
    """One error of jsonschema's in our words; several where it speaks of several keys at once."""
    path = [str(part) for part in error.absolute_path]
    about = _about(error, schema)
    for at, details in _details(error):
        where = "/".join([*path, *at])
        told = {**details, "about": details.get("about", about)}
        yield SchemaFault(where, tuple((name, value) for name, value in told.items() if value not in (None, "", ())))


def _details(error: Any) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """(keys below the error's place, details) of what one error speaks of."""
    rule, asked, given = error.validator, error.validator_value, error.instance
    value = None if isinstance(given, Mapping | list) else str(given)
    known = tuple(error.schema.get("properties", ()))
    if rule == "required":
        for name in asked:
            if name not in given:
                said = error.schema.get("properties", {}).get(name, {}).get("description")
                yield [], {"rule": "required", "name": name, "about": said}
    elif rule == "additionalProperties" and asked is False:
        patterns = error.schema.get("patternProperties", ())
        for name in given:
            if name not in known and not any(re.search(pattern, name) for pattern in patterns):
                yield [name], {"rule": "unknown", "name": name, "nearest": nearest(name, known), "known": known}
    elif rule == "dependencies":
        for name, needed in asked.items():
            if name in given and isinstance(needed, list):
                for other in needed:
                    if other not in given:
                        yield [name], {"rule": "dependencies", "name": name, "needed": other}
    elif rule == "type":
        wanted = tuple(_TYPES.get(t, t) for t in ([asked] if isinstance(asked, str) else asked))
        yield [], {"rule": "type", "wanted": wanted, "value": value}
    elif rule in ("enum", "const"):
        texts = dict.fromkeys(
            a if isinstance(a, str) else json.dumps(a) for a in (asked if rule == "enum" else [asked])
        )
        near = nearest(value, texts) if value is not None else None
        yield [], {"rule": "enum", "allowed": tuple(texts), "value": value, "nearest": near}
    elif rule == "pattern":
        yield [], {"rule": "pattern", "pattern": asked, "value": value}
    elif rule in _LIMITS:
        yield [], {"rule": rule, "limit": asked, "value": value}
    elif rule == "uniqueItems":
        twice = next((str(v) for i, v in enumerate(given) if v in given[:i]), None)
        yield [], {"rule": "uniqueItems", "name": twice}
    else:
        yield [], {"rule": "other", "schema_rule": str(rule), "value": value}


def _about(error: Any, schema: Mapping[str, Any]) -> str | None:
    """What the schema says of the setting that the error speaks of: the description nearest to it."""
    here: Any = schema
    about = None
    for part in error.absolute_schema_path:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(here, Mapping) and isinstance(here.get("description"), str):
            about = here["description"]
    return about
