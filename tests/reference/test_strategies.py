"""The random cases on the reference alone: they can be evaluated, and a change changes only what it may."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import changes
from .changes import Facts, assert_same, expected_facts
from .evaluator import evaluate
from .random_tables import Rows
from .strategies import Case, cases

some = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def run(case: Case, tables: dict[str, Rows] | None = None) -> Facts:
    return expected_facts(evaluate(case.pack, {**case.tables, **(tables or {})}, case.as_of))


@some
@given(cases())
def test_the_order_of_rows_is_of_no_account(case: Case) -> None:
    assert_same(run(case), run(case, {name: rows[::-1] for name, rows in case.given.items()}))


@some
@given(cases())
def test_keys_are_only_names(case: Case) -> None:
    after = run(case, changes.renamed_schools(case.given))
    assert_same(changes.renamed_facts(run(case)), after)


@some
@given(cases(groups=False), st.sampled_from(["м1", "м9", None]))
def test_an_unrelated_school_changes_nothing_without_groups(case: Case, town: str | None) -> None:
    after = run(case, changes.with_another_school(case.given, town))
    assert_same(run(case), changes.without_the_other_school(after, case.given))


@some
@given(changes.with_a_gap())
def test_a_gap_can_only_make_unknown(drawn: tuple[Case, dict[str, Rows]]) -> None:
    case, gappy = drawn
    changes.assert_only_unknown_more(run(case), run(case, gappy))
