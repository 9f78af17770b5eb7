"""`shsnor pack rows` and `shsnor pack tasks`: the rows of an order, and its plan by months."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE, NOT_HELD
from shsnor.cli.frame import Command
from shsnor.cli.opening import open_pack
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.orders import OrderRow, Planned

FORMS = ("text", "json", "csv")
_WIDTH = 100


def as_form(value: str) -> str:
    """One of the formats of `rows`."""
    if value not in FORMS:
        raise click.BadParameter(text("usage.not_one_of", value=value, allowed=", ".join(FORMS)))
    return value


def as_month(value: str) -> int:
    """A month, 1–12."""
    if not (value.isdecimal() and 1 <= int(value) <= 12):
        raise click.BadParameter(text("usage.not_one_of", value=value, allowed="1–12"))
    return int(value)


@click.command("rows", cls=Command, help=text("help.pack.rows"))
@click.argument("pack")
@click.option("--code", metavar="CODE", help=text("option.code"))
@click.option("--format", "form", type=as_form, default="text", metavar="|".join(FORMS), help=text("option.form"))
def rows_command(pack: str, code: str | None, form: str) -> int:
    import csv
    import json
    from dataclasses import asdict

    from shsnor.orders import rows_of

    rows = rows_of(open_pack(pack), code)
    if form == "json":
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    elif form == "csv":
        columns = ("code", "section", "item", "label", "basis", "document", "clause")
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    else:
        for row in rows:
            print("\n".join(_row(row)))
        if rows:
            print(f"\n{text('rows.counted', n=len(rows))}")
    if rows or (code is None and form != "text"):
        return DONE
    print(text("rows.none", pack=pack) if code is None else text("rows.no_code", pack=pack, code=code), file=sys.stderr)
    return DONE if code is None else NOT_HELD


def _row(row: OrderRow) -> list[str]:
    from shsnor.wording.terms import BASIS, SECTIONS, term

    where = f"{term(row.section, language(), SECTIONS)} {row.item}"
    basis = term(row.basis, language(), BASIS)
    said = f"{where}; {basis}; {text('rows.clause', clause=row.clause)}"
    return [*_wrapped(f"{row.code}  {row.label}", ""), *_wrapped(said, "  ")]


@click.command("tasks", cls=Command, help=text("help.pack.tasks"))
@click.argument("pack")
@click.option("--month", type=as_month, metavar="N", help=text("option.month"))
def tasks_command(pack: str, month: int | None) -> int:
    from shsnor.orders import plan_of

    loaded = open_pack(pack)
    print("\n".join(_wrapped(loaded.head.title, "")))
    planned = list(plan_of(loaded, month))
    if not planned:
        print(text("tasks.none"))
    heading = None
    for one in planned:
        if heading != (heading := _heading(one)):
            print(f"\n{heading}")
        print("\n".join(_task(one)))
    return DONE


def _heading(planned: Planned) -> str:
    if planned.month is not None:
        return text("tasks.months").split()[planned.month - 1]
    return text("tasks.in_words" if planned.task.deadline else "tasks.undated")


def _task(planned: Planned) -> list[str]:
    from shsnor.wording.terms import LEVELS, term

    task = planned.task
    told = {
        "tasks.deadline": task.deadline or "",
        "tasks.responsible": ", ".join(task.responsible or ()),
        "tasks.report": task.report or "",
        "tasks.level": term(task.level, language(), LEVELS) if task.level else "",
        "tasks.serves": ", ".join(task.serves or ()),
    }
    said = "; ".join(f"{text(key)}: {value}" for key, value in told.items() if value)
    lines = _wrapped(f"{task.code or planned.item}  {task.label}", "  ")
    return [*lines, *(_wrapped(said, "    ") if said else [])]


def _wrapped(line: str, indent: str) -> list[str]:
    import textwrap

    return textwrap.wrap(line, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
