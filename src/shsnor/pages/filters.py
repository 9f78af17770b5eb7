"""What templates do to values: numbers and counts as Russian readers write them, lists under lists, rows by what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shsnor.pages.trees import tree
from shsnor.wording.explanations import many
from shsnor.wording.phrases import number


def groupby_order(rows: Iterable[Any], name: str) -> list[tuple[Any, list[Any]]]:
    """The rows by one of their attributes, groups in the order of their first row."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return list(found.items())


FILTERS: Mapping[str, Callable[..., Any]] = {
    "number": lambda value: number(value, "ru"),
    "many": lambda n, noun: many(n, noun, "ru"),
    "tree": tree,
    "groupby_order": groupby_order,
}
