"""Names and texts as SQL writes them."""

from __future__ import annotations


def quote(name: str) -> str:
    """A name as an SQL identifier: `both` is a reserved word, ids hold dots."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
