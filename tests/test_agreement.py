"""The engine against the naive reference on random packs and tables, and against itself where input says the same.

`SHSNOR_EXAMPLES` is the number of cases for each test (200 here, 2,000 in CI, more at night).
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from shsnor import computing, copying, evaluate, load_pack
from shsnor.rendering import layout
from tests.reference import changes
from tests.reference.changes import Facts, assert_same, expected_facts
from tests.reference.evaluator import evaluate as evaluate_naively
from tests.reference.handmade import result_rows, schools
from tests.reference.random_tables import Rows, columns_of
from tests.reference.strategies import Case, cases, write_csv, write_pack

agreement = settings(
    deadline=None,
    max_examples=int(os.environ.get("SHSNOR_EXAMPLES", "200")),
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
#: The agreement runs in parts, so that both cores have work.
SHARDS = 8
fewer = settings(agreement, max_examples=max(10, agreement.max_examples // 20), derandomize=True, database=None)


def engine_facts(outcome: Any, flags: Mapping[str, Any]) -> Facts:
    """All that the engine found; a flag may stand among the criteria's rows too, it is read from `flags`."""
    facts: Facts = {}
    for row in outcome.indicator_values.rows():
        facts["value", row.level, row.entity, row.indicator, row.dimensions] = (row.value, row.text, row.reason)
    for row in outcome.criterion_results.rows():
        if row.path == "" and row.item not in flags:
            facts["verdict", row.level, row.entity, row.item, row.dimensions] = (row.verdict, row.reason)
    for row in outcome.flags.rows():
        facts["verdict", row.level, row.entity, row.flag, "{}"] = (row.verdict, row.reason)
    for row in outcome.clusters.rows():
        facts["cluster", row.level, row.entity, row.cluster, "{}"] = (row.label, row.reason)
    for row in outcome.recommendations.rows():
        facts["measure", row.level, row.entity, row.measure, "{}"] = (row.status,)
    return facts


def run_engine(case: Case, tables: Mapping[str, Rows] | None = None, **more: Any) -> Facts:
    """Tables go in as lists of dicts; if one is empty, so without columns there, as a folder of CSV files."""
    tables = case.given if tables is None else tables
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / case.pack["pack"]["id"]
        write_pack(case, path)
        given_tables: Any = tables if all(tables.values()) else write_tables(tables, Path(folder) / "tables")
        outcome = evaluate(load_pack(path), given_tables, as_of=case.as_of, **more)
        return engine_facts(outcome, case.pack["flags"])


def write_tables(tables: Mapping[str, Rows], folder: Path, cut: int | None = None) -> Path:
    """The tables as CSV files; with `cut` the results in two."""
    folder.mkdir()
    for name, rows in tables.items():
        if name == "results" and cut is not None:
            (folder / name).mkdir()
            write_csv(folder / name / "part1.csv", columns_of(name), rows[:cut])
            write_csv(folder / name / "part2.csv", columns_of(name), rows[cut:])
        else:
            write_csv(folder / f"{name}.csv", columns_of(name), rows)
    return folder


