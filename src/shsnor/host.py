"""Finds plugins and returns what they give as one value: never a global, and nothing is found before it is asked for.

Built-in features go through the same hooks as anybody's. Each plugin is called in a manager of its own, so that whatever
goes wrong has its name.
"""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from shsnor.errors import Findings, Place, UsageError, nearest
from shsnor.functions import Function, FunctionTable, Shape

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

    from shsnor.hookspecs import Exporter, Reader
    from shsnor.pack import OwnPlugin, Pack

#: The modules of built-in plugins: append a name.
BUILT_IN = (
    "shsnor.plugins.nearest",
    "shsnor.plugins.social_index",
    "shsnor.plugins.k_groups",
    "shsnor.plugins.objectivity",
    "shsnor.plugins.partners",
)

#: What this library reads and writes itself: no plugin may take these.
OWN_SUFFIXES = (
    ".csv", ".tsv", ".txt", ".parquet", ".pq", ".duckdb", ".db", ".ddb", ".xlsx", ".xlsm", ".xls", ".ods",
)  # fmt: skip
OWN_FORMATS = ("parquet", "csv", "json", "duckdb")

PACK_FILE = "pack.yaml"
#: How many lines of a broken plugin's error are told.
_LINES = 3

T = TypeVar("T")
Kind = Literal["functions", "packs", "readers", "exporters"]
KINDS: tuple[Kind, ...] = ("functions", "packs", "readers", "exporters")


@dataclass(frozen=True, slots=True)
class Plugin:
    """One plugin: where it is from, and what it gives, by id, folder name, suffix or format.

    origin         built_in; installed (an entry point); pack (the `plugin.py` of a pack)
    module         what the entry point names; of a pack the path of its file
    distribution   its name, with its version; of a pack its id
    hooks          names of the hooks that it implements; none for an entry point of packs
    sha256         of a pack's file; of others see `digest`
    """

    origin: Literal["built_in", "installed", "pack"]
    module: str
    distribution: str = ""
    version: str = ""
    hooks: tuple[str, ...] = ()
    functions: Mapping[str, Function] = field(default_factory=dict)
    packs: Mapping[str, Path] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    exporters: Mapping[str, Exporter] = field(default_factory=dict)
    sha256: str = ""

    @property
    def name(self) -> str:
        """As messages name it: distribution, version and module, or the file."""
        return self.module if self.origin == "pack" else f"{self.label} ({self.module})"

    @property
    def label(self) -> str:
        """As an outcome names it, the same on every machine: distribution and version, or `tver/plugin.py`."""
        if self.origin == "pack":
            return f"{self.distribution}/{Path(self.module).name}"
        return self.distribution if self.origin == "built_in" else f"{self.distribution} {self.version}"

    def digest(self) -> str:
        """SHA-256 of the pack's file; of others over the files of the package that its module is of, or of its packs."""
        return self.sha256 or _files_digest(_home(self.module) if self.hooks else [*self.packs.values()])


@dataclass(frozen=True, slots=True)
class Host:
    """All plugins, and what they give together.

    functions   id -> Function
    packs       id -> its folder
    readers     suffix -> Reader
    exporters   format -> Exporter
    """

    plugins: tuple[Plugin, ...] = ()
    functions: FunctionTable = field(default_factory=dict)
    packs: Mapping[str, Path] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    exporters: Mapping[str, Exporter] = field(default_factory=dict)

    def giver(self, kind: Kind, name: str) -> Plugin | None:
        """The plugin that gives a function, pack, reader or exporter; None where none does."""
        return next((p for p in self.plugins if name in getattr(p, kind)), None)


def find_plugins(pack: Pack | None = None, *, installed: bool = True) -> Host:
    """What the built-in plugins, the installed ones, and the `plugin.py` of a trusted pack give.

    pack       a loaded pack: its own plugin and those of the packs it extends, where `load_pack` was told to trust them
    installed  False: without the entry points of other distributions
    raises     UsageError with everything that is wrong with any of them: SH325, SH701 to SH704, SH708
    """
    findings = Findings()
    plugins = [*_built_in(BUILT_IN)]
    if installed:
        plugins += _installed(findings)
    for own in pack.own_plugins() if pack is not None else ():
        if own.trusted:
            plugins += _of_pack(own, findings)
    given = {kind: _united(plugins, kind, findings) for kind in KINDS}
    if findings.errors:
        raise UsageError(findings)
    return Host(tuple(plugins), **given)


def find_functions(pack: Pack | None = None) -> FunctionTable:
    """All functions of all plugins by id; see `find_plugins`."""
    return find_plugins(pack).functions


def missing_distributions(names: list[str]) -> list[str]:
    """Those of `names` that are not installed."""
    from importlib.metadata import PackageNotFoundError, distribution

    missing = []
    for name in names:
        try:
            distribution(name)
        except (PackageNotFoundError, ValueError):
            missing.append(name)
    return missing


