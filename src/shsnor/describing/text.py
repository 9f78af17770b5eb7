"""A described pack as plain text, in lines that are not too long."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from shsnor.describing.clauses import ClauseCoverage, DocumentCoverage
from shsnor.describing.description import SECTIONS, ItemDescription, PackDescription, RetiredDescription
from shsnor.describing.sentence import Sentence
from shsnor.wording import pack_pages as words
from shsnor.wording.explanations import date, quoted
from shsnor.wording.phrases import Lang
from shsnor.wording.terms import BASIS, term
from shsnor.wording.terms import SECTIONS as SECTION_WORDS

WIDTH = 100


def pack_text(pack: PackDescription, width: int = WIDTH) -> str:
    """Head, every section, what was taken out."""
    parts = [head_text(pack, width), *(section_text(pack, name, width) for name in SECTIONS if pack.section(name))]
    if pack.retired:
        parts.append(retired_text(pack.retired, pack.lang, width))
    return "\n\n".join(parts) + "\n"


def head_text(pack: PackDescription, width: int = WIDTH) -> str:
    """Title, version, dates, and on what basis the pack stands."""
    return "\n".join(wrapped(line, width) for line in head_lines(pack))


def head_lines(pack: PackDescription) -> Iterator[str]:
    """What the head says, a line a thing."""
    lang = pack.lang
    yield pack.title
    yield words.say("version", lang, id=pack.id, version=pack.version)
    if pack.region:
        yield words.say("region", lang, region=pack.region)
    status = [words.say({"retired": "retired_pack"}.get(pack.status, pack.status), lang)] if pack.status else []
    dates = [
        words.say(key, lang, date=date(value, lang))
        for key, value in (("valid_from", pack.valid_from), ("valid_to", pack.valid_to))
        if value
    ]
    if said := ", ".join([*status, *dates]):
        yield said[0].upper() + said[1:]
    if pack.engine:
        yield words.say("engine", lang, engine=pack.engine)
    if pack.extends:
        yield words.say("extends", lang, pack=pack.extends)
    yield words.say("on_date", lang, date=date(pack.as_of, lang))
    total = pack.basis.total
    if total.all:
        counts = {basis: getattr(total, basis) for basis in ("all", "stated", "derived", "assumed")}
        shares = {f"{basis}_share": total.share(basis) for basis in ("stated", "derived", "assumed")}
        yield words.say("basis_short", lang, **counts, **shares)


def section_text(pack: PackDescription, section: str, width: int = WIDTH) -> str:
    """A section with its heading and every item."""
    items = [item_text(item, pack, width) for item in pack.section(section)]
    return "\n\n".join([_heading(words.say(section, pack.lang)), *items])


def item_text(item: ItemDescription, pack: PackDescription, width: int = WIDTH) -> str:
    """One item: what it is called, what it is, on what it stands."""
    code = words.say("code", pack.lang, code=item.code) if item.code and item.code != item.id else ""
    called = ", ".join(part for part in (item.id, code) if part)
    lines = [wrapped(f"{item.label} ({called})", width)]
    for sentence in item.sentences:
        lines += sentence_lines(sentence, pack.lang, width)
    lines += [wrapped(line, width, "  ") for line in item_details(item, pack)]
    return "\n".join(lines)


def sentence_lines(sentence: Sentence, lang: Lang, width: int) -> Iterator[str]:
    """A sentence and all below it, each level set in and with a dash."""
    for depth, text in sentence.lines(lang):
        yield wrapped(("— " if depth else "") + text, width, "  " * (depth + 1))


def item_details(item: ItemDescription, pack: PackDescription) -> Iterator[str]:
    """What is said of an item beside what it is: dates, formula, unit, source, reasons, notes."""
    lang = pack.lang
    if not item.in_force:
        yield words.say("not_in_force", lang, date=date(pack.as_of, lang))
    for key, day in (("valid_from", item.valid_from), ("valid_to", item.valid_to)):
        if day:
            said = words.say(key, lang, date=date(day, lang))
            yield said[0].upper() + said[1:]
    if item.formula:
        yield words.say("formula", lang, text=item.formula)
    if item.unit:
        yield words.unit(item.unit, item.better, lang)
    yield words.say("source", lang, where=where(item, lang), basis=term(item.basis, lang, BASIS))
    for key, value in (("because", item.because), ("note", item.note)):
        if value:
            yield words.say(key, lang, **{key: value})
    if item.override:
        yield words.say("override", lang, reason=item.override)
    if item.origin:
        yield words.say("origin", lang, pack=item.origin)


def where(item: ItemDescription, lang: Lang) -> str:
    """«пункт 1.1, «Приказ № 12»»."""
    document = quoted(item.document_title, lang) if item.document_title else ""
    return ", ".join(part for part in (words.clause(item.clause, lang), document) if part)


def basis_text(pack: PackDescription, width: int = WIDTH) -> str:
    """How much the documents state, derive, leave to the author; and all that the author chose."""
    lang, table = pack.lang, pack.basis
    lines = [
        _heading(words.say("basis_title", lang)),
        *columns(basis_rows(pack)),
        wrapped(words.say("basis_key", lang), width),
    ]
    lines += ["", _heading(words.say("assumed_title", lang))]
    if not table.assumed:
        lines.append(words.say("assumed_none", lang))
    for item in table.assumed:
        lines.append(wrapped(f"{_called(item, lang)}: {item.label}", width))
        lines.append(wrapped(item.because, width, "  "))
    return "\n".join(lines)


def basis_rows(pack: PackDescription) -> list[tuple[str, ...]]:
    """The table of basis, its heading first."""
    lang, table = pack.lang, pack.basis
    heads = ("basis_section", "basis_stated", "basis_derived", "basis_assumed", "basis_all")
    rows = [tuple(words.say(key, lang) for key in heads)]
    named = [
        (row, words.say(row.section, lang) if row.section else words.say("basis_total", lang)) for row in table.rows
    ]
    if table.inherited is not None:
        named.append((table.inherited, words.say("basis_inherited", lang, pack=pack.extends)))
    for row, name in named:
        shares = [f"{getattr(row, basis)} ({row.share(basis)}\u00a0%)" for basis in ("stated", "derived", "assumed")]
        rows.append((name, *shares, str(row.all)))
    return rows


def columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows set under one another: the first column to the left, the others to the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(
            cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        )


def order_text(pack: PackDescription, width: int = WIDTH) -> str:
    """The clauses of each document: those the pack covers, by which items, and those it leaves out."""
    shown = [document for document in pack.documents if document.own]
    parts = [_document_text(document, pack.lang, width) for document in shown]
    others = [document.title for document in pack.documents if document not in shown]
    if others:
        titles = "; ".join(others)
        parts.append(wrapped(words.say("order_others", pack.lang, titles=titles), width))
    return "\n\n".join(parts)


def _document_text(document: DocumentCoverage, lang: Lang, width: int) -> str:
    lines = [wrapped(document.title, width)]
    if not document.listed:
        lines.append(wrapped(words.say("order_unlisted_document", lang), width, "  "))
        return "\n".join([*lines, *_clauses(document.clauses, lang, width)])
    left = [clause for clause in document.clauses if not clause.covered]
    counts = {"all": len(document.clauses), "covered": document.covered, "left": len(left)}
    lines.append(wrapped(words.say("order_covered", lang, **counts), width, "  "))
    lines += _clauses([clause for clause in document.clauses if clause.covered], lang, width)
    if left:
        lines += ["", f"  {words.say('order_missing', lang)}"]
        lines += [wrapped(_titled(clause), width, "    ") for clause in left]
    else:
        lines.append(f"  {words.say('order_all', lang)}")
    if document.unlisted:
        lines += ["", f"  {words.say('order_strange', lang)}", *_clauses(document.unlisted, lang, width)]
    return "\n".join(lines)


def _clauses(clauses: Iterable[ClauseCoverage], lang: Lang, width: int) -> Iterator[str]:
    for clause in clauses:
        yield wrapped(_titled(clause), width, "    ")
        if not clause.items:
            yield f"      {words.say('order_below', lang)}"
        for item in clause.items:
            yield wrapped(f"{_called(item, lang)} — {item.label}", width, "      ")


def clause_text(pack: PackDescription, clause: str, width: int = WIDTH) -> str:
    """A clause and every item that stands on it or on something below it."""
    items, listed = pack.on_clause(clause), listed_clauses(pack, clause)
    parts = []
    for document in pack.documents:
        here = [item for item in items if item.document == document.id]
        named = [one for owner, one in listed if owner is document]
        if here or named:
            parts.append(_heading(wrapped(document.title, width)))
            parts += [wrapped(_titled(one), width) for one in named]
            parts += [item_text(item, pack, width) for item in here] or [words.say("clause_uncovered", pack.lang)]
    return "\n\n".join(parts)


def listed_clauses(pack: PackDescription, clause: str) -> list[tuple[DocumentCoverage, ClauseCoverage]]:
    """The clauses that documents list under that name, and those below them."""
    from shsnor.describing.clauses import key_of

    wanted = key_of(clause)
    return [
        (document, one)
        for document in pack.documents
        if document.listed
        for one in document.clauses
        if key_of(one.clause)[: len(wanted)] == wanted
    ]


def retired_text(retired: Iterable[RetiredDescription], lang: Lang, width: int = WIDTH) -> str:
    """What was taken out: what it was, why and since when, what stands in its place."""
    lines = [_heading(words.say("retired", lang))]
    for gone in retired:
        lines += [wrapped(line, width, "  " if n else "") for n, line in enumerate(retired_lines(gone, lang))]
    return "\n".join(lines)


def retired_lines(gone: RetiredDescription, lang: Lang) -> Iterator[str]:
    """What is said of an item that was taken out, a line a thing."""
    yield words.say("was", lang, id=gone.id, was=gone.was)
    if gone.since:
        yield words.say("gone_since", lang, date=date(gone.since, lang), because=gone.because)
    else:
        yield words.say("gone", lang, because=gone.because)
    if gone.replaced_by:
        yield words.say("instead", lang, item=gone.replaced_by)


def changes_text(pack: PackDescription) -> str:
    """The pack's list of changes, the newest first."""
    if not pack.changes:
        return words.say("changes_none", pack.lang)
    return "\n\n".join(f"{version}\n{text}" for version, text in pack.changes)


def _titled(clause: ClauseCoverage) -> str:
    return f"{clause.clause} — {clause.text}" if clause.text else clause.clause


def _called(item: ItemDescription, lang: Lang) -> str:
    return f"{term(item.section, lang, SECTION_WORDS)} {item.id}"


def _heading(text: str) -> str:
    return f"{text}\n{'=' * max(map(len, text.splitlines()))}"


def wrapped(text: str, width: int, indent: str = "") -> str:
    """The text in lines of at most `width`; what goes on is set in two spaces further."""
    return textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
        break_long_words=False,
    )
