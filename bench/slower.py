"""The engine beside the slower shapes of `shapes`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench import whole
from bench.data import make
from bench.figures import Figure
from bench.measuring import Setting, in_turn, median, run


def figures(setting: Setting) -> Iterator[Figure]:
    """At the largest size; one run of each where there are millions of rows, for they take a minute and more."""
    rows = setting.most
    data, ours = make(setting.folder, rows), median(whole.samples(setting, rows)["engine"])
    once = rows > 1_000_000
    for shape in ("one_pass_case", "queries", "one_pass_filter"):
        work = partial(run, "evaluations:by_hand", shape=shape, data=data, room_in=setting.folder)
        found = in_turn(1 if once else setting.repeat, {shape: work})[shape]
        yield Figure(shape, rows, median(found) / ours, "one run" if once else "")
