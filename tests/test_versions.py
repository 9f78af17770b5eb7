"""Versions of packs: which engine they work with, when they and their items are in force, what was taken out of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import shsnor
from shsnor.errors import Finding
from shsnor.loading import load_pack, pack_folders, read_pack
from shsnor.versions import changes_of, check_versions, engine_fits, engine_version
from shsnor.wording import message
from tests.command import shsnor as command

HEAD = 'format: 1\npack: {id: north, version: "2", title: Порядок, MORE}\nsources: {order: {title: Приказ}}\n'
BODY = """
parameters:
  limit: {label: Порог, unit: percent, values: {2020-01-01: 30}, SOURCE}
  reading: {label: Прочтение, values: {2020-01-01: old, 2024-01-01: new}, SOURCE}
indicators:
  low: {label: Доля, unit: percent, from: results, value: 100.0 * sum(below_minimum) / sum(participants), SOURCE}
criteria:
  is_low: {label: Низкие, indicator: low, at_least: $limit, SOURCE}
  is_new: {label: По-новому, indicator: low, at_least: 50, valid: {from: 2024-01-01}, SOURCE}
  rule: {label: Правило, choose: $reading, options: {old: is_low, new: is_new}, SOURCE}
flags:
  weak: {label: Низкие результаты, when: rule, SOURCE}
  later: {label: Новый признак, when: is_low, valid: {from: 2024-01-01}, SOURCE}
clusters:
  groups: {label: Группы, valid: {to: 2023-12-31}, first_match: [{id: a, when: is_low}, {id: b, otherwise: true}], SOURCE}
measures:
  help: {label: Помочь, when: weak, SOURCE}
  later_help: {label: Помочь ещё, when: later, valid: {from: 2024-01-01}, SOURCE}
tasks:
  plan: {label: План, valid: {from: 2024-01-01}, SOURCE}
"""
SOURCE = "source: {clause: п. 1, basis: stated}"
TABLES = {
    "schools": [{"school_id": "01", "municipality": "м"}],
    "results": [
        {"school_id": "01", "year": year, "procedure": "ОГЭ", "grade": "9", "subject": "мат", "participants": 10,
         "below_minimum": 4} for year in (2022, 2024)
    ],
}  # fmt: skip


def written(folder: Path, more: str = "status: active", body: str = BODY, *, name: str = "north") -> Path:
    """A pack's folder with these keys in its head."""
    (folder / name).mkdir(exist_ok=True)
    text = (HEAD.replace("MORE", more).replace("north", name) + body).replace("SOURCE", SOURCE)
    (folder / name / "pack.yaml").write_text(text, encoding="utf-8")
    return folder / name


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("wanted", "version", "fits"),
    [
        (">=0.1,<1", "0.1.0", True),
        (">=0.1,<1", "1.0", False),
        (">=0.1,<1", "0.0.9", False),
        ("<1", "0.99.3", True),
        ("== 0.1", "0.1.0", True),
        ("!=0.1.1", "0.1.1", False),
        (">0.9, <=0.10", "0.10.0", True),
        (">=0.2", "0.2.0.dev3", True),
    ],
)
def test_ranges_of_versions_compare_by_number(wanted: str, version: str, fits: bool) -> None:
    assert engine_fits(wanted, version) is fits


@pytest.mark.parametrize("wanted", ["0.1", "~=0.1", ">=0.1;<1", "", ">="])
def test_what_is_no_range_is_refused(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(wanted)}$"):
        engine_fits(wanted, "0.1.0")
    if wanted:
        pack = load_pack(written(tmp_path, f'engine: "{wanted}"'))
        assert codes(shsnor.check_pack(pack).errors) == ["SH863"]


def test_a_pack_for_another_engine_is_refused_with_the_fix_and_nothing_else_is_said(tmp_path: Path) -> None:
    folder = written(tmp_path, 'engine: ">=9", not_yet_a_key: 1')
    pack, findings = read_pack(folder)
    (finding,) = findings
    assert (pack, finding.code, finding.place.line) == (None, "SH862", 2)
    told = message(finding)
    assert f"работает с shsnor >=9, а здесь {engine_version()}" in told
    assert 'pip install "shsnor>=9"' in told
    with pytest.raises(shsnor.PackError):
        shsnor.load_pack(folder)
    run = command("evaluate", folder, "--data", tmp_path, "--out", tmp_path / "out")
    assert (run.code, (tmp_path / "out").exists()) == (2, False) and "SH862" in run.err


