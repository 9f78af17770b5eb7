"""The reference by hand: the constructs one by one, with tables small enough to be worked out on paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from .evaluator import evaluate
from .handmade import ONE, TWO, Rows, cells, reasons, result_rows, rows, run, schools, value, verdict

# Values from rows

LOW = '{from: results, value: "100.0 * sum(below_minimum) / sum(participants)", %s}'


def low(keys: str = "", more: str = "") -> str:
    return f"indicators:\n  low: {LOW % keys}\n{more}"


def test_pooled_years_and_rounding() -> None:
    table = result_rows("А 2022 ВПР 5 рус 3 1 0 0", "А 2021 ВПР 5 рус 3 1 0 0", "А 2020 ВПР 5 рус 1 1 0 0")
    assert value(run(low("years: {last: 2}"), schools=ONE, results=table), "low", "А") == Decimal("33.333333333")
    assert value(run(low("years: {last: 3}, round: 0"), schools=ONE, results=table), "low", "А") == Decimal(43)
    assert value(run(low("years: {from: 2020, to: 2020}"), schools=ONE, results=table), "low", "А") == Decimal(100)


def test_a_missing_year_is_no_row_and_at_least_known_loosens() -> None:
    table = result_rows("А 2022 ВПР 5 рус 4 1 0 0")
    assert reasons(run(low("years: {last: 2}"), schools=ONE, results=table), "low", "А") == "no_row"
    assert value(run(low("years: {last: 2}, at_least_known: 1"), schools=ONE, results=table), "low", "А") == Decimal(25)


def test_half_is_rounded_away_from_zero() -> None:
    pack = "indicators:\n  a: {from: results, value: sum(mark_4) / 2, round: 0}\n  b: {value: -odd / 2, round: 0}\n"
    pack += "  odd: {from: results, value: sum(mark_4)}"
    result = run(pack, schools=ONE, results=result_rows("А 2022 ВПР 5 рус 4 1 1 0"))
    assert (value(result, "a", "А"), value(result, "b", "А")) == (Decimal(1), Decimal(-1))


def test_empty_values_and_their_reasons() -> None:
    for gap, reason in ((".", "empty_value"), ("-", "empty_value"), ("SUPP", "hidden")):
        table = result_rows("А 2022 ВПР 5 рус 4 1 0 0", f"А 2022 ВПР 6 рус 4 {gap} 0 0")
        pack = low(more="tables:\n  results: {hidden: [SUPP]}")
        assert reasons(run(pack, schools=ONE, results=table), "low", "А") == reason
        coalesced = pack.replace("sum(below_minimum)", "sum(coalesce(below_minimum, 2))")
        assert value(run(coalesced, schools=ONE, results=table), "low", "А") == Decimal("37.5")


def test_a_gap_outside_what_is_read_does_not_matter() -> None:
    table = result_rows("А 2022 ВПР 5 рус 4 1 . .", "А 2022 ОГЭ 9 рус . . . .")
    assert value(run(low("where: \"procedure = 'ВПР'\""), schools=ONE, results=table), "low", "А") == Decimal(25)


def test_minimum_on_each_cell_equal_is_enough() -> None:
    table = result_rows("А 2022 ВПР 5 рус 5 1 0 0", "А 2022 ВПР 5 мат 4 1 0 0")
    result = run(low("by: [subject], minimum: {participants: 5}"), schools=ONE, results=table)
    assert value(result, "low", "А", subject="рус") == Decimal(20)
    assert reasons(result, "low", "А", subject="мат") == "too_few"


def test_division_by_zero_is_too_few() -> None:
    assert reasons(run(low(), schools=ONE, results=result_rows("А 2022 ВПР 5 рус 0 0 0 0")), "low", "А") == "too_few"


def test_open_and_closed_cells() -> None:
    table = result_rows("А 2022 ВПР 5 рус 4 1 0 0", "А 2021 ВПР 5 мат 4 1 0 0")
    result = run(low("by: [subject, year], years: {last: 2}"), schools=TWO, results=table)
    assert cells(result, "low", "А") == ["мат/2021", "мат/2022", "рус/2021", "рус/2022"]
    assert cells(result, "low", "Б") == []
    listed = run(low("by: [subject], cells: [{subject: [рус, био]}]"), schools=TWO, results=table)
    assert cells(listed, "low", "Б") == ["био", "рус"]
    assert reasons(listed, "low", "А", subject="био") == "no_row"


def test_cells_with_an_open_dimension_cross_and_filter() -> None:
    table = result_rows("А 2022 ВПР 5 рус 4 1 0 0", "А 2022 ВПР 9 рус 4 1 0 0", "А 2022 ВПР 6 мат 4 1 0 0")
    result = run(low("by: [grade, subject], cells: [{grade: [5, 6]}]"), schools=ONE, results=table)
    assert cells(result, "low", "А") == ["5/мат", "5/рус", "6/мат", "6/рус"]
    assert value(run(low("cells: [{grade: [5, 6]}]"), schools=ONE, results=table), "low", "А") == Decimal(25)
    assert reasons(run(low("cells: [{grade: [5, 7]}]"), schools=ONE, results=table), "low", "А") == "no_row"


def test_aggregates() -> None:
    pack = """
