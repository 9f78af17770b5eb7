"""The built site is whole: every link leads somewhere, nothing is fetched from outside, the search knows word forms.

    python tools/check_site.py [SITE]

The search is asked by Node where it is at hand, as a browser would ask it; else that is left out and said.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
#: Attributes by which a page fetches something as it is opened; a link (`a href`) does not.
_FETCHES = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src", "object": "data"}
#: Ways to write one word, all of which must find the same; words that stand on the site.
_FORMS = (("школа", "школы", "школой", "школ"), ("порог", "порогом", "пороги"), ("резильентная", "резильентных"))


class _Page(HTMLParser):
    """What a page links to, what it fetches, and the places in it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.places: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.places |= {value for key in ("id", "name") if (value := values.get(key))}
        if tag == "a" and (href := values.get("href")):
            self.links.append(href)
        if (target := values.get(_FETCHES.get(tag, ""))) and values.get("rel") != "canonical":
            self.fetched.append(target)


def faults(site: Path) -> Iterator[str]:
    """What is wrong, a line a fault."""
    pages = {file: _Page(file) for file in sorted(site.rglob("*.html")) if file.name != "404.html"}
    for file, page in pages.items():
        shown = file.relative_to(site).as_posix()
        yield from (f"{shown}: fetches {target} from outside" for target in page.fetched if urlsplit(target).netloc)
        for target in dict.fromkeys([*page.links, *page.fetched]):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            there = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if there.is_dir():
                there /= "index.html"
            if not there.is_file():
                yield f"{shown}: {target} leads nowhere"
            elif parts.fragment and there in pages and unquote(parts.fragment) not in pages[there].places:
                yield f"{shown}: {target}: no such place on that page"


def search_faults(site: Path) -> Iterator[str]:
    """Words of which one form finds what another does not."""
    node = shutil.which("node")
    if node is None:
        print("the search was not asked: there is no node here")
        return
    words = [form for forms in _FORMS for form in forms]
    asked = subprocess.run(
        [node, str(ROOT / "tools" / "ask_search.js"), str(site), *words],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = dict(line.rsplit("\t", 1) for line in asked.stdout.splitlines())
    for forms in _FORMS:
        counts = {form: found[form] for form in forms}
        if len(set(counts.values())) != 1 or "0" in counts.values():
            yield f"search: {counts}"


def main(site: Path) -> int:
    found = [*faults(site.resolve()), *search_faults(site.resolve())]
    for line in found:
        print(line)
    print(f"{site}: {len(list(site.rglob('*.html')))} pages, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"))
