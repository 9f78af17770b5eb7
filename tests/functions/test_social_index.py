"""The index of social wellbeing: against figures printed elsewhere, numpy's SVD, and sums done by hand."""

from __future__ import annotations

from math import sqrt

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shsnor.functions import Computed, Inputs
from shsnor.plugins.social_index import first_component, shsnor_functions
from tests.functions.cases import Columns, details, done, inputs, us_arrests

(INDEX,) = shsnor_functions()


def social_index(given: Inputs) -> Computed:
    return done(INDEX, given)


HAND: Columns = {"higher": [50.0, 20.0, 10.0, 30.0], "single": [10.0, 30.0, 20.0, None], "same": [5.0, 5.0, 5.0, 5.0]}


def test_equal_weights_by_hand() -> None:
    found = social_index(inputs(HAND, {"plus": ["higher"], "minus": ["single"]}))
    # (50-10)/40 and 1-0; (20-10)/40 and 0; 0 and 1-10/20; the fourth lacks a share
    assert [(e, round(v, 9)) for e, v in found.rows] == [(0, 100), (1, 12.5), (2, 25)]
    assert details(found, "weight") == {"higher": 0.5, "single": 0.5}
    assert details(found, "lowest") == {"higher": 10, "single": 10}
    assert details(found, "highest") == {"higher": 50, "single": 30}


def test_contributions_add_up_to_the_distance_from_the_mean_index() -> None:
    for weights in ("equal", "principal_component"):
        found = social_index(inputs(HAND, {"plus": ["higher"], "minus": ["single"], "weights": weights}))
        mean = sum(v for _, v in found.rows) / len(found.rows)
        for e, value in found.rows:
            parts = [d.value or 0.0 for d in found.details if d.name == "contribution" and d.e == e]
            assert sum(parts) == pytest.approx(value - mean, abs=1e-9)


def test_a_share_that_is_the_same_everywhere_takes_no_part() -> None:
    with_it = social_index(inputs(HAND, {"plus": ["higher", "same"], "minus": ["single"]}))
    without = social_index(inputs(HAND, {"plus": ["higher"], "minus": ["single"]}))
    assert with_it.rows == without.rows
    assert details(with_it, "weight")["same"] == 0


@pytest.mark.parametrize("weights", ["equal", "principal_component"])
@pytest.mark.parametrize("columns", [{"a": [None, None]}, {"a": [7.0, 7.0]}, {"a": [7.0, None]}])
def test_where_nothing_can_be_compared_the_index_is_unknown_and_says_so(
    weights: str, columns: dict[str, list[float | None]]
) -> None:
    found = social_index(inputs(columns, {"plus": ["a"], "weights": weights}))
    assert not found.rows
    assert [d.name for d in found.details] == ["undefined"]


def test_principal_component_as_r_prints_it() -> None:
    """prcomp(USArrests, scale = TRUE): loadings and the share of variance of the first component."""
    _, columns = us_arrests()
    found = social_index(inputs(columns, {"plus": list(columns), "weights": "principal_component"}))
    printed = {"murder": 0.5358995, "assault": 0.5831836, "urban": 0.2781909, "rape": 0.5434321}
    assert details(found, "weight") == pytest.approx(printed, abs=1e-7)
    assert details(found, "explained")[""] == pytest.approx(62.006039, abs=1e-6)
    assert (min(v for _, v in found.rows), max(v for _, v in found.rows)) == (0, pytest.approx(100))


def test_a_share_that_works_against_its_side_is_named() -> None:
    _, columns = us_arrests()
    settings = {"plus": ["murder", "assault", "rape"], "minus": ["urban"], "weights": "principal_component"}
    said = {d.subject: d.text for d in social_index(inputs(columns, settings)).details if d.name == "weight"}
    assert "обратную" in said["urban"]
    assert "обратную" not in said["murder"]


tables = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 100), min_size=n, max_size=n), min_size=3, max_size=12)
)


@given(tables, st.randoms(use_true_random=False))
def test_the_component_is_that_of_svd_in_whatever_order_of_rows(table: list[list[int]], random: object) -> None:
    matrix = numpy.array(table, dtype=float)
    deviation = matrix.std(axis=0)
    z = numpy.where(deviation > 0, (matrix - matrix.mean(axis=0)) / numpy.where(deviation > 0, deviation, 1), 0)
    _, sizes, axes = numpy.linalg.svd(z, full_matrices=False)
    loadings, explained = first_component(z.tolist(), [1] * z.shape[1])
    values = sizes**2 / len(z)
    if values[0] - values[1] < 1e-6:
        return  # which axis it is cannot be told
    assert abs(numpy.dot(loadings, axes[0])) == pytest.approx(1, abs=1e-7)
    assert sum(loadings) > -1e-9
    assert explained == pytest.approx(values[0] / values.sum())


@given(tables)
def test_the_index_lies_within_its_bounds_and_order_is_of_no_account(table: list[list[int]]) -> None:
    names = [f"x{i}" for i in range(len(table[0]))]
    for weights in ("equal", "principal_component"):
        settings = {"plus": names[:1], "minus": names[1:], "weights": weights}
        seen = []
        for rows in (table, table[::-1]):
            columns = {n: [float(row[i]) for row in rows] for i, n in enumerate(names)}
            found = dict(social_index(inputs(columns, settings)).rows)
            assert all(-1e-9 <= v <= 100 + 1e-9 for v in found.values())
            seen.append([None if e not in found else round(found[e], 6) + 0.0 for e in range(len(rows))])
        assert seen[0] == pytest.approx(seen[1][::-1], abs=2e-6)


def test_two_shares_have_equal_loadings() -> None:
    """Of two standardised shares the first component always weighs both alike: 1/√2."""
    found = social_index(inputs(HAND, {"plus": ["higher"], "minus": ["single"], "weights": "principal_component"}))
    assert details(found, "weight") == pytest.approx({"higher": 1 / sqrt(2), "single": -1 / sqrt(2)})