indicators:
  distinct: {from: results, value: count(distinct participants)}
  quantile: {from: results, value: "quantile_disc(participants, 0.5)"}
  middle: {from: results, value: median(participants)}
  spread: {from: results, value: stddev_pop(participants)}
  mean: {from: results, value: avg(participants)}
  range: {from: results, value: max(participants) - min(participants)}
"""
    table = result_rows(*(f"А 2022 ВПР {grade} рус {n} 0 0 0" for grade, n in enumerate((2, 2, 4, 8))))
    result = run(pack, schools=ONE, results=table)
    found = [value(result, item, "А") for item in ("distinct", "quantile", "middle", "spread", "mean", "range")]
    assert found == [3, 2, 3, Decimal("2.449489743"), 4, 6]


def test_expressions() -> None:
    pack = """
indicators:
  kind: {from: schools, value: "case when kind = 'СОШ' then upper('да') else 'нет' end"}
  pupils: {from: schools, value: pupils}
  a: {value: "greatest(1, floor((800 - pupils) * 0.05 + 0.5)) % 7"}
  b: {value: "case when pupils between 1 and 3 then sqrt(16) else power(2, 3) end"}
  c: {value: "coalesce(pupils, 0) + 1"}
  d: {value: 1 / (pupils - pupils)}
  e: {value: ln(-pupils)}
