"""`shsnor pack test`: whether the cases of a pack hold, what they show, and which changes of the pack they notice."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import Command, refuse_option
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.errors import Findings
    from shsnor.packtests import CaseResult, CaseResults, Coverage, Difference, Mutant, Score

_FORMATS = ("text", "json")


def as_percent(value: str) -> float:
    """A percent, 0–100."""
    try:
        number = float(value.replace(",", ".").removesuffix("%"))
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise click.BadParameter(text("usage.not_one_of", value=value, allowed="0–100"))
    return number


@click.command("test", cls=Command, help=text("help.pack.test"))
@click.argument("pack")
@click.option("--coverage", is_flag=True, help=text("option.coverage"))
@click.option("--mutants", is_flag=True, help=text("option.mutants"))
@click.option("--least", type=as_percent, metavar="PERCENT", help=text("option.least"))
@click.option("--format", "form", default="text", metavar="|".join(_FORMATS), help=text("option.test_format"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def test_command(
    pack: str, coverage: bool, mutants: bool, least: float | None, form: str, trust: tuple[str, ...]
) -> int:  # fmt: skip
    from shsnor.loading import load_pack
    from shsnor.packtests import covered_by, run_cases, score_of

    if form not in _FORMATS:
        refuse_option("form", form, _FORMATS)
    loaded = load_pack(pack, trust=trust)
    ran = run_cases(loaded, lang=language())
    covered = covered_by(loaded, ran)
    score = score_of(loaded, ran) if (mutants or least is not None) and ran.passed else None
    findings = ran.with_findings(covered, score)
    if form == "json":
        print(json.dumps(_as_json(ran, covered, score), ensure_ascii=False, indent=2))
    else:
        _print_cases(ran, loaded.id, (loaded.folder or Path()) / "tests")
        if coverage:
            _print_coverage(covered)
        if score is not None:
            _print_score(score)
        elif mutants and not ran.passed:
            print(text("test.no_score"))
    _print_findings(findings)
    low = score is not None and least is not None and score.percent < least
    if ran.findings.errors:
        return WRONG
    return NOT_HELD if ran.failed or findings.errors or low else DONE


def _print_findings(findings: Findings) -> None:
    from shsnor.wording import render_findings

    if len(findings):
        print(render_findings(findings, language()), file=sys.stderr)


def _print_cases(ran: CaseResults, pack: str, folder: Path) -> None:
    for result in ran.results:
        word = text("test.passed" if result.passed else "test.failed")
        print(f"{word}  {result.case.id}  {result.case.name}", flush=True)
        if not result.passed:
            _print_failure(result)
    if ran.results:
        count = len(ran.results)
        print(text("test.summary", all=count, passed=count - ran.failed, failed=ran.failed))
    elif not ran.findings.errors:
        print(text("test.none", id=pack, folder=folder))


def _print_failure(result: CaseResult) -> None:
    from shsnor.wording import render_findings

    for difference in result.differences:
        print(f"      {_difference(difference)}")
    for explanation in result.explanations.values():
        print()
        print("\n".join(f"      {line}" for line in explanation.splitlines()))
        print()
    if len(result.findings):
        print(render_findings(result.findings, language()))


def _difference(difference: Difference) -> str:
    if not difference.item:
        return f"{difference.entity}: {text('test.no_entity')}"
    cell = ", ".join(f"{name}: {value}" for name, value in difference.dimensions.items())
    return text(
        "test.difference",
        entity=difference.entity,
        item=difference.item,
        cell=f" {{{cell}}}" if cell else "",
        expected=difference.expected,
        got=text("test.no_cell") if difference.got is None else difference.got,
    )


def _print_coverage(coverage: Coverage) -> None:
    from shsnor.packtests import COVERED

    print(f"\n{text('test.coverage')}")
    rows = [(text(f"test.covered.{kind}"), *coverage.shown(kind)) for kind in COVERED]
    width = max(len(name) for name, _, _ in rows)
    for name, shown, there in rows:
        print(f"  {name:{width}}  {text('test.of', n=shown, all=there)}")
    missing = coverage.missing()
    if missing:
        print(f"\n{text('test.not_shown')}")
    for one in missing:
        word = one.missing if one.kind == "labels" else [text(f"test.verdict.{word}") for word in one.missing]
        print(f"  {_place(one.place.file, one.place.line)}  {one.item}  «{one.label}»")
        print(f"      {text(f'test.missing.{one.kind}', what=', '.join(word))}")


def _print_score(score: Score) -> None:
    print(f"\n{text('test.score', percent=f'{score.percent:.1f}', noticed=len(score.noticed), all=score.all)}")
    for key, mutants in (("test.accepted", score.accepted), ("test.invalid", score.invalid)):
        if mutants:
            print(text(key, n=len(mutants)))
    if score.missed:
        print(text("test.missed"))
    for mutant in score.missed:
        print(f"  {_place(mutant.place.file, mutant.place.line)}  {mutant.item}: {_change(mutant)}")
        print(f'      change: "{mutant.id}"')


def _change(mutant: Mutant) -> str:
    from shsnor.wording.terms import COMPARISONS, term

    before, after = mutant.before, mutant.after
    if mutant.kind == "comparison":
        before, after = (term(word, language(), COMPARISONS) for word in (before, after))
    return text(f"test.change.{mutant.kind}", before=before, after=after)


def _place(file: str | None, line: int | None) -> str:
    return f"{file or ''}:{line}" if line else (file or "")


def _as_json(ran: CaseResults, coverage: Coverage, score: Score | None) -> dict[str, Any]:
    from shsnor.packtests import COVERED

    found: dict[str, Any] = {
        "cases": [
            {
                "id": result.case.id,
                "name": result.case.name,
                "passed": result.passed,
                "differences": [
                    {
                        "entity": d.entity, "item": d.item, "dimensions": dict(d.dimensions), "expected": d.expected,
                        "got": d.got,
                    }
                    for d in result.differences
                ],
            }
            for result in ran.results
        ],
        "coverage": {
            kind: {
                "shown": coverage.shown(kind)[0], "all": coverage.shown(kind)[1],
                "missing": [
                    {"item": c.item, "path": c.path, "verdicts": list(c.missing), **_at(c.place.file, c.place.line)}
                    for c in coverage.missing(kind)
                ],
            }
            for kind in COVERED
        },
    }  # fmt: skip
    if score is not None:
        found["mutants"] = {
            "percent": round(score.percent, 1), "noticed": len(score.noticed), "all": score.all,
            "accepted": [mutant.id for mutant in score.accepted],
            "missed": [
                {"change": m.id, "kind": m.kind, "item": m.item, **_at(m.place.file, m.place.line)}
                for m in score.missed
            ],
        }  # fmt: skip
    return found


def _at(file: str | None, line: int | None) -> dict[str, Any]:
    return {"file": file, "line": line}
