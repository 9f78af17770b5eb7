"""A described pack as a page of Markdown: items link to the clauses they stand on, and clauses to their items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shsnor.describing.clauses import ClauseCoverage, DocumentCoverage
from shsnor.describing.description import SECTIONS, ItemDescription, PackDescription
from shsnor.describing.sentence import Sentence, ended
from shsnor.describing.text import basis_rows, head_lines, item_details, retired_lines, where
from shsnor.wording import pack_pages as words
from shsnor.wording.explanations import quoted
from shsnor.wording.phrases import Lang

#: (id of a document, clause as an item names it) -> anchors of the clauses that the item stands on.
Anchors = Mapping[ItemDescription, list[tuple[str, str]]]


class Links:
    """Where the links of a page lead, and its headings: here all to the page itself."""

    def item(self, section: str, name: str) -> str:
        return f"#{section}-{name}"

    def clause(self, anchor: str) -> str:
        return f"#{anchor}"

    def heading(self, item: ItemDescription) -> str:
        return f'### <a id="{item.anchor}"></a>{escaped(item.label)}'


HERE = Links()


def pack_markdown(pack: PackDescription) -> str:
    """Head, sections, basis, clauses, what was taken out."""
    lang = pack.lang
    title, *head = head_lines(pack)
    lines = [f"# {title}", "", *(f"- {escaped(line)}" for line in head)]
    anchors = anchors_of(pack)
    for section in SECTIONS:
        if items := pack.section(section):
            lines += ["", f"## {words.say(section, lang)}"]
            for item in items:
                lines += ["", *item_lines(item, pack, anchors)]
    lines += ["", *basis_lines(pack), "", *order_lines(pack)]
    if pack.retired:
        lines += ["", f"## {words.say('retired', lang)}", ""]
        for gone in pack.retired:
            first, *others = (escaped(line) for line in retired_lines(gone, lang))
            lines += [f'- <a id="retired-{gone.id}"></a>{first}', *(f"    - {line}" for line in others)]
    return "\n".join(lines) + "\n"


def item_markdown(item: ItemDescription, pack: PackDescription) -> str:
    """One item, with its links."""
    return "\n".join(item_lines(item, pack, anchors_of(pack))) + "\n"


def item_lines(item: ItemDescription, pack: PackDescription, anchors: Anchors, links: Links = HERE) -> Iterator[str]:
    """The lines of one item under a heading of its own."""
    lang = pack.lang
    yield links.heading(item)
    yield ""
    yield f"`{item.id}`" + (
        f" · {words.say('code', lang, code=item.code)}" if item.code and item.code != item.id else ""
    )
    yield ""
    for sentence in item.sentences:
        yield from _sentence(sentence, lang, 0, links)
    source = words.say("source", lang, where="\0", basis="").partition("\0")[0]
    for line in item_details(item, pack):
        said = escaped(line)
        if item.formula and line == words.say("formula", lang, text=item.formula):
            said = words.say("formula", lang, text=f"`{item.formula}`")
        elif line.startswith(source) and (clauses := anchors.get(item)):
            linked = ", ".join(f"[{escaped(clause)}]({links.clause(anchor)})" for clause, anchor in clauses)
            said = escaped(line).replace(escaped(where(item, lang)), f"{linked}, {escaped(_document(item, lang))}", 1)
        yield f"- {said}"


def _document(item: ItemDescription, lang: Lang) -> str:
    return quoted(item.document_title, lang)


def _sentence(sentence: Sentence, lang: Lang, depth: int, links: Links) -> Iterator[str]:
    """The sentence as a line of a nested list, items in it as links."""
    said = "".join(
        escaped(part)
        if isinstance(part, str)
        else f"[{escaped(quoted(part.label, lang))}]({links.item(part.section, part.item)})"
        for part in sentence.parts
    )
    yield f"{'    ' * depth}- {ended(said, bool(sentence.below))}"
    for below in sentence.below:
        yield from _sentence(below, lang, depth + 1, links)


def basis_lines(pack: PackDescription, links: Links = HERE) -> Iterator[str]:
    """The table of basis and what the author chose."""
    lang = pack.lang
    head, *rows = basis_rows(pack)
    yield f"## {words.say('basis_title', lang)}"
    yield ""
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
    yield words.say("basis_key", lang)
    if pack.basis.assumed:
        yield ""
        yield f"### {words.say('assumed_title', lang)}"
        yield ""
        for item in pack.basis.assumed:
            yield f"- {link(item, links)}: {escaped(item.because)}"


def order_lines(pack: PackDescription, links: Links = HERE) -> Iterator[str]:
    """Every document by its clauses, each with the items that stand on it."""
    lang = pack.lang
    yield f"## {words.say('order_title', lang)}"
    for document in pack.documents:
        yield ""
        yield f"### {escaped(document.title)}"
        yield ""
        if document.listed:
            left = sum(1 for clause in document.clauses if not clause.covered)
            counts = {"all": len(document.clauses), "covered": document.covered, "left": left}
            yield words.say("order_covered", lang, **counts)
        else:
            yield words.say("order_unlisted_document", lang)
        yield ""
        for clause in document.clauses:
            yield _clause(document, clause, lang, links)
        if document.unlisted:
            yield ""
            yield words.say("order_strange", lang)
            yield ""
            for clause in document.unlisted:
                yield _clause(document, clause, lang, links)


def _clause(document: DocumentCoverage, clause: ClauseCoverage, lang: Lang, links: Links) -> str:
    named = f"{escaped(clause.clause)} — {escaped(clause.text)}" if clause.text else escaped(clause.clause)
    items = "; ".join(link(item, links) for item in clause.items)
    by = items or words.say("order_below" if clause.below else "order_none", lang)
    return f'- <a id="{document.anchor(clause)}"></a>**{named}**: {by}'


def link(item: ItemDescription, links: Links = HERE) -> str:
    """The item's label as a link to it."""
    return f"[{escaped(item.label)}]({links.item(item.section, item.id)})"


def anchors_of(pack: PackDescription) -> Anchors:
    """The clauses that each item stands on, with their anchors."""
    found: dict[ItemDescription, list[tuple[str, str]]] = {}
    for document in pack.documents:
        for clause in (*document.clauses, *document.unlisted):
            for item in clause.items:
                shown = words.clause(clause.clause, pack.lang)
                found.setdefault(item, []).append((shown, document.anchor(clause)))
    return found


def escaped(text: str) -> str:
    """The text with what Markdown would take for its own marks told from it."""
    return re.sub(r"([\\`*_\[\]>|])", r"\\\1", text).replace("<", "&lt;")