criteria: {big: {indicator: pupils, at_least: 2}}
"""
    pack = pack.replace("indicators:", "indicators:\n  f: {value: 2 * big - pupils}", 1)
    result = run(pack, schools=rows("school_id kind pupils", "А СОШ 3", "Б ООШ ."))
    assert [value(result, "kind", entity) for entity in "АБ"] == ["ДА", "нет"]
    assert [value(result, item, "А") for item in "abcf"] == [5, 4, 4, -1]
    assert [reasons(result, item, "А") for item in "de"] == ["too_few", "empty_value"]
    assert (value(result, "c", "Б"), reasons(result, "f", "Б")) == (1, "empty_value")


# Years: windows, what was not held

HELD = "not_held: [{cells: {year: 2021, procedure: [ОГЭ]}, because: отмена}]\n"


def test_not_held_is_vacant_and_its_rows_are_left_out() -> None:
    table = result_rows("А 2022 ОГЭ 9 рус 4 1 0 0", "А 2021 ОГЭ 9 рус 4 4 0 0", "А 2021 ВПР 5 рус 2 2 0 0")
    where = "where: \"procedure = 'ОГЭ'\""
    pooled = run(HELD + low(f"{where}, years: {{last: 2}}"), schools=ONE, results=table)
    assert value(pooled, "low", "А") == Decimal(25)
    kept = run(HELD + low(f"{where}, by: [year], years: {{last: 2}}"), schools=ONE, results=table)
    assert reasons(kept, "low", "А", year="2021") == "not_held"
    assert reasons(run(HELD + low(where), "2021", schools=ONE, results=table), "low", "А") == "not_held"
    mixed = run(HELD + low(), "2021", schools=ONE, results=table)  # procedure is not fixed: the year counts as held
    assert value(mixed, "low", "А") == Decimal(100)


def test_last_held_reaches_further_back() -> None:
    table = result_rows("А 2022 ОГЭ 9 рус 4 1 0 0", "А 2020 ОГЭ 9 рус 4 4 0 0")
    keys = "where: \"procedure = 'ОГЭ'\", by: [year]"
    more = "criteria: {high: {indicator: low, at_least: 20, over: [year], years: {last_held: 2}, met_in: every}}"
    result = run(HELD + low(keys, more), schools=ONE, results=table)
    assert verdict(result, "high", "А") == "met"
    assert cells(result, "low", "А") == ["2020", "2022"]
    pooled = run(HELD + low("where: \"procedure in ('ОГЭ')\", years: {last_held: 2}"), schools=ONE, results=table)
    assert value(pooled, "low", "А") == Decimal("62.5")


def test_last_held_cell_by_cell() -> None:
    table = result_rows("А 2022 ОГЭ 9 рус 4 1 0 0", "А 2020 ОГЭ 9 рус 4 1 0 0", "А 2021 ВПР 5 рус 4 1 0 0")
    leaf = "{indicator: low, at_least: 20, over: [procedure, year], years: {last_held: 2}, met_in: every}"
    more = f"criteria: {{high: {leaf}}}"
    result = run(HELD + low("by: [procedure, year]", more), schools=ONE, results=table)
    assert cells(result, "low", "А") == ["ВПР/2021", "ВПР/2022", "ОГЭ/2020", "ОГЭ/2022"]
    assert verdict(result, "high", "А") == "unknown no_row"


def test_back_and_open_cells_are_per_reader() -> None:
    table = result_rows("А 2022 ВПР 5 рус 4 1 0 0", "А 2021 ВПР 5 мат 4 1 0 0")
    more = """
criteria:
  now: {indicator: low, at_least: 20, over: [subject, year], years: {last: 1}, met_in: every}
  before: {indicator: low, at_least: 20, over: [subject, year], years: {last: 1, back: 1}, met_in: every}
  both: {indicator: low, at_least: 20, over: [subject, year], years: {last: 2}, met_in: every}
"""
    result = run(low("by: [subject, year]", more), schools=ONE, results=table)
    assert [verdict(result, item, "А") for item in ("now", "before", "both")] == ["met", "met", "unknown no_row"]


def test_kept_year_is_reported_for_those_who_ask() -> None:
    more = """
criteria:
  high: {indicator: low, at_least: 20}
  once: {criterion: high, over: [year], years: {last: 1, back: 2}, met_in: any}
"""
    result = run(low("by: [year], years: {last: 1}", more), schools=ONE)
    assert cells(result, "low", "А") == ["2020", "2022"]
    assert cells(result, "high", "А") == ["2020"]


def test_without_a_procedure() -> None:
    table = result_rows("А 2022 ОГЭ 9 рус 4 1 0 0", "А 2022 ВПР 5 рус 4 4 0 0")
    assert value(run(low(), without=["ВПР"], schools=ONE, results=table), "low", "А") == Decimal(25)
    listed = low("by: [procedure], cells: [{procedure: [ВПР, ОГЭ]}]")
    result = run(listed, without=["ВПР"], schools=ONE, results=table)
    assert reasons(result, "low", "А", procedure="ВПР") == "not_held"


# Three values

KLEENE = """
indicators:
  a: {from: schools, value: a}
  b: {from: schools, value: b}
tables: {schools: {columns: {a: {type: count}, b: {type: count}}}}
criteria:
  p: {indicator: a, is: 1}
  q: {indicator: b, is: 1}
  both: {all: [p, q]}
  either: {any: [p, q]}
  no: {not: p}
  half: {of: [p, q], met_in: {share_at_least: 50}}
  most: {of: [p, q], met_in: {share_more_than: 50}}
  two: {of: [p, q], met_in: {at_least: 2}}
