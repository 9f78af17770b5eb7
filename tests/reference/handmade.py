"""Short ways of writing packs, tables and what they should give, for the tests by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from .evaluator import Result, evaluate

Rows = list[dict[str, str | None]]


def run(pack: str, as_of: str = "2022", without: Sequence[str] = (), **tables: Rows) -> Result:
    return evaluate(yaml.load(pack, yaml.BaseLoader), tables, as_of, without=without)


def rows(header: str, *lines: str) -> Rows:
    """Rows of words; `.` is an empty value."""
    names = header.split()
    return [dict(zip(names, (None if v == "." else v for v in line.split()), strict=True)) for line in lines]


def result_rows(*lines: str) -> Rows:
    return rows("school_id year procedure grade subject participants below_minimum mark_4 mark_5", *lines)


def schools(*lines: str) -> Rows:
    return rows("school_id municipality kind", *lines)


def value(result: Result, item: str, entity: str, **dims: str) -> Any:
    return result.values[item, entity, tuple(sorted(dims.items()))].value


def reasons(result: Result, item: str, entity: str, **dims: str) -> str:
    key = (item, entity, tuple(sorted(dims.items())))
    found = result.values[key] if key in result.values else result.verdicts[key]
    return ", ".join(sorted(found.reasons))


def verdict(result: Result, item: str, entity: str, **dims: str) -> str:
    found = result.verdicts[item, entity, tuple(sorted(dims.items()))]
    return " ".join([found.verdict, *sorted(found.reasons)])


def cells(result: Result, item: str, entity: str) -> list[str]:
    """The cells of an item, each as its values joined."""
    found: Mapping[Any, Any] = {**result.values, **result.verdicts}
    return sorted("/".join(text for _, text in key[2]) for key in found if key[:2] == (item, entity))


def example(name: str) -> str:
    return (Path(__file__).parent / "examples" / f"{name}.yaml").read_text(encoding="utf-8")


ONE = schools("А м1 СОШ")
TWO = schools("А м1 СОШ", "Б м1 ООШ")
