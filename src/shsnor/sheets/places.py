"""Where a file is put: whole or not at all, and beside the one that is open in another program."""

from __future__ import annotations

import contextlib
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

#: Characters of a name made of a title: paths have their limits.
_LONGEST_NAME = 100

#: Windows takes these for devices, whatever stands after a dot.
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]")

#: So many numbered names are tried: beyond it the folder itself cannot be written to.
_MOST_NAMES = 100


def free_place(path: Path) -> Path:
    """`path` if a file can be put there, else the first of `NAME (2).xlsx`, `NAME (3).xlsx` … that can.

    A file that is open in Excel on Windows cannot be replaced. Tried is the renaming of a file to its own name.
    """
    return next((place for place in _names(path) if not place.exists() or _replaceable(place)), path)


def beside(path: Path) -> Path:
    """The first of `NAME (2).xlsx`, `NAME (3).xlsx` … that is not there yet."""
    return next((place for place in _names(path) if place != path and not place.exists()), path)


def put(path: Path, write: Callable[[BinaryIO], None]) -> Path:
    """The file that now holds what `write` wrote: `path`, or the first free name beside it. A reader never sees half of it.

    raises   OSError where nothing can be put there; then what stood there stands
    """
    temporary = path.with_name(f".shsnor-{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            write(file)
        return _moved(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def safe_names(titles: Iterable[str]) -> list[str]:
    """A file name without suffix for each title, unlike the others, that Windows takes too; Cyrillic stays."""
    taken: set[str] = set()
    found = []
    for title in titles:
        plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', " ", title)
        plain = " ".join(plain.split())[:_LONGEST_NAME].rstrip(". ") or "без названия"
        if _RESERVED.fullmatch(plain.partition(".")[0].rstrip()):
            plain = f"_{plain}"
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain} ({number})"
        taken.add(name.casefold())
        found.append(name)
    return found


def _moved(temporary: Path, path: Path) -> Path:
    """Where the file stands now. A lock shows itself only when one tries; then the next name is tried."""
    refused: PermissionError | None = None
    for place in _names(path):
        if place.exists() and not _replaceable(place):
            continue
        try:
            os.replace(temporary, place)
            return place
        except PermissionError as error:
            refused = error
            if not place.exists():
                break  # not the file is locked, the folder is
    raise refused or PermissionError(13, "Permission denied", str(path))


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, _MOST_NAMES):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")


def _replaceable(path: Path) -> bool:
    # What Excel leaves beside a workbook that it has open, seen over a network too; and LibreOffice's.
    if path.with_name(f"~${path.name}").exists() or path.with_name(f".~lock.{path.name}#").exists():
        return False
    try:
        os.replace(path, path)
        with path.open("r+b"):
            return True
    except OSError:
        return False
