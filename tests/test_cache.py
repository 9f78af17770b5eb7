"""Stored sums: an evaluation with them is the evaluation without them, byte for byte, and reads only what is new."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from shsnor.caching import Cache
from shsnor.errors import DataError
from shsnor.evaluating import Workspace, evaluate
from shsnor.loading import load_pack
from tests.cache_cases import YEARS, contents, facts, in_place, ran, region, small_pack, stored, tables
from tests.command import environment, shsnor

pytestmark = pytest.mark.usefixtures("rows_stay")


@pytest.fixture
def rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    in_place(monkeypatch)


def parquet_in(cache: Path) -> list[Path]:
    """All that is stored: sums of files, and tables made of them."""
    return sorted(cache.glob("sums/*.parquet"))


def sums_in(cache: Path) -> list[Path]:
    """The sums of files alone."""
    files = f"'{cache}/sums/*.parquet'"
    with duckdb.connect() as con:
        noted = con.execute(f"SELECT file_name FROM parquet_kv_metadata({files}) WHERE key = 'shsnor'").fetchall()
        values = con.execute(f"SELECT file_name FROM parquet_schema({files}) WHERE name = 'e'").fetchall()
    return [path for path in parquet_in(cache) if (str(path),) not in noted + values]


def forget(cache: Path) -> None:
    """Have nothing stored but the sums of files."""
    for path in set(parquet_in(cache)) - set(sums_in(cache)):
        path.unlink()


def test_the_demo_region_is_evaluated_alike_with_and_without_stored_sums(tmp_path: Path) -> None:
    federal, given, cache = load_pack("federal"), region(tmp_path / "data"), tmp_path / "cache"
    alone, _ = ran(federal, given, tmp_path / "alone")
    first, run = ran(federal, given, tmp_path / "first", cache=cache)
    assert stored(run, "results") == (0, 5)
    second, run = ran(federal, given, tmp_path / "second", cache=cache)
    assert stored(run, "results") == (5, 5)
    assert first == alone and second == alone
    together, _ = ran(federal, region(tmp_path / "whole", one_file=True), tmp_path / "together")
    assert together == alone, "the same rows in one file"


def test_of_five_files_only_the_changed_one_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pack, cache = small_pack(tmp_path / "pack", ["share", "most"]), tmp_path / "cache"
    paths = [facts(tmp_path / f"{year}.parquet", year) for year in YEARS]
    before, _ = ran(pack, tables(*paths), tmp_path / "before", cache=cache)
    facts(paths[2], YEARS[2], rows="('04', 2020, 'био', 7, 1, 'p4')")
    with caplog.at_level(logging.DEBUG, "shsnor"):
        now, run = ran(pack, tables(*paths), tmp_path / "now", cache=cache)
    assert stored(run) == (4, 5)
    assert sum(record.getMessage().startswith("scan facts") for record in caplog.records) == 1
    assert now == ran(pack, tables(*paths), tmp_path / "alone")[0] != before


def test_another_threshold_and_another_pack_find_their_sums(tmp_path: Path) -> None:
    given, cache = tables(facts(tmp_path / "a.parquet", 2021), facts(tmp_path / "b.parquet", 2022)), tmp_path / "cache"
    one, more = small_pack(tmp_path / "one", ["share"]), small_pack(tmp_path / "more", ["share", "most", "latest"])
    alone, _ = ran(more, given, tmp_path / "alone")
    ran(one, given, tmp_path / "1", cache=cache)
    found, run = ran(more, given, tmp_path / "2", cache=cache)
    assert stored(run) == (0, 2) and found == alone, "the sums that were lacking were added"
    assert len(sums_in(cache)) == 2
    found, run = ran(more, given, tmp_path / "3", cache=cache)
    assert stored(run) == (2, 2) and found == alone
    _, run = ran(one, given, tmp_path / "4", cache=cache)
    assert stored(run) == (2, 2)


def test_sums_of_more_dimensions_serve_a_pack_that_asks_for_fewer(tmp_path: Path) -> None:
    given, cache = tables(facts(tmp_path / "a.parquet", 2022)), tmp_path / "cache"
    both, fewer = small_pack(tmp_path / "both", ["all", "share"]), small_pack(tmp_path / "fewer", ["all"])
    ran(both, given, tmp_path / "1", cache=cache)
    found, run = ran(fewer, given, tmp_path / "2", cache=cache)
    assert stored(run) == (1, 1)
    assert found == ran(fewer, given, tmp_path / "alone")[0]


@pytest.mark.parametrize("harm", ["cut", "changed", "foreign", "empty"])
def test_a_damaged_file_is_made_again(tmp_path: Path, harm: str) -> None:
    pack, given, cache = (
        small_pack(tmp_path / "pack", ["share"]),
        tables(facts(tmp_path / "a.parquet", 2022)),
        tmp_path / "c",
    )
    sound, _ = ran(pack, given, tmp_path / "1", cache=cache)
    forget(cache)
    (file,) = parquet_in(cache)
    held = file.read_bytes()
    middle = len(held) // 2
    file.write_bytes({
        "cut": held[:middle], "changed": held[:middle] + bytes([held[middle] ^ 1]) + held[middle + 1 :],
        "foreign": facts(tmp_path / "other.parquet", 2020).read_bytes(), "empty": b"",
    }[harm])  # fmt: skip
    found, run = ran(pack, given, tmp_path / "2", cache=cache)
    assert found == sound and stored(run) == (0, 1) and "sums_not_stored" not in run
    assert stored(ran(pack, given, tmp_path / "3", cache=cache)[1]) == (1, 1)


def test_a_file_that_goes_while_it_is_looked_for_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack, given, cache = (
        small_pack(tmp_path / "pack", ["share"]),
        tables(facts(tmp_path / "a.parquet", 2022)),
        tmp_path / "c",
    )
    sound, _ = ran(pack, given, tmp_path / "1", cache=cache)
    find = Cache.find

    def found_and_gone(self: Cache, base: str) -> list[tuple[Path, str]]:
        listed = list(find(self, base))
        for path, _ in listed:
            path.unlink()
        return listed

    monkeypatch.setattr(Cache, "find", found_and_gone)
    found, run = ran(pack, given, tmp_path / "2", cache=cache)
    assert found == sound and stored(run) == (0, 1)


def test_a_folder_that_cannot_be_made_is_told_and_hinders_nothing(tmp_path: Path) -> None:
    pack, given = small_pack(tmp_path / "pack", ["share"]), tables(facts(tmp_path / "a.parquet", 2022))
    (tmp_path / "taken").write_text("", encoding="utf-8")
    found, run = ran(pack, given, tmp_path / "1", cache=tmp_path / "taken" / "cache")
    assert [told["code"] for told in run["sums_not_stored"]] == ["SH551"]
    assert found == ran(pack, given, tmp_path / "alone")[0]


def test_a_limit_below_one_file_stores_nothing_and_says_so(tmp_path: Path) -> None:
    pack, given = small_pack(tmp_path / "pack", ["share"]), tables(facts(tmp_path / "a.parquet", 2022))
    cache = Cache(tmp_path / "cache", limit="0.1KB")
    found, run = ran(pack, given, tmp_path / "1", cache=cache)
    assert [told["code"] for told in run["sums_not_stored"]] == ["SH552"] and not parquet_in(cache.folder)
    assert found == ran(pack, given, tmp_path / "alone")[0]


def test_rows_of_two_files_are_summed_together_and_told_apart_from_repeated_ones(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", ["share", "most"], key="[]")
    paths, cache = [facts(tmp_path / f"{n}.parquet", 2022, schools=n) for n in (2, 4)], tmp_path / "cache"
    alone, _ = ran(pack, tables(*paths), tmp_path / "alone")
    for n in (1, 2):
        found, run = ran(pack, tables(*paths), tmp_path / f"out{n}", cache=cache)
        assert found == alone
    assert stored(run) == (2, 2)


def test_what_is_wrong_is_found_with_stored_sums_too(tmp_path: Path) -> None:
    pack, cache = small_pack(tmp_path / "pack", ["share"]), tmp_path / "cache"
    one, same = facts(tmp_path / "a.parquet", 2022), facts(tmp_path / "b.parquet", 2022, schools=3)
    for path in (one, same):
        ran(pack, tables(path), tmp_path / path.stem, cache=cache)
    for given in (tables(one, same), tables(one, schools=2)):
        told = []
        for where in (None, cache):
            with pytest.raises(DataError) as caught:
                evaluate(pack, given, as_of=2022, cache=where)
            told.append(caught.value.findings)
        assert list(told[0]) == list(told[1]) and told[0].errors
    before = parquet_in(cache)
    wrong = facts(tmp_path / "c.parquet", 2021, rows="('01', 2020, 'рус', 1001, 1, 'p')")
    for _ in range(2):
        with pytest.raises(DataError) as caught:
            evaluate(pack, tables(wrong), as_of=2022, cache=cache)
        assert [f.code for f in caught.value.findings.errors] == ["SH405"]
    assert parquet_in(cache) == before, "wrong data leave nothing behind"


@pytest.mark.parametrize(
    ("key", "more", "dims"),
    [
        ("[school_id, year, subject, pupil]", "persons: true", ["year", "subject", "pupil"]),
        ("[school_id, year, subject]", "persons: true", ["year", "subject"]),
    ],
)
def test_rows_of_persons_are_not_stored(tmp_path: Path, key: str, more: str, dims: list[str]) -> None:
    pack = small_pack(tmp_path / "pack", ["share"], key=key, more=more)
    file = tmp_path / "pack" / "pack.yaml"
    text = file.read_text(encoding="utf-8").replace("dimensions: [year, subject]", f"dimensions: [{', '.join(dims)}]")
    file.write_text(
        text.replace("subject = 'рус'", "subject = 'рус' and pupil = 'p1'") if "pupil" in dims else text, "utf-8"
    )
    pack = load_pack(tmp_path / "pack")
    _, run = ran(pack, tables(facts(tmp_path / "a.parquet", 2022)), tmp_path / "1", cache=tmp_path / "cache")
    assert not parquet_in(tmp_path / "cache") and run["sums"] == {}


def test_sums_of_pupils_are_stored_without_any_of_their_codes(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", ["share"], key="[school_id, year, subject, pupil]", more="persons: true")
    given = tables(facts(tmp_path / "a.parquet", 2022))
    ran(pack, given, tmp_path / "1", cache=tmp_path / "cache")
    assert sums_in(tmp_path / "cache")
    with duckdb.connect() as con:
        for file in parquet_in(tmp_path / "cache"):
            held = con.execute(f"FROM '{file}'").fetchall()
            assert held and not any(str(value) in ("p1", "p2", "p3", "p4") for row in held for value in row)


def test_what_is_one_value_for_us_is_summed_as_one_whatever_stands_in_the_file(tmp_path: Path) -> None:
    pack, cache = small_pack(tmp_path / "pack", ["share", "all"], key="[]"), tmp_path / "cache"
    texts = facts(tmp_path / "a.parquet", 2022, subject="CASE WHEN subject = 'рус' THEN '1' END")
    numbers = "CASE WHEN subject = 'рус' THEN 1.0 WHEN taken > 0 THEN 'NaN'::DOUBLE END"
    framed = facts(tmp_path / "b.parquet", 2022, subject=numbers, rows="('01', 2022, 'мат', 0, 0, 'p')")
    plain = facts(
        tmp_path / "c.parquet",
        2022,
        subject="CASE WHEN subject = 'рус' THEN '1' END",
        rows="('01', 2022, 'мат', 0, 0, 'p')",
    )
    assert ran(pack, tables(texts), tmp_path / "other")[0] != (alone := ran(pack, tables(plain), tmp_path / "alone")[0])
    for where in (None, cache, cache):
        assert ran(pack, tables(framed), tmp_path / "out", cache=where)[0] == alone


def test_a_table_of_a_duckdb_file_is_stored(tmp_path: Path) -> None:
    pack, cache, file = small_pack(tmp_path / "pack", ["share"]), tmp_path / "cache", tmp_path / "data" / "all.duckdb"
    rows = facts(tmp_path / "a.parquet", 2022)
    file.parent.mkdir()
    with duckdb.connect(str(file)) as con:
        con.execute(f"CREATE TABLE facts AS FROM '{rows}'")
        con.execute("CREATE TABLE schools AS SELECT DISTINCT school_id, 'Юг' AS municipality FROM facts")
    alone, _ = ran(pack, tables(rows), tmp_path / "alone")
    for n, expected in ((1, 0), (2, 1)):
        found, run = ran(pack, file.parent, tmp_path / f"out{n}", cache=cache)
        assert found == alone and run["sums"]["facts"] == {"files": 1, "stored": expected}


def test_a_workspace_stores_and_takes_sums(tmp_path: Path) -> None:
    pack, given, cache = (
        small_pack(tmp_path / "pack", ["share"]),
        tables(facts(tmp_path / "a.parquet", 2022)),
        tmp_path / "c",
    )
    alone, _ = ran(pack, given, tmp_path / "alone")
    for n, expected in ((1, 0), (2, 1)):
        with Workspace(given, cache=cache) as workspace, workspace.evaluate(pack, as_of=2022) as outcome:
            assert contents(outcome, tmp_path / f"out{n}") == alone
            assert stored(outcome.manifest.run) == (expected, 1)


SCRIPT = """
import sys
import pytest
from pathlib import Path
from tests.cache_cases import in_place, ran, tables
from shsnor.loading import load_pack
in_place(pytest.MonkeyPatch())
pack, cache, out, *paths = map(Path, sys.argv[1:])
for n in range(3):
    print(sorted(ran(load_pack(pack), tables(*paths), out / str(n), cache=cache)[0].items()))
"""


def test_two_processes_at_once_disturb_neither(tmp_path: Path) -> None:
    pack, cache = small_pack(tmp_path / "pack", ["share"]), tmp_path / "cache"
    paths = [facts(tmp_path / f"{year}.parquet", year) for year in (2020, 2021, 2022)]
    root = Path(__file__).resolve().parents[1]
    at_once = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        arguments = [sys.executable, "-c", SCRIPT, tmp_path / "pack", cache, tmp_path / name, *paths]
        at_once.append(subprocess.Popen(list(map(str, arguments)), stdout=subprocess.PIPE, cwd=root, env=environment()))
    said = [process.communicate(timeout=300)[0].splitlines() for process in at_once]
    alone, _ = ran(pack, tables(*paths), tmp_path / "alone")
    assert {line.decode().strip() for lines in said for line in lines} == {str(sorted(alone.items()))}
    assert len(sums_in(cache)) == 3 and not list(cache.rglob("*.half"))


def test_the_command_stores_beside_its_outcome_and_says_what_it_took(tmp_path: Path) -> None:
    small_pack(tmp_path / "pack", ["share"], key="[]")
    (tmp_path / "data").mkdir()
    rows = facts(tmp_path / "a.parquet", 2022)
    listed, many = (
        f"SELECT DISTINCT school_id, 'Юг' AS municipality FROM '{rows}'",
        f"SELECT a.* FROM '{rows}' a, range(70000)",
    )
    with duckdb.connect() as con:
        for name, query in (("schools", listed), ("facts", many)):
            con.execute(f"COPY ({query}) TO '{tmp_path}/data/{name}.parquet' (FORMAT parquet)")
    asked = ("evaluate", "pack", "--data", "data", "--as-of", "2022", "--out", "results/out")
    (tmp_path / "results").mkdir()
    run = shsnor(*asked, "--no-cache", cwd=tmp_path)
    assert run.code == 0 and "уммы" not in run.out and not (tmp_path / "results" / ".shsnor-cache").exists()
    run = shsnor(*asked, cwd=tmp_path)
    assert run.code == 0 and "Сводные суммы сохранены в results/.shsnor-cache" in run.out.replace(os.sep, "/")
    run = shsnor(*asked, "--verify", cwd=tmp_path, env={"SHSNOR_LANG": "en"})
    assert run.code == 0 and "Sums were taken from" in run.out and "files: 1 of 1" in run.out
    run = shsnor(*asked, "--cache", "elsewhere", "--cache-limit", "0.1KB", cwd=tmp_path)
    assert run.code == 0 and "SH552" in run.out and not parquet_in(tmp_path / "elsewhere")
    assert shsnor(*asked, "--cache-limit", "much", cwd=tmp_path).code == 2
