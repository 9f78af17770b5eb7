"""What stands at a place replaced by something new: by two renames, so that a reader sees the one or the other, whole."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from shsnor.private import make_private, named_folder, remove_abandoned, remove_private

#: Files that a system leaves in folders on its own: they make no folder somebody else's.
SYSTEM_FILES = frozenset({".ds_store", "desktop.ini", "thumbs.db"})

#: The name of what is set aside in a workplace.
OLD = "old"

#: How often a rename that Windows refuses is tried again, and the pause in seconds: a virus scanner lets go soon.
_TRIES, _PAUSE = 10, 0.1


def in_use(folder: Path) -> bool:
    """Whether no rename can replace a folder: it is mounted, or the working folder lies in it."""
    return os.path.ismount(folder) or Path.cwd().is_relative_to(folder)


@contextlib.contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """A folder beside `target`, so that a rename between them is one step; removed in the end.

    Those of processes that were killed go first; what one of them had set aside, and put nothing in its place, comes back.
    """
    name = f".{target.name}."
    remove_abandoned(target.parent, re.escape(name), lambda left: _bring_back(left / OLD, target))
    folder = named_folder(target.parent, name)
    make_private(folder)
    try:
        yield folder
    finally:
        remove_private(folder)


def _bring_back(aside: Path, target: Path) -> None:
    if os.path.lexists(target) or not os.path.lexists(aside):
        return
    if (log := Path(f"{aside}.wal")).exists():
        log.rename(f"{target}.wal")
    aside.rename(target)


def put_in_place(new: Path, target: Path, aside: Path) -> None:
    """Rename `new` to `target`; what stood there goes `aside` first, and comes back if the second rename fails."""
    there = os.path.lexists(target)
    if (log := Path(f"{target}.wal")).exists():  # DuckDB would replay it into the new file
        _rename(log, Path(f"{aside}.wal"))
    try:
        if there:
            _rename(target, aside)
        _rename(new, target)
    except BaseException:  # Ctrl-C too: what is set aside would go with the workplace
        if there and not os.path.lexists(target):
            _rename(aside, target)
        raise


def _rename(source: Path, target: Path) -> None:
    for last in [False] * (_TRIES - 1) + [True]:
        try:
            source.rename(target)
            return
        except PermissionError:
            if last:
                raise
            time.sleep(_PAUSE)
