"""The mutation score of the shipped packs: `python tools/score_mutants.py [--changed] [--least 90] [PACK ...]`.

--changed   only packs with a file that differs from where this branch left main (on main itself: from the commit before);
            none where git cannot say. A pack's score is of its own items, so that a changed base pack changes no other's.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from shsnor.loading import load_pack
from shsnor.packtests import run_cases, score_of
from shsnor.packtests.telling import case_line, failure_text, score_text

ROOT = Path(__file__).resolve().parents[1]
PACKS = ROOT / "indicator_packs"


def main() -> int:
    parser = argparse.ArgumentParser(description="The mutation score of the shipped packs.")
    parser.add_argument("--changed", action="store_true", help="only packs whose files have changed")
    parser.add_argument("--least", type=float, default=90, help="exit code 1 where a pack has less, per cent")
    parser.add_argument("packs", nargs="*", metavar="PACK")
    asked = parser.parse_args()
    every = sorted(file.parent.name for file in PACKS.glob("*/pack.yaml"))
    names = asked.packs or every
    if asked.changed:
        names = [name for name in names if name in changed_packs()]
        print(f"packs with changed files: {', '.join(names) or 'none'}", flush=True)
    return max([score(name, asked.least) for name in names], default=0)


def score(name: str, least: float) -> int:
    """0 where the pack's score is high enough, else 1; says which, and which changes nobody noticed."""
    start = time.perf_counter()
    pack = load_pack(PACKS / name)
    ran = run_cases(pack)
    if not ran.passed:
        for result in ran.results:
            if not result.passed:
                print(f"{case_line(result)}\n{failure_text(result)}")
        print(f"== {name}: its cases do not hold", flush=True)
        return 1
    found = score_of(pack, ran)
    print(f"== {name}, {time.perf_counter() - start:.0f} s\n{score_text(found)}", flush=True)
    return int(found.percent < least)


def changed_packs() -> set[str]:
    """Folders of packs with files that differ from the base; empty where git cannot say."""
    base = _base()
    if base is None:
        return set()
    files = [*_git("diff", "--name-only", base), *_git("ls-files", "--others", "--exclude-standard")]
    parts = [Path(file).parts for file in files]
    return {path[1] for path in parts if len(path) > 2 and path[0] == PACKS.name}


def _base() -> str | None:
    """The commit at which this branch left main; on main, the one before."""
    head = _git("rev-parse", "HEAD")
    for main in ("origin/main", "main"):
        base = _git("merge-base", "HEAD", main)
        if base and base != head:
            return base[0]
    return next(iter(_git("rev-parse", "--verify", "--quiet", "HEAD~1")), None)


def _git(*arguments: str) -> list[str]:
    """Lines that git answers; none where it fails."""
    try:
        run = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return []
    return run.stdout.splitlines() if run.returncode == 0 else []


if __name__ == "__main__":
    sys.exit(main())
