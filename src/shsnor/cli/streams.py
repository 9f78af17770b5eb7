"""Output that never fails for a letter: what the code page lacks (cp1251, cp866 …) is written another way."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys

_ERRORS = "shsnor-plain"

#: What the texts of this library use beyond the Russian code pages -> ASCII.
_PLAIN = {
    "«": '"', "»": '"', "„": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "‹": "<", "›": ">",
    "—": "-", "–": "-", "−": "-", "‑": "-", "…": "...", "•": "*", "·": "-", "№": "No",
    "≥": ">=", "≤": "<=", "≠": "<>", "≈": "~", "×": "x", "÷": "/", "±": "+/-", "→": "->", "←": "<-", "⇒": "=>",
    "├": "|", "└": "`", "│": "|", "─": "-", "┌": "+", "┐": "+", "┘": "+", "┤": "|", "┬": "+", "┴": "+", "┼": "+",
    "✓": "+", "✔": "+", "✗": "x", "✘": "x", "●": "*", "○": "o", "█": "#", "░": ".",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u00ad": "", "\ufeff": "",
}  # fmt: skip


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def make_output_safe() -> None:
    """Let standard output and errors replace what their encoding cannot write, instead of failing."""
    codecs.register_error(_ERRORS, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


def silence_output() -> None:
    """Drop what is still to be written: the reader of the pipe has gone, and Python would complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
