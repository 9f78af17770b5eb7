"""What a notebook shows of a pack, an outcome, an explanation: HTML that needs nothing from outside and runs nothing."""

from __future__ import annotations

import html
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

import shsnor
from shsnor.outcomes import load_outcome

#: Tags that are written without an end.
_EMPTY = {"br", "hr"}


class Seen(HTMLParser):
    """The tags and the text of a piece of HTML; every tag must be closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text, self._open = "", list[str]()
        self.feed(text)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + " "


@pytest.fixture(scope="module")
def shown(demo_outcome: Path) -> dict[str, str]:
    with load_outcome(demo_outcome) as outcome:
        return {
            "pack": shsnor.load_pack("tver")._repr_html_(),
            "outcome": outcome._repr_html_(),
            "explanation": shsnor.explain(outcome, "010003")._repr_html_(),
        }


@pytest.mark.parametrize("what", ["pack", "outcome", "explanation"])
def test_it_is_whole_in_russian_and_needs_nothing(shown: dict[str, str], what: str) -> None:
    seen = Seen(shown[what])
    assert ("lang", "ru") in seen.attributes
    assert not {"script", "link", "img", "iframe", "style"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith(("on", "src", "href"))]


@pytest.mark.parametrize("what", ["pack", "outcome", "explanation"])
def test_its_colours_are_those_of_the_notebook(shown: dict[str, str], what: str) -> None:
    colours = re.findall(r"(?<![-\w])(?:color|background): ([^;\"]+)", shown[what])
    assert set(colours) <= {"inherit", "transparent"}


def test_a_pack_shows_its_sections_its_base_and_its_documents(shown: dict[str, str]) -> None:
    pack, seen = shsnor.load_pack("tver"), Seen(shown["pack"])
    base = shsnor.load_pack("federal")
    kept = sum(name in pack.document.measures for name in base.document.measures)
    assert pack.head.title in seen.text and "Дополняет пакет federal" in seen.text
    cells = " ".join(seen.text.split())
    assert f"Меры поддержки {len(pack.document.measures)} {kept} " in cells
    own, inherited = (
        [s.title for name, s in pack.document.sources.items() if (pack.origin[f"sources/{name}"] == pack.id) is mine]
        for mine in (True, False)
    )
    assert max(map(cells.index, own)) < min(map(cells.index, inherited))


def test_an_outcome_shows_its_counts(demo_outcome: Path, shown: dict[str, str]) -> None:
    with load_outcome(demo_outcome) as outcome:
        summary = outcome.summary()
    cells = " ".join(Seen(shown["outcome"]).text.split())
    for flag in summary.flags:
        assert f"{flag.label} {flag.raised} {flag.not_raised} {flag.unknown} {flag.vacant}" in cells
    assert "31.12.2022" in cells and "Ограничение по ВПР" in cells and "а не рейтинг" in cells


def test_a_closed_outcome_says_that_it_is_closed(demo_outcome: Path) -> None:
    with load_outcome(demo_outcome) as outcome:
        pass
    assert "закрыт" in outcome._repr_html_()


def test_an_explanation_is_a_tree_that_opens(demo_outcome: Path, shown: dict[str, str]) -> None:
    seen = Seen(shown["explanation"])
    assert seen.tags.count("details") == seen.tags.count("summary") > 5
    with load_outcome(demo_outcome) as outcome:
        text = shsnor.explain(outcome, "010003").text(width=10_000)
    said = [line.lstrip("│├└─ ") for line in text.splitlines()]
    assert [line for line in said if html.escape(line) not in shown["explanation"]] == []


def test_what_others_wrote_is_text_and_no_html(north: Path) -> None:
    evil = "<script>alert(1)</script>&\"'"
    pack = (north / "north" / "pack.yaml").read_text(encoding="utf-8")
    quoted = evil.replace("'", "''")
    pack = pack.replace("Порядок Северной области", f"'{quoted}'").replace(
        "Школа с низкими результатами", f"'{quoted}'"
    )
    (north / "north" / "pack.yaml").write_text(pack, encoding="utf-8")
    schools = "school_id;municipality;name\n0101;Юг;<img src=x onerror=alert(1)>\n"
    (north / "data" / "schools.csv").write_text(schools, encoding="utf-8")
    shutil.copy(north / "data" / "results.csv", north / "results.csv")
    results = (north / "results.csv").read_text("cp1251").splitlines()
    kept = [line for line in results if not line.startswith(("0102", "0103"))]
    (north / "data" / "results.csv").write_text("\n".join(kept), encoding="utf-8")
    loaded = shsnor.load_pack(north / "north")
    with shsnor.evaluate(loaded, north / "data", as_of=2022) as outcome:
        explanation = shsnor.explain(outcome, "0101")
        for made in (loaded._repr_html_(), outcome._repr_html_(), explanation._repr_html_()):
            assert not {"script", "img"} & set(Seen(made).tags)
            assert "&lt;" in made
