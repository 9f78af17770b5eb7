"""A comparison of years as plain text: the lists with their causes, then the rest in counts."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from shsnor.comparing.changes import CAUSES, Change
from shsnor.comparing.indicators import IndicatorShift, Status
from shsnor.comparing.monitoring import ClusterShift
from shsnor.comparing.plans import MEASURE_STATUSES, PLAN_STATUSES
from shsnor.comparing.texts import flag_lines
from shsnor.comparing.year_words import (
    causes_text,
    difference_lines,
    head_lines,
    shift_name,
)
from shsnor.comparing.years import YearsComparison
from shsnor.wording import explanations as words
from shsnor.wording.comparisons import say as say_change
from shsnor.wording.phrases import Lang, number
from shsnor.wording.years import say

_WIDTH = 98

#: So many indicators and cells are told in the text; the workbook has all.
_MOST_SHIFTS = 12


def years_text(found: YearsComparison, lang: Lang) -> str:
    """All of the comparison that is told without a file."""
    parts: list[Iterator[str] | list[str]] = [
        [say("head", lang), *(f"  {line}" for line in head_lines(found, lang))],
        [say("differences", lang), *(f"  – {line}" for line in difference_lines(found, lang))],
        _causes(found, lang),
        _lists(found, lang),
        _indicators(say("indicators", lang), found.shifts, lang),
        _clusters(say("clusters", lang), found.clusters, found, lang),
        _monitoring(found, lang),
        _effect(found, lang),
        _plan(found, lang),
        _measures(found, lang),
        _end(found, lang),
    ]
    lines: list[str] = []
    for part in parts:
        if told := list(part):
            lines += ["", *told] if lines else told
    return "\n".join(_wrapped(line) for line in lines)


def _causes(found: YearsComparison, lang: Lang) -> Iterator[str]:
    changes = found.lists.changes
    if not changes:
        return
    counted = Counter(cause.kind for change in changes for cause in change.causes)
    told = (f"{say(f'cause_{kind}', lang)} {number(counted[kind], lang)}" for kind in CAUSES if counted[kind])
    yield say("causes", lang)
    yield "  " + say("cause_counts", lang, n=number(len(changes), lang), counts=", ".join(told))
    if any(len(change.causes) > 1 for change in changes):
        yield "  " + say("several", lang)


def _lists(found: YearsComparison, lang: Lang) -> Iterator[str]:
    def why(change: Change) -> str:
        return say("why", lang, causes=causes_text(change.causes, found, lang))

    lists = found.lists
    if not lists.changes:
        yield say_change("same", lang)
    for flag, label in (lists.labels or {}).items():
        changed, before, after = lists.of(flag), *lists.raised[flag]
        if changed:
            yield from flag_lines(lists, flag, lang, why, most_turns=1, counted=("cleared",))
        else:
            yield say_change("flag", lang, label=label, before=number(before, lang), after=number(after, lang))
        for verdict in ("met", "unknown"):
            if still := lists.still(flag, verdict):
                yield "  " + say_change(f"still_{verdict}", lang, n=number(len(still), lang))
        yield ""


def _indicators(title: str, shifts: Sequence[IndicatorShift], lang: Lang) -> Iterator[str]:
    if not shifts:
        return
    yield title
    told = [shift for shift in shifts if shift.count("unknown") < len(shift.changes)][:_MOST_SHIFTS]
    for shift in told:
        yield f"  {_shift(shift, lang)}"
    if len(shifts) > len(told):
        yield "  " + say("indicators_more", lang, n=number(len(shifts) - len(told), lang))


def _shift(shift: IndicatorShift, lang: Lang) -> str:
    name = shift_name(shift, lang)
    if shift.count("redefined"):
        return say("shift_redefined", lang, label=name)
    statuses: tuple[Status, ...] = ("better", "worse", "same", "unknown")
    text = say("shift", lang, label=name, **{s: number(shift.count(s), lang) for s in statuses})
    if shift.change is not None:
        was, now = (
            words.amount(value, shift.unit, lang) for value in (shift.region[0], shift.region[-1]) if value is not None
        )
        key = "shift_together" if shift.together else "shift_median"
        text += say(key, lang, before=was, after=now)
    return text + (say("shift_beside", lang) if shift.beside else "")


def _clusters(title: str, shifts: Sequence[ClusterShift], found: YearsComparison, lang: Lang) -> Iterator[str]:
    moving = [shift for shift in shifts if shift.moves]
    if not moving:
        return
    yield title
    for shift in moving:
        yield "  " + say("cluster", lang, label=shift.label)
        for label, counts in shift.labels.items():
            told = " → ".join(number(count, lang) for count in counts)
            yield "    " + say("label", lang, label=label or say("label_unknown", lang), counts=told)
        if moved := sum(shift.moves.values()):
            yield "    " + say("moved", lang, n=number(moved, lang))


def _monitoring(found: YearsComparison, lang: Lang) -> Iterator[str]:
    shifts = found.monitoring.shifts
    if not shifts:
        return
    three = len(found.sides) == 3
    yield from _indicators(say("monitoring_three" if three else "monitoring", lang), shifts, lang)
    if three:
        yield "  " + say("stages_chosen", lang)
    if not has_targets(found):
        yield "  " + say("no_targets", lang)


def _effect(found: YearsComparison, lang: Lang) -> Iterator[str]:
    if found.effect is None:
        return
    yield from _clusters(say("effect", lang), found.effect.clusters, found, lang)
    for shift in found.effect.shifts:
        yield f"  {_shift(shift, lang)}"
    yield "  " + say("no_proof", lang)


def _plan(found: YearsComparison, lang: Lang) -> Iterator[str]:
    if found.plan is None:
        yield say("no_tables", lang)
        return
    yield say("plan", lang)
    counted = Counter(line.status for line in found.plan)
    told = [say(f"plan_{s}", lang, n=number(counted[s], lang)) for s in PLAN_STATUSES if counted[s]]
    yield "  " + (", ".join(told) or say("plan_none", lang))
    if absent := [name for name in ("targets", "actuals") if found.inputs and name not in found.inputs.given]:
        yield "  " + say("absent", lang, names=", ".join(absent))


def _measures(found: YearsComparison, lang: Lang) -> Iterator[str]:
    if found.measures is None:
        return
    yield say("measures", lang)
    counted = Counter(line.status for line in found.measures)
    told = [say(f"measure_{s}", lang, n=number(counted[s], lang)) for s in MEASURE_STATUSES if counted[s]]
    yield "  " + (", ".join(told) or say("measures_none", lang))
    if found.inputs and "measures_taken" not in found.inputs.given:
        yield "  " + say("absent", lang, names="measures_taken")


def _end(found: YearsComparison, lang: Lang) -> Iterator[str]:
    yield say("more_in_files", lang)
    yield say("limit", lang)
    if rests_on_vpr(found):
        yield words.say("vpr_limit", lang)


def has_targets(found: YearsComparison) -> bool:
    """Whether a plan stands for one of the municipalities' indicators."""
    planned = {line.indicator for line in found.plan or () if line.plan is not None and line.better}
    return bool(planned & {shift.indicator for shift in found.monitoring.shifts})


def rests_on_vpr(found: YearsComparison) -> bool:
    """Whether a flag that is told of rests on ВПР, so that the limit of their use must be said."""
    return any(found.lists.items.rests_on_vpr(flag, "flags") for flag in found.lists.labels or ())


def _wrapped(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(), _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )
