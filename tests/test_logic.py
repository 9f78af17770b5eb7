"""What is wrong in the logic of a pack's conditions: each flaw is told, with a school that shows it, its innocent twin is not."""

from __future__ import annotations

from collections.abc import Mapping
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


def pack_of(folder: Path, body: str, *, head: str = "") -> shsnor.Pack:
    """A pack of the base above and these sections; `{.` opens an item whose label is its id."""
    lines = []
    for line in (HEAD.replace("title: Малый пакет", f"title: Малый пакет{head}") + body).splitlines():
        name = line.strip().partition(":")[0]
        lines.append(line.replace("{. ", f'{{label: "{name}", {SOURCE}, '))
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text("\n".join(lines), encoding="utf-8")
    return shsnor.load_pack(folder)


def found_in(pack: shsnor.Pack) -> list[Finding]:
    findings = check_pack(pack)
    assert not findings.errors, "\n".join(message(f) for f in findings)
    found = [f for f in findings if "SH830" <= f.code <= "SH859"]
    for finding in found:
        for lang in ("ru", "en"):
            assert len(message(finding, lang).splitlines()) >= 3  # code and place, what is wrong, what to do
    return found


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


TABLES = {
    "a case that is taken before": (
        "[{id: low, when: {indicator: low, at_least: 30}}, {id: very_low, when: {indicator: low, at_least: 60}}, "
        "{id: other, otherwise: true}]",
        ("SH837", "clusters.groups.first_match.1"),
        "[{id: very_low, when: {indicator: low, at_least: 60}}, {id: low, when: {indicator: low, at_least: 30}}, "
        "{id: other, otherwise: true}]",
    ),
    "nobody is left for the rest": (
        "[{id: low, when: {indicator: low, at_least: 30}}, {id: fine, when: {indicator: low, less_than: 30}}, "
        "{id: other, otherwise: true}]",
        ("SH837", "clusters.groups.first_match.2"),
        "[{id: low, when: {indicator: low, at_least: 30}}, {id: fine, when: {indicator: low, less_than: 20}}, "
        "{id: other, otherwise: true}]",
    ),
    "a case of two conditions that are taken one by one": (
        "[{id: low, when: {indicator: low, at_least: 30}}, {id: hard, when: {indicator: hard, at_least: 50}}, "
        "{id: both, when: {all: [{indicator: low, at_least: 30}, {indicator: hard, at_least: 50}]}}, "
        "{id: other, otherwise: true}]",
        ("SH837", "clusters.groups.first_match.2"),
        "[{id: both, when: {all: [{indicator: low, at_least: 30}, {indicator: hard, at_least: 50}]}}, "
        "{id: low, when: {indicator: low, at_least: 30}}, {id: hard, when: {indicator: hard, at_least: 50}}, "
        "{id: other, otherwise: true}]",
    ),
    "bands that share their border": (
        "[{id: few, when: {indicator: low, at_most: 30}}, "
        "{id: some, when: {all: [{indicator: low, at_least: 30}, {indicator: low, at_most: 60}]}}, "
        "{id: other, otherwise: true}]",
        ("SH838", "clusters.groups.first_match.1"),
        "[{id: few, when: {indicator: low, at_most: 30}}, {id: some, when: {indicator: low, at_most: 60}}, "
        "{id: other, otherwise: true}]",
    ),
    "a border that goes to the rest": (
        "[{id: few, when: {indicator: low, less_than: 30}}, "
        "{id: some, when: {all: [{indicator: low, more_than: 30}, {indicator: low, at_most: 60}]}}, "
        "{id: other, otherwise: true}]",
        ("SH836", "clusters.groups.first_match.1"),
        "[{id: few, when: {indicator: low, less_than: 30}}, "
        "{id: some, when: {all: [{indicator: low, more_than: 40}, {indicator: low, at_most: 60}]}}, "
        "{id: other, otherwise: true}]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_a_flawed_table_of_cases_is_told_and_its_innocent_twin_is_not(tmp_path: Path, case: str) -> None:
    flawed, expected, innocent = TABLES[case]
    found = found_in(pack_of(tmp_path / "flawed", f"clusters:\n  groups: {{. first_match: {flawed}}}\n"))
    assert [key(f) for f in found] == [expected]
    assert found_in(pack_of(tmp_path / "innocent", f"clusters:\n  groups: {{. first_match: {innocent}}}\n")) == []


def claimed(condition: str, claim: str) -> str:
    return f"flags:\n  f: {{. when: {condition}, claims: [{{{claim}}}]}}\n"


RISING = "{criterion: {indicator: bad, at_least: 30}, over: [subject, year], years: {last: 1}, met_in: {at_least: 2}}"
CLAIMS = {
    "more may be too much": (
        claimed(
            "{all: [{indicator: low, at_least: 30}, {indicator: low, less_than: 60}]}", "more: low, never: removes"
        ),
        "SH841",
        claimed(
            "{all: [{indicator: low, at_least: 30}, {indicator: high, less_than: 60}]}", "more: low, never: removes"
        ),
    ),
    "the wrong way round": (
        claimed(
            "{any: [{indicator: low, at_most: 30}, {indicator: high, less_than: 20}]}", "more: low, never: removes"
        ),
        "SH841",
        claimed("{any: [{indicator: low, at_most: 30}, {indicator: high, less_than: 20}]}", "more: low, never: raises"),
    ),
    "it raises": (
        claimed("{indicator: low, at_least: 30}", "more: low, never: raises"),
        "SH841",
        claimed("{not: {indicator: low, at_least: 30}}", "more: low, never: raises"),
    ),
    "through a quantifier": (
        claimed(f"{{not: {RISING}}}", "more: bad, never: removes"),
        "SH841",
        claimed(RISING, "more: bad, never: removes"),
    ),
    "through a mean": (
        claimed("{indicator: bad_mean, less_than: 30}", "more: bad, never: removes"),
        "SH841",
        claimed("{indicator: bad_mean, at_least: 30}", "more: bad, never: removes"),
    ),
    "weights below zero": (
        "criteria:\n  x: {. indicator: low, at_least: 30}\n  y: {. indicator: high, at_least: 50}\n"
        + claimed("{of: {x: 2, y: -1}, met_in: {at_least: 2}}", "more: high, never: removes"),
        "SH841",
        "criteria:\n  x: {. indicator: low, at_least: 30}\n  y: {. indicator: high, at_least: 50}\n"
        + claimed("{of: {x: 2, y: -1}, met_in: {at_least: 2}}", "more: low, never: removes"),
    ),
    "with a group": (
        claimed("{indicator: low, at_least: {among: region, combine: {highest: 25}}}", "more: low, never: removes"),
        "SH842",
        claimed("{indicator: low, at_least: {value: hard, among: region, combine: mean}}", "more: low, never: removes"),
    ),
    "with a change": (
        claimed(
            "{criterion: {indicator: bad_change, more_than: 5}, over: [subject], met_in: any}",
            "more: bad, never: removes",
        ),
        "SH842",
        claimed(
            "{criterion: {indicator: bad_change, more_than: 5}, over: [subject], met_in: any}",
            "more: bad_change, never: removes",
        ),
    ),
    "about another indicator": (
        claimed("{indicator: low, at_least: 30}", "more: high, never: removes"),
        "SH843",
        claimed("{indicator: low, at_least: 30}", "more: low, never: removes"),
    ),
}


@pytest.mark.parametrize("case", CLAIMS)
def test_a_false_or_undecided_claim_is_told_and_a_true_one_is_not(tmp_path: Path, case: str) -> None:
    wrong, code, right = CLAIMS[case]
    assert [key(f) for f in found_in(pack_of(tmp_path / "wrong", wrong))] == [(code, "flags.f.claims.0")]
    assert found_in(pack_of(tmp_path / "right", right)) == []


def test_a_claim_names_an_indicator_that_there_is(tmp_path: Path) -> None:
    pack = pack_of(tmp_path / "pack", claimed("{indicator: low, at_least: 30}", "more: lov, never: removes"))
    (finding,) = check_pack(pack).errors
    assert (finding.code, finding.place.key, finding.details["nearest"]) == ("SH301", "flags.f.claims.0.more", "low")


SILENT = {
    "whoever it applies to": ["a: {. any: [{indicator: low, known: true}, {indicator: low, known: false}]}"],
    "a threshold beyond the range is told elsewhere": ["a: {. indicator: low, at_least: 120}"],
    "a criterion and its opposite": ["a: {. indicator: low, at_least: 30}", "b: {. not: a}"],
    "two readings of a choice that hold in no case together": [
        "a: {. choose: $reading, options: {one: b, two: c}}", "b: {. indicator: low, at_least: 30}",
        "c: {. indicator: low, less_than: 20}",
    ],
    "an expert may decide what the data do not say": [
        "a: {. all: [b, {indicator: low, less_than: 30}]}", "b: {. indicator: low, at_least: 30, expert_may_decide: true}",
    ],
    "what does not apply is left out of a list": [
        "a: {. all: [b, {indicator: low, less_than: 30}]}",
        "b: {. indicator: low, at_least: 30, applies_to: {indicator: high, at_least: 50}}",
    ],
    "thresholds in ascending order": [
        "a: {. indicator: low, at_least: 30}", "b: {. indicator: low, at_least: 60}", "c: {. indicator: low, at_least: 90}",
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", SILENT)
def test_what_is_meant_so_is_not_told(tmp_path: Path, case: str) -> None:
    parameters = "parameters:\n  reading: {. values: {2020-01-01: one}}\n"
    assert found_in(pack_of(tmp_path / "pack", parameters + criteria(*SILENT[case]))) == []


LIMITS = "parameters:\n  limit: {. unit: percent, values: {2020-01-01: 40, 2024-01-01: 30}}\n"


def test_parameters_are_put_in_place_at_each_of_their_dates(tmp_path: Path) -> None:
    both = criteria("a: {. all: [{indicator: low, less_than: $limit}, {indicator: low, at_least: 35}]}")
    (finding,) = found_in(pack_of(tmp_path / "pack", LIMITS + both))
    assert (*key(finding), finding.details["since"]) == ("SH832", "criteria.a.all.1", "2024-01-01")
    assert "2024-01-01" in message(finding) and "меньше 30\u00a0%" in message(finding)
    never_so = LIMITS.replace("30}", "50}")
    assert found_in(pack_of(tmp_path / "other", never_so + both)) == []


def test_a_value_that_is_past_before_the_pack_holds_is_not_looked_at(tmp_path: Path) -> None:
    text = LIMITS.replace("40, 2024-01-01: 30", "30, 2024-01-01: 40")
    both = criteria("a: {. all: [{indicator: low, less_than: $limit}, {indicator: low, at_least: 35}]}")
    assert [key(f) for f in found_in(pack_of(tmp_path / "pack", text + both))] == [("SH832", "criteria.a.all.1")]
    later = pack_of(tmp_path / "later", text + both, head=", valid: {from: 2024-01-01}")
    assert found_in(later) == []


def test_what_comes_from_the_base_is_told_of_the_base_only(tmp_path: Path) -> None:
    pack_of(
        tmp_path / "small", criteria("a: {. indicator: low, more_than: 100}", "b: {. indicator: high, at_least: 50}")
    )
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "pack.yaml").write_text(
        "format: 1\npack: {id: own, version: '1', title: Свой пакет, extends: small}\n"
        "criteria:\n  c: {label: c, source: {document: order, clause: '1', basis: stated}, "
        "not: {indicator: high, less_than: 50}}\n",
        encoding="utf-8",
    )
    (finding,) = found_in(shsnor.load_pack(tmp_path / "own"))
    assert (*key(finding), finding.details["other"]) == ("SH830", "criteria.c", "b")


def test_an_author_may_accept_a_warning_with_a_reason(tmp_path: Path) -> None:
    flawed = "a: {. indicator: low, more_than: 100}"
    accepted = flawed.replace("{. ", "{. accept: {SH834: порядок говорит именно так}, ")
    assert [f.code for f in found_in(pack_of(tmp_path / "flawed", criteria(flawed)))] == ["SH834"]
    assert found_in(pack_of(tmp_path / "accepted", criteria(accepted))) == []


# What a finding says, asked of the engine


def facts_of(details: Mapping[str, Any], key: str) -> dict[str, str]:
    """Column and value of the one school of an example."""
    shown = details[key]
    facts = shown[0] if isinstance(shown[0], list | tuple) else shown
    return {str(fact["what"]): str(fact["value"]) for fact in facts}


def outcome_of(pack: shsnor.Pack, schools: Mapping[str, Mapping[str, str]]) -> shsnor.Outcome:
    """An evaluation of these schools; what is not said of one is in the middle."""
    middle = {"low": "45", "high": "45", "gain": "1", "pupils": "100", "place": "town", "sort": "школа"}
    rows = [{"school_id": name, **middle, **known} for name, known in schools.items()]
    tables = {
        "schools": [{"school_id": name, "municipality": "м"} for name in schools],
        "facts": [{column: value for column, value in row.items() if column != "hard"} for row in rows],
        "passport": [{"school_id": row["school_id"], "hard": row.get("hard", "45")} for row in rows],
    }
    return shsnor.evaluate(pack, tables, as_of=2022)


def verdicts(outcome: shsnor.Outcome, item: str) -> dict[str, str]:
    return {row.entity: row.verdict for row in outcome.criterion_results.rows(item=item, path="")}


def test_equal_criteria_have_the_verdicts_that_the_finding_shows(tmp_path: Path) -> None:
    flawed, _, _ = CONDITIONS["equal criteria, but for what is unknown"]
    pack = pack_of(tmp_path / "pack", criteria(*flawed))
    (finding,) = found_in(pack)
    schools = {name: facts_of(finding.details, name) for name in ("both", "neither")}
    with outcome_of(pack, schools) as outcome:
        for item in ("a", "b"):
            assert verdicts(outcome, item) == {"both": "met", "neither": "not_met"}


def test_contradicting_members_have_the_verdicts_that_the_finding_shows(tmp_path: Path) -> None:
    flawed, _, _ = CONDITIONS["members that contradict each other through names"]
    pack = pack_of(tmp_path / "pack", criteria(*flawed))
    (finding,) = found_in(pack)
    with outcome_of(pack, {name: facts_of(finding.details, name) for name in ("first", "second")}) as outcome:
        assert verdicts(outcome, "x") == {"first": "met", "second": "not_met"}
        assert verdicts(outcome, "y") == {"first": "not_met", "second": "met"}
        assert set(verdicts(outcome, "a").values()) == {"not_met"}


@pytest.mark.parametrize(
    ("case", "verdict"), [("a gap between three bands", "not_met"), ("bands that share their border", "met")]
)
def test_a_school_between_or_in_two_bands_is_there_for_the_engine_too(tmp_path: Path, case: str, verdict: str) -> None:
    flawed, _, _ = CONDITIONS[case]
    pack = pack_of(tmp_path / "pack", criteria(*flawed))
    (finding,) = found_in(pack)
    names = (finding.details["name"], finding.details["other"])
    with outcome_of(pack, {"one": facts_of(finding.details, "examples")}) as outcome:
        assert [verdicts(outcome, name) for name in names] == [{"one": verdict}, {"one": verdict}]


@pytest.mark.parametrize(
    ("case", "label"),
    [
        ("a case that is taken before", "low"),
        ("a case of two conditions that are taken one by one", "low"),
        ("bands that share their border", "few"),
        ("a border that goes to the rest", "other"),
    ],
)
def test_the_school_of_a_table_gets_the_label_that_the_finding_says(tmp_path: Path, case: str, label: str) -> None:
    flawed, _, _ = TABLES[case]
    pack = pack_of(tmp_path / "pack", f"clusters:\n  groups: {{. first_match: {flawed}}}\n")
    (finding,) = found_in(pack)
    assert label in (finding.details["other"], finding.details.get("rest"))
    with outcome_of(pack, {"one": facts_of(finding.details, "examples")}) as outcome:
        assert [row.label for row in outcome.clusters.rows()] == [label]


@pytest.mark.parametrize("case", ["more may be too much", "the wrong way round", "it raises", "weights below zero"])
def test_the_school_of_a_false_claim_gains_or_loses_the_flag(tmp_path: Path, case: str) -> None:
    wrong, _, _ = CLAIMS[case]
    pack = pack_of(tmp_path / "pack", wrong)
    (finding,) = found_in(pack)
    rest = facts_of(finding.details, "rest") if finding.details["rest"] else {}
    schools = {name: {**rest, **facts_of(finding.details, name)} for name in ("before", "after")}
    with outcome_of(pack, schools) as outcome:
        flags = {row.entity: row.verdict for row in outcome.flags.rows()}
    gone = finding.details["never"] == "removes"
    assert flags == {"before": "met" if gone else "not_met", "after": "not_met" if gone else "met"}
