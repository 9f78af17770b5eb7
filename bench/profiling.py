"""What dominates an evaluation: its stages, and the statements that DuckDB runs for it."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench import rules
from bench.data import make
from bench.measuring import Sample, Setting, processor, run

_MAKES = re.compile(r'CREATE (?:OR REPLACE )?(?:TEMP )?(?:TABLE|VIEW|TYPE) (?:IF NOT EXISTS )?([\w."]+)')
_COPIES = re.compile(r"TO '[^']*?([^'/\\]+)'\s*\([^)]*\)\s*$")
TOP = 10

#: (name, seconds, seconds of the processor)
Noted = tuple[str, float, float]


class Timed:
    """A DuckDB connection that notes each statement, its seconds and those of the processor."""

    def __init__(self, con: Any, noted: list[Noted]) -> None:
        self.con, self.noted = con, noted

    def execute(self, sql: str, *rest: Any) -> Any:
        began, used = time.perf_counter(), processor()
        try:
            return self.con.execute(sql, *rest)
        finally:
            self.noted.append((named(sql), time.perf_counter() - began, processor() - used))

    def cursor(self) -> Timed:
        return Timed(self.con.cursor(), self.noted)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.con, name)


def named(sql: str) -> str:
    """What a statement makes or writes; else how it begins."""
    text = sql.strip()
    if text.startswith("COPY") and (written := _COPIES.search(text)):
        return f"write {written[1]}"
    if made := _MAKES.match(text):
        return f"make {made[1]}".replace('"', "")
    return " ".join(text.split())[:60]


def statements(pack: str, data: str) -> Sample:
    """One evaluation with all its statements noted; those that write run side by side, and so add up to more than the whole."""
    import duckdb

    import shsnor

    noted: list[Noted] = []
    connect = duckdb.connect
    timed = patch.object(duckdb, "connect", lambda *given, **named: Timed(connect(*given, **named), noted))
    tables = {"schools": str(Path(data).parent / "schools.parquet"), "students": data}
    began = time.perf_counter()
    with timed, shsnor.evaluate(shsnor.load_pack(pack), tables, as_of=rules.YEAR, settings={"threads": 2}) as outcome:
        total, stages = time.perf_counter() - began, outcome.manifest.run["times"]
    return Sample(total, 0, 0, more={"stages": stages, "statements": sorted(noted, key=lambda one: -one[1])[:TOP]})


def told(setting: Setting) -> str:
    """The profile at the largest size, as text."""
    rows = setting.most
    pack, data = rules.write_pack(setting.folder / "pack_60"), make(setting.folder, rows)
    found = run("profiling:statements", pack=pack, data=data)
    stages = {name: seconds for name, seconds in found.more["stages"].items() if name != "total"}
    lines = [f"what dominates at {rows:,} rows ({found.seconds:.2f} s, one run)"]
    lines += [_line(f"stage {n}", s, found.seconds) for n, s in sorted(stages.items(), key=lambda one: -one[1])]
    lines += [f"the {TOP} longest statements"]
    for name, seconds, used in found.more["statements"]:
        lines.append(f"{_line(name, seconds, found.seconds)}  processor {used:.2f} s")
    return "\n".join(lines)


def _line(name: str, seconds: float, total: float) -> str:
    return f"  {name:50} {seconds:7.2f} s {100 * seconds / total:4.0f} %"
