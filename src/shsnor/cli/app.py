"""The commands of `shsnor`. What they need of the library is imported where it is used: help must come at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

import shsnor
from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import (
    FORMATS,
    Command,
    Group,
    as_date,
    as_memory,
    as_setting,
    as_threads,
    refuse_option,
    usage_text,
)
from shsnor.cli.orders import rows_command, tasks_command
from shsnor.cli.packs import pack_group
from shsnor.cli.plugins import plugins_command
from shsnor.cli.texts import language, text
from shsnor.errors import FindingsError
from shsnor.periods import AsOf

if TYPE_CHECKING:
    from shsnor.host import Host
    from shsnor.outcomes import Outcome
    from shsnor.pack import Pack


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command line; faults of ours are raised."""
    try:
        with app.make_context("shsnor", list(arguments)) as context:
            return int(app.invoke(context) or DONE)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return WRONG
    except click.UsageError as error:
        print(usage_text(error), file=sys.stderr)
        return WRONG
    except FindingsError as error:
        from shsnor.wording import render_findings

        print(render_findings(error.findings, language()), file=sys.stderr)
        return WRONG


@click.group(cls=Group, help=text("help.shsnor"))
@click.version_option(shsnor.__version__, "--version", message="shsnor %(version)s", help=text("option.version"))
def app() -> None:
    pass


@app.command("demo", cls=Command, help=text("help.demo"))
@click.argument("pack", default="federal", metavar="[PACK]")
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
def demo(pack: str, trust: tuple[str, ...]) -> int:
    from shsnor.demo import DEMO_YEAR, demo_region, flagged_entity
    from shsnor.evaluating import evaluate
    from shsnor.explaining import explain
    from shsnor.loading import load_pack

    loaded = load_pack(pack, trust=trust)
    print(text("demo.invented"), flush=True)
    print()
    with evaluate(loaded, demo_region(), as_of=DEMO_YEAR) as outcome:
        print(outcome.summary(language()).text().rstrip())
        print()
        entity = flagged_entity(outcome)
        if entity is None:
            print(text("demo.none"))
        else:
            print(text("demo.why"))
            print()
            print(explain(outcome, entity).text(language()).rstrip())
    print()
    print(text("demo.next"))
    school = entity or "010001"
    print(f"  shsnor evaluate {_quoted(pack)} --data {_quoted(demo_region())} --as-of {DEMO_YEAR} --out out")
    print(f"  shsnor explain out --school {school}")
    print(f"  shsnor plan {_quoted(pack)} --as-of {DEMO_YEAR}")
    return DONE


@app.command("evaluate", cls=Command, help=text("help.evaluate"))
@click.argument("pack")
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help=text("option.data"))
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="OUT", help=text("option.out"))
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.as_of"))
@click.option("--format", metavar="|".join(FORMATS), help=text("option.format"))
@click.option("--force", is_flag=True, help=text("option.force"))
@click.option("--strict", is_flag=True, help=text("option.strict"))
@click.option("--without", multiple=True, metavar="PROCEDURE", help=text("option.without"))
@click.option("--set", "parameters", multiple=True, type=as_setting, metavar="ID=VALUE", help=text("option.set"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
@click.option("--threads", type=as_threads, metavar="N", help=text("option.threads"))
@click.option("--memory-limit", type=as_memory, metavar="2GB", help=text("option.memory"))
def evaluate_command(
    pack: str, data: Path, out: Path, as_of: AsOf | None, format: str | None, force: bool, strict: bool,
    without: tuple[str, ...], parameters: tuple[tuple[str, str], ...], trust: tuple[str, ...],
    threads: int | None, memory_limit: str | None,
) -> int:  # fmt: skip
    from shsnor.demo import flagged_entity
    from shsnor.evaluating import evaluate
    from shsnor.host import find_plugins
    from shsnor.loading import load_pack

    loaded = load_pack(pack, trust=trust)
    host = find_plugins(loaded)
    if format is not None and format not in (*FORMATS, *host.exporters):
        refuse_option("format", format, (*FORMATS, *sorted(host.exporters)))
    when = as_of or _latest_year(loaded, data, host)
    settings = {"threads": threads, "memory_limit": memory_limit}
    with evaluate(
        loaded, data, as_of=when.date, parameters=dict(parameters), settings=settings, without=without, host=host
    ) as outcome:
        written = outcome.write(out, format=format, force=force, host=host)
        print(outcome.summary(language()).text().rstrip())
        print()
        print(text("evaluate.written", path=written))
        if format not in host.exporters and (entity := flagged_entity(outcome)) is not None:
            print(text("evaluate.next", command=f"shsnor explain {_quoted(out)} --school {entity}"))
        return _strict(outcome) if strict else DONE


def _latest_year(pack: Pack, data: Path, host: Host) -> AsOf:
    """The date that the data themselves suggest; the user is told which."""
    from shsnor.latest_year import latest_year

    year = latest_year(pack, data, host=host)
    if year is None:
        raise click.UsageError(text("usage.as_of_missing"), click.get_current_context())
    print(text("evaluate.year_taken", year=year))
    return AsOf(date(year, 12, 31))


def _strict(outcome: Outcome) -> int:
    """Whether everything is as a strict caller wants it: no warnings, and every flag decided that applies."""
    vacant = {"not_applicable", "not_held"}
    warnings = len(outcome.issues)
    unknown = sum(1 for flag in outcome.flags.rows(verdict="unknown") if not set(flag.reason.split(", ")) <= vacant)
    if not warnings and not unknown:
        return DONE
    print(text("strict.failed", warnings=warnings, unknown=unknown), file=sys.stderr)
    return NOT_HELD


@app.command("explain", cls=Command, help=text("help.explain"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--school", "--entity", "entity", required=True, metavar="ID", help=text("option.school"))
@click.option("--item", metavar="ID", help=text("option.item"))
def explain_command(out: Path, entity: str, item: str | None) -> int:
    from shsnor.explaining import explain
    from shsnor.outcomes import load_outcome

    with load_outcome(out) as outcome:
        print(explain(outcome, entity, item).text(language()).rstrip())
    return DONE


@app.command("plan", cls=Command, help=text("help.plan"))
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
    from shsnor.loading import load_pack
    from shsnor.planning import make_plan
    from shsnor.rendering import plan_sql

    when = as_of or AsOf(date.today())
    plan = make_plan(load_pack(pack, trust=trust), as_of=when, parameters=dict(parameters), without=without)
    if not sql:
        if as_of is None:
            print(text("plan.today", date=when.date.isoformat()))
            print()
        print(plan.text(language()).rstrip())
        print()
    print(plan_sql(plan).rstrip())
    return DONE


pack_group.add_command(rows_command)
pack_group.add_command(tasks_command)
app.add_command(pack_group)
app.add_command(plugins_command)


def _quoted(path: Path | str) -> str:
    """A path as it can be typed: from the working folder where it lies below, in quotes where it has a space."""
    path = Path(path)
    shown = str(path.relative_to(Path.cwd()) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path)
    return f'"{shown}"' if " " in shown else shown
