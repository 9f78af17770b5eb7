"""The content of files, as a hash; that of an unchanged file is remembered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shsnor.store import Notes

#: Seconds: a file that was changed so lately may change again without its times telling it.
_LATELY = 2
#: So many files are remembered.
MOST = 1000
#: So much is remembered of one file.
MOST_FOUND = 100


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes.

    raises  OSError
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Contents(Notes):
    """The contents of files, remembered in a folder under their path, size, times and inode; written by `keep`.

    Of a file whose content was asked for, what else was found of it is remembered too.
    """

    folder: Path
    verify: bool = False
    _new: dict[Path, dict[str, Any]] = field(default_factory=dict)
    _seen: dict[Path, dict[str, int]] = field(default_factory=dict)
    _asked: dict[Path, dict[str, int]] = field(default_factory=dict)
    _found: dict[Path, set[str]] = field(default_factory=dict)

    def of(self, path: Path) -> str | None:
        """The hash of a file's bytes; None where the file changes while it is looked at, or cannot be read."""
        try:
            before = self._seen[path] = _look(path)
            known = self._known(path)
            if known is not None and known.items() >= before.items():
                self._new[path] = known
                return str(known["sha256"])
            found = digest_of(path)
            if _look(path) != before:
                return None
        except OSError:
            return None
        if max(before["modified"], before["changed"]) < time.time_ns() - _LATELY * 10**9:
            self._new[path] = before | {"sha256": found}
        return found

    def holds(self, paths: Sequence[Path], said: str) -> bool:
        """Whether something was found of unchanged files before; asked before one looks."""
        word, held = _word(said), bool(paths)
        for path in paths:
            with contextlib.suppress(OSError):
                before = self._asked.setdefault(path, _look(path))
                known = self._known(path)
                if known is not None and known.items() >= before.items() and word in known.get("found", ()):
                    continue
            held = False
        return held

    def note(self, paths: Sequence[Path], said: str) -> None:
        """Something was found of files."""
        for path in paths:
            self._found.setdefault(path, set()).add(_word(said))

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
        for path, known in self._new.items():
            asked = self._asked.get(path)
            if self._found.get(path) and asked and known.items() >= asked.items():  # else it has changed since
                known["found"] = sorted({*known.get("found", ()), *self._found[path]})[:MOST_FOUND]
            if known == self._known(path):
                continue
            half = self._file(path).with_suffix(f".{secrets.token_hex(4)}")
            half.write_text(json.dumps(known), encoding="utf-8")
            os.replace(half, self._file(path))
        self._new.clear()
        notes = sorted((path.stat().st_mtime, path) for path in self.folder.iterdir())
        for _, path in notes[:-MOST]:
            path.unlink(missing_ok=True)

    def _known(self, path: Path) -> dict[str, Any] | None:
        """What is remembered of a path, of whatever file it was."""
        if self.verify:
            return None
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(self._file(path).read_text(encoding="utf-8"))
            found = known.get("found", []) if isinstance(known, dict) else None
            if isinstance(found, list) and all(isinstance(word, str) for word in [known.get("sha256"), *found]):
                return dict(known)
        return None

    def _file(self, path: Path) -> Path:
        return self.folder / f"{_word(str(path.resolve()))}.json"


def _word(said: str) -> str:
    return hashlib.sha256(os.fsencode(said)).hexdigest()[:32]


def _look(path: Path) -> dict[str, int]:
    """What changes with a file, but for its bytes."""
    told = path.stat()
    return {
        "size": told.st_size, "modified": told.st_mtime_ns, "changed": told.st_ctime_ns,
        "inode": told.st_ino, "device": told.st_dev,
    }  # fmt: skip
