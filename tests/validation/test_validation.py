"""Every figure of the validation packs is as it should be; a data set that is not here is skipped with its place."""

from __future__ import annotations

import pytest

from . import cql
from .agreement import VALIDATIONS, default_data


@pytest.mark.parametrize("folder", VALIDATIONS)
def test_the_outcome_agrees_with_the_official_list(folder: str) -> None:
    data = default_data()
    if not (data / folder).is_dir():
        pytest.skip(f"no data at {data / folder}: set SHSNOR_DATA to the folder that holds it")
    assert [str(figure) for figure in VALIDATIONS[folder](data) if not figure.as_expected] == []


def test_every_case_of_the_cql_suite_is_put_or_left_out_with_a_reason() -> None:
    folder = default_data() / "cql_logic"
    if not folder.is_dir():
        pytest.skip(f"no data at {folder}: set SHSNOR_DATA to the folder that holds it")
    cases = {case.name for case in cql.read_cases(folder)}
    put = {case.name for case in cql.generate(folder).cases}
    assert put | set(cql.left_out()) == cases
    assert not put & set(cql.left_out())
