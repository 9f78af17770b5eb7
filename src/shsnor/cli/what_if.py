"""`shsnor what-if`: what another value of a parameter does to the lists of schools."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shsnor.cli import DONE
from shsnor.cli.frame import Command, as_date, as_setting, machine_options
from shsnor.cli.opening import open_pack
from shsnor.cli.progress import bar
from shsnor.cli.texts import language, text
from shsnor.periods import AsOf

if TYPE_CHECKING:
    from shsnor.pack import Pack
    from shsnor.reading import TablesArg


@click.command("what-if", cls=Command, help=text("help.what-if"))
@click.argument("pack")
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help=text("option.data"))
@click.option("--layout", "layouts", multiple=True, metavar="FILE", help=text("option.layout"))
@click.option("--as-of", type=as_date, metavar="DATE", help=text("option.as_of"))
@click.option("--set", "parameters", multiple=True, type=as_setting, metavar="ID=VALUE", help=text("option.set"))
@click.option("--changes", type=click.Path(path_type=Path), metavar="FILE", help=text("option.changes_file"))
@click.option("--sweep", "swept", type=as_setting, metavar="ID=10%..50%:5%", help=text("option.sweep"))
@click.option("--picture", type=click.Path(path_type=Path), metavar="FILE.svg", help=text("option.picture"))
@click.option("--flag", "flags", multiple=True, metavar="ID", help=text("option.flag"))
@click.option("--without", multiple=True, metavar="PROCEDURE", help=text("option.without"))
@click.option("--trust", multiple=True, metavar="PACK", help=text("option.trust"))
@machine_options
def what_if_command(
    pack: str, data: Path, as_of: AsOf | None, parameters: tuple[tuple[str, str], ...], changes: Path | None,
    swept: tuple[str, str] | None, picture: Path | None, flags: tuple[str, ...], without: tuple[str, ...],
    trust: tuple[str, ...], layouts: tuple[str, ...], settings: Mapping[str, Any],
) -> int:  # fmt: skip
    from shsnor.reading import Data
    from shsnor.whatif import read_changes, what_if

    loaded, tables = open_pack(pack, trust=trust), Data(data, layouts)
    given = (read_changes(changes) if changes is not None else {}) | {n: _plain(v) for n, v in parameters}
    when = as_of or _latest(loaded, tables)
    if swept is not None:
        return _sweep(loaded, tables, when, swept, given, flags, without, picture, settings)
    if picture is not None:
        raise click.UsageError(text("what_if.picture_needs_sweep"), click.get_current_context())
    with bar() as progress:
        compared = what_if(
            loaded, tables, as_of=when.date, parameters=given, flags=flags or None, without=without,
            settings=settings, progress=progress,
        )  # fmt: skip
    with compared as found:
        print(found.text(language()).rstrip())
    return DONE


def _sweep(
    pack: Pack, data: TablesArg, when: AsOf, swept: tuple[str, str], given: dict[str, str], flags: tuple[str, ...],
    without: tuple[str, ...], picture: Path | None, settings: Mapping[str, Any],
) -> int:  # fmt: skip
    from shsnor.whatif import span, sweep

    parameter, written = swept
    try:
        values = span(written)
    except ValueError:
        raise click.UsageError(text("what_if.span", value=written), click.get_current_context()) from None
    with bar() as progress:
        found = sweep(
            pack, data, as_of=when.date, parameter=parameter, values=values, parameters=given, flags=flags or None,
            without=without, settings=settings, progress=progress,
        )  # fmt: skip
    print(found.text(language()).rstrip())
    if picture is not None:
        picture.write_text(found.svg(language()), encoding="utf-8", newline="\n")
        print()
        print(text("what_if.picture", path=picture))
    return DONE


def _plain(value: str) -> str:
    """A number as a parameter wants it: the per cent sign and the decimal comma of a reader taken off."""
    from shsnor.pack import as_number

    plain = value.removesuffix("%").strip().replace(",", ".")
    return plain if as_number(plain) is not None else value


def _latest(pack: Pack, data: TablesArg) -> AsOf:
    from shsnor.cli.evaluate import latest
    from shsnor.host import find_plugins

    return latest(pack, data, find_plugins(pack))
