"""A pack in plain sentences: what its items are, when they are met, on which clause of which document they stand.

The one renderer of packs: the command `pack show`, the documentation site and reports tell a pack by it.
"""

from __future__ import annotations

from datetime import date

from shsnor.describing.basis import BasisRow, BasisTable, basis_of
from shsnor.describing.clauses import ClauseCoverage, DocumentCoverage, coverage
from shsnor.describing.description import SECTIONS, ItemDescription, PackDescription, RetiredDescription
from shsnor.describing.items import ItemSentences
from shsnor.describing.names import Names
from shsnor.describing.selecting import shown
from shsnor.describing.sentence import Ref, Sentence
from shsnor.functions import FunctionTable
from shsnor.pack import Pack, must_be_pack
from shsnor.periods import AsOf, parse_as_of
from shsnor.versions import changes_of
from shsnor.wording.phrases import Lang

__all__ = [
    "BasisRow", "BasisTable", "ClauseCoverage", "DocumentCoverage", "ItemDescription", "PackDescription", "Ref",
    "RetiredDescription", "Sentence", "describe_pack", "shown",
]  # fmt: skip


def describe_pack(
    pack: Pack,
    *,
    as_of: str | int | date | AsOf | None = None,
    lang: Lang = "ru",
    functions: FunctionTable | None = None,
) -> PackDescription:
    """The pack in plain sentences: `.text()`, `.markdown()`, `.data()`, or item by item.

    as_of       the date whose thresholds and readings are told, or a year (its 31 December); default: today
    lang        "ru" or "en"; what the pack's author wrote stays as it is
    functions   what plugins give, for what they say of themselves; default: of those installed, and the pack's own where
                it is trusted
    raises      ValueError where `as_of` is no date
    """
    must_be_pack(pack)
    when = AsOf(date.today()) if as_of is None else parse_as_of(as_of)
    if functions is None:
        from shsnor.host import find_functions  # plugins are looked for only where somebody asks

        functions = find_functions(pack)
    told = ItemSentences(Names(pack, when.date, lang, functions))
    document, head = pack.document, pack.head
    items = tuple(
        described
        for section in SECTIONS
        for described in sorted(
            (told.describe(section, name, item) for name, item in getattr(document, section).items()),
            key=lambda item: bool(item.origin),
        )
    )
    valid = head.valid
    return PackDescription(
        id=pack.id, title=head.title, version=head.version, status=head.status or "", region=head.region or "",
        extends=head.extends or "", engine=head.engine or "",
        valid_from=str(valid.from_) if valid and valid.from_ else "", valid_to=str(valid.to) if valid and valid.to else "",
        as_of=str(when.date), lang=lang, items=items, documents=coverage(pack, items), basis=basis_of(items),
        retired=tuple(
            RetiredDescription(name, gone.was, gone.because, str(gone.since or ""), gone.replaced_by or "")
            for name, gone in document.retired.items()
        ),
        changes=tuple((change.version, change.text) for change in changes_of(pack)),
    )  # fmt: skip
