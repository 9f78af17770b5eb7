"""Memory that is scarce, and rows in no order, at the largest size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench import rules, whole
from bench.data import make
from bench.figures import Figure
from bench.measuring import Setting, in_turn, median, run

LITTLE, ENOUGH = "400MB", "4GB"


def figures(setting: Setting) -> Iterator[Figure]:
    rows, folder = setting.most, setting.folder
    pack, data, shuffled = rules.write_pack(folder / "pack_60"), make(folder, rows), make(folder, rows, shuffled=True)
    engine, by_hand = (
        partial(run, "evaluations:engine", pack=pack, room_in=folder),
        partial(run, "evaluations:by_hand", room_in=folder),
    )
    found = in_turn(
        setting.repeat,
        {
            "engine": partial(engine, data=data, limit=LITTLE),
            "base": partial(by_hand, shape="base", data=data, limit=LITTLE),
            "unsorted": partial(engine, data=shuffled, limit=ENOUGH),
        },
    )
    unlimited = whole.samples(setting, rows)["engine"]
    free = median(unlimited)
    others = [engine(data=data, threads=threads) for threads in (1, 4)]
    runs = [*unlimited, *found["engine"], *found["unsorted"], *others]
    yield Figure("bits", rows, len({s.more["bits"] for s in runs}))
    yield Figure("peak_over", rows, median(found["engine"], "peak") - median(found["base"], "peak"))
    yield Figure("time_limited", rows, median(found["engine"]) / median(found["base"]))
    yield Figure("time_own_limited", rows, median(found["engine"]) / free)
    yield Figure("peak_unsorted", rows, median(found["unsorted"], "peak"))
    yield Figure("spill_unsorted", rows, max(s.spill for s in found["unsorted"]))
    yield Figure("time_unsorted", rows, median(found["unsorted"]) / free)
