"""A part that is vacant is left out of its list: not held, not applicable, `leave_out`; one that is only unknown is not."""

from __future__ import annotations

from pathlib import Path

import pytest

import shsnor
from tests.test_logic import SOURCE, pack_of

NOT_HELD = f'\nnot_held: [{{cells: {{year: "2022"}}, because: отменено, {SOURCE}}}]'
BODY = """
  exam: {. unit: percent, from: exams, value: max(bad), where: "subject = 'рус'"}
criteria:
  inner: {. indicator: low, at_least: 30PART}
  every: {. all: [inner, {indicator: high, at_least: 50}]}
  some: {. any: [inner, {indicator: high, at_least: 50}]}
  half: {. of: [inner, {indicator: high, at_least: 50}], met_in: {share_at_least: 100}}
"""
#: What the inner criterion says beside, or is instead; sections of the pack; is it vacant for a school without `low`?
PARTS = {
    "unknown": ("", "", False),
    "left out": (", missing: leave_out", "", True),
    "not applicable": (", applies_to: {indicator: sort, is: б}", "", True),
    "not held": ("EXAM", NOT_HELD, True),
    "held, no row": ("EXAM", NOT_HELD.replace("2022", "2021"), False),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("high", "of_high"), [(60, "met"), (40, "not_met")])
def test_a_vacant_part_is_left_out_and_an_unknown_one_is_not(
    tmp_path: Path, part: str, high: int, of_high: str
) -> None:
    said, sections, vacant = PARTS[part]
    body = BODY.replace(
        "indicator: low, at_least: 30PART",
        "indicator: exam, at_least: 30" if said == "EXAM" else f"indicator: low, at_least: 30{said}",
    )
    pack = pack_of(tmp_path / "pack", body + sections)
    given = {
        "schools": [{"school_id": "1", "municipality": "Юг"}],
        "facts": [{"school_id": "1", "low": None, "high": high, "gain": 1, "pupils": 10, "place": "town", "sort": "а"}],
        "passport": [{"school_id": "1", "hard": 1}],
    }
    with shsnor.evaluate(pack, given, as_of=2022) as outcome:
        found = {r.item: r.verdict for r in outcome.criterion_results.rows() if not r.path}
    every = of_high if vacant or of_high == "not_met" else "unknown"
    some = of_high if vacant or of_high == "met" else "unknown"
    assert (found["every"], found["some"], found["half"]) == (every, some, every)
