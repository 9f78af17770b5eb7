"""Invented student rows at any size, made by DuckDB alone: every value is a hash of the row's number."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

SCHOOLS = 40_000
YEARS = (2021, 2022, 2023, 2024, 2025)
SLOTS = [
    *(("ВПР", grade, subject) for grade in (4, 5, 6, 7, 8) for subject in ("мат", "рус")),
    *(("ОГЭ", 9, subject) for subject in ("мат", "рус")),
    *(("ЕГЭ", 11, subject) for subject in ("мат", "рус")),
]


def uniform(seed: int, key: str = "i") -> str:
    """SQL of a number in [0, 1) out of a hash."""
    return f"((hash({key}, {seed}) >> 11)::DOUBLE / 9007199254740992.0)"


@contextmanager
def all_or_nothing(target: Path) -> Iterator[Path]:
    """A name to write to; it becomes `target` when all is written, so that what was interrupted is made again."""
    part = target.with_suffix(".part")
    yield part
    os.replace(part, target)


PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 245760)"


def make(folder: Path, rows: int, *, shuffled: bool = False) -> Path:
    """Writes students.parquet (sorted by school, or in hash order) and schools.parquet; kept files are used again."""
    folder.mkdir(parents=True, exist_ok=True)
    schools, target = folder / "schools.parquet", folder / f"students_{rows}{'_shuffled' if shuffled else ''}.parquet"
    with duckdb.connect() as con:
        con.execute(f"SET preserve_insertion_order = true; SET temp_directory = '{folder / 'making'}'")
        if not schools.exists():
            region = "'R' || lpad((i % 89)::VARCHAR, 2, '0') AS region"
            _copy(
                con, f"SELECT i::INTEGER AS school_id, {region} FROM range({SCHOOLS}) t(i)", schools, "(FORMAT parquet)"
            )
        if not target.exists():
            query = _students(con, rows)
            if shuffled:
                query = f"FROM read_parquet('{make(folder, rows)}') ORDER BY hash(student_id)"
            _copy(con, query, target, PARQUET)
    return target


def _copy(con: duckdb.DuckDBPyConnection, query: str, target: Path, form: str) -> None:
    with all_or_nothing(target) as part:
        con.execute(f"COPY ({query}) TO '{part}' {form}")


def _students(con: duckdb.DuckDBPyConnection, rows: int) -> str:
    """A query of the rows, sorted by school."""
    con.execute("CREATE TABLE slot (slot INTEGER, procedure VARCHAR, grade UTINYINT, subject VARCHAR)")
    con.executemany("INSERT INTO slot VALUES (?, ?, ?, ?)", [(k, *s) for k, s in enumerate(SLOTS)])
    return f"""
      WITH r AS (
        SELECT i, least({SCHOOLS} - 1, floor({SCHOOLS} * pow(i::DOUBLE / {rows}, 1.3)))::INTEGER AS school_id,
               ({YEARS[0]} + hash(i, 1) % {len(YEARS)})::USMALLINT AS year, (hash(i, 2) % {len(SLOTS)})::INTEGER AS slot,
               hash(i, 3) AS student_id, {uniform(4)} AS z FROM range({rows}) t(i)),
      q AS (SELECT r.*, least(0.999, greatest(0, 0.15 * ({uniform(5, "school_id")} - 0.5) + z)) AS p FROM r)
      SELECT school_id, year, procedure, grade, subject, student_id,
             CASE WHEN {uniform(6)} < 0.01 THEN NULL WHEN p < 0.12 THEN 2 WHEN p < 0.5 THEN 3 WHEN p < 0.85 THEN 4 ELSE 5 END::UTINYINT AS mark,
             (p * 30)::UTINYINT AS primary_score, p < 0.12 AS below_min
      FROM q JOIN slot USING (slot)"""
