"""The benchmark measures what it says: the shapes it compares agree, and its tables tell what is missed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import shsnor
from bench import criteria, figures, peers, profiling, records, releases, rules, run, shapes
from bench.data import all_or_nothing, make
from bench.figures import Figure
from bench.measuring import Setting
from bench.targets import FIGURES, TARGETS

ROWS, SCHOOLS = 100_000, 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def region(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tables of the first schools of the country."""
    make(folder, ROWS)
    few = tmp_path_factory.mktemp("region")
    tables = {"schools": folder / "schools.parquet", "students": folder / f"students_{ROWS}.parquet"}
    with duckdb.connect() as con:
        for name, table in tables.items():
            con.execute(f"COPY (FROM '{table}' WHERE school_id < {SCHOOLS}) TO '{few / name}.parquet'")
    return {name: str(few / f"{name}.parquet") for name in tables}


def by_hand(statements: list[str]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for sql in statements:
        con.execute(sql)
    return con


@pytest.mark.parametrize("shape", ["one_pass_case", "one_pass_filter", "queries"])
def test_every_shape_by_hand_gives_what_the_base_gives(shape: str, region: dict[str, str]) -> None:
    source = f"'{region['students']}'"
    base, other = by_hand(rules.hand_written(source)), by_hand(shapes.statements(shape, source))
    query = "SELECT * FROM ind JOIN flags USING (school_id) ORDER BY school_id"
    with base, other:
        expected = base.execute(query).fetchall()
        found = {row[0]: row for row in other.execute(query).fetchall()}
    assert len(expected) > SCHOOLS / 2
    assert [found.pop(row[0]) for row in expected] == expected
    assert all(v is None for _, *values in found.values() for v in values)  # the base leaves out whom no indicator sees


def test_the_engine_decides_as_the_base_does(region: dict[str, str], tmp_path: Path) -> None:
    counted = [
        f"SELECT '{name}' AS item, CASE {name} WHEN TRUE THEN 'met' WHEN FALSE THEN 'not_met' ELSE 'unknown' END AS verdict, "
        "count(*) FROM flags GROUP BY ALL"
        for name, _, _ in rules.criteria(60, 60)
    ]
    pack = shsnor.load_pack(rules.write_pack(tmp_path))
    with shsnor.evaluate(pack, region, as_of=rules.YEAR) as outcome:
        results = outcome.write(tmp_path / "outcome") / "criterion_results.parquet"
    with by_hand(rules.hand_written(f"'{region['students']}'")) as con:
        base = con.execute(" UNION ALL ".join(counted) + " ORDER BY ALL").fetchall()
        engine = con.execute(
            f"SELECT item, verdict, count(*) FROM '{results}' WHERE path = '' "
            "AND entity IN (SELECT school_id::VARCHAR FROM ind) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    assert {verdict for _, verdict, _ in base} == {"met", "not_met", "unknown"}
    assert engine == base


def test_the_criteria_stage_measures_the_criteria_and_nothing_else(folder: Path) -> None:
    # it ends the benchmark where engine and SELECT do not agree
    found = criteria.stage(str(folder), repeat=1, schools=SCHOOLS)
    assert found.more["tables"] == ["t_schools"]  # a view: comparisons and lists of two have no table


@pytest.mark.parametrize("peer", peers.NEEDS)
def test_a_peer_finds_what_sql_finds(peer: str, folder: Path) -> None:
    if not peers.installed(peer):
        pytest.skip(f"{peer} is not installed")
    assert peers.measure(peer, str(records.make(folder, SCHOOLS))).more["records"] > 0


def test_every_figure_comes_from_the_group_that_the_table_lists_it_under() -> None:
    assert list(TARGETS) and set(TARGETS) == set(run.GROUPS)
    assert len(FIGURES) == sum(map(len, TARGETS.values()))


def line(text: str, *words: str) -> str:
    """The one line that has all these words."""
    (found,) = [one for one in text.splitlines() if all(word in one for word in words)]
    return found


def test_the_table_says_what_holds_what_does_not_and_what_nobody_measured() -> None:
    text = figures.table(
        [Figure("whole", 1_000_000, 1.5), Figure("whole", 10_000_000, 1.31), Figure("zen", None, 59.0)]
    )
    name = FIGURES["whole"].name
    assert line(text, name, " 1,000,000").endswith("yes")
    assert line(text, name, " 10,000,000").endswith("NO")
    assert "not measured" in line(text, name, " 100,000,000")
    assert line(text, FIGURES["zen"].name).split()[-1] == "NO"


def test_a_size_without_a_target_is_told_and_not_judged() -> None:
    assert Figure("whole", 200_000, 9.0).holds is None
    assert "9.00 times" in line(figures.markdown([Figure("whole", 200_000, 9.0)]), "| 200,000 |")


def test_a_ratio_that_grew_by_more_than_the_margin_is_told_as_worse(tmp_path: Path) -> None:
    kept = tmp_path / "releases.json"
    before = [
        Figure("whole", 1000, 2.0),
        Figure("zen", None, 80.0),
        Figure("growth", 1000, 1.5),
        Figure("help", None, 100.0),
    ]
    releases.record(before, 1000, kept)
    now = [
        Figure("whole", 1000, 3.0),
        Figure("zen", None, 40.0),
        Figure("growth", 1000, 1.6),
        Figure("help", None, 900.0),
    ]
    text = releases.compared(now, 1000, kept)
    assert line(text, FIGURES["whole"].name).endswith("worse")
    assert line(text, FIGURES["zen"].name).endswith("worse")  # it is a lower bound
    assert not line(text, FIGURES["growth"].name).endswith("worse")
    assert FIGURES["help"].name not in text  # milliseconds are of a machine
    assert "2 ratios are worse" in text


def test_a_release_keeps_one_record_a_size_and_others_do_not_compare(tmp_path: Path) -> None:
    kept = tmp_path / "releases.json"
    for rows, value in ((1000, 2.0), (2000, 3.0), (1000, 2.5)):
        releases.record([Figure("whole", rows, value)], rows, kept)
    assert [(r["rows"], r["figures"]["whole"]) for r in releases.kept(kept)] == [(2000, 3.0), (1000, 2.5)]
    assert "no release" in releases.compared([Figure("whole", 500, 1.0)], 500, kept)


def test_rows_in_no_order_are_the_same_rows(folder: Path) -> None:
    data = make(folder, ROWS)
    shuffled = make(folder, ROWS, shuffled=True)
    with duckdb.connect() as con:
        first = [con.execute(f"SELECT student_id FROM '{f}' LIMIT 100").fetchall() for f in (data, shuffled)]
        both = con.execute(f"SELECT count(*) FROM (FROM '{data}' EXCEPT ALL FROM '{shuffled}')").fetchone()
    assert both == (0,) and first[0] != first[1]


def test_a_file_that_was_not_finished_is_made_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), all_or_nothing(tmp_path / "x.parquet") as part:
        part.write_bytes(b"half")
        raise KeyboardInterrupt
    assert not (tmp_path / "x.parquet").exists()


def test_a_statement_is_called_by_what_it_makes_or_writes() -> None:
    assert profiling.named('CREATE TABLE "t_students" AS SELECT 1') == "make t_students"
    assert profiling.named("COPY (SELECT 1) TO '/x/y/flags.parquet' (FORMAT parquet)") == "write flags.parquet"
    assert profiling.named("SELECT 1\n  FROM x") == "SELECT 1 FROM x"


def test_an_unknown_group_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.options(["--only", "whole,speed"])
    assert "no group speed; there are start, criteria" in capsys.readouterr().err


def test_a_disk_too_small_for_the_rows_is_told_before_they_are_made(tmp_path: Path) -> None:
    setting = Setting(rows=(10**13,), repeat=1, folder=tmp_path)
    with pytest.raises(SystemExit, match="larger disk"):
        run.have_room(setting, ["memory"])
    assert not list(tmp_path.iterdir())
