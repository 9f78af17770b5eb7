"""The pages of packs: those of the site are fresh, and each item has what a methodologist asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from shsnor.loading import load_pack
from shsnor.packpages import last_day, pack_pages
from tests.command import shsnor

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "docs" / "packs"
PACKS = sorted(folder.name for folder in (ROOT / "indicator_packs").iterdir() if (folder / "pack.yaml").is_file())


@cache
def pages() -> Mapping[str, str]:
    return pack_pages(load_pack(name) for name in PACKS)


def item(page: str, anchor: str) -> str:
    """What a page says of one item."""
    return page.partition(f"{{ #{anchor} }}")[2].partition("\n### ")[0]


@pytest.fixture
def north_pages(north: Path) -> Mapping[str, str]:
    case = """\
- name: Ровно 30 % — низкий результат, куратор нужен
  as_of: 2026
  tables:
    schools: [{school_id: А}]
    results:
      - {school_id: А, year: 2026, procedure: ОГЭ, grade: 9, subject: рус, participants: 10, below_minimum: 3}
      - {school_id: А, year: 2026, procedure: ОГЭ, grade: 9, subject: мат, participants: 10, below_minimum: 1}
  expect:
    А:
      low_in_subject: [{subject: рус, is: met}, {subject: мат, is: not_met}]
      low_share: [{subject: рус, is: 30}]
      low_results: met
"""
    (north / "north" / "tests").mkdir()
    (north / "north" / "tests" / "low.yaml").write_text(case, encoding="utf-8")
    return pack_pages([load_pack(north / "north")])


def test_the_pages_of_the_site_are_those_made_from_the_packs() -> None:
    written = {file.relative_to(SITE).as_posix() for file in SITE.rglob("*.md")}
    assert written == set(pages()), "make them again: make packs"
    stale = [name for name, text in pages().items() if (SITE / name).read_text(encoding="utf-8") != text]
    assert stale == [], "make them again: make packs"


def test_every_link_leads_to_a_page_and_to_an_anchor_of_it() -> None:
    anchors = {name: set(re.findall(r"\{ #(\S+) \}|<a id=\"([^\"]+)\"", text)) for name, text in pages().items()}
    known = {name: {a or b for a, b in found} for name, found in anchors.items()}
    for name, text in pages().items():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            file, _, anchor = target.partition("#")
            parts: list[str] = []
            for part in (PurePosixPath(name).parent / file).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            page = "/".join(parts)
            assert page in known, f"{name}: {target}"
            assert not anchor or anchor in known[page], f"{name}: {target}"


def test_an_item_has_its_sentence_formula_unit_clause_users_and_examples(north_pages: Mapping[str, str]) -> None:
    share = item(north_pages["north/indicators.md"], "indicators-low_share")
    assert "Формула: `100.0 * sum(below_minimum) / sum(participants)`" in share
    assert "Единица: %, меньше — лучше" in share
    assert "[пункт 4](order.md#clause-order-4), «Приказ № 12» — сказано в документе" in share
    assert "Где используется: [Низкий результат по предмету](criteria.md#criteria-low_in_subject)" in share
    rows = item(north_pages["north/criteria.md"], "criteria-low_in_subject").splitlines()
    met, not_met = (row for row in rows if row.startswith("| Ровно 30 %"))
    assert "ОГЭ, 9\u00a0класс, рус, 2026 — участников\u00a010, ниже минимума\u00a03<br>расчёт за 2026 год" in met
    assert met.endswith("| рус: выполнено |")
    assert "мат" in not_met and "рус" not in not_met and not_met.endswith("| мат: не выполнено |")
    limit = item(north_pages["north/parameters.md"], "parameters-low_limit")
    assert "С 01.01.2020 — 25\u00a0%" in limit and "С 01.01.2026 — 30\u00a0% (действует)" in limit
    curator = item(north_pages["north/measures.md"], "measures-curator")
    assert "| мера рекомендуется |" in curator, "the flag, which the case expects, decides the measure"


def test_a_pack_shows_its_own_items_and_links_to_those_of_its_base() -> None:
    criteria = pages()["saratov/criteria.md"]
    own, _, taken = criteria.partition("## Из пакета federal")
    assert "../federal/criteria.md#criteria-low_in_procedure" in taken
    assert "{ #criteria-low_in_procedure }" not in own
    assert "{ #criteria-crit.1.1 }" in own


def test_what_an_expert_decided_or_a_changed_parameter_stands_beside_the_example() -> None:
    together = "\n".join(pages().values())
    assert "решение эксперта — «Школа с низкими образовательными результатами (ШНОР)»: выполнено" in together
    assert re.search(r"при «[^»]+» = \w+<br>", together)


def test_an_example_shows_the_rows_that_its_formula_reads_and_of_a_municipality_those_of_its_schools() -> None:
    example = item(pages()["kchr/criteria.md"], "criteria-better.1.1.1")
    met = next(line for line in example.splitlines() if line.endswith("| выполнено |"))
    assert met.count("мат\\_проф") == 3 and "рус" not in met, "the mean of ЕГЭ in mathematics, three years"


def test_pages_tell_thresholds_as_of_the_last_day_that_the_pack_speaks_of(north: Path) -> None:
    pack = load_pack(north / "north")
    assert last_day(pack) == date(2026, 1, 1)
    file = north / "north" / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("pack: {", "pack: {valid: {to: 2025-06-30}, "), encoding="utf-8")
    assert last_day(load_pack(north / "north")) == date(2025, 6, 30)
    limit = item(pack_pages([load_pack(north / "north")])["north/parameters.md"], "parameters-low_limit")
    assert "25\u00a0% (действует)" in limit


def test_no_page_is_too_long_to_read_on_a_phone() -> None:
    assert {name: len(text.encode()) for name, text in pages().items() if len(text.encode()) > 250_000} == {}


def test_the_command_writes_the_pack_and_its_base(tmp_path: Path) -> None:
    run = shsnor("pack", "pages", "saratov_teacher", "--out", tmp_path / "pages")
    assert run.code == 0, run.err
    folders = {folder.name for folder in (tmp_path / "pages").iterdir() if folder.is_dir()}
    assert folders == {pack.id for pack in load_pack("saratov_teacher").chain()} > {"saratov_teacher"}
    assert (tmp_path / "pages" / "index.md").read_text(encoding="utf-8").startswith("# Пакеты показателей")
    assert f"{len(list((tmp_path / 'pages').rglob('*.md')))}" in run.out
