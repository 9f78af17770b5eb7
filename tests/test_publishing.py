"""What may be published: what is hidden, what is told, and that an attacker cannot win back what is hidden."""

from __future__ import annotations

import itertools
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import shsnor
from shsnor.outcomes import EntityRow, FlagRow, IndicatorValueRow, Outcome, load_outcome
from shsnor.publishing import PublicView, public_view
from shsnor.publishing.suppressing import Counts, Node, suppress, tells_nothing
from tests.outcome_cases import dims, item, made, write_folder
from tests.publishing_attack import Attack, narrowest

DEMO = Path(shsnor.__file__).parent / "demo_region"

MATHS = {"procedure": "ОГЭ", "grade": "9", "subject": "мат", "year": "2022"}

#: school -> (pupils, how many of them are below the minimum)
Numbers = dict[str, tuple[int, int]]


def entities(*schools: str, of: str = "01") -> list[Any]:
    """Schools in one municipality of one region."""
    return [
        *(made(EntityRow, level="school", entity=s, parent_level="municipality", parent=of) for s in schools),
        made(EntityRow, level="municipality", entity=of, parent_level="region", parent="r"),
        made(EntityRow, level="region", entity="r"),
    ]


def share(indicator: str, numbers: Numbers, cell: dict[str, str] | None = None) -> list[Any]:
    """The rows of a share, of a cell of ОГЭ in mathematics of 2022 unless told otherwise."""
    return [
        made(IndicatorValueRow, level="school", entity=school, indicator=indicator, dimensions=dims(**cell or MATHS),
             value=(Decimal(100 * below) / pupils).quantize(Decimal("1E-9")), numerator=Decimal(below),
             denominator=Decimal(pupils), participants=pupils)
        for school, (pupils, below) in numbers.items()
    ]  # fmt: skip


def indicator(name: str = "low", unit: str = "percent", **detail: Any) -> Any:
    by = {"by": ["procedure", "grade", "subject", "year"]}
    return item("indicators", name, name, {"from": "results", **by, **detail}, unit=unit)


def outcome_of(folder: Path, parameters: dict[str, str] | None = None, **tables: list[Any]) -> Outcome:
    write_folder(folder, tables)
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    said["evaluation"]["parameters"] = {name: {"value": value} for name, value in (parameters or {}).items()}
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
    return load_outcome(folder)


def view_of(folder: Path, numbers: Numbers, minimum: int = 10) -> PublicView:
    outcome = outcome_of(
        folder, entities=entities(*numbers), items=[indicator()], indicator_values=share("low", numbers)
    )
    return public_view(outcome, minimum)


def shown(view: PublicView, level: str = "school", of: str = "low") -> set[str]:
    return {f.entity for f in view.figures if (f.level, f.indicator) == (level, of) and not f.hidden}


# ---- the attacker -----------------------------------------------------------------------------


def test_the_attacker_finds_a_number_that_is_hidden_alone() -> None:
    attack = Attack()
    for name in "abc":
        attack.unknown(name)
    attack.told({"a": 1, "b": 1, "c": 1}, 30, 30)
    attack.told({"b": 1}, 12, 12)
    assert attack.bounds("a") == (0, 18)
    assert attack.bounds("a", also={"c": 15}) == (3, 3)


