"""A sentence of a pack: text with references to items in it, and what is said below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shsnor.wording.explanations import quoted
from shsnor.wording.phrases import Lang

_GAP = re.compile(r"\{(\w+)\}")


class Ref(NamedTuple):
    """An item that a sentence names."""

    section: str
    item: str
    label: str


#: Text and references, in the order in which they are read.
Parts = tuple["str | Ref", ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, and the sentences below it: the conditions of a list, the readings of a choice."""

    parts: Parts
    below: tuple[Sentence, ...] = ()

    def text(self, lang: Lang = "ru") -> str:
        """The sentence without what is below it; references by their labels, in quotation marks."""
        return "".join(part if isinstance(part, str) else quoted(part.label, lang) for part in self.parts)

    def refs(self) -> Iterator[Ref]:
        """The items that it and the sentences below it name."""
        yield from (part for part in self.parts if isinstance(part, Ref))
        for sentence in self.below:
            yield from sentence.refs()

    def lines(self, lang: Lang = "ru", depth: int = 0) -> Iterator[tuple[int, str]]:
        """(depth, text) of it and of all below it, from the top."""
        yield depth, ended(self.text(lang), bool(self.below))
        for sentence in self.below:
            yield from sentence.lines(lang, depth + 1)


def ended(text: str, leads_on: bool) -> str:
    """The text with a colon where more is said below it."""
    return text + ":" if leads_on and not text.endswith(":") else text


def fill(template: str, **gaps: object) -> Parts:
    """The parts of a template whose gaps `{name}` are filled in with text, a reference, or parts."""
    parts: list[str | Ref] = []
    place = 0
    for gap in _GAP.finditer(template):
        parts.append(template[place : gap.start()])
        parts += as_parts(gaps[gap[1]])
        place = gap.end()
    parts.append(template[place:])
    return merged(parts)


def as_parts(value: object) -> Parts:
    """A text, a reference or parts, as parts."""
    if isinstance(value, Ref):
        return (value,)
    return value if isinstance(value, tuple) else (str(value),)


def merged(parts: Iterable[str | Ref]) -> Parts:
    """The parts, texts that follow one another put together."""
    found: list[str | Ref] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)


def join(many: Sequence[Parts], between: str, last: str | None = None) -> Parts:
    """Parts with `between` among them, and `last` before the last one."""
    found: list[str | Ref] = []
    for n, parts in enumerate(many):
        if n:
            found.append(last if last is not None and n == len(many) - 1 else between)
        found += parts
    return merged(found)
