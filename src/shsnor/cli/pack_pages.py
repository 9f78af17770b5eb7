"""`shsnor pack pages`: packs as pages of a site."""

from __future__ import annotations

from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import language, text


@click.command("pages", cls=Command, help=text("help.pack.pages"))
@click.argument("pack", nargs=-1, required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help=text("option.pages_out"),
)
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def pages_command(pack: tuple[str, ...], out: Path, trust: tuple[str, ...]) -> int:
    from shsnor.packpages import write_pages

    written = write_pages([open_pack(name, trust=trust) for name in pack], out, lang=language())
    print(text("pages.written", count=len(written), path=out))
    return DONE
