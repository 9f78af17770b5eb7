"""Two outcomes side by side: whose flags came, whose went, and which conditions turned. One outcome may be last year's,
another reading's, another pack's: what changed is read from the tables alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shsnor.explaining import ExplanationNode, explain
from shsnor.explaining.sentences import turned
from shsnor.outcomes import FlagRow, Outcome
from shsnor.outcomes.items import Items
from shsnor.wording.comparisons import say
from shsnor.wording.phrases import Lang

#: How an entity's flag changed. `entered` and `left` are of a flag that is raised; `cleared` and `unsettled` of one that is not.
Kind = Literal["entered", "left", "cleared", "unsettled"]
KINDS: tuple[Kind, ...] = ("entered", "left", "unsettled", "cleared")

#: So many conditions that turned are told of one change; they are in the order of the rule.
MOST_TURNS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """A condition under a flag whose verdict differs: as it was, as it is; None on the side that has no such condition."""

    before: ExplanationNode | None
    after: ExplanationNode | None

    @property
    def both(self) -> bool:
        """Whether both rules have the condition."""
        return self.before is not None and self.after is not None

    def text(self, items: Items, lang: Lang = "ru") -> str:
        """What is said of it on either side, in one sentence."""
        said = turned(self.before, self.after, items, lang)
        if self.both:
            return said
        return f"{say('is' if self.before is None else 'was', lang)}: {said[:1].lower()}{said[1:]}"


@dataclass(frozen=True, slots=True)
class Change:
    """An entity whose flag is not what it was.

    within      what the entity lies in, the nearest first, as (level, key, name); without the top level
    turns       the conditions that turned, those of the outcome's first rows first; () where none was looked for
    decided     an expert's decision stands on one side
    """

    flag: str
    label: str
    level: str
    entity: str
    name: str
    within: tuple[tuple[str, str, str], ...]
    before: FlagRow | None
    after: FlagRow | None
    turns: tuple[Turn, ...] = ()

    @property
    def kind(self) -> Kind:
        was, now = (row.verdict if row is not None else "not_met" for row in (self.before, self.after))
        if now == "met":
            return "entered"
        if was == "met":
            return "left"
        return "unsettled" if now == "unknown" else "cleared"

    @property
    def decided(self) -> bool:
        return any(row is not None and row.decided_by for row in (self.before, self.after))

    @property
    def vpr_only(self) -> bool:
        """Whether the flag stands on ВПР alone on the side where it is raised."""
        return any(row is not None and row.verdict == "met" and row.vpr_only for row in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two outcomes.

    changes   by flag in the order of the pack, then by container and name
    raised    flag -> (how many had it before, how many have it after)
    items     names of the items of the later outcome
    """

    changes: tuple[Change, ...]
    raised: dict[str, tuple[int, int]]
    items: Items

    def of(self, flag: str, kind: Kind | None = None) -> tuple[Change, ...]:
        """The changes of one flag, perhaps of one kind."""
        return tuple(c for c in self.changes if c.flag == flag and kind in (None, c.kind))


def compare(before: Outcome, after: Outcome, *, flags: Iterable[str] | None = None, turns: bool = True) -> Comparison:
    """Whose flags differ between two outcomes, and why.

    flags   only these; default all that either outcome has
    turns   look for the conditions that turned, which costs an explanation a change
    """
    items = Items(after.items.rows())
    sides = [{(row.flag, row.level, row.entity): row for row in outcome.flags.rows()} for outcome in (before, after)]
    wanted = set(flags) if flags is not None else None
    keys = [key for key in dict.fromkeys([*sides[1], *sides[0]]) if wanted is None or key[0] in wanted]
    entities = _Entities(before, after)
    changes = []
    for key in keys:
        was, now = (side.get(key) for side in sides)
        if (was.verdict if was else "not_met") != (now.verdict if now else "not_met"):
            flag, level, entity = key
            row = now or was
            assert row is not None
            found = _turns(before, after, was, now) if turns else ()
            name, within = entities.of(level, entity)
            changes.append(Change(flag, row.label, level, entity, name, within, was, now, tuple(found)))
    order = {flag: place for place, flag in enumerate(dict.fromkeys(key[0] for key in keys))}
    changes.sort(
        key=lambda c: (order[c.flag], [name or key for _, key, name in c.within], c.name or c.entity, c.entity)
    )
    raised = {
        flag: (
            sum(row.verdict == "met" for key, row in sides[0].items() if key[0] == flag),
            sum(row.verdict == "met" for key, row in sides[1].items() if key[0] == flag),
        )
        for flag in order
    }
    return Comparison(tuple(changes), raised, items)


class _Entities:
    """Names of entities and what they lie in, of either outcome."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.rows = {(row.level, row.entity): row for outcome in outcomes for row in outcome.entities.rows()}

    def of(self, level: str, entity: str) -> tuple[str, tuple[tuple[str, str, str], ...]]:
        row = self.rows.get((level, entity))
        name, within = row.name if row is not None else "", []
        while row is not None and row.parent_level:
            row = self.rows.get((row.parent_level, row.parent))
            if row is not None and row.parent_level:
                within.append((row.level, row.entity, row.name))
        return name, tuple(within)


def _turns(before: Outcome, after: Outcome, was: FlagRow | None, now: FlagRow | None) -> Iterator[Turn]:
    """The conditions under a flag that turned: comparisons that both rules make; where none did, the counts and lists."""
    sides = [_nodes(outcome, row) if row is not None else {} for outcome, row in ((before, was), (after, now))]
    keys = list(dict.fromkeys([*sides[1], *sides[0]]))
    turned = [Turn(sides[0].get(key), sides[1].get(key)) for key in keys]
    turned = [turn for turn in turned if _verdict(turn.before) != _verdict(turn.after)]
    for kinds in (("leaf", "cluster"), ("of", "quantifier"), ("all", "any", "not")):
        found = [turn for turn in turned if _kind(turn) in kinds and (turn.both or kinds[0] != "leaf")]
        if found:
            yield from sorted(found, key=lambda turn: turn.before is None)[:MOST_TURNS]
            return


def _kind(turn: Turn) -> str:
    node = turn.after or turn.before
    return node.node if node is not None else ""


def _verdict(node: ExplanationNode | None) -> str | None:
    return node.verdict if node is not None else None


def _nodes(outcome: Outcome, row: FlagRow) -> dict[tuple[str, ...], ExplanationNode]:
    """(item, path, dimensions) -> node, of all that the flag's rule rests on."""
    found: dict[tuple[str, ...], ExplanationNode] = {}
    for flag in explain(outcome, row.entity, row.flag).flags:
        for root in flag.rule:
            for node in root.walk():
                if node.node != "item":
                    found.setdefault((node.item, node.path, json.dumps(node.dimensions, sort_keys=True)), node)
    return found
