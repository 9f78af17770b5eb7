"""A plugin's function and its settings in sentences: by what it says of itself, items by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shsnor.describing.names import Names
from shsnor.describing.sentence import Parts, Sentence, fill, join
from shsnor.wording import descriptions as words


def by_function(names: Names, function: str, settings: Mapping[str, Any] | None) -> Iterator[Sentence]:
    """What computes it, then a sentence for each setting, as «Показатели условий: «Индекс», «Вакансии»»."""
    known = names.functions.get(function)
    about = known.description.split(". ")[0].rstrip(".") if known is not None and names.lang == "ru" else ""
    key = "by_function_that" if about else "by_function"
    yield Sentence(fill(words.say(key, names.lang), function=function, about=about))
    schema = known.parameters.get("properties", {}) if known is not None else {}
    for name, value in (settings or {}).items():
        said = schema.get(name, {}).get("description", "") if names.lang == "ru" else ""
        called = said.split(";")[0].split(":")[0] or name
        yield Sentence(fill(words.say("told", names.lang), name=called, value=_value(names, value)))


def _value(names: Names, value: Any) -> Parts:
    if isinstance(value, Mapping):
        return join([(f"{key} — ", *_value(names, below)) for key, below in value.items()], "; ")
    if isinstance(value, list):
        return join([_value(names, one) for one in value], ", ")
    text = str(value)
    if text.startswith("$"):
        return names.parameter(text[1:])
    return (names.ref(text),) if names.item(text) is not None else (words.setting(text, names.lang),)
