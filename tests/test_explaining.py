"""Explanations: what an outcome says of one school, as data and as a tree in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shsnor.errors import UsageError
from shsnor.explaining import Explanation, ExplanationNode, explain
from shsnor.outcomes import ClusterRow, EntityRow, FlagRow, IndicatorValueRow, Outcome
from shsnor.outcomes.items import Items
from tests.outcome_cases import dims, item, made, result, small_region, write_folder


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    with Outcome.from_folder(write_folder(tmp_path_factory.mktemp("region"), small_region())) as outcome:
        yield outcome


def plain(text: str) -> str:
    """The text in one line, without the tree and without spaces that do not break."""
    return " ".join(text.replace("\u00a0", " ").translate(str.maketrans("├└─│", "    ")).split())


def explained(folder: Path, rows: list[Any], items: list[Any], asked: str = "top", **more: list[Any]) -> Explanation:
    """The explanation of the criterion `asked` of school 1 of an outcome that has just these rows."""
    entities = [
        made(EntityRow, level="school", entity="1", parent_level="region", parent="r"),
        made(EntityRow, level="region", entity="r"),
    ]
    with Outcome.from_folder(
        write_folder(folder, {"entities": entities, "criterion_results": rows, "items": items, **more})
    ) as o:
        return explain(o, "1", asked)


def row(name: str, path: str = "", verdict: str = "met", **given: Any) -> Any:
    return result(name, path, "1", verdict=verdict, **given)


# the whole, as it is read


def test_a_raised_flag_is_explained_to_the_last_value(outcome: Outcome) -> None:
    assert explain(outcome, "010001").text().replace("\u00a0", " ") == WHOLE


WHOLE = """\
Школа № 1 (010001), муниципалитет Северный, на 31.12.2022
├─ Признак «Школа с низкими результатами»: присвоен
│  ├─ Основание: п. 4, Приказ от 1 сентября 2025 г.
│  ├─ Признак опирается на допущение автора пакета (assumed), а не только на текст документа.
│  │  └─ Наименьшее число участников: в документе числа нет
│  ├─ Вывод опирается только на ВПР.
│  └─ Низкие результаты дважды за два года: нужно: не меньше 2 случаев; выполнено: 2 из 4 —
│     │  выполнено
│     └─ Доля участников ниже минимума, порог не меньше 30 % (параметр «Доля не преодолевших порог»
│        │  с 01.01.2020)
│        ├─ ВПР, мат, 2022: 30 % (6 из 20) — выполнено
│        ├─ ВПР, рус, 2022: 35 % (7 из 20) — выполнено
│        ├─ ОГЭ, мат, 2022: 25 % (5 из 20) — не выполнено
│        └─ ОГЭ, рус, 2022: 5 % (1 из 20) — не выполнено
├─ Кластер «Условия и результаты»: «Низкие результаты»
├─ Рекомендуемые меры поддержки
│  ├─ Методический аудит; срок: до 1 марта; отвечают: директор, методист; потому что: Школа с
│  │     низкими результатами
│  └─ Занятия с отстающими; потому что: Школа с низкими результатами
├─ Меры для всех
│  └─ Школьный план
├─ Ограничение по ВПР. Письмо Рособрнадзора от 18.04.2025 № 02-86: оценивать по результатам ВПР
│     работу школ и учителей не предусмотрено; по разъяснению 2021 года — также муниципалитетов и
│     регионов. Это список для помощи, а не рейтинг.
└─ Признак — основание для поддержки, а не оценка работы школы.
"""


def test_an_unknown_flag_tells_what_is_missing(outcome: Outcome) -> None:
    explanation = explain(outcome, "010003")
    (flag,) = explanation.flags
    assert [(node.dimensions["subject"], node.reason) for node in flag.gaps()] == [("мат", "no_row")]
    text = plain(explanation.text())
    assert "Признак «Школа с низкими результатами»: неизвестно: нет строки данных" in text
    assert "выполнено: 1 из 4, неизвестно: 1" in text
    assert "Чего не хватает для вывода ВПР, мат, 2022: Доля участников ниже минимума: нет строки данных" in text
    assert "Пока не решено: условие неизвестно Методический аудит; нет строки данных" in text


def test_a_decision_is_shown_with_the_verdict_that_it_replaced(outcome: Outcome) -> None:
    text = plain(explain(outcome, "010004").text())
    assert "решение эксперта (комиссия): не присвоен; по расчёту: присвоен" in text
    assert "Обоснование решения: школа переехала" in text
    english = plain(explain(outcome, "010004").text("en"))
    assert "an expert's decision (комиссия): not raised; computed: raised" in english


def test_the_tree_is_data_too(outcome: Outcome) -> None:
    (flag,) = explain(outcome, "010001").flags
    (root,) = flag.rule
    (reference,) = root.children
    (quantifier,) = reference.children
    assert (root.node, reference.node, reference.item, quantifier.node) == ("flag", "item", "two_hits", "quantifier")
    leaves = [node for node in root.walk() if node.node == "leaf"]
    first = leaves[0]
    assert first.dimensions == {"procedure": "ВПР", "subject": "мат", "year": "2022"}
    assert [first.value, first.numerator, first.denominator, first.threshold] == [30, 6, 20, 30]
    assert (first.comparison, first.unit, first.clause) == ("at_least", "percent", "п. 4")
    assert (first.document, first.label) == ("Приказ от 1 сентября 2025 г.", "Доля участников ниже минимума")
    assert [leaf.verdict for leaf in leaves] == ["met", "met", "not_met", "not_met"]


def test_the_text_keeps_to_the_width_and_can_be_plain(outcome: Outcome) -> None:
    for width in (60, 80, 120):
        assert max(map(len, explain(outcome, "010001").text(width=width).splitlines())) <= width
    text = explain(outcome, "010003").text(ascii=True)
    assert not set(text) & set("├└─│«»—–№\u00a0")
    assert "|- " in text
    assert "`- " in text
    text.encode("cp866")
    explain(outcome, "010003").text(ascii=True).encode("cp1251")


# one item


def test_one_item_can_be_asked_for(outcome: Outcome) -> None:
    flag = explain(outcome, "010001", "low_results")
    assert (len(flag.flags), flag.clusters, flag.measures) == (1, (), ())
    assert "ВПР, рус, 2022: 35 % (7 из 20) — выполнено" in plain(explain(outcome, "010001", "low_in").text())
    values = plain(explain(outcome, "010001", "low_share").text())
    assert "Доля участников ниже минимума; п. 4; Приказ от 1 сентября 2025 г. ВПР, мат, 2022: 30 % (6 из 20)" in values
    assert "Кластер «Условия и результаты»: «Низкие результаты»" in explain(outcome, "010001", "scheme").text()
    assert "Методический аудит; срок: до 1 марта" in plain(explain(outcome, "010001", "measure.1").text())


def test_an_item_that_says_nothing_of_the_entity_says_so(outcome: Outcome) -> None:
    assert "Об этом расчёт ничего не говорит." in explain(outcome, "м1", "scheme").text()
    assert "Признаков для этого объекта пакет не определяет." in explain(outcome, "м1").text()


@pytest.mark.parametrize(
    ("asked", "code", "nearest"),
    [(("10001",), "SH605", "010001"), (("010001", "low_result"), "SH606", "low_results"), (("зебра",), "SH605", None)],
)
def test_who_or_what_is_not_there_is_told_with_the_nearest(
    outcome: Outcome, asked: tuple[str, ...], code: str, nearest: str | None
) -> None:
    with pytest.raises(UsageError) as error:
        explain(outcome, *asked)
    (finding,) = error.value.findings
    assert (finding.code, finding.details["nearest"]) == (code, nearest)


# what else a rule can be


def test_a_list_counts_what_is_met_and_weights_are_summed(tmp_path: Path) -> None:
    leaf: dict[str, Any] = {
        "node": "leaf",
        "indicator": "x",
        "comparison": "at_least",
        "value": Decimal(1),
        "threshold": Decimal(1),
    }
    rows = [
        row("top", node="of", comparison='{"at_least":"2"}'),
        row("top", "of/a", node="item", indicator="a"),
        row("top", "of/b", "not_met", node="item", indicator="b"),
        row("top", "of/c", "unknown", node="item", indicator="c", reason="not_held"),
        *(row(name, **leaf) for name in "abc"),
    ]
    names = [item("criteria", name, f"Условие {name}") for name in "abc"]
    counted = explained(tmp_path / "a", rows, [item("criteria", "top", "Не меньше двух"), *names])
    assert "нужно: не меньше 2 условий; выполнено: 1 из 2 — выполнено" in plain(counted.text()).lower()
    assert "Условие c — не учитывается (не проводилось)" in counted.text()

    weights = item("criteria", "top", "Баллы", {"of": {"a": "3", "b": "1.5", "c": "1"}, "met_in": {"at_least": "2"}})
    weighed = explained(tmp_path / "b", rows, [weights, *names])
    assert "нужно: не меньше 2 баллов; выполнено: 3 из 4,5 — выполнено" in plain(weighed.text())
    assert [child.weight for child in weighed.nodes[0].children] == [3, Decimal("1.5"), 1]


def test_parts_stand_in_the_order_of_the_rule(tmp_path: Path) -> None:
    leaf: dict[str, Any] = {"node": "leaf", "comparison": "is", "text": "да", "threshold_text": "да"}
    parts = [row("top", f"all/{n}", indicator=f"i{n}", **leaf) for n in (10, 1, 2, 0)]
    explanation = explained(tmp_path, [row("top", node="all"), *parts], [item("criteria", "top", "Всё")])
    assert [child.indicator for child in explanation.nodes[0].children] == ["i0", "i1", "i2", "i10"]
    assert "i10: «да», нужно: равно да — выполнено" in explanation.text()


def test_other_nodes_are_said_in_words(tmp_path: Path) -> None:
    known: dict[str, Any] = {"indicator": "x", "comparison": "known", "node": "leaf", "value": Decimal(3)}
    cluster = {
        "node": "cluster",
        "indicator": "scheme",
        "comparison": "is_in",
        "threshold_text": '["low", "hard"]',
        "text": "hard",
    }
    rows = [
        row("top", node="any"),
        row("top", "any/0", "not_met", node="not"),
        row("top", "any/0/not", node="choose"),
        row("top", "any/0/not/choose", **known),
        row("top", "any/1", **cluster),
    ]
    names = [{"id": "low", "label": "Низкие"}, {"id": "hard", "label": "Трудные условия"}]
    items = [item("criteria", "top", "Разное"), item("clusters", "scheme", "Схема", {"first_match": names})]
    text = plain(explained(tmp_path, rows, items).text())
    assert text.startswith("Школа 1, на 31.12.2022 Разное: хотя бы одно из условий — выполнено")
    assert "Не должно выполняться — не выполнено Выбранное прочтение — выполнено x: 3, значение известно" in text
    assert "Кластер «Схема» — «Низкие» / «Трудные условия»; здесь: «Трудные условия» — выполнено" in text


def test_a_rule_for_missing_values_is_shown_as_such(tmp_path: Path) -> None:
    ruled = {"reason": "hidden", "computed": "unknown", "decided_by": "missing: not_met"}
    leaf: dict[str, Any] = {
        "node": "leaf",
        "indicator": "x",
        "comparison": "less_than",
        "threshold": Decimal(5),
        **ruled,
    }
    text = plain(
        explained(tmp_path, [row("top", verdict="not_met", **leaf)], [item("criteria", "top", "Правило")]).text()
    )
    assert "значение неизвестно, порог меньше 5" in text
    assert "не выполнено по правилу для неизвестного значения (значение скрыто источником)" in text


def test_the_origin_of_a_threshold_is_told(tmp_path: Path) -> None:
    origins = {
        "number": "порог меньше 40 % —",
        "parameter limit 2021-09-01": "порог меньше 40 % (параметр «Порог» с 01.09.2021) —",
        "indicator mean_of_region": "порог меньше 40 % (показатель «Среднее региона») —",
        "median among region": "порог меньше 40 % (медиана, регион, по 21 объекту, не вошло: 2) —",
        "lowest 25 among peers similar": "(граница нижних 25 %, peers similar, по 21 объекту, не вошло: 2) —",
    }
    items = [
        item("criteria", "top", "Порог"),
        item("parameters", "limit", "Порог"),
        item("indicators", "mean_of_region", "Среднее региона"),
        item("indicators", "x", "Доля", unit="percent"),
    ]
    leaf: dict[str, Any] = {
        "node": "leaf",
        "indicator": "x",
        "comparison": "less_than",
        "value": Decimal(35),
        "threshold": Decimal(40),
    }
    for number, (origin, said) in enumerate(origins.items()):
        group: dict[str, Any] = {"members": 21, "left_out": 2} if "among" in origin else {}
        rows = [row("top", threshold_from=origin, **leaf, **group)]
        assert said in plain(explained(tmp_path / str(number), rows, items).text())


def test_rounding_never_hides_on_which_side_of_the_threshold_a_value_lies(tmp_path: Path) -> None:
    leaf: dict[str, Any] = {"node": "leaf", "indicator": "x", "comparison": "at_least", "threshold": Decimal(30)}
    items = [item("criteria", "top", "Порог"), item("indicators", "x", "Доля", unit="percent")]
    for number, (value, said) in enumerate(
        {"33.333333333": "33,33 %", "29.999800000": "29,9998 %", "30": "30 %"}.items()
    ):
        text = explained(tmp_path / str(number), [row("top", value=Decimal(value), **leaf)], items).text()
        assert f"Доля: {said}, порог" in plain(text)


def cells(path: str, years: range, **given: Any) -> list[Any]:
    leaf: dict[str, Any] = {"node": "leaf", "indicator": "x", "comparison": "at_least", "value": Decimal(1)}
    leaf |= {"threshold": Decimal(1), **given}
    return [row("top", path, dimensions=dims(year=str(year)), **leaf) for year in years]


@pytest.mark.parametrize(
    ("years", "shown"),
    [
        ({"last": 2}, ["2021", "2022"]),
        ({"last": 2, "back": 1}, ["2020", "2021"]),
        ({"from": 2019, "to": 2020}, ["2019", "2020"]),
        ({"last_held": 2}, ["2019", "2022"]),
    ],
)
def test_a_quantifier_shows_the_years_of_its_own_window(
    tmp_path: Path, years: dict[str, int], shown: list[str]
) -> None:
    """An outcome has a criterion's cells for all years that anybody asks for; 2020 and 2021 were not held."""
    vacant: dict[str, Any] = {"verdict": "unknown", "reason": "not_held"}
    rows = [row("top", node="quantifier", comparison='"any"'), *cells("each", range(2018, 2020))]
    rows += [
        row("top", "each", dimensions=dims(year=y), node="leaf", indicator="x", **vacant) for y in ("2020", "2021")
    ]
    rows += cells("each", range(2022, 2024))
    top = item("criteria", "top", "За годы", {"indicator": "x", "over": ["year"], "years": years, "met_in": "any"})
    explanation = explained(tmp_path, rows, [top])
    assert [node.dimensions["year"] for node in explanation.nodes[0].children] == shown


