"""The content of files, as a hash; that of an unchanged file is remembered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Seconds: a file that was changed so lately may change again without its times telling it.
_LATELY = 2
#: So many files are remembered.
MOST = 1000


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes.

    raises  OSError
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Contents:
    """The contents of files, remembered in a folder under their path, size, times and inode; written by `keep`."""

    folder: Path
    verify: bool = False
    _new: dict[str, dict[str, Any]] = field(default_factory=dict)
    _seen: dict[Path, dict[str, int]] = field(default_factory=dict)

    def of(self, path: Path) -> str | None:
        """The hash of a file's bytes; None where the file changes while it is looked at, or cannot be read."""
        try:
            before = self._seen[path] = _look(path)
            name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]
            if not self.verify and (known := self._known(name)) is not None and known.items() >= before.items():
                return str(known["sha256"])
            found = digest_of(path)
            if _look(path) != before:
                return None
        except OSError:
            return None
        if max(before["modified"], before["changed"]) < time.time_ns() - _LATELY * 10**9:
            self._new[name] = before | {"sha256": found}
        return found

    def unchanged(self, path: Path) -> bool:
        """Whether a file still is as it was when its content was asked for."""
        with contextlib.suppress(OSError):
            return _look(path) == self._seen.get(path)
        return False

    def keep(self) -> None:
        """Remember what was found since.

        raises  OSError
        """
        if not self._new:
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for name, known in self._new.items():
            half = self.folder / f"{name}.{secrets.token_hex(4)}"
            half.write_text(json.dumps(known), encoding="utf-8")
            os.replace(half, self.folder / f"{name}.json")
        self._new.clear()
        notes = sorted((path.stat().st_mtime, path) for path in self.folder.iterdir())
        for _, path in notes[:-MOST]:
            path.unlink(missing_ok=True)

    def _known(self, name: str) -> dict[str, Any] | None:
        with contextlib.suppress(OSError, ValueError):
            known = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
            if isinstance(known, dict) and isinstance(known.get("sha256"), str):
                return known
        return None


def _look(path: Path) -> dict[str, int]:
    """What changes with a file, but for its bytes."""
    told = path.stat()
    return {
        "size": told.st_size, "modified": told.st_mtime_ns, "changed": told.st_ctime_ns,
        "inode": told.st_ino, "device": told.st_dev,
    }  # fmt: skip