def test_a_pack_in_a_newer_format_is_refused_with_the_fix_and_nothing_else_is_said(tmp_path: Path) -> None:
    folder = written(tmp_path, "of_a_later_format: 1")
    file = folder / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("format: 1", "format: 2"), encoding="utf-8")
    pack, findings = read_pack(folder)
    (finding,) = findings
    assert (pack, finding.code, finding.place.line) == (None, "SH861", 1)
    assert "pip install --upgrade shsnor" in message(finding)


def test_a_base_pack_for_another_engine_is_refused_too(tmp_path: Path) -> None:
    written(tmp_path, 'engine: ">=9"', name="base")
    pack, findings = read_pack(written(tmp_path, "extends: base", body=""))
    assert pack is None and codes(findings) == ["SH862"]


@pytest.mark.parametrize(("as_of", "holds"), [("2021-08-31", False), ("2021-09-01", True), (2024, True), (2025, False)])
def test_a_pack_is_evaluated_only_while_it_is_in_force(tmp_path: Path, as_of: str | int, holds: bool) -> None:
    pack = load_pack(written(tmp_path, "valid: {from: 2021-09-01, to: 2024-12-31}"))
    if holds:
        assert shsnor.make_plan(pack, as_of=as_of).pack.id == "north"
        return
    with pytest.raises(shsnor.UsageError) as told:
        shsnor.evaluate(pack, TABLES, as_of=as_of)
    (finding,) = told.value.findings
    assert finding.code == "SH510"
    text = message(finding)
    assert "действует с 2021-09-01" in text and "действует по 2024-12-31" in text and "--as-of" in text
    assert "Пакет снят" not in text


def test_a_retired_pack_evaluates_the_past_only(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, "status: retired, valid: {from: 2020-01-01, to: 2023-12-31}"))
    with shsnor.evaluate(pack, TABLES, as_of=2022) as outcome:
        assert [(flag.flag, flag.verdict) for flag in outcome.flags.rows()] == [("weak", "met")]
    with pytest.raises(shsnor.UsageError) as told:
        shsnor.evaluate(pack, TABLES, as_of=2024)
    assert "Пакет снят (status: retired)" in message(told.value.findings.errors[0])


def test_a_retired_pack_says_until_when_it_was_in_force(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, "status: retired, valid: {from: 2020-01-01}"))
    (finding,) = check_versions(pack)
    assert (finding.code, finding.place.key) == ("SH868", "pack.status")


def test_a_base_that_is_not_in_force_is_told(tmp_path: Path) -> None:
    written(tmp_path, "valid: {from: 2023-01-01}", name="base")
    pack = load_pack(written(tmp_path, "extends: base", body=""))
    with pytest.raises(shsnor.UsageError) as told:
        shsnor.make_plan(pack, as_of=2022)
    assert told.value.findings.errors[0].details["pack"] == "base"


def test_the_newest_entry_of_the_changelog_is_the_packs_version(tmp_path: Path) -> None:
    folder = written(tmp_path)
    assert codes(shsnor.check_pack(load_pack(folder)).errors) == []
    (folder / "CHANGELOG.md").write_text("# Изменения\n\n## 1 — 2020-01-01\n\nПервая версия.\n", encoding="utf-8")
    (finding,) = check_versions(load_pack(folder))
    assert (finding.code, finding.severity, finding.place.line) == ("SH860", "warning", 3)
    assert finding.place.file is not None and finding.place.file.endswith("north/CHANGELOG.md")
    (folder / "CHANGELOG.md").write_text("## 2\n\nПорог.\n\n## 1\n\nПервая.\n", encoding="utf-8")
    assert codes(check_versions(load_pack(folder))) == []
    assert "2\nПорог.\n\n1\nПервая." in command("pack", "show", folder, "--changes").out


def evaluated(folder: Path, year: int) -> dict[str, set[str]]:
    with shsnor.evaluate(load_pack(folder), TABLES, as_of=year) as outcome:
        return {
            "flags": {row.flag for row in outcome.flags.rows()},
            "clusters": {row.cluster for row in outcome.clusters.rows()},
            "measures": {row.measure for row in outcome.recommendations.rows()},
            "tasks": {row.item for row in outcome.tasks.rows()},
            "items": {row.item for row in outcome.items.rows()},
            "met": {row.flag for row in outcome.flags.rows(verdict="met")},
        }


def test_an_item_is_evaluated_only_while_it_is_in_force(tmp_path: Path) -> None:
    folder = written(tmp_path)
    assert codes(shsnor.check_pack(load_pack(folder)).errors) == []
    before, after = evaluated(folder, 2022), evaluated(folder, 2024)
    assert (before["flags"], after["flags"]) == ({"weak"}, {"weak", "later"})
    assert (before["clusters"], after["clusters"]) == ({"groups"}, set())
    assert (before["measures"], after["measures"]) == ({"help"}, {"later_help"})
    assert (before["tasks"], after["tasks"]) == (set(), {"plan"})
    assert (before["met"], after["met"]) == ({"weak"}, {"later"})  # since 2024 the rule asks for 50 %
    assert "is_new" not in before["items"] and "is_new" in after["items"]
    shown = command("pack", "show", folder, "later", "--as-of", "2022").out
    assert "На 31.12.2022 не действует" in shown and "Действует с 01.01.2024" in shown


