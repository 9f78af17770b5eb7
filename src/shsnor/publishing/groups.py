"""Which pupils an indicator's value is about: a group, as the pack describes it.

Two figures may be told side by side only if they are about the same pupils or about pupils that have nothing in
common: else their difference is a third group, perhaps of three pupils. So each group is described, and groups are taken
one after the other, the finest first, as long as they are apart from all before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shsnor.expressions import ExpressionError, parse
from shsnor.outcomes.items import VPR
from shsnor.resolving.tables import fixed_by

#: A part of a table: for each dimension that is limited, the values that are in.
Box = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Group:
    """The rows of a table in one or more boxes; `more` is what the boxes do not say of them."""

    table: str
    boxes: tuple[tuple[tuple[str, frozenset[str]], ...], ...]
    more: str = ""

    def parts(self) -> list[Box]:
        return [dict(box) for box in self.boxes]

    def apart(self, other: Group) -> bool:
        """Whether no row can be in both."""
        return self.table != other.table or all(_apart(a, b) for a in self.parts() for b in other.parts())

    def holds(self, other: Group) -> bool:
        """Whether every row of the other is surely in this one."""
        return self.table == other.table and not self.more and all(
            any(_inside(b, a) for a in self.parts()) for b in other.parts()
        )  # fmt: skip

    def of_vpr(self) -> bool:
        """Whether rows of ВПР may be among them."""
        return any(VPR in box.get("procedure", (VPR,)) for box in self.parts())

    def order(self) -> tuple[int, int, str]:
        """The finest first."""
        return (len(self.boxes), -min(sum(len(v) == 1 for _, v in box) for box in self.boxes), repr(_plain(self)))


def _plain(group: Group) -> object:
    return [[(d, sorted(v)) for d, v in box] for box in group.boxes], group.table, group.more


def _apart(a: Box, b: Box) -> bool:
    return any(not (a[d] & b[d]) for d in a.keys() & b.keys())


def _inside(small: Box, large: Box) -> bool:
    return all(d in small and small[d] <= large[d] for d in large)


def group_of(detail: Mapping[str, Any], dimensions: Mapping[str, str], year: int) -> Group:
    """The group of an indicator's cell.

    detail      the indicator as in the pack, over rows of a table
    dimensions  the cell: dimension -> value
    year        the evaluation's
    """
    own = {d: frozenset([v]) for d, v in dimensions.items()}
    fixed, more, names = _where(str(detail.get("where", "")))
    if "year" not in own:
        years, unsure = _years(detail.get("years"), year)
        own |= {"year": years} if years else {}
        more, names = more + unsure, names | ({"year"} if unsure else set())
    boxes = set()
    for entry in detail.get("cells") or [{}]:
        box = dict(own)
        limits = [fixed, {d: frozenset(_many(v)) for d, v in entry.items() if d != "applies_to"}]
        for dim, values in ((d, v) for limit in limits for d, v in limit.items()):
            box[dim] = box[dim] & values if dim in box else values
        if all(box.values()):
            boxes.add(tuple(sorted(box.items(), key=lambda limit: limit[0])))
    ordered = sorted(boxes, key=lambda box: [(d, sorted(v)) for d, v in box])
    settled = all(
        len(dict(box).get(name, ())) == 1 for box in ordered for name in names
    )  # it held, or no row were there
    return Group(str(detail["from"]), tuple(ordered) or ((),), "" if ordered and settled else more)


def _many(values: Any) -> list[str]:
    return [str(v) for v in values] if isinstance(values, list) else [str(values)]


def _where(text: str) -> tuple[dict[str, frozenset[str]], str, frozenset[str]]:
    """What a condition leaves to each dimension; its text where it says more than that; the dimensions that it names."""
    if not text:
        return {}, "", frozenset()
    try:
        condition = parse(text)
    except ExpressionError:
        return {}, text, frozenset([text])
    parts = [condition]
    while any(part.op == "and" for part in parts):
        parts = [arg for part in parts for arg in (part.args if part.op == "and" else (part,))]
    fixed = {d: frozenset(v) for d, v in fixed_by(condition).items()}
    return fixed, "" if all(fixed_by(part) for part in parts) else text, frozenset(condition.names)


def _years(window: Mapping[str, Any] | None, year: int) -> tuple[frozenset[str], str]:
    """The years of a window, or nothing and what it says where the outcome alone cannot tell."""
    window = window or {"last": 1}
    if "last" in window:
        end = year - int(window.get("back") or 0)
        return frozenset(str(y) for y in range(end - int(window["last"]) + 1, end + 1)), ""
    if "from" in window and "to" in window:
        return frozenset(str(y) for y in range(int(window["from"]), int(window["to"]) + 1)), ""
    return frozenset(), str(sorted(window.items()))