"""


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("1", "1", "both either half most two"),
        ("1", "0", "either half"),
        ("0", "0", "no"),
        ("1", ".", "?both either half ?most ?two"),
        ("0", ".", "?either no ?half"),
        (".", ".", "?both ?either ?no ?half ?most ?two"),
    ],
)
def test_kleene(a: str, b: str, expected: str) -> None:
    result = run(KLEENE, schools=rows("school_id a b", f"А {a} {b}"))
    marks = {"met": "", "not_met": None, "unknown empty_value": "?"}
    found = []
    for item in ("both", "either", "no", "half", "most", "two"):
        mark = marks[verdict(result, item, "А")]
        found += [f"{mark}{item}"] if mark is not None else []
    assert " ".join(found) == expected


@pytest.mark.parametrize(
    ("a", "b", "points", "share"),
    [
        ("1", "1", "met", "not_met"),
        ("1", "0", "met", "met"),
        ("1", ".", "met", "unknown empty_value"),
        ("0", "1", "not_met", "not_met"),
        (".", "0", "unknown empty_value", "unknown empty_value"),
    ],
)
def test_weights_are_exact_on_unknowns(a: str, b: str, points: str, share: str) -> None:
    more = """
  points: {of: {p: 3, q: -1}, met_in: {at_least: 2}}
  share: {of: {p: 3, q: -1}, met_in: {share_more_than: 100}}
  nothing: {of: {p: 1, q: -1}, met_in: {share_more_than: 10}}
  no_weight: {of: {p: 3, q: 0}, met_in: {at_least: 3}}
"""
    result = run(KLEENE + more, schools=rows("school_id a b", f"А {a} {b}"))
    assert verdict(result, "points", "А") == points
    assert verdict(result, "share", "А") == share
    assert verdict(result, "nothing", "А") == "unknown empty_group"
    assert verdict(result, "no_weight", "А") == {"1": "met", "0": "not_met", ".": "unknown empty_value"}[a]


def test_missing_and_known() -> None:
    pack = (
        KLEENE
        + """
  met: {indicator: a, is: 1, missing: met}
  not_met: {indicator: a, is: 1, missing: not_met}
  left_out: {indicator: a, is: 1, missing: leave_out}
  left_all: {all: [left_out]}
  left_one: {all: [left_out, q]}
  not_left: {not: left_out}
  known: {indicator: a, known: true}
  gone: {indicator: a, known: false}
"""
    )
    result = run(pack, schools=rows("school_id a b", "А . 1"))
    assert verdict(result, "met", "А") == "met empty_value"
    assert verdict(result, "not_met", "А") == "not_met empty_value"
    assert verdict(result, "left_out", "А") == "unknown empty_value"
    assert verdict(result, "left_all", "А") == "unknown not_applicable"
    assert verdict(result, "left_one", "А") == "met"
    assert verdict(result, "not_left", "А") == "unknown empty_value"
    assert (verdict(result, "known", "А"), verdict(result, "gone", "А")) == ("not_met", "met")


def test_vacant_parts_are_left_out() -> None:
    pack = (
        KLEENE
        + """
  v: {indicator: a, is: 1, applies_to: q}
  with_v: {all: [v, p]}
  only_v: {any: [v, {not: v}]}
"""
    )
    result = run(pack, schools=rows("school_id a b", "А 1 0", "Б 1 ."))
    assert verdict(result, "v", "А") == "unknown not_applicable"
    assert verdict(result, "with_v", "А") == "met"
    assert verdict(result, "only_v", "А") == "unknown not_applicable"
    assert verdict(result, "v", "Б") == "unknown empty_value"


def test_a_leaf_over_subjects_and_a_share_of_them() -> None:
    table = result_rows(*(f"А 2022 ВПР 5 {s} 4 {n} 0 0" for s, n in (("рус", 2), ("мат", 0), ("био", "."))))
    more = """
