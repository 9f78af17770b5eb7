"""Settings that surely fit the schema of their function: jsonschema, slow to import, then need not be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_IS: Mapping[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, Mapping),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


def is_simple(schema: Any) -> bool:
    """Whether every keyword of a draft-07 schema, and of those in it, is known here and holds what it may."""
    return isinstance(schema, Mapping) and all(key in _HOLDS and _HOLDS[key](asked) for key, asked in schema.items())


def _texts(asked: Any) -> bool:
    """A list of texts, each once."""
    return isinstance(asked, list) and all(isinstance(one, str) for one in asked) and len(set(asked)) == len(asked)


def _count(asked: Any) -> bool:
    return _IS["integer"](asked) and asked >= 0


#: Keywords -> whether they may hold what stands there.
_HOLDS: Mapping[str, Callable[[Any], bool]] = {
    "description": _IS["string"],
    "title": _IS["string"],
    "type": lambda asked: isinstance(asked, str) and asked in _IS,
    "enum": _texts,
    "required": _texts,
    "properties": lambda asked: isinstance(asked, Mapping) and all(map(is_simple, asked.values())),
    "additionalProperties": lambda asked: asked is False,
    "dependencies": lambda asked: isinstance(asked, Mapping) and all(map(_texts, asked.values())),
    "anyOf": lambda asked: isinstance(asked, list) and bool(asked) and all(map(is_simple, asked)),
    "items": is_simple,
    "minItems": _count,
    "maxItems": _count,
    "uniqueItems": _IS["boolean"],
    "minimum": _IS["number"],
    "maximum": _IS["number"],
}


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a simple schema takes a value; of some it may say no where jsonschema would not (a text among numbers)."""
    if "type" in schema and not _IS[schema["type"]](value):
        return False
    if ("enum" in schema and value not in schema["enum"]) or not _in_limits(schema, value):
        return False
    if "anyOf" in schema and not any(fits(one, value) for one in schema["anyOf"]):
        return False
    if isinstance(value, Mapping):
        return _object_fits(schema, value)
    return not isinstance(value, list) or all(fits(schema.get("items", {}), one) for one in value)


def _in_limits(schema: Mapping[str, Any], value: Any) -> bool:
    if _IS["number"](value):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, list):
        once = not schema.get("uniqueItems") or _texts(value)
        return once and bool(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)))
    return True


def _object_fits(schema: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    known = schema.get("properties", {})
    needed = [*schema.get("required", ())]
    needed += [other for name, others in schema.get("dependencies", {}).items() if name in value for other in others]
    if any(name not in value for name in needed):
        return False
    if "additionalProperties" in schema and any(name not in known for name in value):
        return False
    return all(fits(known.get(name, {}), below) for name, below in value.items())
