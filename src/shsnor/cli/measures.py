"""`shsnor measures`: what support is due in a month, by school and role, out of a written outcome."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, quoted
from shsnor.cli.texts import text

if TYPE_CHECKING:
    from shsnor.listing import DueMeasure


@click.command("measures", cls=Command, help=text("help.measures"))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--due", required=True, metavar="2026-09", help=text("option.due"))
@click.option("--list", "marked", type=click.Path(path_type=Path), metavar="FILE", help=text("option.due_list"))
@click.option("--out", "place", type=click.Path(path_type=Path), metavar="FILE", help=text("option.due_out"))
def measures_command(out: Path, due: str, marked: Path | None, place: Path | None) -> int:
    from shsnor.listing import due_measures, write_due
    from shsnor.outcomes import load_outcome

    with load_outcome(out) as outcome:
        try:
            found = due_measures(outcome, due, marked=marked)
        except ValueError:
            raise click.BadParameter(text("measures.not_month", value=due), param_hint="--due") from None
    print(text("measures.head", month=due, n=len(found.rows)) if found.rows else text("measures.none"))
    for who, rows in groupby(found.rows, key=lambda row: (row.municipality, row.name, row.entity)):
        print()
        print(_named(*who))
        for row in rows:
            print("  " + _line(row))
    if found.undated:
        print()
        print(text("measures.undated", n=found.undated))
    if place is not None:
        print()
        print(text("listing.written", path=quoted(write_due(found, place))))
    return DONE


def _named(municipality: str, name: str, entity: str) -> str:
    named = f"{name} ({entity})" if entity else name
    return ", ".join(part for part in (named, municipality) if part)


def _line(row: DueMeasure) -> str:
    parts = [
        row.label,
        text("measures.deadline", deadline=row.deadline) if row.deadline else "",
        text("measures.responsible", roles=row.responsible) if row.responsible else "",
        text("measures.report", report=row.report) if row.report else "",
        text("measures.state", state=row.state) if row.state else "",
    ]
    return "; ".join(part for part in parts if part)
