"""The mutation score: what is changed, what cases notice of it, and that many changes at once come out as each by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from shsnor.errors import PackError
from shsnor.loading import load_pack
from shsnor.pack import Pack
from shsnor.packtests import covered_by, read_cases, run_cases, score_of
from shsnor.packtests.mutants import Mutant, mutants_of
from shsnor.packtests.references import names_in, renamed
from shsnor.packtests.running import run_all
from tests.command import shsnor

PACK = """
format: 1
pack: {id: north, version: "1", title: Проба}
sources: {order: {title: Приказ}}
parameters:
  low_limit:
    label: Порог
    unit: percent
    values: {2020-01-01: 30}
    source: {clause: "2", basis: stated}
  reading:
    label: Прочтение
    values: {2020-01-01: one}
    source: {clause: "2", basis: stated}
indicators:
  kind: {label: Вид, unit: text, from: schools, value: kind, source: {clause: "1", basis: stated}}
  pupils: {label: Учеников, unit: count, from: schools, value: pupils, source: {clause: "1", basis: stated}}
  index: {label: Индекс, unit: point, function: social_index, with: {plus: [pupils]}, source: {clause: "1", basis: stated}}
  share:
    label: Доля ниже минимума
    unit: percent
    from: results
    value: 100.0 * sum(below_minimum) / sum(participants)
    by: [subject, year]
    cells: [{procedure: ОГЭ, grade: 9, subject: [рус, мат]}]
    minimum: {participants: 5}
    applies_to: counted
    source: {clause: "1", basis: stated}
  twice: {label: Вдвое, unit: percent, value: 2 * share, source: {clause: "1", basis: stated}}
criteria:
  counted: {label: Не начальная, not: {indicator: kind, is_in: [НОШ, сад]}, source: {clause: "1", basis: stated}}
  low_in: {label: Низко, indicator: twice, at_least: $double, source: {clause: "2", basis: stated}}
  above: {label: Выше своего порога, indicator: share, more_than: $low_limit, source: {clause: "2", basis: stated}}
  low:
    label: Низкие результаты
    criterion: low_in
    over: [subject, year]
    years: {last: 2}
    met_in: {at_least: 2}
    expert_may_decide: true
    source: {clause: "2", basis: stated}
  lower_half:
    label: Нижние
    indicator: index
    at_most: {among: region, combine: {lowest: 50}}
    source: {clause: "1", basis: stated}
  by_reading:
    label: По прочтению
    choose: $reading
    options: {one: low, two: {all: [low, lower_half]}}
    source: {clause: "2", basis: stated}
flags:
  weak: {label: Слабая, when: {any: [by_reading, few]}, source: {clause: "3", basis: stated}}
clusters:
  groups:
    label: Группы
    first_match: [{id: both, when: {all: [low, lower_half]}}, {id: low, when: low}, {id: rest, otherwise: true}]
    source: {clause: "3", basis: stated}
measures:
  curator: {label: Куратор, when: weak, source: {clause: "4", basis: stated}}
  visit: {label: Визит, when: {cluster: groups, is: both}, source: {clause: "4", basis: stated}}
"""
MORE = """
  double: {label: Порог вдвое, unit: percent, values: {2020-01-01: 60}, source: {clause: "2", basis: stated}}
"""
FEW = """
  few: {label: Мало, indicator: pupils, less_than: 10, missing: not_met, source: {clause: "2", basis: stated}}
"""
CASE = """
- name: {name}
  as_of: 2022
  parameters: {{reading: {reading}}}
  tables:
    schools: |
      school_id | kind | pupils
      А         | СОШ  | 50
      Б         | СОШ  | 100
      В         | НОШ  | {pupils}
    results: |
      school_id | year | procedure | grade | subject | participants | below_minimum
      А         | 2022 | ОГЭ       | 9     | рус     | 10           | 3
      А         | 2022 | ОГЭ       | 9     | мат     | 10           | 3
      А         | 2021 | ОГЭ       | 9     | рус     | 10           | 0
      А         | 2021 | ОГЭ       | 9     | мат     | 10           | 0
      Б         | 2022 | ОГЭ       | 9     | рус     | 100          | 29
      Б         | 2022 | ОГЭ       | 9     | мат     | 100          | 31
      Б         | 2021 | ОГЭ       | 9     | рус     | 10           | 0
      Б         | 2021 | ОГЭ       | 9     | мат     | 10           | 0
    decisions: [{{entity: В, item: low, year: 2022, verdict: met, role: эксперт, reason: Пример}}]
  expect: {expect}
