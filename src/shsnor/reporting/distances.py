"""How far a value is from its threshold, and what learning would carry it over: exact, or not said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shsnor.explaining import ExplanationNode
from shsnor.outcomes.items import Items

_PLACES = Decimal("1E-9")
_BELOW = {"below_minimum", "mark_2", "coalesce(below_minimum,mark_2)"}

#: What a share counts (its formula's numerator, without spaces) -> what pupils do where it gets better.
_LEARNING = {
    **dict.fromkeys(_BELOW, "minimum"),
    **{f"participants-{below}": "minimum" for below in _BELOW},
    "mark_3+mark_4+mark_5": "minimum",
    "mark_4+mark_5": "good_marks",
}
_SHARE = re.compile(r"(?:(?P<scale>100(?:\.0+)?)\*)?sum\((?P<counted>.+)\)/sum\(participants\)")

#: A cell that has these is one work of one year: each participant is one pupil.
_ONE_WORK = {"procedure", "grade", "subject", "year"}


@dataclass(frozen=True, slots=True)
class Distance:
    """From a value to the threshold it is compared with.

    kind       trouble: the condition asks for something bad; goal: for something good; "": the pack does not say
    gap        how far the value is from the threshold, in the indicator's unit
    margin     the school stands on the good side: the gap is what it has in hand
    moves      the threshold is a statistic of schools, so that it moves with them
    pupils     so many pupils more carry the value over the threshold; None: that cannot be said exactly
    learning   what they do: minimum, good_marks
    after      the value then
    numerator  and its numerator
    """

    kind: str
    gap: Decimal
    margin: bool
    moves: bool
    pupils: int | None = None
    learning: str = ""
    after: Decimal | None = None
    numerator: Decimal | None = None


def kind_of(node: ExplanationNode, items: Items) -> str:
    """Whether a comparison asks for something bad (trouble) or good (goal); "" where the pack does not say."""
    better = _written(items, node.indicator).get("better") or items.node(node.indicator, "").get("better")
    if better not in ("higher", "lower") or node.comparison not in ("at_least", "more_than", "at_most", "less_than"):
        return ""
    wants_more = node.comparison in ("at_least", "more_than")
    return "goal" if wants_more == (better == "higher") else "trouble"


def distance(node: ExplanationNode, items: Items) -> Distance | None:
    """The distance of a leaf's value to its threshold; None where one of them is not there or no direction is known."""
    kind = kind_of(node, items)
    if node.value is None or node.threshold is None or not kind or node.verdict not in ("met", "not_met"):
        return None
    moves = node.threshold_from not in ("number", "") and not node.threshold_from.startswith("parameter ")
    good = node.verdict == ("met" if kind == "goal" else "not_met")
    found = Distance(kind, abs(node.value - node.threshold), good, moves)
    if good or moves or node.computed or node.decided_by:
        return found
    return _in_pupils(node, _written(items, node.indicator), found)


def holds(comparison: str, value: Decimal, threshold: Decimal) -> bool:
    """Whether a comparison of the format is true."""
    return {
        "at_least": value >= threshold,
        "more_than": value > threshold,
        "at_most": value <= threshold,
        "less_than": value < threshold,
    }[comparison]


def _in_pupils(node: ExplanationNode, written: dict[str, Any], found: Distance) -> Distance:
    """The distance with the smallest number of pupils that turns the comparison, where each participant is a pupil."""
    share = _SHARE.fullmatch(re.sub(r"\s+", "", str(written.get("value", ""))))
    of, had = node.denominator, node.numerator
    if share is None or share["counted"] not in _LEARNING or not set(node.dimensions) >= _ONE_WORK:
        return found
    if of is None or had is None or node.participants is None or of != node.participants or node.threshold is None:
        return found
    step = -1 if share["counted"] in _BELOW else 1
    for pupils in range(1, int(had if step < 0 else of - had) + 1):
        after = _value(Decimal(share["scale"] or 1) * (had + step * pupils), of, written.get("round"))
        if holds(node.comparison, after, node.threshold) == (found.kind == "goal"):
            return Distance(
                found.kind, found.gap, found.margin, found.moves,
                pupils, _LEARNING[share["counted"]], after, had + step * pupils,
            )  # fmt: skip
    return found


def _value(numerator: Decimal, denominator: Decimal, digits: Any) -> Decimal:
    """As the engine keeps it: nine places, half up, then rounded as the indicator says."""
    kept = (numerator / denominator).quantize(_PLACES, ROUND_HALF_UP)
    return kept if digits is None else kept.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)


def _written(items: Items, indicator: str) -> dict[str, Any]:
    """What the pack says of the indicator; of one that only repeats another, what it says of that."""
    seen: set[str] = set()
    written = items.node(indicator, "")
    while "from" not in written and (name := str(written.get("value", "")).strip('"')) not in seen:
        seen.add(name)
        if items.get(name, "indicators") is None or written.get("over") or written.get("among"):
            break
        written = items.node(name, "")
    return written
