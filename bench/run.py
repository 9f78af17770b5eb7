"""`python -m bench.run [ROWS …]`: the engine's figures beside their targets, and beside the last release's.

Everything is measured in processes of its own, what is compared in turn, and the medians of `--repeat` runs (default 5)
are told. Ratios are what counts: seconds are of this machine. Nothing here fails because of a time.

`--national` measures 1, 10 and 100 million rows. It needs two cores, 4 GB of memory, the disk that `room_needed` says, and half an
hour; `--folder` keeps the rows, so that a run that was stopped, or another one, need not make them. Queries that take minutes
are run once.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import again, criteria, memory, profiling, releases, slower, start, whole
from bench.figures import Figure, markdown, table, with_missing
from bench.measuring import Setting

#: Group of figures -> what measures it, in the order of the work: the quick ones first.
GROUPS: dict[str, Callable[[Setting], Iterator[Figure]]] = {
    "start": start.figures,
    "criteria": criteria.figures,
    "sweep": start.sweep,
    "whole": whole.figures,
    "again": again.figures,
    "shapes": slower.figures,
    "memory": memory.figures,
}
SMALL = [name for name in GROUPS if name != "memory"]  # so few rows fit in any memory
#: Bytes a row that DuckDB may write to disk while it sorts the rows.
BYTES_SORTED = 30
NATIONAL = (1_000_000, 10_000_000, 100_000_000)


def options(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=int, help="student rows (1000000)")
    parser.add_argument("--national", action="store_true", help="a whole country: 1, 10 and 100 million rows")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each, in turn (5)")
    parser.add_argument("--only", default="", help=f"groups of figures, with commas: {', '.join(GROUPS)}")
    parser.add_argument("--folder", type=Path, help="keep the made rows here, and use those that are here")
    parser.add_argument("--json", type=Path, help="keep the figures in this file, after each group")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown too")
    parser.add_argument(
        "--record", action="store_true", help="keep the ratios as this release's, in bench/releases.json"
    )
    found = parser.parse_args(given)
    found.rows = tuple(found.rows) or (NATIONAL if found.national else NATIONAL[:1])
    found.only = found.only.split(",") if found.only else list(GROUPS) if found.national else SMALL
    if unknown := set(found.only) - set(GROUPS):
        parser.error(f"no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    return found


def room_needed(setting: Setting, only: list[str]) -> float:
    """GB of disk: for the rows (11 bytes each, 14 in no order), and for what is written while they are put out of order."""
    shuffled = 14 + BYTES_SORTED if "memory" in only else 0
    return (sum(setting.rows) * 11 + setting.most * shuffled) / 1e9 + 0.5


def have_room(setting: Setting, only: list[str]) -> None:
    """Says what is needed; raises SystemExit where the disk has less."""
    needed, free = room_needed(setting, only), shutil.disk_usage(setting.folder).free / 1e9
    print(
        f"{max(setting.rows):,} rows: at most {needed:.1f} GB of disk in {setting.folder}, {free:.0f} GB are free",
        file=sys.stderr,
    )
    if free < needed:
        raise SystemExit("give a folder on a larger disk: --folder (make bench-national FOLDER=...)")


def measure(setting: Setting, only: list[str], keep: Path | None) -> list[Figure]:
    found: list[Figure] = []
    for name, group in GROUPS.items():
        if name in only:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            found.extend(group(setting))
            if keep is not None:
                keep.write_text(as_json(found), encoding="utf-8")
    return found


def as_json(found: list[Figure]) -> str:
    told = {"machine": releases.machine(), "figures": [f.as_json() for f in with_missing(found)]}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    asked = options()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="shsnor-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    setting = Setting(rows=asked.rows, repeat=asked.repeat, folder=folder.resolve())
    try:
        have_room(setting, asked.only)
        found = measure(setting, asked.only, asked.json)
        print(f"\n{releases.machine()}; medians of {asked.repeat}; times are of the wall, without start and imports\n")
        print(table(found))
        print(f"\n{profiling.told(setting)}")
    finally:
        if asked.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    for rows in asked.rows:
        print(f"\n{releases.compared(found, rows)}")
        if asked.record:
            releases.record(found, rows)
    if asked.markdown:
        print(f"\n{markdown(found)}")


if __name__ == "__main__":
    main()
