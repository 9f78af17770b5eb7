"""What lies around the commands: help and usage errors in the user's language, and the types of options."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from shsnor.cli.texts import text

if TYPE_CHECKING:  # what only some commands need is loaded by them
    from pathlib import Path

    from shsnor.periods import AsOf

#: The formats of `shsnor.outcomes`, said here so that help need not load them.
FORMATS = ("parquet", "csv", "json", "duckdb")


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, text("frame.usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        words = {"Options": "frame.options", "Commands": "frame.commands"}
        super().write_heading(text(words[heading]) if heading in words else heading)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 26, col_spacing: int = 2) -> None:
        said = [(name, help.replace("[required]", text("frame.required"))) for name, help in rows]
        super().write_dl(said, col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class _Framed(click.Command):
    context_class = _Context

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("options_metavar", text("frame.arguments"))
        more.setdefault("context_settings", {"help_option_names": ["-h", "--help"], "max_content_width": 100})
        super().__init__(*args, **more)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("option.help")
        return option


class Command(_Framed):
    """A command of `shsnor`."""


class Group(_Framed, click.Group):
    """A command that has commands under it, each loaded when it is called: help must come at once.

    places   name -> `module:attribute` of its command, in the order in which one uses them
    helped   what stands before the name of a command in the key of its help, as `help.pack.`
    """

    def __init__(self, name: str, places: Mapping[str, str], helped: str, **more: Any) -> None:
        super().__init__(name, subcommand_metavar=text("frame.subcommand"), **more)
        self.places, self.helped = dict(places), helped

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.places:
            return None
        module, _, attribute = self.places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.places and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self.places, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _first_sentence(text(self.helped + name))) for name in self.places]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_sentence(help: str) -> str:
    return help.partition("\n\n")[0].removesuffix(".")


def as_date(value: str) -> AsOf:
    """A date, or a year that stands for its 31 December."""
    from shsnor.periods import parse_as_of

    try:
        return parse_as_of(value)
    except ValueError:
        raise click.BadParameter(text("usage.as_of", value=value)) from None


def as_setting(value: str) -> tuple[str, str]:
    """`ID=VALUE` -> (id, value)."""
    name, _, set_to = (part.strip() for part in value.partition("="))
    if not (name and set_to):
        raise click.BadParameter(text("usage.set", value=value))
    return name, set_to


def as_memory(value: str) -> str:
    """An amount of memory, as the engine takes it."""
    if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", value.strip()):
        raise click.BadParameter(text("usage.memory", value=value))
    return value.strip()


def as_threads(value: str) -> int:
    """A whole number of threads, at least one."""
    if not value.isdecimal():
        raise click.BadParameter(text("usage.not_integer", value=value))
    if int(value) < 1:
        raise click.BadParameter(text("usage.too_small", value=value))
    return int(value)


def as_folder(value: str) -> Path:
    """A folder that is there and can be written to."""
    from pathlib import Path

    folder = Path(value)
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise click.BadParameter(text("usage.no_folder", value=value))
    return folder


def machine_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say how much of the machine an evaluation may take; the command gets them as `settings`."""

    @functools.wraps(command)
    def called(*, threads: int | None, memory_limit: str | None, temp_dir: Path | None, **others: Any) -> int:
        settings = {"threads": threads, "memory_limit": memory_limit, "temp_directory": temp_dir}
        return command(settings=settings, **others)

    for name, kind, metavar, help in (
        ("--temp-dir", as_folder, "DIR", "option.temp_dir"),
        ("--memory-limit", as_memory, "2GB", "option.memory"),
        ("--threads", as_threads, "N", "option.threads"),
    ):
        called = click.option(name, type=kind, metavar=metavar, help=text(help))(called)
    return called


def quoted(path: Path | str) -> str:
    """A path as it can be typed: from the working folder where it lies below, in quotes where it has a space."""
    from pathlib import Path

    path = Path(path)
    shown = str(path.relative_to(Path.cwd()) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path)
    return f'"{shown}"' if " " in shown else shown


def refuse_option(name: str, value: str, allowed: Iterable[str]) -> None:
    """Refuse the value of an option of the running command that can be judged only once the pack is loaded."""
    context = click.get_current_context()
    option = next((one for one in context.command.params if one.name == name), None)
    message = text("usage.not_one_of", value=value, allowed=", ".join(allowed))
    raise click.BadParameter(message, ctx=context, param=option)


def usage_text(error: click.UsageError) -> str:
    """What is wrong with the command, in the user's language, with where help is to be had."""
    message = text("usage.error", message=_message(error))
    command = error.ctx.command_path if error.ctx is not None else "shsnor"
    return f"{message}\n{text('usage.hint', command=command)}"


def _message(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return _with_likely(text("usage.no_option", name=error.option_name), error.possibilities)
    if isinstance(error, click.exceptions.NoSuchCommand):
        return _with_likely(text("usage.no_command", name=error.command_name), error.possibilities)
    if isinstance(error, click.MissingParameter):
        return text("usage.missing", name=_name(error))
    if isinstance(error, click.BadParameter):
        return text("usage.bad_value", name=_name(error), message=error.message)
    if isinstance(error, click.BadOptionUsage):
        return text("usage.no_value", name=error.option_name)
    if (extra := re.match(r"Got unexpected extra arguments? \((.*)\)", error.format_message())) is not None:
        return text("usage.extra", extra=extra.group(1))
    return error.format_message()


def _with_likely(message: str, names: Sequence[str] | None) -> str:
    return f"{message} {text('usage.likely', names=', '.join(names))}" if names else message


def _name(error: click.BadParameter) -> str:
    if error.param is None or error.ctx is None:
        return "?"
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.make_metavar(error.ctx)
