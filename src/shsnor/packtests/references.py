"""What an item, as written, names: other items, peers, parameters; and the same item with some of them renamed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

Kind = Literal["item", "peers", "parameter"]
Rename = Callable[[Kind, str], str]
Written = dict[str, Any]

_NODES = ("indicator", "criterion", "cluster", "not", "when", "applies_to", "meeting", "for")
_OPERANDS = ("at_least", "more_than", "at_most", "less_than")
_PARAMETER = re.compile(r"\$([a-z][A-Za-z0-9_.]*)")
#: Texts in single quotes are left alone; an id stands bare, or with its dots in double quotes.
_IN_EXPRESSION = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\$?[A-Za-z_][A-Za-z0-9_]*""")


def renamed(written: Written, rename: Rename) -> Written:
    """An item with every name of another thing replaced by what `rename` gives for it.

    written   as in the YAML: `model_dump(by_alias=True, exclude_unset=True)`
    rename    (kind, name) -> the name that stands there instead; called for every name
    """
    return {key: _value(key, value, written, rename) for key, value in written.items()}


def names_in(written: Written) -> set[tuple[Kind, str]]:
    """Everything that an item names; a text that only looks like a name may be among it."""
    found: set[tuple[Kind, str]] = set()

    def note(kind: Kind, name: str) -> str:
        found.add((kind, name))
        return name

    renamed(written, note)
    return found


def _value(key: str, value: Any, around: Mapping[str, Any], rename: Rename) -> Any:
    if key in _NODES or key in _OPERANDS:
        return _node(value, rename)
    if key in ("all", "any", "is_in") or (key == "of" and isinstance(value, list)):
        return [_parameters(each, rename) if key == "is_in" else _node(each, rename) for each in value]
    if key == "of":
        return {rename("item", name): weight for name, weight in value.items()}
    if key == "options":
        return {name: _node(option, rename) for name, option in value.items()}
    if key == "value" and "from" not in around:
        return _expression(value, rename)
    if key in ("value", "where", "choose", "is"):
        return _parameters(value, rename)
    if key == "minimum":
        return {column: _parameters(least, rename) for column, least in value.items()}
    if key in ("cells", "first_match"):
        return [_under(entry, ("applies_to", "when"), rename) for entry in value]
    if key == "among" and isinstance(value, dict):
        return _group(value, rename)
    if key == "with":
        return _settings(value, rename)
    return value


def _node(value: Any, rename: Rename) -> Any:
    if isinstance(value, dict):
        return renamed(value, rename)
    if value.startswith("$"):
        return _parameters(value, rename)
    return rename("item", value) if value[:1].isalpha() else value


def _under(entry: Written, keys: tuple[str, ...], rename: Rename) -> Written:
    return {key: _node(value, rename) if key in keys else value for key, value in entry.items()}


def _group(group: Written, rename: Rename) -> Written:
    new = _under(group, ("meeting",), rename)
    if "same" in new:
        new["same"] = [rename("item", name) for name in new["same"]]
    if "peers" in new:
        new["peers"] = rename("peers", new["peers"])
    return new


def _settings(value: Any, rename: Rename) -> Any:
    """Settings of a function: which of their texts are items, only it knows; a text of another meaning is no id of ours."""
    if isinstance(value, dict):
        return {key: _settings(below, rename) for key, below in value.items()}
    if isinstance(value, list):
        return [_settings(below, rename) for below in value]
    return _node(value, rename) if isinstance(value, str) and value else value


def _parameters(text: str, rename: Rename) -> str:
    return _PARAMETER.sub(lambda found: "$" + rename("parameter", found[1]), text)


def _expression(text: str, rename: Rename) -> str:
    def new(found: re.Match[str]) -> str:
        word = found[0]
        if word.startswith("'"):
            return word
        if word.startswith("$"):
            return "$" + rename("parameter", word[1:])
        if word.startswith('"'):
            return f'"{rename("item", word[1:-1])}"'
        return rename("item", word)

    return _IN_EXPRESSION.sub(new, text)
