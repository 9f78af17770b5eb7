"""Of the documentation site: docstrings whose lines say `name   what it is`, one a line, as lists."""

from __future__ import annotations

import re
from typing import Any

import griffe

_LINE = re.compile(r"(\w[\w, `.|*]*?) {2,}(\S.*)")


class Columns(griffe.Extension):
    """Makes a list of every such paragraph."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_lists(obj.docstring.value)


def as_lists(text: str) -> str:
    """The docstring with its columns as lists of Markdown."""
    return "\n\n".join(_listed(paragraph) for paragraph in text.split("\n\n"))


def _listed(paragraph: str) -> str:
    lines = paragraph.splitlines()
    if not lines or not _LINE.fullmatch(lines[0]):
        return paragraph
    items: list[str] = []
    name = ""
    for line in lines:
        if found := _LINE.fullmatch(line):
            name = found[1]
            items.append(f"- **{name}** — {found[2]}")
        elif name == "raises" and re.match(r"\s+[A-Z]\w+(Error|Fault)\b", line):
            items.append(f"- **raises** — {line.strip()}")
        else:
            items[-1] += f" {line.strip()}"
    return "\n".join(items)
