"""What another value of a parameter does: whoever enters or leaves is told, and where exactly."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from shsnor.demo import demo_region
from shsnor.errors import UsageError
from shsnor.evaluating import Workspace
from shsnor.loading import load_pack
from shsnor.pack import Pack
from shsnor.rendering import layout
from shsnor.whatif import span, sweep, what_if
from tests.command import shsnor


@pytest.fixture(scope="module")
def federal() -> Pack:
    return load_pack("federal")


def test_who_enters_is_told_by_municipality_with_the_condition_that_turned(federal: Pack) -> None:
    with what_if(federal, demo_region(), as_of=2022, parameters={"low_limit": "25"}) as found:
        entered = found.comparison.of("low_results", "entered")
        before, after = found.comparison.raised["low_results"]
        assert len(entered) == after - before + len(found.comparison.of("low_results", "left")) > 0
        for change in entered:
            assert change.within[0][0] == "municipality"
            turned = [t for t in change.turns if t.after is not None and t.after.verdict == "met"]
            assert turned, change.entity
            for turn in turned:
                assert turn.before is not None and turn.after is not None
                assert turn.after.value is not None and 25 <= turn.after.value < 30
        text = found.text("ru").replace("\u00a0", " ")
    assert "30 % → 25 %" in text.splitlines()[0]
    assert f"Вошли: {len(entered)}" in text
    assert "порог не меньше 30 % → порог не меньше 25 %" in " ".join(text.split())
    assert "рейтинг" in text and "02-86" in text


def test_another_reading_is_told_by_the_counts_on_both_sides(federal: Pack) -> None:
    with what_if(federal, demo_region(), as_of=2022, parameters={"reading": "omsk_2025_all"}) as found:
        text = found.text("ru").replace("\u00a0", " ")
    assert "«two_of_last_two_years» → «omsk_2025_all»" in text.splitlines()[0]
    assert "Вышли: " in text
    assert "– было: нужно: не меньше 2 случаев" in text


def test_every_turning_point_is_exact(federal: Pack) -> None:
    """At, just below and just above each turning point, and at random values, flags are as an evaluation there has them."""
    with Workspace(demo_region()) as workspace:
        found = sweep(federal, workspace, as_of=2022, parameter="low_limit", values=[20, 30])
        assert found.turning.exact
        drawn = random.Random(20)
        points = drawn.sample(found.turning.points, 6)
        values = [Decimal(drawn.randrange(20000, 30000)) / 1000 for _ in range(4)]
        values += [p.value + d for p in points for d in (Decimal("-0.000000001"), Decimal(0), Decimal("0.000000001"))]
        for value in values:
            if not 20 <= value <= 30:
                continue
            flags = workspace.flags(federal, as_of=2022, parameters={"low_limit": str(value)})
            here = {flag: dict(verdicts) for flag, verdicts in found.turning.lowest.items()}
            for point in found.turning.points:
                if point.value < value or (point.value == value and not point.above):
                    assert here[point.flag][point.entity] == point.before
                    here[point.flag][point.entity] = point.after
            assert here == flags, value


@pytest.mark.parametrize("together", [16, 1])
def test_the_counts_are_those_of_an_evaluation_at_each_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """Whatever a condition is made of: cells, a list, weights, the other way round, an unknown value; whether the values of
    indicators stand in one table or in several."""
    monkeypatch.setattr(layout, "FEW", together)
    monkeypatch.setattr(layout, "MOST", together)
    (tmp_path / "pack.yaml").write_text(SWEPT, encoding="utf-8")
    schools = [{"school_id": f"s{n}", "municipality": "м"} for n in range(12)]
    drawn = random.Random(4)
    rows = [
        {
            "school_id": f"s{n}", "year": year, "procedure": "ВПР", "grade": "5", "subject": subject,
            "participants": 10, "mark_2": drawn.choice([0, 1, 2, 3, 3, 4, None]),
        }
        for n in range(11) for year in (2021, 2022) for subject in ("рус", "мат")
    ]  # fmt: skip
    pack, values = load_pack(tmp_path), [Decimal(n) for n in range(46)]
    with Workspace({"schools": schools, "results": rows}) as workspace:
        found = sweep(pack, workspace, as_of=2022, parameter="limit", values=values)
        assert found.turning.exact and set(found.labels) == set(pack.document.flags)
        for value, counts in found.counts.items():
            flags = workspace.flags(pack, as_of=2022, parameters={"limit": str(value)})
            for flag, verdicts in flags.items():
                here = list(verdicts.values())
                assert counts[flag] == (here.count("met"), here.count("unknown")), (value, flag)


SWEPT = """format: 1
pack: {id: swept, version: "1", title: Пакет}
sources: {order: {title: Приказ}}
parameters:
  limit: {label: Порог, unit: percent, values: {2020-01-01: 30}, source: {clause: "1", basis: stated}}
