"""40,000 records of 60 numbers, a twentieth of them missing: what the criteria stage is measured on, alone."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench import rules
from bench.data import SCHOOLS, all_or_nothing

INDICATORS = 60


def make(folder: Path, schools: int = SCHOOLS) -> Path:
    """Writes the records as Parquet; kept ones are used again."""
    target = folder / f"records_{schools}.parquet"
    if not target.exists():
        columns = ", ".join(
            f"CASE WHEN hash(i, {k}) % 20 > 0 THEN (hash(i, {k + 1000}) % 10000) / 10000.0 END::DOUBLE AS i{k:02d}"
            for k in range(INDICATORS)
        )
        with all_or_nothing(target) as part, duckdb.connect() as con:
            con.execute(
                f"COPY (SELECT i::INT AS school_id, {columns} FROM range({schools}) t(i)) TO '{part}' (FORMAT parquet)"
            )
    return target


def write_pack(folder: Path) -> Path:
    """A pack whose indicators are the records' columns and whose criteria are those of `rules`."""
    columns = ", ".join(f"i{k:02d}: {{type: number}}" for k in range(INDICATORS))
    lines = [
        *rules.HEAD,
        "levels: {school: {table: schools, key: school_id}, country: {}}", "tables:",
        f"  schools: {{columns: {{{columns}}}}}", "indicators:",
        *(
            f"  i{k:02d}: {{label: i{k:02d}, unit: number, from: schools, value: i{k:02d}, {rules.SOURCE}}}"
            for k in range(INDICATORS)
        ),
    ]  # fmt: skip
    return rules.write(folder, [*lines, *rules.criteria_lines(INDICATORS)])
