"""What the text, the workbook and the page of a comparison say alike: the outcomes, their differences, causes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shsnor.comparing.changes import Cause
from shsnor.comparing.indicators import IndicatorShift
from shsnor.comparing.texts import amount
from shsnor.comparing.years import YearsComparison
from shsnor.wording import explanations as words
from shsnor.wording.phrases import Lang, number
from shsnor.wording.terms import LEVELS, term
from shsnor.wording.years import say

#: So many names of items are told of one cause or difference.
_MOST_NAMES = 5

_STAGES = {2: ("before", "after"), 3: ("entry", "interim", "final")}


def stages(found: YearsComparison, lang: Lang) -> list[str]:
    """The name of each outcome's part in the comparison."""
    count = len(found.sides)
    keys = _STAGES.get(count, ("before", *["between"] * (count - 2), "after"))
    return [say(f"stage_{key}", lang) for key in keys]


def dated_stages(found: YearsComparison, lang: Lang) -> list[str]:
    """«Было, на 31.12.2021»: no two alike, as headers of columns."""
    named = [
        f"{stage}, {words.say('as_of', lang, date=words.date(side.as_of, lang))}"
        for stage, side in zip(stages(found, lang), found.sides, strict=True)
    ]
    return [f"{name} ({place})" if named.count(name) > 1 else name for place, name in enumerate(named, 1)]


def head_lines(found: YearsComparison, lang: Lang) -> Iterator[str]:
    """A line an outcome: its stage, pack, date, and by which order it was signed."""
    for stage, side in zip(stages(found, lang), found.sides, strict=True):
        pack = side.evaluation.get("pack") or {}
        title, version = str(pack.get("title", "")), str(pack.get("version", ""))
        line = say(
            "side", lang, stage=stage, title=title, id=pack.get("id", ""), version=version,
            date=words.date(side.as_of, lang),
        )  # fmt: skip
        if (signature := side.outcome.signature) is not None:
            signed = say("signed", lang, order=signature.order, date=words.date(str(signature.date), lang))
            line = f"{line}; {signed}"
        yield line
    if found.sides[0].as_of > found.sides[-1].as_of:
        yield say("backwards", lang)
    if found.hidden:
        names = ", ".join(term(level, lang, LEVELS) for level in sorted(found.hidden))
        yield say("persons", lang, names=names)


def difference_lines(found: YearsComparison, lang: Lang) -> Iterator[str]:
    """In what the first and the last evaluation differ."""
    differ = found.differences
    if differ.items:
        yield say("items_differ", lang, names=_names([name for _, name in differ.items], found, lang))
    else:
        yield say("same_pack", lang)
    for name in differ.parameters:
        yield say(
            "parameter", lang, label=found.lists.items.label(name, "parameters"), id=name, **_was_is(found, name, lang)
        )
    if differ.without[0] != differ.without[1]:
        said = [", ".join(sorted(names)) or say("nothing_left_out", lang) for names in differ.without]
        yield say("without", lang, before=said[0], after=said[1])
    if differ.tables:
        yield say("tables_differ", lang, names=", ".join(differ.tables))
    else:
        yield say("tables_same", lang)
    if found.sides[0].as_of != found.sides[-1].as_of:
        before, after = (words.date(found.sides[at].as_of, lang) for at in (0, -1))
        yield say("dates_differ", lang, before=before, after=after)
    if differ.versions:
        yield say("versions_differ", lang)


def causes_text(causes: tuple[Cause, ...], found: YearsComparison, lang: Lang) -> str:
    """The causes of a change in one line."""
    return "; ".join(part for cause in causes for part in _cause(cause, found, lang))


def _cause(cause: Cause, found: YearsComparison, lang: Lang) -> Iterator[str]:
    if cause.kind == "roster":
        school = cause.names[1] if cause.names[0] == "merged" else ""
        name = (
            next((s.entities[k].name for s in found.sides for k in s.entities if k[1] == school), "") if school else ""
        )
        yield say(f"roster_{cause.names[0]}", lang, school=f"{name} ({school})" if name else school)
    elif cause.kind == "decision":
        yield say("by_decision", lang, roles=", ".join(cause.names))
    elif cause.kind == "parameter":
        if names := [name for name in cause.names if name != "without"]:
            said = (f"«{found.lists.items.label(name, 'parameters')}»{_moved(found, name, lang)}" for name in names)
            yield say("by_parameter", lang, names=", ".join(said))
        if "without" in cause.names:
            yield say("by_without", lang)
    elif cause.kind == "pack":
        yield say("by_pack", lang, names=_names(list(cause.names), found, lang))
    else:
        same_rows = not found.differences.tables and found.sides[0].as_of != found.sides[-1].as_of
        yield say("by_date" if same_rows else "by_data", lang)


def _moved(found: YearsComparison, parameter: str, lang: Lang) -> str:
    if parameter not in found.differences.parameters:
        return ""
    said = _was_is(found, parameter, lang)
    return f" {said['before']} → {said['after']}"


def _was_is(found: YearsComparison, parameter: str, lang: Lang) -> dict[str, str]:
    row = found.lists.items.get(parameter, "parameters")
    unit = row.unit if row is not None else ""
    values = found.differences.parameters[parameter]
    return dict(zip(("before", "after"), (amount(value, unit, lang) for value in values), strict=True))


def _names(ids: list[str], found: YearsComparison, lang: Lang) -> str:
    labels = list(dict.fromkeys(words.quoted(_label(name, found), lang) for name in ids))
    more = [say("items_more", lang, n=number(len(labels) - _MOST_NAMES, lang))] if len(labels) > _MOST_NAMES else []
    return ", ".join([*labels[:_MOST_NAMES], *more])


def _label(name: str, found: YearsComparison) -> str:
    """The name of an item, in the later pack or, where it is not there any more, in the earlier."""
    labels = (side.items.label(name) for side in reversed(found.sides))
    return next((label for label in labels if label != name), name)


def shift_name(shift: IndicatorShift, lang: Lang) -> str:
    """«Доля …: ОГЭ, 9 класс, рус»."""
    return ": ".join(part for part in (shift.label, words.cell(shift.cell, lang)) if part)


def change_amount(value: Decimal, unit: str, lang: Lang) -> str:
    """A change with its sign and unit; of per cents in percentage points."""
    said = words.amount(value, "percentage_point" if unit == "percent" else unit, lang)
    return f"+{said}" if value > 0 else said