"""
FIRST = "{А: {low: met, groups: both, measures: [curator, visit]}, В: {weak: met}}"
SECOND = "{Б: {low: not_met, weak: not_met, groups: rest}, В: {weak: met}}"
CASES = [
    {"name": "Первый", "reading": "one", "pupils": 9, "expect": FIRST},
    {"name": "Второй", "reading": "two", "pupils": 10, "expect": SECOND},
]


#: Each mutant by itself is an evaluation: every third shows as much.
SAMPLED = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    text = PACK.replace("\nindicators:", MORE.rstrip() + "\nindicators:").replace("\nflags:", FEW.rstrip() + "\nflags:")
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    write(tmp_path, *CASES)
    return tmp_path


def write(folder: Path, *cases: dict[str, object]) -> None:
    (folder / "tests" / "cases.yaml").write_text("".join(CASE.format(**case) for case in cases), encoding="utf-8")


def changed(pack: Pack, mutant: Mutant) -> Pack:
    """The pack with the change made in it."""
    items = dict(getattr(pack.document, mutant.section))
    items[mutant.item] = type(items[mutant.item]).model_validate(mutant.written)
    return replace(pack, document=pack.document.model_copy(update={mutant.section: items}))


def test_every_threshold_comparison_and_condition_is_changed(folder: Path) -> None:
    mutants = mutants_of(load_pack(folder))
    assert len({mutant.id for mutant in mutants}) == len(mutants)
    assert Counter(mutant.item for mutant in mutants if mutant.section in ("criteria", "parameters")) == {
        "low_limit": 2, "double": 2, "counted": 4, "low_in": 2, "above": 2, "low": 2, "lower_half": 4, "by_reading": 2, "few": 5,
    }  # fmt: skip
    ids = {mutant.id: mutant for mutant in mutants}
    assert ids["low_limit/values/2020-01-01: 30 → 31"].kind == "threshold"
    assert ids["low_in/at_least: at_least → less_than"].kind == "comparison"
    assert ids["counted/not/is_in/0: НОШ → -"].kind == "dropped"
    assert ids["few/missing: not_met → -"].kind == "missing"
    assert ids["low/met_in/at_least: 2 → 1"].kind == "met_in"
    assert ids["groups/first_match/0: both → low"].kind == "swapped"
    lines = [
        ids[f"share/{change}"].place.line or 0
        for change in ("minimum/participants: 5 → 4", "applies_to: applies_to counted → -")
    ]
    assert lines[1] - lines[0] == 1


def test_a_threshold_moves_by_its_last_written_digit(folder: Path) -> None:
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    (folder / "pack.yaml").write_text(text.replace("2020-01-01: 30", "2020-01-01: 3.50"), encoding="utf-8")
    moved = [mutant.after for mutant in mutants_of(load_pack(folder)) if mutant.item == "low_limit"]
    assert moved == ["3.49", "3.51"]


def test_many_changes_at_once_come_out_as_each_by_itself(folder: Path) -> None:
    pack = load_pack(folder)
    cases, _ = read_cases(pack)
    scored = score_of(pack, run_cases(pack))
    assert scored.missed
    for mutant in mutants_of(pack)[::SAMPLED]:
        try:
            ran = run_all(changed(pack, mutant), cases)
        except PackError:
            continue  # a pack that the check refuses: no case has to notice that
        first = next((result.case.id for result in ran.results if not result.passed), None)
        assert (mutant.id in scored.noticed) == (first is not None), (mutant.id, first)


def test_a_new_case_notices_more(folder: Path) -> None:
    pack = load_pack(folder)
    before = score_of(pack, run_cases(pack))
    assert "above/more_than: more_than → at_least" in {mutant.id for mutant in before.missed}
    more = "{А: {above: [{subject: рус, year: 2022, is: not_met}]}, Б: {above: [{subject: мат, year: 2022, is: met}]}}"
    write(folder, *CASES, CASES[0] | {"name": "Ровно порог", "expect": more})
    pack = load_pack(folder)
    after = score_of(pack, run_cases(pack))
    assert after.percent > before.percent
    assert {m.id for m in before.missed} - {m.id for m in after.missed} >= {
        "above/more_than: more_than → at_least", "above/more_than: more_than → at_most",
        "low_limit/values/2020-01-01: 30 → 29", "low_limit/values/2020-01-01: 30 → 31",
    }  # fmt: skip


def test_a_change_is_noticed_in_a_year_that_others_ask_for(folder: Path) -> None:
    """Only `low`, of which the case says nothing, looks at the year before."""
    case = """
