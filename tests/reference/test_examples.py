"""The worked examples of section 3 of the format, with tables small enough to be worked out on paper."""

from __future__ import annotations

from decimal import Decimal

import yaml

from .evaluator import Result, evaluate
from .handmade import ONE, TWO, Rows, cells, example, reasons, result_rows, rows, run, schools, value, verdict

FEDERAL = example("federal")


def federal(*lines: str, as_of: str = "2022", reading: str = "two_hits", decisions: Rows | None = None) -> Result:
    pack = yaml.load(FEDERAL.replace("2020-01-01: two_hits", f"2020-01-01: {reading}"), yaml.BaseLoader)
    tables = {"schools": TWO, "results": result_rows(*lines), "decisions": decisions or []}
    return evaluate(pack, tables, as_of)


def test_federal_two_hits() -> None:
    result = federal("А 2022 ВПР 5 рус 20 6 0 0", "А 2021 ОГЭ 9 мат 10 3 0 0", "Б 2022 ВПР 5 рус 20 6 0 0")
    assert verdict(result, "low_in", "А", procedure="ВПР", grade="5", subject="рус", year="2022") == "met"
    assert verdict(result, "low_results", "А") == "met"
    assert verdict(result, "low_results", "Б") == "unknown no_row"
    assert result.recommendations["visit", "А"] == "recommended"
    assert result.recommendations["visit", "Б"] == "undecided"
    assert result.recommendations["talk", "Б"] == "for_everyone"
    ege = {"procedure": "ЕГЭ", "grade": "11", "subject": "рус", "year": "2022"}
    assert reasons(result, "low_share", "Б", **ege) == "not_applicable"
    assert reasons(result, "low_share", "А", **ege) == "no_row"


def test_federal_year_not_held_and_few_participants() -> None:
    result = federal("А 2020 ОГЭ 9 мат 10 9 0 0", "А 2021 ОГЭ 9 мат 4 4 0 0", as_of="2021")
    cell = {"procedure": "ОГЭ", "grade": "9", "subject": "мат"}
    assert verdict(result, "low_in", "А", year="2020", **cell) == "unknown not_held"
    assert verdict(result, "low_in", "А", year="2021", **cell) == "unknown too_few"
    assert verdict(result, "low_both_years", "А", **cell) == "unknown too_few"


def test_federal_other_readings_and_a_dated_parameter() -> None:
    lines = ("А 2022 ВПР 5 рус 20 6 0 0", "А 2021 ВПР 5 рус 20 6 0 0")
    assert verdict(federal(*lines, reading="either"), "low_results", "А") == "met"
    assert verdict(federal(*lines, reading="both"), "low_results", "А") == "unknown no_row"
    later = tuple(line.replace("2022", "2023").replace("2021", "2022") for line in lines)
    cell = {"procedure": "ВПР", "grade": "5", "subject": "рус", "year": "2022"}
    assert verdict(federal(*later, as_of="2023"), "low_in", "А", **cell) == "not_met"


def test_federal_a_decision_replaces_the_verdict() -> None:
    decisions = rows("entity item year verdict", "А low_results 2022 not_met", "Б low_results 2021 met")
    result = federal("А 2022 ВПР 5 рус 20 6 0 0", "А 2021 ОГЭ 9 мат 10 3 0 0", decisions=decisions)
    assert verdict(result, "low_results", "А") == "not_met"
    assert verdict(result, "low_results", "Б") == "unknown no_row"
    assert ("visit", "А") not in result.recommendations


SARATOV = example("saratov")


