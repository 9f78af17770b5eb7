"""What was typed into a list that stands already: read by the same layout by which the next evaluation reads it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from shsnor.errors import Findings
from shsnor.listing.typed import Written
from shsnor.sheets import Cell
from shsnor.standard import STANDARD_TABLES
from shsnor.workbooks import SUFFIXES, Claim, Unreadable, choose, extract, open_book

_TABLES = {name: STANDARD_TABLES[name] for name in ("decisions", "measures_taken")}
_DATES = ("planned_from", "planned_to", "started", "finished")


def written_in(path: Path) -> Written | None:
    """What was typed into the list workbook at `path`; None where there is no such workbook, or it cannot be read."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None
    findings = Findings()
    try:
        book = open_book(path, findings)
        if book is None:
            return None
        try:
            written = Written()
            claims = choose(book, _TABLES, (), findings)
            for claim in claims:
                for row in _rows(claim, findings):
                    item = "item" if claim.table == "decisions" else "measure"
                    kept = written.decisions if claim.table == "decisions" else written.marks
                    kept[row["entity"] or "", row[item] or "", row["year"] or ""] = _cells(row)
        finally:
            book.close()
    except (Unreadable, OSError):
        return None
    return written if claims and not findings.errors else None


def _rows(claim: Claim, findings: Findings) -> Iterator[dict[str, str | None]]:
    found = extract(claim, _TABLES[claim.table], findings)
    if found is None:
        return
    for line in found.lines():
        yield dict(zip(found.columns, line, strict=True))


def _cells(row: dict[str, str | None]) -> dict[str, Cell]:
    return {name: _day(text) if name in _DATES else text for name, text in row.items()}


def _day(text: str | None) -> Cell:
    try:
        return datetime.date.fromisoformat((text or "")[:10])
    except ValueError:
        return text
