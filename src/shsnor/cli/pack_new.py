"""`shsnor pack new`: a pack to begin with."""

from __future__ import annotations

import os
from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, quoted
from shsnor.cli.texts import text


@click.command("new", cls=Command, help=text("help.pack.new"))
@click.argument("region")
@click.option("--extends", metavar="PACK", help=text("option.new_extends"))
@click.option("--package", is_flag=True, help=text("option.new_package"))
@click.option("--title", metavar="TEXT", help=text("option.new_title"))
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="DIR", help=text("option.new_into")
)
def new_command(region: str, extends: str | None, package: bool, title: str | None, into: Path) -> int:
    from shsnor.scaffold import new_pack

    made = new_pack(region, into=into, extends=extends, package=package, title=title)
    print(text("new.written", id=made.id, folder=quoted(made.folder) + os.sep))
    for file in made.files:
        print(f"  {file}")
    if made.named:
        print(text("new.named", id=made.id, region=region))
    if made.same_name:
        print(text("new.same_name", id=made.id))
    pack = quoted(made.pack)
    commands = [(f"shsnor pack check {pack}", "check"), (f"shsnor pack test {pack}", "test")]
    commands.append((f"shsnor demo {pack}", "demo"))
    width = max(len(command) for command, _ in commands)
    print(text("new.next"))
    print(f"  {text('new.read', readme=quoted(made.folder / 'README.md'))}")
    for command, what in commands:
        print(f"  {command:{width}}   {text(f'new.{what}')}")
    return DONE
