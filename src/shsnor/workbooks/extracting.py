"""The rows of a table out of a sheet, as texts, with the cell that each text comes from."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any

from shsnor.errors import Findings, Place, Severity
from shsnor.headers import columns_of, loose
from shsnor.pack import Table
from shsnor.workbooks.book import Grid, address, text_of
from shsnor.workbooks.header import fits
from shsnor.workbooks.layout import SheetLayout
from shsnor.workbooks.marks import NOT_COMPUTED, Spot
from shsnor.workbooks.matching import Field, Part, Sighting

LISTED = 20
#: Part of the headers that a row must repeat to be a header again.
REPEATS = 0.6
#: From so many numbers that are all at most 1 on, per cents are more likely to be parts of one.
TELLING = 5
_TOTAL_WORDS = re.compile(
    r"(итого|всего|вся выборка|в среднем|среднее( значение)?|по (региону|району|области|краю))\b.*", re.I
)
_AREA = re.compile(
    r"\D*\b(область|обл\.|край|республика|автономный округ|муниципальный|городской округ|район|р-н|г\. ?о\.)(?!\w)\D*",
    re.I,
)


@dataclass
class Origin:
    """Where the rows of an extract stand in their sheet.

    rows      of each row the row of the sheet, from 0
    parts     of each row the part that gave it
    columns   of each part: column -> column of the sheet
    cells     (row, column) -> its cell, where that stands in another row of the sheet
    """

    file: str
    sheet: str
    columns: list[dict[str, int]]
    rows: array[int] = field(default_factory=lambda: array("L"))
    parts: array[int] = field(default_factory=lambda: array("H"))
    cells: dict[tuple[int, str], Spot] = field(default_factory=dict)

    def spot(self, row: int, column: str | None) -> tuple[int, int | None]:
        """Row and column in the sheet of a row of the extract; the column is None where it is a whole row."""
        for name in (column or "").split(", "):
            if (cell := self.cells.get((row, name))) is not None:
                return cell
            if (at := self.columns[self.parts[row]].get(name)) is not None:
                return self.rows[row], at
        return self.rows[row], None

    def place(self, row: int, column: str | None) -> dict[str, Any]:
        """File, row and cell of a Place."""
        at = self.spot(row, column)
        return {"file": self.file, "row": at[0] + 1, "cell": address(self.sheet, *at)}


@dataclass
class Extract:
    """One table out of one sheet; its rows are read once, then `origin` and the findings are whole.

    constants   column -> the same in every row
    """

    name: str
    table: Table
    grid: Grid
    sighting: Sighting
    findings: Findings
    layout: SheetLayout | None = None
    constants: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = self.sighting.parts
        given = [*self.constants, *(c for part in parts for c in (*part.constants, *part.fields))]
        if self.layout is not None and self.layout.blocks is not None:
            given += self.layout.blocks.rows
        self.columns = list(dict.fromkeys(given))
        self.known = columns_of(self.table)
        self.origin = Origin(self.grid.file, self.grid.name, [{c: f.at for c, f in p.fields.items()} for p in parts])
        self._counted: Counter[tuple[str, str]] = Counter()
        self._shares: dict[str, _Shares] = {}
        self._left: list[tuple[Place, str]] = []
        layout = self.layout
        values = (layout.values or {}) if layout is not None else {}
        self._values = {c: {loose(text): value for text, value in said.items()} for c, said in values.items()}

    @property
    def entity(self) -> str | None:
        """The column with the codes of schools or other entities."""
        return next(iter((self.table.entity or {}).values()), None)

    # ---- rows ----

    def lines(self) -> Iterator[list[str | None]]:
        """The rows of the table, each in the order of `columns`."""
        blocks = self.layout.blocks if self.layout is not None else None
        yield from self._plain() if blocks is None else self._blocks()
        self._tell()

    def _plain(self) -> Iterator[list[str | None]]:
        before: dict[int, Any] = {}
        for number, cells in self._rows():
            self._fill(number, cells, before)
            for index, part in enumerate(self.sighting.parts):
                line = self._line(number, cells, part)
                if part.own and not any(line.get(column) for column in part.own):
                    continue  # no school has all that a wide sheet has columns for
                self.origin.rows.append(number)
                self.origin.parts.append(index)
                yield [line.get(column) for column in self.columns]

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows below the header that hold rows of the table."""
        header = self.sighting.header
        names = [loose(path[-1]) if path else "" for path in header.paths]
        width, first = len(names), True
        wrong = {row for row, _ in self.grid.marks.errors}  # they look empty
        entity = self.sighting.parts[0].fields.get(self.entity or "") if self.sighting.parts else None
        for number, cells in self.grid.rows():
            if number <= header.last or (number not in wrong and not any(cell != "" for cell in cells)):
                continue
            cells += [""] * (width - len(cells))
            texts = [loose(cell) if isinstance(cell, str) else "" for cell in cells[:width]]
            same = sum(1 for name, text in zip(names, texts, strict=True) if name and name == text)
            if same >= 2 and same >= REPEATS * sum(1 for name in names if name):
                self.findings.add("SH433", self._place(number, None))
            elif first and _numbering(cells[:width]):
                pass
            elif not self._left_out(number, cells, entity):
                yield number, cells
            first = False

    def _left_out(self, number: int, cells: Sequence[Any], entity: Field | None) -> bool:
        """Whether a row is one of totals, or of those that the layout leaves out."""
        start = next((text_of(cell).strip() for cell in cells if cell != ""), "")
        code = text_of(cells[entity.at]).strip() if entity is not None else ""
        if entity is not None and entity.said.match and re.search(entity.said.match, code):
            return False
        area = "school" in (self.table.entity or {}) and bool(code) and _AREA.fullmatch(code)
        masks = (self.layout.leave_out or []) if self.layout is not None else []
        if not (area or any(_TOTAL_WORDS.fullmatch(text) for text in (start, code)) or (masks and fits(code, masks))):
            return False
        self._left.append((self._place(number, entity.at if entity else None), code or start))
        return True

    def _fill(self, number: int, cells: list[Any], before: dict[int, Any]) -> None:
        """Cells merged into one above them hold what it holds, codes and texts; so do those that a layout fills down."""
        for part in self.sighting.parts:
            for column, of in part.fields.items():
                at, declared = of.at, self.known.get(column)
                text = declared is None or declared.type in ("text", "year")
                if cells[at] == "" and (of.said.fill_down or (text and (number, at) in self.grid.above)):
                    cells[at] = before.get(at, "")
                before[at] = cells[at]

    def _line(self, number: int, cells: Sequence[Any], part: Part) -> dict[str, str | None]:
        line: dict[str, str | None] = {
            c: self._mapped(c, text) for c, text in (self.constants | part.constants).items()
        }
        for column, of in part.fields.items():
            line[column] = self._cell(number, cells, column, of)
        return line

    def _blocks(self) -> Iterator[list[str | None]]:
        """Under the row of each school rows with labels, each of which gives a column."""
        assert self.layout is not None and self.layout.blocks is not None
        said, header, part = self.layout.blocks, self.sighting.header, self.sighting.parts[0]
        label, value = header.find(said.header)[0], header.find(said.value)[0]
        line: dict[str, str | None] | None = None
        spots, start = dict[str, Spot](), 0
        for number, cells in [*self._all_rows(), (-1, [])]:
            text = text_of(cells[label]).strip() if cells else ""
            column = next((c for c, masks in said.rows.items() if text and fits(text, masks)), None)
            if column is not None:
                if line is not None and column not in spots:
                    line[column], spots[column] = self._cell(number, cells, column, Field(value)), (number, value)
                continue
            if line is not None:
                row = len(self.origin.rows)
                self.origin.rows.append(start)
                self.origin.parts.append(0)
                self.origin.cells.update({(row, c): spot for c, spot in spots.items()})
                yield [line.get(column) for column in self.columns]
            line, spots, start = None, {}, number
            if cells and not self._left_out(number, cells, part.fields.get(self.entity or "")):
                line = self._line(number, cells, part)

    def _all_rows(self) -> Iterator[tuple[int, list[Any]]]:
        width = len(self.sighting.header.paths)
        for number, cells in self.grid.rows():
            if number > self.sighting.header.last and any(cell != "" for cell in cells):
                yield number, cells + [""] * (width - len(cells))

    # ---- cells ----

    def _cell(self, number: int, cells: Sequence[Any], column: str, of: Field) -> str | None:
        """The text of a cell as the table is to have it; None for an empty one."""
        value, spot = cells[of.at], (number, of.at)
        if (shown := self.grid.marks.errors.get(spot)) is not None:
            self._add("SH434", column, spot, None, error=None if shown == NOT_COMPUTED else shown)
            return None
        text = text_of(value).strip()
        if not text:
            return None
        declared = self.known.get(column)
        if of.said.match is not None:
            found = re.search(of.said.match, text)
            if found is None:
                self._add("SH446", column, spot, text, pattern=of.said.match)
                return None
            text = next((group for group in found.groups() if group is not None), found[0]).strip()
        if of.said.width is not None and text.isdecimal():
            if len(text) > of.said.width:
                self._add("SH447", column, spot, text, width=of.said.width)
            text = text.zfill(of.said.width)
        if declared is not None and isinstance(value, float | int | str) and not isinstance(value, bool):
            if of.said.percent_of or (declared.type == "number" and declared.unit == "percent"):
                text = self._share(column, of, spot, value, text)
            elif declared.type == "count" and declared.at_most and spot in self.grid.marks.percents:
                text = _times_hundred(text) + "%"
        if of.base is not None:
            return self._restored(column, of, spot, cells, text)
        return self._mapped(column, text)

    def _mapped(self, column: str, text: str) -> str:
        return self._values[column].get(loose(text), text) if column in self._values else text

    def _share(self, column: str, of: Field, spot: Spot, value: Any, text: str) -> str:
        """A text of per cents; a bare number is what the layout says, or what its format shows."""
        if isinstance(value, str):
            if of.said.percent_of and text[-1:].isdigit():
                return text + "%"
            return text
        if spot in self.grid.marks.percents or of.said.share == "fraction":
            return _times_hundred(text) + "%"
        if of.said.share is None:
            self._shares.setdefault(column, _Shares()).see(float(value), spot)
        return text + "%"

    def _restored(self, column: str, of: Field, spot: Spot, cells: Sequence[Any], text: str) -> str | None:
        """The count that a per cent of the number in another column stands for; None where it is not exactly one."""
        percent, base = _decimal(text.rstrip("% \u00a0")), _decimal(text_of(cells[of.base or 0]))
        if percent is None or not text.endswith("%"):
            return text  # no per cent: the reader tells what it is
        if base is None:
            return None
        count = restored(percent, base)
        if count is None:
            header = (of.said.percent_of or [""])[0]
            self._add("SH414", column, spot, text, severity="warning", base=header)
        return None if count is None else str(count)

    # ---- findings ----

    def _place(self, row: int, column: int | None, **more: Any) -> Place:
        return self.grid.place(row, column, table=self.name, **more)

    def _add(
        self, code: str, column: str, spot: Spot, value: str | None, *, severity: Severity = "error", **details: Any
    ) -> None:
        self._counted[code, column] += 1
        if self._counted[code, column] <= LISTED:
            shown = None if self.table.persons else value
            self.findings.add(code, self._place(*spot, field=column, value=shown), severity=severity, **details)

    def _tell(self) -> None:
        """What can be told only when all rows were seen."""
        for (code, column), count in self._counted.items():
            if count > LISTED:
                severity: Severity = "warning" if code == "SH414" else "error"
                place = Place(file=self.grid.file, table=self.name, field=column)
                self.findings.add(code, place, severity=severity, count=count, listed=LISTED)
        if self._left:
            texts = [] if self.table.persons else list(dict.fromkeys(text for _, text in self._left))[:5]
            self.findings.add("SH435", self._left[0][0], severity="warning", count=len(self._left), texts=texts)
        for column, shares in self._shares.items():
            if shares.unclear:
                severity = "error" if shares.count >= TELLING else "warning"
                self.findings.add("SH440", self._place(*shares.first, field=column), severity=severity, column=column)


