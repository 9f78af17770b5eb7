"""What is wrong in the logic of a pack's conditions: each flaw is told, with a school that shows it, its innocent twin is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

import shsnor
from shsnor.checking import check_pack
from shsnor.errors import Finding
from shsnor.wording import message

SOURCE = 'source: {clause: "1", basis: stated}'
HEAD = """
format: 1
pack: {id: small, version: "1", title: Малый пакет}
sources: {order: {title: Приказ}}
tables:
  facts:
    entity: {school: school_id}
    key: [school_id]
    columns:
      school_id: {type: text}
      low: {type: number, unit: percent, range: [0, 100]}
      high: {type: number, unit: percent, range: [0, 100]}
      gain: {type: number, unit: percentage_point}
      pupils: {type: count, unit: count}
      place: {type: text, values: [town, village]}
      sort: {type: text}
  exams:
    entity: {school: school_id}
    key: [school_id, subject, year]
    columns:
      school_id: {type: text}
      subject: {type: text}
      year: {type: year}
      bad: {type: number, unit: percent, range: [0, 100]}
  passport:
    entity: {school: school_id}
    key: [school_id]
    columns: {school_id: {type: text}, hard: {type: number, unit: percent, range: [0, 100]}}
indicators:
  low: {. unit: percent, better: lower, from: facts, value: low}
  high: {. unit: percent, better: higher, from: facts, value: high}
  gain: {. unit: percentage_point, better: higher, from: facts, value: gain}
  pupils: {. unit: count, from: facts, value: pupils}
  place: {. unit: text, from: facts, value: place}
  sort: {. unit: text, from: facts, value: sort}
  hard: {. unit: percent, better: lower, from: passport, value: hard}
  bad: {. unit: percent, better: lower, from: exams, value: bad, by: [subject, year], cells: [{subject: [рус, мат, физ]}]}
  bad_mean: {. unit: percent, better: lower, value: bad, over: [subject, year], years: {last: 1}, combine: mean}
  bad_change: {. unit: percentage_point, value: bad, over: [year], years: {last: 2}, combine: change}