def test_a_year_that_only_some_could_not_hold_is_one_of_the_last_held(tmp_path: Path) -> None:
    """As the engine counts: 2021 was vacant for two reasons, so that it is not a year in which nothing was held."""
    rows = [row("top", node="quantifier", comparison='"any"'), *cells("each", range(2019, 2021))]
    both = {"verdict": "unknown", "reason": "not_applicable, not_held"}
    rows.append(row("top", "each", dimensions=dims(year="2021"), node="leaf", indicator="x", **both))
    rows += cells("each", range(2022, 2023))
    rule = {"indicator": "x", "over": ["year"], "years": {"last_held": 2}, "met_in": "any"}
    explanation = explained(tmp_path, rows, [item("criteria", "top", "За годы", rule)])
    assert [node.dimensions["year"] for node in explanation.nodes[0].children] == ["2021", "2022"]


def test_cells_that_are_alike_are_told_together(tmp_path: Path) -> None:
    refers = {"node": "item", "indicator": "low"}
    leaf: dict[str, Any] = {"node": "leaf", "indicator": "x", "comparison": "less_than"}
    years = {str(year): dims(year=str(year)) for year in range(2019, 2023)}
    rows = [row("top", node="all")]
    for part in ("all/0", "all/1"):
        rows.append(row("top", part, node="quantifier", comparison='"every"'))
        rows += [row("top", f"{part}/criterion", dimensions=cell, **refers) for cell in years.values()]
    limits = {"2019": 5, "2020": 6, "2021": 7}
    values: dict[str, dict[str, Any]] = {
        year: {"value": Decimal(4), "threshold": Decimal(limit)} for year, limit in limits.items()
    }
    rows += [row("low", dimensions=years[year], **leaf, **value) for year, value in values.items()]
    rows.append(row("low", "", "unknown", dimensions=years["2022"], reason="not_applicable", **leaf))
    rows = [r if r.dimensions != years["2022"] else _vacant(r) for r in rows]
    items = [item("criteria", "top", "Дважды"), item("criteria", "low", "Низко"), item("indicators", "x", "Балл")]
    text = plain(explained(tmp_path, rows, items).text())
    assert "Балл 2019: 4, порог меньше 5 — выполнено 2020: 4, порог меньше 6 — выполнено" in text
    assert "Не учитывается (неприменимо): 2022" in text
    assert "Низко — выполнено (см. выше): 2019; 2020; 2021" in text


