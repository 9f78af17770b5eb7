"""A pack's folder, and the pack it extends -> `Pack`, with everything that is wrong in its form at once."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from shsnor.errors import Findings, PackError, Place
from shsnor.loading.folders import (
    PLUGIN_FILE,
    PackFiles,
    add_reference_tables,
    digest,
    find_base,
    find_pack,
    pack_folders,
    read_files,
    show,
)
from shsnor.loading.merging import merge, origins, unknown_documents, with_documents
from shsnor.loading.validating import STAND_INS, validate
from shsnor.pack import Document, Head, OwnPlugin, Pack
from shsnor.versions import unfit

__all__ = ["load_pack", "pack_folders", "read_pack", "rows_file"]


def load_pack(name_or_path: str | os.PathLike[str], *, trust: Collection[str] = ()) -> Pack:
    """The pack in a folder or a file, or the installed one of that name; its base is merged in.

    trust    ids of packs whose own `plugin.py` may run, this one's and those that it extends; nothing runs here: it is
             run by what needs it (`check_pack`, `make_plan`, `evaluate`), and is then what stood there when it was read
    raises   PackError with every finding of its form; what its items mean is `check_pack`'s to say
             UsageError where a name is looked up among the installed packs and a plugin is wrong
    """
    pack, findings = read_pack(name_or_path, trust=trust)
    if pack is None or findings.errors:
        raise PackError(findings)
    return pack


def read_pack(name_or_path: str | os.PathLike[str], *, trust: Collection[str] = ()) -> tuple[Pack | None, Findings]:
    """What can be read of a pack, and everything that is wrong with its form.

    A pack with findings lacks what could not be read; the places of such items stay, so that whoever goes on checking
    can tell an item that is broken (`pack.places` has it) from one that nobody wrote. None where a file or the base
    could not be read: of half a pack nothing can be said.
    """
    findings = Findings()
    path = find_pack(name_or_path, findings)
    trusted = frozenset((trust,) if isinstance(trust, str) else trust)
    if path is None:
        return None, findings
    pack = _read(path, findings, (), trusted)
    name = str(name_or_path)
    if pack is not None and pack.id != name and path.name == name and not Path(name).exists():
        findings.add("SH217", pack.place("pack/id"), name=name, found=pack.id)  # an installed one: found by its folder
    return pack, findings


def rows_file(pack: Pack, table: str) -> Path | None:
    """The CSV file of a reference table, in the folder of the pack that declares its `rows`; None where it has none."""
    rows = pack.document.tables[table].rows if table in pack.document.tables else None
    owner = pack.origin.get(f"tables/{table}/rows")
    here = next((one for one in pack.chain() if one.id == owner), None)
    return here.folder / rows if here is not None and here.folder is not None and rows is not None else None


def _read(path: Path, findings: Findings, above: tuple[Path, ...], trusted: frozenset[str]) -> Pack | None:
    files = read_files(path, findings)
    if files is None:
        return None
    if (wrong := unfit(files.data, files.places)) is not None:
        findings.extend([wrong])
        return None
    document = validate(files.data, files.places, findings)
    if document is None:
        return None
    pack = _alone(files, document, findings, trusted)
    base = None if pack.head.extends is None else _base(pack, path, findings, (*above, path.resolve()), trusted)
    if not files.whole or (base is None and pack.head.extends is not None):
        return None
    whole = pack if base is None else _over(base, pack, findings)
    unknown_documents(pack, whole.document.sources, findings)
    return whole


def _alone(files: PackFiles, document: Document, findings: Findings, trusted: frozenset[str]) -> Pack:
    """The pack without its base."""
    if document.pack is None:
        findings.add("SH202", Place(file=files.shown), key="pack")
        document = document.model_copy(update={"pack": Head.model_validate(STAND_INS["pack"])})
    if document.format is None:
        findings.add("SH202", Place(file=files.shown), key="format")
    rows = [(name, table.rows) for name, table in document.tables.items() if table.rows is not None]
    all_files = add_reference_tables(files, rows, findings)
    pack = Pack(document=document, folder=files.folder, digest=digest(all_files), places=files.places)
    document = with_documents(document, pack.place, findings)
    plugin = None
    if files.plugin is not None:
        file = files.folder / PLUGIN_FILE
        plugin = OwnPlugin(pack.id, file, show(file), files.plugin, pack.id in trusted)
    return replace(pack, document=document, origin=origins(document, pack.id), plugin=plugin)


def _base(pack: Pack, path: Path, findings: Findings, above: tuple[Path, ...], trusted: frozenset[str]) -> Pack | None:
    name, place = pack.head.extends or "", pack.place("pack/extends")
    found = find_base(name, path, findings, place)
    if found is None:
        return None
    if found.resolve() in above:
        names = [p.stem for p in above[above.index(found.resolve()) :]]
        findings.add("SH216", place, names=[*names, found.stem])
        return None
    base = _read(found, findings, above, trusted)
    if base is not None and base.id != name:
        findings.add("SH217", place, name=name, found=base.id)
    return base


def _over(base: Pack, own: Pack, findings: Findings) -> Pack:
    """The pack with its base merged in."""
    document, places, origin = merge(base, own.document, own.places, findings)
    folders = (*((base.folder,) if base.folder else ()), *base.base_folders)
    both = digest({"pack": own.digest.encode(), "base": base.digest.encode()})
    return replace(own, document=document, digest=both, places=places, origin=origin, base=base, base_folders=folders)
