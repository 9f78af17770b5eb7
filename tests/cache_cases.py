"""What the tests of stored sums share: the demo region with its results in Parquet files, and a small pack over rows in place."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shsnor import computing
from shsnor.demo import demo_region
from shsnor.evaluating import evaluate
from shsnor.loading import load_pack
from shsnor.outcomes import Outcome
from shsnor.pack import Pack
from shsnor.reading import read_tables

YEARS = (2018, 2019, 2020, 2021, 2022)
_TEXTS = ("school_id", "procedure", "grade", "subject")

PACK = """format: 1
pack: {id: small, version: '1', title: Малый пакет}
sources: {order: {title: Приказ}}
tables:
  facts:
    entity: {school: school_id}
    key: KEY
    dimensions: [year, subject]
    MORE
    columns:
      school_id: {type: text}
      year: {type: year}
      subject: {type: text}
      taken: {type: count, range: [0, 1000]}
      score: {type: number, digits: 2}
      pupil: {type: text}
indicators:
INDICATORS
"""

INDICATORS = {
    "share": ("sum(score) / sum(taken)", "subject = 'рус'"),
    "all": ("sum(taken)", ""),
    "counted": ("count(taken)", ""),
    "most": ("max(score)", "subject = 'мат'"),
    "latest": ("max(year)", "subject = 'мат'"),
}


def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the rows of Parquet files stay where they are, however few they are."""
    monkeypatch.setattr(computing, "read_tables", functools.partial(read_tables, in_place_from=0))


def small_pack(
    folder: Path,
    indicators: Iterable[str],
    *,
    key: str = "[school_id, year, subject]",
    more: str = "persons: false",
    by: str = "",
) -> Pack:
    """A pack with these indicators over the table `facts`, `by` dimensions or one value a school."""
    lines = []
    for name in indicators:
        value, where = INDICATORS[name]
        told = (f', where: "{where}"' if where else "") + (f", by: {by}" if by else "")
        lines.append(
            f"  {name}: {{label: {name}, unit: number, from: facts, value: '{value}'{told}, years: {{last: 5, back: 0}}, "
            "at_least_known: 1, source: {clause: '1', basis: derived}}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    text = PACK.replace("KEY", key).replace("MORE", more).replace("INDICATORS", "\n".join(lines))
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return load_pack(folder)


def facts(
    path: Path,
    year: int,
    *,
    schools: int = 4,
    rows: str = "",
    subject: str = "subject",
    key: str = "format('{:02d}', i)",
) -> Path:
    """A Parquet file with a row a school and subject; `rows` are added, as SQL values.

    subject  SQL of what stands in the column of that name
    key      SQL of the key of school `i`
    """
    made = (
        f"SELECT {key} AS school_id, {year} AS year, s AS subject, 10 + i AS taken,"
        f" i * 1.25 + {year % 10} AS score, 'p' || i AS pupil FROM range(1, {schools + 1}) r(i), (VALUES ('рус'), ('мат')) v(s)"
    )
    added = f" UNION ALL SELECT * FROM (VALUES {rows})" if rows else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = f"school_id, year::INTEGER AS year, {subject} AS subject, taken, score::DECIMAL(9, 2) AS score, pupil"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {columns} FROM ({made}{added})) TO '{path}' (FORMAT parquet)")
    return path


def tables(*paths: Path, schools: int = 4) -> dict[str, Any]:
    """Schools, and these files of facts."""
    return {
        "schools": [{"school_id": f"{i:02d}", "municipality": "Юг"} for i in range(1, schools + 1)],
        "facts": list(paths),
    }


def region(folder: Path, *, one_file: bool = False) -> dict[str, Any]:
    """The demo region with results of five years in Parquet, a file a year or all in one."""
    data: dict[str, Any] = {p.stem: p for p in demo_region().glob("*.csv") if p.stem != "results"}
    source = demo_region() / "results.csv"
    folder.mkdir()
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in _TEXTS)
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE r AS FROM read_csv('{source}', header = true, nullstr = ['', 'н/д', '-'], types = {{{types}}})"
        )
        con.execute("INSERT INTO r SELECT * REPLACE (year - 3 AS year) FROM r WHERE year > 2020")
        paths = []
        for year in YEARS:
            rows = "r" if one_file else f"(FROM r WHERE year = {year})"
            paths.append(folder / f"results_{year}.parquet")
            con.execute(f"COPY (FROM {rows} ORDER BY ALL) TO '{paths[-1]}' (FORMAT parquet)")
    return data | {"results": paths[:1] if one_file else paths}


def contents(outcome: Outcome, to: Path) -> dict[str, str]:
    """Name -> hash of every file of an outcome that is the same for the same inputs."""
    folder = outcome.write(to)
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir() if f.name != "run.json"}


def ran(pack: Pack, given: Any, to: Path, **more: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """What an evaluation wrote, and the record of its run."""
    with evaluate(pack, given, as_of=2022, **more) as outcome:
        return contents(outcome, to), outcome.manifest.run


def stored(run: dict[str, Any], table: str = "facts") -> tuple[int, int]:
    """Of how many files of a table the sums were stored, and how many files it has."""
    told = run["sums"][table]
    return told["stored"], told["files"]
