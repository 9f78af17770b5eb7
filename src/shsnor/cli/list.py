"""`shsnor list`: the list of a written outcome as a workbook for the office."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, quoted
from shsnor.cli.progress import bar
from shsnor.cli.texts import text


@click.command("list", cls=Command, help=text("help.list"))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--out", "place", required=True, type=click.Path(path_type=Path), metavar="FILE", help=text("option.list_out")
)
@click.option(
    "--format", default="xlsx", type=click.Choice(["xlsx", "csv"]), metavar="xlsx|csv", help=text("option.list_format")
)
@click.option("--by-municipality", is_flag=True, help=text("option.by_municipality"))
@click.option("--public", is_flag=True, help=text("option.public"))
def list_command(out: Path, place: Path, format: str, by_municipality: bool, public: bool) -> int:
    from shsnor.listing import ListFormat, write_list
    from shsnor.outcomes import load_outcome

    with load_outcome(out) as outcome, bar() as progress:
        chosen = cast(ListFormat, format)
        written = write_list(
            outcome, place, format=chosen, by_municipality=by_municipality, public=public, progress=progress
        )
    for path in written.paths:
        print(text("listing.written", path=quoted(path)))
    for name in written.beside:
        print(text("listing.beside", name=name))
    for name in written.kept:
        print(text("listing.kept", name=name))
    if written.decisions or written.marks:
        print(text("listing.carried", decisions=written.decisions, marks=written.marks))
    if format == "xlsx" and not public:
        print(text("listing.how"))
    return DONE
