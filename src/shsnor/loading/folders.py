"""Where packs are: those that come with the package, and the files of one pack."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shsnor.documents import Written, cyrillic_keys, read_yaml_file
from shsnor.errors import Findings, Place, Places, nearest
from shsnor.host import PACK_FILE, find_plugins

#: A pack's own code, beside `pack.yaml`.
PLUGIN_FILE = "plugin.py"


@dataclass(frozen=True, slots=True)
class PackFiles:
    """A pack's files as written, their sections united.

    folder   where its reference tables and plugin are
    data     section -> what stands in it
    files    name relative to the folder -> bytes, with LF line ends
    whole    whether every YAML file could be read
    plugin   the bytes of its `plugin.py` as they are; None where it has none
    """

    folder: Path
    shown: str
    data: dict[str, Any]
    places: Places
    files: Mapping[str, bytes]
    whole: bool
    plugin: bytes | None = None


def pack_folders() -> Mapping[str, Path]:
    """The installed packs by name: those that come with the package, and those of plugins.

    raises  UsageError where a plugin is wrong, or two packs have one name
    """
    return find_plugins().packs


def find_pack(name_or_path: str | os.PathLike[str], findings: Findings, place: Place | None = None) -> Path | None:
    """The folder or file of a pack given by its path, or by its name among those that are installed."""
    path = Path(name_or_path)
    if path.is_file() and path.name == PACK_FILE:
        return path.resolve().parent
    if path.is_file() or (path / PACK_FILE).is_file():
        return path
    installed = pack_folders()
    name = str(name_or_path)
    if name in installed:
        return installed[name]
    if path.is_dir():
        others = sorted(p.name for p in path.iterdir() if p.suffix in (".yaml", ".yml"))
        findings.add("SH206", place or Place(file=show(path)), wanted=PACK_FILE, there=others or None)
    else:
        findings.add("SH205", place or Place(), name=name, nearest=nearest(name, installed), known=sorted(installed))
    return None


def find_base(name: str, path: Path, findings: Findings, place: Place) -> Path | None:
    """The pack that the one at `path` extends: a folder or file beside it, else an installed one."""
    home = path.resolve().parent
    if (home / name / PACK_FILE).is_file():
        return home / name
    if (home / f"{name}.yaml").is_file():
        return home / f"{name}.yaml"
    installed = pack_folders()
    if name in installed:
        return installed[name]
    known = {*installed, *(file.parent.name for file in home.glob(f"*/{PACK_FILE}") if file.parent != path.resolve())}
    findings.add("SH205", place, name=name, nearest=nearest(name, known), known=sorted(known))
    return None


def read_files(path: Path, findings: Findings) -> PackFiles | None:
    """All YAML files of a pack, united; an id that stands in two files is a finding. None where nothing was read."""
    folder = path if path.is_dir() else path.parent
    paths = sorted(folder.glob("*.yaml"), key=lambda p: (p.name != PACK_FILE, p.name)) if path.is_dir() else [path]
    data: dict[str, Any] = {}
    places = Places()
    files: dict[str, bytes] = {}
    for file in paths:
        written, found = read_yaml_file(file, show(file))
        findings.extend(found)
        if written is not None:
            findings.extend(cyrillic_keys(written))
            _unite(data, places, written, findings)
            files[file.name] = _lines(file)
    whole = len(files) == len(paths)
    plugin = _own_plugin(folder) if path.is_dir() else None
    if plugin is not None:
        files[PLUGIN_FILE] = _with_line_feeds(plugin)
    return PackFiles(folder, show(path), data, places, files, whole, plugin) if data else None


def _own_plugin(folder: Path) -> bytes | None:
    file = folder / PLUGIN_FILE
    return file.read_bytes() if file.is_file() else None


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes, in the order of the names."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode())
        whole.update(files[name])
    return whole.hexdigest()


def add_reference_tables(pack: PackFiles, names: Iterable[tuple[str, str]], findings: Findings) -> dict[str, bytes]:
    """The pack's files with the CSV files of its reference tables; `names` are pairs of a table and its `rows`."""
    files = dict(pack.files)
    for table, rows in names:
        place = pack.places.get(f"tables/{table}/rows#") or Place(file=pack.shown, key=f"tables.{table}.rows")
        file = (pack.folder / rows).resolve()
        if not file.is_relative_to(pack.folder.resolve()):
            findings.add("SH208", place, rows=rows)
        elif not file.is_file():
            there = {p.relative_to(pack.folder).as_posix() for p in pack.folder.glob("**/*.csv")}
            findings.add("SH207", place, rows=rows, nearest=nearest(rows, there))
        else:
            files[file.relative_to(pack.folder.resolve()).as_posix()] = _lines(file)
    return files


def show(path: Path) -> str:
    """A path as findings show it: from the working folder where it lies below that."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return str(path)


def _lines(file: Path) -> bytes:
    return _with_line_feeds(file.read_bytes())


def _with_line_feeds(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _unite(data: dict[str, Any], places: Places, written: Written, findings: Findings) -> None:
    """Add one file's sections: mappings by id, lists end to end; all else may stand in one file only."""
    moved: dict[str, str] = {}
    for section, value in written.data.items():
        known = data.get(section)
        if known is None:
            data[section] = value
        elif isinstance(known, dict) and isinstance(value, dict) and section != "pack":
            for name, item in value.items():
                key = f"{section}/{name}"
                if name in known:
                    findings.add("SH209", written.places[key], name=name, first=_where(places[key]))
                else:
                    known[name] = item
        elif isinstance(known, list) and isinstance(value, list):
            moved.update({f"{section}/{n}": f"{section}/{n + len(known)}" for n in range(len(value))})
            known.extend(value)
        elif section != "format" or value != known:
            findings.add("SH209", written.places[section], name=section, first=_where(places[section]))
    for path, spot in written.places.spots.items():
        if moved:
            plain = "/".join(path.split("/", 2)[:2])
            path = moved[plain] + path[len(plain) :] if plain in moved else path
        places.spots.setdefault(path, spot)


def _where(place: Place) -> str:
    return f"{place.file}:{place.line}"
