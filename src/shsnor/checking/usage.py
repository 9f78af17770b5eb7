"""What a pack says and nothing comes of: items, tables and documents that nobody uses, overrides that change nothing."""

from __future__ import annotations

from shsnor.checking.subject import Subject
from shsnor.loading import rows_file
from shsnor.pack import PUBLICATION_MINIMUM, Item, Pack
from shsnor.standard import STANDARD_TABLES, levels_of
from shsnor.terms import TableValue


def ask(subject: Subject) -> None:
    """Warnings SH801 and SH811."""
    _unused_items(subject)
    _unused_tables(subject)
    _unused_documents(subject)
    _overrides(subject)


def _unused_items(subject: Subject) -> None:
    """Criteria and parameters lead somewhere; indicators, flags, clusters and peers are results in themselves.

    So is a criterion about a whole district or region, and a row of the order with a `code`: it is reported under it.
    A text of a school says nothing by itself: it is there to be compared.
    """
    entity = subject.entity
    for section, name, item in subject.items("criteria", "parameters", "indicators"):
        term = subject.resolved.terms.get(name) if section != "parameters" else None
        if (section, name) == ("parameters", PUBLICATION_MINIMUM):
            continue  # public outputs read it
        result = term is not None and (term.level != entity or (section == "indicators" and term.kind != "text"))
        if f"{section}/{name}" not in subject.resolved.uses and item.code is None and not result:
            subject.warn("SH801", f"{section}/{name}", what=section, name=name)


def _unused_tables(subject: Subject) -> None:
    read = {term.table for term in subject.terms if isinstance(term, TableValue)}
    for level in levels_of(subject.pack).values():
        read |= {name for name in (level.table, *(level.also or ())) if name}
    for name in subject.pack.document.tables:
        if name not in read and name not in STANDARD_TABLES:
            subject.warn("SH801", f"tables/{name}", what="tables", name=name)


def _unused_documents(subject: Subject) -> None:
    """A document that no item and no row of a reference table stands on; one that lists its clauses is there for them."""
    document = subject.pack.document
    cited = {item.source.document for _, _, item in subject.pack.items()}
    cited |= {entry.source.document for entry in document.not_held}
    left = [name for name, source in document.sources.items() if name not in cited and source.clauses is None]
    rows = "".join(_text(subject.pack, name) for name in document.tables) if left else ""
    for name in left:
        if name not in rows:
            subject.warn("SH801", f"sources/{name}", what="sources", name=name)


def _text(pack: Pack, table: str) -> str:
    """The rows that a pack carries for a table, as written; "" where there are none or they cannot be read."""
    file = rows_file(pack, table)
    try:
        return file.read_text(encoding="utf-8-sig") if file is not None else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _overrides(subject: Subject) -> None:
    if subject.pack.base is None:
        return
    for section, name, item in subject.items():
        before = _of_base(subject.pack.base, section, name)
        if item.override is not None and before is not None and _said(before) == _said(item):
            subject.warn("SH811", f"{section}/{name}/override", name=name, pack=subject.pack.base.id)


def _of_base(base: Pack, section: str, name: str) -> Item | None:
    found = getattr(base.document, section).get(name)
    return found if isinstance(found, Item) else None


def _said(item: Item) -> dict[str, object]:
    return {name: value for name, value in vars(item).items() if name not in ("override", "accept")}