criteria:
  half: {indicator: low, at_least: 50, over: [subject], met_in: {share_at_least: 50}}
  third: {indicator: low, at_least: 50, over: [subject], met_in: {share_at_least: 33.3}}
  all_known: {indicator: low, at_least: 50, missing: leave_out, over: [subject], met_in: {share_at_least: 50}}
"""
    result = run(low("by: [subject]", more), schools=TWO, results=table)
    assert [verdict(result, c, "А") for c in ("half", "third", "all_known")] == ["unknown empty_value", "met", "met"]
    assert verdict(result, "half", "Б") == "unknown no_row"


# Combination of parts


def test_union_join_and_a_weak_part() -> None:
    pack = """
indicators:
  a: {from: results, where: "procedure = 'ВПР'", value: sum(participants), by: [subject]}
  b: {from: results, where: "procedure = 'ОГЭ'", value: sum(participants), by: [subject]}
  g: {from: results, where: "procedure = 'ВПР'", value: sum(participants), by: [grade]}
  sum: {value: a + b}
  cross: {value: a * g}
  region: {value: a, among: region, combine: sum}
  gap: {value: a - region}
"""
    table = result_rows(
        "А 2022 ВПР 5 рус 4 0 0 0", "А 2022 ВПР 6 мат 5 0 0 0", "А 2022 ОГЭ 9 рус 6 0 0 0", "А 2022 ОГЭ 9 био 7 0 0 0",
        "Б 2022 ВПР 5 гео 1 0 0 0",
    )  # fmt: skip
    result = run(pack, schools=TWO, results=table)
    assert cells(result, "sum", "А") == ["био", "мат", "рус"]
    assert value(result, "sum", "А", subject="рус") == 10
    assert reasons(result, "sum", "А", subject="био") == "no_row"
    assert cells(result, "cross", "А") == ["5/мат", "5/рус", "6/мат", "6/рус"]
    assert cells(result, "region", "region") == ["гео", "мат", "рус"]
    assert cells(result, "gap", "А") == ["мат", "рус"]


def test_over_combine() -> None:
    table = result_rows(*(f"А {y} ВПР 5 рус 10 {n} 0 0" for y, n in ((2020, 1), (2021, "."), (2022, 4))))
    more = "".join(
        f"  {name}: {{value: low, over: [year], years: {{last: 3}}, combine: {combine}, at_least_known: 2}}\n"
        for name, combine in (
            ("mean", "mean"),
            ("change", "change"),
            ("slope", "slope"),
            ("n", "count"),
            ("lo", "{lowest: 50}"),
        )
    )
    strict = "  strict: {value: low, over: [year], years: {last: 3}, combine: sum}\n"
    result = run(low("by: [year]", more + strict), schools=ONE, results=table)
    assert [value(result, item, "А") for item in ("mean", "change", "slope", "n", "lo")] == [25, 30, 15, 2, 10]
    assert reasons(result, "strict", "А") == "empty_value"


def test_a_quantifier_with_nothing_applicable() -> None:
    more = """
criteria:
  school: {indicator: kind, is: СОШ}
  c: {indicator: low, at_least: 1, over: [subject], met_in: any}
"""
    pack = low("by: [subject], applies_to: school", "  kind: {from: schools, value: kind}\n" + more)
    result = run(pack, schools=schools("А м СОШ", "Б м ООШ", "В м ."))
    assert [verdict(result, "c", e) for e in "АБВ"] == [
        "unknown no_row",
        "unknown not_applicable",
        "unknown empty_value",
    ]


# Groups

GROUP = """
indicators:
  x: {from: schools, value: pupils}
  kind: {from: schools, value: kind}
