"""`shsnor template`: an empty workbook with the tables that a pack reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, as_date, quoted
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import text
from shsnor.periods import AsOf


@click.command("template", cls=Command, help=text("help.template"))
@click.argument("pack")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help=text("option.template_out"))
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.as_of.today"))
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help=text("option.template_data"))
@click.option("--layout", "layouts", multiple=True, metavar="FILE", help=text("option.layout"))
@click.option("--force", is_flag=True, help=text("option.template_force"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def template_command(
    pack: str, out: Path, as_of: AsOf | None, data: Path | None, layouts: tuple[str, ...], force: bool,
    trust: tuple[str, ...],
) -> int:  # fmt: skip
    from shsnor.reading import Data
    from shsnor.templates import write_template

    when = as_of or AsOf(date.today())
    tables = None if data is None else Data(data, layouts)
    written = write_template(open_pack(pack, trust=trust), out, as_of=when, tables=tables, force=force)
    if as_of is None:
        print(text("plan.today", date=when.date.isoformat()))
    print(text("template.written", path=quoted(written)))
    print(text("template.next", command=f"shsnor data check {quoted(written)} --pack {quoted(pack)}"))
    return DONE
