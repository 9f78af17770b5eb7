"""`shsnor pack show`: a pack in plain sentences, on what it stands, which clauses of its order it covers."""

from __future__ import annotations

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, as_date
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import language, text
from shsnor.periods import AsOf

FORMS = ("text", "markdown", "json")


def as_form(value: str) -> str:
    """One of the formats of `show`."""
    if value not in FORMS:
        raise click.BadParameter(text("usage.not_one_of", value=value, allowed=", ".join(FORMS)))
    return value


@click.command("show", cls=Command, help=text("help.pack.show"))
@click.argument("pack")
@click.argument("item", required=False)
@click.option("--section", metavar="SECTION", help=text("option.section"))
@click.option("--clause", metavar="CLAUSE", help=text("option.clause"))
@click.option("--order", is_flag=True, help=text("option.order"))
@click.option("--basis", is_flag=True, help=text("option.basis"))
@click.option("--changes", is_flag=True, help=text("option.changes"))
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.as_of.today"))
@click.option("--format", "form", type=as_form, default="text", metavar="|".join(FORMS), help=text("option.show_form"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def show_command(
    pack: str, item: str | None, section: str | None, clause: str | None, order: bool, basis: bool, changes: bool,
    as_of: AsOf | None, form: str, trust: tuple[str, ...],
) -> int:  # fmt: skip
    from shsnor.describing import describe_pack, shown

    told = describe_pack(open_pack(pack, trust=trust), as_of=as_of, lang=language())
    parts = [name for name, asked in (("order", order), ("basis", basis), ("changes", changes)) if asked]
    print(shown(told, item=item, section=section, clause=clause, parts=parts, form=form).rstrip())
    return DONE
