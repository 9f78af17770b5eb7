"""`shsnor layout list`: the layouts that come with the program."""

from __future__ import annotations

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.texts import text


@click.command("list", cls=Command, help=text("help.layout.list"))
def list_command() -> int:
    from shsnor.workbooks import shipped_layouts

    layouts = shipped_layouts()
    width = max(map(len, layouts))
    for name, layout in layouts.items():
        tables = ", ".join(dict.fromkeys(sheet.table for sheet in layout.sheets))
        print(f"{name:{width}}   {layout.title}")
        print(f"{'':{width}}   " + text("layout.of" if layout.verified else "layout.of_unverified", tables=tables))
    return DONE