def test_saratov() -> None:
    table = result_rows(
        "А 2022 ВПР 4 рус 10 0 2 0", "А 2022 ВПР 4 мат 10 0 2 2",
        "Б 2022 ВПР 4 рус 10 0 4 4", "Б 2022 ВПР 4 мат 30 0 14 10",
        "А 2022 ОГЭ 9 рус 10 4 0 0", "А 2021 ОГЭ 9 рус 10 1 0 0", "А 2021 ОГЭ 9 мат 30 0 0 0",
    )  # fmt: skip
    result = run(SARATOV, schools=TWO, results=table)
    assert value(result, "vpr4_region", "region", subject="рус") == 50
    assert value(result, "vpr4_region", "region", subject="мат") == 70
    assert value(result, "vpr4_gap", "А") == 120 - 60
    assert verdict(result, "crit.2.1", "А") == "met"
    assert verdict(result, "crit.2.1", "Б") == "not_met"
    assert value(result, "oge_failed", "А") == Decimal("21.25")
    assert verdict(result, "saratov", "А") == "met"
    assert verdict(result, "saratov_points", "А") == "met"
    assert verdict(result, "saratov_points", "Б") == "unknown no_row"
    by_subject = SARATOV.replace("2020-01-01: pooled", "2020-01-01: sum_of_subjects")
    # mathematics has no row in 2022: the sum of that year is of what is known
    assert value(run(by_subject, schools=TWO, results=table), "oge_failed", "А") == 25


TVER = example("tver")


def test_tver() -> None:
    names = [f"{letter} м1 СОШ" for letter in "АБВГДЕ"]
    profile = rows("school_id year isbsh r", "А 2022 1 10", "Б 2022 5 20", "В 2022 6 20", "Г 2022 7 40", "Д 2022 . 50")
    decisions = rows("entity item year verdict", "Е decided 2022 hard")
    result = run(TVER, schools=schools(*names), profile=profile, decisions=decisions)
    labels = [result.clusters["conditions", entity][0] for entity in "АБДЕ"]
    assert labels == ["hard", "other", None, None]
    # the lowest 25 % of five known (10 20 20 40 50) reach to 20, the highest 25 % to 40
    assert (value(result, "top", "region"), value(result, "gap", "region")) == (45, Decimal("28.333333333"))
    assert verdict(result, "like", "А") == "unknown empty_group"
    assert verdict(result, "like", "Б") == "met"
    assert verdict(result, "like", "Г") == "not_met"
    assert verdict(result, "like", "Д") == "unknown empty_group"
    assert [result.clusters["scheme", e][0] for e in "АБГД"] == ["both", "low", "other", None]
    assert result.clusters["scheme", "Е"] == (None, frozenset({"no_row"}))
    assert result.clusters["decided", "Е"] == ("hard", frozenset())
    assert [verdict(result, "is_hard", e) for e in "АБЕ"] == ["met", "not_met", "unknown no_row"]


def test_kchr_levels_change_and_plan() -> None:
    pack = """
tables:
  actuals: {entity: {school: school_id}, key: [school_id, indicator, unit], columns: {value: {type: number}}}
  targets: {entity: {school: school_id}, key: [school_id, indicator, unit], columns: {value: {type: number}}}
indicators:
  eff.1.1.2:
    {from: results, where: "procedure = 'ЕГЭ'", value: sum(below_minimum), level: municipality, by: [year]}
  eff.1.1.2_change: {value: '"eff.1.1.2"', over: [year], years: {from: 2021, to: 2023}, combine: change}
  actual:  {from: actuals, value: value, by: [indicator, unit]}
  planned: {from: targets, value: value, by: [indicator, unit]}
criteria:
  plan_met: {indicator: actual, at_least: planned, over: [indicator, unit], met_in: every}
"""
    table = result_rows(*(f"{s} {y} ЕГЭ 11 рус 10 {n} 0 0" for s in "АБ" for y, n in ((2021, 1), (2022, 2), (2023, 4))))
    plan = rows("school_id indicator unit value", "А доля percent 50", "А число count 3", "Б доля percent 50")
    fact = rows("school_id indicator unit value", "А доля percent 50", "А число count 3", "Б доля count 60")
    result = run(pack, "2023", schools=TWO, results=table, actuals=fact, targets=plan)
    assert value(result, "eff.1.1.2_change", "м1") == 6
    assert cells(result, "eff.1.1.2", "м1") == ["2021", "2022", "2023"]
    assert [verdict(result, "plan_met", e) for e in "АБ"] == ["met", "unknown no_row"]


CAROLINA = example("carolina")


