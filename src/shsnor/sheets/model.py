"""What a sheet is, before it is a file: lines above, a head, rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias


class Percent(Decimal):
    """A number of per cent (30 is 30 %) in a column whose other numbers may be something else."""


#: What a cell may hold; None is an empty cell.
Cell: TypeAlias = "str | int | Decimal | bool | datetime.date | None"

#: How the cells of a column are shown and may be filled in.
#:   code      text, never a number: leading zeros stay
#:   text      text of a line
#:   long      text of sentences, wrapped
#:   count     whole number
#:   number    number with up to two places
#:   percent   0–100, shown with a per cent sign as it is (30 is 30 %)
#:   date      day
#:   yes_no    «да» or «нет»
Kind: TypeAlias = Literal["code", "text", "long", "count", "number", "percent", "date", "yes_no"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    title     its header, unlike all others of the sheet
    width     in characters; default: by the kind and what stands in it
    choices   the values that may be typed, offered as a drop-down; () for any
    minimum   the least number or date that may be typed; `maximum` the greatest
    note      a comment on the header
    typed     the reader fills this column in: it is shown so
    """

    title: str
    kind: Kind = "text"
    width: int | None = None
    choices: tuple[str, ...] = ()
    minimum: int | Decimal | datetime.date | None = None
    maximum: int | Decimal | datetime.date | None = None
    note: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook.

    title     its name: made to fit Excel's rules (31 characters, no `[]:*?/\\`) and unlike the others when it is written
    columns   of its table; () for a sheet of lines alone
    rows      each as long as `columns`; gone through once, so it may be made while it is written
    lines     above the table, each in one cell over its width; the first is the heading
    frozen    so many columns stay in view, and the head always does
    empty     rows left free under the head, validated like the others, for a table that is filled in
    """

    title: str
    columns: tuple[Column, ...] = ()
    rows: Iterable[Sequence[Cell]] = ()
    lines: tuple[str, ...] = ()
    frozen: int = 0
    empty: int = 0