@cache
def _built_in(names: tuple[str, ...]) -> tuple[Plugin, ...]:
    """Asked once: what comes with the package does not change while it runs."""
    from shsnor import __version__

    own, findings = Plugin("built_in", "shsnor", "shsnor", __version__), Findings()
    found = [replace(own, packs=_shipped_packs())]
    for name in names:
        found += _asked(replace(own, module=name), partial(importlib.import_module, name), findings)
    if findings.errors:
        raise UsageError(findings)
    return tuple(found)


def _shipped_packs() -> dict[str, Path]:
    """The packs that come with the package: of the wheel, or of the checkout in an editable install."""
    package = Path(__file__).resolve().parent
    for home in (package / "_packs", package.parents[1] / "indicator_packs"):
        if home.is_dir():
            return _packs_in(home)
    return {}


def _installed(findings: Findings) -> Iterator[Plugin]:
    from importlib.metadata import entry_points

    from shsnor.hookspecs import PACK_GROUP, PLUGIN_GROUP

    installed = entry_points()  # asked once: it reads the files of every distribution
    for entry in sorted(installed.select(group=PLUGIN_GROUP), key=lambda e: (e.value, e.name)):
        yield from _asked(_plugin_of(entry), entry.load, findings)
    for entry in sorted(installed.select(group=PACK_GROUP), key=lambda e: (e.value, e.name)):
        plugin = _plugin_of(entry)
        folder = _told(plugin, partial(_folder_of, entry.value), findings)
        if folder is not None:
            yield replace(plugin, packs=_told_packs(plugin, folder, findings))


def _plugin_of(entry: EntryPoint) -> Plugin:
    distribution: Distribution | None = entry.dist
    name, version = (distribution.name, distribution.version) if distribution is not None else ("?", "?")
    return Plugin("installed", entry.value, name, version)


def _of_pack(own: OwnPlugin, findings: Findings) -> Iterator[Plugin]:
    plugin = Plugin("pack", own.shown, own.pack, sha256=own.sha256)
    yield from _asked(plugin, partial(_own_module, own), findings)


