"""Cases as tables: rows and expectations one a line, and many schools of one kind by `each` and `examples`."""

from __future__ import annotations

from pathlib import Path

import pytest

from shsnor.loading import load_pack
from shsnor.packtests import CaseResult, read_cases, run_cases
from shsnor.packtests.grids import read_grid
from tests.test_packtests import TABLES, folder, pack_with

__all__ = ["folder"]  # the fixture

ROWS = """
  tables:
    schools: |
      school_id
      01
      02
    results: |
      school_id | year | procedure | grade | subject | participants | below_minimum
      --------- | ---- | --------- | ----- | ------- | ------------ | -------------
      01        | 2022 | ОГЭ       | 9     | рус     | 3            | 1
      # мат: ниже порога
      01        | 2022 | ОГЭ       | 9     | мат     | 8            | 1
"""
EXPECT = """
  expect: |
    | школа | low | low_in (subject рус) | low_in (subject мат) | low_share (subject рус) | groups  | measures |
    | 01    | met | met                  | not_met              | 33.33 ± 0.01            | bad     | curator  |
    | 02    | unknown (no_row) |         |                      | unknown                 | unknown | -        |
"""
EACH = """
- name: Порог 30 %
  as_of: 2022
  each:
    schools: [{school_id: <школа>}]
    results:
      - {school_id: <школа>, year: 2022, procedure: ОГЭ, grade: 9, subject: рус, participants: <всего>, below_minimum: <ниже>}
      - {school_id: <школа>, year: 2022, procedure: ОГЭ, grade: 9, subject: мат, participants: 10, below_minimum: 0}
  examples: |
    школа | всего | ниже | low     | low_share (subject рус)
    А     | 10    | 3    | met     | 30
    Б     | 100   | 29   | not_met | 29
    В     | 10    |      | unknown |
"""


def only(folder: Path, text: str) -> CaseResult:
    results = run_cases(pack_with(folder, text))
    assert not list(results.findings)
    (result,) = results.results
    return result


def test_rows_and_expectations_may_be_tables_of_text(folder: Path) -> None:
    result = only(folder, f"- name: Проба\n  as_of: 2022{ROWS}{EXPECT.strip(chr(10))}\n")
    assert result.passed, result
    changed = EXPECT.replace("| not_met ", "| met     ").replace("curator  |", "-        |")
    result = only(folder, f"- name: Проба\n  as_of: 2022{ROWS}{changed.strip(chr(10))}\n")
    assert [(d.item, dict(d.dimensions), d.expected, d.got) for d in result.differences] == [
        ("low_in", {"subject": "мат"}, "met", "not_met"),
        ("measures", {}, "[]", "[curator]"),
    ]


def test_one_line_of_examples_is_one_school(folder: Path) -> None:
    result = only(folder, EACH)
    assert result.passed, result
    assert {name: len(rows) for name, rows in result.case.tables.items()} == {"schools": 3, "results": 6}
    result = only(folder, EACH.replace("| 29   | not_met", "| 30   | not_met"))
    assert [(d.entity, d.item, d.got) for d in result.differences] == [("Б", "low", "met"), ("Б", "low_share", "30")]


def test_measures_may_be_expected_undecided(folder: Path) -> None:
    case = "- name: Проба\n  as_of: 2022\n{}\n  expect: {{'02': {{measures: [], undecided: {}}}}}\n"
    tables = TABLES.strip("\n")
    assert only(folder, case.format(tables, "[curator]")).passed
    assert [d.got for d in only(folder, case.format(tables, "[]")).differences] == ["[curator]"]


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "named"),
    [
        ("| 01    | met |", "| 01    | met | met |", "SH880", 16, {"cells": 8, "columns": 7}),
        ("| low |", "| lov |", "SH201", 15, {"name": "lov", "nearest": "low"}),
        ("| low |", "| low, yes |", "SH201", 15, {"name": "low, yes"}),
        ("participants |", "participans  |", "SH201", 9, {"name": "participans", "nearest": "participants"}),
        ("below_minimum\n", "grade\n", "SH881", 9, {"name": "grade"}),
        ("33.33 ± 0.01", "33.33 ± чуть", "SH203", 16, {"name": "tolerance"}),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_line(
    folder: Path, before: str, after: str, code: str, line: int, named: dict[str, object]
) -> None:
    text = f"- name: Проба\n  as_of: 2022{ROWS}{EXPECT.strip(chr(10))}\n"
    assert before in text
    cases, findings = read_cases(pack_with(folder, text.replace(before, after)))
    assert cases == []
    found = next(finding for finding in findings if finding.code == code)
    assert found.place.line == line
    assert named.items() <= found.details.items()


@pytest.mark.parametrize(
    ("before", "after", "name", "nearest"),
    [
        ("participants: <всего>", "participants: <всево>", "всево", "всего"),
        ("| low     |", "| lowe    |", "lowe", "low"),
        ("  examples: |", "  exampels: |", "exampels", "examples"),
    ],
)
def test_a_mistake_in_examples_is_told_with_what_there_is(
    folder: Path, before: str, after: str, name: str, nearest: str
) -> None:
    assert before in EACH
    cases, findings = read_cases(pack_with(folder, EACH.replace(before, after)))
    assert cases == []
    assert (name, nearest) in [(f.details.get("name"), f.details.get("nearest")) for f in findings]


def test_all_mistakes_of_a_case_come_at_once(folder: Path) -> None:
    wrong = "- nam: a\n  as_of: 2022\n  tables: {result: [], schools: [{shool_id: x}]}\n  expect: {x: {lowe: met}}\n"
    _, findings = read_cases(pack_with(folder, wrong))
    assert {f.details.get("name") for f in findings} >= {"nam", "result", "shool_id", "lowe"}


def test_a_file_of_cases_without_end_is_not_read_whole(folder: Path) -> None:
    pack_with(folder, "")
    with (folder / "tests" / "low.yaml").open("wb") as file:
        file.truncate(100_000_000)
    cases, findings = read_cases(load_pack(folder))
    assert cases == []
    assert [f.code for f in findings] == ["SH105"]


def test_a_grid_is_read_as_it_is_written() -> None:
    grid = read_grid("\na | b\n--|--\n 1 |  \n| 2 | x |\n")
    assert grid is not None
    assert [(row.line, row.cells) for row in (grid.header, *grid.rows)] == [
        (1, ("a", "b")), (3, ("1", "")), (4, ("2", "x")),
    ]  # fmt: skip
    assert read_grid(" \n# nothing\n") is None
