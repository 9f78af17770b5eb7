"""A region whose facts may lie elsewhere: a pack that uses all that is summed there, and its tables as Parquet."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pytest

import shsnor
from shsnor.reading import read_tables

ROWS = 10_000
YEAR = 2024

PACK = """
format: 1
pack: {id: far, version: "1", title: Данные в хранилище}
sources: {order: {title: Порядок}}
tables:
  students:
    entity: {school: school_id}
    persons: true
    key: [school_id, year, student]
    dimensions: [year, procedure, subject]
    columns:
      school_id: {type: text, empty: error}
      year: {type: year}
      procedure: {type: text, values: [ОГЭ, ЕГЭ]}
      subject: {type: text}
      student: {type: text}
      mark: {type: count, range: [2, 5]}
      points: {type: number, digits: 3, at_most: most}
      most: {type: number}
      below: {type: yes_no}
      sat: {type: date}
      note: {type: text}
  staff:
    entity: {school: school_id}
    unknown_entities: leave_out
    key: [school_id, year]
    columns:
      school_id: {type: text}
      year: {type: year}
      teachers: {type: count}
      hours: {type: number, digits: 2}
"""

#: An indicator of each kind of sum.
SUMS = {
    "below_share": "100.0 * sum(case when below then 1 else 0 end) / count(1)",
    "mean_points": "sum(points) / sum(case when points is not null and mark > 2 then most end)",
    "mean_mark": "sum(coalesce(mark, 0)) / count(mark)",
    "best": "max(points) - min(points)",
    "weighted": "sum(points * mark * 0.125 - abs(points - 50)) / sum(nullif(mark, 2))",
    "odd": "sum(mark % 2) + sum(floor(points)) - sum(ceil(points))",
    "late": "count(case when sat > '2024-05-20' then 1 end)",
    "noted": "count(case when trim(note) in ('да', 'ещё') or length(note) > 6 then 1 end)",
    "of_two": "sum(greatest(points, 50)) - sum(least(points, 50))",
}


def write_pack(folder: Path, **more: str) -> Any:
    """The pack with an indicator for each of SUMS, or of `more`, and a flag on the first; loaded."""
    where = "where: \"procedure = 'ОГЭ'\", years: {last: 2}, at_least_known: 1"
    formulas = more or SUMS
    lines = [
        f'  {name}: {{label: Показатель {i}, unit: number, better: lower, from: students, value: "{formula}", by: [subject], '
        f"{where}, source: {{clause: п. {i}, basis: stated}}}}"
        for i, (name, formula) in enumerate(formulas.items(), 1)
    ]
    staff = (
        '  load: {label: Нагрузка, unit: number, better: lower, from: staff, value: "sum(hours) / sum(teachers)", '
        "source: {clause: п. 20, basis: stated}}"
    )
    first = next(iter(formulas))
    flag = f"""
criteria:
  low: {{label: Много низких, indicator: {first}, at_least: 20, source: {{clause: п. 30, basis: stated}}}}
flags:
  low_results:
    label: Низкие результаты
    when: {{criterion: low, over: [subject], met_in: any}}
    source: {{clause: п. 31, basis: stated}}
"""
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([PACK, "indicators:", *lines, *([] if more else [staff]), flag])
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return shsnor.load_pack(folder)


#: Rows of students with gaps in every column, types as files have them: unsigned, doubles, floats, decimals.
STUDENTS = f"""
SELECT CAST(100000 + h % 40 AS INTEGER) AS school_id, CAST(2022 + h // 40 % 3 AS USMALLINT) AS year,
  CASE WHEN h // 120 % 2 = 0 THEN 'ОГЭ' ELSE 'ЕГЭ' END AS procedure,
  CASE h // 240 % 3 WHEN 0 THEN 'мат' WHEN 1 THEN 'рус' END AS subject, i AS student,
  CASE WHEN h // 720 % 11 > 0 THEN CAST(2 + h // 7200 % 4 AS UTINYINT) END AS mark,
  CASE WHEN h // 30000 % 13 > 0 THEN (h // 390000 % 100000) / 1000.0 + 0.0005 END AS points,
  CAST(100.5 AS DECIMAL(9, 2)) AS most, CASE WHEN h // 70 % 17 > 0 THEN h // 1190 % 3 = 0 END AS below,
  DATE '2024-05-01' + CAST(h // 97 % 40 AS INTEGER) AS sat,
  CASE h // 1000 % 5 WHEN 0 THEN 'да' WHEN 1 THEN 'ещё' WHEN 2 THEN 'it''s\\no' WHEN 3 THEN 'пропуск' END AS note
FROM (SELECT i, hash(i) // 16 AS h FROM range({ROWS}) r(i))
"""
STAFF = """
SELECT CAST(100000 + s AS VARCHAR) AS school_id, CAST(y AS INTEGER) AS year, CAST(10 + s % 7 AS DOUBLE) AS teachers,
  CAST(18.25 * (10 + s % 7) + y AS FLOAT) AS hours
FROM range(42) s(s), range(2022, 2025) y(y)
"""


SCHOOLS = """
SELECT CAST(100000 + s AS VARCHAR) AS school_id, 'Школа ' || s AS name, 'Район' AS municipality, 'СОШ' AS kind
FROM range(40) r(s)
"""


def write_tables(folder: Path) -> dict[str, str]:
    """name -> Parquet file; two schools of `staff` are not in the list of schools."""
    folder.mkdir(parents=True, exist_ok=True)
    queries = {
        "schools": SCHOOLS,
        "students": STUDENTS,
        "staff": STAFF,
    }
    for name, query in queries.items():
        duckdb.sql(f"COPY ({query}) TO '{folder / name}.parquet'")
    return {name: str(folder / f"{name}.parquet") for name in queries}


def read_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on DuckDB too leaves the rows of files where they are, however few: so it does with many."""
    monkeypatch.setattr("shsnor.computing.read_tables", functools.partial(read_tables, in_place_from=1))


def traces(pack: Any, tables: Any, folder: Path) -> dict[str, Any]:
    """Hash of each table of the outcome as it is written, and the evaluation's record."""
    with shsnor.evaluate(pack, tables, as_of=YEAR) as outcome:
        outcome.write(folder)
        found: dict[str, Any] = {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("*.parquet"))
        }
        return found | {"record": outcome.manifest.evaluation}


def codes(findings: Any) -> dict[str, dict[str, Any]]:
    """Code -> details of the errors of an exception."""
    return {f.code: {**f.details, "value": f.place.value, "field": f.place.field} for f in findings.errors}
