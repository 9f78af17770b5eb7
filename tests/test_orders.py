"""The rows of an order and its plan: by the command, and in the outcome."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import shsnor
from shsnor.checking import check_pack
from tests.command import shsnor as command

PACK = """
format: 1
pack: {id: order, version: "1", title: Порядок района}
sources: {order: {title: Приказ}}
tables:
  causes: {no_rows: анализ причин не проводился, columns: {cause: {type: text, empty: error, label: Причина}}}
indicators:
  low: {label: Низкий результат, unit: percent, from: results, value: 100.0 * sum(below_minimum) / sum(participants), SOURCE}
  staff: {label: Строк о кадрах, unit: count, from: causes, value: "sum(case when cause = 'staff' then 1 else 0 end)", SOURCE}
criteria:
  is_low: {label: Много, indicator: low, at_least: 30, SOURCE}
  by_staff: {label: Причина в кадрах, indicator: staff, at_least: 1, SOURCE}
flags:
  f: {label: Признак, when: is_low, SOURCE}
tasks:
  plan.10:
    {code: "п.10", label: Собрание, kind: plan, deadline: в декабре и январе, months: [12, 1], level: school,
    responsible: [директор], report: протокол, serves: [goal], SOURCE}
  plan.2: {code: "п.2", label: Разбор результатов, kind: plan, months: [9], SOURCE}
  plan.3: {label: По запросу, kind: plan, deadline: по запросу, SOURCE}
  goal: {label: Помочь школам, kind: goal, SOURCE}
measures:
  m.1:
    {code: "м.1", label: Помощь с кадрами, when: {all: [f, by_staff]}, stage: первый, months: [3, 4], due: 2023-04-30,
    report: отчёт, SOURCE}
"""
SOURCE = "source: {clause: п. 1, basis: stated}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "order").mkdir()
    (tmp_path / "order" / "pack.yaml").write_text(PACK.replace("SOURCE", SOURCE), encoding="utf-8")
    return tmp_path / "order"


def test_rows_are_found_by_their_numbers(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(command("pack", "rows", folder, "--format", "csv").out)))
    assert [(r["code"], r["section"], r["item"], r["basis"]) for r in rows] == [
        ("м.1", "measures", "m.1", "stated"), ("п.2", "tasks", "plan.2", "stated"), ("п.10", "tasks", "plan.10", "stated"),
    ]  # fmt: skip
    (row,) = json.loads(command("pack", "rows", folder, "--code", "п.2", "--format", "json").out)
    assert (row["label"], row["document"], row["clause"]) == ("Разбор результатов", "order", "п. 1")
    text = command("pack", "rows", folder, "--code", "п").out
    assert "п.2  Разбор результатов\n  задача plan.2; сказано в документе; пункт п. 1" in text
    assert "м.1" not in text
    gone = command("pack", "rows", folder, "--code", "п.4")
    assert (gone.code, gone.out) == (1, "")
    assert "п.4" in gone.err


def test_one_number_twice_is_a_finding(folder: Path) -> None:
    path = folder / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"м.1"', '"п.2"'), encoding="utf-8")
    (finding,) = check_pack(shsnor.load_pack(folder)).errors
    assert (finding.code, finding.place.key) == ("SH226", "measures.m.1.code")
    assert finding.details["first"] == "tasks.plan.2"


def test_the_plan_goes_from_september_to_august(folder: Path) -> None:
    lines = [line.strip() for line in command("pack", "tasks", folder).out.splitlines() if line.strip()]
    told = "срок: в декабре и январе; отвечают: директор; отчёт: протокол; уровень: школа; служит: goal"
    assert lines == [
        "Порядок района", "Сентябрь", "п.2  Разбор результатов", "Декабрь", "п.10  Собрание", told, "Январь", "п.10  Собрание",
        told, "Срок назван словами", "plan.3  По запросу", "срок: по запросу", "Без срока", "goal  Помочь школам",
    ]  # fmt: skip
    january = command("pack", "tasks", folder, "--month", 1).out
    assert "Собрание" in january
    assert "Разбор" not in january
    assert command("pack", "tasks", folder, "--month", 13).code == 2


def evaluated(folder: Path, causes: list[dict[str, object]]) -> shsnor.Outcome:
    row = {"year": 2022, "procedure": "ОГЭ", "grade": "9", "subject": "мат", "participants": 20}
    tables = {
        "schools": [{"school_id": s, "municipality": "м"} for s in ("01", "02", "03")],
        "results": [{**row, "school_id": s, "below_minimum": n} for s, n in (("01", 10), ("02", 10), ("03", 0))],
        "causes": causes,
    }
    return shsnor.evaluate(shsnor.load_pack(folder), tables, as_of=2022)


def test_the_outcome_holds_the_plan_and_all_that_a_measure_says(folder: Path) -> None:
    with evaluated(folder, [{"school_id": "01", "year": 2022, "cause": "staff"}]) as outcome:
        tasks = {row.item: row for row in outcome.tasks.rows()}
        assert list(tasks) == ["plan.10", "plan.2", "plan.3", "goal"]
        held = tasks["plan.10"]
        assert (held.code, held.kind, held.level, held.report) == ("п.10", "plan", "school", "протокол")
        assert [json.loads(x) for x in (held.months, held.responsible, held.serves)] == [
            [12, 1],
            ["директор"],
            ["goal"],
        ]
        (measure,) = outcome.recommendations.rows(entity="01")
        assert (measure.status, measure.code, measure.stage, measure.report) == (
            "recommended",
            "м.1",
            "первый",
            "отчёт",
        )
        assert (json.loads(measure.months), measure.due, measure.absent) == ([3, 4], "2023-04-30", "")


def test_what_no_row_means_is_said_in_the_packs_words(folder: Path) -> None:
    with evaluated(folder, [{"school_id": "01", "year": 2022, "cause": "other"}]) as outcome:
        assert [(r.entity, r.status, r.reason, r.absent) for r in outcome.recommendations.rows()] == [
            ("02", "undecided", "no_row", "анализ причин не проводился")  # 01 was analysed, 03 has no low results
        ]
        text = shsnor.explain(outcome, "02").text("ru")
        assert "Помощь с кадрами; анализ причин не проводился" in text
        rule = shsnor.explain(outcome, "02", "by_staff").text("ru")
        assert "неизвестно: анализ причин не проводился" in rule
        assert "рекомендована 0, не решено 1 (анализ причин не проводился: 1)" in " ".join(
            outcome.summary("ru").text().split()
        )


def test_a_table_that_is_not_there_is_named_in_the_summary(folder: Path) -> None:
    tables = {"schools": [{"school_id": "01", "municipality": "м"}]}
    with shsnor.evaluate(shsnor.load_pack(folder), tables, as_of=2022) as outcome:
        assert "то, что на них стоит, неизвестно): causes, results" in outcome.summary("ru").text()
        assert {row.verdict for row in outcome.flags.rows()} == {"unknown"}
