"""This year against last, or before against after; of three outcomes the entry, interim and final monitoring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shsnor.comparing import Comparison, compare
from shsnor.comparing.changes import standing
from shsnor.comparing.indicators import IndicatorShift, indicator_shifts
from shsnor.comparing.inputs import Inputs, read_inputs
from shsnor.comparing.monitoring import (
    ClusterShift,
    Effect,
    Monitoring,
    cluster_shifts,
    effect,
    lowest_levels,
    monitoring,
)
from shsnor.comparing.plans import MeasureLine, PlanLine, measure_lines, plan_lines
from shsnor.comparing.sides import Side, items_that_differ, parameters_that_differ, tables_that_differ
from shsnor.errors import Finding, UsageError
from shsnor.outcomes import Outcome
from shsnor.progress import Progress, silent
from shsnor.reading import TablesArg
from shsnor.wording.phrases import Lang

#: What `YearsComparison.write` writes, by the suffix of the file.
SUFFIXES = (".xlsx", ".html")


@dataclass(frozen=True, slots=True)
class Differences:
    """In what two evaluations themselves differ.

    items        (section, id) of the pack's items that compute something else, or stand in one pack only
    parameters   id -> (value in force before, after)
    without      procedures that one of the two left out
    tables       names of tables whose rows differ
    versions     the engine was of another version
    """

    items: tuple[tuple[str, str], ...]
    parameters: dict[str, tuple[str, str]]
    without: tuple[frozenset[str], frozenset[str]]
    tables: tuple[str, ...]
    versions: bool


@dataclass(frozen=True)
class YearsComparison:
    """What changed between outcomes, from the first to the last.

    sides         the outcomes, in the order in which they were given
    lists         whose flags changed, with causes; of persons nothing is told
    verdicts      (flag, level, entity) -> verdict in each outcome, "" where there is none
    shifts        indicators of the lowest level, beside what the region did
    plan          plan against fact, and `measures` taken against recommended; None where no tables were given
    warnings      about those tables
    hidden        levels of persons, left out
    """

    sides: tuple[Side, ...]
    differences: Differences
    lists: Comparison
    verdicts: dict[tuple[str, str, str], tuple[str, ...]]
    shifts: tuple[IndicatorShift, ...]
    clusters: tuple[ClusterShift, ...]
    monitoring: Monitoring
    effect: Effect | None
    inputs: Inputs | None
    plan: tuple[PlanLine, ...] | None
    measures: tuple[MeasureLine, ...] | None
    hidden: frozenset[str]

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return self.inputs.warnings if self.inputs is not None else ()

    def concerned(self) -> set[tuple[str, str]]:
        """(level, entity) of all whose flag came, went, is no longer known, or is still raised."""
        changes = [change for change in self.lists.changes if change.kind != "cleared"]
        changes += [change for change in self.lists.unchanged if standing(change.after) == "met"]
        return {(change.level, change.entity) for change in changes}

    def text(self, lang: Lang = "ru") -> str:
        """The comparison in plain text: lists by flag with causes, then the rest in counts."""
        from shsnor.comparing.year_texts import years_text

        return years_text(self, lang)

    def write(self, path: str | Path) -> Path:
        """The file that was written: a workbook (.xlsx) or a page (.html), in Russian; beside `path` where that is open.

        raises   UsageError SH607 for another suffix, SH602 where it cannot be written
        """
        from shsnor.comparing.year_files import write_years

        return write_years(self, Path(path))


def compare_years(
    *outcomes: Outcome, tables: TablesArg | None = None, progress: Progress = silent
) -> YearsComparison:  # fmt: skip
    """What changed from the first outcome to the last: lists, indicators, clusters, plan and measures.

    outcomes   two or more, the earliest first; between them packs, parameters and versions may differ
    tables     as `evaluate` takes them: where plan, fact and marks on measures are compared too
    progress   told of the steps
    raises     UsageError SH618 for fewer than two outcomes; DataError, UsageError as reading tables raises them
    """
    if len(outcomes) < 2:
        raise UsageError.of("SH618", count=len(outcomes))
    sides = tuple(Side(outcome) for outcome in outcomes)
    hidden = frozenset(row.level for side in sides for row in side.entities.values() if row.persons)
    inputs = read_inputs(tables) if tables is not None else None
    merged = inputs.merged if inputs is not None else {}
    lists = compare(outcomes[0], outcomes[-1], unchanged=True, merged=merged, progress=progress)
    shifts = tuple(indicator_shifts(sides, hidden, progress))
    lowest = lowest_levels(sides[-1])
    clusters = cluster_shifts(sides, hidden)
    return YearsComparison(
        sides=sides,
        differences=_differences(sides[0], sides[-1]),
        lists=_without(lists, hidden),
        verdicts=_verdicts(sides),
        shifts=tuple(shift for shift in shifts if shift.level in lowest),
        clusters=clusters,
        monitoring=monitoring(sides, shifts),
        effect=effect(sides, clusters, shifts),
        inputs=inputs,
        plan=plan_lines(sides[0], sides[-1], inputs) if inputs is not None else None,
        measures=measure_lines(sides[0], sides[-1], inputs) if inputs is not None else None,
        hidden=hidden,
    )


def _differences(before: Side, after: Side) -> Differences:
    names = sorted(parameters_that_differ(before, after))
    engines = [(side.evaluation.get("versions") or {}).get("shsnor") for side in (before, after)]
    return Differences(
        items=tuple(sorted(items_that_differ(before, after))),
        parameters={name: (before.parameters[name], after.parameters[name]) for name in names},
        without=(before.without, after.without),
        tables=tuple(tables_that_differ(before, after)),
        versions=engines[0] != engines[1],
    )


def _without(lists: Comparison, hidden: frozenset[str]) -> Comparison:
    """The lists without entities that are persons: of them only how many there are is told."""
    shown = [tuple(c for c in found if c.level not in hidden) for found in (lists.changes, lists.unchanged)]
    return Comparison(shown[0], lists.raised, lists.items, shown[1], lists.labels)


def _verdicts(sides: Sequence[Side]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for place, side in enumerate(sides):
        for row in side.outcome.flags.rows():
            found.setdefault((row.flag, row.level, row.entity), [""] * len(sides))[place] = row.verdict
    return {key: tuple(verdicts) for key, verdicts in found.items()}
