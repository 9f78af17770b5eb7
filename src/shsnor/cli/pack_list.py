"""`shsnor pack list`: which packs there are."""

from __future__ import annotations

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.texts import text


@click.command("list", cls=Command, help=text("help.pack.list"))
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
