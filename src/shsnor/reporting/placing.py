"""A report put in its place: whole or not at all; an earlier one is replaced or added to, anything else is left alone."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shsnor.errors import Findings, Place, UsageError

#: The file that tells a report of ours, and its key.
MARK, KEY = "report.json", "shsnor_report"

#: Files that a system leaves in folders on its own.
_SYSTEM_FILES = {".ds_store", "desktop.ini", "thumbs.db"}


def put(folder: Path, fill: Callable[[Path], None], mark: dict[str, object], *, add: bool = False) -> Path:
    """The folder, with what `fill` wrote into a new one beside it, and the mark.

    add      `fill` is given the pages of the report that stands there, and puts its own among them; they must be of the
             same mark: pages of two evaluations, or internal ones among public ones, would be taken for one report
    raises   UsageError: SH609 something else stands there; SH602 it could not be written; then all is as it was
    """
    target = Path(os.path.realpath(folder))
    try:
        _must_be_free(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            new = workplace / "new"
            if add and _is_ours(target / MARK):
                if _read(target / MARK) != {KEY: 1, **mark}:
                    raise _refused("SH609", target, problem="another report")
                shutil.copytree(target, new)
            new.mkdir(exist_ok=True)
            fill(new)
            (new / MARK).write_text(json.dumps({KEY: 1, **mark}, ensure_ascii=False, indent=2) + "\n", "utf-8")
            _exchange(new, target, workplace / "old")
        finally:
            shutil.rmtree(workplace, ignore_errors=True)
    except OSError as error:
        raise _refused("SH602", folder, problem=str(error)) from error
    return target


def _exchange(new: Path, target: Path, aside: Path) -> None:
    there = os.path.lexists(target)
    try:
        if there:
            target.rename(aside)
        new.rename(target)
    except BaseException:  # Ctrl-C too: what is set aside would go with the workplace
        if there and not os.path.lexists(target):
            aside.rename(target)
        raise


def _must_be_free(target: Path) -> None:
    """Raises UsageError SH609 unless there is nothing at `target`, an empty folder, or a report of ours and no more."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise _refused("SH609", target, problem="a file")
    if os.path.ismount(target) or Path.cwd().is_relative_to(target):
        raise _refused("SH609", target, problem="folder in use")
    names = [entry.name for entry in target.iterdir() if entry.name.lower() not in _SYSTEM_FILES]
    if not names:
        return
    if not _is_ours(target / MARK):
        raise _refused("SH609", target, problem="not ours")
    if others := sorted(_strangers(target)):
        raise _refused("SH609", target, problem="other files", others=", ".join(others[:5]))


def _is_ours(mark: Path) -> bool:
    return KEY in _read(mark)


def _read(mark: Path) -> dict[str, object]:
    try:
        content = json.loads(mark.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _strangers(target: Path) -> list[str]:
    """What no report puts there: all that is no page of the folder or of one below it."""
    found = []
    for entry in target.rglob("*"):
        path = entry.relative_to(target)
        ours = entry.is_dir() or path.name == MARK or path.suffix == ".html"
        if not ours and path.name.lower() not in _SYSTEM_FILES:
            found.append(path.as_posix())
    return found


def _refused(code: str, path: Path, **details: Any) -> UsageError:
    findings = Findings()
    findings.add(code, Place(file=str(path)), **details)
    return UsageError(findings)
