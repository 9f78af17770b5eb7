"""What differs between two outcomes, as plain text: flag by flag, municipality by municipality."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping

from shsnor.comparing import KINDS, Change, Comparison, Kind
from shsnor.outcomes.items import Items
from shsnor.wording import explanations as words
from shsnor.wording.comparisons import say
from shsnor.wording.phrases import Lang, number

_WIDTH = 98


def what_if_text(parameters: Mapping[str, tuple[str, str]], comparison: Comparison, lang: Lang) -> str:
    """The parameters that were changed, then `comparison_text`."""
    head = []
    for name, (before, after) in parameters.items():
        row = comparison.items.get(name, "parameters")
        label, unit = (row.label, row.unit) if row is not None else (name, "")
        shown = {"before": amount(before, unit, lang), "after": amount(after, unit, lang)}
        head.append(say("changed", lang, label=label, id=name, **shown))
    return "\n".join([*head, "", comparison_text(comparison, lang)])


#: What is told of a change beside its conditions.
Why = Callable[[Change], str]


def comparison_text(comparison: Comparison, lang: Lang, why: Why | None = None) -> str:
    """Who came and who went, each with the conditions that turned, and what `why` says of it."""
    if not comparison.changes:
        return say("same", lang)
    lines = []
    for flag in comparison.raised:
        if comparison.of(flag):
            lines += [*flag_lines(comparison, flag, lang, why), ""]
    lines += [say("list", lang)]
    if any(comparison.items.rests_on_vpr(change.flag, "flags") for change in comparison.changes):
        lines += [words.say("vpr_limit", lang)]
    return "\n".join(_wrapped(line) for line in lines)


def flag_lines(
    comparison: Comparison, flag: str, lang: Lang, why: Why | None = None, *,
    most_turns: int | None = None, counted: tuple[Kind, ...] = (),
) -> Iterator[str]:  # fmt: skip
    """Who came and who went of one flag that has changes, municipality by municipality.

    most_turns   so many conditions are told of one change; default all that were found
    counted      kinds of which only the number is told
    """
    changes = comparison.of(flag)
    before, after = comparison.raised[flag]
    yield say("flag", lang, label=changes[0].label, before=number(before, lang), after=number(after, lang))
    for kind in KINDS:
        of_kind = comparison.of(flag, kind)
        if not of_kind:
            continue
        yield "  " + say(kind, lang, n=number(len(of_kind), lang))
        if kind in counted:
            continue
        places: dict[str, list[Change]] = {}
        for change in of_kind:
            places.setdefault(change.place or say("everywhere", lang), []).append(change)
        for place, there in places.items():
            yield f"    {place}: {number(len(there), lang)}"
            for change in there:
                yield from (f"      {line}" for line in _change(change, comparison.items, lang, most_turns))
                if why is not None:
                    yield f"        = {why(change)}"


def _change(change: Change, items: Items, lang: Lang, most_turns: int | None) -> Iterator[str]:
    notes = [say(note, lang) for note, there in (("decided", change.decided), ("vpr", change.vpr_only)) if there]
    yield " ".join([f"{change.name} ({change.entity})" if change.name else change.entity, *notes])
    for turn in change.turns[:most_turns]:
        yield f"  – {turn.text(items, lang)}"
    if not change.turns and not {cause.kind for cause in change.causes} & {"roster", "decision"}:
        yield f"  – {say('no_turn', lang)}"


def amount(text: str, unit: str, lang: Lang) -> str:
    from shsnor.wording import quantity

    try:
        return quantity(text, unit, lang)
    except ArithmeticError:
        return words.quoted(text, lang)


def _wrapped(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(), _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )
