"""Markdown as these pages use it -> text for a terminal: headings, paragraphs, lists, code, links."""

from __future__ import annotations

import re
import textwrap

_FENCE = re.compile(r"\s*```")
_ITEM = re.compile(r"(\s*)([-*]|\d+\.)\s+")
_MARKS = (
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),  # a link: its text
    (re.compile(r"\*\*(.+?)\*\*"), r"\1"),
)


def plain(markdown: str, width: int = 100) -> str:
    """The text without marks, filled to a width; code stands set in, letter for letter. Ends with no empty line."""
    out: list[str] = []
    waiting: list[str] = []
    code = False

    def close() -> None:
        if waiting:
            out.extend(_filled(" ".join(line.strip() for line in waiting), waiting[0], width))
            waiting.clear()

    for line in markdown.splitlines():
        if _FENCE.match(line):
            close()
            code = not code
        elif code:
            out.append(f"    {line}".rstrip())
        elif not line.strip():
            close()
            out.append("")
        elif line.startswith("#"):
            close()
            out += _heading(line)
        elif line.startswith("|"):
            close()
            out.append(_without_marks(line))
        else:
            if _ITEM.match(line):
                close()
            waiting.append(line)
    close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")


def _heading(line: str) -> list[str]:
    level, text = len(line) - len(line.lstrip("#")), _without_marks(line.lstrip("# ").rstrip())
    return [text, ("=" if level == 1 else "-") * len(text)] if level < 3 else [text]


def _filled(text: str, first: str, width: int) -> list[str]:
    item = _ITEM.match(first)
    before = (item.group(1) + item.group(2) + " ") if item else ""
    body = text[len(before.lstrip()) :].lstrip() if item else text
    return textwrap.wrap(
        _without_marks(body), width, initial_indent=before, subsequent_indent=" " * len(before),
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def _without_marks(text: str) -> str:
    """Text between back-quotes is kept as it is, without them."""
    parts = text.split("`")
    for n in range(0, len(parts), 2):
        for pattern, kept in _MARKS:
            parts[n] = pattern.sub(kept, parts[n])
    return "".join(parts) if len(parts) % 2 else text
