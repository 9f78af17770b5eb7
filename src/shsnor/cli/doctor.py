"""`shsnor doctor`: what a bug report needs to know of the machine, and what there hinders work."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from shsnor.cli import DONE, NOT_HELD
from shsnor.cli.frame import Command
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.doctor import Machine

WIDTH = 79  # a line of 80 columns with its end is broken by Windows consoles


@click.command("doctor", cls=Command, help=text("help.doctor"))
@click.option("--json", "as_json", is_flag=True, help=text("option.json"))
def doctor_command(as_json: bool) -> int:
    from shsnor.doctor import examine
    from shsnor.wording import message

    machine = examine()
    if as_json:
        import json

        print(json.dumps(machine.data(), ensure_ascii=False, indent=2))
    else:
        rows = [(text(f"doctor.{key}"), said) for key, said in _facts(machine)]
        indent = max(len(name) for name, _ in rows) + 2
        for name, said in rows:
            print(textwrap.fill(said, WIDTH, initial_indent=f"{name:{indent}}", subsequent_indent=" " * indent))
        print()
        for finding in machine.hindrances:
            print(message(finding, language()))
            print()
        print(textwrap.fill(text("doctor.hindered" if len(machine.hindrances) else "doctor.well"), WIDTH))
    return NOT_HELD if len(machine.hindrances) else DONE


def _facts(machine: Machine) -> Iterator[tuple[str, str]]:
    """(key of the name, value) of every fact, in words."""
    yield "shsnor", machine.shsnor
    yield "python", text("doctor.python_bits", python=machine.python, bits=machine.bits)
    yield "system", machine.system
    yield (
        "libraries",
        ", ".join(f"{name} {found or text('doctor.missing')}" for name, found in machine.libraries.items()),
    )
    yield "cores", str(machine.cores)
    yield "memory", _size(machine.memory)
    if machine.threads:
        yield "taken", text("doctor.taken_said", memory=_amount(machine.allowed), threads=machine.threads)
    yield "temp", text("doctor.temp_room", folder=machine.temp_folder, room=_size(machine.temp_room))
    yield "encodings", text("doctor.encodings_said", **machine.encodings)
    yield "locale", f"{machine.locale}, SHSNOR_LANG={machine.language}"
    yield "time_zone", machine.time_zone
    yield "console", text("doctor.console_said", **{name: _yes(getattr(machine, name)) for name in _CONSOLE})
    yield "plugins", ", ".join(machine.plugins) or text("doctor.none")
    yield "packs", ", ".join(machine.packs) or text("doctor.none")


_CONSOLE = ("terminal", "cyrillic", "boxes")


def _yes(holds: bool) -> str:
    return text("doctor.yes" if holds else "doctor.no")


def _amount(said: str) -> str:
    """An amount of memory as the engine says it, `12.8 GiB`, in the user's language."""
    return said.replace("iB", "иБ").translate(str.maketrans("KMGT.", "КМГТ,")) if language() == "ru" else said


def _size(size: int | None) -> str:
    if size is None:
        return text("doctor.not_known")
    shown = f"{size / 1024**3:.1f}"
    return text("doctor.gib", size=shown.replace(".", ",") if language() == "ru" else shown)
