"""A report put in its place: whole or not at all; an earlier one is replaced or added to, anything else is left alone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from shsnor.errors import UsageError
from shsnor.replacing import OLD, SYSTEM_FILES, in_use, put_in_place, workplace

#: The file that tells a report of ours, and its key.
MARK, KEY = "report.json", "shsnor_report"


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
        with workplace(target) as beside:
            new = beside / "new"
            if add and _is_ours(target / MARK):
                if _read(target / MARK) != {KEY: 1, **mark}:
                    raise UsageError.of("SH609", target, problem="another report")
                shutil.copytree(target, new)
            new.mkdir(exist_ok=True)
            fill(new)
            (new / MARK).write_text(json.dumps({KEY: 1, **mark}, ensure_ascii=False, indent=2) + "\n", "utf-8")
            put_in_place(new, target, beside / OLD)
    except OSError as error:
        raise UsageError.of("SH602", folder, problem=str(error)) from error
    return target


def _must_be_free(target: Path) -> None:
    """Raises UsageError SH609 unless there is nothing at `target`, an empty folder, or a report of ours and no more."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise UsageError.of("SH609", target, problem="a file")
    if in_use(target):
        raise UsageError.of("SH609", target, problem="folder in use")
    names = [entry.name for entry in target.iterdir() if entry.name.lower() not in SYSTEM_FILES]
    if not names:
        return
    if not _is_ours(target / MARK):
        raise UsageError.of("SH609", target, problem="not ours")
    if others := sorted(_strangers(target)):
        raise UsageError.of("SH609", target, problem="other files", others=", ".join(others[:5]))


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
        if not ours and path.name.lower() not in SYSTEM_FILES:
            found.append(path.as_posix())
    return found
