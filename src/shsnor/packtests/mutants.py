"""Small changes of a pack, each of which some case should notice: thresholds moved, comparisons flipped, conditions dropped.

A threshold moves by one in the last digit that is written: 30 to 29 and 31, 3.5 to 3.4 and 3.6. That is the smallest step
the author could have meant, whatever the unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from shsnor.errors import Place
from shsnor.pack import Item, Pack, as_number
from shsnor.packtests.references import Written

Kind = Literal["threshold", "comparison", "negated", "dropped", "met_in", "missing", "swapped"]
Path = tuple[str | int, ...]

#: Sections whose items decide something, and parameters, whose values are thresholds.
SECTIONS = ("parameters", "indicators", "criteria", "flags", "clusters", "peers", "measures")

_FLIPS = {
    "at_least": ("more_than", "less_than"),
    "more_than": ("at_least", "at_most"),
    "at_most": ("less_than", "more_than"),
    "less_than": ("at_most", "at_least"),
}
_LEAF = ("indicator", *_FLIPS, "is", "is_in", "known", "missing")
_NODE = (*_LEAF, "criterion", "over", "years", "met_in", "all", "any", "of", "not", "cluster", "choose", "options")
_GONE = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of one item.

    path      where in the item, as `all/0/at_least`
    before    what stands there; after: what stood there instead, "" where it was dropped
    written   the whole item, changed, as in the YAML
    place     in the pack's file
    """

    section: str
    item: str
    path: str
    kind: Kind
    before: str
    after: str
    written: Written
    place: Place

    @property
    def id(self) -> str:
        """What an author who accepts this change writes: the same as long as the item says the same at that place."""
        there = f"{self.item}/{self.path}" if self.path else self.item
        return f"{there}: {self.before} → {self.after or '-'}"


@dataclass(frozen=True, slots=True)
class _Change:
    path: Path
    kind: Kind
    before: str
    after: str
    at: Path
    value: Any


def mutants_of(pack: Pack) -> list[Mutant]:
    """Every change of the pack's own items, in the order of the pack; those of the pack that it extends are its own affair."""
    found = []
    for section in SECTIONS:
        for name, item in getattr(pack.document, section).items():
            if pack.origin.get(f"{section}/{name}", pack.id) == pack.id:
                found += list(_of_item(pack, section, name, item))
    return found


def written_of(item: Item) -> Written:
    """An item as in the YAML."""
    return item.model_dump(by_alias=True, exclude_unset=True)


def _of_item(pack: Pack, section: str, name: str, item: Item) -> Iterator[Mutant]:
    written = written_of(item)
    for change in _CHANGES[section](written):
        path = "/".join(map(str, change.path))
        yield Mutant(
            section=section, item=name, path=path, kind=change.kind, before=change.before, after=change.after,
            written=_changed(written, change.at, change.value), place=pack.place(f"{section}/{name}/{path}".rstrip("/")),
        )  # fmt: skip


def _changed(value: Any, at: Path, new: Any) -> Any:
    """A copy of `value` with something else at a place, or without what is there."""
    if not at:
        return new
    first, rest = at[0], at[1:]
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    if not rest and new is _GONE:
        del copy[first]
    else:
        copy[first] = _changed(copy[first], rest, new)
    return copy


# --- numbers ---------------------------------------------------------------


def _moved(text: Any, path: Path, kind: Kind = "threshold", least: int | None = None) -> Iterator[_Change]:
    """A number one step down and one step up; nothing for a text that is none."""
    number = as_number(str(text))
    if number is None or isinstance(text, bool):
        return
    exponent = number.as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
    for new in (number - step, number + step):
        if least is None or new >= least:
            shown = f"{new:f}"
            yield _Change(path, kind, str(text), shown, path, int(new) if isinstance(text, int) else shown)


def _parameter(written: Written) -> Iterator[_Change]:
    for since, value in written["values"].items():
        yield from _moved(value, ("values", since))


# --- nodes -----------------------------------------------------------------


def _node(node: Any, path: Path) -> Iterator[_Change]:
    """Changes inside a node and, where it has `applies_to`, of whom it is about; an id has none."""
    if not isinstance(node, dict):
        return
    yield from _applies(node, path)
    for comparison in _FLIPS:
        if comparison in node:
            yield from _comparison(node, comparison, path)
    yield from _equality(node, path)
    if "missing" in node:
        at = (*path, "missing")
        yield _Change(at, "missing", node["missing"], "", at, _GONE)
    if "met_in" in node:
        yield from _met_in(node["met_in"], (*path, "met_in"))
    if "not" in node:
        at = (*path, "not")
        inner = {**_rest(node), "all": [node["not"]]}
        yield _Change(at, "dropped", "not", "", path, inner)
        yield from _node(node["not"], at)
    if "criterion" in node:
        yield from _node(node["criterion"], (*path, "criterion"))
    for key in ("all", "any", "of"):
        yield from _list(node.get(key), (*path, key))
    for name, option in (node.get("options") or {}).items():
        yield from _node(option, (*path, "options", name))


def _applies(node: Written, path: Path) -> Iterator[_Change]:
    if "applies_to" in node:
        at = (*path, "applies_to")
        yield _Change(at, "dropped", f"applies_to {_short(node['applies_to'])}", "", at, _GONE)
        yield from _node(node["applies_to"], at)


def _comparison(node: Written, comparison: str, path: Path) -> Iterator[_Change]:
    operand, at = node[comparison], (*path, comparison)
    for other in _FLIPS[comparison]:
        new = {other if key == comparison else key: value for key, value in node.items()}
        yield _Change(at, "comparison", comparison, other, path, new)
    if isinstance(operand, dict):
        yield from _indicator(operand, at)
    elif not operand.startswith("$"):
        yield from _moved(operand, at)


