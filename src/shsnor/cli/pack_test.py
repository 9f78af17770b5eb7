"""`shsnor pack test`: whether the cases of a pack hold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import Command
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.packtests import CaseResult, Difference


@click.command("test", cls=Command, help=text("help.pack.test"))
@click.argument("pack")
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def test_command(pack: str, trust: tuple[str, ...]) -> int:
    from shsnor.checking import untrusted_plugins
    from shsnor.errors import UsageError
    from shsnor.loading import load_pack
    from shsnor.packtests import read_cases, run_case
    from shsnor.wording import render_findings

    loaded = load_pack(pack, trust=trust)
    if untrusted := untrusted_plugins(loaded).errors:
        raise UsageError(untrusted)  # once, not for each case
    cases, findings = read_cases(loaded)
    failed = 0
    for case in cases:
        result = run_case(loaded, case, lang=language())
        failed += not result.passed
        print(f"{text('test.passed' if result.passed else 'test.failed')}  {case.id}  {case.name}", flush=True)
        if not result.passed:
            _print_failure(result)
    if findings.errors:
        print(render_findings(findings, language()), file=sys.stderr)
    if cases:
        print(text("test.summary", all=len(cases), passed=len(cases) - failed, failed=failed))
    elif not findings.errors:
        print(text("test.none", id=loaded.id, folder=(loaded.folder or Path()) / "tests"))
    return WRONG if findings.errors else NOT_HELD if failed else DONE


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