"""


def group(formula: str, table: Rows, entity: str, more: str = "") -> Any:
    result = run(f"{GROUP}  s: {formula}\n{more}", schools=table)
    return value(result, "s", entity) if not result.values["s", entity, ()].reasons else reasons(result, "s", entity)


FOUR = rows("school_id municipality kind pupils", "А м1 СОШ 1", "Б м1 СОШ 2", "В м2 ООШ 2", "Г м2 ООШ 5", "Д . СОШ .")


@pytest.mark.parametrize(
    ("combine", "expected"),
    [
        *(("mean", 2.5), ("median", 2), ("min", 1), ("max", 5), ("sum", 10), ("count", 4), ("stdev", 1.5)),
        *(("{lowest: 25}", 1), ("{lowest: 26}", 2), ("{highest: 25}", 5), ("{highest: 50}", 2), ("{highest: 75}", 2)),
    ],
)
def test_statistics_of_the_region(combine: str, expected: float) -> None:
    assert group(f"{{value: x, among: region, combine: {combine}}}", FOUR, "region") == Decimal(str(expected))


def test_groups_by_entity() -> None:
    assert group("{value: x, among: municipality, combine: mean}", FOUR, "м2") == Decimal("3.5")
    same = "{value: x, among: {same: [kind], without_self: true}, combine: mean, at_least_known: 2}"
    assert group(same, FOUR, "А") == "empty_group"
    assert group(same, FOUR, "Д") == Decimal("1.5")
    assert group("{value: x, among: {within: municipality, same: [kind]}, combine: max}", FOUR, "А") == 2
    assert group("{value: x, among: {within: municipality, same: [kind]}, combine: max}", FOUR, "Д") == "empty_group"
    meeting = "{value: x, among: {within: region, meeting: m}, combine: min}"
    assert group(meeting, FOUR, "region", "criteria: {m: {indicator: x, more_than: 1}}") == 2


def test_rank_ties_share_the_better_place() -> None:
    rank = "{value: x, among: region, combine: rank, better: %s}"
    assert [group(rank % "higher", FOUR, e) for e in "АБВГ"] == [4, 2, 2, 1]
    assert [group(rank % "lower", FOUR, e) for e in "АБВГД"] == [1, 2, 2, 4, "empty_value"]


def test_share_of_a_criterion_and_of_a_district() -> None:
    result = run(GROUP + """
  share: {value: big, among: municipality, combine: share}
criteria:
  big: {indicator: x, at_least: 2}
  rich: {indicator: share, more_than: 50}
  both: {all: [big, rich]}
""", schools=FOUR)  # fmt: skip
    assert (value(result, "share", "м1"), value(result, "share", "м2")) == (50, 100)
    assert [verdict(result, "both", e) for e in "АВ"] == ["not_met", "met"]
    assert verdict(result, "both", "Д") == "unknown empty_value no_row"


def test_peers() -> None:
    pack = GROUP + "  s: {value: x, among: {peers: near}, combine: mean}\npeers: {near: {label: л}}"
    table: dict[str, Rows] = {"schools": FOUR}
    near = {("near", "А"): ["Б", "Г"]}
    result = evaluate(yaml.load(pack, yaml.BaseLoader), table, "2022", peers=near)
    assert (value(result, "s", "А"), reasons(result, "s", "Б")) == (Decimal("3.5"), "empty_group")


def test_pooled_and_level_leave_a_cell_with_a_gap_out() -> None:
    table = result_rows("А 2022 ВПР 5 рус 10 1 0 0", "Б 2022 ВПР 5 рус 30 9 0 0", "Б 2022 ВПР 6 рус . 9 0 0")
    more = "  r: {value: low, among: region, combine: pooled}\n  m: %s\n" % (LOW % "level: municipality, by: [grade]")
    result = run(low("", more), schools=TWO, results=table)
    assert value(result, "r", "region") == 10
    assert value(result, "m", "м1", grade="5") == 25
    assert reasons(result, "m", "м1", grade="6") == "no_row"
    few = low("minimum: {participants: 41}", "  r: {value: low, among: region, combine: pooled}\n")
    whole = result_rows("А 2022 ВПР 5 рус 10 1 0 0", "Б 2022 ВПР 5 рус 30 9 0 0")
    assert reasons(run(few, schools=TWO, results=whole), "r", "region") == "too_few"
    assert value(run(few.replace("41", "40"), schools=TWO, results=whole), "r", "region") == 25
    assert reasons(run(few, schools=TWO), "r", "region") == "empty_group"
