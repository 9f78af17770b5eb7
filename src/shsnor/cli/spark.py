"""`--engine spark`: the tables of a command as they lie on Spark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shsnor.cli.frame import refuse_option
from shsnor.cli.texts import text

if TYPE_CHECKING:
    from shsnor.periods import AsOf
    from shsnor.reading import TablesArg

ENGINES = ("duckdb", "spark")


def tables_for(engine: str, data: Path, layouts: tuple[str, ...], master: str | None, as_of: AsOf | None) -> TablesArg:
    """The tables of an evaluation; of Spark, whose session begins here, only where a date is given."""
    from shsnor.reading import Data

    if engine not in ENGINES:
        refuse_option("engine", engine, ENGINES)
    if engine != "spark":
        return Data(data, layouts)
    from shsnor.spark import SparkStore, start, tables_of

    if as_of is None:  # the last year of a table is a scan of it
        raise click.UsageError(text("usage.as_of_spark"), click.get_current_context())
    session = start(master)
    return SparkStore(session, tables_of(session, str(data)))
