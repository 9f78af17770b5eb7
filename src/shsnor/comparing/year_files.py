"""A comparison of years as a file: a workbook, or a page that needs nothing from outside."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Literal

from shsnor.comparing.changes import Change, Kind
from shsnor.comparing.year_sheets import how_to_read, monitoring_columns, monitoring_notes, monitoring_rows, year_sheets
from shsnor.comparing.year_words import causes_text, difference_lines, head_lines, shift_name
from shsnor.comparing.years import SUFFIXES, YearsComparison
from shsnor.errors import UsageError
from shsnor.sheets import Cell, Column, Sheet
from shsnor.sheets.places import put
from shsnor.wording.comparisons import say as say_change
from shsnor.wording.phrases import number
from shsnor.wording.terms import UNITS, term
from shsnor.wording.years import RU

_STILL: tuple[Literal["met"], Literal["unknown"]] = ("met", "unknown")


def write_years(found: YearsComparison, path: Path) -> Path:
    """The file that was written; see `YearsComparison.write`."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError.of("SH607", path, format=suffix or path.name, known=", ".join(SUFFIXES))
    try:
        if suffix == ".html":
            return _write_page(found, path)
        from shsnor.sheets import write_workbook

        return write_workbook(path, year_sheets(found), title=RU["title"])
    except OSError as error:
        raise UsageError.of("SH602", path, problem=str(error)) from error


def _write_page(found: YearsComparison, path: Path) -> Path:
    content = page(found).encode("utf-8")

    def write(file: BinaryIO) -> None:
        file.write(content)

    return put(path, write)


def page(found: YearsComparison) -> str:
    """The comparison as one page of HTML."""
    from shsnor import __version__
    from shsnor.pages import render

    _, summary, *sheets = year_sheets(found, schools=False)  # school by school would be too long: the workbook has it
    tables = [sheet for sheet in sheets if sheet.title != RU["sheet_monitoring"]]
    return render(
        "compare.html",
        words=RU,
        heads=list(head_lines(found, "ru")),
        differences=list(difference_lines(found, "ru")),
        summary=_table(summary, 0),
        flags=[_flag(found, flag, place) for place, flag in enumerate(found.lists.labels or {}, 1)],
        monitoring=_monitoring(found),
        tables=[_table(sheet, place) for place, sheet in enumerate(tables, 1)],
        limits=[*how_to_read(found), RU["in_workbook"]],
        made=RU["made"].format(version=__version__),
    )


def _monitoring(found: YearsComparison) -> dict[str, object]:
    """The municipalities' indicators, a table each."""
    columns = (Column(RU["entity"]), *monitoring_columns(found))
    parts = []
    for place, shift in enumerate(found.monitoring.shifts, 1):
        own = next((o for (name, *_), o in found.monitoring.conclusions.items() if name == shift.indicator), None)
        said = [f"{RU['better']}: {RU[shift.better]}.", RU["exams_differ"].capitalize() + "." if shift.beside else ""]
        said.append(RU["own_is"].format(label=own.label) if own is not None else "")
        title = " ".join(part for part in (shift.code, shift_name(shift, "ru")) if part)
        title = f"{title}, {term(shift.unit, 'ru', UNITS)}" if shift.unit != "count" else title
        sheet = Sheet(title, columns, list(monitoring_rows(shift, found)), ("", " ".join(filter(None, said))))
        parts.append({**_table(sheet, place), "id": f"m{place}"})
    return {"id": "monitoring", "title": RU["sheet_monitoring"], "notes": monitoring_notes(found), "parts": parts}


def _flag(found: YearsComparison, flag: str, place: int) -> dict[str, object]:
    """One flag: who came and who went with causes, and the names of the others."""
    lists = found.lists
    kinds: tuple[Kind, ...] = ("entered", "left", "unsettled")
    groups = [(RU[f"n_{kind}"], [_school(found, change) for change in lists.of(flag, kind)]) for kind in kinds]
    still = [(RU[f"n_still_{v}"], [_named(change) for change in lists.still(flag, v)]) for v in _STILL]
    return {
        "id": f"f{place}",
        "title": (lists.labels or {})[flag],
        "groups": [group for group in groups if group[1]],
        "still": [group for group in still if group[1]],
    }


def _school(found: YearsComparison, change: Change) -> dict[str, object]:
    notes = [say_change(note, "ru") for note, there in (("vpr", change.vpr_only),) if there]
    return {
        "name": change.name or change.entity,
        "code": change.entity,
        "place": change.place,
        "notes": notes,
        "causes": causes_text(change.causes, found, "ru"),
        "turns": [turn.text(found.lists.items, "ru") for turn in change.turns],
    }


def _named(change: Change) -> str:
    return ", ".join(part for part in (change.name or change.entity, change.place) if part)


def _table(sheet: Sheet, place: int) -> dict[str, object]:
    kinds = [column.kind for column in sheet.columns]
    return {
        "id": f"t{place}",
        "title": sheet.title,
        "notes": sheet.lines[1:],
        "heads": [
            (column.title, kind in ("count", "number", "percent"))
            for column, kind in zip(sheet.columns, kinds, strict=True)
        ],
        "rows": [[_shown(cell) for cell in row] for row in sheet.rows],
        "numbers": [kind in ("count", "number", "percent") for kind in kinds],
    }


def _shown(cell: Cell) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, bool):
        return RU["yes"] if cell else ""
    if isinstance(cell, datetime.date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, int | Decimal):
        return number(round(Decimal(cell), 2), "ru")
    return cell