indicators:
  share:
    label: Доля
    unit: percent
    from: results
    value: 100.0 * sum(mark_2) / sum(participants)
    by: [subject, year]
    cells: [{procedure: ВПР, grade: 5, subject: [рус, мат]}]
    source: {clause: "1", basis: stated}
  russian:
    label: Доля по русскому языку
    unit: percent
    from: results
    value: 100.0 * sum(mark_2) / sum(participants)
    where: subject = 'рус'
    source: {clause: "1", basis: stated}
  maths:
    label: Доля по математике
    unit: percent
    from: results
    value: 100.0 * sum(mark_2) / sum(participants)
    where: subject = 'мат'
    source: {clause: "1", basis: stated}
criteria:
  maths_low: {label: Математика, indicator: maths, at_least: 25, source: {clause: "1", basis: stated}}
  some: {label: Что-нибудь, any: [{indicator: russian, at_least: 38}, maths_low], source: {clause: "1", basis: stated}}
  cell: {label: Случай, indicator: share, at_least: $limit, source: {clause: "1", basis: stated}}
  twice: {label: Два, criterion: cell, over: [subject, year], years: {last: 2}, met_in: {at_least: 2},
    source: {clause: "1", basis: stated}}
  russian_low: {label: Русский, indicator: russian, more_than: $limit, source: {clause: "1", basis: stated}}
  russian_fine: {label: Русский хорош, indicator: russian, at_most: $limit, source: {clause: "1", basis: stated}}
  every: {label: Все, criterion: cell, over: [subject, year], years: {last: 2}, met_in: every,
    source: {clause: "1", basis: stated}}
flags:
  both: {label: Оба, when: {all: [twice, russian_low]}, source: {clause: "1", basis: stated}}
  weighed: {label: Веса, when: {of: {twice: 2, russian_low: 1, every: 1}, met_in: {at_least: 2}},
    source: {clause: "1", basis: stated}}
  fine: {label: Не оба, when: {not: {any: [twice, {not: russian_fine}]}}, source: {clause: "1", basis: stated}}
  low: {label: Оба предмета, when: {all: [russian_low, maths_low]}, source: {clause: "1", basis: stated}}
  besides: {label: Ещё что-нибудь, when: {all: [some, russian_fine]}, source: {clause: "1", basis: stated}}
  mixed: {label: И то и другое, when: {all: [twice, russian_fine]}, source: {clause: "1", basis: stated}}