"""


def pack_of(folder: Path, body: str, *, more_indicators: str = "") -> shsnor.Pack:
    """A pack of the base above and these sections; `{.` opens an item whose label is its id."""
    lines = []
    for line in (HEAD + more_indicators + body).splitlines():
        name = line.strip().partition(":")[0]
        lines.append(line.replace("{. ", f'{{label: "{name}", {SOURCE}, '))
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text("\n".join(lines), encoding="utf-8")
    return shsnor.load_pack(folder)


def found_in(pack: shsnor.Pack) -> list[Finding]:
    findings = check_pack(pack)
    assert not findings.errors, "\n".join(message(f) for f in findings)
    return [f for f in findings if "SH830" <= f.code <= "SH859"]


def criteria(*lines: str) -> str:
    return "criteria:\n" + "".join(f"  {line}\n" for line in lines)


def key(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.place.key


#: What is flawed, as (criteria; code and place), and the nearest thing that is not.
CONDITIONS = {
    "equal criteria, written in two ways": (
        ["a: {. indicator: low, at_least: 30}", "b: {. not: {indicator: low, less_than: 30}}"],
        ("SH830", "criteria.b"),
        ["a: {. indicator: low, at_least: 30}", "b: {. not: {indicator: low, at_most: 30}}"],
    ),
    "equal criteria, but for what is unknown": (
        ["a: {. any: [x, y]}", "x: {. indicator: low, at_least: 30}", "y: {. indicator: high, less_than: 50}",
         "b: {. of: [y, x], met_in: {at_least: 1}}"],
        ("SH830", "criteria.b"),
        ["a: {. indicator: low, at_least: 30}", "b: {. indicator: low, at_least: 30, missing: not_met}"],
    ),
    "a member twice": (
        ["a: {. of: [x, {indicator: low, more_than: 30}, y], met_in: {at_least: 2}}", "x: {. indicator: low, more_than: 30}",
         "y: {. indicator: high, less_than: 50}"],
        ("SH831", "criteria.a.of.1"),
        ["a: {. of: [x, {indicator: low, at_least: 30}, y], met_in: {at_least: 2}}", "x: {. indicator: low, more_than: 30}",
         "y: {. indicator: high, less_than: 50}"],
    ),
    "contradicting members": (
        ["a: {. all: [{indicator: low, at_least: 30}, {indicator: low, less_than: 30}]}"],
        ("SH832", "criteria.a.all.1"),
        ["a: {. all: [{indicator: low, at_least: 30}, {indicator: low, at_most: 30}]}"],
    ),
    "members that contradict each other through names": (
        ["a: {. all: [x, y]}", "x: {. all: [{indicator: low, at_least: 30}, {indicator: high, at_most: 50}]}",
         "y: {. all: [{indicator: high, more_than: 50}, {indicator: gain, more_than: 0}]}"],
        ("SH832", "criteria.a.all.1"),
        ["a: {. any: [x, y]}", "x: {. all: [{indicator: low, at_least: 30}, {indicator: high, at_most: 50}]}",
         "y: {. all: [{indicator: high, more_than: 50}, {indicator: gain, more_than: 0}]}"],
    ),
    "text that is two texts": (
        ["a: {. all: [{indicator: sort, is: лицей}, {indicator: sort, is_in: [школа, гимназия]}]}"],
        ("SH832", "criteria.a.all.1"),
        ["a: {. all: [{indicator: sort, is: лицей}, {indicator: sort, is_in: [школа, лицей]}]}"],
    ),
    "above and below the same group": (
        ["a: {. all: [{indicator: low, more_than: {among: region, combine: mean}}, "
         "{indicator: low, less_than: {among: region, combine: mean}}]}"],
        ("SH832", "criteria.a.all.1"),
        ["a: {. all: [{indicator: low, more_than: {among: region, combine: mean}}, "
         "{indicator: low, less_than: {among: region, combine: max}}]}"],
    ),
    "one of two counted always": (
        ["a: {. of: [x, {not: x}, y], met_in: {at_least: 2}}", "x: {. indicator: low, at_least: 30}",
         "y: {. indicator: high, less_than: 50}"],
        ("SH833", "criteria.a.of.1"),
        ["a: {. of: [x, z, y], met_in: {at_least: 2}}", "x: {. indicator: low, at_least: 30}",
         "y: {. indicator: high, less_than: 50}", "z: {. indicator: low, less_than: 10}"],
    ),
    "above the highest": (
        ["a: {. indicator: low, more_than: 100}"],
        ("SH834", "criteria.a"),
        ["a: {. indicator: low, at_least: 100}"],
    ),
    "no such text in the column": (
        ["a: {. indicator: place, is: city}"],
        ("SH834", "criteria.a"),
        ["a: {. indicator: sort, is: city}"],
    ),
    "three that exclude each other, two by two not": (
        ["a: {. all: [{any: [x, y]}, {not: x}, {not: y}]}", "x: {. indicator: low, at_least: 30}",
         "y: {. indicator: high, less_than: 50}"],
        ("SH834", "criteria.a"),
        ["a: {. all: [{any: [x, y]}, {not: x}]}", "x: {. indicator: low, at_least: 30}", "y: {. indicator: high, less_than: 50}"],
    ),
    "more than there are": (
        ["a: {. of: [{indicator: low, at_least: 30}, {indicator: high, less_than: 50}], met_in: {at_least: 3}}"],
        ("SH834", "criteria.a"),
        ["a: {. of: [{indicator: low, at_least: 30}, {indicator: high, less_than: 50}], met_in: {at_least: 2}}"],
    ),
    "more cells than there are": (
        ["a: {. indicator: bad, at_least: 30, over: [subject, year], years: {last: 2}, met_in: {at_least: 7}}"],
        ("SH834", "criteria.a"),
        ["a: {. indicator: bad, at_least: 30, over: [subject, year], years: {last: 2}, met_in: {at_least: 6}}"],
    ),
    "never below zero": (
        ["a: {. indicator: pupils, less_than: 0}"],
        ("SH834", "criteria.a"),
        ["a: {. indicator: gain, less_than: 0}"],
    ),
    "always from zero": (
        ["a: {. indicator: pupils, at_least: 0}"],
        ("SH835", "criteria.a"),
        ["a: {. indicator: pupils, at_least: 1}"],
    ),
    "one or the other, always": (
        ["a: {. any: [{indicator: low, at_least: 30}, {indicator: low, at_most: 40}]}"],
        ("SH835", "criteria.a"),
        ["a: {. any: [{indicator: low, at_least: 40}, {indicator: low, at_most: 30}]}"],
    ),
    "whole numbers have nothing between them": (
        ["a: {. any: [{indicator: pupils, at_most: 5}, {indicator: pupils, at_least: 6}]}"],
        ("SH835", "criteria.a"),
        ["a: {. any: [{indicator: low, at_most: 5}, {indicator: low, at_least: 6}]}"],
    ),
    "every but not any": (
        ["a: {. all: [every, {not: some}]}",
         "every: {. indicator: bad, at_least: 30, over: [subject, year], years: {last: 1}, met_in: every}",
         "some: {. indicator: bad, at_least: 30, over: [subject, year], years: {last: 1}, met_in: any}"],
        ("SH832", "criteria.a.all.1"),
        ["a: {. all: [some, {not: every}]}",
         "every: {. indicator: bad, at_least: 30, over: [subject, year], years: {last: 1}, met_in: every}",
         "some: {. indicator: bad, at_least: 30, over: [subject, year], years: {last: 1}, met_in: any}"],
    ),
    "twice strictly but not twice mildly": (
        ["a: {. all: [strict, {not: mild}]}",
         "strict: {. indicator: bad, at_least: 50, over: [subject, year], years: {last: 1}, met_in: {at_least: 2}}",
         "mild: {. indicator: bad, more_than: 30, over: [subject, year], years: {last: 1}, met_in: {at_least: 2}}"],
        ("SH832", "criteria.a.all.1"),
        ["a: {. all: [mild, {not: strict}]}",
         "strict: {. indicator: bad, at_least: 50, over: [subject, year], years: {last: 1}, met_in: {at_least: 2}}",
         "mild: {. indicator: bad, more_than: 30, over: [subject, year], years: {last: 1}, met_in: {at_least: 2}}"],
    ),
    "a group to which the condition never applies": (
        ["a: {. indicator: low, at_least: 30, applies_to: {indicator: low, less_than: 20}}"],
        ("SH834", "criteria.a.applies_to"),
        ["a: {. indicator: low, at_least: 30, applies_to: {indicator: low, less_than: 40}}"],
    ),
    "bands that leave out their border": (
        ["a: {. indicator: low, less_than: 30}", "b: {. indicator: low, more_than: 30}"],
        ("SH839", "criteria.b"),
        ["a: {. indicator: low, less_than: 30}", "b: {. indicator: low, at_least: 30}"],
    ),
    "better and worse may leave out no change": (
        ["a: {. indicator: gain, less_than: 2}", "b: {. indicator: gain, more_than: 2}"],
        ("SH839", "criteria.b"),
        ["a: {. indicator: gain, less_than: 0}", "b: {. indicator: gain, more_than: 0}"],
    ),
    "bands that share their border": (
        ["a: {. indicator: low, at_most: 30}", "b: {. indicator: low, at_least: 30}"],
        ("SH840", "criteria.b"),
        ["a: {. indicator: low, at_most: 30}", "b: {. indicator: low, at_least: 60}"],
    ),
    "a gap between three bands": (
        ["a: {. indicator: low, less_than: 30}", "b: {. all: [{indicator: low, at_least: 30}, {indicator: low, at_most: 50}]}",
         "c: {. indicator: low, at_least: 60}"],
        ("SH839", "criteria.c"),
        ["a: {. indicator: low, less_than: 30}", "b: {. all: [{indicator: low, at_least: 30}, {indicator: low, at_most: 50}]}",
         "c: {. indicator: low, more_than: 50}"],
    ),
    "whole bands of whole numbers": (
        ["a: {. indicator: pupils, at_most: 5}",
         "b: {. all: [{indicator: pupils, at_least: 7}, {indicator: pupils, at_most: 9}]}",
         "c: {. indicator: pupils, at_least: 10}"],
        ("SH839", "criteria.b"),
        ["a: {. indicator: pupils, at_most: 5}",
         "b: {. all: [{indicator: pupils, at_least: 6}, {indicator: pupils, at_most: 9}]}",
         "c: {. indicator: pupils, at_least: 10}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONDITIONS)
def test_a_flawed_condition_is_told_and_its_innocent_twin_is_not(tmp_path: Path, case: str) -> None:
    flawed, expected, innocent = CONDITIONS[case]
    found = found_in(pack_of(tmp_path / "flawed", criteria(*flawed)))
    assert [key(f) for f in found] == [expected]
    assert found[0].place.line is not None and found[0].severity == "warning"
    assert found_in(pack_of(tmp_path / "innocent", criteria(*innocent))) == []
