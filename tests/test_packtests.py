"""A pack's own cases: what holds passes, what does not is shown with what came out, what is mistyped is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from shsnor.loading import load_pack
from shsnor.pack import Pack
from shsnor.packtests import Case, CaseResult, read_cases, run_cases
from tests.command import shsnor

PACK = """
format: 1
pack: {id: north, version: "1", title: Проба}
sources: {order: {title: Приказ}}
indicators:
  low_share:
    label: Доля ниже минимума
    unit: percent
    from: results
    value: 100.0 * sum(below_minimum) / sum(participants)
    by: [subject]
    cells: [{procedure: ОГЭ, grade: 9, subject: [рус, мат]}]
    source: {clause: "1", basis: stated}
criteria:
  low_in:
    label: Низко по предмету
    indicator: low_share
    at_least: 30
    source: {clause: "2", basis: stated}
  small:
    label: Мало участников
    indicator: taking_part
    less_than: 10
    source: {clause: "2", basis: stated}
flags:
  low:
    label: Низкие результаты
    when: {criterion: low_in, over: [subject], met_in: any}
    source: {clause: "3", basis: stated}
clusters:
  groups:
    label: Группы
    first_match: [{id: bad, label: Плохо, when: low}, {id: good, label: Хорошо, otherwise: true}]
    source: {clause: "4", basis: stated}
measures:
  curator: {label: Куратор, when: low, source: {clause: "5", basis: stated}}
"""
MORE = """
  taking_part:
    label: Участников
    unit: count
    from: results
    value: sum(participants)
    source: {clause: "1", basis: stated}
"""

TABLES = """
  tables:
    schools: [{school_id: "01"}, {school_id: "02"}]
    results:
      - {school_id: "01", year: 2022, procedure: ОГЭ, grade: 9, subject: рус, participants: 3, below_minimum: 1}
      - {school_id: "01", year: 2022, procedure: ОГЭ, grade: 9, subject: мат, participants: 8, below_minimum: 1}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "pack.yaml").write_text(PACK.replace("criteria:", MORE.lstrip("\n") + "criteria:", 1), encoding="utf-8")
    return tmp_path


def pack_with(folder: Path, cases: str) -> Pack:
    (folder / "tests" / "low.yaml").write_text(cases, encoding="utf-8")
    return load_pack(folder)


def only(folder: Path, expect: str) -> CaseResult:
    """The result of one case that expects this of the two schools above."""
    pack = pack_with(folder, f"- name: Проба\n  as_of: 2022\n{TABLES.strip(chr(10))}\n  expect: {expect}\n")
    results = run_cases(pack)
    assert not list(results.findings)
    return results.results[0]


@pytest.mark.parametrize(
    "expect",
    [
        '{"01": {low: met, low_in: [{subject: рус, is: met}, {subject: мат, is: not_met}]}}',
        '{"01": {low_share: [{subject: рус, value: 33.33, tolerance: 0.01}, {subject: мат, is: 12.5}]}}',
        '{"01": {groups: bad, measures: [curator], taking_part: 11}}',
        '{"02": {low: {is: unknown, reason: no_row}, groups: unknown, measures: []}}',
        '{"02": {low_in: unknown}}',  # without dimensions: of every cell
    ],
)
def test_what_holds_passes(folder: Path, expect: str) -> None:
    result = only(folder, expect)
    assert result.passed, result


@pytest.mark.parametrize(
    ("expect", "item", "expected", "got"),
    [
        ('{"01": {low: not_met}}', "low", "not_met", "met"),
        ('{"01": {low_in: [{subject: мат, is: met}]}}', "low_in", "met", "not_met"),
        ('{"01": {low_in: met}}', "low_in", "met", "not_met"),
        ('{"01": {low_share: [{subject: рус, value: 33.33}]}}', "low_share", "33.33", "33.333333333"),
        ('{"01": {low_in: [{subject: физ, is: met}]}}', "low_in", "met", None),
        ('{"01": {groups: good}}', "groups", "good", "bad"),
        ('{"01": {measures: []}}', "measures", "[]", "[curator]"),
        ('{"02": {low: {is: unknown, reason: too_few}}}', "low", "unknown (too_few)", "unknown (no_row)"),
        ('{"02": {low: not_met}}', "low", "not_met", "unknown (no_row)"),
    ],
)
def test_what_does_not_hold_is_shown_with_what_came_out(
    folder: Path, expect: str, item: str, expected: str, got: str | None
) -> None:
    result = only(folder, expect)
    assert not result.passed
    (difference,) = result.differences
    assert (difference.item, difference.expected, difference.got) == (item, expected, got)
    assert result.explanations[difference.entity]


