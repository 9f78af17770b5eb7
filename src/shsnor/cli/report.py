"""`shsnor report`: pages out of a written outcome."""

from __future__ import annotations

from pathlib import Path

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command
from shsnor.cli.texts import text


@click.command("report", cls=Command, help=text("help.report"))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), metavar="DIR", help=text("option.into"))
@click.option("--school", "schools", multiple=True, metavar="ID", help=text("option.report_school"))
@click.option("--public", is_flag=True, help=text("option.public"))
def report_command(out: Path, into: Path | None, schools: tuple[str, ...], public: bool) -> int:
    from shsnor.cli.progress import bar
    from shsnor.outcomes import load_outcome
    from shsnor.reporting import write_report

    folder = into or out.resolve().parent / text("report.folder_public" if public else "report.folder")
    with load_outcome(out) as outcome, bar() as progress:
        written = write_report(outcome, folder, schools=schools, public=public, progress=progress)
    print(text("report.written", path=written))
    index = written / "index.html"
    for page in [index] if index.is_file() else sorted(written.rglob("*.html")):
        print(text("report.open", path=page))
    if not public:
        print(text("report.internal"))
    return DONE
