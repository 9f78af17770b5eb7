"""Written values -> the models of a pack, and a finding for everything that does not fit them.

All mistakes are found at once. What is wrong is then taken out, so that the rest can still be read and checked further:
an unknown key goes alone, a missing label or source is filled with a stand-in, anything else takes its item with it.
"""

from __future__ import annotations

import copy
import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ForwardRef

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shsnor import pack as models
from shsnor.documents import cyrillic_letter
from shsnor.errors import VALUE, Findings, Place, nearest
from shsnor.nodes import ID, Model
from shsnor.pack import Document

#: What an item gets where the author forgot it, only so that the rest of the pack can be checked.
STAND_INS: Mapping[str, Any] = {
    "label": "?",
    "source": {"clause": "?", "basis": "stated"},
    "id": "unnamed",
    "version": "0",
    "title": "?",
    "pack": {"id": "unnamed", "version": "0", "title": "?"},
}

_EXPECTED = {
    "string_type": "text", "string_too_short": "not_empty", "literal_error": "one_of",
    "int_type": "integer", "int_parsing": "integer", "int_from_float": "integer",
    "bool_type": "yes_no", "bool_parsing": "yes_no", "list_type": "list", "tuple_type": "list",
    "dict_type": "mapping", "model_type": "mapping", "model_attributes_type": "mapping",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mistake:
    """One error of pydantic's in our words: where in the data, what kind, and its details."""

    path: tuple[str | int, ...]
    error: ErrorDetails

    @property
    def kind(self) -> str:
        return self.error["type"]

    @property
    def of_key(self) -> bool:
        """Whether the key itself is wrong, not what stands under it."""
        return self.error["loc"][-1:] == ("[key]",)


def validate(data: dict[str, Any], places: Mapping[str, Place], findings: Findings) -> Document | None:
    """The pack that `data` writes, without what is wrong in it; findings say what was. None where nothing is left."""
    document, mistakes = _validated(data)
    if document is not None:
        return document
    data = copy.deepcopy(data)
    for path, group in _by_path(mistakes).items():
        _report(path, group, data, places, findings)
    for _ in range(len(mistakes) + 1):  # what is taken out may show another mistake behind it, though seldom
        for mistake in mistakes:
            _take_out(data, mistake)
        document, mistakes = _validated(data)
        if document is not None:
            return document
    return None


def _validated(data: dict[str, Any]) -> tuple[Document | None, list[_Mistake]]:
    try:
        return Document.model_validate(data, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, [_Mistake(_path(data, e["loc"]), e) for e in error.errors(include_url=False)]


def _path(data: Any, loc: Iterable[str | int]) -> tuple[str | int, ...]:
    """The path in the data that pydantic's location means: names of union branches are left out of it."""
    path: list[str | int] = []
    here = data
    steps = list(loc)
    for position, step in enumerate(steps):
        if _has(here, step):
            here = here[step]
        elif isinstance(here, dict) and position == len(steps) - 1 and step != "[key]" and step not in _BRANCHES:
            here = None  # a missing key
        else:
            continue
        path.append(step)
    return tuple(path)


_BRANCHES = frozenset({"text", "structure", "list", "weights", "str", "list[str]"})


def _by_path(mistakes: Iterable[_Mistake]) -> dict[tuple[str | int, ...], list[_Mistake]]:
    groups: dict[tuple[str | int, ...], list[_Mistake]] = {}
    for mistake in mistakes:
        groups.setdefault(mistake.path, []).append(mistake)
    return groups


def _report(
    path: tuple[str | int, ...], group: list[_Mistake], data: Any, places: Mapping[str, Place], findings: Findings
) -> None:
    """One finding for all that pydantic says of one place: a union says the same of each of its branches."""
    mistake = group[0]
    key = "/".join(map(str, path))
    name = str(path[-1]) if path else ""
    if mistake.kind == "extra_forbidden":
        allowed = allowed_keys(path[:-1])
        if (cyrillic := cyrillic_letter(name)) is not None and cyrillic[2] in allowed:
            return  # a letter that only looks Latin: that has a finding of its own
        findings.add("SH201", _place(places, key), name=name, allowed=allowed, nearest=nearest(name, allowed))
    elif mistake.kind == "missing":
        findings.add("SH202", _place(places, key), key=name)
    elif _is_id(mistake):
        text = str(mistake.error["input"])
        if cyrillic_letter(text) is None:  # that has a finding of its own
            findings.add("SH204", _place(places, key), name=text, nearest=_as_id(text))
        elif not mistake.of_key:
            _, letter, latin = typing.cast("tuple[int, str, str]", cyrillic_letter(text))
            findings.add("SH108", _place(places, key + VALUE), name=text, letter=letter, latin=latin or None)
    else:
        details = _expected(group, path)
        findings.add("SH203", _place(places, key if mistake.of_key else key + VALUE), name=name, **details)


def _is_id(mistake: _Mistake) -> bool:
    return mistake.kind == "string_pattern_mismatch" and mistake.error.get("ctx", {}).get("pattern") == ID


def _as_id(text: str) -> str | None:
    """The id that the author may have meant: `Low-Results` -> `low_results`."""
    likely = re.sub(r"[^a-z0-9_.]+", "_", text.lower()).strip("_.")
    return likely if re.match(ID, likely) else None


def _expected(group: list[_Mistake], path: tuple[str | int, ...]) -> dict[str, Any]:
    error = group[0].error
    kind, context = error["type"], error.get("ctx", {})
    given = error["input"]
    found = (
        "list" if isinstance(given, list) else "mapping" if isinstance(given, dict) else None if given else "nothing"
    )
    details: dict[str, Any] = {"value": given if isinstance(given, str) and given else None, "found": found}
    if kind in ("greater_than_equal", "less_than_equal"):
        low, high = (1, 12) if path[-2:-1] == ("months",) else (context.get("ge"), context.get("le"))
        return {**details, "expected": "integer", "at_least": low, "at_most": high}
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return {**details, "expected": "one_of", "allowed": allowed, "nearest": nearest(str(given), allowed)}
    if kind == "string_pattern_mismatch":
        parameter = "$" in str(context.get("pattern", "")) and not str(context["pattern"]).endswith("$")
        return {**details, "expected": "parameter" if parameter else "number"}
    expected = [_EXPECTED.get(m.kind) or ("date" if m.kind.startswith("date") else "other") for m in group]
    details["expected"] = "text_or_list" if {"text", "list"} <= set(expected) else expected[0]
    if details["expected"] == "mapping":
        details["keys"] = allowed_keys(path) or None
    if details["expected"] == "other":
        details["expected"] = {"too_long": "pair", "too_short": "not_empty"}.get(kind, "other")
    return details


def _place(places: Mapping[str, Place], key: str) -> Place:
    shown = key.removesuffix(VALUE).replace("/", ".")
    while key:
        if (found := places.get(key)) is not None:
            return Place(file=found.file, line=found.line, column=found.column, key=shown)
        key = key.removesuffix(VALUE) if key.endswith(VALUE) else key.rpartition("/")[0]
    files = {place.file for place in places.values()}
    return Place(file=min((file for file in files if file), default=None), key=shown)


def allowed_keys(path: Iterable[str | int]) -> list[str]:
    """The keys that the format has at `path`, in the order of the models; [] where keys are free."""
    kinds: list[Any] = [Document]
    for step in path:
        kinds = [below for kind in kinds for below in _below(kind, step)]
    return list(dict.fromkeys(key for kind in kinds for key in _keys(kind)))


def _keys(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, Model):
        return [info.alias or name for name, info in kind.model_fields.items()]
    return []


def _below(kind: Any, step: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, Model):
        kind.model_rebuild()  # what it says of models that stand below it is a name till then
        fields = {info.alias or name: info.annotation for name, info in kind.model_fields.items()}
        return _branches(fields[str(step)]) if step in fields else []
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is dict:
        return _branches(arguments[1])
    return _branches(arguments[0]) if origin in (list, tuple) and isinstance(step, int) else []


def _branches(annotation: Any) -> list[Any]:
    """The classes and containers that an annotation allows."""
    if isinstance(annotation, str):
        annotation = getattr(models, annotation)
    if isinstance(annotation, ForwardRef):
        annotation = getattr(models, annotation.__forward_arg__)
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        return _branches(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [branch for part in typing.get_args(annotation) for branch in _branches(part)]
    return [annotation]


def _take_out(data: dict[str, Any], mistake: _Mistake) -> None:
    path = mistake.path
    parent = _at(data, path[:-1])
    if parent is None or not path:
        return
    key = path[-1]
    if mistake.kind == "missing" and key in STAND_INS and len(path) <= 3 and isinstance(parent, dict):
        parent[str(key)] = copy.deepcopy(STAND_INS[str(key)])
    elif mistake.kind == "extra_forbidden" and isinstance(parent, dict):
        parent.pop(str(key), None)
    else:
        _take_out_item(data, path)


def _take_out_item(data: dict[str, Any], path: tuple[str | int, ...]) -> None:
    if "source" in path[2:3] and path[0] not in ("not_held", "drop"):
        _at(data, path[:2])["source"] = copy.deepcopy(STAND_INS["source"])
    elif path[0] == "pack" and len(path) > 1:
        head = data["pack"]
        head.pop(path[1], None)
        head.update({k: v for k, v in STAND_INS.items() if k == path[1]})
    elif path[0] == "pack":
        data["pack"] = copy.deepcopy(STAND_INS["pack"])
    elif len(path) == 1 or path[0] == "not_held":
        data.pop(str(path[0]), None)
    else:
        section = data.get(str(path[0]))
        if isinstance(section, dict):
            section.pop(path[1], None)


def _at(data: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        if not _has(data, step):
            return None
        data = data[step]
    return data


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data
