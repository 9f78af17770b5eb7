"""The public report: pages out of what may be published alone, so that nothing else can get into them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

from shsnor.outcomes import EntityRow
from shsnor.pages import render
from shsnor.progress import Progress
from shsnor.publishing import FlagTotal, PublicFigure, PublicFlag, PublicView
from shsnor.reporting.model import Heading, Link
from shsnor.reporting.region import INDEX, Region, canonical
from shsnor.wording import explanations as words
from shsnor.wording import publishing as told
from shsnor.wording import reports as said
from shsnor.wording.phrases import natural, number
from shsnor.wording.stages import OVERVIEWS, SCHOOLS

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A row of figures: of a school those of its latest year beside what contains it, else those of each year."""

    label: str
    cell: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A public page.

    flags    of a school: (label, verdict, its word, note)
    totals   of what contains schools: how many have each flag
    schools  (school, code, (verdict, word) of each flag)
    parts    what lies between, with its page
    columns  the heads of the figures' columns
    """

    name: str
    code: str
    within: tuple[Link, ...]
    heading: Heading
    flags: tuple[tuple[str, str, str, str], ...]
    totals: tuple[FlagTotal, ...]
    parts: tuple[Link, ...]
    schools: tuple[tuple[Link, str, tuple[tuple[str, str], ...]], ...]
    flag_names: tuple[str, ...]
    columns: tuple[str, ...]
    figures: tuple[FigureLine, ...]
    limits: tuple[str, ...]
    rests_on_vpr: bool


def fill_public(view: PublicView, region: Region, new: Path, schools: Sequence[str], progress: Progress) -> None:
    """Write the pages into the folder `new`: of these schools, or of all with the overviews where none is named."""
    pages = _Pages(view, region, linked=not schools or (new / INDEX).is_file())
    level = view.levels[0]
    wanted = list(schools) or [row.entity for row in pages.of_level(level)]
    for done, code in enumerate(wanted):
        progress(SCHOOLS, done, len(wanted))
        _write(new / region.file(level, code), pages.page((level, code)))
    if schools:
        return
    above = [(row.level, row.entity) for name in view.levels[1:] for row in pages.of_level(name)]
    for done, key in enumerate(above):
        progress(OVERVIEWS, done, len(above))
        _write(new / region.file(*key), pages.page(key))
    if not any(region.file(*key) == INDEX for key in above):
        _write(new / INDEX, pages.page(None))


def _write(file: Path, page: PublicPage) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(render("public.html", page=page), "utf-8", newline="\n")


class _Pages:
    def __init__(self, view: PublicView, region: Region, *, linked: bool) -> None:
        self.view, self.region, self.linked = view, region, linked
        self.rows = {(row.level, row.entity): row for row in view.entities}
        self.parent = {key: (row.parent_level, row.parent) for key, row in self.rows.items()}
        self.flags: dict[Key, dict[str, PublicFlag]] = defaultdict(dict)
        for flag in view.flags:
            self.flags[flag.level, flag.entity][flag.flag] = flag
        self.totals: dict[Key, list[FlagTotal]] = defaultdict(list)
        for total in view.flag_totals:
            self.totals[total.level, total.entity].append(total)
        self.figures: dict[Key, list[PublicFigure]] = defaultdict(list)
        for figure in view.figures:
            self.figures[figure.level, figure.entity].append(figure)

    def of_level(self, level: str) -> list[EntityRow]:
        found = (row for row in self.view.entities if row.level == level)
        return sorted(found, key=lambda row: (row.parent, natural(row.name or row.entity), row.entity))

    def page(self, key: Key | None) -> PublicPage:
        """The page of an entity; of all schools together where it is None."""
        school = key is not None and key[0] == self.view.levels[0]
        here = self.region.file(*key) if key else INDEX
        chain = self._chain(key)
        columns, figures = self._beside(chain) if school else self._by_year(key)
        inside = [] if school else [row for row in self.of_level(self.view.levels[0]) if self._in(row, key)]
        below = [row for level in self.view.levels[1:] for row in self.of_level(level)]
        parts = [row for row in below if not school and key in (self.parent[row.level, row.entity], None)]
        return PublicPage(
            name=self.region.name(*key) if key else "Все школы",
            code=key[1] if school and key else "",
            within=tuple(self._link(above, here) for above in reversed(chain[1:])),
            heading=self.region.heading,
            flags=tuple(self._flag(flag) for flag in self.flags[key].values()) if school and key else (),
            totals=tuple(self.totals[key]) if key and not school else (),
            parts=tuple(self._link((row.level, row.entity), here) for row in parts),
            schools=tuple(self._school(row, here) for row in inside),
            flag_names=tuple(self._names.values()),
            columns=columns,
            figures=figures,
            limits=(told.why_hidden(self.view.minimum), *told.LIMITS),
            rests_on_vpr=any(self.region.items.rests_on_vpr(flag, "flags") for flag in self._names),
        )

    def _chain(self, key: Key | None) -> list[Key]:
        """The entity and what contains it."""
        found = []
        while key is not None and key in self.rows:
            found.append(key)
            key = self.parent[key]
        return found

    def _in(self, row: EntityRow, key: Key | None) -> bool:
        return key is None or key in self._chain((row.level, row.entity))

    def _link(self, key: Key, here: str) -> Link:
        return self.region.link(*key, here) if self.linked else Link(self.region.name(*key))

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The flags of schools: id -> label."""
        level = self.view.levels[0]
        return {flag.flag: flag.label for flag in self.view.flags if flag.level == level}

    def _flag(self, flag: PublicFlag) -> tuple[str, str, str, str]:
        note = told.VPR_ONLY if flag.vpr_only else ""
        return flag.label, flag.verdict, said.FLAG_STATUS[flag.verdict], note

    def _school(self, row: EntityRow, here: str) -> tuple[Link, str, tuple[tuple[str, str], ...]]:
        flags = self.flags[row.level, row.entity]
        verdicts = [flags[flag].verdict if flag in flags else "vacant" for flag in self._names]
        statuses = tuple((verdict, said.FLAG_STATUS[verdict]) for verdict in verdicts)
        return self._link((row.level, row.entity), here), row.entity, statuses

    def _beside(self, chain: Sequence[Key]) -> tuple[tuple[str, ...], tuple[FigureLine, ...]]:
        """A school's figures of the latest year of each cell, beside those of what contains it."""
        latest: dict[tuple[str, str], tuple[str, PublicFigure]] = {}
        for figure in self.figures[chain[0]]:
            cell = json.loads(figure.dimensions)
            year = cell.pop("year", "")
            place = figure.indicator, canonical(cell)
            if place not in latest or latest[place][0] < year:
                latest[place] = year, figure
        lines = []
        for _, figure in latest.values():
            others = [self.view.figure(*key, figure.indicator, figure.dimensions) for key in chain[1:]]
            values = tuple(self._value(found) for found in (figure, *others))
            if any(found is not None and not found.hidden for found in (figure, *others)):
                lines.append(FigureLine(*self._label(figure, json.loads(figure.dimensions)), values))
        heads = ("Школа", *(self.region.name(*key) for key in chain[1:]))
        return heads, tuple(sorted(lines, key=lambda line: (line.label, line.cell)))

    def _by_year(self, key: Key | None) -> tuple[tuple[str, ...], tuple[FigureLine, ...]]:
        """The figures of what contains schools, a column for each year; rows of which nothing is shown are left out."""
        found: dict[tuple[str, str], dict[str, PublicFigure]] = defaultdict(dict)
        for figure in self.figures[key] if key else ():
            cell = json.loads(figure.dimensions)
            year = cell.pop("year", str(self.region.year))
            found[figure.indicator, canonical(cell)][year] = figure
        years = sorted({year for figures in found.values() for year in figures})
        lines = []
        for (_, cell), figures in found.items():
            if any(not figure.hidden for figure in figures.values()):
                values = tuple(self._value(figures.get(year)) for year in years)
                lines.append(FigureLine(*self._label(next(iter(figures.values())), json.loads(cell)), values))
        return tuple(years), tuple(sorted(lines, key=lambda line: (line.label, line.cell)))

    def _label(self, figure: PublicFigure, cell: Mapping[str, str]) -> tuple[str, str]:
        return self.region.items.label(figure.indicator, "indicators"), said.cell(cell)

    def _value(self, figure: PublicFigure | None) -> str:
        """«41,1 % (175)», «скрыто», «—»."""
        if figure is None:
            return "—"
        if figure.hidden or figure.value is None:
            return told.HIDDEN
        value = figure.value.quantize(Decimal("0.1"), ROUND_HALF_UP)
        shown = words.amount(value, self.region.items.unit(figure.indicator), "ru")
        return f"{shown} ({number(figure.participants or 0, 'ru')})"
