"""Tables read once and evaluated again: the same answers as an evaluation of its own, byte for byte, for less work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shsnor.demo import demo_region
from shsnor.evaluating import Workspace, evaluate
from shsnor.loading import load_pack
from shsnor.outcomes import Outcome
from shsnor.pack import Pack
from shsnor.rendering import layout
from tests.cache_cases import facts, in_place, small_pack, tables

EVALUATIONS: list[dict[str, Any]] = [
    {"as_of": 2022},
    {"as_of": 2022, "parameters": {"low_limit": "25"}},
    {"as_of": 2022, "parameters": {"min_participants": "0"}},
    {"as_of": 2022, "parameters": {"reading": "omsk_2025_any"}},
    {"as_of": 2021},
    {"as_of": 2022, "without": ["ВПР"]},
    {"as_of": 2022},
]


@pytest.fixture(scope="module")
def federal() -> Pack:
    return load_pack("federal")


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace(demo_region()) as opened:
        yield opened


def _contents(outcome: Outcome, to: Path) -> dict[str, str]:
    """Name -> hash of every file that is the same for the same inputs."""
    folder = outcome.write(to)
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir() if f.name != "run.json"}


@pytest.mark.parametrize("number", range(len(EVALUATIONS)))
def test_each_evaluation_is_what_it_would_be_alone(
    workspace: Workspace, federal: Pack, tmp_path: Path, number: int
) -> None:
    asked = EVALUATIONS[number]
    with workspace.evaluate(federal, **asked) as here, evaluate(federal, demo_region(), **asked) as alone:
        assert _contents(here, tmp_path / "here") == _contents(alone, tmp_path / "alone")


def test_another_threshold_reads_and_sums_nothing_again(workspace: Workspace, federal: Pack) -> None:
    workspace.flags(federal, as_of=2022)
    readings = workspace.readings
    run = workspace.run(federal, as_of=2022, parameters={"low_limit": "28.5"})
    assert workspace.readings == readings
    assert run.made.ran, "the threshold changes something"
    assert not [name for name in run.made.ran if name.startswith(("cube_", "cells_", "scan", "t_"))]


def test_the_same_evaluation_computes_nothing_again(workspace: Workspace, federal: Pack) -> None:
    workspace.run(federal, as_of=2022)
    assert workspace.run(federal, as_of=2022).made.ran == []


def test_flags_are_those_of_the_outcome(workspace: Workspace, federal: Pack) -> None:
    found = workspace.flags(federal, as_of=2022)
    with workspace.evaluate(federal, as_of=2022) as outcome:
        rows: dict[str, dict[str, str]] = {}
        for row in outcome.flags.rows():
            rows.setdefault(row.flag, {})[row.entity] = row.verdict
    assert found == rows


def test_a_pack_that_asks_for_more_has_the_tables_read_again(federal: Pack) -> None:
    with Workspace(demo_region()) as workspace:
        workspace.flags(federal, as_of=2022)
        alone = workspace.readings
        workspace.flags(load_pack("sverdlovsk"), as_of=2022)
        assert workspace.readings == alone + 1


def test_sums_that_one_query_read_serve_many_in_the_next_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place(monkeypatch)
    files = [facts(tmp_path / f"{year}.parquet", year, key="i") for year in (2021, 2022)]
    schools = {"schools": [{"school_id": str(i), "municipality": "Юг"} for i in range(1, 5)], "facts": files}
    plain, by_subject = (small_pack(tmp_path / f"pack{by}", ["share", "all"], by=by) for by in ("", "[subject]"))
    with Workspace(schools) as workspace:
        for number, pack in enumerate((plain, by_subject, plain)):
            run = workspace.run(pack, as_of=2022)
            assert ("raw_facts" in run.made.ran) == (number == 0), "the rows are summed once"
            assert ("cube_facts" in run.made.ran) == (number == 1), "their cube is stored where many queries read it"
            with workspace.evaluate(pack, as_of=2022) as here, evaluate(pack, schools, as_of=2022) as alone:
                assert _contents(here, tmp_path / f"here{number}") == _contents(alone, tmp_path / f"alone{number}")
                assert any(row.value is not None for row in here.indicator_values.rows())


def test_tables_of_values_side_by_side_give_way_to_one_and_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that looks at two of them looks at a view; a pack of one indicator has a table in its place."""
    monkeypatch.setattr(layout, "FEW", 1)
    monkeypatch.setattr(layout, "MOST", 1)
    rows = facts(tmp_path / "2022.parquet", 2022)
    two, one = (small_pack(tmp_path / f"pack{len(names)}", names) for names in (["share", "all"], ["share"]))
    leaves = "[{indicator: share, at_least: 0.4}, {indicator: all, at_least: 23}]"
    source = "source: {clause: '1', basis: derived}"
    with (tmp_path / "pack2" / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write(f"criteria:\n  both: {{label: Оба, all: {leaves}, {source}}}\n")
        file.write(f"  some: {{label: Хоть один, any: {leaves}, {source}}}\n")
    two = load_pack(tmp_path / "pack2")
    with Workspace(tables(rows)) as workspace:
        for number, pack in enumerate((two, one, two, one)):
            with workspace.evaluate(pack, as_of=2022) as here, evaluate(pack, tables(rows), as_of=2022) as alone:
                assert _contents(here, tmp_path / f"here{number}") == _contents(alone, tmp_path / f"alone{number}")
                met = [row.verdict for row in here.criterion_results.rows(item="both") if not row.path]
                assert sorted(met) == ([] if pack is one else ["met", "met", "not_met", "not_met"])


def test_rows_that_are_not_to_be_stored_are_summed_once_beside_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place(monkeypatch)
    files = [facts(tmp_path / "facts.parquet", 2022, key="i")]
    schools = {"schools": [{"school_id": str(i), "municipality": "Юг"} for i in range(1, 5)], "facts": files}
    pack = small_pack(tmp_path / "pack", ["share", "counted"], more="persons: true")
    with Workspace(schools, cache=tmp_path / "cache") as workspace, evaluate(pack, schools, as_of=2022) as alone:
        for number in range(2):
            with workspace.evaluate(pack, as_of=2022) as here:
                assert _contents(here, tmp_path / f"here{number}") == _contents(alone, tmp_path / f"alone{number}")
    assert not list(tmp_path.glob("cache/**/*.parquet"))
