"""What a reader asked for of a described pack, in the form asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from shsnor.describing import text as plain
from shsnor.describing.description import (
    SECTIONS,
    ItemDescription,
    PackDescription,
    RetiredDescription,
    document_data,
    item_data,
)
from shsnor.describing.markdown import basis_lines, item_markdown, order_lines
from shsnor.errors import UsageError, nearest
from shsnor.wording import pack_pages as words


def shown(
    pack: PackDescription,
    *,
    item: str | None = None,
    section: str | None = None,
    clause: str | None = None,
    parts: Collection[str] = (),
    form: str = "text",
) -> str:
    """The part of a pack asked for, the whole pack where nothing is: as `text`, `markdown` or `json`.

    item      the id of an item, or its number in the document; of one that was taken out, what it was
    clause    the items that stand on it or below it
    parts     of `order` (clauses covered and not), `basis`, `changes`
    raises    UsageError SH869 where the pack has no such item, section or clause
    """
    if item is not None:
        return _items(pack, item, form)
    if section is not None:
        return _section(pack, section, form)
    if clause is not None:
        return _clause(pack, clause, form)
    if parts:
        return _parts(pack, parts, form)
    whole: Mapping[str, Callable[[], str]] = {
        "text": pack.text,
        "markdown": pack.markdown,
        "json": lambda: _json(pack.data()),
    }
    return whole[form]()


def _items(pack: PackDescription, name: str, form: str) -> str:
    found = [one for one in pack.items if name in (one.id, one.code)]
    gone = [one for one in pack.retired if one.id == name]
    if not found and not gone:
        known = {one.id for one in pack.items} | {one.id for one in pack.retired}
        raise _absent(pack, "item", name, known)
    if found:
        return _listed(pack, found, form)
    return _gone(pack, gone, form)


def _gone(pack: PackDescription, gone: list[RetiredDescription], form: str) -> str:
    if form == "json":
        return _json([{name: getattr(one, name) for name in RetiredDescription.__slots__} for one in gone])
    return plain.retired_text(gone, pack.lang)


def _listed(pack: PackDescription, items: Sequence[ItemDescription], form: str) -> str:
    if form == "json":
        return _json([item_data(one, pack.lang) for one in items])
    if form == "markdown":
        return "\n".join(item_markdown(one, pack) for one in items)
    return "\n\n".join(plain.item_text(one, pack) for one in items)


def _section(pack: PackDescription, name: str, form: str) -> str:
    if name not in SECTIONS:
        raise _absent(pack, "section", name, SECTIONS)
    heading = words.say(name, pack.lang)
    if form == "text":
        return plain.section_text(pack, name)
    said = _listed(pack, pack.section(name), form)
    return said if form == "json" else f"## {heading}\n\n{said}"


def _clause(pack: PackDescription, clause: str, form: str) -> str:
    items = pack.on_clause(clause)
    if not items and not plain.listed_clauses(pack, clause):
        known = [one.clause for document in pack.documents for one in (*document.clauses, *document.unlisted)]
        raise _absent(pack, "clause", clause, known)
    return plain.clause_text(pack, clause) if form == "text" else _listed(pack, items, form)


def _parts(pack: PackDescription, parts: Collection[str], form: str) -> str:
    if form == "json":
        data: dict[str, Any] = {}
        if "order" in parts:
            data["documents"] = [document_data(document) for document in pack.documents]
        if "basis" in parts:
            data["basis"] = pack.basis.data()
        if "changes" in parts:
            data["changes"] = [{"version": version, "text": text} for version, text in pack.changes]
        return _json(data)
    marked = form == "markdown"
    said: list[str] = []
    if "basis" in parts:
        said.append("\n".join(basis_lines(pack)) if marked else plain.basis_text(pack))
    if "order" in parts:
        said.append("\n".join(order_lines(pack)) if marked else plain.order_text(pack))
    if "changes" in parts:
        said.append(plain.changes_text(pack))
    return "\n\n".join(said)


def _absent(pack: PackDescription, what: str, name: str, known: Collection[str]) -> UsageError:
    listed = ", ".join(known) if what == "section" else None
    return UsageError.of("SH869", what=what, name=name, pack=pack.id, nearest=nearest(name, known), known=listed)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
