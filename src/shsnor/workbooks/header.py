"""Where the table of a sheet begins: the row of headers is known by its names, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shsnor.headers import loose
from shsnor.workbooks.book import Grid

#: A header below this row is none that anybody would look for there.
SOUGHT = 60
#: So many rows may make one header.
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Header:
    """The headers of a sheet.

    first, last   the rows that make them, from 0
    paths         of each column the texts from the top down, each once
    """

    first: int
    last: int
    paths: tuple[tuple[str, ...], ...]

    def names(self, column: int) -> list[str]:
        """What the header of a column may be called: its lowest text, then all of them."""
        path = self.paths[column]
        return [] if not path else [path[-1]] if len(path) == 1 else [path[-1], " ".join(path), " / ".join(path)]

    def find(self, masks: Iterable[str]) -> list[int]:
        """The columns that the first mask that fits any fits: by all their texts if by any so, else by the lowest one."""
        every = range(len(self.paths))
        for mask in masks:
            whole = [c for c in every if any(fits(name, [mask]) for name in self.names(c)[1:])]
            if found := whole or [c for c in every if self.paths[c] and fits(self.paths[c][-1], [mask])]:
                return found
        return []


def fits(text: str, masks: Iterable[str]) -> bool:
    """Whether a text is one of those that masks stand for, whatever its case, spaces and ё; `*` is any signs."""
    plain = loose(text)
    return any(_mask(mask).fullmatch(plain) for mask in masks)


@lru_cache(maxsize=2000)
def _mask(mask: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(loose(part)) for part in mask.split("*")), re.DOTALL)


def headers_of(rows: Sequence[Sequence[str]], first: int, last: int) -> Header:
    """The header that some of the first rows of a sheet make."""
    width = max(len(row) for row in rows[first : last + 1])
    paths = []
    for column in range(width):
        texts = (" ".join(row[column].split()) if column < len(row) else "" for row in rows[first : last + 1])
        paths.append(tuple(dict.fromkeys(text for text in texts if text)))
    return Header(first, last, tuple(paths))


def find_header(grid: Grid, score: Callable[[Header], int]) -> tuple[Header | None, int]:
    """The rows that score the most, and their score; of equals the fewest rows, then the first."""
    rows = grid.head(SOUGHT + DEEPEST)
    best: tuple[int, int, int, Header] | None = None
    for first in range(min(SOUGHT, len(rows))):
        if not any(rows[first]):
            continue
        for depth in range(min(DEEPEST, len(rows) - first)):
            header = headers_of(rows, first, first + depth)
            key = (score(header), -depth, -first, header)
            if best is None or key[:3] > best[:3]:
                best = key
    return (best[3], best[0]) if best is not None else (None, 0)


def fullest(grid: Grid) -> Header | None:
    """The row most like a header where none was found: of those with the most texts the first."""
    return find_header(grid, lambda h: 0 if h.first != h.last else sum(1 for p in h.paths if p and not _number(p[-1])))[
        0
    ]


def _number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdigit()
