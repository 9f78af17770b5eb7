"""`shsnor pack …`: which packs there are, whether they are right, whether their cases hold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import Command, Group
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.packtests import CaseResult, Difference


@click.group("pack", cls=Group, help=text("help.pack"))
def pack_group() -> None:
    pass


@pack_group.command("list", cls=Command, help=text("help.pack.list"))
def list_command() -> int:
    from shsnor.loading import pack_folders, read_pack

    folders = pack_folders()
    if not folders:
        print(text("list.none"))
    width = max(map(len, folders), default=0)
    for name in folders:
        pack, findings = read_pack(name)
        if pack is None or findings.errors:
            print(f"{name:{width}}  {text('list.broken', name=name)}")
        else:
            print(f"{name:{width}}  {pack.head.version}  {pack.head.title}")
    return DONE


@pack_group.command("check", cls=Command, help=text("help.pack.check"))
@click.argument("pack")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help=text("option.check_data"))
@click.option("--strict", is_flag=True, help=text("option.strict.check"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def check_command(pack: str, data: Path | None, strict: bool, trust: tuple[str, ...]) -> int:
    from shsnor.checking import check_pack
    from shsnor.errors import Findings
    from shsnor.loading import read_pack
    from shsnor.wording import render_findings

    loaded, findings = read_pack(pack, trust=trust)
    if loaded is not None:
        findings = Findings([*findings, *check_pack(loaded, data)])
    if loaded is not None and not len(findings):
        good = "check.good" if data is None else "check.good_with_data"
        print(text(good, id=loaded.id, version=loaded.head.version))
        return DONE
    print(render_findings(findings, language()))
    return WRONG if findings.errors else NOT_HELD if strict else DONE


@pack_group.command("test", cls=Command, help=text("help.pack.test"))
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


@pack_group.command("schema", cls=Command, help=text("help.pack.schema"))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=text("option.schema_out"))
@click.option("--installed", is_flag=True, help=text("option.schema_installed"))
def schema_command(out: Path | None, installed: bool) -> int:
    from shsnor.host import find_plugins
    from shsnor.pack_schema import schema_text, write_schema

    functions = find_plugins(installed=installed).functions
    if out is None:
        print(schema_text(functions), end="")
    else:
        write_schema(out, functions)
        print(text("schema.written", path=out))
    return DONE
