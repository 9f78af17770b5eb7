"""Every pack that comes with the package: nothing wrong in it, its worked cases hold, the demo region gives what was reviewed."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shsnor.checking import check_pack
from shsnor.demo import DEMO_YEAR, demo_region
from shsnor.errors import DataError
from shsnor.evaluating import evaluate
from shsnor.explaining import explain
from shsnor.loading import load_pack, pack_folders
from shsnor.models import written
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
def test_an_item_is_told_as_it_was_written(name: str) -> None:
    """What stands in the outcome is what pydantic would say of the item."""
    document = pack(name).document
    for told in [*(item for _, _, item in pack(name).items()), *document.sources.values()]:
        assert written(told) == told.model_dump(mode="json", by_alias=True, exclude_unset=True)


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


def of_grade_4(points: int, **whose: str) -> list[dict[str, Any]]:
    """Rows of the three ВПР of grade 4, 50 works each, with so many points of 1000."""
    marks = {"mark_2": 5, "mark_3": 25, "mark_4": 15, "mark_5": 5, "below_minimum": 5}
    cell = {"year": 2022, "procedure": "ВПР", "grade": 4, "participants": 50, "score_sum": points, "score_max": 1000}
    return [{**whose, **cell, **marks, "subject": subject} for subject in ("рус", "мат", "окр")]


SCHOOL_OF_TEACHERS = {
    "schools": [{"school_id": "1", "kind": "СОШ", "municipality": "district"}],
    "teachers": [{"teacher_id": "T-secret", "school_id": "1"}],
    "results": of_grade_4(800, school_id="1"),
    "pupils_by_teacher": of_grade_4(500, teacher_id="T-secret"),
}


def test_vpr_is_refused_for_a_teacher_until_asked_for_by_name_and_the_reason_is_told() -> None:
    with evaluate(pack("saratov_teacher"), SCHOOL_OF_TEACHERS, as_of=2022) as outcome:
        (flag,) = outcome.flags.rows(flag="teacher_support")
        assert (flag.verdict, flag.reason) == ("unknown", "not_applicable")
        assert "№ 02-86" in explain(outcome, "T-secret").text()
        assert "T-secret" not in outcome.summary("ru").text()
    with evaluate(
        pack("saratov_teacher"), SCHOOL_OF_TEACHERS, as_of=2022, parameters={"teacher_vpr": "used_by_name"}
    ) as outcome:
        (flag,) = outcome.flags.rows(flag="teacher_support")
        assert (flag.verdict, flag.vpr_only) == ("met", True)


def test_no_teacher_is_named_in_findings_nor_read_by_the_pack_of_schools() -> None:
    wrong = [{**row, "participants": 7777, "score_sum": 8888} for row in of_grade_4(500, teacher_id="T-secret")]
    with pytest.raises(DataError) as raised:
        evaluate(pack("saratov_teacher"), {**SCHOOL_OF_TEACHERS, "pupils_by_teacher": wrong}, as_of=2022)
    told = render_findings(raised.value.findings, "ru")
    assert "pupils_by_teacher" in told
    assert not any(secret in told for secret in ("T-secret", "7777", "8888"))
    with evaluate(pack("saratov"), SCHOOL_OF_TEACHERS, as_of=2022) as outcome:
        assert {row.level for row in outcome.entities.rows()} == {"school", "municipality", "region"}