def test_north_carolina() -> None:
    roster = rows("id district charter title_I", "1 d1 . Y", "2 d1 . Y", "3 d1 R .", "4 d2 C N")
    spg = rows(
        "id year grade growth score",
        "1 2022 F Met 30", "1 2021 D NotMet 31", "1 2020 C Met 50",
        "2 2022 C Met 60", "2 2021 D Met 60", "2 2020 . Met 60",
        "3 2022 D . 37", "4 2022 D Met 20", "4 2021 F Met 20", "4 2020 C Met 20",
    )  # fmt: skip
    subgroups = rows("id year subgroup score", "2 2022 EL 30", "2 2022 SWD .", "3 2022 EL 31", "4 2022 EL .")
    result = run(CAROLINA, roster=roster, spg=spg, subgroups=subgroups)
    assert [verdict(result, "lp_two_of_three", e) for e in "1234"] == [
        "met",
        "unknown empty_value",
        "unknown empty_value no_row",
        "met",
    ]
    assert [verdict(result, "rlp", e) for e in "14"] == ["unknown empty_value", "not_met"]
    assert (value(result, "lp_percent", "d1"), value(result, "lp_percent", "d2")) == (50, 100)
    assert [verdict(result, "lp_district", d) for d in ("d1", "d2")] == ["not_met", "met"]
    assert [verdict(result, "csi_lp", e) for e in "1234"] == ["met", "not_met", "not_met", "not_met"]
    # the best score among those identified is 30
    expected = ["not_met", "met", "not_met", "met"]
    assert [verdict(result, "tsi_at", e) for e in "1234"] == expected


def test_california() -> None:
    pack = """
tables: {schools: {columns: {api99: {type: count}, growth: {type: count}}}}
indicators:
  growth: {from: schools, value: growth}
  target: {from: schools, value: "case when api99 < 800 then greatest(1, floor((800 - api99) * 0.05 + 0.5)) end"}
criteria: {grew: {indicator: growth, at_least: target}}
"""
    table = rows("school_id api99 growth", "1 600 10", "2 790 0", "3 790 1", "4 800 5", "5 . 5", "6 590 10")
    result = run(pack, schools=table)
    assert [value(result, "target", e) for e in "123456"] == [10, 1, 1, None, None, 11]
    found = [verdict(result, "grew", e) for e in "123456"]
    assert found == ["met", "not_met", "met", "unknown empty_value", "unknown empty_value", "not_met"]


def test_a_reference_table_belongs_to_the_region() -> None:
    pack = """
tables:
  minima: {key: [year, subject], columns: {year: {type: year}, least: {type: count}}}
indicators:
  least: {from: minima, value: least, by: [subject]}
  score: {from: results, value: sum(mark_4), by: [subject]}
criteria: {ok: {indicator: score, at_least: least}}
"""
    minima = rows("year subject least", "2022 рус 3", "2022 мат 3", "2022 био 3")
    table = result_rows("А 2022 ВПР 5 рус 0 0 3 0", "А 2022 ВПР 5 мат 0 0 2 0", "А 2022 ВПР 5 гео 0 0 2 0")
    result = run(pack, schools=ONE, results=table, minima=minima)
    assert cells(result, "ok", "А") == ["гео", "мат", "рус"]
    assert [verdict(result, "ok", "А", subject=s) for s in ("рус", "мат", "гео")] == [
        "met",
        "not_met",
        "unknown no_row",
    ]


def test_levels_with_teachers_and_also() -> None:
    pack = """
levels:
  teacher: {table: teachers, key: teacher_id}
  school: {table: schools, key: school_id, column: school_id, also: [extra]}
  region: {}
tables:
  teachers: {entity: {teacher: teacher_id}, key: [teacher_id], columns: {hours: {type: count}}}
  extra: {entity: {school: school_id}, key: [school_id], columns: {n: {type: count}}}
indicators:
  hours: {from: teachers, value: hours}
  sum: {value: hours, among: school, combine: sum}
criteria: {heavy: {indicator: hours, more_than: sum}}
"""
    teachers = rows("teacher_id school_id hours", "т1 А 3", "т2 А 4", "т3 Б 5")
    result = run(pack, schools=rows("school_id", "А", "Б"), teachers=teachers, extra=rows("school_id n", "В 1"))
    assert [value(result, "sum", e) for e in "АБВ"] == [7, 5, None]
    assert verdict(result, "heavy", "т3") == "not_met"