"""


def test_a_parameter_that_is_more_than_a_threshold_is_tried_value_by_value(federal: Pack) -> None:
    """A minimum of participants makes values unknown: the values asked for are evaluated, and the text says so."""
    with Workspace(demo_region()) as workspace:
        found = sweep(federal, workspace, as_of=2022, parameter="min_participants", values=[0, 5, 10])
        assert not found.turning.exact and "не найдены" in found.text()
        for value, counts in found.counts.items():
            flags = workspace.flags(federal, as_of=2022, parameters={"min_participants": str(value)})
            for flag, (raised, unknown) in counts.items():
                verdicts = list(flags[flag].values())
                assert (verdicts.count("met"), verdicts.count("unknown")) == (raised, unknown)


def test_a_picture_of_a_sweep_needs_nothing_from_outside(federal: Pack) -> None:
    found = sweep(federal, demo_region(), as_of=2022, parameter="low_limit", values=[20, 30, 40])
    picture = found.svg()
    assert picture.startswith("<svg ") and "<title>" in picture
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    assert found.labels["low_results"] in picture


@pytest.mark.parametrize(
    ("text", "values"), [("10%..20%:5%", [10, 15, 20]), ("1..4:2", [1, 3, 4]), ("0,5..1:0,25", ["0.5", "0.75", "1"])]
)
def test_spans(text: str, values: list[object]) -> None:
    assert span(text) == [Decimal(str(v)) for v in values]


@pytest.mark.parametrize("text", ["10..5:1", "10", "1..2:0", "0..1:0.0001", "а..б:1", "1..2:-1"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        span(text)


@pytest.mark.parametrize(
    ("parameters", "code"), [({}, "SH921"), ({"low_limt": "3"}, "SH509"), ({"low_limit": "много"}, "SH317")]
)
def test_what_cannot_be_changed_is_told(federal: Pack, parameters: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError) as error:
        what_if(federal, demo_region(), as_of=2022, parameters=parameters)
    assert [f.code for f in error.value.findings] == [code]


@pytest.mark.parametrize(
    ("parameter", "values", "code"),
    [
        ("low_limt", [1, 2], "SH509"),
        ("reading", [1, 2], "SH922"),
        ("low_limit", [1], "SH923"),
        ("low_limit", [1, 1], "SH923"),
    ],
)
def test_what_cannot_be_swept_is_told(federal: Pack, parameter: str, values: list[int], code: str) -> None:
    with pytest.raises(UsageError) as error:
        sweep(federal, demo_region(), as_of=2022, parameter=parameter, values=values)
    assert [f.code for f in error.value.findings] == [code]


def test_the_command_tells_who_enters_in_the_small_region(north: Path) -> None:
    run = shsnor("what-if", "north", "--data", "data", "--as-of", "2022", "--set", "low_limit=95%", cwd=north)
    assert run.code == 0, run.err
    assert "25 % → 95 %" in run.out.replace("\u00a0", " ") and "Вышли: 2" in run.out
    changes = north / "changes.yaml"
    changes.write_text("low_limit: 95\n", encoding="utf-8")
    again = shsnor("what-if", "north", "--data", "data", "--as-of", "2022", "--changes", changes, cwd=north)
    assert again.out == run.out


def test_the_command_sweeps_and_draws(north: Path) -> None:
    run = shsnor(
        "what-if", "north", "--data", "data", "--sweep", "low_limit=5%..95%:45%", "--picture", "p.svg", cwd=north,
        env={"SHSNOR_LANG": "en"},
    )  # fmt: skip
    assert run.code == 0, run.err
    out = run.out.replace("\u00a0", " ")
    assert "above 33.333333333 %: 1 lose the flag" in out and "now 25 %" in out
    assert (north / "p.svg").read_text("utf-8").startswith("<svg ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "SH921"),
        (["--sweep", "low_limit=5"], "нужен отрезок"),
        (["--set", "low_limit=5", "--picture", "p.svg"], "добавьте --sweep"),
        (["--set", "low_limit=5", "--flag", "low_result"], "SH920"),
        (["--changes", "no.yaml"], "SH113"),
    ],
)
def test_a_wrong_command_is_told(north: Path, more: list[str], said: str) -> None:
    run = shsnor("what-if", "north", "--data", "data", "--as-of", "2022", *more, cwd=north)
    assert run.code == 2
    assert said in run.err and "Traceback" not in run.err
