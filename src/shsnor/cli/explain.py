"""`shsnor explain`: why a school has its flags, out of a written outcome."""

from __future__ import annotations

from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.texts import language, text


@click.command("explain", cls=Command, help=text("help.explain"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--school", "--entity", "entity", required=True, metavar="ID", help=text("option.school"))
@click.option("--item", metavar="ID", help=text("option.item"))
def explain_command(out: Path, entity: str, item: str | None) -> int:
    from shsnor.explaining import explain
    from shsnor.outcomes import load_outcome

    with load_outcome(out) as outcome:
        print(explain(outcome, entity, item).text(language()).rstrip())
    return DONE
