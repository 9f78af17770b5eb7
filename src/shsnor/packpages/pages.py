"""The pages of one pack: its head, a page a section, its documents by clause, its changes; and the list of all packs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from shsnor.describing import ItemDescription, describe_pack
from shsnor.describing.description import SECTIONS
from shsnor.describing.markdown import Links, anchors_of, basis_lines, escaped, item_lines, link, order_lines
from shsnor.describing.names import Names
from shsnor.describing.text import head_lines
from shsnor.host import find_functions
from shsnor.pack import Pack
from shsnor.packpages.examples import Example, Examples
from shsnor.packtests.cases import read_cases
from shsnor.resolving import resolve
from shsnor.wording import pack_pages as words
from shsnor.wording.phrases import Lang

ORDER, BASIS, CHANGES = "order", "basis", "changes"


class _Elsewhere(Links):
    """Links between the pages of packs: an item stands on the page of its section, in the folder of the pack it comes from."""

    def __init__(self, pack: str, origins: Mapping[tuple[str, str], str]) -> None:
        self.pack, self.origins = pack, origins

    def item(self, section: str, name: str) -> str:
        origin = self.origins.get((section, name), "")
        return f"{f'../{origin}/' if origin else ''}{section}.md#{section}-{name}"

    def clause(self, anchor: str) -> str:
        return f"{ORDER}.md#{anchor}"

    def heading(self, item: ItemDescription) -> str:
        return f"### {escaped(item.label)} {{ #{item.anchor} }}"


class PackPages:
    """The pages of one pack, told as on a day."""

    def __init__(self, pack: Pack, day: date, lang: Lang) -> None:
        self.pack, self.lang = pack, lang
        functions = find_functions(pack)
        self.told = describe_pack(pack, as_of=day, lang=lang, functions=functions)
        self.resolved, _ = resolve(pack, functions)
        names = Names(pack, day, lang, functions)
        self.examples = Examples(names, self.resolved, read_cases(pack)[0])
        self.links = _Elsewhere(pack.id, {(item.section, item.id): item.origin for item in self.told.items})
        self.anchors = anchors_of(self.told)
        self.items = {(item.section, item.id): item for item in self.told.items}

    @property
    def title(self) -> str:
        return f"{self.told.region or self.told.title} ({self.pack.id})"

    def own(self, section: str) -> list[ItemDescription]:
        """The items of a section that the pack itself says."""
        return [item for item in self.told.section(section) if not item.origin]

    def pages(self) -> dict[str, str]:
        """Name of a page -> its text."""
        sections = {name: self._section(name) for name in SECTIONS if self.told.section(name)}
        documents = [document for document in self.told.documents if document.own or self._cited(document.id)]
        shown = replace(self.told, documents=tuple(documents))
        others = {
            ORDER: self._page("order_page", order_lines(shown, self.links), searched=False),
            BASIS: self._page("basis_page", basis_lines(self.told, self.links), searched=False),
        }
        if self.told.changes:
            others[CHANGES] = self._page("changes_page", self._changes())
        return {"index": self._index([*sections, *others]), **sections, **others}

    def _say(self, key: str, **gaps: object) -> str:
        return words.say(key, self.lang, **gaps)

    def _cited(self, document: str) -> bool:
        return any(item.document == document and not item.origin for item in self.told.items)

    def _index(self, names: Sequence[str]) -> str:
        head, *lines = [line for line in head_lines(self.told) if line != self._on_date()]
        rows = []
        for name in names:
            if name in SECTIONS:
                own = len(self.own(name))
                inherited = len(self.told.section(name)) - own
                rows.append(f"| [{self._say(name)}]({name}.md) | {own} | {inherited or ''} |")
            else:
                rows.append(f"| [{self._say(f'{name}_page')}]({name}.md) | | |")
        body = [
            "---", f"title: {self.title}", "---", "", f"# {escaped(head)}", "",
            *(f"- {escaped(line)}" for line in lines), "", f"## {self._say('contents')}", "",
            *_table_head(self._say("contents_columns"), numbers=True), *rows,
        ]  # fmt: skip
        return "\n".join(body) + "\n"

    def _on_date(self) -> str:
        from shsnor.wording.explanations import date as shown

        return self._say("on_date", date=shown(self.told.as_of, self.lang))

    def _page(self, key: str, lines: Iterable[str], *, searched: bool = True) -> str:
        heading = self._say("page_title", section=self._say(key), pack=self.pack.id)
        body = list(lines)
        if body and body[0].startswith("## "):
            body = body[1:]  # the page's own heading says it
        head = [] if searched else ["---", "search: {exclude: true}", "---", ""]
        head += [f"# {heading}", "", self._say("page_of", title=escaped(self.told.title)), ""]
        return re.sub(r"\n{3,}", "\n\n", "\n".join([*head, *body])).rstrip() + "\n"

    def _section(self, section: str) -> str:
        return self._page(section, self._items(section))

    def _items(self, section: str) -> Iterator[str]:
        for item in self.own(section):
            yield from item_lines(item, self.told, self.anchors, self.links)
            if users := self._users(item):
                yield "- " + self._say("used_in", items=", ".join(link(user, self.links) for user in users))
            yield ""
            if examples := self.examples.of(section, item.id):
                yield from self._examples(examples)
        if inherited := [item for item in self.told.section(section) if item.origin]:
            yield f"## {self._say('from_base', pack=self.told.extends)}"
            yield ""
            yield self._say("from_base_intro")
            yield from _aside(f"- {link(item, self.links)}" for item in inherited)

    def _users(self, item: ItemDescription) -> list[ItemDescription]:
        """The items that name it, each once, in the order of sections."""
        if item.section == "parameters":
            return []  # its sentences say so
        paths = self.resolved.uses.get(f"{item.section}/{item.id}", ())
        named = {
            (section, name)
            for section, _, rest in (path.partition("/") for path in paths)
            for name in [rest.partition("/")[0]]
        }
        return [self.items[key] for key in self.items if key in named and key != (item.section, item.id)]

    def _examples(self, examples: Iterable[Example]) -> Iterator[str]:
        rows = [
            f"| {_cell(one.name)} | {'<br>'.join(map(_cell, one.given))} | {_cell(one.result)} |" for one in examples
        ]
        yield from _aside([*_table_head(self._say("examples_columns")), *rows], "examples")

    def _changes(self) -> Iterator[str]:
        for version, text in self.told.changes:
            yield f"## {version}"
            yield ""
            yield text
            yield ""


def list_page(packs: Iterable[PackPages], lang: Lang) -> str:
    """The page that lists the packs."""
    lines = [
        f"# {words.say('packs_title', lang)}", "", words.say("packs_intro", lang), "",
        *_table_head(words.say("packs_columns", lang), numbers=True, texts=2),
    ]  # fmt: skip
    for one in packs:
        name = f"[{escaped(one.title)}]({one.pack.id}/index.md)"
        lines.append(f"| {name} | {escaped(one.told.title)} | {one.told.basis.total.all} |")
    return "\n".join(lines) + "\n"


def _aside(lines: Iterable[str], kind: str = "taken") -> Iterator[str]:
    """What the search of a site need not know: it is found by the item that it belongs to."""
    yield from ("", f'<div class="{kind}" data-search-exclude markdown>', "")
    yield from lines
    yield from ("", "</div>", "")


def _table_head(columns: str, *, numbers: bool = False, texts: int = 1) -> Iterator[str]:
    yield f"| {columns} |"
    count = columns.count("|") + 1
    yield "|" + "|".join(" --- " if n < texts or not numbers else " ---: " for n in range(count)) + "|"


def _cell(text: str) -> str:
    return escaped(text).replace("\n", " ")
