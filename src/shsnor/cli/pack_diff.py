"""`shsnor pack diff`: what another pack, or another version of one, says otherwise, and whom it concerns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, as_date
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import language, text
from shsnor.periods import AsOf


@click.command("diff", cls=Command, help=text("help.pack.diff"))
@click.argument("before")
@click.argument("after")
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help=text("option.diff_data"))
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.as_of"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def diff_command(before: str, after: str, data: Path | None, as_of: AsOf | None, trust: tuple[str, ...]) -> int:
    from shsnor.differing import diff_packs

    earlier, later = (open_pack(name, trust=trust) for name in (before, after))
    when = as_of
    if when is None and data is not None:
        from shsnor.cli.evaluate import latest
        from shsnor.host import find_plugins

        when = latest(later, data, find_plugins(later))
    day = date.today() if when is None else when.date
    print(diff_packs(earlier, later, data, as_of=day, lang=language()).text().rstrip())
    return DONE
