"""`shsnor pack schema`: the JSON Schema of pack files."""

from __future__ import annotations

from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.texts import text


@click.command("schema", cls=Command, help=text("help.pack.schema"))
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