@dataclass
class _Shares:
    """Bare numbers in a column of per cents."""

    count: int = 0
    largest: float = 0
    broken: bool = False
    first: Spot = (0, 0)

    def see(self, value: float, spot: Spot) -> None:
        if value:
            self.first = spot if not self.count else self.first
            self.count += 1
            self.largest = max(self.largest, abs(value))
            self.broken |= value != int(value)

    @property
    def unclear(self) -> bool:
        """Whether they may as well be parts of one."""
        return self.broken and self.largest <= 1


def restored(percent: Decimal, base: Decimal) -> int | None:
    """The one whole number of which `percent` of `base`, rounded to its places, is written; None where there is not one."""
    places = max(0, -int(percent.as_tuple().exponent))
    half = Decimal(1).scaleb(-min(places, 8)) / 2
    low = _ceiling(max(percent - half, Decimal(0)) * base / 100)
    high = min(_ceiling((percent + half) * base / 100) - 1, int(base))
    return low if low == high else None


def _ceiling(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _times_hundred(text: str) -> str:
    number = _decimal(text)
    return text if number is None else f"{(number * 100).normalize():f}"


def _numbering(cells: Sequence[Any]) -> bool:
    """Whether a row only numbers the columns, as forms have it under their header."""
    filled = [text_of(cell).strip() for cell in cells if cell != ""]
    return len(filled) >= 4 and filled == [str(n + 1) for n in range(len(filled))]
