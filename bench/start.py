"""What a user waits for before any row is read: a pack is loaded and compiled, the command starts."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

from bench.figures import Figure
from bench.measuring import ROOT, Setting

PYTHON = [sys.executable]
COMMANDS = {
    "python": [*PYTHON, "-c", "pass"],
    "import": [*PYTHON, "-c", "import shsnor"],
    "help": [*PYTHON, "-m", "shsnor", "--help"],
    "check": [*PYTHON, "-m", "shsnor", "pack", "check", "federal"],
}


def figures(setting: Setting) -> Iterator[Figure]:
    yield from of_pack()
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(2 * setting.repeat):
        for name, command in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
            times[name].append(1000 * (time.perf_counter() - began))
    found = {name: median(runs) for name, runs in times.items()}
    yield from (Figure(name, None, found[name]) for name in ("help", "import", "check"))
    yield from (Figure(f"{name}_python", None, found[name] / found["python"]) for name in ("help", "check"))


def of_pack() -> Iterator[Figure]:
    """A pack of 1,000 lines, in milliseconds."""
    found = optional("packs", "measure_pack")
    measured = found() if found else {}
    yield Figure("pack_load", None, measured.get("load"))
    yield Figure("pack_compile", None, measured.get("compile"))


def sweep(setting: Setting) -> Iterator[Figure]:
    found = optional("sweep", "measure_sweep")
    yield Figure("sweep", None, found(setting.folder)["seconds"] if found else None)


def optional(module: str, function: str) -> Callable[..., dict[str, float]] | None:
    try:
        found: Callable[..., dict[str, float]] = getattr(importlib.import_module(f"bench.{module}"), function)
        return found
    except ModuleNotFoundError:
        return None
