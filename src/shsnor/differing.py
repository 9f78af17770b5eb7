"""What differs between two packs, or two versions of one, in the words of an order; and which schools change because of what."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from shsnor.comparing import Comparison, compare
from shsnor.describing import ItemDescription, PackDescription, describe_pack
from shsnor.errors import FindingsError
from shsnor.evaluating import Workspace
from shsnor.host import Host
from shsnor.loading import rows_file
from shsnor.models import written
from shsnor.pack import Document, Item, Pack
from shsnor.periods import AsOf
from shsnor.reading import TablesArg
from shsnor.store import Settings
from shsnor.wording.phrases import Lang

Kind = Literal["added", "removed", "changed", "reworded"]

#: What an item says beside its meaning: names, sources, notes.
_WORDS = {"label", "note", "code", "source", "override", "accept"}
#: The sections whose items decide a flag or follow from it, in the order in which a reader asks.
_SECTIONS = ("flags", "clusters", "criteria", "indicators", "parameters", "measures", "peers", "tasks")


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that one pack has and the other has not, or has otherwise.

    kind     added, removed, changed in meaning, or reworded: only its name, note or source differ
    before   what the earlier pack says of it, a line each; only the lines that differ where both have it
    after    what the later pack says
    """

    section: str
    id: str
    label: str
    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def name(self) -> str:
        """Section and id, as `criteria.low_in`."""
        return f"{self.section}.{self.id}"


@dataclass(frozen=True)
class Effects:
    """Which entities' flags differ between the two packs over the same rows, and which change does it.

    causes      (flag, level, entity) -> the changes that do it alone, by `ItemChange.name`; () where only several together do
    undecided   changes that cannot be made alone, so that nobody can tell what they do alone
    """

    comparison: Comparison
    causes: Mapping[tuple[str, str, str], tuple[str, ...]]
    undecided: tuple[str, ...]


@dataclass(frozen=True)
class PackDiff:
    """Two packs side by side; `effects` where tables were given."""

    before: PackDescription
    after: PackDescription
    changes: tuple[ItemChange, ...]
    tables: tuple[str, ...]
    effects: Effects | None = None

    def text(self) -> str:
        """The changes in plain sentences, then whom they concern; in the language asked for."""
        from shsnor.comparing.packs import diff_text

        return diff_text(self)


def diff_packs(
    before: Pack,
    after: Pack,
    tables: TablesArg | None = None,
    *,
    as_of: str | int | datetime.date | AsOf | None = None,
    lang: Lang = "ru",
    settings: Settings | Mapping[str, Any] | None = None,
    host: Host | None = None,
) -> PackDiff:
    """What differs between two packs, in the order of the later one.

    tables   rows to evaluate both on; without them nobody is named
    as_of    the date by which thresholds are told; needed where there are tables
    raises   with tables as `evaluate`; ValueError where `as_of` is no date, or lacks with tables
    """
    told = [describe_pack(pack, as_of=as_of, lang=lang) for pack in (before, after)]
    changes = tuple(_changes(before, after, *told))
    files = tuple(_tables(before, after))
    effects = None
    if tables is not None:
        if as_of is None:
            raise ValueError("diff_packs with tables needs as_of: an evaluation has a date")
        effects = _effects(before, after, changes, files, tables, as_of, settings, host)
    return PackDiff(told[0], told[1], changes, files, effects)


def _changes(
    before: Pack, after: Pack, told_before: PackDescription, told_after: PackDescription
) -> Iterator[ItemChange]:
    said = [{(i.section, i.id): i for i in told.items} for told in (told_before, told_after)]
    for section in _SECTIONS:
        was, now = (getattr(pack.document, section) for pack in (before, after))
        for name in [*now, *(n for n in was if n not in now)]:
            old, new = was.get(name), now.get(name)
            if old is not None and new is not None and written(old) == written(new):
                continue
            lines = [_lines(side.get((section, name)), told_after.lang) for side in said]
            kind: Kind = "added" if old is None else "removed" if new is None else "reworded"
            if kind == "reworded":
                kind = "changed" if _meaning(old) != _meaning(new) else "reworded"
                lines = [
                    [line for line in lines[0] if line not in lines[1]],
                    [line for line in lines[1] if line not in lines[0]],
                ]
            yield ItemChange(section, name, (new or old).label, kind, tuple(lines[0]), tuple(lines[1]))


