"""`shsnor evaluate`: pack and tables in, an outcome and its summary out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shsnor.cli import DONE, NOT_HELD
from shsnor.cli.frame import FORMATS, Command, as_date, as_setting, machine_options, quoted, refuse_option
from shsnor.cli.opening import open_pack
from shsnor.cli.progress import bar
from shsnor.cli.spark import tables_for
from shsnor.cli.stored import cache_options, print_stored
from shsnor.cli.texts import language, text
from shsnor.periods import AsOf

if TYPE_CHECKING:
    from shsnor.caching import Cache
    from shsnor.host import Host
    from shsnor.outcomes import Outcome
    from shsnor.pack import Pack
    from shsnor.reading import TablesArg

#: So many warnings are said in words after an evaluation.
WARNINGS_SHOWN = 5


@click.command("evaluate", cls=Command, help=text("help.evaluate"))
@click.argument("pack")
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help=text("option.data"))
@click.option("--layout", "layouts", multiple=True, metavar="FILE", help=text("option.layout"))
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="OUT", help=text("option.out"))
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.as_of"))
@click.option("--format", metavar="|".join(FORMATS), help=text("option.format"))
@click.option("--force", is_flag=True, help=text("option.force"))
@click.option("--strict", is_flag=True, help=text("option.strict"))
@click.option("--without", multiple=True, metavar="PROCEDURE", help=text("option.without"))
@click.option("--set", "parameters", multiple=True, type=as_setting, metavar="ID=VALUE", help=text("option.set"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
@click.option("--engine", default="duckdb", metavar="duckdb|spark", help=text("option.engine"))
@click.option("--spark-master", metavar="MASTER", help=text("option.spark_master"))
@machine_options
@cache_options
def evaluate_command(
    pack: str, data: Path, out: Path, as_of: AsOf | None, format: str | None, force: bool, strict: bool,
    without: tuple[str, ...], parameters: tuple[tuple[str, str], ...], trust: tuple[str, ...],
    settings: Mapping[str, Any], layouts: tuple[str, ...], cache: Cache | None,
    engine: str, spark_master: str | None,
) -> int:  # fmt: skip
    from shsnor.demo import flagged_entity
    from shsnor.evaluating import evaluate
    from shsnor.host import find_plugins
    from shsnor.outcomes.writing import refuse_signed
    from shsnor.wording.stages import WRITING

    refuse_signed(out)  # before the work, not after it
    loaded = open_pack(pack, trust=trust)
    host = find_plugins(loaded)
    if format is not None and format not in (*FORMATS, *host.exporters):
        refuse_option("format", format, (*FORMATS, *sorted(host.exporters)))
    tables = tables_for(engine, data, layouts, spark_master, as_of)
    when = as_of or latest(loaded, tables, host)
    with bar() as progress:
        computed = evaluate(
            loaded, tables, as_of=when.date, parameters=dict(parameters), settings=settings, without=without, host=host,
            progress=progress, cache=cache,
        )  # fmt: skip
    with computed as outcome:
        with bar() as progress:
            progress(WRITING, 0, 0)
            written = outcome.write(out, format=format, force=force, host=host)
        print(outcome.summary(language()).text().rstrip())
        _print_warnings(outcome)
        print()
        print_stored(outcome.manifest.run, cache)
        print(text("evaluate.written", path=written))
        if format not in host.exporters and (entity := flagged_entity(outcome)) is not None:
            print(text("evaluate.next", command=f"shsnor explain {quoted(out)} --school {entity}"))
        return _strict(outcome) if strict else DONE


def latest(pack: Pack, data: TablesArg, host: Host) -> AsOf:
    """The date that the data themselves suggest; the user is told which."""
    from shsnor.latest_year import latest_year

    year = latest_year(pack, data, host=host)
    if year is None:
        raise click.UsageError(text("usage.as_of_missing"), click.get_current_context())
    print(text("evaluate.year_taken", year=year))
    return AsOf(date(year, 12, 31))


def _print_warnings(outcome: Outcome) -> None:
    """The first warnings in words, and where the others are."""
    from itertools import islice

    from shsnor.wording import title

    many = len(outcome.issues)
    for row in islice(outcome.issues.rows(), WARNINGS_SHOWN):
        where = f" ({row.source_table or row.place})" if row.source_table or row.place else ""
        print()
        print(row.message if language() == "ru" else f"{row.code}   {title(row.code, 'en')}{where}")
    if many > WARNINGS_SHOWN:
        print()
        print(text("evaluate.more_warnings", shown=WARNINGS_SHOWN, all=many))


def _strict(outcome: Outcome) -> int:
    """Whether everything is as a strict caller wants it: no warnings, and every flag decided that applies."""
    vacant = {"not_applicable", "not_held"}
    warnings = len(outcome.issues)
    unknown = sum(1 for flag in outcome.flags.rows(verdict="unknown") if not set(flag.reason.split(", ")) <= vacant)
    if not warnings and not unknown:
        return DONE
    print(text("evaluate.not_strict", warnings=warnings, unknown=unknown), file=sys.stderr)
    return NOT_HELD
