"""The list of an outcome as a workbook, as CSV files, or as a workbook for each municipality."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sized
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from shsnor.errors import UsageError
from shsnor.listing.about import about
from shsnor.listing.earlier import written_in
from shsnor.listing.public import public_sheets
from shsnor.listing.reasons import REASONS, flagged, list_and_reasons
from shsnor.listing.shown import Key, Shown
from shsnor.listing.tables import INDICATORS, indicators, issues, measures, parameters
from shsnor.listing.typed import DECISIONS, Written, decisions, road_map
from shsnor.outcomes import Outcome
from shsnor.progress import Progress, silent
from shsnor.sheets import Column, Sheet, beside, safe_names, write_csv, write_workbook
from shsnor.wording import listing as said
from shsnor.wording.phrases import number
from shsnor.wording.stages import LISTING

if TYPE_CHECKING:
    from shsnor.publishing import PublicView


@dataclass
class WrittenList:
    """Where a list now stands.

    paths       its files
    beside      names of files that were open in another program: the new one stands beside it under a numbered name
    kept        names of files that are left as they were, the new one beside them: no lists of ours, or lists with something
                typed in that has no place in the new one
    decisions   how many decisions were carried over from an earlier list; `marks` of measures alike
    """

    paths: list[Path] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    decisions: int = 0
    marks: int = 0

    def put(self, asked: Path, got: Path) -> None:
        self.paths.append(got)
        if got != asked:
            self.beside.append(asked.name)

    def place(self, path: Path, *, ours: bool) -> Path:
        """`path`, or a place beside it where a file stands there that must not be replaced."""
        if ours or not path.exists():
            return path
        self.kept.append(path.name)
        return beside(path)


ListFormat: TypeAlias = Literal["xlsx", "csv"]

#: Rows of a sheet beyond which a workbook is no longer handy; CSV files have all.
MOST_ROWS = 200_000

#: Rows of a workbook beyond which it is written in little memory, with filters but without tables.
MANY_ROWS = 250_000


def write_list(
    outcome: Outcome,
    path: Path | str,
    *,
    format: ListFormat = "xlsx",
    by_municipality: bool = False,
    public: bool = False,
    minimum: int | None = None,
    progress: Progress = silent,
) -> WrittenList:
    """Where the list of who is flagged, why, and what helps now stands: one workbook at `path`, as a rule.

    Where a file is open in another program, the new one stands beside it under a numbered name. What was typed into the
    sheets «Решения» and «Дорожная карта» of a list that stands at `path` is carried over. Entities that are persons are
    left out.

    format            "csv": `path` is a folder with a file for each sheet, UTF-8 with BOM and `;`
    by_municipality   `path` is a folder with a workbook (or a folder of CSV files) for each municipality
    public            another list, with nothing but what `shsnor.publishing` lets through; never in place of what stands there
    minimum           pupils, of a public list; default: the pack's, else 10
    raises            UsageError: SH610 it cannot be written, SH611 all entities are persons, SH612 the outcome has no
                      municipalities, SH621 `path` is no name of a workbook; of a public list also what `public_view` raises
    """
    path, whole = Path(path), Shown(outcome)
    if not whole.entities:
        raise UsageError.of("SH611", path)
    if format == "xlsx" and not by_municipality and path.suffix.lower() != ".xlsx":
        raise UsageError.of("SH621", path, name=path.name)
    found, view = WrittenList(), None
    if public:
        from shsnor.publishing import public_view

        view = public_view(outcome, minimum)
    if not by_municipality:
        _write(whole, path, format, "", found, progress, view)
        return found
    parts = whole.municipalities()
    if not parts:
        raise UsageError.of("SH612", path)
    names = safe_names(row.name or row.entity for row in parts)
    for done, (row, name) in enumerate(zip(parts, names, strict=True)):
        progress(LISTING, done, len(parts))
        place = path / (name if format == "csv" else f"{name}.xlsx")
        _write(
            Shown(outcome, within=(row.level, row.entity)), place, format, row.name or row.entity, found, silent, view
        )
    return found


def _write(
    shown: Shown, path: Path, format: ListFormat, within: str, found: WrittenList, progress: Progress,
    view: PublicView | None = None,
) -> None:  # fmt: skip
    try:
        if view is not None:
            _write_public(public_sheets(shown, view, within), path, format, found)
            return
        if format == "csv":
            for sheet in list_sheets(shown, within=within, most=None, progress=progress):
                place = path / f"{sheet.title}.csv"
                found.put(place, write_csv(place, _table(sheet)))
            return
        written = written_in(path)
        sheets = list_sheets(shown, written, within=within, most=MOST_ROWS, progress=progress)
        place = found.place(path, ours=written is not None and not written.lost)
        large = sum(len(sheet.rows) for sheet in sheets if isinstance(sheet.rows, Sized)) > MANY_ROWS
        found.put(place, write_workbook(place, sheets, title=f"Список {path.stem}", large=large))
    except OSError as error:
        raise UsageError.of("SH610", path, problem=error.strerror or type(error).__name__) from error
    if written is not None:
        found.decisions += len(written.carried & written.decisions.keys())
        found.marks += len(written.carried & written.marks.keys())


def _write_public(sheets: list[Sheet], path: Path, format: ListFormat, found: WrittenList) -> None:
    if format == "csv":
        for sheet in sheets:
            place = path / f"{sheet.title}.csv"
            found.put(place, write_csv(place, _table(sheet)))
    else:  # what stands there may be a list that somebody typed decisions into
        place = found.place(path, ours=False)
        found.put(place, write_workbook(place, sheets, title=f"Открытые сведения {path.stem}"))


def list_sheets(
    shown: Shown, written: Written | None = None, *, within: str = "", most: int | None, progress: Progress = silent
) -> list[Sheet]:
    """The sheets of the list.

    written   what somebody typed into an earlier one
    most      rows that a sheet may have; what does not fit is told of in «Пояснения»; None: all
    """
    written = written or Written()
    limits = _Limits(most)
    listed, reasons, unknown_left_out = list_and_reasons(shown, most, progress)
    if unknown_left_out:
        limits.note("flagged_only", sheet=REASONS, unknown="")
    decided, few = decisions(shown, written, most or len(shown.entities) * 1000)
    if few:
        limits.note("flagged_only", sheet=DECISIONS, unknown=said.ABOUT["and_unknown"])
    values = indicators(shown, _few(shown, limits))
    sheets = [
        listed,
        values,
        reasons,
        measures(shown),
        issues(shown),
        parameters(shown),
        decided,
        road_map(shown, written),
    ]
    sheets = [limits.cut(sheet) for sheet in sheets]
    return [*sheets, about(shown, limits.notes, within)]


def _few(shown: Shown, limits: _Limits) -> Iterable[Key] | None:
    """The entities whose values are shown: all, or where their values are too many, the flagged and the unknown."""
    share = len(shown.entities) / max(len(shown.outcome.entities), 1)
    if limits.most is None or len(shown.outcome.indicator_values) * share <= limits.most:
        return None
    limits.note("flagged_only", sheet=INDICATORS, unknown=said.ABOUT["and_unknown"])
    return flagged(shown, "met", "unknown")


class _Limits:
    """What a sheet can hold, and what was said of what it could not."""

    def __init__(self, most: int | None) -> None:
        self.most = most
        self.notes: list[str] = []

    def note(self, key: str, **gaps: str) -> None:
        self.notes.append(said.ABOUT[key].format(**gaps))

    def cut(self, sheet: Sheet) -> Sheet:
        """The sheet with as many rows as fit; the rest is told of."""
        if self.most is None:
            return sheet
        rows = list(itertools.islice(sheet.rows, self.most + 1))
        if len(rows) > self.most:
            self.note("cut", sheet=sheet.title, shown=number(self.most, "ru"))
            rows.pop()
        return replace(sheet, rows=rows)


def _table(sheet: Sheet) -> Sheet:
    """A sheet of lines as a table of one column; a CSV file has nothing else."""
    if sheet.columns:
        return sheet
    return replace(sheet, columns=(Column(sheet.title),), rows=[(line,) for line in sheet.lines if line])
