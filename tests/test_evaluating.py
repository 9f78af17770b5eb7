"""The whole way from a pack and tables to an outcome: what a user would notice of it."""

from __future__ import annotations

import csv
import itertools
import logging
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

import shsnor
from shsnor import DataError, PackError, UsageError

Rows = list[dict[str, str | None]]
DEMO = Path(shsnor.__file__).parent / "demo_region"
SOURCE = "source: {clause: п. 1, basis: stated}"
HEAD = """
format: 1
pack: {id: small, version: "1", title: Малый пакет}
sources: {order: {title: Приказ}}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[str], shsnor.Pack]:
    """A pack of the sections given."""

    def make(text: str) -> shsnor.Pack:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text(HEAD + text.replace("SOURCE", SOURCE), encoding="utf-8")
        return shsnor.load_pack(folder)

    return make


LOW = """
indicators:
  low: {label: Доля, unit: percent, from: results, value: 100.0 * sum(below_minimum) / sum(participants), SOURCE}
criteria:
  low_enough: {label: Много, indicator: low, at_least: 30, SOURCE}
flags:
  f: {label: Признак, when: low_enough, SOURCE, expert_may_decide: true}
"""
SCHOOLS: Rows = [{"school_id": s, "municipality": "м"} for s in ("01", "02", "03")]


def results(**low: int) -> Rows:
    """One row a school: 20 participants, so many below the minimum."""
    return [
        {"school_id": s.strip("s"), "year": "2022", "procedure": "ОГЭ", "grade": "9", "subject": "мат",
         "participants": "20", "below_minimum": str(n)}
        for s, n in low.items()
    ]  # fmt: skip


def verdicts(outcome: shsnor.Outcome, flag: str = "f") -> dict[str, str]:
    return {r.entity: r.verdict for r in outcome.flags.rows() if r.flag == flag}


def test_a_flag_a_threshold_and_a_school_without_rows(pack: Callable[[str], shsnor.Pack]) -> None:
    with shsnor.evaluate(pack(LOW), {"schools": SCHOOLS, "results": results(s01=6, s02=5)}, as_of=2022) as outcome:
        assert verdicts(outcome) == {"01": "met", "02": "not_met", "03": "unknown"}
        leaf = next(r for r in outcome.criterion_results.rows() if (r.entity, r.item) == ("01", "low_enough"))
        assert [leaf.value, leaf.numerator, leaf.denominator] == [Decimal(30), Decimal(6), Decimal(20)]
        assert (leaf.participants, leaf.threshold) == (20, Decimal(30))
        assert (leaf.clause, leaf.basis, leaf.threshold_from) == ("п. 1", "stated", "number")


def test_a_decision_replaces_a_verdict_and_both_are_kept(pack: Callable[[str], shsnor.Pack]) -> None:
    decisions: Rows = [
        {"entity": "03", "item": "f", "year": "2022", "verdict": "met", "role": "куратор", "reason": "данные утрачены"},
        {"entity": "01", "item": "f", "year": "2021", "verdict": "not_met", "role": "куратор", "reason": ""},
        {"entity": "01", "item": "low_enough", "year": "2022", "verdict": "not_met", "role": "куратор", "reason": ""},
    ]
    tables = {"schools": SCHOOLS, "results": results(s01=6), "decisions": decisions}
    with shsnor.evaluate(pack(LOW), tables, as_of=2022) as outcome:
        assert verdicts(outcome) == {"01": "met", "02": "unknown", "03": "met"}
        flag = next(r for r in outcome.flags.rows() if r.entity == "03")
        assert (flag.computed, flag.decided_by, flag.decision_reason) == ("unknown", "куратор", "данные утрачены")
        assert {r.code for r in outcome.issues.rows()} == {"SH503", "SH504"}


def test_a_decision_is_told_of_where_the_pack_lets_nobody_decide(pack: Callable[[str], shsnor.Pack]) -> None:
    decisions: Rows = [
        {"entity": "01", "item": "f", "year": "2022", "verdict": "met", "role": "куратор", "reason": "—"}
    ]
    tables = {"schools": SCHOOLS, "results": results(s01=1), "decisions": decisions}
    with shsnor.evaluate(pack(LOW.replace("expert_may_decide: true", "")), tables, as_of=2022) as outcome:
        assert verdicts(outcome)["01"] == "not_met"
        assert "SH503" in {r.code for r in outcome.issues.rows()}


def test_a_decision_that_is_none_stops_the_evaluation(pack: Callable[[str], shsnor.Pack]) -> None:
    decisions: Rows = [{"entity": "01", "item": "f", "year": "2022", "verdict": "да", "role": "", "reason": ""}]
    with pytest.raises(DataError) as error:
        shsnor.evaluate(pack(LOW), {"schools": SCHOOLS, "results": results(s01=6), "decisions": decisions}, as_of=2022)
    assert [f.code for f in error.value.findings.errors] == ["SH507"]


def test_without_a_procedure_its_rows_are_not_read(pack: Callable[[str], shsnor.Pack]) -> None:
    tables = {"schools": SCHOOLS, "results": results(s01=6, s02=5, s03=0)}
    by_procedure = LOW.replace("SOURCE}", "where: \"procedure = 'ОГЭ'\", SOURCE}", 1)
    with shsnor.evaluate(pack(by_procedure), tables, as_of=2022, without=["ОГЭ"]) as outcome:
        assert {(r.verdict, r.reason) for r in outcome.flags.rows()} == {("unknown", "not_held")}


def test_parameters_have_dates(pack: Callable[[str], shsnor.Pack]) -> None:
    dated = (
        LOW.replace("at_least: 30", "at_least: $limit")
        + """
