"""Groups of schools: against groups printed elsewhere, and Ward's method done the plain way."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shsnor.functions import Computed
from shsnor.plugins.k_groups import LARGEST, k_groups, ward
from tests.functions.cases import details, inputs, us_arrests


def members(computed: Computed) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for e, label in computed.rows:
        found.setdefault(label, set()).add(e)
    return found


def test_groups_as_r_prints_them() -> None:
    """cutree(hclust(dist(scale(USArrests)), "ward.D2"), k = 4): 7, 12, 19 and 12 states; the first seven by name."""
    states, columns = us_arrests()
    groups = members(k_groups(inputs(columns, {"indicators": list(columns), "k": "4"})))
    assert sorted(map(len, groups.values())) == [7, 12, 12, 19]
    (first,) = (g for g in groups.values() if len(g) == 7)
    assert [states[e] for e in sorted(first)] == [
        "Alabama", "Georgia", "Louisiana", "Mississippi", "North Carolina", "South Carolina", "Tennessee",
    ]  # fmt: skip


def plain_ward(points: list[tuple[float, ...]], k: int) -> set[frozenset[int]]:
    """Join, each time, the two groups that add least to the sum of squares."""
    groups = [frozenset([i]) for i in range(len(points))]

    def spread(group: frozenset[int]) -> float:
        centre = [sum(points[i][d] for i in group) / len(group) for d in range(len(points[0]))]
        return sum((points[i][d] - centre[d]) ** 2 for i in group for d in range(len(centre)))

    while len(groups) > k:
        a, b = min(itertools.combinations(groups, 2), key=lambda p: spread(p[0] | p[1]) - spread(p[0]) - spread(p[1]))
        groups = [g for g in groups if g not in (a, b)] + [a | b]
    return set(groups)


@given(st.integers(0, 10_000), st.integers(2, 11), st.integers(1, 5))
def test_ward_done_the_plain_way(seed: int, count: int, k: int) -> None:
    chance = random.Random(seed)  # of real numbers, so that no two joinings are equally good
    points = {e: (chance.random(), chance.random()) for e in range(count)}
    assert {frozenset(g) for g in ward(points, k)} == plain_ward(list(points.values()), min(k, count))


few = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=14)


@given(few, st.integers(1, 5), st.randoms(use_true_random=False))
def test_neither_order_nor_keys_decide(rows: list[tuple[int, int]], k: int, chance: random.Random) -> None:
    """Many ties: schools with the same values are always in the same group, wherever they stand."""
    shuffled = rows[:]
    chance.shuffle(shuffled)
    seen = []
    for order in (rows, shuffled):
        columns = {"a": [float(a) for a, _ in order], "b": [float(b) for _, b in order]}
        found = k_groups(inputs(columns, {"indicators": ["a", "b"], "k": str(k)}))
        seen.append({(order[e], label) for e, label in found.rows})
        assert len(found.titles) == min(k, len(set(rows)))
    assert seen[0] == seen[1]


def test_a_group_is_named_by_what_sets_its_centre_apart() -> None:
    columns = {"poor": [1.0, 2.0, 1.0, 2.0, 30.0, 31.0], "far": [5.0, 6.0, 5.0, 6.0, 5.0, 6.0]}
    labels = {"poor": "Малообеспеченные семьи", "far": "Путь до райцентра"}
    found = k_groups(inputs(columns, {"indicators": ["poor", "far"], "k": "2"}, labels=labels))
    assert members(found) == {"group_1": {0, 1, 2, 3}, "group_2": {4, 5}}
    assert found.titles == {
        "group_1": "Группа 1: ниже среднего — Малообеспеченные семьи",
        "group_2": "Группа 2: выше среднего — Малообеспеченные семьи",
    }
    assert details(found, "group_2.centre") == {"poor": 30.5, "far": 5.5}
    assert details(found, "group_2.size") == {"": 2}
    assert details(found, "mean")["poor"] == pytest.approx(67 / 6)


def test_a_group_with_nothing_apart_says_so() -> None:
    found = k_groups(inputs({"a": [1.0, 2.0, 3.0]}, {"indicators": ["a"], "k": "1"}))
    assert found.titles == {"group_1": "Группа 1: все показатели близки к средним"}


def test_unknown_context_gives_no_group_and_too_many_schools_are_refused() -> None:
    found = k_groups(inputs({"a": [1.0, None, 3.0]}, {"indicators": ["a"], "k": "2"}))
    assert [e for e, _ in found.rows] == [0, 2]
    assert not k_groups(inputs({"a": [None]}, {"indicators": ["a"], "k": "2"})).rows
    with pytest.raises(ValueError, match=str(LARGEST)):
        k_groups(inputs({"a": [float(i) for i in range(LARGEST + 1)]}, {"indicators": ["a"], "k": "2"}))
