"""The figures that are aimed at, each with its unit, its limit at a size, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field

M = 1_000_000


@dataclass(frozen=True)
class Target:
    """What a figure is to be.

    limits   rows -> the limit; under None where the number of rows is of no account; empty: a figure that is told only
    least    whether the limit is a lower bound
    """

    name: str
    unit: str
    limits: dict[int | None, float] = field(default_factory=dict)
    least: bool = False

    def holds(self, rows: int | None, value: float) -> bool | None:
        """None where there is no limit for so many rows."""
        if (limit := self.limits.get(rows)) is None:
            return None
        return value >= limit if self.least else value <= limit


#: Group -> figure -> its target, in the order of the table. "The base" is the hand-written SQL of `rules.hand_written`.
TARGETS: dict[str, dict[str, Target]] = {
    "whole": {
        "whole": Target("whole evaluation, to the base", "times", {M: 2, 10 * M: 1.3, 100 * M: 1.2}),
        "whole_processor": Target("whole evaluation, to the base, processor time", "times"),
        "whole_explained": Target("whole evaluation, to the base with an explanation", "times"),
        "seconds": Target("whole evaluation", "s"),
        "base_seconds": Target("base", "s"),
        "growth": Target("60 indicators, to 12", "times", {10 * M: 1.6, 100 * M: 1.6}),
        "peak": Target("peak memory", "GB", {100 * M: 1.0}),
        "base_peak": Target("peak memory of the base", "GB"),
    },
    "memory": {
        "peak_over": Target("peak over the base's, both with a limit of 400 MB", "GB", {100 * M: 0.1}),
        "time_limited": Target("time to the base's, both with a limit of 400 MB", "times", {100 * M: 1.1}),
        "time_own_limited": Target("time with a limit of 400 MB, to the same without", "times"),
        "peak_unsorted": Target("peak memory, unsorted rows, limit of 4 GB", "GB", {100 * M: 1.5}),
        "spill_unsorted": Target("written to disk, unsorted rows, limit of 4 GB", "GB", {100 * M: 0}),
        "bits": Target("outcomes that differ: 1, 2, 4 threads, sorted or not, limit or none", "kinds", {100 * M: 1}),
        "time_unsorted": Target("time of unsorted rows, to sorted", "times", {100 * M: 2.2}),
    },
    "again": {
        "again": Target("evaluation again from the kept cube, other thresholds, to the base", "times", {100 * M: 0.25}),
        "again_seconds": Target("evaluation again from the kept cube, other thresholds", "s", {100 * M: 1.0}),
    },
    "shapes": {
        "one_pass_case": Target("faster than one pass with CASE", "times", {100 * M: 5}, least=True),
        "queries": Target("faster than 60 queries", "times", {100 * M: 10}, least=True),
        "one_pass_filter": Target("faster than one pass with FILTER", "times", {100 * M: 20}, least=True),
    },
    "criteria": {
        "criteria": Target("criteria stage, to the hand-written SELECT", "times", {None: 1.5}),
        "zen": Target("faster than zen-engine's fastest way", "times", {None: 60}, least=True),
        "rule_engine": Target("faster than rule-engine", "times", {None: 180}, least=True),
        "json_logic": Target("faster than json-logic", "times", {None: 100}, least=True),
        "polars": Target("to Polars, columns in memory (it is faster)", "times", {}, least=True),
        "numpy": Target("to NumPy, columns in memory (it is faster)", "times", {}, least=True),
    },
    "sweep": {"sweep": Target("sweep of 1,000 values of a threshold, 40,000 schools", "s", {None: 5})},
    "start": {
        "pack_load": Target("pack of 1,000 lines: loading and validating", "ms", {None: 15}),
        "pack_compile": Target("pack of 1,000 lines: compiling", "ms", {None: 40}),
        "help": Target("shsnor --help", "ms", {None: 150}),
        "help_python": Target("shsnor --help, to Python's own start", "times"),
        "import": Target("import shsnor", "ms"),
        "check": Target("shsnor pack check federal, no data", "ms", {None: 400}),
        "check_python": Target("shsnor pack check federal, to Python's own start", "times"),
    },
}

FIGURES = {name: target for group in TARGETS.values() for name, target in group.items()}
