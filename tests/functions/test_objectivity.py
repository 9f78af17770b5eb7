"""Marks that a result of ВПР be looked at again: each mark found, not found, not checked."""

from __future__ import annotations

import pytest

from shsnor.plugins.objectivity import objectivity_marks
from tests.functions.cases import Column, Columns, inputs

HIGH = {"result": "vpr", "confirmed_by": ["oge", "ege"], "exempt": "lyceum", "too_high": "1.5", "confirmed": "0.5"}
#: Nine schools at 50 and the one under test; 80 lies three deviations above their mean.
USUAL: Columns = {
    "vpr": [50.0] * 9,
    "oge": [40.0, 60.0] * 4 + [50.0],
    "ege": [None] * 9,
    "lyceum": [0.0] * 9,
}


@pytest.mark.parametrize(
    ("vpr", "oge", "ege", "lyceum", "expected", "said"),
    [
        (80, 50, None, 0, 1, "результат просят перепроверить: он выше среднего по региону на 3,0"),
        (80, 70, None, 0, 0, ""),  # ОГЭ confirms it
        (80, None, 70, 0, 1, "просят"),  # the only known ЕГЭ is the mean itself: it confirms nothing
        (80, 50, None, 1, 0, ""),  # a lyceum
        (80, 50, None, None, None, "не проверено: вид школы неизвестен"),
        (80, None, None, 0, None, "не проверено: результатов ОГЭ и ЕГЭ нет, сверить не с чем"),
        (None, 50, None, 0, None, "не проверено: результата нет"),
        (50, None, None, None, 0, ""),  # not high: nothing else is asked
        (None, None, None, 1, 0, ""),  # a lyceum: whatever its result
    ],
)
def test_too_high(
    vpr: float | None, oge: float | None, ege: float | None, lyceum: float | None, expected: int | None, said: str
) -> None:
    own = {"vpr": vpr, "oge": oge, "ege": ege, "lyceum": lyceum}
    columns: dict[str, Column] = {name: [*USUAL[name], own[name]] for name in own}
    found = objectivity_marks(inputs(columns, HIGH))
    assert dict(found.rows).get(9) == expected
    (mark,) = (d for d in found.details if d.name == "too_high" and d.e == 9)
    assert mark.value == expected
    assert said in mark.text if said else mark.text == ""


def test_at_the_border_it_is_too_high() -> None:
    columns: dict[str, Column] = {**{n: [*USUAL[n], USUAL[n][0]] for n in USUAL}, "vpr": [50.0] * 9 + [80.0]}
    at = objectivity_marks(inputs(columns, HIGH | {"too_high": "3"}))
    above = objectivity_marks(inputs(columns, HIGH | {"too_high": "3.01"}))
    assert (dict(at.rows)[9], dict(above.rows)[9]) == (1, 0)


@pytest.mark.parametrize(
    ("above", "below", "expected", "said"),
    [
        (30, 0, 1, "результат просят перепроверить: отметка выше журнала у 30,0 % работ"),
        (29.9, 29.9, 0, ""),
        (0, 30, 1, "отметка ниже журнала у 30,0 % работ"),
        (40, 50, 1, "отметка выше журнала у 40,0 % работ, отметка ниже журнала у 50,0 % работ"),
        (None, 30, 1, "отметка ниже журнала"),
        (None, 29, None, "не проверено: нет сравнения с журналом"),
    ],
)
def test_journal(above: float | None, below: float | None, expected: int | None, said: str) -> None:
    settings = {"above_journal": "a", "below_journal": "b", "journal": "30"}
    found = objectivity_marks(inputs({"a": [above], "b": [below]}, settings))
    assert dict(found.rows).get(0) == expected
    assert said in found.details[0].text if said else found.details[0].text == ""


def test_jump_between_grades() -> None:
    settings = {"earlier": "four", "later": "five", "jump": "2"}
    columns: dict[str, Column] = {"four": [60.0] * 9 + [90.0, None], "five": [50.0] * 9 + [50.0, 50.0]}
    found = objectivity_marks(inputs(columns, settings))
    assert dict(found.rows) == {**dict.fromkeys(range(9), 0), 9: 1}  # the usual fall is 10, here it is 40
    said = {d.e: d.text for d in found.details if d.name == "jump"}
    assert said[9].startswith("результат просят перепроверить: в старшем классе он ниже обычного на 3,0")
    assert said[10] == "не проверено: нет результата одного из классов"
    assert objectivity_marks(inputs(columns, settings | {"jump": "3.1"})).rows[9] == (9, 0)


def test_marks_are_counted_and_one_that_was_not_checked_hides_none_that_was_found() -> None:
    settings = {
        "above_journal": "a", "below_journal": "b", "journal": "30", "earlier": "four", "later": "five", "jump": "1"
    }  # fmt: skip
    columns: dict[str, Column] = {
        "a": [50.0, 50.0, 0.0, 0.0], "b": [0.0] * 4, "four": [90.0, None, None, 50.0], "five": [50.0] * 4
    }  # fmt: skip
    found = objectivity_marks(inputs(columns, settings))
    assert dict(found.rows) == {0: 2, 1: 1, 3: 1}  # of the two differences each lies one deviation from their mean
