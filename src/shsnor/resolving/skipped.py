"""What items name whose form is wrong: they have no meaning yet, but a name that nobody has is told with all the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shsnor.models import Model
from shsnor.resolving.scope import Broken, Scope

#: Keys whose text is the id of an item, alone or in a list.
_ITEMS = frozenset({"indicator", "criterion", "when", "not", "applies_to", "all", "any"})
#: Keys whose text may be a `$parameter`.
_COMPARED = frozenset({"at_least", "more_than", "at_most", "less_than", "is", "is_in"})


def check_skipped(scope: Scope) -> None:
    """A finding for each item or parameter that a skipped item names and that is not there."""
    for section, name, item in scope.pack.items():
        if name not in scope.skip:
            continue
        for key, path, text in _texts(item, f"{section}/{name}"):
            try:
                if key in _ITEMS:
                    scope.term(text, path)
                elif key in _COMPARED and text.startswith("$"):
                    scope.parameter(text[1:], path)
            except Broken:
                continue


def _texts(model: Model, path: str) -> Iterator[tuple[str, str, str]]:
    """Key, key path and text of every text in a model and in the models inside it."""
    for field, said in type(model).model_fields.items():
        key = said.alias or field
        yield from _texts_of(key, f"{path}/{key}", getattr(model, field))


def _texts_of(key: str, path: str, value: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        yield key, path, value
    elif isinstance(value, Model):
        yield from _texts(value, path)
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _texts_of(key, f"{path}/{n}", one)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            if isinstance(one, Model):
                yield from _texts(one, f"{path}/{name}")
