"""`shsnor sign`: an outcome that an order rests on is marked so, and is not written over any more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, quoted
from shsnor.cli.texts import text


def _as_day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(text("sign.day", value=value)) from None


@click.command("sign", cls=Command, help=text("help.sign"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--date", "day", required=True, type=_as_day, metavar="2026-10-01", help=text("option.order_date"))
@click.option("--order", required=True, metavar=text("sign.number"), help=text("option.order_number"))
def sign_command(out: Path, day: date, order: str) -> int:
    from shsnor.outcomes import sign_outcome

    if not order.strip():
        raise click.BadParameter(text("sign.no_order"), click.get_current_context(), param_hint="--order")
    signed = sign_outcome(out, date=day, order=order.strip())
    print(text("sign.signed", path=out, date=f"{signed.date:%d.%m.%Y}", order=signed.order))
    print(text("sign.next", command=f"shsnor compare {quoted(out)} {text('sign.other')}"))
    return DONE
