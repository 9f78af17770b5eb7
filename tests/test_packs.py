"""Every pack that comes with the package: nothing wrong in it, and each of its worked cases holds."""

from __future__ import annotations

from functools import cache

import pytest

from shsnor.checking import check_pack
from shsnor.loading import load_pack, pack_folders
from shsnor.pack import Pack
from shsnor.packtests import Case, read_cases, run_case
from shsnor.wording import render_findings

PACKS = sorted(pack_folders())


@cache
def pack(name: str) -> Pack:
    return load_pack(name)


CASES = [(name, case) for name in PACKS for case in read_cases(pack(name))[0]]


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_has_nothing_wrong(name: str) -> None:
    findings = check_pack(pack(name))
    assert not len(findings), render_findings(findings, "en")


@pytest.mark.parametrize("name", PACKS)
def test_the_cases_of_a_shipped_pack_are_readable_and_there_are_some(name: str) -> None:
    cases, findings = read_cases(pack(name))
    assert cases
    assert not len(findings), render_findings(findings, "en")


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}:{case.id}" for name, case in CASES])
def test_a_worked_case_holds(name: str, case: Case) -> None:
    result = run_case(pack(name), case)
    told = [*map(str, result.differences), *result.explanations.values(), render_findings(result.findings)]
    assert result.passed, "\n".join([case.name, *told])
