"""The line of a pack's file that a finding is about, with a caret under the place: read when a finding is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from shsnor.errors import Finding

WIDTH = 100
_MAX_BYTES = 5_000_000  # no pack file is larger
_TAB = "    "
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where YAML ends a line
_PAGES = ("cp1251", "cp866")


class Excerpts:
    """Lines of pack files; each file is read once, and one that has gone or cannot be read has none.

    Never lines of tables: a row of these may be a person.
    """

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}

    def of(self, finding: Finding) -> list[str]:
        """The numbered line and the line of the caret; without a column the first alone; [] where there is none."""
        place = finding.place
        if place.file is None or place.line is None or place.table is not None:
            return []
        if not place.file.endswith((".yaml", ".yml")):
            return []
        lines = self._lines(place.file, str(finding.details.get("guess", "")))
        if not 0 < place.line <= len(lines):
            return []
        shown, before = _cut(lines[place.line - 1], place.column)
        margin = f"{place.line:>5} | "
        caret = [] if before is None else [" " * (len(margin) - 2) + "| " + " " * before + "^"]
        return [(margin + shown).rstrip(), *caret]

    def _lines(self, file: str, guess: str) -> list[str]:
        if file not in self._files:
            self._files[file] = _read(file, guess if guess in _PAGES else "utf-8")
        return self._files[file]


def _read(file: str, encoding: str) -> list[str]:
    try:
        with Path(file).open("rb") as stream:
            source = stream.read(_MAX_BYTES)
    except OSError:
        return []
    return _BREAKS.split(source.decode(encoding, errors="replace").removeprefix("\ufeff"))


def _cut(line: str, column: int | None) -> tuple[str, int | None]:
    """The part of a line around a column that fits the width, and how wide what stands before the caret is."""
    if column is None or column > len(line) + 1:
        return _clip(map(_letter, line), WIDTH), None
    here = column - 1
    before = [_letter(letter) for letter in line[max(0, here - 2 * WIDTH) : here]]  # more than can be shown
    after = [_letter(letter) for letter in line[here : here + 2 * WIDTH]]
    room = max(WIDTH // 2, WIDTH - _width(after))
    cut = here > len(before)
    while _width(before) + cut > room:
        before, cut = before[1:], True
    start = "…" * cut + "".join(before)
    return start + _clip(after, WIDTH - _width(start)), _width(start)


def _clip(letters: Iterable[str], width: int) -> str:
    kept: list[str] = []
    for letter in letters:
        width -= _width([letter])
        if width < 1:
            return "".join(kept) + "…"
        kept.append(letter)
    return "".join(kept)


def _letter(letter: str) -> str:
    """A letter as a terminal can show it: a tab as spaces, what would command the terminal as `?`."""
    if letter == "\t":
        return _TAB
    return "?" if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") else letter


def _width(letters: Iterable[str]) -> int:
    """How many places of a terminal letters take: wide ones two, those that combine none."""
    return sum(
        0 if unicodedata.combining(part) else 2 if unicodedata.east_asian_width(part) in "WF" else 1
        for letter in letters
        for part in letter
    )
