"""Tables that an author writes as text, one row a line, cells between `|`: what stands in them, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RULE = re.compile(r"[\s|:+-]*-{2,}[\s|:+-]*")
_CELL = re.compile(r"(?P<item>[^()\s]+)\s*(?:\((?P<cell>[^()]*)\))?")
_UNKNOWN = re.compile(r"unknown\s*(?:\((?P<reasons>[^()]*)\))?")

#: An empty list of measures or peers: an empty cell says that nothing is expected of it.
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line; `line` is counted from the first line of the text, 0."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text: its header, and the rows under it."""

    header: Row
    rows: tuple[Row, ...]

    @property
    def uneven(self) -> tuple[Row, ...]:
        """Rows that have more or fewer cells than the header."""
        return tuple(row for row in self.rows if len(row.cells) != len(self.header.cells))

    def mappings(self) -> Iterator[tuple[Row, dict[str, str]]]:
        """Each even row, and its cells by the names of the header."""
        for row in self.rows:
            if len(row.cells) == len(self.header.cells):
                yield row, dict(zip(self.header.cells, row.cells, strict=True))


def read_grid(text: str) -> Grid | None:
    """The table that a text writes; None where it has no line.

    Empty lines, comments after `#` at the beginning of a line and rules such as `---|---` are passed over; a `|` at both ends
    of a line, as in Markdown, is no cell.
    """
    rows = []
    for number, line in enumerate(text.split("\n")):
        line = line.strip()
        if line and not line.startswith("#") and not _RULE.fullmatch(line):
            inner = line[1:-1] if line.startswith("|") and line.endswith("|") and len(line) > 1 else line
            rows.append(Row(number, tuple(cell.strip() for cell in inner.split("|"))))
    return Grid(rows[0], tuple(rows[1:])) if rows else None


def column_of(header: str) -> tuple[str, dict[str, str]] | None:
    """The item that a column is about, and the cell: `low_in (subject рус, year 2022)`; None where it is written otherwise."""
    found = _CELL.fullmatch(header)
    if found is None:
        return None
    parts = [part.split(None, 1) for part in (found["cell"] or "").split(",") if part.strip()]
    if any(len(part) != 2 for part in parts):
        return None
    return found["item"], {name: value.strip() for name, value in parts}


def value_of(cell: str) -> dict[str, str]:
    """What a cell expects, under the keys of a case: `met`, `33.3 ± 0.1`, `unknown (no_row)`."""
    if (unknown := _UNKNOWN.fullmatch(cell)) is not None:
        reasons = unknown["reasons"]
        return {"is": "unknown"} | ({"reason": reasons} if reasons is not None else {})
    value, mark, tolerance = (part.strip() for part in cell.partition("±"))
    return {"is": value} | ({"tolerance": tolerance} if mark else {})


def list_of(cell: str) -> list[str]:
    """The ids of a list of measures or peers."""
    return [] if cell == NOTHING else [part.strip() for part in cell.split(",") if part.strip()]
