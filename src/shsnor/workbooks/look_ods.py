"""The marks of a sheet of an OpenDocument file."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from shsnor.workbooks.marks import Marks, Spot

#: One cell that stands for more of them fills a sheet, not a table.
REPEATED = 1_000_000


def look(archive: zipfile.ZipFile, sheet: str) -> Marks:
    """The marks of one sheet, with its merged cells."""
    return _OpenDocument(sheet).look(archive)


class _OpenDocument:
    """The cells of one sheet of an OpenDocument file, counted as they come: most are told once and repeated."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.marks = Marks(merged=[])
        self.inside = False
        self.row = self.column = self.next_row = 0
        self.error: list[str] | None = None
        self.at: Spot = (0, 0)

    def look(self, archive: zipfile.ZipFile) -> Marks:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.text
        with archive.open("content.xml") as stream:
            parser.ParseFile(stream)
        return self.marks

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.inside = attributes.get("table:name") == self.sheet
            self.row = self.next_row = 0
        elif not self.inside:
            return
        elif name == "table:table-row":
            self.row, self.column = self.next_row, 0
            self.next_row += int(attributes.get("table:number-rows-repeated", "1"))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.at, marks = (self.row, self.column), self.marks
        self.column += int(attributes.get("table:number-columns-repeated", "1"))
        kind = attributes.get("calcext:value-type") or attributes.get("office:value-type")
        if kind is None:
            return
        down, right = (int(attributes.get(f"table:number-{side}-spanned", "1")) for side in ("rows", "columns"))
        if (down, right) != (1, 1):
            assert marks.merged is not None
            marks.merged.append((self.at, (self.row + down - 1, self.at[1] + right - 1)))
        marks.last = (max(marks.last[0], self.next_row - 1), max(marks.last[1], self.column - 1))
        if kind == "error":
            self.error = []
        elif kind == "percentage" and (self.next_row - self.row) * (self.column - self.at[1]) < REPEATED:
            marks.percents.update(
                (r, c) for r in range(self.row, self.next_row) for c in range(self.at[1], self.column)
            )

    def text(self, text: str) -> None:
        if self.error is not None:
            self.error.append(text)

    def end(self, name: str) -> None:
        if name == "table:table-cell" and self.error is not None:
            self.marks.errors[self.at] = "".join(self.error) or "#"
            self.error = None