parameters:
  limit: {label: Порог, unit: percent, values: {2021-01-01: 50, 2022-07-01: 20}, SOURCE}
"""
    )
    tables = {"schools": SCHOOLS, "results": results(s01=6, s02=5, s03=12)}
    the_pack = pack(dated)
    for as_of, expected in (("2022-06-30", "not_met"), ("2022-07-01", "met"), ("2022", "met")):
        with shsnor.evaluate(the_pack, tables, as_of=as_of) as outcome:
            assert verdicts(outcome)["02"] == expected
    with shsnor.evaluate(the_pack, tables, as_of=2022, parameters={"limit": 31}) as outcome:
        assert verdicts(outcome) == {"01": "not_met", "02": "not_met", "03": "met"}
        assert outcome.manifest.evaluation["parameters"]["limit"]["value"] == "31"
    with pytest.raises(PackError) as before:
        shsnor.evaluate(the_pack, tables, as_of="2020-12-31")
    assert [f.code for f in before.value.findings.errors] == ["SH501"]
    with pytest.raises(UsageError):
        shsnor.evaluate(the_pack, tables, as_of=2022, parameters={"limt": 3})


def test_levels_groups_and_the_nearest_schools(pack: Callable[[str], shsnor.Pack]) -> None:
    text = (
        LOW
        + """
tables: {context: {columns: {poor: {type: number}}}}
peers: {like: {label: Похожие, function: nearest, with: {indicators: [poor], k: 1}, SOURCE}}
"""
    )
    text = text.replace("criteria:", """  poor: {label: Бедность, unit: number, from: context, value: poor, SOURCE}
  town: {label: По городу, unit: percent, value: low, among: municipality, combine: pooled, SOURCE}
  peers_mean: {label: Похожие, unit: percent, value: low, among: {peers: like}, combine: mean, SOURCE}
  flagged: {label: Доля, unit: percent, value: f, among: region, combine: share, SOURCE}
  place: {label: Место, unit: count, value: low, better: lower, among: region, combine: rank, SOURCE}