def _own_module(own: OwnPlugin) -> ModuleType:
    """The module of a pack's `plugin.py`, made of the very bytes that were hashed when the pack was loaded."""
    name = f"shsnor_pack_{own.pack}_{hashlib.sha256(str(own.file).encode() + own.source).hexdigest()[:16]}"
    if (known := sys.modules.get(name)) is not None:
        return known
    module = ModuleType(name)
    module.__file__ = str(own.file)
    sys.modules[name] = module  # where dataclasses and pickle look for the module of a class
    try:
        exec(compile(own.source, str(own.file), "exec"), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _folder_of(package: str) -> Path:
    """The folder of a package, found without running its code; the packages above it are imported.

    raises  ImportError where there is no such package, or it is no folder
    """
    from importlib.util import find_spec

    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    folder = next((Path(place) for place in places if Path(place).is_dir()), None)
    if folder is None:
        raise ImportError(f"{package!r} is not a package in a folder")
    return folder


def _asked(plugin: Plugin, load: Callable[[], Any], findings: Findings) -> Iterator[Plugin]:
    """The plugin with all that it gives; nothing, with findings, where it does not load or its hooks are wrong."""
    module = _told(plugin, load, findings)
    if module is None:
        return
    hooks = _hooks_of(plugin, module, findings)
    if hooks is None:
        return
    given: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for hook, call in hooks.items():
        for result in _told(plugin, partial(_called, call), findings, hook=hook) or ():
            for kind, name, value in _checked(plugin, hook, result, findings):
                if name in given[kind]:
                    _twice(findings, kind, name, plugin, plugin)
                given[kind][name] = value
    yield replace(
        plugin, hooks=tuple(hooks), functions=given["functions"], packs=given["packs"],
        readers=given["readers"], exporters=given["exporters"],
    )  # fmt: skip


def _called(hook: Callable[[], Iterable[Iterable[Any]]]) -> list[Any]:
    """Everything that a hook returns; a generator is run here, so that its errors too are the plugin's."""
    return [given for group in hook() for given in group]


def _told(plugin: Plugin, call: Callable[[], T], findings: Findings, *, hook: str | None = None) -> T | None:
    """What a plugin's code returns; None, with a finding that names the plugin, where it fails."""
    try:
        return call()
    except (Exception, SystemExit) as error:
        lines = str(error).strip().splitlines()[:_LINES]
        text = f"{type(error).__name__}: {' '.join(lines)}".rstrip(": ")
        code = "SH701" if hook is None else "SH703"
        findings.add(code, Place(), plugin=plugin.name, hook=hook, error=text, at=_innermost(error))
        return None


def _innermost(error: BaseException) -> str | None:
    """Where a plugin's code failed, as `file:line`: the last place outside of this module and of importing."""
    at, here = None, error.__traceback__
    while here is not None:
        file = here.tb_frame.f_code.co_filename
        if file != __file__ and not file.startswith("<frozen") and "importlib" not in file and "pluggy" not in file:
            at = f"{file}:{here.tb_lineno}"
        here = here.tb_next
    return at


def _hooks_of(plugin: Plugin, module: Any, findings: Findings) -> dict[str, Callable[[], Any]] | None:
    """The hooks that a plugin implements; None, with findings, where one is none that this library knows."""
    import pluggy

    from shsnor.hookspecs import PROJECT, Hooks

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    known = [name for name in vars(Hooks) if name.startswith("shsnor_")]
    before = len(findings.errors)

    def wrong(name: str, reason: str) -> None:
        near = nearest(name, known)
        findings.add("SH702", plugin=plugin.name, name=name, reason=reason, nearest=near, known=known)

    for name in dir(module):
        options = manager.parse_hookimpl_opts(module, name)
        if options is None:
            if name.startswith("shsnor_") and callable(getattr(module, name, None)):
                wrong(name, "unmarked")
        elif name not in known:
            wrong(name, "unknown")
        elif options.get("wrapper") or options.get("hookwrapper"):
            wrong(name, "wrapper")
    if len(findings.errors) > before:
        return None
    try:
        manager.register(module, plugin.name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        wrong(str(error).strip().splitlines()[0], "arguments")
        return None
    callers = manager.get_hookcallers(module) or []
    if not callers:
        wrong(plugin.module, "none")
        return None
    return {caller.name: caller for caller in sorted(callers, key=lambda c: known.index(c.name))}


def _checked(plugin: Plugin, hook: str, result: Any, findings: Findings) -> Iterator[tuple[Kind, str, Any]]:
    """(kind, name, value) of one thing that a hook returned; a finding where it is not what the hook asks for."""
    from shsnor.hookspecs import Exporter, Reader
    from shsnor.nodes import ID

    def wrong(text: str) -> None:
        findings.add("SH703", plugin=plugin.name, hook=hook, got=text)

    if hook == "shsnor_functions" and isinstance(result, Function):
        if re.fullmatch(ID, result.id) is None or result.shape not in get_args(Shape):
            wrong(f"id={result.id!r}, shape={result.shape!r}")
            return
        yield "functions", result.id, replace(result, plugin=plugin.label)
    elif hook == "shsnor_readers" and isinstance(result, Reader):
        if not result.suffixes or any(s != s.lower() or len(s) < 2 or s[0] != "." for s in result.suffixes):
            wrong(f"suffixes={result.suffixes!r}")
            return
        for suffix in result.suffixes:
            yield "readers", suffix, replace(result, plugin=plugin.label)
    elif hook == "shsnor_exporters" and isinstance(result, Exporter):
        yield "exporters", result.format, replace(result, plugin=plugin.label)
    elif hook == "shsnor_packs" and isinstance(result, str | Path) and plugin.origin != "pack":
        for name, folder in _told_packs(plugin, Path(result), findings).items():
            yield "packs", name, folder
    else:
        wrong(type(result).__name__)


def _told_packs(plugin: Plugin, folder: Path, findings: Findings) -> dict[str, Path]:
    packs = _packs_in(folder)
    if not packs:
        findings.add("SH708", plugin=plugin.name, folder=str(folder), wanted=PACK_FILE)
    return packs


def _packs_in(folder: Path) -> dict[str, Path]:
    """The packs in a folder, by name; the folder itself where it is one."""
    if (folder / PACK_FILE).is_file():
        return {folder.name: folder}
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return {entry.name: entry for entry in inside if (entry / PACK_FILE).is_file()}


def _united(plugins: list[Plugin], kind: Kind, findings: Findings) -> Mapping[str, Any]:
    """What all plugins give of a kind; a finding for each name that two give."""
    own = {"readers": OWN_SUFFIXES, "exporters": OWN_FORMATS}.get(kind, ())
    givers = dict.fromkeys(own, plugins[0])
    found: dict[str, Any] = {}
    for plugin in plugins:
        for name, value in getattr(plugin, kind).items():
            if name in givers:
                _twice(findings, kind, name, givers[name], plugin)
            givers[name], found[name] = plugin, value
    return MappingProxyType(found)


def _twice(findings: Findings, kind: Kind, name: str, first: Plugin, second: Plugin) -> None:
    def where(plugin: Plugin) -> str:
        return f"{plugin.name}: {plugin.packs[name]}" if name in plugin.packs else plugin.name

    code = "SH325" if kind == "functions" else "SH704"
    findings.add(code, kind=kind, name=name, first=where(first), second=where(second))


def _home(module: str) -> list[Path]:
    """The folder of the package that a module belongs to (not of a namespace that others share), or its one file."""
    parts = module.partition(":")[0].split(".")
    for length in range(1, len(parts) + 1):
        found = sys.modules.get(".".join(parts[:length]))
        if (file := getattr(found, "__file__", None)) is not None:
            return [Path(file).parent if hasattr(found, "__path__") else Path(file)]
    return []


def _files_digest(homes: list[Path]) -> str:
    """SHA-256 over the names and bytes of all files there, in the order of their names."""
    listed = [(file.relative_to(home.parent).as_posix(), file) for home in homes for file in (home, *home.rglob("*"))]
    whole = hashlib.sha256()
    for name, file in sorted(listed):
        if file.is_file() and "__pycache__" not in file.parts:
            content = file.read_bytes()
            whole.update(f"{name}\0{len(content)}\0".encode())
            whole.update(content)
    return whole.hexdigest()
