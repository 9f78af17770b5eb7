"""`shsnor compare`: this year against last, before against after, or three monitorings, out of written outcomes."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.texts import language, text

#: As `shsnor.comparing.years.SUFFIXES`, said here so that help need not load it.
_SUFFIXES = (".xlsx", ".html")


def _as_file(value: str) -> Path:
    path = Path(value)
    if path.suffix.lower() not in _SUFFIXES:
        raise click.BadParameter(text("compare.suffix", value=value))
    return path


@click.command("compare", cls=Command, help=text("help.compare"))
@click.argument("outs", nargs=-1, required=True, metavar="BEFORE AFTER", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help=text("option.compare_data"))
@click.option(
    "--out", "files", multiple=True, type=_as_file, metavar="FILE.xlsx|FILE.html", help=text("option.compare_out")
)
@click.option("--layout", "layouts", multiple=True, metavar="FILE", help=text("option.layout"))
def compare_command(
    outs: tuple[Path, ...], data: Path | None, files: tuple[Path, ...], layouts: tuple[str, ...]
) -> int:  # fmt: skip
    from shsnor.cli.progress import bar
    from shsnor.comparing.years import compare_years
    from shsnor.outcomes import load_outcome
    from shsnor.reading import Data
    from shsnor.wording import render_findings

    tables = None if data is None else Data(data, layouts)
    with ExitStack() as stack:
        outcomes = [stack.enter_context(load_outcome(out)) for out in outs]
        with bar() as progress:
            found = compare_years(*outcomes, tables=tables, progress=progress)
        # Files first: whoever reads the text may go before its end, as `head` does.
        written_to = [(file, found.write(file)) for file in files]
        print(found.text(language()).rstrip())
        if found.warnings:
            print(render_findings(found.warnings, language()), file=sys.stderr)
        for file, written in written_to:
            print()
            print(text("compare.written", path=written))
            if written != file:
                print(text("compare.beside", path=file))
    return DONE
