"""Cases that share an evaluation come out as they do by themselves: groups, levels, functions, decisions, parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from shsnor.host import find_plugins
from shsnor.loading import load_pack
from shsnor.packtests import CaseResult, run_case, run_cases
from shsnor.packtests.running import shared_tables
from shsnor.packtests.together import Together

PACK = """
format: 1
pack: {id: north, version: "1", title: Проба, region: Северная область}
sources: {order: {title: Приказ}}
tables:
  plans: {key: [stage], columns: {stage: {type: text}, done: {type: count}}}
  norms: {key: [subject], rows: norms.csv, columns: {subject: {type: text}, norm: {type: number, unit: percent}}}
parameters:
  low_limit: {label: Порог, unit: percent, values: {2020-01-01: 30}, source: {clause: "2", basis: stated}}
indicators:
  low_share:
    label: Доля ниже минимума
    unit: percent
    better: lower
    from: results
    value: 100.0 * sum(below_minimum) / sum(participants)
    source: {clause: "1", basis: stated}
  worst: {label: Хуже всех, unit: percent, value: low_share, among: region, combine: max, source: {clause: "1", basis: stated}}
  others:
    label: Остальные
    unit: percent
    value: low_share
    among: {same: [kind], without_self: true}
    combine: mean
    source: {clause: "1", basis: stated}
  of_district:
    label: По району
    unit: percent
    from: results
    value: 100.0 * sum(below_minimum) / sum(participants)
    level: municipality
    source: {clause: "1", basis: stated}
  place: {label: Место, unit: number, value: low_share, among: region, combine: rank, source: {clause: "1", basis: stated}}
  done: {label: Сделано, unit: count, from: plans, value: sum(done), source: {clause: "1", basis: stated}}
  norm: {label: Норма, unit: percent, from: norms, where: "subject = 'рус'", value: norm, source: {clause: "1", basis: stated}}
  kind: {label: Вид, unit: text, from: schools, value: kind, source: {clause: "1", basis: stated}}
  pupils: {label: Учеников, unit: count, from: schools, value: pupils, source: {clause: "1", basis: stated}}
  index: {label: Индекс, unit: point, function: social_index, with: {plus: [pupils]}, source: {clause: "1", basis: stated}}
criteria:
  low: {label: Низко, indicator: low_share, at_least: $low_limit, expert_may_decide: true, source: {clause: "2", basis: stated}}
  above_norm: {label: Выше нормы, indicator: low_share, more_than: norm, source: {clause: "2", basis: stated}}
flags:
  weak: {label: Низкие результаты, when: low, source: {clause: "3", basis: stated}}
peers:
  alike: {label: Похожие, function: nearest, with: {indicators: [pupils], k: 1}, source: {clause: "3", basis: stated}}
measures:
  curator: {label: Куратор, when: weak, source: {clause: "5", basis: stated}}
"""
CASE = """
- name: {name}
  as_of: {as_of}
{more}
  tables:
    schools: |
      school_id | municipality | kind | pupils
      А         | Первый       | СОШ  | {pupils}
      Б         | Первый       | СОШ  | 200
      В         |              | СОШ  | 300
    results: |
      school_id | year | procedure | grade | subject | participants | below_minimum
      А         | 2022 | ОГЭ       | 9     | рус     | 10           | {below}
      Б         | 2022 | ОГЭ       | 9     | рус     | 10           | 1
      В         | 2022 | ОГЭ       | 9     | рус     | 20           | 8
    plans: [{{stage: начало, done: {below}}}]
    decisions: [{{entity: Б, item: low, year: 2022, verdict: {verdict}, role: эксперт, reason: Пример}}]
  expect:
    А: {{low_share: {share}, low: {low}, others: 25, place: {place}, index: {index}, alike: [Б], above_norm: met}}
    Б: {{weak: {verdict}, measures: {measures}, index: {other}}}
    В: {{low_share: 40, index: 100, alike: [{alike}]}}
    Первый: {{of_district: {district}}}
    Северная область: {{worst: {worst}, done: {below}, norm: 5}}
"""
FIRST = {
    "name": "Первый", "as_of": 2022, "more": "", "below": 3, "share": 30, "low": "met", "worst": 40, "place": 2,
    "index": 0, "other": 50, "pupils": 100, "verdict": "met", "measures": "[curator]", "district": 20, "alike": "Б",
}  # fmt: skip
SECOND = FIRST | {
    "name": "Второй", "below": 9, "share": 90, "worst": 90, "place": 3, "index": 50, "other": 0, "pupils": 250,
    "verdict": "not_met", "measures": "[]", "district": 50, "alike": "А",
}  # fmt: skip
THIRD = FIRST | {"name": "С другим порогом", "more": "  parameters: {low_limit: 31}", "low": "not_met"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "norms.csv").write_text("subject,norm\nрус,5\n", encoding="utf-8")
    return tmp_path


def results_of(folder: Path, *cases: dict[str, object]) -> tuple[CaseResult, ...]:
    text = "".join(CASE.format(**case) for case in cases)
    (folder / "tests" / "cases.yaml").write_text(text, encoding="utf-8")
    results = run_cases(load_pack(folder))
    assert not list(results.findings)
    return results.results


def told(result: CaseResult) -> list[object]:
    return [*result.differences, *result.findings]


def test_each_case_is_a_region_of_its_own(folder: Path) -> None:
    results = results_of(folder, FIRST, SECOND, THIRD, FIRST | {"name": "Ещё раз"})
    assert [told(result) for result in results] == [[], [], [], []]
    pack = load_pack(folder)
    batches = list(shared_tables(pack, {n: r.case for n, r in enumerate(results)}, find_plugins(pack)))
    assert [len(batch.cases) for batch in batches] == [4]
    assert isinstance(batches[0], Together)
    assert [len(numbers) for numbers in batches[0].calls.values()] == [3, 1]


def test_each_case_comes_out_as_by_itself(folder: Path) -> None:
    wrong = [case | {"share": 31, "worst": 41, "index": 7, "district": 1} for case in (FIRST, SECOND, THIRD)]
    results = results_of(folder, *wrong)
    pack = load_pack(folder)
    for result in results:
        assert result.differences
        assert run_case(pack, result.case).differences == result.differences


def test_a_case_that_cannot_be_evaluated_spoils_no_other(folder: Path) -> None:
    results = results_of(
        folder, FIRST, FIRST | {"verdict": "perhaps"}, SECOND, FIRST | {"as_of": "вчера"}, FIRST | {"as_of": "2019"}
    )  # fmt: skip
    assert [result.passed for result in results] == [True, False, True, False, False]
    assert [sorted({f.code for f in result.findings.errors}) for result in results] == [
        [], ["SH507"], [], ["SH502"], ["SH501"],
    ]  # fmt: skip
