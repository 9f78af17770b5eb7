"""The table of a school's indicators: value over the years, threshold, like schools, the region, what that means."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shsnor.explaining import Explanation, ExplanationNode
from shsnor.explaining.sentences import Sayer
from shsnor.pages.plots import trend
from shsnor.reporting.distances import kind_of
from shsnor.reporting.model import IndicatorLine
from shsnor.reporting.region import YEARS, Region, canonical
from shsnor.wording import explanations as words
from shsnor.wording import reports as said
from shsnor.wording.phrases import number


def indicator_lines(
    region: Region, explanation: Explanation, leaves: Sequence[ExplanationNode], say: Sayer
) -> tuple[tuple[str, ...], tuple[IndicatorLine, ...]]:
    """The years of the columns, and a line for each comparison and cell; of its years the latest is judged."""
    kept = latest(leaves)
    shown = YEARS if any("year" in leaf.dimensions for leaf in kept) else 1
    years = tuple(str(year) for year in range(region.year - shown + 1, region.year + 1))
    order = {leaf.indicator: place for place, leaf in reversed(list(enumerate(kept)))}
    lines = sorted(kept, key=lambda leaf: order[leaf.indicator])
    return years, tuple(_line(region, explanation, leaf, years, say) for leaf in lines)


def latest(leaves: Sequence[ExplanationNode]) -> list[ExplanationNode]:
    """Of each comparison and cell that of the last year."""
    found: dict[tuple[str, str, str], ExplanationNode] = {}
    for leaf in leaves:
        key = (leaf.indicator, _cell(leaf), f"{leaf.comparison} {leaf.threshold_from}")
        held = found.get(key)
        if held is None or leaf.dimensions.get("year", "") > held.dimensions.get("year", ""):
            found[key] = leaf
    return list(found.values())


def threshold_text(leaf: ExplanationNode) -> str:
    """«не меньше 30 %»."""
    if leaf.threshold is not None:
        bound = words.amount(leaf.threshold, leaf.unit, "ru", against=leaf.value)
    elif leaf.threshold_text is not None:
        texts = json.loads(leaf.threshold_text) if leaf.threshold_text.startswith("[") else [leaf.threshold_text]
        bound = words.listed(map(str, texts))
    else:
        bound = "неизвестно"
    return f"{words.comparison(leaf.comparison, 'ru')} {bound}"


def _line(
    region: Region, explanation: Explanation, leaf: ExplanationNode, years: tuple[str, ...], say: Sayer
) -> IndicatorLine:
    own = explanation.entity
    dimensions = canonical(leaf.dimensions)
    cells = _cells_by_year(region, leaf, years)
    values = {year: region.values.get((leaf.indicator, cell), {}).get(own.entity) for year, cell in cells.items()}
    if leaf.level != own.level or values.get(_year(region, leaf)) is None:
        values[_year(region, leaf)] = leaf.value
    middles = {year: region.median(leaf.indicator, cell) for year, cell in cells.items()}
    middle = middles.get(_year(region, leaf)) if leaf.level == own.level else None
    status, word = _status(leaf, explanation, say)
    return IndicatorLine(
        label=leaf.label,
        cell=cell_words(region, leaf, year=False),
        years=tuple((year, _amount(values.get(year), leaf.unit)) for year in years),
        size=_size(leaf),
        threshold=threshold_text(leaf),
        alike=_alike(region, leaf, dimensions, own.entity),
        region=_amount(middle[0], leaf.unit) if middle else "",
        status=status,
        word=word,
        plot=_plot(leaf, values, {year: m[0] if m else None for year, m in middles.items()}, years),
    )


def _cells_by_year(region: Region, leaf: ExplanationNode, years: tuple[str, ...]) -> dict[str, str]:
    """Year -> the cell of the outcome; of an indicator that keeps no year its own cell, in the evaluation's year."""
    if "year" not in leaf.dimensions:
        return {str(region.year): canonical(leaf.dimensions)}
    known = region.years_of.get((leaf.indicator, _cell(leaf)), {})
    return {year: known[year] for year in years if year in known}


def _year(region: Region, leaf: ExplanationNode) -> str:
    return leaf.dimensions.get("year", str(region.year))


def _cell(leaf: ExplanationNode) -> str:
    return canonical({name: value for name, value in leaf.dimensions.items() if name != "year"})


def cell_words(region: Region, leaf: ExplanationNode, *, year: bool = True) -> str:
    """The cell of a comparison as a school reads it; with or without its year."""
    cell = {name: value for name, value in leaf.dimensions.items() if year or name != "year"}
    return said.cell(cell, region.label)


def _amount(value: Decimal | None, unit: str) -> str:
    return "" if value is None else words.amount(value, unit, "ru")


def _size(leaf: ExplanationNode) -> str:
    if leaf.numerator is not None and leaf.denominator is not None:
        return words.say(
            "of_counts", "ru", numerator=number(leaf.numerator, "ru"), denominator=number(leaf.denominator, "ru")
        )
    return number(leaf.participants, "ru") if leaf.participants is not None else ""


def _alike(region: Region, leaf: ExplanationNode, dimensions: str, entity: str) -> str:
    """What like schools have: the group that the threshold is taken from, else the middle of the school's own list."""
    how, _, group = leaf.threshold_from.partition(" among ")
    if group and group not in region.levels and leaf.threshold is not None:
        return f"{words.statistic(how, 'ru')}: {words.amount(leaf.threshold, leaf.unit, 'ru')}"
    known = region.values.get((leaf.indicator, dimensions), {})
    peers = region.peers.get(region.alike, {}).get(entity, ()) if region.alike else ()
    values = [known[peer] for peer in peers if peer in known]
    return words.amount(statistics.median(values), leaf.unit, "ru") if len(values) > 1 else ""


def _status(leaf: ExplanationNode, explanation: Explanation, say: Sayer) -> tuple[str, str]:
    if leaf.vacant:
        return "vacant", say.verdict(leaf)
    if leaf.verdict == "unknown":
        return "unknown", say.verdict(leaf)
    return leaf.verdict, said.STATUS[kind_of(leaf, explanation.items), leaf.verdict]


def _plot(
    leaf: ExplanationNode, own: dict[str, Decimal | None], other: dict[str, Decimal | None], years: tuple[str, ...]
) -> Any:
    """The years as a line, where there are at least two."""
    if sum(value is not None for value in own.values()) < 2:
        return ""
    mine = [(year, own.get(year)) for year in years]
    theirs = [(year, other.get(year)) for year in years]
    title = said.say("trend", other=_told(theirs, leaf.unit))
    return trend(mine, theirs, title=title, threshold=leaf.threshold)


def _told(points: Sequence[tuple[str, Decimal | None]], unit: str) -> str:
    return "; ".join(f"{year} — {_amount(value, unit) or 'нет данных'}" for year, value in points)
