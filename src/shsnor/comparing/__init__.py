"""Two outcomes side by side: whose flags came, whose went, and which conditions turned. One outcome may be last year's,
another reading's, another pack's: what changed is read from the tables alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from shsnor.comparing.causes import Causes
from shsnor.comparing.changes import (
    CAUSES,
    KINDS,
    Cause,
    CauseKind,
    Change,
    Comparison,
    Kind,
    Turn,
    standing,
)
from shsnor.comparing.sides import Side, turns_between
from shsnor.outcomes import FlagRow, Outcome
from shsnor.progress import Progress, silent
from shsnor.wording.stages import COMPARING

__all__ = ["CAUSES", "KINDS", "Cause", "CauseKind", "Change", "Comparison", "Kind", "Turn", "compare"]

#: So many conditions that turned are told of one change; they are in the order of the rule.
MOST_TURNS = 3

#: So many changes are looked at together: their conditions are in memory.
_AT_ONCE = 500


def compare(
    before: Outcome,
    after: Outcome,
    *,
    flags: Iterable[str] | None = None,
    turns: bool = True,
    unchanged: bool = False,
    merged: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Whose flags differ between two outcomes, and why.

    flags       only these; default all that either outcome has
    turns       look for the conditions that turned and for the causes; False is quicker
    unchanged   tell also whose flag is raised, or unknown, on both sides
    merged      schools that became part of another: their code -> that of their successor
    progress    told of each change
    """
    sides = Side(before), Side(after)
    rows = [{(row.flag, row.level, row.entity): row for row in side.outcome.flags.rows()} for side in sides]
    wanted = set(flags) if flags is not None else None
    keys = [key for key in dict.fromkeys([*rows[1], *rows[0]]) if wanted is None or key[0] in wanted]
    order = {flag: place for place, flag in enumerate(dict.fromkeys(key[0] for key in keys))}
    pairs = [(key, rows[0].get(key), rows[1].get(key)) for key in keys]
    differing = [(key, was, now) for key, was, now in pairs if standing(was) != standing(now)]
    changes = [_change(key, was, now, sides) for key, was, now in differing]
    if turns:
        changes = list(_explained(changes, sides, merged or {}, progress))
    same = [
        _change(key, was, now, sides)
        for key, was, now in pairs
        if unchanged and standing(was) == standing(now) in ("met", "unknown")
    ]
    for found in (changes, same):
        found.sort(key=lambda c: (order[c.flag], [n or k for _, k, n in c.within], c.name or c.entity, c.entity))
    raised = {flag: (_raised(rows[0], flag), _raised(rows[1], flag)) for flag in order}
    labels = {flag: sides[1].items.label(flag, "flags") for flag in order}
    for flag in order:
        if labels[flag] == flag:
            labels[flag] = sides[0].items.label(flag, "flags")
    return Comparison(tuple(changes), raised, sides[1].items, tuple(same), labels)


def _change(
    key: tuple[str, str, str], was: FlagRow | None, now: FlagRow | None, sides: tuple[Side, Side]
) -> Change:  # fmt: skip
    flag, level, entity = key
    row = now or was
    assert row is not None
    side = sides[1] if (level, entity) in sides[1].entities else sides[0]
    name, within = side.place_of(level, entity)
    return Change(flag, row.label, level, entity, name, within, was, now)


def _explained(
    changes: list[Change], sides: tuple[Side, Side], merged: Mapping[str, str], progress: Progress
) -> Iterator[Change]:
    """The changes with the conditions that turned and the causes; entities that are neighbours are read together."""
    causes = Causes(*sides, merged)
    ordered = sorted(changes, key=lambda change: (change.level, change.entity))
    for start in range(0, len(ordered), _AT_ONCE):
        progress(COMPARING, start, len(ordered))
        part = ordered[start : start + _AT_ONCE]
        for side in sides:
            side.look_at({(change.level, change.entity) for change in part}, {change.flag for change in part})
        for change in part:
            turns = turns_between(*sides, change.level, change.entity, change.flag)
            found = causes.of(change, turns)
            beyond = all(
                cause.kind in ("roster", "decision") for cause in found
            )  # then the conditions do not explain it
            yield replace(change, turns=() if beyond else _told(turns, standing(change.after)), causes=found)


def _told(turns: list[Turn], verdict: str) -> tuple[Turn, ...]:
    """Of the conditions that turned: comparisons that both rules make; where none did, the counts and lists.

    Those that turned as the flag did come first.
    """

    def order(turn: Turn) -> tuple[bool, bool]:
        return turn.before is None, turn.after is None or turn.after.verdict != verdict

    for kinds in (("leaf", "cluster"), ("of", "quantifier"), ("all", "any", "not")):
        found = [turn for turn in turns if turn.node in kinds and (turn.both or kinds[0] != "leaf")]
        if found:
            return tuple(sorted(found, key=order)[:MOST_TURNS])
    return ()


def _raised(rows: Mapping[tuple[str, str, str], FlagRow], flag: str) -> int:
    return sum(row.verdict == "met" for key, row in rows.items() if key[0] == flag)
