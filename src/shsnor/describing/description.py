"""A pack told: its items with their sentences, its documents by clause, on what basis it stands; as text, Markdown or data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shsnor.describing.sentence import Sentence
from shsnor.wording.phrases import Lang

if TYPE_CHECKING:
    from shsnor.describing.basis import BasisTable
    from shsnor.describing.clauses import DocumentCoverage

#: In the order in which a reader asks: who, by what, from what, what follows.
SECTIONS = ("flags", "clusters", "criteria", "indicators", "parameters", "measures", "peers", "tasks")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ItemDescription:
    """One item of a pack in sentences.

    sentences   what it is and when it is met; below each what it is a list of
    formula     as it is written, where it is more than a name; else ""
    value       of a parameter on the day, with its unit; "" where it has none yet
    basis       stated, derived or assumed
    origin      id of the base pack that the item comes from; "" for the pack's own
    in_force    whether it is on the day
    """

    section: str
    id: str
    label: str
    code: str
    note: str
    unit: str
    better: str
    sentences: tuple[Sentence, ...]
    formula: str
    value: str
    document: str
    document_title: str
    clause: str
    basis: str
    because: str
    override: str
    origin: str
    in_force: bool
    valid_from: str
    valid_to: str

    @property
    def anchor(self) -> str:
        """The anchor of the item in a page of the pack."""
        return f"{self.section}-{self.id}"


@dataclass(frozen=True, slots=True)
class RetiredDescription:
    """An item that the pack had once: what it was, why and since when it is gone, what stands in its place."""

    id: str
    was: str
    because: str
    since: str
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDescription:
    """A pack on a day, in one language.

    items       in the order of `SECTIONS` and of the pack, its own before those of its base; those not in force on the
                day too
    documents   its documents by their clauses
    basis       how many items the documents state, how many follow from them, how many the author chose
    """

    id: str
    title: str
    version: str
    status: str
    region: str
    extends: str
    engine: str
    valid_from: str
    valid_to: str
    as_of: str
    lang: Lang
    items: tuple[ItemDescription, ...]
    documents: tuple[DocumentCoverage, ...]
    basis: BasisTable
    retired: tuple[RetiredDescription, ...]
    changes: tuple[tuple[str, str], ...] = field(repr=False)

    def section(self, name: str) -> tuple[ItemDescription, ...]:
        """The items of a section."""
        return tuple(item for item in self.items if item.section == name)

    def find(self, item: str) -> tuple[ItemDescription, ...]:
        """The items of an id: more than one where sections of different name spaces have it."""
        return tuple(found for found in self.items if found.id == item)

    def on_clause(self, clause: str) -> tuple[ItemDescription, ...]:
        """The items that stand on a clause or on something below it."""
        from shsnor.describing.clauses import names_clause

        return tuple(item for item in self.items if names_clause(item, clause))

    def text(self, *, width: int = 100) -> str:
        """All of it as plain text, in lines of at most `width` columns."""
        from shsnor.describing.text import pack_text

        return pack_text(self, width)

    def markdown(self) -> str:
        """All of it as one page of Markdown; items and clauses are linked both ways."""
        from shsnor.describing.markdown import pack_markdown

        return pack_markdown(self)

    def data(self) -> dict[str, Any]:
        """All of it as data for JSON."""
        return {
            "pack": {
                name: getattr(self, name)
                for name in ("id", "title", "version", "status", "region", "extends", "engine", "valid_from", "valid_to", "as_of")
            },
            "items": [item_data(item, self.lang) for item in self.items],
            "documents": [document_data(document) for document in self.documents],
            "basis": self.basis.data(),
            "retired": [{name: getattr(gone, name) for name in RetiredDescription.__slots__} for gone in self.retired],
        }  # fmt: skip


def item_data(item: ItemDescription, lang: Lang) -> dict[str, Any]:
    """An item as data for JSON."""
    plain = {name: getattr(item, name) for name in ItemDescription.__slots__ if name != "sentences"}
    return plain | {"sentences": [_sentence_data(sentence, lang) for sentence in item.sentences]}


def _sentence_data(sentence: Sentence, lang: Lang) -> Mapping[str, Any]:
    own = Sentence(sentence.parts)
    return {
        "text": sentence.text(lang),
        "names": [{"section": ref.section, "id": ref.item} for ref in own.refs()],
        "below": [_sentence_data(below, lang) for below in sentence.below],
    }


def document_data(document: DocumentCoverage) -> Mapping[str, Any]:
    """A document by its clauses, as data for JSON."""

    def clauses() -> Iterator[Mapping[str, Any]]:
        for clause in document.clauses:
            items = [{"section": item.section, "id": item.id} for item in clause.items]
            yield {"clause": clause.clause, "text": clause.text, "covered": clause.covered, "items": items}

    unlisted = [clause.clause for clause in document.unlisted]
    return {
        "id": document.id, "title": document.title, "listed": document.listed, "clauses": list(clauses()),
        "unlisted": unlisted,
    }  # fmt: skip
