"""The form of a pack's items: what does not fit is found with its place, what fits gives no finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shsnor.errors import Findings
from shsnor.loading import load_pack
from shsnor.structure import check_structure

HEAD = "format: 1\npack: {id: north, version: '1', title: Проверочный пакет}\nsources: {order: {title: Приказ}}\n"
SOURCE = 'source: {clause: "1", basis: stated}'


def structure(tmp_path: Path, body: str) -> Findings:
    (tmp_path / "pack.yaml").write_text(HEAD + body, encoding="utf-8")
    return check_structure(load_pack(tmp_path))


def short(findings: Findings) -> list[tuple[str, str]]:
    """(code, key path below the item) of every finding."""
    return [(f.code, ".".join(f.place.key.split(".")[2:])) for f in findings]


def criterion(text: str) -> str:
    return f"criteria:\n  it: {{label: Критерий, {SOURCE}, {text}}}\n"


def indicator(text: str) -> str:
    return f"indicators:\n  it: {{label: Показатель, unit: percent, {SOURCE}, {text}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        "indicator: a, at_least: 30",
        "indicator: a, at_least: $low, missing: not_met",
        "indicator: a, less_than: {among: region, combine: mean}",
        "indicator: a, less_than: {value: b, over: [year], years: {last: 2}, combine: mean}",
        "indicator: a, known: true",
        "indicator: a, is_in: [СОШ, лицей], over: [subject], met_in: any",
        "criterion: {not: b}, over: [year], years: {last: 2, back: 1}, met_in: {share_more_than: 50}",
        "all: [a, {any: [b, {cluster: k, is: low}]}]",
        "of: [a, b, c], met_in: {at_least: 2}",
        "of: {a: 1, b: -2.5}, met_in: {at_least: 3}",
        "choose: $reading, options: {both: a, either: {not: b}}",
        "not: a, applies_to: b",
    ],
)
def test_criteria_of_the_format_have_no_finding(tmp_path: Path, text: str) -> None:
    assert short(structure(tmp_path, criterion(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "from: results, value: sum(a), where: \"subject = 'рус'\", by: [year], years: {from: 2021, to: 2023}",
        "from: results, value: sum(a), cells: [{grade: [5, 6], applies_to: b}], minimum: {a: $n}, at_least_known: 2",
        "from: results, value: sum(a), level: region",
        "value: a + b, round: 1, better: higher",
        "value: a, over: [year], years: {last_held: 3}, combine: slope",
        "value: a, among: {same: [k], without_self: true}, combine: {lowest: 25}, at_least_known: 2",
        "function: nearest, with: {k: 4}",
        "function: nearest",
        "choose: $reading, options: {one: a, two: {from: results, value: sum(a)}}",
    ],
)
def test_indicators_of_the_format_have_no_finding(tmp_path: Path, text: str) -> None:
    assert short(structure(tmp_path, indicator(text))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expert_may_decide: true", [("SH222", "")]),
        ("indicator: a", [("SH223", "")]),
        ("indicator: a, at_least: 1, less_than: 2", [("SH223", "")]),
        ("indicator: a, known: true, missing: met", [("SH221", "missing")]),
        ("indicator: a, at_least: 1, over: [year]", [("SH202", "")]),
        ("indicator: a, at_least: 1, met_in: any", [("SH202", "")]),
        ("indicator: a, at_least: 1, options: {x: b}", [("SH221", "options")]),
        ("criterion: a", [("SH202", ""), ("SH202", "")]),
        ("criterion: a, over: [], met_in: any", [("SH203", "over")]),
        ("criterion: a, over: [year, year], met_in: any", [("SH226", "over.1")]),
        ("criterion: a, over: [year], met_in: {at_least: 1, share_at_least: 50}", [("SH224", "met_in")]),
        ("criterion: a, over: [year], met_in: {share_at_least: 150}", [("SH203", "met_in.share_at_least")]),
        ("criterion: a, over: [year], met_in: {}", [("SH224", "met_in")]),
        ("criterion: a, over: [year], met_in: any, years: {last: 1, from: 2020}", [("SH224", "years")]),
        ("criterion: a, over: [year], met_in: any, missing: met", [("SH221", "missing")]),
        ("all: [a], any: [b]", [("SH222", "")]),
        ("all: [a], met_in: any", [("SH221", "met_in")]),
        ("all: [{indicator: a}]", [("SH223", "all.0")]),
        ("all: [{not: a, applies_to: b}]", [("SH221", "all.0.applies_to")]),
        ("of: [a, b]", [("SH202", "")]),
        ("of: {}, met_in: any", [("SH203", "of")]),
        ("cluster: k", [("SH223", "")]),
        ("cluster: k, is: a, is_in: [b]", [("SH223", "")]),
        ("cluster: k, at_least: 1, is: a", [("SH221", "at_least")]),
        ("choose: $p", [("SH202", "")]),
        ("choose: $p, options: {}", [("SH203", "options")]),
        ("choose: $p, options: {x: {indicator: a}}", [("SH223", "options.x")]),
        ("indicator: a, is_in: []", [("SH203", "is_in")]),
        ("indicator: a, less_than: {among: {without_self: true}, combine: mean}", [("SH224", "less_than.among")]),
        ("indicator: a, less_than: {among: region}", [("SH202", "less_than")]),
        ("indicator: lоw, at_least: 1", [("SH108", "indicator")]),
        ("all: [lоw]", [("SH108", "all.0")]),
    ],
)
def test_criteria_that_the_format_does_not_have(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert short(structure(tmp_path, criterion(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("better: higher", [("SH222", "")]),
        ("from: results", [("SH202", "")]),
        ("from: results, value: a, function: f", [("SH222", "")]),
        ("from: results, value: a, over: [year], combine: mean", [("SH221", "over"), ("SH221", "combine")]),
        ("value: a, by: [year]", [("SH221", "by")]),
        ("value: a, over: [year]", [("SH202", "")]),
        ("value: a, combine: mean", [("SH202", "")]),
        ("value: a, over: [year], among: region, combine: mean", [("SH222", "")]),
        ("value: a, years: {last: 2}", [("SH202", "")]),
        ("value: a, among: region, combine: {lowest: 25, highest: 25}", [("SH224", "combine")]),
        ("value: a, among: region, combine: {lowest: 125}", [("SH203", "combine.lowest")]),
        ("function: f, value: a", [("SH221", "value")]),
        ("value: a, with: {k: 1}", [("SH221", "with")]),
        ("choose: $p", [("SH202", "")]),
        ("choose: $p, options: {x: {unit: percent}}", [("SH222", "options.x")]),
        ("from: results, value: a, cells: []", [("SH203", "cells")]),
        ("from: results, value: a, cells: [{}]", [("SH203", "cells.0")]),
        ("from: results, value: a, cells: [{grade: []}]", [("SH203", "cells.0.grade")]),
        ("from: results, value: a, cells: [{grade: [5, 5]}]", [("SH226", "cells.0.grade.1")]),
        ("from: results, value: a, cells: [{year: 2021}]", [("SH231", "cells.0.year")]),
        ("from: results, value: a, years: {back: 1}", [("SH224", "years")]),
        ("from: results, value: a, years: {from: 2023, to: 2021}", [("SH233", "years")]),
        ("from: results, value: a, minimum: {}", [("SH203", "minimum")]),
        ("from: results, value: a, applies_to: {indicator: b}", [("SH223", "applies_to")]),
    ],
)
def test_indicators_that_the_format_does_not_have(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert short(structure(tmp_path, indicator(text))) == expected


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ("first_match: [{id: low, when: a}, {id: rest, otherwise: true}]", []),
        ("function: nearest, with: {k: 1}", []),
        ("override: x", [("SH222", "")]),
        ("first_match: [{id: low, when: a}]", [("SH202", "first_match.0")]),
        ("first_match: []", [("SH203", "first_match")]),
        (
            "first_match: [{id: rest, otherwise: true}, {id: low, when: a}, {id: x, otherwise: true}]",
            [("SH225", "first_match.0.otherwise")],
        ),
        ("first_match: [{id: low, when: a}, {id: low, otherwise: true}]", [("SH226", "first_match.1.id")]),
        ("first_match: [{id: low}, {id: rest, otherwise: true}]", [("SH222", "first_match.0")]),
        ("first_match: [{id: rest, otherwise: true}], with: {k: 1}", [("SH221", "with")]),
        (
            "first_match: [{id: low, when: {all: [a], any: [b]}}, {id: rest, otherwise: true}]",
            [("SH222", "first_match.0.when")],
        ),
    ],
)
def test_clusters(tmp_path: Path, cases: str, expected: list[tuple[str, str]]) -> None:
    base_reason = "override" in cases
    body = f"clusters:\n  it: {{label: Кластеры, {SOURCE}, {'note: x' if base_reason else cases}}}\n"
    assert short(structure(tmp_path, body)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{clause: "1", basis: stated}', []),
        ('{clause: "-", basis: derived}', []),
        ('{clause: "-", basis: assumed, because: Нет пункта}', []),
        ('{clause: "1", basis: assumed}', [("SH227", "source")]),
        ('{clause: "-", basis: stated}', [("SH228", "source.clause")]),
    ],
)
def test_sources(tmp_path: Path, source: str, expected: list[tuple[str, str]]) -> None:
    assert short(structure(tmp_path, f"flags:\n  it: {{label: Признак, when: a, source: {source}}}\n")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unit: percent, values: {2020-01-01: 30, 2022-01-01: 35.5}", []),
        ("values: {2020-01-01: both}", []),
        ("values: {2020-01-01: 30}", [("SH202", "")]),
        ("unit: percent, values: {2020-01-01: 30, 2022-01-01: мало}", [("SH229", "values")]),
        ("unit: percent, values: {2020-01-01: both}", [("SH230", "unit")]),
    ],
)
def test_parameters(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert short(structure(tmp_path, f"parameters:\n  it: {{label: Порог, {SOURCE}, {text}}}\n")) == expected


def test_a_parameter_that_chooses_needs_no_unit_were_its_values_digits(tmp_path: Path) -> None:
    body = f"parameters:\n  it: {{label: Прочтение, {SOURCE}, values: {{2020-01-01: 1}}}}\n"
    assert short(structure(tmp_path, body + criterion("choose: $it, options: {1: a, 2: b}"))) == []


def test_a_code_of_the_document_belongs_to_one_item(tmp_path: Path) -> None:
    flag = f"label: Признак, when: a, {SOURCE}, code: '1.2'"
    findings = list(structure(tmp_path, f"flags:\n  one: {{{flag}}}\n  two: {{{flag}}}\n"))
    assert [(f.code, f.place.line, f.details["first"]) for f in findings] == [("SH226", 6, "flags.one")]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("{school: {table: schools, key: school_id}, region: {}}", []),
        ("{school: {table: schools, key: school_id}, municipality: {column: municipality}, region: {}}", []),
        ("{school: {table: schools, key: school_id}}", ["SH232"]),
        ("{school: {column: x}, region: {}}", ["SH202", "SH202", "SH232"]),
        ("{school: {table: schools, key: school_id}, region: {column: municipality}}", ["SH232"]),
        ("{school: {table: schools, key: school_id}, municipality: {}, region: {}}", ["SH202"]),
        ("{school: {table: schools, key: school_id}, okrug: {column: okrug}, region: {}}", ["SH310"]),
        ("{school: {table: shools, key: school_id}, region: {}}", ["SH309"]),
        ("{school: {table: schools, key: id}, region: {}}", ["SH310"]),
        ("{school: {table: schools, key: school_id, also: [grades]}, region: {}}", ["SH309"]),
    ],
)
def test_levels(tmp_path: Path, levels: str, expected: list[str]) -> None:
    assert sorted(f.code for f in structure(tmp_path, f"levels: {levels}\n")) == expected


COLUMNS = "school_id: {type: text}, year: {type: year}"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("key: [school_id, year], entity: {school: school_id}, columns: {%s}", []),
        ("key: [], columns: {%s}", []),
        ("columns: {%s}", [("SH202", "")]),
        ("key: [], columns: {}", [("SH203", "columns")]),
        ("key: [school_id, yaer], columns: {%s}", [("SH234", "key.1")]),
        ("key: [year, year], columns: {%s}", [("SH226", "key.1")]),
        ("key: [year], dimensions: [subject], columns: {%s}", [("SH234", "dimensions.0")]),
        ("key: [year], entity: {school: id}, columns: {%s}", [("SH234", "entity.school")]),
        ("key: [year], entity: {shool: school_id}, columns: {%s}", [("SH311", "entity.shool")]),
        ("key: [year], entity: {}, columns: {%s}", [("SH224", "entity")]),
        ("key: [year], columns: {%s, n: {type: count, at_most: m}}", [("SH234", "columns.n.at_most")]),
        ("key: [year], columns: {%s, n: {type: count, at_most: school_id}}", [("SH235", "columns.n.at_most")]),
        ("key: [year], columns: {%s, n: {type: text, digits: 2}}", [("SH235", "columns.n.digits")]),
        ("key: [year], columns: {%s, n: {type: number, values: [a]}}", [("SH235", "columns.n.values")]),
        ("key: [year], columns: {%s, n: {type: number, range: [5, 1]}}", [("SH233", "columns.n.range")]),
        ("key: [year], columns: {%s, n: {type: text, values: [a, a]}}", [("SH226", "columns.n.values.1")]),
        ("key: [year], columns: {%s, n: {type: text, aliases: [year]}}", [("SH226", "columns.n.aliases.0")]),
    ],
)
def test_tables(tmp_path: Path, table: str, expected: list[tuple[str, str]]) -> None:
    assert short(structure(tmp_path, f"tables:\n  it: {{{table.replace('%s', COLUMNS)}}}\n")) == expected


def test_what_is_added_to_a_standard_table_may_name_its_columns(tmp_path: Path) -> None:
    body = "tables:\n  results: {columns: {absent: {type: count, at_most: participants, label: Не пришли}}}\n"
    assert short(structure(tmp_path, body)) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("{year: 2020, procedure: [ОГЭ]}", []),
        ("{year: [2020, 2021]}", []),
        ("{procedure: ОГЭ}", ["SH202"]),
        ("{year: 2019/20}", ["SH203"]),
        ("{year: 2020, subject: []}", ["SH203"]),
    ],
)
def test_the_calendar(tmp_path: Path, cells: str, expected: list[str]) -> None:
    body = f"not_held: [{{cells: {cells}, because: Отменено, {SOURCE}}}]\n"
    assert [f.code for f in structure(tmp_path, body)] == expected


def test_every_finding_has_file_line_and_column(tmp_path: Path) -> None:
    body = criterion("indicator: a") + indicator("better: higher") + "levels: {school: {}}\n"
    findings: list[Any] = list(structure(tmp_path, body))
    assert len(findings) >= 4
    for finding in findings:
        assert finding.place.file.endswith("pack.yaml") and finding.place.line and finding.place.column


@pytest.mark.parametrize("name", ["federal"])
def test_shipped_packs_have_no_finding(name: str) -> None:
    assert list(check_structure(load_pack(name))) == []
