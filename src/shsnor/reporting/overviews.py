"""The page of the region and of each part of it: how many schools have which flag, the schools, plots, a map."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from shsnor.outcomes import ClusterRow, EntityRow, FlagRow
from shsnor.pages.plots import MapPoint, histogram, points_map, share_bar
from shsnor.reporting.model import FlagCount, Link, Monitoring, Overview, SchoolRow, StepLine
from shsnor.reporting.region import INDEX, Region
from shsnor.reporting.schools import status_of
from shsnor.wording import explanations as words
from shsnor.wording import reports as said
from shsnor.wording.phrases import natural, number

#: More plots than these nobody looks at.
MOST_PLOTS = 12

#: The three monitorings of a programme, as orders call them, by the dimension that they are kept by.
STAGE, STAGES = "stage", ("входной", "промежуточный", "итоговый")

#: Stands for what all schools lie in, where no entity does.
NOWHERE = ("", "")

#: What contains a school, by its level; other levels are the pack's own.
PART_WORDS = {"municipality": "Муниципалитет", "region": "Регион"}

#: The table of what an analysis of causes found.
CAUSES = "causes"


class Overviews:
    """Makes the overviews of one report: what they share is read once."""

    def __init__(self, region: Region) -> None:
        self.region = region
        outcome = region.outcome
        self._flags: dict[str, dict[str, FlagRow]] = {}
        for flag in outcome.flags.rows(level=region.level):
            self._flags.setdefault(flag.entity, {})[flag.flag] = flag
        self._clusters: dict[str, list[ClusterRow]] = {}
        for cluster in outcome.clusters.rows(level=region.level):
            self._clusters.setdefault(cluster.entity, []).append(cluster)
        self._within = {row.entity: _chain(region, row) for row in region.schools}
        self._compared = self._comparisons()

    def page(self, place: EntityRow | None) -> Overview:
        """The overview of what an entity contains; of all schools where that is None."""
        region = self.region
        key = (place.level, place.entity) if place is not None else NOWHERE
        top = place == region.top
        here = INDEX if top else region.file(*key)
        schools = [row for row in region.schools if place is None or key in self._within[row.entity]]
        statuses = {row.entity: self._statuses(row.entity) for row in schools}
        return Overview(
            name=region.name(*key) if place is not None else "Все школы",
            within=tuple(region.link(*above, here) for above in reversed(_chain(region, place))),
            heading=region.heading,
            schools=tuple(self._row(row, here, statuses[row.entity]) for row in schools),
            flags=tuple(self._counts(statuses)),
            analysed=tuple(self._analysed(schools, statuses)),
            monitoring=self._monitoring(key),
            parts=tuple(self._parts(key, here)),
            part_word=PART_WORDS.get(region.schools[0].parent_level if region.schools else "", "Территория"),
            clusters=tuple(self._cluster_counts(schools)),
            steps=tuple(self._steps()) if top else (),
            plots=tuple(self._plots(schools)),
            map=self._map(schools, statuses),
            rests_on_vpr=any(region.items.rests_on_vpr(flag, "flags") for flag in region.flags),
        )

    def _statuses(self, school: str) -> dict[str, str]:
        return {flag: status_of(row) for flag, row in self._flags.get(school, {}).items()}

    def _row(self, row: EntityRow, here: str, statuses: Mapping[str, str]) -> SchoolRow:
        region = self.region
        found = [statuses.get(flag, "vacant") for flag in region.flags]
        return SchoolRow(
            school=region.link(row.level, row.entity, here),
            code=row.entity,
            within=region.name(row.parent_level, row.parent) if row.parent else "",
            statuses=tuple((status, said.FLAG_STATUS[status]) for status in found),
            clusters=tuple(c.title or c.label or "неизвестно" for c in self._clusters.get(row.entity, ())),
        )

    def _counts(self, statuses: Mapping[str, Mapping[str, str]]) -> Iterator[FlagCount]:
        for flag, label in self.region.flags.items():
            n = Counter(found.get(flag, "vacant") for found in statuses.values())
            vpr_only = sum(
                self._flags[school][flag].vpr_only for school in statuses if flag in self._flags.get(school, {})
            )
            bar = share_bar(n["met"], n["not_met"], n["unknown"])
            yield FlagCount(label, n["met"], n["not_met"], n["unknown"], n["vacant"], vpr_only, bar)

    def _analysed(
        self, schools: Sequence[EntityRow], statuses: Mapping[str, Mapping[str, str]]
    ) -> Iterator[tuple[str, str]]:
        """Of how many schools something is known: a verdict; the causes of low results."""
        known = sum(1 for found in statuses.values() if {"met", "not_met"} & set(found.values()))
        yield "Есть вывод хотя бы по одному признаку", said.percent_of(known, len(schools))
        asked = [
            values
            for (indicator, _), values in self.region.values.items()
            if self.region.items.node(indicator, "").get("from") == CAUSES
        ]
        here = {row.entity for row in schools}
        analysed = len(here & {school for values in asked for school in values})
        yield (
            "Проведён анализ причин низких результатов",
            said.percent_of(analysed, len(here)) if asked else "нет данных",
        )

    @cached_property
    def _stages(self) -> dict[tuple[str, str], dict[str, str]]:
        """Of each entity above the schools what the outcome says of each monitoring."""
        told: dict[tuple[str, str], dict[str, str]] = {}
        levels = self.region.levels - {self.region.level}
        rows = self.region.outcome.indicator_values.picked(
            "level", "entity", "dimensions", "value", level=sorted(levels)
        )
        for at, of, dimensions, value in rows:
            if f'"{STAGE}"' in dimensions and (at, of) in self.region.entities:
                stage = json.loads(dimensions).get(STAGE)
                if stage in STAGES:
                    told.setdefault((at, of), {})[stage] = number(value, "ru") if value is not None else "нет данных"
        return told

    def _monitoring(self, key: tuple[str, str]) -> Monitoring | None:
        """Which of the three monitorings was held; None where the outcome says nothing of any."""
        places = {
            place: stages
            for place, stages in self._stages.items()
            if key in (NOWHERE, place) or key in _chain(self.region, self.region.entities[place])
        }
        if not places:
            return None
        named = [
            (self.region.name(*place), tuple(stages.get(stage, "нет данных") for stage in STAGES))
            for place, stages in places.items()
        ]
        return Monitoring(STAGES, tuple(named))

    def _parts(self, key: tuple[str, str], here: str) -> Iterator[tuple[Link, int, tuple[int, ...]]]:
        region = self.region
        for row in sorted(region.parts, key=lambda part: natural(part.name or part.entity)):
            if (row.parent_level, row.parent) == key or (key == NOWHERE and not row.parent):
                inside = [s.entity for s in region.schools if (row.level, row.entity) in self._within[s.entity]]
                found = [self._statuses(school) for school in inside]
                met = tuple(sum(statuses.get(flag) == "met" for statuses in found) for flag in region.flags)
                yield region.link(row.level, row.entity, here), len(inside), met

    def _cluster_counts(self, schools: Sequence[EntityRow]) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
        found: dict[str, Counter[str]] = {}
        for row in schools:
            for cluster in self._clusters.get(row.entity, ()):
                label = cluster.title or cluster.label or "неизвестно"
                found.setdefault(cluster.cluster, Counter())[label] += 1
        for scheme, counts in found.items():
            yield self.region.items.label(scheme, "clusters"), tuple(counts.most_common())

    def _steps(self) -> Iterator[tuple[str, tuple[StepLine, ...]]]:
        """How many schools each step of a flag's rule lets through, as the outcome counts it."""
        found: dict[str, list[StepLine]] = {}
        paths: dict[str, list[str]] = {}
        for row in self.region.outcome.steps.rows():
            if row.flag not in self.region.flags:
                continue
            above = paths.setdefault(row.flag, [])
            depth = sum(1 for path in above if not path or row.path.startswith(f"{path}/"))
            above.append(row.path)
            text = words.node(row.text, "ru")
            bar = share_bar(row.met, row.not_met, row.unknown, 120)
            line = StepLine(text, depth, row.met, row.not_met, row.unknown, row.vacant, bar)
            found.setdefault(row.flag, []).append(line)
        yield from ((self.region.flags[flag], tuple(lines)) for flag, lines in found.items())

    def _comparisons(self) -> list[tuple[str, str, tuple[Decimal, ...]]]:
        """(indicator, dimensions, thresholds) of the latest year that a rule compares with the same threshold for all."""
        found: dict[tuple[str, str], dict[Decimal, None]] = {}
        rows = self.region.outcome.criterion_results.picked(
            "indicator", "dimensions", "threshold", level=self.region.level, node="leaf"
        )
        for indicator, dimensions, threshold in rows:
            if threshold is not None and (indicator, dimensions) in self.region.values:
                found.setdefault((indicator, dimensions), {})[threshold] = None
        drawn: list[tuple[str, str, tuple[Decimal, ...]]] = []
        for (indicator, dimensions), thresholds in found.items():
            year = json.loads(dimensions).get("year", str(self.region.year))
            values = self.region.values[indicator, dimensions]
            # One indicator may repeat a part of another: the same picture twice tells nothing.
            told = any(
                values == self.region.values[other, dimensions] for other, cell, _ in drawn if cell == dimensions
            )
            if year == str(self.region.year) and len(thresholds) <= 2 and not told:
                drawn.append((indicator, dimensions, tuple(sorted(thresholds))))
        return drawn

    def _plots(self, schools: Sequence[EntityRow]) -> Iterator[Any]:
        """How the values lie."""
        here = {row.entity for row in schools}
        for place, (indicator, dimensions, thresholds) in enumerate(self._compared[:MOST_PLOTS]):
            values = [v for school, v in self.region.values[indicator, dimensions].items() if school in here]
            unit = self.region.items.unit(indicator)
            cell = said.cell(json.loads(dimensions))
            title = ", ".join(part for part in (self.region.items.label(indicator), cell) if part)
            desc = said.say("thresholds", thresholds=words.listed(words.amount(t, unit, "ru") for t in thresholds))
            if values:
                ends = (min(values), max(values), statistics.median(values))
                low, high, middle = (words.amount(Decimal(end), unit, "ru") for end in ends)
                told = {"n": said.schools(len(values)), "low": low, "high": high, "median": middle}
                desc = f"{said.say('histogram', title=title, **told)} {desc}"
            yield title, desc, histogram(f"h{place}", values, title=title, desc=desc, thresholds=thresholds)

    def _map(self, schools: Sequence[EntityRow], statuses: Mapping[str, Mapping[str, str]]) -> Any:
        """Where the schools lie, marked by the first flag of the pack: one flag means one thing, several do not."""
        region = self.region
        flag = next(iter(region.flags), "")
        points = []
        for row in schools:
            if row.latitude is not None and row.longitude is not None:
                verdict = statuses[row.entity].get(flag, "unknown").replace("vacant", "unknown")
                points.append(MapPoint(float(row.latitude), float(row.longitude), row.name or row.entity, verdict))
        if len(points) < 2 or not flag:
            return ""
        met = sum(point.verdict == "met" for point in points)
        desc = said.say("map", flag=region.flags[flag], met=met, of=said.schools(len(points)))
        return desc, points_map("map", points, title="Карта школ", desc=desc)


def _chain(region: Region, row: EntityRow | None) -> list[tuple[str, str]]:
    """What an entity lies in, the nearest first."""
    found = []
    while row is not None and row.parent_level and (row.parent_level, row.parent) in region.entities:
        row = region.entities[row.parent_level, row.parent]
        found.append((row.level, row.entity))
    return found
