"""Partner schools: the best assignment in total, against all assignments there are."""

from __future__ import annotations

import itertools
from math import inf

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shsnor.functions import Computed
from shsnor.plugins.partners import assign, assign_partners, kilometres
from tests.functions.cases import Columns, inputs


def best(distances: list[list[float]], limit: int) -> tuple[int, float]:
    """(how many get a partner, least sum) over all assignments, each tried."""
    columns = range(len(distances[0]))
    found = (0, 0.0)
    for chosen in itertools.product([None, *columns], repeat=len(distances)):
        if any(chosen.count(c) > limit for c in columns):
            continue
        pairs = [(i, c) for i, c in enumerate(chosen) if c is not None]
        if any(distances[i][c] == inf for i, c in pairs):
            continue
        total = sum(distances[i][c] for i, c in pairs)
        if len(pairs) > found[0] or (len(pairs) == found[0] and total < found[1]):
            found = (len(pairs), total)
    return found


matrices = st.integers(1, 3).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 7.0, inf]), min_size=n, max_size=n), min_size=1, max_size=5
    )
)


@given(matrices, st.integers(1, 3))
def test_no_assignment_is_better(distances: list[list[float]], limit: int) -> None:
    pairs = assign(numpy.array(distances), limit)
    assert len({i for i, _ in pairs}) == len(pairs)
    assert all(sum(1 for _, j in pairs if j == c) <= limit for c in range(len(distances[0])))
    assert (len(pairs), sum(distances[i][j] for i, j in pairs)) == pytest.approx(best(distances, limit))


def partners(computed: Computed) -> dict[int, int]:
    return {e: peer for e, peer, _, _ in computed.rows}


def test_best_in_total_and_not_one_after_the_other() -> None:
    # School 0 is nearest to 2, but so is 1, and 1 has nobody else near: 0 goes to 3.
    found = assign_partners(
        inputs(
            {"x": [1.0, 0.0, 0.5, 3.0]}, {"indicators": ["x"], "limit": "1"}, for_=[True, True, False, False],
            meeting=[False, False, True, True],
        )
    )  # fmt: skip
    assert partners(found) == {0: 3, 1: 2}
    assert {d.e: d.value for d in found.details if d.name == "load"} == {2: 1, 3: 1}


def test_a_limit_holds_and_whoever_is_left_out_is_told_why() -> None:
    found = assign_partners(
        inputs(
            {"x": [0.0, 1.0, 2.0, None, 5.0, 9.0]}, {"indicators": ["x"], "limit": "2"},
            for_=[True, True, True, True, None, False], meeting=[False, False, False, False, False, True],
        )
    )  # fmt: skip
    assert partners(found) == {1: 5, 2: 5}
    said = {d.e: d.text for d in found.details if d.name in ("no_partner", "undecided")}
    assert "мест не хватило" in said[0]
    assert "условия школы неизвестны" in said[3]
    assert "неизвестно, нужен ли" in said[4]


def test_where_nobody_can_be_a_partner() -> None:
    found = assign_partners(inputs({"x": [0.0, 1.0]}, {"indicators": ["x"], "limit": "2"}, meeting=[False, None]))
    assert not found.rows
    assert {d.text.split(":")[1].strip()[:9] for d in found.details} == {"нет школ "}


def test_a_school_is_not_its_own_partner() -> None:
    found = assign_partners(inputs({"x": [0.0, 1.0]}, {"indicators": ["x"], "limit": "1"}))
    assert partners(found) == {0: 1, 1: 0}
    alone = assign_partners(inputs({"x": [0.0]}, {"indicators": ["x"], "limit": "1"}))
    assert not alone.rows
    assert [d.name for d in alone.details] == ["no_partner"]


def test_of_two_alike_the_near_one() -> None:
    columns: Columns = {"x": [1.0, 1.0, 1.0, 4.0], "lat": [55.0, 56.0, 55.1, None], "lon": [37.0, 40.0, 37.1, None]}
    settings = {"indicators": ["x"], "limit": "1", "latitude": "lat", "longitude": "lon"}
    found = assign_partners(
        inputs(columns, settings, for_=[True, False, False, False], meeting=[False, True, True, True])
    )
    assert partners(found) == {0: 2}
    (km,) = (d.value for d in found.details if d.name == "kilometres")
    assert km == pytest.approx(12.8, abs=0.1)


def test_kilometres_as_the_manual_of_scikit_learn_prints_them() -> None:
    """haversine_distances: Ezeiza airport to Charles de Gaulle is 11099.54 km on a sphere of 6371 km."""
    found = kilometres(-34.83333, -58.5166646, 49.0083899664, 2.53844117956)
    assert found * 6371 / 6371.0088 == pytest.approx(11099.54035582)
