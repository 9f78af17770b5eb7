"""`shsnor pack test`: whether the cases of a pack hold, what they show, and which changes of the pack they notice."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import Command, refuse_option
from shsnor.cli.opening import open_pack
from shsnor.cli.progress import bar
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.packtests import CaseResults

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
@click.option("--format", default="text", metavar="|".join(_FORMATS), help=text("option.test_format"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def test_command(
    pack: str, coverage: bool, mutants: bool, least: float | None, format: str, trust: tuple[str, ...]
) -> int:  # fmt: skip
    import json

    from shsnor.packtests import covered_by, run_cases, score_of
    from shsnor.packtests.telling import as_data, coverage_text, score_text
    from shsnor.wording import render_findings
    from shsnor.wording.case_words import case_text

    if format not in _FORMATS:
        refuse_option("format", format, _FORMATS)
    loaded, lang = open_pack(pack, trust=trust), language()
    wanted = mutants or least is not None
    with bar() as progress:
        ran = run_cases(loaded, lang=lang, progress=progress)
        covered = covered_by(loaded, ran)
        score = score_of(loaded, ran, progress=progress) if wanted and ran.passed else None
    if format == "json":
        print(json.dumps(as_data(ran.results, covered, score), ensure_ascii=False, indent=2))
    else:
        _print_cases(ran)
        if coverage:
            print(f"\n{coverage_text(covered, lang)}")
        if wanted:
            print(f"\n{score_text(score, lang) if score is not None else case_text('no_score', lang)}")
    findings = ran.with_findings(covered, score)
    if len(findings):
        print(render_findings(findings, lang), file=sys.stderr)
    if ran.findings.errors:
        return WRONG
    low = score is not None and least is not None and score.percent < least
    return NOT_HELD if ran.failed or findings.errors or low else DONE


def _print_cases(ran: CaseResults) -> None:
    from shsnor.packtests.telling import case_line, failure_text
    from shsnor.wording.case_words import case_text

    lang = language()
    for result in ran.results:
        print(case_line(result, lang))
        if not result.passed:
            print(f"{failure_text(result, lang)}\n")
    if ran.results:
        count = len(ran.results)
        print(case_text("summary", lang, all=count, passed=count - ran.failed, failed=ran.failed))
    elif not ran.findings.errors:
        print(case_text("none", lang, id=ran.pack.id, folder=(ran.pack.folder or Path()) / "tests"))
