"""This year against last: who came and went and from what, indicators beside the region, plan, measures, three monitorings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shsnor.comparing import Change
from shsnor.comparing.years import YearsComparison, compare_years
from shsnor.errors import UsageError
from shsnor.outcomes import Outcome
from tests.command import shsnor
from tests.year_cases import SCHOOLS, evaluated, exam, schools, score

#: 2021: А is low, the others are not; 2022: А is not, Б is, В has no row.
LAST = [
    exam("А", 2021, 10),
    exam("Б", 2021, 1),
    exam("В", 2021, 2),
    exam("Г", 2021, 1),
    exam("Д", 2021, 0),
    exam("Е", 2021, 3),
]
NOW = [exam("А", 2022, 2), exam("Б", 2022, 8), exam("Г", 2022, 1), exam("Д", 2022, 0), exam("Е", 2022, 3)]


def change_of(found: YearsComparison, school: str) -> Change:
    (change,) = (c for c in found.lists.changes if c.entity == school)
    return change


def causes(found: YearsComparison, school: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(cause.kind, cause.names) for cause in change_of(found, school).causes]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> YearsComparison:
    folder = tmp_path_factory.mktemp("two")
    return compare_years(evaluated(folder, LAST, 2021), evaluated(folder, LAST + NOW, 2022))


# lists and causes


def test_who_came_who_went_and_who_is_no_longer_known(two: YearsComparison) -> None:
    assert {c.entity: c.kind for c in two.lists.changes} == {"А": "left", "Б": "entered", "В": "unsettled"}
    assert all([cause.kind for cause in c.causes] == ["data"] for c in two.lists.changes)


def test_a_year_is_compared_with_the_year_before_it(two: YearsComparison) -> None:
    (turn,) = change_of(two, "Б").turns
    said = turn.text(two.lists.items)
    assert "рус, 2021 → 2022" in said and "5 % (1 из 20) → 40 % (8 из 20)" in said.replace("\u00a0", " ")


def test_another_value_of_a_parameter_is_the_cause_where_the_rows_are_the_same(tmp_path: Path) -> None:
    rows = [exam(school, 2022, 5) for school in SCHOOLS]  # 25 per cent
    after = evaluated(tmp_path, rows, 2022, parameters={"low_limit": 25})
    found = compare_years(evaluated(tmp_path, rows, 2022), after)
    assert causes(found, "А") == [("parameter", ("low_limit",))]
    assert found.differences.parameters == {"low_limit": ("30", "25")}
    assert "«Порог» 30 % → 25 %" in found.text().replace("\u00a0", " ")


def test_of_value_and_threshold_only_that_which_turned_the_comparison_is_named(tmp_path: Path) -> None:
    before = evaluated(tmp_path, [exam("А", 2022, 5), exam("Б", 2022, 5), exam("В", 2022, 1)], 2022)
    rows = [exam("А", 2022, 9), exam("Б", 2022, 5), exam("В", 2022, 5)]
    found = compare_years(before, evaluated(tmp_path, rows, 2022, parameters={"low_limit": 25}))
    assert causes(found, "А") == [("parameter", ("low_limit",)), ("data", ())]  # either alone would have done it
    assert causes(found, "Б") == [("parameter", ("low_limit",))]
    assert causes(found, "В") == [("parameter", ("low_limit",)), ("data", ())]  # only both together


@pytest.mark.parametrize(
    ("was", "now", "names"),
    [
        ("years: {last: 1}, met_in: any", "years: {last: 2}, met_in: {at_least: 2}", ("low",)),
        ("at_least: $low_limit", "more_than: $low_limit", ("low_in",)),
    ],
)
def test_another_rule_is_the_cause(tmp_path: Path, was: str, now: str, names: tuple[str, ...]) -> None:
    rows = [exam(s, year, below) for s in SCHOOLS for year, below in ((2021, 0), (2022, 6))]  # 0 and 30 per cent
    found = compare_years(evaluated(tmp_path, rows, 2022), evaluated(tmp_path, rows, 2022, pack=(was, now)))
    assert {c.kind for c in found.lists.changes} == {"left"}
    assert causes(found, "А") == [("pack", names)]


def test_other_words_are_no_other_rule(tmp_path: Path) -> None:
    before = evaluated(tmp_path, LAST + NOW, 2021)
    found = compare_years(
        before, evaluated(tmp_path, LAST + NOW, 2022, pack=("Низкий результат", "Результат ниже порога"))
    )
    assert found.differences.items == () and causes(found, "Б") == [("data", ())]


def test_an_experts_decision_is_the_cause_and_the_values_are_not_told(tmp_path: Path) -> None:
    decided = [
        {"entity": "А", "item": "low", "year": 2022, "verdict": "not_met", "role": "комиссия", "reason": "сверка"}
    ]
    rows = [exam("А", 2021, 10), exam("А", 2022, 12)]
    found = compare_years(evaluated(tmp_path, rows, 2021), evaluated(tmp_path, rows, 2022, decisions=decided))
    assert causes(found, "А") == [("decision", ("комиссия",))]
    assert change_of(found, "А").turns == ()


def test_schools_that_are_new_gone_or_merged_are_told_so(tmp_path: Path) -> None:
    before = evaluated(
        tmp_path, [exam("А", 2021, 10), exam("Б", 2021, 10), exam("В", 2021, 0)], 2021, codes=["А", "Б", "В"]
    )
    after = evaluated(tmp_path, [exam("В", 2022, 0), exam("Г", 2022, 10)], 2022, codes=["В", "Г"])
    merged = [{"system": "реестр", "code": "Б", "school_id": "В", "predecessor": "Б"}]
    tables = {"schools": schools("В", "Г"), "school_codes": merged}
    found = compare_years(before, after, tables=tables)
    assert causes(found, "А") == [("roster", ("gone",))]
    assert causes(found, "Б") == [("roster", ("merged", "В"))]
    assert causes(found, "Г") == [("roster", ("new",))]
    assert "присоединена к школе Школа В (В)" in found.text()


def test_what_is_still_raised_or_unknown_is_counted(tmp_path: Path) -> None:
    before = evaluated(tmp_path, [exam("А", 2021, 10)], 2021, codes=["А", "Б"])
    found = compare_years(before, evaluated(tmp_path, [exam("А", 2022, 11)], 2022, codes=["А", "Б"]))
    assert found.lists.changes == ()
    assert [c.entity for c in found.lists.still("low", "met")] == ["А"]
    assert [c.entity for c in found.lists.still("low", "unknown")] == ["Б"]


# indicators


def shift_of(found: YearsComparison, indicator: str, **cell: str) -> Any:
    (shift,) = (s for s in found.shifts if s.indicator == indicator and s.cell == cell)
    return shift


def test_a_change_stands_beside_that_of_all_participants(tmp_path: Path) -> None:
    rows = [exam(s, 2021, 4) for s in SCHOOLS] + [exam("А", 2022, 4)] + [exam(s, 2022, 2) for s in SCHOOLS[1:]]
    found = compare_years(evaluated(tmp_path, rows, 2021), evaluated(tmp_path, rows, 2022))
    shift = shift_of(found, "low_share", subject="рус")
    assert shift.together and shift.region == (Decimal(20), Decimal("11.666667"))
    assert {c.entity: c.status for c in shift.changes} == {"А": "same", **dict.fromkeys(SCHOOLS[1:], "better")}
    (own,) = (c for c in shift.changes if c.entity == "А")
    assert own.change == 0 and own.beside == Decimal("8.333333") and own.place == Decimal("-8.333333")
    assert not own.few


def test_points_of_two_years_are_judged_beside_the_region(tmp_path: Path) -> None:
    rows = [score(s, 2021, 60) for s in SCHOOLS] + [score("А", 2022, 65)] + [score(s, 2022, 70) for s in SCHOOLS[1:]]
    found = compare_years(evaluated(tmp_path, rows, 2021), evaluated(tmp_path, rows, 2022))
    shift = shift_of(found, "mean_score")
    assert shift.beside and shift.change == 10
    assert {c.entity: c.status for c in shift.changes}["А"] == "worse"  # five points more, where the others have ten
    assert all(c.few for c in shift.changes)


def test_an_indicator_that_is_computed_otherwise_is_not_compared(tmp_path: Path) -> None:
    pack = ("sum(below_minimum) / sum(participants)\n    by: [subject, year]", "sum(below_minimum) / sum(participants)\n"
            "    minimum: {participants: 5}\n    by: [subject, year]")  # fmt: skip
    found = compare_years(evaluated(tmp_path, LAST + NOW, 2021), evaluated(tmp_path, LAST + NOW, 2022, pack=pack))
    shift = shift_of(found, "low_share", subject="рус")
    assert shift.count("redefined") == len(SCHOOLS) and shift.change is None
    assert ("indicators", "low_share") in found.differences.items


def test_of_fewer_than_five_schools_no_value_of_all_is_told(tmp_path: Path) -> None:
    codes = SCHOOLS[:4]
    rows = [exam(s, y, y - 2020) for s in codes for y in (2021, 2022)]
    found = compare_years(evaluated(tmp_path, rows, 2021, codes=codes), evaluated(tmp_path, rows, 2022, codes=codes))
    shift = shift_of(found, "low_share", subject="рус")
    assert shift.region == (None, None) and shift.changes[0].change == 5 and shift.changes[0].beside is None


# plan, fact, measures


def test_plan_and_fact_by_the_direction_of_the_indicator(tmp_path: Path) -> None:
    before, after = evaluated(tmp_path, LAST, 2021), evaluated(tmp_path, LAST + NOW, 2022)

    def row(school: str, indicator: str, value: float | None, unit: str = "процент") -> dict[str, Any]:
        return {"entity": school, "indicator": indicator, "unit": unit, "year": 2022, "value": value}

    targets = [row("А", "low_share", 15), row("Б", "low_share", 15), row("В", "low_share", 15), row("Г", "other", 1),
               row("Е", "low_share", 100, "рубль")]  # fmt: skip
    actuals = [row("А", "low_share", 10), row("Б", "low_share", 40), row("Г", "other", 2), row("Д", "low_share", 0),
               row("Е", "low_share", 90, "рубль")]  # fmt: skip
    found = compare_years(before, after, tables={"schools": schools(), "targets": targets, "actuals": actuals})
    assert found.plan is not None
    lines = {line.entity: line for line in found.plan}
    assert {entity: line.status for entity, line in lines.items()} == {
        "А": "reached", "Б": "not_reached", "В": "no_fact", "Г": "no_direction", "Д": "no_plan", "Е": "no_direction",
    }  # fmt: skip
    assert lines["А"].difference == -5 and lines["А"].label == "Доля низких" and lines["А"].source == "actuals"
    assert lines["Е"].label == "low_share"  # in roubles it is another order's indicator of that id


def mark(school: str, measure: str, status: str, **more: Any) -> dict[str, Any]:
    return {"entity": school, "measure": measure, "year": 2022, "status": status, **more}


def test_measures_taken_against_those_recommended(tmp_path: Path) -> None:
    before = evaluated(tmp_path, [exam(s, 2021, 10) for s in "АБВГ"] + [exam("Д", 2021, 0)], 2021)
    after = evaluated(tmp_path, [exam(s, 2022, 10) for s in "АБВГ"], 2022)
    taken = [
        mark("А", "curator", "done"), mark("Б", "curator", "planned", planned_to="2022-05-01"),
        mark("В", "curator", "planned", planned_to="2023-05-01"), mark("Д", "curator", "done"),
        mark("Д", "order.plan.1", "done"), mark("Д", "elsewhere", "planned"), mark("Г", "curator", "done", year=2021),
    ]  # fmt: skip
    found = compare_years(before, after, tables={"schools": schools(), "measures_taken": taken})
    assert found.measures is not None
    assert {(line.entity, line.measure): line.status for line in found.measures} == {
        ("А", "curator"): "done", ("Б", "curator"): "overdue", ("В", "curator"): "planned", ("Г", "curator"): "missing",
        ("Д", "curator"): "unasked", ("Д", "order.plan.1"): "done", ("Д", "elsewhere"): "foreign",
    }  # fmt: skip


def test_without_tables_it_is_said_how_to_have_plan_and_measures(two: YearsComparison) -> None:
    assert two.plan is None and two.measures is None and "--data" in two.text()


# three monitorings, the effect of measures


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> YearsComparison:
    folder = tmp_path_factory.mktemp("three")
    rows = [exam(s, y, below) for s in SCHOOLS for y, below in ((2020, 8), (2021, 6), (2022, 2))]
    taken = [mark("А", "curator", "done")]
    outcomes = [evaluated(folder, rows, y, measures_taken=taken if y == 2022 else []) for y in (2020, 2021, 2022)]
    return compare_years(*outcomes)


def test_three_outcomes_are_entry_interim_and_final_monitoring(three: YearsComparison) -> None:
    (shift,) = three.monitoring.shifts
    assert (
        shift.code == "order.eff.1"
        and list(shift.changes[0].values) == [40, 30, 10]
        and shift.changes[0].status == "better"
    )
    (own,) = three.monitoring.conclusions.values()
    assert (own.label, own.verdict) == ("Стало лучше", "met")
    text = three.text()
    assert all(stage in text for stage in ("Входной:", "Промежуточный:", "Итоговый:"))
    assert "порядок может не говорить" in " ".join(text.split()) and "Целевых значений" in text
    assert set(three.verdicts["low", "school", "А"]) == {"met", "not_met"}


def test_the_effect_of_measures_is_counted_by_the_orders_own_labels(three: YearsComparison) -> None:
    assert three.effect is not None
    (cluster,) = three.effect.clusters
    assert cluster.labels["Меры выполнены"][-1] == 1
    assert "причину изменений выясняют вместе со школой" in " ".join(three.text().split())


def test_one_outcome_is_not_enough(two: YearsComparison) -> None:
    outcome: Outcome = two.sides[0].outcome
    with pytest.raises(UsageError) as error:
        compare_years(outcome)
    assert [finding.code for finding in error.value.findings] == ["SH618"]


# files


def cells(path: Path, sheet: str) -> Sequence[Sequence[Any]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_the_workbook_has_lists_indicators_and_monitoring(three: YearsComparison, tmp_path: Path) -> None:
    path = three.write(tmp_path / "сравнение.xlsx")
    lists = cells(path, "Списки")
    assert lists[0][:5] == ("Код", "Название", "Муниципалитет", "Признак", "Что изменилось")
    row = next(row for row in lists if row[0] == "А")
    assert row[1:5] == ("Школа А", "Север", "Школа с низкими результатами", "больше не в списке")
    assert row[5:9] == ("присвоен", "присвоен", "нет", "данные другие, чем были")
    monitoring = cells(path, "Мониторинг")
    head = next(row for row in monitoring if "Номер в порядке" in row)
    line = dict(zip(head, monitoring[monitoring.index(head) + 1], strict=True))
    assert (line["Номер в порядке"], line["Изменение"]) == ("order.eff.1", -30)
    assert (line["Стало"], line["Критерий порядка выполнен"]) == ("лучше", "да")
    assert any("Целевых значений" in str(row[0]) for row in monitoring)
    assert "Что дали меры" in openpyxl.load_workbook(path).sheetnames


def test_the_page_shows_names_as_text_and_needs_nothing_from_outside(tmp_path: Path) -> None:
    names = {"А": "<script>alert(1)</script>", "Б": '=HYPERLINK("http://x")'}
    roster = [{**row, "name": names.get(row["school_id"], row["name"])} for row in schools()]
    outcomes = [evaluated(tmp_path, LAST + NOW, year, schools=roster) for year in (2021, 2022)]
    found = compare_years(*outcomes)
    page = found.write(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page and "<script" not in page
    assert "src=" not in page and "<link" not in page and 'lang="ru"' in page
    assert "Для служебного пользования" in page and "Вошли: 1" in page
    book = openpyxl.load_workbook(found.write(tmp_path / "book.xlsx"))
    named = [cell for row in book["Списки"].iter_rows() for cell in row if cell.value == names["Б"]]
    assert named and all(cell.data_type == "s" for cell in named)


def test_only_workbooks_and_pages_are_written(two: YearsComparison, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        two.write(tmp_path / "сравнение.doc")
    assert [finding.code for finding in error.value.findings] == ["SH607"]
    assert list(tmp_path.iterdir()) == []


def test_the_command(two: YearsComparison, tmp_path: Path) -> None:
    for side, name in zip(two.sides, ("было", "стало"), strict=True):
        side.outcome.write(tmp_path / name)
    run = shsnor("compare", tmp_path / "было", tmp_path / "стало", "--out", tmp_path / "с.html")
    assert (
        run.code == 0 and "Вошли: 1" in run.out and "Сравнение записано" in run.out and (tmp_path / "с.html").is_file()
    )
    english = shsnor("compare", tmp_path / "было", tmp_path / "стало", env={"SHSNOR_LANG": "en"})
    assert "Entered: 1" in english.out and "Comparison of evaluations" in english.out
    assert shsnor("compare", tmp_path / "было", tmp_path / "стало", "--out", tmp_path / "с.doc").code == 2
