"""`shsnor plan`: what an evaluation will compute, and its queries."""

from __future__ import annotations

from datetime import date

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, as_date, as_setting
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import language, text
from shsnor.periods import AsOf


@click.command("plan", cls=Command, help=text("help.plan"))
@click.argument("pack")
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.as_of.today"))
@click.option("--set", "parameters", multiple=True, type=as_setting, metavar="ID=VALUE", help=text("option.set"))
@click.option("--without", multiple=True, metavar="PROCEDURE", help=text("option.without"))
@click.option("--sql", is_flag=True, help=text("option.sql"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def plan_command(
    pack: str, as_of: AsOf | None, parameters: tuple[tuple[str, str], ...], without: tuple[str, ...], sql: bool,
    trust: tuple[str, ...],
) -> int:  # fmt: skip
    from shsnor.planning import make_plan
    from shsnor.rendering import plan_sql

    when = as_of or AsOf(date.today())
    plan = make_plan(open_pack(pack, trust=trust), as_of=when, parameters=dict(parameters), without=without)
    if not sql:
        if as_of is None:
            print(text("plan.today", date=when.date.isoformat()))
            print()
        print(plan.text(language()).rstrip())
        print()
    print(plan_sql(plan).rstrip())
    return DONE
