"""The options of stored sums, and what is said of them after an evaluation."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shsnor.cli.frame import quoted
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.caching import Cache


def as_size(value: str) -> str:
    """A size on the disk."""
    if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", value.strip()):
        raise click.BadParameter(text("usage.size", value=value))
    return value.strip()


def cache_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of stored sums; the command gets them as `cache`: of a folder beside its `out` unless told otherwise."""

    @functools.wraps(command)
    def called(
        *, out: Path, cache: Path | None, no_cache: bool, cache_limit: str | None, verify: bool, **others: Any
    ) -> int:
        from shsnor.caching import LIMIT, NAME, Cache

        folder = cache or out.absolute().parent / NAME
        stored = None if no_cache else Cache(folder, limit=cache_limit or LIMIT, verify=verify)
        return command(out=out, cache=stored, **others)

    options: tuple[tuple[str, dict[str, Any]], ...] = (
        ("--verify", {"is_flag": True, "help": text("option.verify")}),
        ("--cache-limit", {"type": as_size, "metavar": "2GB", "help": text("option.cache_limit")}),
        ("--no-cache", {"is_flag": True, "help": text("option.no_cache")}),
        ("--cache", {"type": click.Path(path_type=Path), "metavar": "DIR", "help": text("option.cache")}),
    )
    for given, more in options:
        called = click.option(given, **more)(called)
    return called


def print_stored(run: Mapping[str, Any], cache: Cache | None) -> None:
    """What of an evaluation came from stored sums, and what hindered storing more; nothing where no table stays in files."""
    from shsnor.errors import Finding
    from shsnor.wording import message

    tables = run.get("sums") or {}
    if cache is None or not tables:
        return
    files, stored = (sum(table[what] for table in tables.values()) for what in ("files", "stored"))
    hindered = run.get("sums_not_stored") or ()
    if stored:
        print(text("evaluate.sums_taken", folder=quoted(cache.folder), stored=stored, files=files))
    elif not hindered:
        print(text("evaluate.sums_stored", folder=quoted(cache.folder)))
    for one in hindered:
        print(message(Finding(one["code"], severity="warning", details=one["details"]), language()))