def _vacant(cell: Any) -> Any:
    return replace(cell, verdict="unknown", reason="not_applicable")


def test_a_verdict_of_the_region_is_found_and_a_second_mention_refers_back(tmp_path: Path) -> None:
    leaf: dict[str, Any] = {
        "node": "leaf",
        "indicator": "gap",
        "comparison": "more_than",
        "value": Decimal(9),
        "threshold": Decimal(5),
    }
    rows = [
        row("top", node="all"),
        row("top", "all/0", node="item", indicator="wide"),
        row("top", "all/1", node="item", indicator="wide"),
        result("wide", "", "r", level="region", verdict="met", **leaf),
    ]
    items = [
        item("criteria", "top", "Оба"),
        item("criteria", "wide", "Большой разрыв"),
        item("indicators", "gap", "Разрыв"),
    ]
    explanation = explained(tmp_path, rows, items)
    first, second = explanation.nodes[0].children
    assert (first.repeated, [child.level for child in first.children]) == (False, ["region"])
    assert (second.repeated, second.children) == (True, ())
    assert "Большой разрыв — выполнено (см. выше)" in explanation.text()
    assert explanation.text().count("Разрыв: 9") == 1


def test_a_derived_indicator_shows_what_it_is_computed_from(tmp_path: Path) -> None:
    cell = {"dimensions": dims(year="2022")}
    value = {"level": "school", "entity": "1", **cell}
    values = [
        made(
            IndicatorValueRow,
            indicator="high",
            value=Decimal(70),
            numerator=Decimal(7),
            denominator=Decimal(10),
            **value,
        ),
        made(IndicatorValueRow, indicator="low", reason="too_few", **value),
    ]
    items = [
        item("criteria", "top", "Разрыв мал"),
        item("indicators", "gap", "Разрыв", {"value": "high - low"}, unit="percent"),
        item("indicators", "high", "Верх", {"from": "results"}, unit="percent"),
        item("indicators", "low", "Низ", {"from": "results"}, unit="percent"),
    ]
    rows = [row("top", "", "unknown", node="leaf", indicator="gap", comparison="at_most", reason="too_few", **cell)]
    text = plain(explained(tmp_path, rows, items, indicator_values=values).text())
    assert (
        "2022: Разрыв: значение неизвестно, порог не больше: неизвестен — неизвестно: слишком мало участников" in text
    )
    assert "считается из: 2022: Верх: 70 % (7 из 10)" in text
    assert "2022: Низ: значение неизвестно (слишком мало участников)" in text


