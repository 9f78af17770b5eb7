"""What cases show of a pack: verdicts of criteria, sides of thresholds, labels, measures; a pack in force shows all criteria."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from shsnor.loading import load_pack
from shsnor.packtests import COVERED, Coverage, covered_by, run_cases
from shsnor.packtests.telling import coverage_text
from tests.command import shsnor
from tests.test_mutation import CASES, folder, write

__all__ = ["folder"]  # the fixture


def coverage(folder: Path) -> Coverage:
    run = run_cases(load_pack(folder))
    assert run.passed
    return covered_by(run.pack, run)


def missing(found: Coverage) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(one.kind, one.item, one.missing) for one in found.missing()}


NEVER_UNKNOWN = {("criteria", name, ("unknown",)) for name in ("counted", "low", "lower_half", "by_reading")}
ALWAYS = NEVER_UNKNOWN | {("flags", "weak", ("unknown",)), ("labels", "groups", ("low",))}


def test_what_no_case_shows_is_listed_and_shrinks_with_each_case(folder: Path) -> None:
    write(folder, CASES[1])
    found = coverage(folder)
    assert missing(found) == ALWAYS | {("criteria", "few", ("met",)), ("thresholds", "few", ("met",))}
    assert {kind: found.shown(kind) for kind in COVERED} == {
        "criteria": (2, 7), "thresholds": (3, 4), "flags": (0, 1), "labels": (2, 3), "measures": (2, 2),
    }  # fmt: skip
    write(folder, *CASES)
    assert missing(coverage(folder)) == ALWAYS


def test_a_function_shows_nothing_where_no_case_asks_for_it(folder: Path) -> None:
    """Elsewhere it is not called at all, and that it says nothing is no case of missing data."""
    expect = "{А: {low: met}}"
    write(folder, *CASES, CASES[0] | {"name": "Без индекса", "expect": expect})
    assert ("criteria", "lower_half", ("unknown",)) in missing(coverage(folder))


def test_the_table_reads_in_plain_words(folder: Path) -> None:
    said = coverage_text(coverage(folder))
    assert "критерии: выполнен, не выполнен, неизвестен  3 из 7" in said
    assert "pack.yaml:" in said
    assert "counted  «Не начальная»\n      нет примера, где критерий неизвестен" in said
    assert "нет примера с меткой low" in said
    assert "no case with the label low" in coverage_text(coverage(folder), "en")


def test_a_pack_in_force_must_show_every_criterion_or_say_why_not(folder: Path) -> None:
    pack = folder / "pack.yaml"
    assert shsnor("pack", "test", folder).code == 0
    text = pack.read_text(encoding="utf-8").replace("title: Проба}", "title: Проба, status: active}")
    pack.write_text(text, encoding="utf-8")
    run = shsnor("pack", "test", folder)
    assert run.code == 1
    assert run.err.count("SH883") == len(NEVER_UNKNOWN)
    entries = [f"  - {{item: {name}, verdict: unknown, because: Пример}}" for _, name, _ in sorted(NEVER_UNKNOWN)]
    accepted = folder / "tests" / "accepted.yaml"
    accepted.write_text("\n".join(["never:", *entries, ""]), encoding="utf-8")
    assert shsnor("pack", "test", folder).code == 0
    more = "  - {item: few, verdict: met, because: Это показано}\n"
    accepted.write_text("\n".join(["never:", *entries, more]), encoding="utf-8")
    run = shsnor("pack", "test", folder)
    assert run.code == 0
    assert "SH882" in run.err
    assert "few: met" in run.err


def test_the_answer_as_json(folder: Path) -> None:
    run = shsnor("pack", "test", folder, "--format", "json")
    assert run.code == 0, run.err
    answer = json.loads(run.out)
    assert [case["passed"] for case in answer["cases"]] == [True, True]
    assert answer["coverage"]["criteria"]["all"] == 7
    assert {"item": "counted", "verdicts": ["unknown"]}.items() <= answer["coverage"]["criteria"]["missing"][0].items()
    assert "mutants" not in answer


def run_pytest(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--shsnor-pack", str(folder), *more]
    return subprocess.run(command, cwd=folder.parent, capture_output=True, encoding="utf-8", check=False)


def test_the_cases_run_under_pytest(folder: Path) -> None:
    run = run_pytest(folder, "-vv")
    assert run.returncode == 0, run.stdout
    assert "cases.yaml::Первый PASSED" in run.stdout
    assert "2 passed" in run.stdout
    write(folder, CASES[0], CASES[1] | {"expect": "{Б: {low: met}}"})
    run = run_pytest(folder)
    assert run.returncode == 1
    assert "Б · low: ожидалось met, получено not_met" in run.stdout
    assert "Низкие результаты" in run.stdout  # the explanation
    assert run_pytest(folder, "-k", "Первый").returncode == 0


def test_pytest_tells_what_is_wrong_with_a_file_of_cases(folder: Path) -> None:
    write(folder, CASES[0] | {"expect": "{А: {lowe: met}}"})
    run = run_pytest(folder)
    assert run.returncode != 0
    assert "SH201" in run.stdout
    assert run_pytest(folder / "nowhere").returncode == 4


def test_pytest_without_the_option_imports_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import sys\n\ndef test_one():\n    assert 'shsnor.loading' not in sys.modules\n    assert 'duckdb' not in sys.modules\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout
