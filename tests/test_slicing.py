"""Rows summed in slices: only where memory is short and the rows stand in no order, and with the same answer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shsnor import slicing
from shsnor.errors import DataError
from tests.cache_cases import YEARS, in_place, ran, small_pack, tables

_SCHOOLS = 4000


@pytest.fixture(autouse=True)
def rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    in_place(monkeypatch)


def _facts(path: Path, order: str, *, more: str = "") -> Path:
    """A Parquet file of small groups of rows, in this order."""
    years = ", ".join(f"({year})" for year in YEARS)
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT * FROM (SELECT format('{:02d}', i) AS school_id, year::INTEGER AS year, s AS subject,"
            " 10 + i % 7 AS taken, (i * 1.25 + year % 10)::DECIMAL(9, 2) AS score, 'p' || i AS pupil"
            f" FROM range(1, {_SCHOOLS + 1}) r(i), (VALUES {years}) y(year), (VALUES ('рус'), ('мат')) v(s) {more})"
            f" ORDER BY {order}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
        )
    return path


def _evaluated(path: Path, to: Path, caplog: pytest.LogCaptureFixture) -> tuple[dict[str, str], int]:
    """What an evaluation wrote, and in how many scans the rows were summed."""
    caplog.clear()
    given: dict[str, Any] = tables(path, schools=_SCHOOLS)
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


def test_rows_by_school_are_summed_in_one_scan_however_short_memory_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(slicing, "_PART", 0.0)
    _, scans = _evaluated(_facts(tmp_path / "facts.parquet", "school_id, year, subject"), tmp_path / "out", caplog)
    assert scans == 1
