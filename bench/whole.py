"""The whole evaluation beside the base, and what the number of indicators costs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from bench import rules
from bench.data import make
from bench.figures import Figure
from bench.measuring import Sample, Setting, in_turn, median, run


@cache
def samples(setting: Setting, rows: int) -> dict[str, list[Sample]]:
    """Runs of the engine with 60 and with 12 indicators and of the base, on the sorted rows."""
    data = make(setting.folder, rows)
    packs = {n: rules.write_pack(setting.folder / f"pack_{n}", n) for n in (60, 12)}
    return in_turn(
        setting.repeat,
        {
            "engine": partial(run, "evaluations:engine", pack=packs[60], data=data, room_in=setting.folder),
            "base": partial(run, "evaluations:by_hand", shape="base", data=data, room_in=setting.folder),
            "engine_12": partial(run, "evaluations:engine", pack=packs[12], data=data, room_in=setting.folder),
        },
    )


def figures(setting: Setting) -> Iterator[Figure]:
    for rows in setting.rows:
        found = samples(setting, rows)
        ours, base = median(found["engine"]), median(found["base"])
        explained = base + median([Sample(s.more["explanation"], 0, 0) for s in found["base"]])
        yield Figure("whole", rows, ours / base)
        yield Figure("whole_processor", rows, median(found["engine"], "processor") / median(found["base"], "processor"))
        yield Figure("whole_explained", rows, ours / explained)
        yield Figure("seconds", rows, ours)
        yield Figure("base_seconds", rows, base)
        yield Figure("growth", rows, ours / median(found["engine_12"]))
        yield Figure("peak", rows, median(found["engine"], "peak"))
        yield Figure("base_peak", rows, median(found["base"], "peak"))
