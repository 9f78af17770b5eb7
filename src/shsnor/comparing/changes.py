"""What differs between the flags of two outcomes, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from shsnor.explaining import ExplanationNode
from shsnor.explaining.sentences import turned
from shsnor.outcomes import FlagRow
from shsnor.outcomes.items import Items
from shsnor.wording.comparisons import say
from shsnor.wording.explanations import is_vacant
from shsnor.wording.phrases import Lang

#: How an entity's flag changed. `entered` and `left` are of a flag that is raised; `cleared` and `unsettled` of one that is
#: not known: what is missing now does not take an entity off the list as one that is well.
Kind = Literal["entered", "left", "cleared", "unsettled"]
KINDS: tuple[Kind, ...] = ("entered", "left", "unsettled", "cleared")

#: What a change comes from: the entity is new or gone; an expert decided; a parameter has another value; the pack says
#: otherwise; a value is another.
CauseKind = Literal["roster", "decision", "parameter", "pack", "data"]
CAUSES: tuple[CauseKind, ...] = ("roster", "decision", "parameter", "pack", "data")


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that a change comes from.

    names   of `roster`: `new`, `gone`, or `merged` and the code of the successor; of `decision` the role; of `parameter`
            and `pack` ids of items; of `data` none: the turns say which values
    """

    kind: CauseKind
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A condition under a flag whose verdict differs: as it was, as it is; None on the side that has no such condition."""

    before: ExplanationNode | None
    after: ExplanationNode | None

    @property
    def both(self) -> bool:
        """Whether both rules have the condition."""
        return self.before is not None and self.after is not None

    @property
    def node(self) -> str:
        """The kind of the condition."""
        found = self.after or self.before
        return found.node if found is not None else ""

    def text(self, items: Items, lang: Lang = "ru") -> str:
        """What is said of it on either side, in one sentence."""
        said = turned(self.before, self._with_years(), items, lang)
        if self.both:
            return said
        return f"{say('is' if self.before is None else 'was', lang)}: {said[:1].lower()}{said[1:]}"

    def _with_years(self) -> ExplanationNode | None:
        """The condition as it is; where it is of another year than it was, with both years."""
        was, now = (node.dimensions.get("year") if node is not None else None for node in (self.before, self.after))
        if self.after is None or was is None or now is None or was == now:
            return self.after
        return replace(self.after, dimensions={**self.after.dimensions, "year": f"{was} → {now}"})


@dataclass(frozen=True, slots=True)
class Change:
    """An entity whose flag is not what it was; or, in `Comparison.unchanged`, still raised or still unknown.

    within      what the entity lies in, the nearest first, as (level, key, name); without the top level
    turns       the conditions that turned, those of the outcome's first rows first; () where none was looked for
    causes      in the order of `CAUSES`; () where none was looked for
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
    causes: tuple[Cause, ...] = ()

    @property
    def kind(self) -> Kind:
        was, now = standing(self.before), standing(self.after)
        if now == "met":
            return "entered"
        if now == "unknown":
            return "unsettled"
        return "left" if was == "met" else "cleared"

    @property
    def decided(self) -> bool:
        """Whether an expert's decision stands on one side."""
        return any(row is not None and row.decided_by for row in (self.before, self.after))

    @property
    def vpr_only(self) -> bool:
        """Whether the flag stands on ВПР alone on the side where it is raised."""
        return any(row is not None and row.verdict == "met" and row.vpr_only for row in (self.before, self.after))

    @property
    def place(self) -> str:
        """The name of what the entity lies in; "" where it lies in nothing."""
        return (self.within[0][2] or self.within[0][1]) if self.within else ""


def standing(row: FlagRow | None) -> str:
    """met, not_met or unknown: a flag that does not apply to an entity is one that it does not have."""
    if row is None or (row.verdict == "unknown" and is_vacant(row.reason)):
        return "not_met"
    return row.verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two outcomes.

    changes     by flag in the order of the pack, then by container and name
    raised      flag -> (how many had it before, how many have it after)
    items       names of the items of the later outcome
    unchanged   of those asked for: entities whose flag is raised, or unknown, on both sides
    labels      flag -> its name
    """

    changes: tuple[Change, ...]
    raised: dict[str, tuple[int, int]]
    items: Items
    unchanged: tuple[Change, ...] = ()
    labels: dict[str, str] | None = None

    def of(self, flag: str, kind: Kind | None = None) -> tuple[Change, ...]:
        """The changes of one flag, perhaps of one kind."""
        return tuple(c for c in self.changes if c.flag == flag and kind in (None, c.kind))

    def still(self, flag: str, verdict: Literal["met", "unknown"]) -> tuple[Change, ...]:
        """Those whose flag was and is raised, or was and is unknown."""
        return tuple(c for c in self.unchanged if c.flag == flag and standing(c.after) == verdict)