def region(rng: random.Random) -> tuple[dict[tuple[str, str], Counts], dict[tuple[str, str], tuple[str, str]]]:
    leaves, parents = {}, {}
    for town in range(rng.randint(1, 3)):
        parents["municipality", str(town)] = ("region", "r")
        for school in range(rng.choice([1, 2, 4, 6])):
            key = ("school", f"{town}{school}")
            parents[key] = ("municipality", str(town))
            pupils = rng.choice([1, 2, 3, 5, 9, 25, 30, 40, 60])
            parts = [
                rng.choice([0, pupils, *(rng.randint(pupils // 3, 2 * pupils // 3) for _ in range(6))]) for _ in "ab"
            ]
            leaves[key] = Counts(Decimal(pupils), tuple(map(Decimal, parts)))
    return leaves, parents


def attack_on(leaves: Any, parents: Any, nodes: dict[tuple[str, str], Node]) -> Attack:
    attack = Attack()
    below = defaultdict(list)
    for leaf in leaves:
        attack.unknown((leaf, "pupils"), least=1)
        for part in (0, 1):
            attack.unknown((leaf, part))
            attack.told({(leaf, "pupils"): 1, (leaf, part): -1}, 0, 1e6)
        above = leaf
        while above is not None:
            below[above].append(leaf)
            above = parents.get(above)
    for key, node in nodes.items():
        if node.shown:
            for what, value in (("pupils", node.counts.pupils), *enumerate(node.counts.parts)):
                attack.told({(leaf, what): 1 for leaf in below[key]}, float(value), float(value))
    return attack


@pytest.mark.parametrize("seed", range(24))
def test_nothing_hidden_can_be_won_back_from_sums(seed: int) -> None:
    rng = random.Random(seed)
    leaves, parents = region(rng)
    minimum = rng.choice([5, 10])
    nodes = suppress(leaves, parents, minimum, never=seed % 6 == 0)
    attack = attack_on(leaves, parents, nodes)
    hidden = [key for key in leaves if not nodes[key].shown]
    for key in rng.sample(hidden, min(4, len(hidden))):
        for what in ("pupils", 0, 1):
            low, high = attack.bounds((key, what))
            assert high >= minimum and high - low >= minimum
            assert low <= 1 or leaves[key].pupils > minimum
        # the head of another school knows its own numbers
        for other in rng.sample([h for h in hidden if h != key], min(1, len(hidden) - 1)):
            own: dict[Any, float] = {(other, "pupils"): float(leaves[other].pupils)}
            own |= {(other, part): float(known) for part, known in enumerate(leaves[other].parts)}
            width, name = narrowest(attack, [(key, "pupils"), (key, 0), (key, 1)], own)
            assert width >= minimum, name


def test_the_trees_of_that_test_have_something_of_everything() -> None:
    told: dict[tuple[str, bool], int] = defaultdict(int)
    for seed in range(24):
        rng = random.Random(seed)
        leaves, parents = region(rng)
        for key, node in suppress(leaves, parents, rng.choice([5, 10]), never=seed % 6 == 0).items():
            told[key[0], node.shown] += 1
    assert all(told[level, yes] >= 5 for level in ("school", "municipality", "region") for yes in (True, False)), told


# ---- what is hidden ---------------------------------------------------------------------------


def test_a_small_school_takes_the_next_smallest_with_it_and_the_total_stays(tmp_path: Path) -> None:
    view = view_of(tmp_path / "out", {"1": (4, 1), "2": (30, 12), "3": (31, 14), "4": (50, 20), "5": (60, 25)})
    assert shown(view) == {"4", "5"}
    assert shown(view, "municipality") == {"01"} and shown(view, "region") == {"r"}
    total = view.figure("municipality", "01", "low", dims(grade="9", procedure="ОГЭ", subject="мат", year="2022"))
    assert total is not None and (int(total.numerator or 0), total.participants) == (72, 175)
    assert total.value == Decimal("41.142857143")


def test_a_hidden_figure_has_no_number_and_does_not_say_why(tmp_path: Path) -> None:
    view = view_of(tmp_path / "out", {"1": (4, 1), "2": (30, 12), "3": (31, 14), "4": (50, 20)})
    small, beside = (f for f in view.figures if f.entity in ("1", "2"))
    for figure in (small, beside):
        assert figure.hidden
        assert (figure.value, figure.numerator, figure.denominator, figure.participants) == (None,) * 4
    assert repr(small).replace("'1'", "'2'") == repr(beside)


@pytest.mark.parametrize(("pupils", "below"), [(9, 4), (40, 9), (40, 31), (40, 0), (40, 40)])
def test_a_number_under_the_minimum_is_hidden_with_what_it_completes(tmp_path: Path, pupils: int, below: int) -> None:
    view = view_of(tmp_path / "out", {"1": (pupils, below), "2": (40, 10), "3": (40, 30), "4": (50, 20), "5": (60, 20)})
    assert "1" not in shown(view) and "5" in shown(view)


def test_twelve_schools_of_twelve_pupils_have_one_each() -> None:
    ones = [Counts(Decimal(1), (Decimal(i % 2),)) for i in range(24)]
    assert not tells_nothing(ones, 10)
    assert tells_nothing([Counts(Decimal(3), (Decimal(1 + i % 2),)) for i in range(24)], 10)


def test_two_hidden_schools_would_know_each_other() -> None:
    large = Counts(Decimal(100), (Decimal(50),))
    assert not tells_nothing([large, large], 10)
    assert tells_nothing([large, large, large], 10)


def test_a_municipality_of_one_small_school_is_hidden_with_it(tmp_path: Path) -> None:
    view = view_of(tmp_path / "out", {"1": (4, 1)})
    assert not shown(view) and not shown(view, "municipality") and not shown(view, "region")


def test_all_figures_of_the_same_pupils_are_told_or_none(tmp_path: Path) -> None:
    numbers = {str(i): (40 + i, 20) for i in range(1, 5)}
    good = {**{school: (pupils, 15) for school, (pupils, _) in numbers.items()}, "1": (41, 38)}
    outcome = outcome_of(
        tmp_path / "out", entities=entities(*numbers), items=[indicator(), indicator("good")],
        indicator_values=[*share("low", numbers), *share("good", good)],
    )  # fmt: skip
    view = public_view(outcome)
    assert shown(view) == shown(view, of="good") == {"4"}


def test_a_sum_of_cells_is_told_only_where_all_its_cells_are(tmp_path: Path) -> None:
    maths = {"1": (40, 20), "2": (40, 3), "3": (40, 15), "4": (50, 20)}
    russian = {"1": (40, 15), "2": (40, 20), "3": (40, 20), "4": (50, 20)}
    both = {school: (2 * pupils, maths[school][1] + russian[school][1]) for school, (pupils, _) in maths.items()}
    cells = [{"procedure": "ОГЭ", "grade": "9", "subject": ["рус", "мат"]}]
    outcome = outcome_of(
        tmp_path / "out", entities=entities(*maths), items=[indicator(), indicator("both", by=[], cells=cells)],
        indicator_values=[
            *share("low", maths),
            *share("low", russian, MATHS | {"subject": "рус"}),
            *(replace(row, dimensions="{}") for row in share("both", both)),
        ],
    )  # fmt: skip
    view = public_view(outcome)
    whole = {s for s in maths if all(not f.hidden for f in view.figures if (f.entity, f.indicator) == (s, "low"))}
    assert shown(view, of="both") == whole == {"4"}


def test_groups_that_overlap_and_are_no_sums_are_not_both_told(tmp_path: Path) -> None:
    ninth, any_grade = {"1": (40, 20)}, {"1": (43, 21)}
    outcome = outcome_of(
        tmp_path / "out", entities=entities("1"),
        items=[indicator(), indicator("all_grades", by=["procedure", "subject", "year"])],
        indicator_values=[
            *share("low", ninth),
            *share("all_grades", any_grade, {d: v for d, v in MATHS.items() if d != "grade"}),
        ],
    )  # fmt: skip
    view = public_view(outcome)
    assert shown(view) == {"1"} and not shown(view, of="all_grades")


def test_no_value_of_vpr_of_a_school_is_told_and_a_municipality_needs_three_schools(tmp_path: Path) -> None:
    many = {str(i): (100, 50) for i in range(3)}
    for number, told in ((3, {"01"}), (2, set())):
        numbers = dict(itertools.islice(many.items(), number))
        outcome = outcome_of(
            tmp_path / str(number), entities=entities(*numbers), items=[indicator()],
            indicator_values=share("low", numbers, MATHS | {"procedure": "ВПР"}),
        )  # fmt: skip
        view = public_view(outcome)
        assert not [f for f in view.figures if f.level == "school"]
        assert shown(view, "municipality") == told


def test_what_is_no_count_of_pupils_is_not_told_at_all(tmp_path: Path) -> None:
    row = made(IndicatorValueRow, level="school", entity="1", indicator="registers", dimensions="{}", value=Decimal(2))
    register = item("indicators", "registers", "На учёте", {"from": "context", "value": "on_registers"}, unit="percent")
    outcome = outcome_of(tmp_path / "out", entities=entities("1"), items=[register], indicator_values=[row])
    assert public_view(outcome).figures == ()


@pytest.mark.parametrize("seed", range(8))
def test_two_subjects_and_their_sum_do_not_win_back_each_other(tmp_path: Path, seed: int) -> None:
    """The pack has each subject, and both together; so has the attacker."""
    rng, minimum = random.Random(seed), 10
    towns = {f"{town}{n}": str(town) for town in (1, 2) for n in range(rng.randint(2, 6))}
    numbers: dict[str, Numbers] = {}
    for subject in ("мат", "рус"):
        sizes = {school: rng.choice([3, 8, 30, 40, 50]) for school in towns}
        numbers[subject] = {s: (n, rng.choice([0, n, *[rng.randint(n // 3, n // 2)] * 8])) for s, n in sizes.items()}
    both = {s: (sum(numbers[i][s][0] for i in numbers), sum(numbers[i][s][1] for i in numbers)) for s in towns}
    places = [
        *(made(EntityRow, level="school", entity=s, parent_level="municipality", parent=t) for s, t in towns.items()),
        *(made(EntityRow, level="municipality", entity=t, parent_level="region", parent="r") for t in ("1", "2")),
        made(EntityRow, level="region", entity="r"),
    ]
    cells = [{"procedure": "ОГЭ", "grade": "9", "subject": ["рус", "мат"]}]
    outcome = outcome_of(
        tmp_path / "out", entities=places, items=[indicator(), indicator("both", by=[], cells=cells)],
        indicator_values=[
            *(row for subject in numbers for row in share("low", numbers[subject], MATHS | {"subject": subject})),
            *(replace(row, dimensions="{}") for row in share("both", both)),
        ],
    )  # fmt: skip
    attack = Attack()
    for name in itertools.product(towns, numbers, ("pupils", "low")):
        attack.unknown(name, least=float(name[2] == "pupils"))
    for school, subject in itertools.product(towns, numbers):
        attack.told({(school, subject, "pupils"): 1, (school, subject, "low"): -1}, 0, 1e6)
    hidden = []
    for figure in public_view(outcome, minimum).figures:
        subjects = [json.loads(figure.dimensions)["subject"]] if figure.indicator == "low" else list(numbers)
        inside = [
            s for s in towns if figure.entity in (s, "r") or (figure.level, towns[s]) == ("municipality", figure.entity)
        ]
        if figure.hidden:
            hidden += [(figure.entity, subjects[0])] if figure.level == "school" and figure.indicator == "low" else []
            continue
        for what, told in (("pupils", figure.participants), ("low", figure.numerator)):
            names = [(school, subject, what) for school in inside for subject in subjects]
            attack.told(dict.fromkeys(names, 1), float(told or 0), float(told or 0))
    assert hidden
    width, narrow = narrowest(attack, [(*place, what) for place in hidden for what in ("pupils", "low")])
    assert width >= minimum, narrow


# ---- levels, flags, minimum --------------------------------------------------------------------


def test_persons_and_what_lies_below_schools_are_left_out(tmp_path: Path) -> None:
    teacher = made(EntityRow, level="teacher", entity="t-17", parent_level="school", parent="1", persons=True)
    flags = [
        made(FlagRow, level=level, entity=entity, flag="f", label="Признак", verdict="met", vpr_only=True,
             decided_by="эксперт", decision_reason="потому что")
        for level, entity in (("teacher", "t-17"), ("school", "1"))
    ]  # fmt: skip
    outcome = outcome_of(tmp_path / "out", entities=[teacher, *entities("1")], flags=flags)
    view = public_view(outcome)
    assert view.levels == ("school", "municipality", "region")
    assert "t-17" not in repr(view) and "потому что" not in repr(view) and "эксперт" not in repr(view)
    assert [(flag.entity, flag.vpr_only) for flag in view.flags] == [("1", True)]
    assert [(t.level, t.raised, t.vpr_only) for t in view.flag_totals] == [("municipality", 1, 1), ("region", 1, 1)]


def test_an_outcome_without_schools_is_refused(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path / "out", entities=[made(EntityRow, level="teacher", entity="t", persons=True)])
    with pytest.raises(shsnor.UsageError, match="SH636"):
        public_view(outcome)


@pytest.mark.parametrize(("asked", "stated", "minimum"), [(None, None, 10), (None, "15", 15), (5, "15", 5)])
def test_the_minimum_is_the_one_asked_or_the_packs_or_ten(
    tmp_path: Path, asked: Any, stated: Any, minimum: int
) -> None:
    parameters = {"publication_minimum": stated} if stated else {}
    assert public_view(outcome_of(tmp_path / "out", parameters, entities=entities("1")), asked).minimum == minimum


@pytest.mark.parametrize("stated", ["4", "7.5", "много"])
def test_a_minimum_that_hides_too_little_is_refused(tmp_path: Path, stated: str) -> None:
    outcome = outcome_of(tmp_path / "out", {"publication_minimum": stated}, entities=entities("1"))
    with pytest.raises(shsnor.UsageError, match="SH635"):
        public_view(outcome)


def test_a_pack_may_state_the_minimum_and_no_item_needs_to_use_it(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        """
format: 1
pack: {id: north, version: "1", title: Порядок}
sources: {order: {title: Приказ}}
parameters:
  publication_minimum:
    {label: Меньше скольких не публикуем, unit: count, values: {2020-01-01: 15}, source: {clause: п. 1, basis: stated}}
  not_used: {label: Ничей, unit: count, values: {2020-01-01: 15}, source: {clause: п. 1, basis: stated}}
""",
        "utf-8",
    )
    found = shsnor.check_pack(shsnor.load_pack(tmp_path))
    assert [f.place.key for f in found if f.code == "SH801"] == ["parameters.not_used"]


# ---- the demo region by the federal pack -------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[Outcome, PublicView]]:
    with shsnor.evaluate(shsnor.load_pack("federal"), DEMO, as_of=2022) as outcome:
        yield outcome, public_view(outcome)


def test_the_view_of_the_demo_region_is_the_same_again(demo: tuple[Outcome, PublicView]) -> None:
    outcome, view = demo
    again = public_view(outcome)
    assert (again.figures, again.flags, again.flag_totals) == (view.figures, view.flags, view.flag_totals)


def test_much_of_the_demo_region_is_told(demo: tuple[Outcome, PublicView]) -> None:
    told = {
        level: len({f.entity for f in demo[1].figures if f.level == level and not f.hidden}) for level in demo[1].levels
    }
    assert told["school"] > 50 and told["municipality"] == 12 and told["region"] == 1


def test_no_small_number_of_the_demo_region_is_told(demo: tuple[Outcome, PublicView]) -> None:
    outcome, view = demo
    units = {row.item: row.unit for row in outcome.items.rows(section="indicators")}
    for figure in view.figures:
        if figure.hidden:
            continue
        pupils, numerator = figure.participants or 0, figure.numerator or Decimal()
        assert pupils >= view.minimum and figure.value is not None
        if units[figure.indicator] == "percent":
            part = round(figure.value * pupils / 100, 6)
            assert view.minimum <= part <= pupils - view.minimum, figure
        assert abs(figure.value * pupils - numerator * (100 if figure.value * pupils > 2 * numerator else 1)) < 1


#: The shares in which the exams of grade 9 are told; what the pack's formulas say of the pupils they count.
EXAM = [{"procedure": "ОГЭ", "grade": "9", "subject": subject, "year": "2022"} for subject in ("рус", "мат")]


def test_no_exam_of_a_demo_school_can_be_won_back(demo: tuple[Outcome, PublicView]) -> None:
    """One attack over both subjects, by somebody who knows what the indicators count and which schools are in a total."""
    outcome, view = demo
    attack = Attack()
    truth: dict[Any, int] = {}
    above = {(e.level, e.entity): (e.parent_level, e.parent) for e in view.entities}
    known = {"low_share": "low", "exam_low_share": "low", "quality": "good", "pass_rate": "passed"}
    hidden = set()
    for cell in EXAM:
        whole, subject = complete(outcome, cell), cell["subject"]
        inside: dict[tuple[str, str], list[str]] = defaultdict(list)
        for school in whole:
            key = ("school", school)
            while key[0]:
                inside[key].append(school)
                key = above[key]
            pupils, low, good, passed = ((school, subject, what) for what in ("pupils", "low", "good", "passed"))
            for name in (pupils, low, good, passed):
                attack.unknown(name)
            attack.told({pupils: 1, low: -1, passed: -1}, 0, 0)
            attack.told({passed: 1, good: -1}, 0, 1e6)
        for row in outcome.indicator_values.rows(dimensions=dims(**cell)):
            if row.entity in whole and row.indicator in known:
                truth[row.entity, subject, "pupils"] = int(row.denominator or 0)
                truth[row.entity, subject, known[row.indicator]] = int(row.numerator or 0)
        for figure in view.figures:
            if figure.dimensions != dims(**cell) or figure.indicator not in known:
                continue
            if figure.hidden:
                hidden |= {(figure.entity, subject)} if figure.entity in whole else set()
                continue
            for what, told in (("pupils", figure.participants), (known[figure.indicator], figure.numerator)):
                names = [(school, subject, what) for school in inside[figure.level, figure.entity]]
                assert sum(truth[name] for name in names) == told, "a total is the sum of its schools"
                attack.told(dict.fromkeys(names, 1), float(told or 0), float(told or 0))
    assert len(hidden) > 100
    for school, subject in random.Random(5).sample(sorted(hidden), 12):
        for what in ("pupils", "low", "passed"):
            least, most = attack.bounds((school, subject, what))
            assert least <= truth[school, subject, what] <= most
            assert most - least >= view.minimum, (school, subject, what)


def complete(outcome: Outcome, cell: dict[str, str]) -> set[str]:
    """The schools that have every figure of these pupils."""
    without = {d: v for d, v in cell.items() if d in ("subject", "year")}
    counted: dict[str, int] = defaultdict(int)
    for dimensions in (dims(**cell), dims(**without)):
        for row in outcome.indicator_values.rows(dimensions=dimensions):
            if row.indicator in ("low_share", "exam_low_share", "quality", "pass_rate", "sou", "oge_mean_score"):
                counted[row.entity] += row.numerator is not None
    return {school for school, count in counted.items() if count == 6}
