"""The list of a year as one function: what a scheduler, a notebook or a service calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shsnor


def yearly_list(pack: str, data: str | Path, out: str | Path, as_of: int) -> dict[str, Any]:
    """Evaluates the tables, writes the outcome to `out` as Parquet, and gives its counts for a log or an alert.

    raises  shsnor.PackError, shsnor.DataError: nothing is then written, and the earlier outcome stays
    """
    with shsnor.evaluate(shsnor.load_pack(pack), data, as_of=as_of) as outcome:
        outcome.write(out)
        flags = outcome.summary().flags
        return {
            "as_of": as_of,
            "raised": {flag.flag: flag.raised for flag in flags},
            "unknown": {flag.flag: flag.unknown for flag in flags},
            "findings": len(outcome.issues),
        }
