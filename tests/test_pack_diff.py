"""Two packs side by side: what the order says otherwise, and who is concerned because of which change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shsnor.differing import diff_packs
from shsnor.loading import load_pack
from shsnor.pack import Pack
from tests.command import shsnor

PACK = """# yaml-language-server: $schema=pack.schema.json
format: 1
pack: {id: two, version: "1", title: Два правила}
sources:
  order: {title: Порядок}
parameters:
  limit: {label: Порог, unit: percent, values: {2020-01-01: 30}, source: {clause: "1", basis: stated}}
indicators:
  low:
    label: Доля ниже минимума
    unit: percent
    better: lower
    from: results
    value: 100.0 * sum(below_minimum) / sum(participants)
    source: {clause: "1", basis: stated}
  people:
    label: Участников
    unit: count
    better: higher
    from: results
    value: sum(participants)
    source: {clause: "2", basis: stated}
criteria:
  many_low: {label: Много низких, indicator: low, at_least: $limit, source: {clause: "1", basis: stated}}
  enough: {label: Достаточно участников, indicator: people, at_least: 20, source: {clause: "2", basis: stated}}
  either: {label: Одно из двух, any: [many_low, enough], source: {clause: "2", basis: stated}}
flags:
  help: {label: Нужна помощь, when: {all: [many_low, enough]}, source: {clause: "3", basis: stated}}
"""
SCHOOLS = "school_id,municipality\nА,Юг\nБ,Юг\nВ,Север\nГ,Север\n"
#: А is above both limits; Б low but small; В large but not so low; Г neither.
RESULTS = """school_id,year,procedure,grade,subject,participants,below_minimum
А,2022,ОГЭ,9,рус,20,10
Б,2022,ОГЭ,9,рус,19,10
В,2022,ОГЭ,9,рус,20,5
Г,2022,ОГЭ,9,рус,19,5
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (tmp_path / "data" / "results.csv").write_text(RESULTS, encoding="utf-8")
    _write(tmp_path / "one", PACK)
    return tmp_path


def _write(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "pack.yaml").write_text(text, encoding="utf-8")


def _other(place: Path, *changes: tuple[str, str]) -> Pack:
    text = PACK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    _write(place / "other", text)
    return load_pack(place / "other")


def test_equal_packs_say_so(place: Path) -> None:
    found = diff_packs(load_pack(place / "one"), _other(place), place / "data", as_of=2022)
    assert found.changes == () and found.tables == ()
    assert "одно и то же" in found.text()


def test_each_change_has_the_schools_that_it_concerns(place: Path) -> None:
    found = diff_packs(
        load_pack(place / "one"),
        _other(place, ("2020-01-01: 30", "2020-01-01: 25"), ("at_least: 20", "at_least: 19")),
        place / "data",
        as_of=2022,
    )
    assert {c.name: c.kind for c in found.changes} == {"parameters.limit": "changed", "criteria.enough": "changed"}
    assert found.effects is not None
    entered = {c.entity for c in found.effects.comparison.of("help", "entered")}
    assert entered == {"Б", "В", "Г"}
    causes = {key[2]: names for key, names in found.effects.causes.items()}
    assert causes == {"Б": ("criteria.enough",), "В": ("parameters.limit",)}  # Г needs both
    text = found.text().replace("\u00a0", " ")
    assert "С 01.01.2020 — 30 %" in text and "С 01.01.2020 — 25 %" in text
    assert "только несколько вместе" in text


def test_words_alone_are_told_as_words(place: Path) -> None:
    found = diff_packs(load_pack(place / "one"), _other(place, ("label: Нужна помощь", "label: Требуется помощь")))
    (change,) = found.changes
    assert (change.name, change.kind) == ("flags.help", "reworded")
    assert "Нужна помощь" in " ".join(change.before) and "Требуется помощь" in " ".join(change.after)


def test_what_is_added_or_removed_is_told_with_whom_it_concerns(place: Path) -> None:
    new = 'flags:\n  watch: {label: Наблюдать, when: either, source: {clause: "4", basis: stated}}\n'
    found = diff_packs(load_pack(place / "one"), _other(place, ("flags:\n", new)), place / "data", as_of=2022)
    assert [(c.name, c.kind) for c in found.changes] == [("flags.watch", "added")]
    assert found.effects is not None
    assert {c.entity for c in found.effects.comparison.of("watch", "entered")} == {"А", "Б", "В"}
    back = diff_packs(load_pack(place / "other"), load_pack(place / "one"), place / "data", as_of=2022)
    assert back.effects is not None
    assert [(c.name, c.kind) for c in back.changes] == [("flags.watch", "removed")]
    assert {c.entity for c in back.effects.comparison.of("watch", "left")} == {"А", "Б", "В"}
    assert set(back.effects.causes.values()) == {("flags.watch",)}


def test_rows_that_a_pack_carries_count_as_a_change(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[1] / "indicator_packs" / "federal", tmp_path / "federal")
    table = tmp_path / "federal" / "oge_scale.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[:-1]), encoding="utf-8")
    found = diff_packs(load_pack("federal"), load_pack(tmp_path / "federal"))
    assert found.tables == ("oge_scale",) and found.changes == ()


def test_the_command(place: Path) -> None:
    _other(place, ("2020-01-01: 30", "2020-01-01: 25"))
    run = shsnor("pack", "diff", "one", "other", "--data", "data", "--as-of", "2022", cwd=place)
    assert run.code == 0, run.err
    assert "Изменено по смыслу: 1" in run.out and "Вошли: 1" in run.out
    run = shsnor("pack", "diff", "one", "othre", cwd=place)
    assert run.code == 2 and "SH205" in run.err