def _meaning(item: Item | None) -> dict[str, Any]:
    return {key: value for key, value in written(item).items() if key not in _WORDS} if item is not None else {}


def _lines(item: ItemDescription | None, lang: Lang) -> list[str]:
    """What is said of an item: its name, its sentences, its formula, its source."""
    if item is None:
        return []
    lines = [item.label]
    for sentence in item.sentences:
        lines += ["  " * depth + text for depth, text in sentence.lines(lang)]
    lines += [item.formula] if item.formula else []
    lines += [item.value] if item.value else []
    lines.append(", ".join(part for part in (item.clause, item.document_title, item.basis) if part))
    lines += [item.because] if item.because else []
    lines += [item.note] if item.note else []
    return list(dict.fromkeys(lines))


def _tables(before: Pack, after: Pack) -> Iterator[str]:
    """Tables that the packs declare otherwise, or whose rows, which the packs carry, differ."""
    was, now = before.document.tables, after.document.tables
    for name in [*now, *(n for n in was if n not in now)]:
        files = [_content(pack, name) for pack in (before, after)]
        if was.get(name) != now.get(name) or files[0] != files[1]:
            yield name


def _content(pack: Pack, table: str) -> bytes | None:
    file = rows_file(pack, table)
    return file.read_bytes() if file is not None else None


def _effects(
    before: Pack, after: Pack, changes: tuple[ItemChange, ...], files: tuple[str, ...], tables: TablesArg,
    as_of: Any, settings: Settings | Mapping[str, Any] | None, host: Host | None,
) -> Effects:  # fmt: skip
    with (
        Workspace(tables, settings=settings, host=host) as workspace,
        workspace.evaluate(before, as_of=as_of) as old,
        workspace.evaluate(after, as_of=as_of) as new,
    ):
        comparison = compare(old, new)
        causes: dict[tuple[str, str, str], tuple[str, ...]] = {}
        undecided: list[str] = []
        if comparison.changes:
            usual = workspace.flags(before, as_of=as_of)
            for name, pack in _one_by_one(before, after, changes, files):
                try:
                    flags = workspace.flags(pack, as_of=as_of)
                except FindingsError:  # it means something only together with another change
                    undecided.append(name)
                    continue
                for change in comparison.changes:
                    verdict = flags.get(change.flag, {}).get(change.entity, "not_met")
                    was = usual.get(change.flag, {}).get(change.entity, "not_met")
                    now = change.after.verdict if change.after is not None else "not_met"
                    if verdict != was and verdict == now:
                        key = (change.flag, change.level, change.entity)
                        causes[key] = (*causes.get(key, ()), name)
    return Effects(comparison, causes, tuple(undecided))


def _one_by_one(
    before: Pack, after: Pack, changes: tuple[ItemChange, ...], files: tuple[str, ...]
) -> Iterator[tuple[str, Pack]]:
    """The earlier pack with one change made; what the later one adds is there too, for a change may name it."""
    added: dict[str, dict[str, Item]] = {}
    for change in changes:
        if change.kind == "added" and change.section != "flags":
            added.setdefault(change.section, {})[change.id] = getattr(after.document, change.section)[change.id]
    whole = before.document.model_copy(
        update={section: {**getattr(before.document, section), **items} for section, items in added.items()}
    )
    for change in changes:
        if change.section in ("measures", "peers", "tasks") or change.kind == "reworded":
            continue
        if change.kind == "added" and change.section != "flags":
            continue  # it does nothing before something names it
        items = dict(getattr(whole, change.section))
        if change.kind == "removed":
            items.pop(change.id, None)
        else:
            items[change.id] = getattr(after.document, change.section)[change.id]
        yield change.name, replace(before, document=whole.model_copy(update={change.section: items}))
    if files:
        sections: dict[str, Any] = {
            name: getattr(before.document, name) for name in Document.model_fields if name != "tables"
        }
        yield "tables", replace(after, document=after.document.model_copy(update=sections))