- name: Ровно порог год назад
  as_of: 2022
  tables:
    schools: [{school_id: А, kind: СОШ}]
    results: |
      school_id | year | procedure | grade | subject | participants | below_minimum
      А         | 2021 | ОГЭ       | 9     | рус     | 10           | 3
  expect:
    А: {low_in: [{subject: рус, year: 2021, is: met}]}
"""
    (folder / "tests" / "cases.yaml").write_text(case, encoding="utf-8")
    pack = load_pack(folder)
    missed = {mutant.id for mutant in score_of(pack, run_cases(pack)).missed}
    assert "double/values/2020-01-01: 60 → 61" not in missed
    assert "double/values/2020-01-01: 60 → 59" in missed


def test_what_makes_no_difference_is_accepted_with_a_reason(folder: Path) -> None:
    pack = load_pack(folder)
    before = score_of(pack, run_cases(pack))
    change = before.missed[0].id
    accepted = folder / "tests" / "accepted.yaml"
    accepted.write_text(f"mutants:\n  - {{change: {change!r}, because: так}}\n", encoding="utf-8")
    run = run_cases(load_pack(folder))
    after = score_of(run.pack, run)
    assert [mutant.id for mutant in after.accepted] == [change]
    assert (after.all, len(after.noticed)) == (before.all - 1, len(before.noticed))
    noticed = next(iter(before.noticed))
    accepted.write_text(f"mutants:\n  - {{change: {noticed!r}, because: так}}\n  - {{change: нет}}\n", encoding="utf-8")
    run = run_cases(load_pack(folder))
    assert [finding.code for finding in run.findings] == ["SH202"]
    accepted.write_text(f"mutants:\n  - {{change: {noticed!r}, because: так}}\n", encoding="utf-8")
    run = run_cases(load_pack(folder))
    found = run.with_findings(covered_by(run.pack, run), score_of(run.pack, run))
    assert [(f.code, f.details["what"], f.severity) for f in found] == [("SH882", noticed, "warning")]


def test_the_command_tells_the_score_and_what_was_missed(folder: Path) -> None:
    run = shsnor("pack", "test", folder, "--mutants")
    assert run.code == 0, run.err
    assert "Изменения пакета, замеченные примерами: " in run.out
    assert "above: «больше» заменено на «не меньше»" in run.out
    assert 'change: "above/more_than: more_than → at_least"' in run.out
    assert shsnor("pack", "test", folder, "--least", "100").code == 1


def test_names_are_found_and_renamed_where_they_stand(folder: Path) -> None:
    written = {
        "label": "share", "value": "2 * share + \"eff.1.1\" - $share + case when kind = 'share' then 1 end",
        "among": {"same": ["kind"], "peers": "alike", "meeting": {"all": ["low", {"indicator": "share", "is": "share"}]}},
        "with": {"plus": ["pupils"], "k": "$k"},
    }  # fmt: skip
    assert names_in(written) >= {
        ("item", "share"), ("item", "eff.1.1"), ("parameter", "share"), ("item", "kind"), ("peers", "alike"), ("item", "low"),
        ("item", "pupils"), ("parameter", "k"),
    }  # fmt: skip
    new = renamed(written, lambda kind, name: "other" if (kind, name) == ("item", "share") else name)
    assert new["value"] == "2 * other + \"eff.1.1\" - $share + case when kind = 'share' then 1 end"
    assert new["among"]["meeting"]["all"] == ["low", {"indicator": "other", "is": "share"}]
    assert new["label"] == "share"
