"""What the check of data gives: counts of each table, jumps, marks of ВПР, findings; as text, data, sheets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from shsnor.errors import Findings
from shsnor.inspecting.limits import Limits
from shsnor.wording import Lang

State = Literal["read", "absent", "unreadable"]
What = Literal["participants", "low", "mean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnCheck:
    """One column of a table, in counts of cells.

    read        whether the pack reads it (without a pack: True)
    there       whether the table has it
    empty       without a value; `hidden`: suppressed by the source; `impossible`: not of its kind, or out of bounds
    """

    name: str
    label: str
    read: bool
    there: bool
    empty: int = 0
    hidden: int = 0
    impossible: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCheck:
    """The entities of a table against the roster.

    count          different codes
    strangers      of these, how many the roster lacks; `stranger_rows`: rows with such codes
    absent         entities of the roster without a row; `absent_codes`: the first of their codes, none of persons
    widths         length of a code -> how many codes
    """

    level: str
    count: int
    strangers: int
    stranger_rows: int
    absent: int
    absent_codes: tuple[str, ...]
    widths: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCheck:
    """One table, in counts.

    state        read; absent: there is none; unreadable: there is one, and the findings say why it cannot be read
    persons      its rows are people: no code of it is told
    years        year -> rows
    entities     None where its rows are of no level of the roster
    duplicates   rows whose key an earlier row has
    """

    name: str
    label: str
    state: State
    persons: bool = False
    files: tuple[str, ...] = ()
    rows: int = 0
    years: dict[int, int]
    entities: EntityCheck | None = None
    duplicates: int = 0
    columns: tuple[ColumnCheck, ...] = ()

    @property
    def impossible(self) -> int:
        """Cells with an impossible value."""
        return sum(column.impossible for column in self.columns)

    @property
    def empty_percent(self) -> float | None:
        """Per cent of the cells read that say nothing; None where there are no cells."""
        read = [c for c in self.columns if c.read and c.there]
        cells = self.rows * len(read)
        return 100 * sum(c.empty + c.hidden for c in read) / cells if cells else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A sudden change against last year, in one procedure, grade and subject.

    entity           key; "" where it is of all entities together
    name             of the entity, "" where there is none
    what             participants; low: share of low results, per cent; mean: mean score, else mean mark
    before, after    last year's value and this one's, `year`
    usual            the median change of the cell; of participants as a factor; None where it is of all together
    participants     last year's and this one's
    """

    entity: str
    name: str
    what: What
    procedure: str
    grade: str
    subject: str
    year: int
    before: float
    after: float
    usual: float | None
    participants: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A school whose ВПР results ought to be looked at again: for internal use; a reason to ask, not a verdict.

    marks   name of a mark -> its text, in Russian
    """

    entity: str
    name: str
    year: int
    marks: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReport:
    """Everything that the check of data found.

    pack        id of the pack, "" where there is none; `title`, `version` likewise
    unread      names of files that no table is known for
    jumps       the most striking first, at most `SHOWN_JUMPS`; `jump_count` of all
    rechecks    internal: never to be published
    findings    of the reader, then of this check; those of this check are warnings all
    """

    pack: str
    title: str
    version: str
    tables: tuple[TableCheck, ...]
    unread: tuple[str, ...]
    jumps: tuple[Jump, ...]
    jump_count: int
    rechecks: tuple[Recheck, ...]
    findings: Findings
    limits: Limits

    def text(self, lang: Lang = "ru", *, details: bool = False) -> str:
        """One screen: 24 lines of 100 columns at most; with `details` everything after it."""
        from shsnor.inspecting.telling import detailed, screen  # prose is loaded when asked for

        return detailed(self, lang) if details else screen(self, lang)

    def as_data(self, lang: Lang = "ru") -> dict[str, Any]:
        """All of it as what JSON can hold."""
        from shsnor.inspecting.telling import as_data

        return as_data(self, lang)

    def write(self, path: Path | str) -> Path:
        """The workbook that now holds the report: `path`, or one beside it where that is open elsewhere.

        raises   UsageError: SH621 the name is not one of a workbook, SH602 it cannot be written
        """
        from shsnor.inspecting.workbook import write_report

        return write_report(self, Path(path))
