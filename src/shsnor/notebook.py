"""Pieces of HTML for notebooks: nothing from outside, colours of the notebook's own, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

#: Of the text's own colour: so that it is seen on light and on dark.
_LINE = "1px solid rgba(128, 128, 128, 0.5)"
_CELL = f"border: {_LINE}; padding: 0.2em 0.6em; text-align: left; vertical-align: top"


def page(*parts: str) -> str:
    """The parts together, as a piece of HTML in Russian that a notebook shows."""
    return f'<div lang="ru" style="max-width: 60em; color: inherit">{"".join(parts)}</div>'


def heading(text: str) -> str:
    return f'<p style="font-size: 1.15em; font-weight: bold; margin: 0.3em 0">{escape(text)}</p>'


def paragraph(text: str) -> str:
    return f'<p style="margin: 0.3em 0">{escape(text)}</p>'


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table whose first column names its rows; "" where it has none."""
    listed = list(rows)
    if not listed:
        return ""
    title = f'<caption style="text-align: left; font-weight: bold; padding: 0.3em 0">{escape(caption)}</caption>'
    top = "".join(f'<th scope="col" style="{_CELL}">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in listed)
    style = "border-collapse: collapse; background: transparent; margin: 0.5em 0"
    return f'<table style="{style}">{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _row(cells: Sequence[object]) -> str:
    first, *others = (escape(str(cell)) for cell in cells)
    name = f'<th scope="row" style="{_CELL}; font-weight: normal">{first}</th>'
    return name + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in others)


def tree(text: str, below: Sequence[str], *, open: bool = False) -> str:
    """A text with what is below it, which a click shows; `below` are pieces made here."""
    if not below:
        return f'<div style="margin: 0.2em 0 0.2em 1.1em">{escape(text)}</div>'
    shown = " open" if open else ""
    inside = f'<div style="margin-left: 1.1em; border-left: {_LINE}; padding-left: 0.5em">{"".join(below)}</div>'
    return f'<details{shown} style="margin: 0.2em 0"><summary>{escape(text)}</summary>{inside}</details>'
