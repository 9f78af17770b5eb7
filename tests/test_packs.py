"""Every pack that comes with the package: nothing wrong in it, its worked cases hold, the demo region gives what was reviewed."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from shsnor.checking import check_pack
from shsnor.demo import DEMO_YEAR, demo_region
from shsnor.evaluating import evaluate
from shsnor.loading import load_pack, pack_folders
from shsnor.pack import Pack
from shsnor.packtests import covered_by, read_cases, run_cases
from shsnor.packtests.telling import case_line, failure_text
from shsnor.wording import render_findings

PACKS = sorted(pack_folders())
SUMMARIES = Path(__file__).with_name("pack_summaries")
RENEW = "SHSNOR_RENEW_SUMMARIES"


@cache
def pack(name: str) -> Pack:
    return load_pack(name)


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_has_nothing_wrong(name: str) -> None:
    findings = check_pack(pack(name))
    assert not len(findings), render_findings(findings, "en")


@pytest.mark.parametrize("name", PACKS)
def test_the_cases_of_a_shipped_pack_are_readable_and_there_are_some(name: str) -> None:
    cases, findings = read_cases(pack(name))
    assert cases
    assert not len(findings), render_findings(findings, "en")


@pytest.mark.parametrize("name", PACKS)
def test_the_worked_cases_hold_and_show_every_criterion_of_a_pack_in_force(name: str) -> None:
    ran = run_cases(pack(name))
    failed = [f"{case_line(result)}\n{failure_text(result)}" for result in ran.results if not result.passed]
    assert not failed, "\n\n".join(failed)
    findings = ran.with_findings(covered_by(ran.pack, ran))
    assert not len(findings), render_findings(findings)


@pytest.mark.parametrize("name", PACKS)
def test_the_demo_region_gives_the_reviewed_summary(name: str) -> None:
    reviewed = SUMMARIES / f"{name}.txt"
    with evaluate(pack(name), demo_region(), as_of=DEMO_YEAR) as outcome:
        summary = outcome.summary("ru").text()
    if os.environ.get(RENEW):
        SUMMARIES.mkdir(exist_ok=True)
        reviewed.write_text(summary, encoding="utf-8", newline="\n")
    expected = reviewed.read_text(encoding="utf-8") if reviewed.is_file() else ""
    assert summary == expected, (
        f"the demo region gives another summary than {reviewed.name}. If each difference is meant, write it anew with"
        f" `{RENEW}=1 pytest tests/test_packs.py -k reviewed_summary`, and read it line by line before it is committed."
    )


def test_federal_needs_only_schools_and_results() -> None:
    tables = {name: demo_region() / f"{name}.csv" for name in ("schools", "results")}
    with evaluate(pack("federal"), tables, as_of=DEMO_YEAR) as outcome:
        assert sorted(row.source_table for row in outcome.issues.rows()) == ["causes", "context"]
        found = {flag.flag: flag for flag in outcome.summary("ru").flags}
        assert found["low_results"].raised > 0
        assert found["adverse_conditions"].unknown == 300  # not one school is said to be well off
        assert {row.status for row in outcome.recommendations.rows(measure="measure.by_cause_staff")} == {"undecided"}
        assert "неизвестно): causes, context" in " ".join(outcome.summary("ru").text().split())
