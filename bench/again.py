"""Evaluating again from the cube that the engine has kept: other thresholds, no row read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench import evaluations, rules, whole
from bench.data import make
from bench.figures import Figure
from bench.measuring import Setting, median, run


def figures(setting: Setting) -> Iterator[Figure]:
    found = seconds(setting) if evaluations.keeps_cubes() else None
    if found is None:
        yield from (Figure(name, setting.most, None, "no cube was kept") for name in ("again", "again_seconds"))
        return
    yield Figure("again", setting.most, found / median(whole.samples(setting, setting.most)["base"]))
    yield Figure("again_seconds", setting.most, found)


def seconds(setting: Setting) -> float | None:
    """Of an evaluation with other thresholds after the first one; None where that one kept nothing, as of few rows."""
    folder = setting.folder
    first, other = rules.write_pack(folder / "pack_60"), rules.write_pack(folder / "pack_moved", moved=0.01)
    data = make(folder, setting.most)
    with tempfile.TemporaryDirectory(prefix="cubes-", dir=folder) as cubes:
        again = partial(run, "evaluations:engine", data=data, room_in=folder, cache=cubes)
        again(pack=first)
        if not any(file.is_file() for file in Path(cubes).rglob("*.parquet")):
            return None
        return median([again(pack=other) for _ in range(setting.repeat)])
