"""`shsnor data check`: what is in the tables, and what is wrong in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from shsnor.cli import DONE, NOT_HELD, WRONG
from shsnor.cli.frame import Command, machine_options, quoted
from shsnor.cli.opening import open_pack
from shsnor.cli.progress import bar
from shsnor.cli.texts import language, text


@click.command("check", cls=Command, help=text("help.data.check"))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--pack", metavar="PACK", help=text("option.data_pack"))
@click.option("--details", is_flag=True, help=text("option.data_details"))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=text("option.data_out"))
@click.option("--json", "as_json", is_flag=True, help=text("option.json"))
@click.option("--strict", is_flag=True, help=text("option.data_strict"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
@click.option("--layout", "layouts", multiple=True, metavar="FILE", help=text("option.layout"))
@machine_options
def check_command(
    data: Path, pack: str | None, details: bool, out: Path | None, as_json: bool, strict: bool, trust: tuple[str, ...],
    layouts: tuple[str, ...], settings: Mapping[str, Any],
) -> int:  # fmt: skip
    from shsnor.inspecting import check_data
    from shsnor.reading import Data

    loaded = None if pack is None else open_pack(pack, trust=trust)
    with bar() as progress:
        report = check_data(loaded, Data(data, layouts), settings=settings, progress=progress)
    written = None if out is None else report.write(out)
    if as_json:
        print(json.dumps(report.as_data(language()), ensure_ascii=False, indent=2))
    else:
        print(report.text(language(), details=details))
        if written is not None:
            print(text("data.written", path=quoted(written)))
        elif not details:
            command = f"shsnor data check {quoted(data)}{f' --pack {quoted(pack)}' if pack else ''}"
            print(text("data.next", command=command))
    return WRONG if report.findings.errors else NOT_HELD if strict and len(report.findings) else DONE
