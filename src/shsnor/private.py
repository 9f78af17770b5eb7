"""Folders of ours, among the temporary files or beside what is written, which go with the process that made them.

A process that is killed, or that loses its power, removes nothing, and rows of persons may stand there. So each folder has a
file that is locked while its process lives; whoever makes the next folder beside it removes those that nobody holds.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from shsnor.stopping import remove_folder

if sys.platform != "win32":
    import fcntl

log = logging.getLogger("shsnor")

_HELD = "in-use"
_NAME = r"shsnor-(?:outcome-)?"
_files: dict[Path, BinaryIO] = {}


def private_folder(within: Path, kind: str = "") -> Path:
    """A place for a folder that nobody has; it is not made yet, so that first somebody can see to its removal."""
    return named_folder(within, f"shsnor-{kind}")


def named_folder(within: Path, name: str) -> Path:
    """Likewise, of a name that begins so."""
    return within / f"{name}{secrets.token_hex(8)}"


def make_private(folder: Path) -> None:
    """Make the folder, for its owner only, and hold it until `remove_private` or the end of the process.

    raises  OSError where it cannot be made
    """
    folder.mkdir(mode=0o700)
    with contextlib.suppress(OSError):  # a file system without locks: it stays where the process is killed
        _files[folder] = _hold(folder)


def remove_private(folder: Path) -> None:
    """Remove the folder with all that is in it."""
    if (file := _files.pop(folder, None)) is not None:
        file.close()  # first: Windows does not remove a file that is open
    remove_folder(folder)


def remove_abandoned(within: Path, named: str = _NAME, first: Callable[[Path], object] = lambda folder: None) -> None:
    """Remove the folders of this user whose processes are gone.

    named  what their names begin with: a regular expression
    first  what is done with each before
    """
    name = re.compile(rf"(?:{named})[0-9a-f]{{16}}")
    with contextlib.suppress(OSError), os.scandir(within) as entries:
        found = [entry for entry in entries if name.fullmatch(entry.name)]
        for entry in found:
            with contextlib.suppress(OSError):  # it goes while it is looked at
                if _is_ours(entry):
                    _remove_abandoned(Path(entry.path), first)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    if not entry.is_dir(follow_symlinks=False):
        return False
    return sys.platform == "win32" or entry.stat(follow_symlinks=False).st_uid == os.geteuid()


if sys.platform == "win32":

    def _hold(folder: Path) -> BinaryIO:
        return (folder / _HELD).open("xb")

    def _remove_abandoned(folder: Path, first: Callable[[Path], object]) -> None:
        (folder / _HELD).unlink()  # refused where the file is open
        first(folder)
        _told(folder)
        remove_folder(folder)

else:

    def _hold(folder: Path) -> BinaryIO:
        unheld = folder / f"{_HELD}.new"
        file = unheld.open("xb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            unheld.rename(folder / _HELD)  # only now: nobody sees it without its lock
        except OSError:
            file.close()
            unheld.unlink()
            raise
        return file

    def _remove_abandoned(folder: Path, first: Callable[[Path], object]) -> None:
        with (folder / _HELD).open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused where somebody holds it
            first(folder)
            _told(folder)
            remove_folder(folder)


def _told(folder: Path) -> None:
    log.info("removed what a process that is gone left behind: %s", folder.name)
