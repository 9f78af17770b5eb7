"""A pack laid over its base: what is added, replaced with a reason, or dropped with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from shsnor.errors import Findings, Place, Places, nearest
from shsnor.nodes import Source
from shsnor.pack import ITEM_SECTIONS, Document, DocumentSource, Item, Pack, Retired
from shsnor.standard import with_additions

#: Sections of one name space: an item of one may replace the base's item of another.
_SHARED = ("indicators", "criteria", "flags", "clusters")


def with_documents(document: Document, place: Callable[[str], Place], findings: Findings) -> Document:
    """The pack with the `document` of every source filled in where it may be left out: where `sources` holds one."""
    names = list(document.sources)

    def filled(source: Source, key: str) -> Source:
        if source.document is not None:
            return source
        if len(names) == 1:
            return source.model_copy(update={"document": names[0]})
        if source.clause != "?":  # a stand-in for a missing source has a finding already
            findings.add("SH210", place(key), known=names)
        return source

    changed: dict[str, Any] = {
        section: {
            name: item.model_copy(update={"source": filled(item.source, f"{section}/{name}/source")})
            for name, item in getattr(document, section).items()
        }
        for section in ITEM_SECTIONS
    }
    changed["not_held"] = [
        entry.model_copy(update={"source": filled(entry.source, f"not_held/{n}/source")})
        for n, entry in enumerate(document.not_held)
    ]
    return document.model_copy(update=changed)


def unknown_documents(own: Pack, sources: Iterable[str], findings: Findings) -> None:
    """A finding for each source of the pack's own items that names a document which neither it nor its base has."""
    named = [(f"{section}/{name}", item.source) for section, name, item in own.items()]
    named += [(f"not_held/{n}", entry.source) for n, entry in enumerate(own.document.not_held)]
    known = set(sources)
    for key, source in named:
        if source.document is not None and source.document not in known:
            place = own.place(f"{key}/source/document")
            name = source.document
            findings.add("SH211", place, name=name, nearest=nearest(name, known), known=sorted(known))


def merge(base: Pack, own: Document, places: Places, findings: Findings) -> tuple[Document, Places, dict[str, str]]:
    """The base with `own` laid over it; its places and origins, with those of what stayed from the base."""
    lost = _lost(base.document, own, places, findings)
    origin = {key: pack for key, pack in base.origin.items() if _head(key) not in lost}
    merged: dict[str, Any] = {"pack": own.pack, "format": own.format, "drop": own.drop}
    merged["retired"] = {**base.document.retired, **own.retired}
    for section in ITEM_SECTIONS:
        kept = getattr(base.document, section)
        ours: dict[str, Item] = getattr(own, section)
        stay = [name for name in kept if f"{section}/{name}" not in lost or name in ours]
        merged[section] = {**{name: kept[name] for name in stay}, **ours}
    merged["sources"] = _sources(base.document, own, places, findings)
    merged["levels"] = _levels(base.document.levels, own.levels)
    tables = dict(base.document.tables)
    for name, table in own.tables.items():
        tables[name] = with_additions(tables[name], table) if name in tables else table
    merged["tables"] = tables
    merged["not_held"] = [*base.document.not_held, *own.not_held]
    origin.update(origins(own, own.pack.id if own.pack else ""))
    return own.model_copy(update=merged), _places(base, places, lost), origin


def origins(document: Document, pack_id: str) -> dict[str, str]:
    """`section/id` -> the pack that says it; of a table with `rows` also `tables/id/rows`."""
    named = ("sources", "levels", "tables", *ITEM_SECTIONS)
    found = {f"{section}/{name}": pack_id for section in named for name in getattr(document, section)}
    found.update({f"tables/{name}/rows": pack_id for name, table in document.tables.items() if table.rows is not None})
    return found


def _lost(base: Document, own: Document, places: Mapping[str, Place], findings: Findings) -> set[str]:
    """`section/id` of the base's items that are replaced or dropped; findings where that is said wrongly."""
    lost: set[str] = set()
    known = {name for section in ITEM_SECTIONS for name in getattr(base, section)}
    for name in own.drop:
        dropped = {f"{section}/{name}" for section in ITEM_SECTIONS if name in getattr(base, section)}
        if not dropped and (gone := base.retired.get(name)) is not None:
            findings.add("SH866", _at(places, f"drop/{name}"), name=name, **_told(gone))
        elif not dropped:
            findings.add("SH214", _at(places, f"drop/{name}"), name=name, nearest=nearest(name, known))
        lost |= dropped
    for section in ITEM_SECTIONS:
        for name, item in getattr(own, section).items():
            replaced = set(_same_name(base, section, name)) - lost
            if replaced and item.override is None:
                findings.add("SH212", _at(places, f"{section}/{name}"), name=name)
            elif not replaced and item.override is not None and (gone := base.retired.get(name)) is not None:
                findings.add("SH866", _at(places, f"{section}/{name}/override"), name=name, **_told(gone))
            elif not replaced and item.override is not None:
                likely = nearest(name, _names(base, section))
                findings.add("SH213", _at(places, f"{section}/{name}/override"), name=name, nearest=likely)
            lost |= replaced
    return lost


def _told(gone: Retired) -> dict[str, Any]:
    return {"was": gone.was, "because": gone.because, "by": gone.replaced_by}


def _same_name(document: Document, section: str, name: str) -> Iterator[str]:
    for other in _SHARED if section in _SHARED else (section,):
        if name in getattr(document, other):
            yield f"{other}/{name}"


def _names(document: Document, section: str) -> set[str]:
    return {name for other in (_SHARED if section in _SHARED else (section,)) for name in getattr(document, other)}


def _sources(base: Document, own: Document, places: Mapping[str, Place], findings: Findings) -> dict[str, Any]:
    """Both packs' documents; one id for two documents would silently move the base's items to another document."""
    for name, document in own.sources.items():
        if name in base.sources and _without_clauses(base.sources[name]) != _without_clauses(document):
            findings.add("SH215", _at(places, f"sources/{name}"), name=name)
    kept = {name: document.clauses for name, document in base.sources.items() if document.clauses is not None}
    ours = {
        name: document.model_copy(update={"clauses": kept[name]})
        if document.clauses is None and name in kept
        else document
        for name, document in own.sources.items()
    }
    return {**base.sources, **ours}


def _without_clauses(document: DocumentSource) -> DocumentSource:
    """What makes it the same document: either pack may list its clauses."""
    return document.model_copy(update={"clauses": None})


def _levels(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Levels by id in the base's order; the pack's own order holds where it lists all of them."""
    return dict(own) if set(base) <= set(own) else {**base, **own}


def _places(base: Pack, own: Places, lost: Iterable[str]) -> Places:
    shift = len(base.document.not_held)
    spots = {key: spot for key, spot in base.places.spots.items() if _head(key) not in lost}
    for key, spot in own.spots.items():
        if key.startswith("not_held/"):
            section, number, *below = key.split("/")
            if number.isdigit():
                key = "/".join([section, str(int(number) + shift), *below])
        spots[key] = spot
    return Places(spots)


def _head(key: str) -> str:
    return "/".join(key.split("/", 2)[:2])


def _at(places: Mapping[str, Place], key: str) -> Place:
    return places.get(key) or Place(key=key.replace("/", "."))
