"""A sweep of 1,000 values of a threshold over every school of the country: how many are flagged at each of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from bench.data import make
from bench.measuring import Stopwatch
from bench.rules import HEAD, SOURCE, YEAR, write, write_pack

VALUES = 1000
ROWS = 1_000_000


def write_swept_pack(folder: Path) -> Path:
    """The pack of the benchmark with a threshold `$limit` in five criteria, and two flags over them."""
    lines = (write_pack(folder) / "pack.yaml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("criteria:")
    swept = [
        f"  s{k}: {{label: s{k}, indicator: i{i:02d}, at_least: $limit, {SOURCE}}}"
        for k, i in enumerate((0, 5, 10, 15, 20))
    ]
    flags = [
        f"  two: {{label: two, when: {{of: [s0, s1, s2, s3, s4], met_in: {{at_least: 2}}}}, {SOURCE}}}",
        f"  any: {{label: any, when: {{any: [s0, {{all: [s1, c00]}}]}}, {SOURCE}}}",
    ]
    parameters = [
        "parameters:", f"  limit: {{label: limit, unit: number, values: {{2020-01-01: 0.3}}, {SOURCE}}}",
    ]  # fmt: skip
    return write(
        folder, [*HEAD, *lines[len(HEAD) : begin + 1], *swept, *lines[begin + 1 :], "flags:", *flags, *parameters]
    )


def measure_sweep(folder: Path, rows: int = ROWS) -> dict[str, float]:
    """Seconds of one sweep on the wall, and of the processor, after the rows were read and summed once: of these it needs
    no more. The data of `folder` are made where they lack, the pack is written to `folder/swept`.
    """
    from shsnor import Workspace, load_pack, sweep

    pack = load_pack(write_swept_pack(folder / "swept"))
    students = make(folder, rows)
    low, step = Decimal("0.1"), Decimal("0.0005")
    with Workspace({"schools": folder / "schools.parquet", "students": students}) as workspace:
        workspace.flags(pack, as_of=YEAR)
        watch = Stopwatch()
        swept = sweep(pack, workspace, as_of=YEAR, parameter="limit", values=[low + step * n for n in range(VALUES)])
        watch.stop()
    return {
        "seconds": watch.seconds, "processor": watch.processor,
        "values": len(swept.counts), "changes": len(swept.turning.points),
    }  # fmt: skip
