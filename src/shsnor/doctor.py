"""What a bug report needs to know of the machine, and what there hinders work; nothing personal: no names, no home paths."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from shsnor.errors import Finding, Findings, FindingsError, Place

GIB = 1024**3
#: Less of it is told: the engine spills to the folder for temporary files what memory does not hold.
LEAST_ROOM = 2 * GIB
LEAST_MEMORY = 2 * GIB

_CYRILLIC, _BOXES = "Ёжик", "├─│└"


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine as a bug report tells it.

    libraries        distribution -> version, "" for one that is not installed; the optional ones only where they are
    encodings        what -> name of its encoding: `output`, `files`, `names`
    memory           bytes; None where it cannot be told
    allowed          what an evaluation takes of it by default, as the engine says it: `12.8 GiB`; "" where it does not run
    threads          how many an evaluation takes by default; 0 where the engine does not run
    temp_folder      where temporary files go, without the names of persons
    temp_room        bytes free there; None where it cannot be told
    terminal         whether somebody looks at what is printed
    cyrillic, boxes  whether the encoding of the output has Russian letters, lines of trees
    plugins          installed plugins with their versions
    packs            ids of the packs that are found by name
    hindrances       what hinders work; codes SH630–SH634, and what is wrong with plugins
    """

    shsnor: str
    python: str
    bits: int
    system: str
    libraries: Mapping[str, str]
    encodings: Mapping[str, str]
    locale: str
    language: str
    time_zone: str
    cores: int
    memory: int | None
    allowed: str
    threads: int
    temp_folder: str
    temp_room: int | None
    terminal: bool
    cyrillic: bool
    boxes: bool
    plugins: tuple[str, ...]
    packs: tuple[str, ...]
    hindrances: Findings

    def data(self) -> dict[str, Any]:
        """All of it as data for JSON; of what hinders code and details."""
        found = [{"code": f.code, **f.details} for f in self.hindrances]
        return {name: value for name, value in asdict(self).items() if name != "hindrances"} | {"hindrances": found}


def examine() -> Machine:
    """This machine, looked at; nothing stays behind."""
    from shsnor import __version__

    findings = Findings()
    temp = Path(tempfile.gettempdir())
    room, memory = _room(temp), _memory()
    libraries = dict(_libraries())
    output = sys.stdout.encoding or "ascii"
    plugins, packs = _plugins(findings)
    allowed, threads = _look_for_hindrances(findings, temp, room, memory, libraries, output)
    return Machine(
        shsnor=__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        bits=64 if sys.maxsize > 2**32 else 32,
        system=f"{platform.system()} {platform.release()} {platform.machine()}".strip(),
        libraries=libraries,
        encodings={"output": output, "files": locale.getencoding(), "names": sys.getfilesystemencoding()},
        locale=".".join(part for part in locale.getlocale() if part) or "C",
        language=os.environ.get("SHSNOR_LANG", "") or "ru",
        time_zone=f"{time.tzname[time.localtime().tm_isdst > 0]} {time.strftime('%z')}",
        cores=os.cpu_count() or 1,
        memory=memory,
        allowed=allowed,
        threads=threads,
        temp_folder=nameless(temp),
        temp_room=room,
        terminal=sys.stdout.isatty(),
        cyrillic=_writes(output, _CYRILLIC),
        boxes=_writes(output, _BOXES),
        plugins=plugins,
        packs=packs,
        hindrances=findings,
    )


def nameless(path: Path) -> str:
    """A path without the names of persons: `~` for the home folder, `…` for a part that is the user's name."""
    home = Path.home()
    with suppress(OSError):
        path, home = path.resolve(), home.resolve()
    below = bool(home.name) and path.is_relative_to(home)
    parts = ["~", *path.relative_to(home).parts] if below else list(path.parts)
    names = {os.environ.get(name, "").casefold() for name in ("USER", "USERNAME", "LOGNAME")} | {home.name.casefold()}
    hidden = ["…" if part.casefold() in names - {""} else part for part in parts]
    return str(Path(*hidden))


def _libraries() -> Iterator[tuple[str, str]]:
    """(distribution, version) of what the program is made of."""
    try:
        asked = requires("shsnor") or []
    except PackageNotFoundError:  # run from a folder, without an installation
        asked = []
    extras = {"numpy", "scipy"}
    for line in asked:
        name = line.partition(";")[0]
        for sign in "[<>=!~ ":
            name = name.partition(sign)[0]
        optional = "extra ==" in line
        if optional and name not in extras:
            continue
        try:
            yield name, version(name)
        except PackageNotFoundError:
            if not optional:
                yield name, ""


def _plugins(findings: Findings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from shsnor.host import find_plugins

    try:
        host = find_plugins()
    except FindingsError as error:
        home = str(Path.home())
        for found in error.findings:
            said = {n: v.replace(home, "~") if isinstance(v, str) else v for n, v in found.details.items()}
            findings.extend([Finding(found.code, Place(), said, found.severity)])
        return (), ()
    installed = [plugin.label for plugin in host.plugins if plugin.origin == "installed"]
    return tuple(dict.fromkeys(installed)), tuple(sorted(host.packs))


def _look_for_hindrances(
    findings: Findings, temp: Path, room: int | None, memory: int | None, libraries: Mapping[str, str], output: str
) -> tuple[str, int]:
    """The memory and the threads that the engine takes, where it runs."""
    engine = ("", 0)
    missing = [name for name, found in libraries.items() if not found]
    if missing:
        findings.add("SH633", severity="warning", problem="missing", names=", ".join(missing))
    if (unwritable := _cannot_write(temp)) is not None:
        findings.add("SH630", severity="warning", folder=nameless(temp), error=unwritable)
    else:
        try:
            engine = _engine()
        except Exception as error:  # whatever a broken library raises is what is asked for
            wrong = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            findings.add("SH633", severity="warning", problem="engine", names="DuckDB", error=wrong)
    if room is not None and room < LEAST_ROOM:
        findings.add("SH631", severity="warning", folder=nameless(temp), room=_gib(room), least=_gib(LEAST_ROOM))
    if not _writes(output, _CYRILLIC):
        findings.add("SH632", severity="warning", encoding=output)
    if memory is not None and memory < LEAST_MEMORY:
        findings.add("SH634", severity="warning", memory=_gib(memory), least=_gib(LEAST_MEMORY))
    return engine


def _gib(size: int) -> str:
    return f"{size / GIB:.1f}"


def _engine() -> tuple[str, int]:
    """The memory and the threads that the engine takes by default; raises whatever a broken library does."""
    from shsnor.store import Session  # loads DuckDB

    with Session() as session:
        return session.memory_limit, int(session.row("SELECT current_setting('threads')")[0])


def _cannot_write(folder: Path) -> str | None:
    """Why no file can be made in a folder; None where it can."""
    try:
        with tempfile.TemporaryFile(dir=folder, prefix="shsnor-") as file:
            file.write(b"1")
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def _room(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _writes(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _memory() -> int | None:
    """The machine's memory in bytes, or what a container lets us have of it."""
    if sys.platform == "win32":
        import ctypes

        class Status(ctypes.Structure):
            _fields_ = (("length", ctypes.c_ulong), ("load", ctypes.c_ulong), ("sizes", ctypes.c_ulonglong * 7))

        status = Status(length=ctypes.sizeof(Status))
        known = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.sizes[0]) if known else None
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):  # "max" where there is none
            whole = min(whole, int(Path("/sys/fs/cgroup", limit).read_text()))
    return whole
