"""The small benchmark's ratios of each release, kept in `releases.json`, and today's beside the last one's."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.figures import MARGIN, Figure, got_worse, said

KEPT = Path(__file__).with_name("releases.json")


def machine() -> str:
    """The machine in words that name none."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"


def kept(file: Path = KEPT) -> list[dict[str, Any]]:
    """Records in the order of their releases."""
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return found


def last(rows: int, file: Path = KEPT) -> dict[str, Any] | None:
    """The latest record that was measured at this size; others do not compare."""
    return next((r for r in reversed(kept(file)) if r["rows"] == rows), None)


def record(found: Iterable[Figure], rows: int, file: Path = KEPT) -> None:
    """Keep the figures of this release at this size, in place of those it had."""
    import duckdb

    import shsnor

    entry = {
        "release": shsnor.__version__, "date": datetime.date.today().isoformat(), "rows": rows, "machine": machine(),
        "python": platform.python_version(), "duckdb": duckdb.__version__,
        "figures": {f.id: float(f"{f.value:.3g}") for f in found if f.value is not None and f.rows in (rows, None)},
    }  # fmt: skip
    others = [r for r in kept(file) if (r["release"], r["rows"]) != (entry["release"], rows)]
    file.write_text(json.dumps([*others, entry], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def compared(found: Iterable[Figure], rows: int, file: Path = KEPT) -> str:
    """Each ratio beside the last release's, and what got worse; never a verdict: a machine may be busy."""
    before = last(rows, file)
    if before is None:
        return f"no release has kept its ratios at {rows:,} rows"
    lines = [f"beside release {before['release']} ({before['date']}, {before['machine']}), {rows:,} rows"]
    worse = 0
    for figure, value, change in got_worse([f for f in found if f.rows in (rows, None)], before["figures"]):
        now = said(figure.value or 0, figure.target.unit)
        lines.append(f"  {figure.target.name:66} {said(value, figure.target.unit):>12} -> {now:>12}  {change}".rstrip())
        worse += change == "worse"
    said_worse = f"{worse} ratios are worse" if worse else "no ratio is worse"
    return "\n".join([*lines, f"{said_worse} by more than {100 * (MARGIN - 1):.0f} %"])
