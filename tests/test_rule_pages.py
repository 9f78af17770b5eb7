"""Every code has a page of its own, read offline by `shsnor rule`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shsnor.wording import CODES, title
from shsnor.wording.codes import FAMILIES
from shsnor.wording.pages import HEADINGS, families, find_code, index_page, nearest_codes, page, summary
from shsnor.wording.plain_text import plain
from tests.command import shsnor

PAGES = Path(__file__).resolve().parents[1] / "docs" / "findings"


def test_there_is_a_page_for_every_code_and_for_nothing_else() -> None:
    assert {file.stem for file in PAGES.glob("SH*.md")} == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_has_its_title_its_four_parts_and_an_example_with_the_message(code: str) -> None:
    written = page(code)
    assert written is not None
    lines = written.splitlines()
    assert lines[0] == f"# {code}. {title(code)}"
    assert written.count("```") % 2 == 0
    prose = re.sub(r"^```.*?^```$", "code", written, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^## (.*)$", prose, re.MULTILINE)
    parts = re.split(r"^## .*$", prose, flags=re.MULTILINE)
    assert headings == list(HEADINGS)
    assert all(part.strip() for part in parts[1:])
    example = written.partition(f"## {HEADINGS[-1]}\n")[2]
    assert "```" in example and code in example, "the example shows the message"


def test_the_index_is_as_it_would_be_made() -> None:
    assert (PAGES / "index.md").read_text(encoding="utf-8") == index_page(), "run: make findings"


def test_every_code_belongs_to_a_family() -> None:
    assert sorted(code for _, _, codes in families() for code in codes) == sorted(CODES)
    assert {code[:3] for code in CODES} <= set(FAMILIES)


@pytest.mark.parametrize(
    "asked", ["SH301", "sh301", "301", " SH 301 ", "SH-301", "СН301", "сн301", "ЫР301", "unknown-name", "Unknown-Name"]
)
def test_a_code_is_found_however_it_is_typed(asked: str) -> None:
    assert find_code(asked) == "SH301"


@pytest.mark.parametrize("asked", ["", "SH", "SH3", "SH3011", "SH000", "3 01", "имя"])
def test_what_names_no_code_finds_none(asked: str) -> None:
    assert find_code(asked) is None


def test_the_nearest_codes_are_of_the_same_family_first() -> None:
    assert nearest_codes("SH399") == ["SH327", "SH331", "SH332"]
    assert nearest_codes("unkown-name") == ["SH301"]
    assert nearest_codes("SH30") == ["SH301", "SH302", "SH303"]
    assert nearest_codes("?") == []


def test_the_command_prints_a_page_as_plain_text() -> None:
    run = shsnor("rule", "сн301", cwd=PAGES.parent)
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0] == f"SH301. {title('SH301')}" and lines[1] == "=" * len(lines[0])
    assert all(heading in lines for heading in HEADINGS)
    assert "```" not in run.out and "`" not in run.out and "\n#" not in run.out


def test_the_command_alone_lists_the_codes_by_family() -> None:
    run = shsnor("rule")
    assert run.code == 0 and all(f"  {code}  {CODES[code]} " in run.out for code in CODES)
    assert run.out.index("SH1xx  Чтение файла YAML") < run.out.index("SH101") < run.out.index("SH2xx")


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    run = shsnor("rule", "SH399")
    assert run.code == 2 and "SH327, SH331, SH332" in run.err and run.out == ""
    assert "Справка: shsnor rule --help" in run.err


def test_in_english_the_texts_are_said_first_and_that_the_page_is_in_russian() -> None:
    run = shsnor("rule", "SH202", env={"SHSNOR_LANG": "en"})
    assert run.out.startswith("SH202 missing-key   A key is missing\n  The key '<key>' is needed here.\n")
    assert "{id: …, label: …, otherwise: true}" in run.out and "[key=" not in run.out and "> " not in run.out[:200]
    assert "in Russian" in run.out and HEADINGS[0] in run.out


def test_a_summary_has_no_conditions_gaps_or_marks() -> None:
    for code in CODES:
        text = "\n".join(summary(code))
        assert "{{" not in text and "\n  [" not in text and "\n  > " not in text


def test_markdown_becomes_plain_text() -> None:
    text = """# Заголовок `x`

Абзац из двух
строк, **важный**, [ссылка](a.md), `low_in` и `a * b * c`.

- первое, длинное настолько, что не помещается в одну строку
- второе
  с продолжением

1. шаг

```yaml
label: **не трогать**   # `код`
```
| a | `b` |
"""
    assert plain(text, 40).splitlines() == [
        "Заголовок x",
        "===========",
        "",
        "Абзац из двух строк, важный, ссылка,",
        "low_in и a * b * c.",
        "",
        "- первое, длинное настолько, что не",
        "  помещается в одну строку",
        "- второе с продолжением",
        "",
        "1. шаг",
        "",
        "    label: **не трогать**   # `код`",
        "| a | b |",
    ]