def test_an_item_in_force_may_not_rest_on_one_that_is_not(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, body=BODY.replace("when: weak,", "when: later,")))
    with pytest.raises(shsnor.PackError) as told:
        shsnor.make_plan(pack, as_of=2022)
    (finding,) = told.value.findings
    assert (finding.code, finding.place.key, finding.details["name"]) == ("SH864", "measures.help.when", "later")
    assert shsnor.make_plan(pack, as_of=2024).reported


def test_dates_in_the_wrong_order_are_a_finding(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, body=BODY.replace("{to: 2023-12-31}", "{from: 2024-01-01, to: 2023-12-31}")))
    (finding,) = shsnor.check_pack(pack).errors
    assert (finding.code, finding.place.key) == ("SH233", "clusters.groups.valid")


RETIRED = "retired:\n  old_flag: {was: Прежний признак, because: Отменён приказом № 5, since: 2024-01-01, replaced_by: weak}\n"


def test_an_id_that_was_taken_out_is_never_given_again(tmp_path: Path) -> None:
    body = BODY + RETIRED
    assert codes(shsnor.check_pack(load_pack(written(tmp_path, body=body))).errors) == []
    again = body.replace("later: {label", "old_flag: {label").replace("when: later,", "when: old_flag,")
    (finding,) = shsnor.check_pack(load_pack(written(tmp_path, body=again))).errors
    assert (finding.code, finding.place.key) == ("SH865", "flags.old_flag")
    assert "«Прежний признак»" in message(finding) and "Отменён приказом № 5" in message(finding)


def test_whoever_names_what_was_taken_out_is_told(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, body=(BODY + RETIRED).replace("when: weak,", "when: old_flag,")))
    (finding,) = shsnor.check_pack(pack).errors
    assert finding.code == "SH301"
    assert "Элемент с этим кодом снят: Отменён приказом № 5.\n  Вместо него — «weak»." in message(finding)


def test_what_replaced_it_must_be_there(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, body=BODY + RETIRED.replace("by: weak", "by: wek")))
    (finding,) = shsnor.check_pack(pack).errors
    assert (finding.code, finding.details["nearest"]) == ("SH867", "weak")


@pytest.mark.parametrize(
    "own",
    [
        "drop: {old_flag: Не нужен}\n",
        "flags:\n  old_flag: {label: Свой, when: is_low, override: Иначе, SOURCE}\n",
    ],
)
def test_a_pack_that_overrides_or_drops_what_its_base_took_out_is_told(tmp_path: Path, own: str) -> None:
    written(tmp_path, body=BODY + RETIRED, name="base")
    _, findings = read_pack(written(tmp_path, "extends: base", body=own))
    (finding,) = findings
    assert (finding.code, finding.severity) == ("SH866", "error")
    assert "Отменён приказом № 5" in message(finding) and "«weak»" in message(finding)


def test_an_id_taken_out_still_reads_in_an_old_outcome_and_in_the_pack(tmp_path: Path) -> None:
    body = BODY.replace("  later: {label: Новый признак", "  old_flag: {label: Прежний признак")
    old = written(
        tmp_path, body=body.replace("when: later,", "when: old_flag,").replace(", valid: {from: 2024-01-01}", "")
    )
    with shsnor.evaluate(load_pack(old), TABLES, as_of=2022) as outcome:
        outcome.write(tmp_path / "out")
    written(tmp_path, body=BODY + RETIRED)  # the pack goes on without it
    told = command("explain", tmp_path / "out", "--school", "01", "--item", "old_flag")
    assert told.code == 0 and "Признак «Прежний признак»: присвоен" in told.out
    shown = command("pack", "show", tmp_path / "north", "old_flag").out
    assert "old_flag — был «Прежний признак»\n  Снят с 01.01.2024: Отменён приказом № 5\n  Вместо него: weak" in shown


@pytest.mark.parametrize("name", sorted(pack_folders()))
def test_a_shipped_pack_says_its_status_engine_and_changes(name: str) -> None:
    pack = load_pack(name)
    assert pack.head.status in ("active", "draft")
    assert pack.head.engine is not None and engine_fits(pack.head.engine, engine_version())
    assert changes_of(pack)[0].version == pack.head.version