def test_only_the_chosen_reading_is_what_a_value_rests_on() -> None:
    readings = {"choose": "$reading", "options": {"points": "mean_points", "share": "share_above"}}
    value = item("indicators", "top", "Результат", readings)
    # `share` is also the name of a reading: that is no mention of the indicator
    rows = [value, *(item("indicators", name, name) for name in ("mean_points", "share_above", "share"))]
    assert [read.item for read in Items(rows, {"reading": "share"}).read_by(value)] == ["share_above"]
    assert [read.item for read in Items(rows).read_by(value)] == ["mean_points", "share_above"]


def test_assumptions_are_told_with_their_reason_under_a_criterion(tmp_path: Path) -> None:
    guess: dict[str, Any] = {"basis": "assumed", "because": "так принято"}
    leaf: dict[str, Any] = {
        "node": "leaf",
        "indicator": "x",
        "comparison": "at_least",
        "value": Decimal(1),
        "threshold": Decimal(1),
    }
    items = [item("criteria", "top", "Порог"), item("indicators", "x", "Доля", {"value": "100 * y / $base"}, **guess)]
    items.append(item("parameters", "base", "База", {}, **guess))
    explanation = explained(tmp_path, [row("top", **leaf)], items)
    assert [assumed.item for assumed in explanation.assumptions] == ["x", "base"]
    assert "Допущения автора пакета (assumed) Доля: так принято База: так принято" in plain(explanation.text())


