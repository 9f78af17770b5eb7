"""Branches of text drawn as a tree, in lines that are not too long."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LINES = {False: ("├─ ", "└─ ", "│  "), True: ("|- ", "`- ", "|  ")}
_PLAIN = str.maketrans({"«": '"', "»": '"', "—": "-", "–": "-", "…": "...", "\u2212": "-", "\u00a0": " ", "№": "N"})

#: However deep a branch lies, its text has at least so many columns.
_LEAST_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Branch:
    """A text and what hangs below it."""

    text: str
    below: tuple[Branch, ...] = ()


def draw(heading: str, branches: Sequence[Branch], *, width: int, ascii: bool = False) -> str:
    """The heading and under it the branches; ends with a line break."""
    lines = [*_wrapped(heading, width, "", ascii), *_drawn(branches, "", width, ascii)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _drawn(branches: Sequence[Branch], prefix: str, width: int, ascii: bool) -> Iterator[str]:
    fork, end, trunk = _LINES[ascii]
    for place, branch in enumerate(branches):
        last = place == len(branches) - 1
        inner = prefix + ("   " if last else trunk)
        # The text goes on beside the line that leads down to its own branches.
        beside = trunk if branch.below else "   "
        first, *rest = _wrapped(branch.text, max(width - len(inner), _LEAST_WIDTH), beside, ascii)
        yield prefix + (end if last else fork) + first
        yield from (inner + line for line in rest)
        yield from _drawn(branch.below, inner, width, ascii)


def _wrapped(text: str, width: int, indent: str, ascii: bool) -> list[str]:
    plain = text.translate(_PLAIN) if ascii else text
    return textwrap.wrap(plain, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
