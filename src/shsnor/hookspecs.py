"""The whole contract with plugins: one hook for each thing a plugin may give, and what it gives.

A plugin is a module that an entry point of the group `shsnor` names, with functions marked `@hookimpl`; it needs of
this library `shsnor.hookspecs` and `shsnor.functions`, and nothing else of it is promised. A distribution that has only
packs needs no code: an entry point of the group `shsnor.packs` names the package whose folder holds them.

Each hook is called once for each host (see `shsnor.find_plugins`), with no arguments. What is wrong with a plugin (it
cannot be imported, a hook is misspelt or fails, an id is taken) stops the run and names the plugin: a lost rule would
change a school's flag.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from shsnor.functions import Function

if TYPE_CHECKING:
    from shsnor.outcomes import Outcome

PROJECT = "shsnor"
#: Entry points of modules with hooks, and of packages with packs.
PLUGIN_GROUP, PACK_GROUP = "shsnor", "shsnor.packs"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@dataclass(frozen=True, slots=True)
class Reader:
    """Files of a kind that this library does not read itself; one file holds one table and is named after it.

    suffixes   the ends of names, small letters, with the dot: `(".jsonl",)`
    read       path -> rows (a list of mappings; numbers, dates and texts alike are read as their text would be)
               or an object with `__arrow_c_stream__`; what it raises is told with the file and the plugin
    """

    suffixes: tuple[str, ...]
    read: Callable[[Path], Any]
    description: str = ""
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A form in which an outcome is written, beside parquet, csv, json and duckdb.

    format   its name: `--format NAME`, `Outcome.write(path, format=NAME)`
    write    (outcome, path): makes a file or a folder at `path`, where nothing stands yet; it is moved into its place
             when it is whole. The same outcome must give the same bytes; what it raises is told with the plugin
    """

    format: str
    write: Callable[[Outcome, Path], object]
    description: str = ""
    plugin: str = ""


class Hooks:
    """What a plugin may implement, each with `@shsnor.hookspecs.hookimpl`."""

    @hookspec
    def shsnor_functions(self) -> Iterable[Function]:
        """Functions that packs may name under `function:`; their ids are unique among all plugins."""
        raise AssertionError("a specification is never called")

    @hookspec
    def shsnor_packs(self) -> Iterable[str | os.PathLike[str]]:
        """Folders: each a pack, or a folder of packs. A pack's folder has the pack's id as its name.

        Not for the `plugin.py` of a pack: which packs there are must not hang on which of them is loaded.
        """
        raise AssertionError("a specification is never called")

    @hookspec
    def shsnor_readers(self) -> Iterable[Reader]:
        """Readers of files of tables; their suffixes are unique, and none is one that this library reads itself."""
        raise AssertionError("a specification is never called")

    @hookspec
    def shsnor_exporters(self) -> Iterable[Exporter]:
        """Forms in which an outcome is written; their names are unique, and none is one of this library's own."""
        raise AssertionError("a specification is never called")
