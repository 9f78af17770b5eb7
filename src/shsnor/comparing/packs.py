"""Two packs side by side as plain text: what the order says otherwise, then whom it concerns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from shsnor.comparing.texts import comparison_text
from shsnor.wording import SECTIONS, term
from shsnor.wording.comparisons import say
from shsnor.wording.phrases import Lang, number

if TYPE_CHECKING:
    from shsnor.comparing import Change
    from shsnor.differing import Effects, ItemChange, PackDiff

_WIDTH = 98
_KINDS = ("changed", "added", "removed", "reworded")


def diff_text(diff: PackDiff) -> str:
    """The differences by kind, each item with what it said and says; then the entities that change."""
    lang = diff.after.lang
    heads = [f"{side.title} ({side.id} {side.version})" for side in (diff.before, diff.after)]
    lines = [say("packs", lang, before=heads[0], after=heads[1])]
    if not diff.changes and not diff.tables:
        lines.append(say("packs_equal", lang))
    for kind in _KINDS:
        found = [change for change in diff.changes if change.kind == kind]
        if found:
            lines += ["", say(f"items_{kind}", lang, n=number(len(found), lang))]
            lines += [line for change in found for line in _item(change, lang)]
    if diff.tables:
        lines += ["", say("tables_differ", lang, names=", ".join(diff.tables))]
    if diff.effects is not None:
        lines += ["", *_effects(diff.effects, diff, lang)]
    return "\n".join(_wrapped(line) for line in lines)


def _item(change: ItemChange, lang: Lang) -> Iterator[str]:
    section = term(change.section, lang, SECTIONS)
    yield f"  {section[:1].upper()}{section[1:]} «{change.label}» ({change.id})"
    both = change.kind in ("changed", "reworded")
    for head, lines in (("was", change.before), ("is", change.after)):
        if not lines:
            continue
        if both:
            yield f"    {say(head, lang)}:"
        yield from (f"      {line}" for line in (lines if both else lines[1:]))


def _effects(effects: Effects, diff: PackDiff, lang: Lang) -> Iterator[str]:
    labels = {change.name: f"«{change.label}» ({change.id})" for change in diff.changes}
    labels["tables"] = say("tables_differ", lang, names=", ".join(diff.tables))

    def why(change: Change) -> str:
        names = effects.causes.get((change.flag, change.level, change.entity), ())
        if not names:
            return say("together", lang)
        return say("by_change", lang, names="; ".join(labels[name] for name in names))

    several = len({name for names in effects.causes.values() for name in names}) > 1 or effects.undecided
    yield comparison_text(effects.comparison, lang, why if several else None)
    if effects.undecided:
        yield ""
        yield say("not_alone", lang, names="; ".join(labels[name] for name in effects.undecided))


def _wrapped(line: str) -> str:
    if "\n" in line:
        return line  # lines of another text, wrapped already
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(), _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )
