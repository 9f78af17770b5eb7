"""Rows summed in slices where memory is short: by school where they stand by school, else by year; with the same answer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shsnor import slicing
from shsnor.errors import DataError
from shsnor.footers import Bounds, bounds
from shsnor.store import Session
from tests.cache_cases import YEARS, in_place, ran, small_pack, tables

_SCHOOLS = 4000


@pytest.fixture(autouse=True)
def rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    in_place(monkeypatch)


def _facts(path: Path, order: str, *, more: str = "", key: str = "format('{:02d}', i)") -> Path:
    """A Parquet file of small groups of rows, in this order."""
    years = ", ".join(f"({year})" for year in YEARS)
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT * FROM (SELECT {key} AS school_id, year::INTEGER AS year, s AS subject,"
            " 10 + i % 7 AS taken, (i * 1.25 + year % 10)::DECIMAL(9, 2) AS score, 'p' || i AS pupil"
            f" FROM range(1, {_SCHOOLS + 1}) r(i), (VALUES {years}) y(year), (VALUES ('рус'), ('мат')) v(s) {more})"
            f" ORDER BY {order}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
        )
    return path


def _evaluated(path: Path, to: Path, caplog: pytest.LogCaptureFixture) -> tuple[dict[str, str], int]:
    """What an evaluation wrote, and in how many scans the rows were summed."""
    caplog.clear()
    given: dict[str, Any] = tables(path, schools=_SCHOOLS)
    with duckdb.connect() as con:
        keys = con.sql(
            f"SELECT DISTINCT school_id::VARCHAR FROM '{path}' WHERE school_id IS NOT NULL ORDER BY ALL"
        ).fetchall()
    given["schools"] = [{"school_id": key, "municipality": "Юг"} for (key,) in keys]
    with caplog.at_level(logging.DEBUG, "shsnor"):
        written, _ = ran(small_pack(path.parent / "pack", ["share", "most", "latest"]), given, to)
    return written, sum(record.getMessage().startswith("scan facts") for record in caplog.records)


def test_short_memory_slices_rows_in_no_order_by_year_with_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = _facts(tmp_path / "facts.parquet", "hash(school_id, year, subject)")
    whole, scans = _evaluated(path, tmp_path / "whole", caplog)
    assert scans == 1
    monkeypatch.setattr(slicing, "_PART", 0.0)
    sliced, scans = _evaluated(path, tmp_path / "sliced", caplog)
    assert scans == len(YEARS)
    assert sliced == whole


def test_a_row_without_a_year_is_found_in_slices_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    more = "UNION ALL SELECT '01', NULL, 'рус', 3, 1.00, 'p0'"
    path = _facts(tmp_path / "facts.parquet", "hash(school_id, year, subject)", more=more)
    monkeypatch.setattr(slicing, "_PART", 0.0)
    with pytest.raises(DataError) as caught:
        _evaluated(path, tmp_path / "out", caplog)
    assert [(f.code, f.place.table, f.place.field) for f in caught.value.findings.errors] == [
        ("SH408", "facts", "year")
    ]


@pytest.mark.parametrize("key", ["format('{:02d}', i)", "i"])
def test_short_memory_slices_rows_by_school_by_ranges_of_schools_with_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    path = _facts(tmp_path / "facts.parquet", "school_id, year, subject", key=key)
    whole, scans = _evaluated(path, tmp_path / "whole", caplog)
    assert scans == 1
    monkeypatch.setattr(slicing, "_PART", 0.0)
    monkeypatch.setattr(slicing, "_AT_ONCE", 1)
    sliced, scans = _evaluated(path, tmp_path / "sliced", caplog)
    assert 3 <= scans <= 10
    assert sliced == whole
    monkeypatch.setattr(slicing, "_AT_ONCE", 1000)
    few, scans = _evaluated(path, tmp_path / "few", caplog)
    assert scans == 1, "a slice of a few groups of rows would leave cores idle"
    assert few == whole


def test_keys_of_persons_stand_in_no_statement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = _facts(tmp_path / "facts.parquet", "school_id, year, subject")
    monkeypatch.setattr(slicing, "_PART", 0.0)
    monkeypatch.setattr(slicing, "_AT_ONCE", 1)
    monkeypatch.setattr(slicing, "levels_of_persons", lambda pack: {"school"})
    _, scans = _evaluated(path, tmp_path / "out", caplog)
    assert scans == 1
    assert not any("k0 >=" in record.getMessage() for record in caplog.records)


def test_a_row_without_a_school_is_found_in_slices_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = _facts(
        tmp_path / "facts.parquet", "school_id, year, subject", more="UNION ALL SELECT NULL, 2021, 'рус', 3, 1.00, 'p0'"
    )
    monkeypatch.setattr(slicing, "_PART", 0.0)
    monkeypatch.setattr(slicing, "_AT_ONCE", 1)
    with pytest.raises(DataError) as caught:
        _evaluated(path, tmp_path / "out", caplog)
    assert [(f.code, f.place.table, f.place.field) for f in caught.value.findings.errors] == [
        ("SH408", "facts", "school_id")
    ]


def test_ranges_take_every_value_once() -> None:
    texts = Bounds(("б", "а", "в", "а"), ("в", "б", "г", "а"))
    numbers = Bounds((30, 1, 20, 10), (40, 10, 30, 20))
    assert texts.ranges("k", 4) == ["(k < 'б' OR k IS NULL)", "k >= 'б' AND k < 'в'", "k >= 'в'"]
    assert numbers.ranges("k", 2) == ["(k < 20 OR k IS NULL)", "k >= 20"]
    assert numbers.ranges("k", 1) == [""]
    assert Bounds(("1", "1"), ("9", "9")).ranges("k", 2) == [""]


def test_rows_stand_in_order_where_groups_of_them_share_few_values() -> None:
    assert Bounds(tuple(range(0, 400, 10)), tuple(range(10, 410, 10))).in_order()
    assert not Bounds((0,) * 10, (100,) * 10).in_order()
    assert not Bounds((0, 1, 2, 3), (100, 99, 98, 97)).in_order()


@pytest.mark.parametrize("key", ["DATE '2020-01-01' + i::INTEGER", "i::DECIMAL(9, 2)"])
def test_keys_that_are_no_whole_numbers_tell_no_bounds(tmp_path: Path, key: str) -> None:
    path = tmp_path / "rows.parquet"
    with Session() as session:
        session.con.execute(f"COPY (SELECT {key} AS k FROM range(10) r(i)) TO '{path}' (FORMAT parquet)")
        assert bounds(session, f"read_parquet(['{path}'])", '"k"') is None
