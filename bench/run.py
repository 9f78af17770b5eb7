"""`python -m bench.run [ROWS …]`: the engine's whole evaluation against hand-written SQL, in one run.

Each size is measured in processes of its own, engine and SQL in turn, so that the peak of memory is of one of them;
medians of `--repeat` runs (default 5). Ratios are what counts: seconds are of this machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import rules
from bench.data import make

ROOT = Path(__file__).resolve().parent.parent


def engine(pack_folder: Path, data: Path, folder: Path) -> dict[str, object]:
    """One whole evaluation, written to Parquet; imports are not counted."""
    import shsnor

    pack = shsnor.load_pack(pack_folder)
    tables = {"schools": folder / "schools.parquet", "students": data}
    started = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as out,
        shsnor.evaluate(pack, tables, as_of=2025, settings={"threads": 2}) as outcome,
    ):
        outcome.write(Path(out) / "outcome")
        seconds = time.perf_counter() - started
        return {"seconds": seconds, "stages": outcome.manifest.run["times"], "rows": len(outcome.criterion_results)}


def by_hand(data: Path, indicators: int) -> dict[str, object]:
    """The hand-written SQL, and the least an explanation costs."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        con = duckdb.connect()
        con.execute(f"SET threads = 2; SET preserve_insertion_order = false; SET temp_directory = '{folder}'")
        started = time.perf_counter()
        for sql in rules.hand_written(f"read_parquet('{data}')", indicators):
            con.execute(sql)
        seconds = time.perf_counter() - started
        con.execute(rules.hand_written_explanation(Path(folder) / "explanation.parquet", indicators))
        return {"seconds": seconds, "explained": time.perf_counter() - started}


def child(arguments: list[str]) -> dict[str, Any]:
    """One measurement in a process of its own, with its peak memory in MB."""
    command = [sys.executable, "-m", "bench.run", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def median(runs: list[dict[str, Any]], key: str) -> float:
    return statistics.median(float(r[key]) for r in runs)


def measure(rows: int, folder: Path, repeat: int, indicators: int) -> None:
    data = make(folder, rows)
    pack = rules.write_pack(folder / f"pack_{indicators}", indicators)
    runs: dict[str, list[dict[str, Any]]] = {"engine": [], "by hand": []}
    for _ in range(repeat):
        runs["engine"].append(child(["--child", "engine", str(pack), str(data), str(folder)]))
        runs["by hand"].append(child(["--child", "hand", str(data), str(indicators)]))
    ours, base = median(runs["engine"], "seconds"), median(runs["by hand"], "seconds")
    explained = median(runs["by hand"], "explained")
    print(f"\n{rows:,} student rows, {indicators} indicators, 60 criteria, medians of {repeat}")
    print(f"  hand-written SQL             {base:7.2f} s   peak {median(runs['by hand'], 'peak'):6.0f} MB")
    print(f"  hand-written + explanation   {explained:7.2f} s")
    print(f"  engine, explanations written {ours:7.2f} s   peak {median(runs['engine'], 'peak'):6.0f} MB")
    print(f"  ratio to hand-written SQL    {ours / base:7.2f}   (with its explanation: {ours / explained:.2f})")
    last = runs["engine"][-1]["stages"]
    assert isinstance(last, dict)
    print("  stages of the last run: " + ", ".join(f"{k} {v:.2f} s" for k, v in last.items()))


def imports() -> None:
    """`import shsnor` and `shsnor --help`, medians of nine processes, beside Python itself."""
    print("\nstart-up, medians of 9, ms")
    for name, command in (
        ("python", [sys.executable, "-c", "pass"]),
        ("import shsnor", [sys.executable, "-c", "import shsnor"]),
        ("shsnor --help", [sys.executable, "-m", "shsnor", "--help"]),
    ):
        times = []
        for _ in range(9):
            started = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
            times.append(1000 * (time.perf_counter() - started))
        print(f"  {name:20} {statistics.median(times):6.0f}")


def main() -> None:
    if "--child" in sys.argv:
        kind, *rest = sys.argv[sys.argv.index("--child") + 1 :]
        paths = [Path(r) for r in rest]
        found = engine(*paths) if kind == "engine" else by_hand(paths[0], int(rest[1]))
        found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--indicators", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=None, help="keep the generated rows here")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="shsnor-bench-"))
    try:
        imports()
        for rows in options.rows:
            measure(rows, folder, options.repeat, options.indicators)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
