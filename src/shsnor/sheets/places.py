"""Where a file may be put when the one that stands there is open in another program."""

from __future__ import annotations

import os
from pathlib import Path


def free_place(path: Path) -> Path:
    """`path` if a file can be put there, else the first of `NAME (2).xlsx`, `NAME (3).xlsx` … that can.

    A file that is open in Excel on Windows cannot be replaced. Tried is the renaming of a file to its own name.
    """
    number, place = 1, path
    while place.exists() and not _replaceable(place):
        number += 1
        place = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return place


def _replaceable(path: Path) -> bool:
    owner = path.with_name(
        f"~${path.name}"
    )  # what Excel leaves beside a workbook that it has open, seen over a network too
    if owner.exists() or path.with_name(f".~lock.{path.name}#").exists():  # LibreOffice's
        return False
    try:
        os.replace(path, path)
        with path.open("r+b"):
            return True
    except OSError:
        return False