def _equality(node: Written, path: Path) -> Iterator[_Change]:
    """`is`, `is_in` and `known`, of an indicator or a cluster, turned round; of a list each value left out."""
    key = next((k for k in ("is", "is_in", "known") if k in node), None)
    if key is None:
        return
    at = (*path, key)
    leaf = {k: v for k, v in node.items() if k in (*_LEAF, "cluster")}
    around = {k: v for k, v in node.items() if k not in leaf and k in _NODE}
    new = {"criterion": {"not": leaf}, **around} if around else {"not": leaf}
    yield _Change(at, "negated", f"{key} {_short(node[key])}", f"not {key}", path, {**_rest(node), **new})
    if key == "is_in" and len(node[key]) > 1:
        for i, value in enumerate(node[key]):
            yield _Change((*at, i), "dropped", str(value), "", (*at, i), _GONE)


def _rest(node: Written) -> Written:
    """What an item says beside its condition."""
    return {key: value for key, value in node.items() if key not in _NODE}


def _met_in(met_in: Any, at: Path) -> Iterator[_Change]:
    if isinstance(met_in, str):
        other = "any" if met_in == "every" else "every"
        yield _Change(at, "met_in", met_in, other, at, other)
        return
    for key, number in met_in.items():
        yield from _moved(number, (*at, key), "met_in")


def _list(parts: Any, at: Path) -> Iterator[_Change]:
    if isinstance(parts, dict):  # weights
        for name, weight in parts.items():
            if len(parts) > 1:
                yield _Change((*at, name), "dropped", name, "", (*at, name), _GONE)
            yield from _moved(weight, (*at, name))
        return
    for i, part in enumerate(parts or ()):
        if len(parts) > 1:
            yield _Change((*at, i), "dropped", _short(part), "", (*at, i), _GONE)
        yield from _node(part, (*at, i))


def _short(node: Any) -> str:
    """A condition in a few words: its id, or the keys and values that make it."""
    if isinstance(node, dict):
        parts = [f"{key} {_short(value)}" for key, value in node.items() if key in _NODE]
        return ", ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:2])} …"
    if isinstance(node, bool):
        return str(node).lower()
    return f"[{', '.join(map(_short, node))}]" if isinstance(node, list) else str(node)


# --- items -----------------------------------------------------------------


def _indicator(written: Any, path: Path = ()) -> Iterator[_Change]:
    if not isinstance(written, dict):
        return
    yield from _applies(written, path)
    for column, least in (written.get("minimum") or {}).items():
        yield from _moved(least, (*path, "minimum", column))
    if "at_least_known" in written:
        least = 2 if written.get("combine") in ("change", "slope") else 1  # these want two anyway
        yield from _moved(written["at_least_known"], (*path, "at_least_known"), least=least)
    if isinstance(written.get("combine"), dict):
        for key, border in written["combine"].items():
            yield from _moved(border, (*path, "combine", key))
    if isinstance(written.get("among"), dict):
        yield from _group(written["among"], (*path, "among"))
    for i, entry in enumerate(written.get("cells") or ()):
        yield from _applies(entry, (*path, "cells", i))
    for name, option in (written.get("options") or {}).items():
        yield from _indicator(option, (*path, "options", name))


def _group(group: Written, path: Path) -> Iterator[_Change]:
    if "meeting" in group:
        at = (*path, "meeting")
        yield _Change(at, "dropped", f"meeting {_short(group['meeting'])}", "", at, _GONE)
        yield from _node(group["meeting"], at)
    if group.get("without_self"):
        at = (*path, "without_self")
        yield _Change(at, "dropped", "without_self", "", at, _GONE)
    for i, name in enumerate(group.get("same") or ()):
        if len(group["same"]) > 1:
            yield _Change((*path, "same", i), "dropped", name, "", (*path, "same", i), _GONE)


def _criterion(written: Written) -> Iterator[_Change]:
    yield from _node(written, ())


def _flag(written: Written) -> Iterator[_Change]:
    yield from _applies(written, ())
    yield from _node(written["when"], ("when",))


def _cluster(written: Written) -> Iterator[_Change]:
    rows = written.get("first_match") or []
    conditions = [i for i, row in enumerate(rows) if "when" in row]
    for i in conditions:
        at: Path = ("first_match", i)
        if len(conditions) > 1:
            yield _Change(at, "dropped", rows[i]["id"], "", at, _GONE)
        if i + 1 in conditions:
            swapped = [*rows[:i], rows[i + 1], rows[i], *rows[i + 2 :]]
            yield _Change(at, "swapped", rows[i]["id"], rows[i + 1]["id"], ("first_match",), swapped)
        yield from _node(rows[i]["when"], (*at, "when"))


def _peers(written: Written) -> Iterator[_Change]:
    for key in ("for", "meeting"):
        if key in written:
            yield _Change((key,), "dropped", f"{key} {_short(written[key])}", "", (key,), _GONE)
            yield from _node(written[key], (key,))


def _measure(written: Written) -> Iterator[_Change]:
    if "when" in written:
        yield _Change(("when",), "dropped", f"when {_short(written['when'])}", "", ("when",), _GONE)
        yield from _node(written["when"], ("when",))


_CHANGES = {
    "parameters": _parameter, "indicators": _indicator, "criteria": _criterion, "flags": _flag, "clusters": _cluster,
    "peers": _peers, "measures": _measure,
}  # fmt: skip
