"""A small order and its evaluations in two or three years, for the tests of comparisons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shsnor.evaluating import evaluate
from shsnor.loading import load_pack
from shsnor.outcomes import Outcome

PACK = """
format: 1
pack: {id: small, version: "1", title: Порядок, entity: school}
sources: {order: {title: Приказ}}
parameters:
  low_limit:
    label: Порог
    unit: percent
    values: {2020-01-01: 30}
    source: {clause: "1", basis: stated}
indicators:
  low_share:
    label: Доля низких
    unit: percent
    better: lower
    from: results
    value: 100.0 * sum(below_minimum) / sum(participants)
    by: [subject, year]
    cells: [{procedure: ОГЭ, grade: 9, subject: [рус]}]
    source: {clause: "1", basis: stated}
  mean_score:
    label: Средний балл
    unit: point
    better: higher
    from: results
    value: 1.0 * sum(score_sum) / sum(participants)
    by: [year]
    cells: [{procedure: ЕГЭ, grade: 11, subject: рус}]
    source: {clause: "2", basis: stated}
  eff.1:
    label: Доля низких по району
    code: order.eff.1
    unit: percent
    better: lower
    from: results
    value: 100.0 * sum(below_minimum) / sum(participants)
    by: [year]
    cells: [{procedure: ОГЭ, grade: 9, subject: рус}]
    level: municipality
    source: {clause: "9", basis: stated}
  eff.change:
    label: Изменение доли низких по району
    unit: percentage_point
    better: lower
    value: '"eff.1"'
    over: [year]
    years: {last: 2}
    combine: change
    source: {clause: "9", basis: stated}
  marks:
    label: Отметок о мерах
    unit: count
    from: measures_taken
    value: "sum(case when status = 'done' then 1 else 0 end)"
    source: {clause: "6", basis: stated}
criteria:
  low_in:
    label: Низкий результат
    indicator: low_share
    at_least: $low_limit
    source: {clause: "1", basis: stated}
  eff.better:
    label: Стало лучше
    indicator: eff.change
    less_than: 0
    source: {clause: "9", basis: stated}
  done:
    label: Меры выполнены
    indicator: marks
    at_least: 1
    source: {clause: "6", basis: stated}
flags:
  low:
    label: Школа с низкими результатами
    when: {criterion: low_in, over: [subject, year], years: {last: 1}, met_in: any}
    expert_may_decide: true
    source: {clause: "1", basis: stated}
clusters:
  effect:
    label: Что дали меры
    first_match:
      - {id: done, label: Меры выполнены, when: done}
      - {id: other, label: Остальные, otherwise: true}
    source: {clause: "6", basis: stated}
measures:
  curator:
    label: Закрепить куратора
    when: low
    source: {clause: "5", basis: stated}
tasks:
  plan.1:
    label: Семинар
    code: order.plan.1
    kind: plan
    source: {clause: "7", basis: stated}
"""

SCHOOLS = ["А", "Б", "В", "Г", "Д", "Е"]


def schools(*codes: str) -> list[dict[str, Any]]:
    """The roster: these schools, all of one municipality."""
    return [{"school_id": code, "name": f"Школа {code}", "municipality": "Север"} for code in codes or SCHOOLS]


def exam(school: str, year: int, below: int | None, of: int = 20, subject: str = "рус") -> dict[str, Any]:
    """A school's ОГЭ: so many below the minimum, of so many."""
    row = {"school_id": school, "year": year, "procedure": "ОГЭ", "grade": "9", "subject": subject}
    return {**row, "participants": of, "below_minimum": below, "score_sum": None}


def score(school: str, year: int, mean: int) -> dict[str, Any]:
    """A school's ЕГЭ of ten pupils."""
    row = {"school_id": school, "year": year, "procedure": "ЕГЭ", "grade": "11", "subject": "рус"}
    return {**row, "participants": 10, "below_minimum": None, "score_sum": 10 * mean}


def evaluated(
    folder: Path, rows: list[dict[str, Any]], year: int, *, pack: tuple[str, str] = ("", ""), codes: list[str] | None = None,
    **given: Any,
) -> Outcome:  # fmt: skip
    """The outcome of the small pack over these results.

    pack    a text of the pack, and what stands in its place
    codes   the roster, else all schools
    given   tables by name; `parameters`
    """
    parameters = given.pop("parameters", None)
    text = PACK.replace(*pack) if pack[0] else PACK
    assert pack[0] in PACK
    place = folder / f"pack{abs(hash(text))}"
    place.mkdir(exist_ok=True)
    (place / "pack.yaml").write_text(text, encoding="utf-8")
    tables = {
        "schools": schools(*codes or ()),
        "results": rows,
        **{name: table for name, table in given.items() if table},
    }
    return evaluate(load_pack(place), tables, as_of=year, parameters=parameters)