criteria:""")  # fmt: skip
    schools: Rows = [{"school_id": s, "municipality": m} for s, m in (("01", "а"), ("02", "а"), ("03", None))]
    context: Rows = [{"school_id": s, "year": "2022", "poor": p} for s, p in (("01", "1"), ("02", "1,5"), ("03", "9"))]
    tables = {"schools": schools, "results": results(s01=6, s02=2, s03=4), "context": context}
    with shsnor.evaluate(pack(text), tables, as_of=2022) as outcome:
        found = {(r.indicator, r.entity): r.value for r in outcome.indicator_values.rows()}
        assert found["town", "а"] == 20
        assert [found["peers_mean", s] for s in ("01", "02", "03")] == [Decimal(10), Decimal(30), Decimal(10)]
        assert [found["place", s] for s in ("01", "02", "03")] == [3, 1, 2]
        assert round(float(found["flagged", "region"] or 0), 6) == 33.333333
        assert [(r.entity, r.peer) for r in outcome.peers.rows()] == [("01", "02"), ("02", "01"), ("03", "02")]


# The same answer


def demo_tables(shuffled: int | None = None) -> Mapping[str, Any]:
    tables: dict[str, Rows] = {}
    for path in sorted(DEMO.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows: Rows = list(csv.DictReader(file))
        if shuffled is not None:
            random.Random(shuffled).shuffle(rows)
        tables[path.stem] = rows
    return tables


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "run.json"}


@pytest.mark.parametrize("format", ["parquet", "csv", "json"])
def test_the_same_bytes_whatever_the_threads_and_the_order_of_rows(format: Any, tmp_path: Path) -> None:
    pack = shsnor.load_pack("federal")
    seen = []
    for name, threads, order in (("a", 1, None), ("b", 4, 1), ("c", 2, 2)):
        with shsnor.evaluate(pack, demo_tables(order), as_of=2022, settings={"threads": threads}) as outcome:
            outcome.write(tmp_path / name, format=format)
        seen.append(files(tmp_path / name))
    assert seen[0].keys() == seen[1].keys()
    different = [n for n in seen[0] if not seen[0][n] == seen[1][n] == seen[2][n]]
    assert different == []


def test_one_large_table_gives_the_same_bytes_on_any_number_of_threads(
    pack: Callable[[str], shsnor.Pack], tmp_path: Path
) -> None:
    """Many row groups: here DuckDB could mix the parts of the explanation."""
    schools = tmp_path / "schools.parquet"
    rows = tmp_path / "results.parquet"
    con = duckdb.connect()
    con.execute(
        f"COPY (SELECT lpad(i::VARCHAR, 6, '0') AS school_id, 'м' AS municipality FROM range(30000) t(i)) TO '{schools}'"
    )
    con.execute(
        "COPY (SELECT lpad(i::VARCHAR, 6, '0') AS school_id, 2022 AS year, 'ОГЭ' AS procedure, 9 AS grade, s AS subject, "
        "20 AS participants, (hash(i, s) % 21)::INTEGER AS below_minimum "
        f"FROM range(30000) t(i), (VALUES ('мат'), ('рус')) v(s)) TO '{rows}'"
    )
    con.close()
    many = LOW.replace(
        "flags:",
        "".join(f"  c{k}: {{label: Ещё, indicator: low, at_least: {k}, SOURCE}}\n" for k in range(20)) + "flags:",
    )
    seen = []
    for threads in (1, 2, 4):
        with shsnor.evaluate(
            pack(many), {"schools": schools, "results": rows}, as_of=2022, settings={"threads": threads}
        ) as outcome:
            outcome.write(tmp_path / str(threads))
        seen.append(files(tmp_path / str(threads)))
    assert seen[0] == seen[1] == seen[2]
    con = duckdb.connect()
    rows_in_order = con.execute(f"SELECT item FROM '{tmp_path / '1' / 'criterion_results.parquet'}'").fetchall()
    items = [item for item, _ in itertools.groupby(rows_in_order)]
    assert len(items) == len(set(items)) == 22  # the rows of an item stand together


WORKS = """
tables:
  works:
    entity: {school: school_id}
    key: []
    dimensions: [year, subject]
    columns: {school_id: {type: text}, year: {type: year}, subject: {type: text}, mark: {type: count, range: [2, 5]}}
