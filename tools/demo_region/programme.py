"""A school programme as pack `krasnodar` has it: who works by it, what was planned and reached, marks of its road map."""

from __future__ import annotations

import csv
from functools import cache
from math import floor
from pathlib import Path
from typing import Final

from demo_region.chance import Chance, Row
from demo_region.schools import School
from demo_region.support import Found

TAKING_PART_COLUMNS: Final = ("school_id", "plan")
PLAN_COLUMNS: Final = ("entity", "indicator", "unit", "year", "value")

PACK: Final = Path(__file__).parents[2] / "indicator_packs" / "krasnodar"
SCHOOLS: Final = 12
PUPILS_OF_20: Final = 259
"""How many pupils the document's own school helps through the network in 2020/21; other schools' money goes by size."""
UNMARKED: Final = 3
MARKS: Final = ("done",) * 8 + ("planned", "overdue", "cancelled")


@cache
def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table that the pack carries."""
    with (PACK / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def taking_part(found: Found) -> list[School]:
    """Schools with low results; the first follows the document's own plan."""
    return Chance(23).pick(found.low, SCHOOLS)


def make_taking_part(found: Found) -> list[Row]:
    return [[s.school_id, "свой план" if n else "документ"] for n, s in enumerate(taking_part(found))]


def make_targets(found: Found) -> list[Row]:
    """The plans of those that have one of their own."""
    return _sorted([
        [s.school_id, t["indicator"], t["unit"], t["year"], str(planned(s, t))]
        for s in taking_part(found)[1:]
        for t in rows_of("document_targets")
    ])  # fmt: skip


def planned(s: School, target: dict[str, str]) -> int:
    value, size = int(target["value"]), s.pupils[int(target["year"])]
    if target["unit"] == "рубль":
        return 1000 * floor(value * size / PUPILS_OF_20 / 1000 + 0.5)
    return size if target["indicator"] == "eff.1.3.3" else value


def make_actuals(found: Found) -> list[Row]:
    """What was reached: mostly the plan; one school tells a count where the plan has a per cent, some tell not all."""
    rows: list[Row] = []
    for n, s in enumerate(taking_part(found)):
        own = Chance(24, s.index)
        short = own.between(0.0, 0.12)
        for target in rows_of("document_targets"):
            plan = planned(s, target) if n else int(target["value"])
            value, unit = reached(plan, target["unit"], own.random() < short, own), target["unit"]
            if n == 1 and target["indicator"] == "eff.1.2.1":
                value, unit = 17, "человек"
            if not (n == 2 and target["indicator"].startswith("eff.1.5.")):
                rows.append([s.school_id, target["indicator"], unit, target["year"], str(value)])
    return _sorted(rows)


def reached(plan: int, unit: str, short: bool, chance: Chance) -> int:
    step = max(1, floor(plan * chance.between(0.02, 0.12)))
    if short:
        return max(0, plan - step)
    return min(100, plan + step // 2) if unit == "процент" else plan + (step // 2 if unit == "рубль" else 0)


def make_marks(found: Found) -> list[Row]:
    """Marks of 2019/20 and 2020/21; those of the last year are not gathered yet, and some schools gave none at all."""
    rows: list[Row] = []
    for s in taking_part(found)[: SCHOOLS - UNMARKED]:
        own = Chance(25, s.index)
        careful = own.random() < 0.5
        for step in rows_of("road_map"):
            status = MARKS[floor(own.random() * len(MARKS))]
            if step["year"] != "2022":
                status = "done" if careful else status
                rows.append([s.school_id, step["measure"], step["year"], *[""] * 5, status, "", "", ""])
    return rows


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda r: (r[0], r[1], r[2], int(r[3])))
