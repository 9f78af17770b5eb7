"""`shsnor pack check`: whether a pack is right, and the tables for it."""

from __future__ import annotations

from pathlib import Path

import click

from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import Command
from shsnor.cli.texts import language, text


@click.command("check", cls=Command, help=text("help.pack.check"))
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
