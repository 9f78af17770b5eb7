"""The public list: who has which flag, how many schools have it, and the figures that may be told; nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from shsnor.listing.shown import FROZEN, PLACE, Key, Shown, amount, unit_word
from shsnor.sheets import Cell, Column, Sheet
from shsnor.wording import explanations as words
from shsnor.wording import publishing as told
from shsnor.wording import reports as said

if TYPE_CHECKING:
    from shsnor.publishing import PublicView

_FLAG = (Column("Признак", "text", width=60), Column("Вывод", "text", width=16), Column("Примечание", "text", width=28))
_COUNTS = (
    Column("Признак", "text", width=60), Column("Присвоен", "count"), Column("из них только по ВПР", "count"),
    Column("Не присвоен", "count"), Column("Неизвестно", "count"), Column("Не относится", "count"),
)  # fmt: skip
_FIGURE = (
    Column("Показатель", "text", width=44), Column("Группа учеников", "text", width=44), Column("Значение", "number"),
    Column("Единица", "text"), Column("Учеников", "count"), Column("Примечание", "text", width=16),
)  # fmt: skip


def public_sheets(shown: Shown, view: PublicView, within: str = "") -> list[Sheet]:
    """The sheets of the public list; `within` the municipality that it is of."""
    sheets = told.SHEETS
    return [
        Sheet(sheets["flags"], (*PLACE, *_FLAG), _ordered(shown, _flags(shown, view)), frozen=FROZEN),
        Sheet(sheets["counts"], (*PLACE, *_COUNTS), _ordered(shown, _counts(shown, view)), frozen=FROZEN),
        Sheet(sheets["figures"], (*PLACE, *_FIGURE), _ordered(shown, _figures(shown, view)), frozen=FROZEN),
        Sheet(sheets["about"], lines=tuple(_about(shown, view, within))),
    ]


#: The entity of a row, and its cells after PLACE.
_Rows = Iterator[tuple[Key, tuple[Cell, ...]]]


def _ordered(shown: Shown, rows: _Rows) -> list[tuple[Cell, ...]]:
    """The rows of the entities shown, by municipality and name, never by a value."""
    here = [(shown.order(key), key, cells) for key, cells in rows if key in shown.entities]
    here.sort(key=lambda row: row[0])
    return [(*shown.place(key), *cells) for _, key, cells in here]


def _flags(shown: Shown, view: PublicView) -> _Rows:
    for flag in view.flags:
        note = told.VPR_ONLY if flag.vpr_only else ""
        yield (flag.level, flag.entity), (flag.label, said.FLAG_STATUS[flag.verdict], note)


def _counts(shown: Shown, view: PublicView) -> _Rows:
    for total in view.flag_totals:
        counted = (total.raised, total.vpr_only, total.not_raised, total.unknown, total.vacant)
        yield (total.level, total.entity), (total.label, *counted)


def _figures(shown: Shown, view: PublicView) -> _Rows:
    for figure in view.figures:
        unit = shown.items.unit(figure.indicator)
        yield (figure.level, figure.entity), (
            shown.items.label(figure.indicator, "indicators"), said.cell(json.loads(figure.dimensions)),
            amount(figure.value, unit), unit_word(unit), figure.participants, told.HIDDEN if figure.hidden else "",
        )  # fmt: skip


def _about(shown: Shown, view: PublicView, within: str) -> Iterator[str]:
    evaluation = shown.outcome.manifest.evaluation
    pack = evaluation.get("pack") or {}
    yield told.PUBLIC_HEAD
    yield told.PACK.format(title=pack.get("title"), version=pack.get("version"))
    yield told.AS_OF.format(date=words.date(str(evaluation.get("as_of") or ""), "ru"))
    if within:
        yield told.WITHIN.format(name=within)
    yield ""
    yield told.why_hidden(view.minimum)
    yield from told.LIMITS
    flags = dict.fromkeys(flag.flag for flag in view.flags)
    if any(shown.items.rests_on_vpr(flag, "flags") for flag in flags):
        yield words.say("vpr_limit", "ru")