# Agreement


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_engine_agrees_with_the_reference(shard: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases drawn from a seed: the same ones every day; `SHSNOR_SEED` draws others, for nights.

    Half of them are computed and written as those of a whole country are.
    """
    if shard % 2:
        monkeypatch.setattr(computing, "FILED", 1)
        monkeypatch.setattr(copying, "LARGE", 1)
        # wide tables of one step, so that lists look at several of them
        monkeypatch.setattr(layout, "FEW", 1)
        monkeypatch.setattr(layout, "MOST", 1)

    @seed(1000 * int(os.environ.get("SHSNOR_SEED", "1")) + shard)
    @settings(agreement, max_examples=max(5, agreement.max_examples // SHARDS), database=None)
    @given(cases())
    def agree(case: Case) -> None:
        expected = expected_facts(evaluate_naively(case.pack, case.tables, case.as_of))
        assert_same(expected, run_engine(case))

    agree()


@fewer
@given(cases(), st.sampled_from(["one", "two"]), st.sampled_from(["1", "4"]))
def test_agreement_with_parameters_given(case: Case, reading: str, least: str) -> None:
    given_values = {"reading": reading, "least": least}
    expected = expected_facts(evaluate_naively(case.pack, case.tables, case.as_of, given_values))
    assert_same(expected, run_engine(case, parameters=given_values))


#: A school in no municipality, one of an unknown kind, and a year in which nothing was held.
WITHOUT_A_GROUP = """
format: 1
pack: {id: random, version: "1", title: т}
sources: {order: {title: П}}
not_held: [{cells: {year: 2021, procedure: [ОГЭ]}, because: б, source: {clause: '1', basis: stated}}]
indicators:
  kind: {SAID, unit: text, from: schools, value: kind}
  low: {SAID, unit: percent, better: lower, from: results, value: 100.0 * sum(below_minimum) / sum(participants),
        years: {from: 2021, to: 2021}, where: "procedure = 'ОГЭ'"}
  alone: {SAID, unit: percent, value: low, among: {within: municipality, without_self: true}, combine: pooled}
  alike: {SAID, unit: percent, value: low, among: {same: [kind]}, combine: pooled}
""".replace("SAID", "label: л, source: {clause: '1', basis: stated}")


def test_who_has_no_group_is_in_an_empty_one_whatever_was_held(tmp_path: Path) -> None:
    pack = yaml.load(WITHOUT_A_GROUP, yaml.BaseLoader)
    tables: dict[str, Rows] = {
        "schools": schools("А м1 СОШ", "Б м2 .", "В м3 ООШ", "Д м3 ООШ", "Г . СОШ"),
        "results": result_rows("А 2022 ОГЭ 9 рус 10 3 0 0", "Б 2022 ОГЭ 9 рус 10 3 0 0", "А 2020 ОГЭ 9 рус 10 5 0 0"),
    }
    (tmp_path / "pack.yaml").write_text(WITHOUT_A_GROUP, "utf-8")
    found = engine_facts(evaluate(load_pack(tmp_path), tables, as_of="2022"), {})
    assert_same(expected_facts(evaluate_naively(pack, tables, "2022")), found)
    reasons = {key[2:4]: value[2] for key, value in found.items() if key[:2] == ("value", "school")}
    assert (reasons["Г", "alone"], reasons["Б", "alike"], reasons["В", "alike"]) == (
        "empty_group", "empty_group", "not_held",
    )  # fmt: skip


# Input that says the same


@fewer
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_account(case: Case, randomness: random.Random) -> None:
    mixed = {name: randomness.sample(rows, len(rows)) for name, rows in case.given.items()}
    assert_same(run_engine(case), run_engine(case, mixed))


@fewer
@given(cases(), st.sampled_from([1, 2, 4]))
def test_the_number_of_threads_is_of_no_account(case: Case, threads: int) -> None:
    assert_same(run_engine(case), run_engine(case, settings={"threads": threads}))


@fewer
@given(cases(), st.integers(0, 40))
def test_a_table_may_come_in_two_files(case: Case, cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / case.pack["pack"]["id"]
        write_pack(case, path)
        outcome = evaluate(load_pack(path), write_tables(case.given, Path(folder) / "tables", cut), as_of=case.as_of)
        assert_same(run_engine(case), engine_facts(outcome, case.pack["flags"]))


@fewer
@given(cases())
def test_keys_are_only_names(case: Case) -> None:
    after = run_engine(case, changes.renamed_schools(case.given))
    assert_same(changes.renamed_facts(run_engine(case)), after)


@fewer
@given(cases(groups=False), st.sampled_from(["м1", "м9", None]))
def test_an_unrelated_school_changes_nothing_without_groups(case: Case, town: str | None) -> None:
    after = run_engine(case, changes.with_another_school(case.given, town))
    assert_same(run_engine(case), changes.without_the_other_school(after, case.given))


@fewer
@given(changes.with_a_gap())
def test_a_gap_can_only_make_unknown(drawn: tuple[Case, dict[str, Rows]]) -> None:
    case, gappy = drawn
    changes.assert_only_unknown_more(run_engine(case), run_engine(case, gappy))
