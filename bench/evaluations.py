"""Whole evaluations: the engine's, and SQL written by hand."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path
from typing import Any

from bench import rules, shapes
from bench.measuring import Sample, Stopwatch, room

#: What DuckDB writes where memory does not suffice, in whatever folder it is told to.
SPILLED = "**/duckdb_temp*"


def engine(
    pack: str,
    data: str,
    room_in: str | None = None,
    limit: str | None = None,
    cache: str | None = None,
    threads: int = 2,
) -> Sample:
    """One whole evaluation with explanations, written to Parquet; beside it the stages, and a hash of all that was written.

    limit   of memory, as `400MB`
    cache   the folder in which the engine keeps cubes
    """
    import shsnor

    loaded, evaluate = shsnor.load_pack(pack), shsnor.evaluate  # whose modules are imported here, before the clock runs
    tables = {"schools": str(Path(data).parent / "schools.parquet"), "students": data}
    with room(room_in, SPILLED) as (folder, spill):
        settings: dict[str, Any] = {"threads": threads, "temp_directory": str(folder)}
        if limit is not None:
            settings["memory_limit"] = limit
        kept: dict[str, Any] = {} if cache is None else {"cache": cache}
        watch = Stopwatch()
        with evaluate(loaded, tables, as_of=rules.YEAR, settings=settings, **kept) as outcome:
            outcome.write(folder / "outcome")
            watch.stop()
            stages = outcome.manifest.run["times"]
        bits = _bits(folder / "outcome")
    return watch.sample(spill.most / 2**30, {"stages": stages, "bits": bits})


def _bits(outcome: Path) -> str:
    """A hash of an outcome's files, without that of the run."""
    found = hashlib.sha256()
    for file in sorted(outcome.iterdir()):
        if file.name != "run.json":
            found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()


def keeps_cubes() -> bool:
    """Whether this version's `evaluate` can keep cubes."""
    import shsnor

    return "cache" in inspect.signature(shsnor.evaluate).parameters


def by_hand(
    shape: str, data: str, indicators: int = 60, room_in: str | None = None, limit: str | None = None
) -> Sample:
    """Hand-written SQL of a shape: `base`, or one of `shapes`; beside it what the least explanation costs after it."""
    import duckdb

    source = f"read_parquet('{data}')"
    made = rules.hand_written(source, indicators) if shape == "base" else shapes.statements(shape, source)
    with room(room_in, SPILLED) as (folder, spill), duckdb.connect() as con:
        con.execute(f"SET threads = 2; SET preserve_insertion_order = false; SET temp_directory = '{folder}'")
        if limit is not None:
            con.execute(f"SET memory_limit = '{limit}'")
        watch = Stopwatch()
        for sql in made:
            con.execute(sql)
        watch.stop()
        sample = watch.sample(spill.most / 2**30, {})
        watch = Stopwatch()
        if shape == "base":
            con.execute(rules.hand_written_explanation(folder / "explanation.parquet", indicators))
        watch.stop()
    sample.more["explanation"] = watch.seconds
    return sample
