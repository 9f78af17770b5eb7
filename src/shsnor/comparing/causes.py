"""What a change of a flag comes from, decided from two outcomes alone: their items, parameters, decisions and conditions.

A comparison is made again with one side's value and the other's threshold: so it is seen which of the two turned it. Where
several things changed at once and the tables cannot tell them apart, each is named.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from shsnor.comparing.changes import CAUSES, Cause, Change, Turn
from shsnor.comparing.sides import Side, items_that_differ, parameters_that_differ, same_rows
from shsnor.explaining import ExplanationNode
from shsnor.outcomes import FlagRow

_HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "at_least": operator.ge, "more_than": operator.gt, "at_most": operator.le, "less_than": operator.lt,
    "is": operator.eq,
}  # fmt: skip

_DATA = Cause("data")


class Causes:
    """The causes of changes between two outcomes.

    merged   schools that became part of another: their code -> that of their successor
    """

    def __init__(self, before: Side, after: Side, merged: Mapping[str, str]) -> None:
        self.before, self.after, self._merged = before, after, merged

    @cached_property
    def _items(self) -> frozenset[tuple[str, str]]:
        return items_that_differ(self.before, self.after)

    @cached_property
    def _parameters(self) -> frozenset[str]:
        return parameters_that_differ(self.before, self.after)

    @cached_property
    def _same_rows(self) -> bool:
        return same_rows(self.before, self.after)

    def of(self, change: Change, turns: Iterable[Turn]) -> tuple[Cause, ...]:
        """What the change comes from, in the order of `CAUSES`; never empty."""
        found = dict.fromkeys(self._of(change, list(turns)))
        merged: dict[str, dict[str, None]] = {}
        for cause in found:
            merged.setdefault(cause.kind, {}).update(dict.fromkeys(cause.names))
        return tuple(Cause(kind, tuple(merged[kind])) for kind in CAUSES if kind in merged)

    def _of(self, change: Change, turns: list[Turn]) -> Iterator[Cause]:
        key = (change.level, change.entity)
        if key not in self.before.entities:
            yield Cause("roster", ("new",))
            return
        if key not in self.after.entities:
            successor = self._merged.get(change.entity)
            yield Cause("roster", ("merged", successor) if successor else ("gone",))
            return
        roles = tuple(row.decided_by for row in (change.before, change.after) if row is not None and row.decided_by)
        if roles:
            yield Cause("decision", roles)
            if _computed(change.before) == _computed(change.after):
                return
        found = [
            cause for turn in turns if turn.node in ("leaf", "cluster") and turn.both for cause in self._leaf(turn)
        ]
        found += self._rule(change)
        yield from found or ([] if roles else self._anything(change))

    def _rule(self, change: Change) -> Iterator[Cause]:
        """Whether the rule itself says something else: its statements, not the values that they compare."""
        statements = {key for key in self._under(change.flag, "flags") & self._items if key[0] != "indicators"}
        if statements:
            yield Cause("pack", tuple(sorted(name for _, name in statements)))

    def _leaf(self, turn: Turn) -> Iterator[Cause]:
        """What turned a comparison that both rules make."""
        was, now = turn.before, turn.after
        assert was is not None and now is not None
        roles = [
            node.decided_by for node in (was, now) if node.decided_by and not node.decided_by.startswith("missing")
        ]
        if roles:
            yield Cause("decision", tuple(roles))
            return
        if was.comparison != now.comparison or was.indicator != now.indicator:
            yield Cause("pack", (now.item,))
            return
        by_value, by_threshold = _turned_by(was, now)
        if by_value:
            yield from self._value(now)
        if by_threshold:
            yield self._threshold(was, now)

    def _value(self, leaf: ExplanationNode) -> Iterator[Cause]:
        """Why a value is another: how it is computed, or the rows."""
        under = self._under(leaf.indicator)
        changed = sorted(name for _, name in under & self._items)
        parameters = sorted(name for section, name in under if section == "parameters" and name in self._parameters)
        if changed:
            yield Cause("pack", tuple(changed))
        if parameters:
            yield Cause("parameter", tuple(parameters))
        procedure = leaf.dimensions.get("procedure")
        if procedure is not None and procedure in self.before.without ^ self.after.without:
            yield Cause("parameter", ("without",))
        elif not self._same_rows:
            yield _DATA

    def _threshold(self, was: ExplanationNode, now: ExplanationNode) -> Cause:
        """Why a threshold is another: a parameter, the pack, or those with whom the entity is compared."""
        kinds = [node.threshold_from.split(" ")[0] for node in (was, now)]
        if kinds == ["parameter", "parameter"]:
            name = now.threshold_from.split(" ")[1]
            return Cause("parameter", (name,))
        if "number" in kinds or "parameter" in kinds:
            return Cause("pack", (now.item,))
        return _DATA

    def _anything(self, change: Change) -> Iterator[Cause]:
        """Where no comparison of both rules turned: all that differs and that the flag rests on."""
        under = self._under(change.flag, "flags")
        items = sorted(name for _, name in under & self._items)
        parameters = sorted(name for section, name in under if section == "parameters" and name in self._parameters)
        if items:
            yield Cause("pack", tuple(items))
        if parameters:
            yield Cause("parameter", tuple(parameters))
        if self.before.without != self.after.without:
            yield Cause("parameter", ("without",))
        if not self._same_rows or not (items or parameters or self.before.without != self.after.without):
            yield _DATA

    def _under(self, item: str, section: str = "") -> frozenset[tuple[str, str]]:
        return self.before.rests_on(item, section) | self.after.rests_on(item, section)


def _computed(row: FlagRow | None) -> str:
    """The verdict without an expert's decision."""
    if row is None:
        return "not_met"
    return row.computed or row.verdict


def _turned_by(was: ExplanationNode, now: ExplanationNode) -> tuple[bool, bool]:
    """Whether the value turned a comparison, whether its threshold did; both where only both together do."""
    same_value = (was.value, was.text, was.reason) == (now.value, now.text, now.reason)
    same_threshold = (was.threshold, was.threshold_text) == (now.threshold, now.threshold_text)
    if same_threshold or same_value:
        return not same_value or same_threshold, not same_threshold
    holds = _HOLDS.get(now.comparison)
    values = (was.value, was.threshold, now.value, now.threshold)
    if holds is None or any(value is None for value in values):
        return True, True
    before, old, after, new = (Decimal(value) for value in values if value is not None)
    wanted = now.verdict == "met"
    alone = holds(after, old) == wanted, holds(before, new) == wanted
    return alone if any(alone) else (True, True)