indicators:
  mean: {label: Средняя, unit: number, from: works, value: sum(mark) / count(mark), SOURCE}
  by_subject: {label: По предметам, unit: number, from: works, value: sum(mark), by: [subject], SOURCE}
  middle: {label: Середина, unit: mark, from: works, value: median(mark), where: subject = 'мат', SOURCE}
  marked: {label: С отметкой, unit: number, from: works, value: "count(coalesce(mark, 0))", where: subject is null, SOURCE}
"""


def test_rows_read_in_place_give_what_the_same_rows_give_when_they_are_copied(
    pack: Callable[[str], shsnor.Pack], tmp_path: Path
) -> None:
    """A large Parquet file is scanned where it lies, grouped by numbers that stand for its values; a CSV file is copied."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE works AS SELECT 's' || (i % 50) AS school_id, CASE WHEN i % 4 = 0 THEN 2021 ELSE 2022 END AS year, "
        "CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN 'рус' WHEN 2 THEN 'история' ELSE 'мат' END AS subject, "
        "CASE WHEN i = 150 THEN NULL ELSE 2 + hash(i) % 4 END AS mark FROM range(510000) t(i)"
    )
    con.execute(f"COPY works TO '{tmp_path / 'works.parquet'}'")
    con.execute(f"COPY works TO '{tmp_path / 'works.csv'}'")
    schools = [{"school_id": f"s{i}", "municipality": "м"} for i in range(50)]
    found = []
    for name in ("works.parquet", "works.csv"):
        with shsnor.evaluate(pack(WORKS), {"schools": schools, "works": tmp_path / name}, as_of=2022) as outcome:
            found.append(list(outcome.indicator_values.rows()))
    assert found[0] == found[1]
    assert len({row.value for row in found[0] if row.indicator == "mean"}) > 10


def test_a_value_out_of_range_is_found_in_rows_that_are_read_in_place(
    pack: Callable[[str], shsnor.Pack], tmp_path: Path
) -> None:
    duckdb.connect().execute(
        f"COPY (SELECT 's1' AS school_id, 2022 AS year, 'мат' AS subject, CASE WHEN i = 77 THEN 6 ELSE 5 END AS mark "
        f"FROM range(510000) t(i)) TO '{tmp_path / 'works.parquet'}'"
    )
    tables = {"schools": [{"school_id": "s1", "municipality": "м"}], "works": tmp_path / "works.parquet"}
    with pytest.raises(DataError) as error:
        shsnor.evaluate(pack(WORKS), tables, as_of=2022)
    finding = error.value.findings.errors[0]
    assert (finding.code, finding.place.field, finding.place.row) == ("SH405", "mark", 78)


# What is left behind


def test_wrong_tables_leave_nothing_behind(pack: Callable[[str], shsnor.Pack], tmp_path: Path) -> None:
    wrong = [{**row, "below_minimum": "21"} for row in results(s01=6)] + [
        {**row, "participants": "много"} for row in results(s02=1)
    ]
    place = tmp_path / "temporary"
    place.mkdir()
    with pytest.raises(DataError) as error:
        shsnor.evaluate(
            pack(LOW), {"schools": SCHOOLS, "results": wrong}, as_of=2022, settings={"temp_directory": place}
        )
    assert {f.code for f in error.value.findings.errors} == {"SH404", "SH409"}
    assert list(place.iterdir()) == []


def test_it_logs_and_prints_nothing(pack: Callable[[str], shsnor.Pack], capfd: Any, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG, logger="shsnor"):
        shsnor.evaluate(pack(LOW), {"schools": SCHOOLS, "results": results(s01=6)}, as_of=2022).close()
    assert capfd.readouterr() == ("", "")
    assert any(record.name == "shsnor" for record in caplog.records)