def test_what_does_not_apply_is_not_called_unknown(tmp_path: Path) -> None:
    flag = {"level": "school", "entity": "1", "flag": "top", "label": "Признак", "verdict": "unknown"}
    flags = [made(FlagRow, reason="not_applicable", **flag)]
    text = explained(tmp_path, [], [item("flags", "top", "Признак")], flags=flags).text()
    assert "Признак «Признак»: неприменимо" in text
    assert "ВПР" not in text


def test_a_flag_that_does_not_apply_tells_to_whom_it_does(tmp_path: Path) -> None:
    flag = {"level": "school", "entity": "1", "flag": "top", "label": "ШНОР", "verdict": "unknown", "assumed": True}
    rows = [
        row("top", "", "unknown", node="flag", reason="not_applicable"),
        row("top", "when", "unknown", node="leaf", indicator="x", comparison="at_least", reason="not_applicable"),
        row("big", "", "not_met", node="leaf", indicator="kind", comparison="is", text="НОШ", threshold_text="СОШ"),
    ]
    items = [
        item("flags", "top", "ШНОР", {"when": {"indicator": "x", "at_least": "1"}}),
        item("indicators", "x", "Доля", {"from": "results", "cells": [{"grade": "9", "applies_to": "big"}]}),
        item("criteria", "big", "Средняя школа", {"indicator": "kind", "is": "СОШ"}),
        item("indicators", "kind", "Вид школы", {"from": "schools"}),
    ]
    flags = [made(FlagRow, reason="not_applicable", **flag)]
    text = plain(explained(tmp_path, rows, items, flags=flags).text())
    assert "Признак «ШНОР»: неприменимо К кому относится Вид школы: «НОШ», нужно: равно СОШ — не выполнено" in text


def test_a_cluster_that_an_expert_chose_is_shown_as_such(tmp_path: Path) -> None:
    names = [{"id": "low", "label": "Низкие"}, {"id": "hard", "label": "Трудные"}]
    chosen = {"label": "hard", "title": "Трудные", "computed": "low", "decided_by": "методист"}
    clusters = [made(ClusterRow, level="school", entity="1", cluster="scheme", **chosen)]
    items = [item("clusters", "scheme", "Схема", {"first_match": names})]
    text = explained(tmp_path, [], items, "scheme", clusters=clusters).text()
    assert "Кластер «Схема»: «Трудные»; решение эксперта (методист); по расчёту: Низкие" in text


def test_nodes_are_values(outcome: Outcome) -> None:
    one, other = explain(outcome, "010001"), explain(outcome, "010001")
    assert one == other
    assert isinstance(one.flags[0].rule[0], ExplanationNode)