def test_a_school_that_is_not_there_fails(folder: Path) -> None:
    result = only(folder, '{"03": {low: met}}')
    assert [(d.entity, d.got) for d in result.differences] == [("03", None)]


def test_wrong_rows_fail_the_case_and_say_why(folder: Path) -> None:
    tables = '{schools: [{school_id: "01"}, {school_id: "01"}]}'
    case = f'- name: Проба\n  as_of: 2022\n  tables: {tables}\n  expect: {{"01": {{low: met}}}}\n'
    result = run_cases(pack_with(folder, case)).results[0]
    assert not result.passed
    assert result.findings.errors


@pytest.mark.parametrize(
    ("wrong", "line", "named", "nearest"),
    [
        ("- name: a\n  as_of: 2022\n  expct: {}\n  expect: {x: {low: met}}\n", 3, "expct", "expect"),
        ("- name: a\n  as_of: 2022\n  tables: {result: []}\n  expect: {x: {low: met}}\n", 3, "result", "results"),
        (
            "- name: a\n  as_of: 2022\n  tables:\n    schools: [{shool_id: x}]\n  expect: {x: {low: met}}\n",
            4,
            "shool_id",
            "school_id",
        ),
        ("- name: a\n  as_of: 2022\n  expect:\n    x: {lowe: met}\n", 4, "lowe", "low"),
        ("- name: a\n  as_of: 2022\n  parameters: {p: 1}\n  expect: {x: {low: met}}\n", 3, "p", None),
    ],
)
def test_a_mistyped_key_is_told_with_its_place(
    folder: Path, wrong: str, line: int, named: str, nearest: str | None
) -> None:
    cases, findings = read_cases(pack_with(folder, wrong))
    assert cases == []
    (finding,) = findings
    assert (finding.code, finding.place.line) == ("SH201", line)
    assert finding.details["name"] == named
    assert finding.details["nearest"] == nearest


@pytest.mark.parametrize(
    "wrong", ["- name: a\n  as_of: 2022\n", "name: a\n", "- just words\n", "- name: [a\n", "", "- {expect: 5}\n"]
)
def test_a_file_that_holds_no_cases_is_told(folder: Path, wrong: str) -> None:
    cases, findings = read_cases(pack_with(folder, wrong))
    assert cases == []
    assert findings.errors
    assert all((finding.place.file or "").endswith("low.yaml") for finding in findings)


def test_the_command_prints_each_case_and_fails_with_1(folder: Path) -> None:
    case = "- name: {}\n  as_of: 2022\n{}\n  expect: {}\n"
    tables = TABLES.strip("\n")
    pack_with(
        folder,
        case.format("Верный", tables, '{"01": {low: met}}') + case.format("Неверный", tables, '{"01": {low: not_met}}'),
    )
    run = shsnor("pack", "test", folder)
    assert run.code == 1, run.err
    assert "Верный" in run.out
    assert "ожидалось not_met, получено met" in run.out
    assert "выполнено: 1, не выполнено: 1" in run.out
    pack_with(folder, case.format("Верный", tables, '{"01": {low: met}}'))
    assert shsnor("pack", "test", folder).code == 0


def test_cases_know_their_file_and_line(folder: Path) -> None:
    one = '- name: А\n  as_of: 2022\n  without: ВПР\n  expect: {"01": {low: met}}\n'
    cases, findings = read_cases(pack_with(folder, f"# сначала слова\n{one}\n{one}"))
    assert not list(findings)
    assert [case.id for case in cases] == ["low.yaml:2", "low.yaml:7"]
    assert isinstance(cases[0], Case)
    assert cases[0].without == ("ВПР",)
