"""The folder of stored sums: found by name, taken as a copy of one's own, put by a rename, the oldest removed for room.

Nothing is locked: whoever finds that a file is gone, or damaged, does without it.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from shsnor.caching.contents import Contents, digest_of
from shsnor.errors import Findings, UsageError

log = logging.getLogger("shsnor")

#: The folder's name beside an outcome, and how large it may grow where nobody says.
NAME, LIMIT = ".shsnor-cache", "2GB"
README = """\
Здесь shsnor хранит сводные суммы больших таблиц, чтобы следующий расчёт не читал те же файлы заново.
Кодов и строк учеников и педагогов здесь нет. Папку можно удалить в любое время: она будет создана снова.

Sums of large tables, kept by shsnor so that the next evaluation need not read the same files again.
No ids and no rows of pupils or teachers. The folder may be deleted at any time: it is made again.
"""

#: What the sums are made of, their columns that tell rows apart, and the bytes of the file itself.
_NAMED = re.compile(r"([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{16})\.parquet")
_HALF = ".half"
#: Seconds after which a half-written file was left by a process that is gone.
_LEFT = 3600
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*", re.IGNORECASE)


class NotKept(Exception):
    """Something cannot be stored: a finding's code and details."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


@dataclass(frozen=True)
class Cache:
    """Where sums are stored for the next evaluation; nothing is written before there is something to store.

    folder   made where it is not there
    limit    of all that is stored, as `2GB`: what was not used for longest goes first
    verify   look at the content of every file again, also of one that seems unchanged
    raises   UsageError where the limit is no size
    """

    folder: Path
    limit: str = LIMIT
    verify: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", Path(self.folder))
        if _SIZE.fullmatch(str(self.limit)) is None:
            wrong = Findings()
            wrong.add("SH425", name="limit", value=str(self.limit))
            raise UsageError(wrong)

    @property
    def most(self) -> int:
        """The limit in bytes."""
        found = _SIZE.fullmatch(self.limit)
        assert found is not None
        return int(float(found[1]) * _UNITS[found[2].upper()])

    def contents(self) -> Contents:
        """The contents of input files that were looked at before."""
        return Contents(self.folder / "files", self.verify)

    def find(self, base: str) -> Iterator[tuple[Path, str]]:
        """The files of sums of a content, and their columns that tell rows apart; the last stored first."""
        found = [(path, name) for path, name in _listed(self._sums) if name[1] == base]
        for path, name in sorted(found, key=lambda each: -_time(each[0])):
            yield path, name[2]

    def take(self, path: Path, own: Path) -> bool:
        """Have a stored file at a place of one's own; False where it is gone, or is not as it was written."""
        name = _NAMED.fullmatch(path.name)
        try:
            try:
                os.link(path, own)  # it stays, whoever removes it
            except OSError:
                shutil.copyfile(path, own)
            if name is None or digest_of(own)[:16] != name[3]:
                log.info("stored sums are damaged, and made again: %s", path.name)
                own.unlink()
                path.unlink()
                return False
            with contextlib.suppress(OSError):
                os.utime(path)
        except OSError as error:
            log.info("stored sums cannot be read: %s", error)
            return False
        return True

    def used(self, base: str) -> None:
        """Sums of a content served, though nobody read them: they do not go first."""
        for path, _ in self.find(base):
            with contextlib.suppress(OSError):
                os.utime(path)

    def put(self, file: Path, base: str, keys: str) -> None:
        """Store a file of sums in place of others of the same content and keys.

        raises  NotKept where the folder cannot be written, or the file is larger than the limit
        """
        size = file.stat().st_size
        if size > self.most:
            raise NotKept("SH552", size=-(-size // 10**6), limit=self.limit)
        target = self._sums / f"{base}-{keys}-{digest_of(file)[:16]}.parquet"
        half = self._sums / f"{secrets.token_hex(8)}{_HALF}"
        try:
            self.make()
            self._make_room(size)
            shutil.copyfile(file, half)
            os.replace(half, target)
            for path, name in _listed(self._sums):
                if (name[1], name[2]) == (base, keys) and path != target:
                    path.unlink(missing_ok=True)
        except OSError as error:
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)
            raise not_written(self.folder, error) from error

    def make(self) -> None:
        """The folder, for its owner only, with a file that says what it is.

        raises  OSError where it cannot be made, or is another user's
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "geteuid") and self.folder.stat().st_uid != os.geteuid():
            raise PermissionError(errno.EACCES, "Permission denied: another user's folder")
        self._sums.mkdir(mode=0o700, exist_ok=True)
        if not (told := self.folder / "README.txt").exists():
            told.write_text(README, encoding="utf-8")

    @property
    def _sums(self) -> Path:
        return self.folder / "sums"

    def _make_room(self, size: int) -> None:
        """Remove what was not used for longest until so much more has room; and what a broken-off process left."""
        stored = [(_time(path), path.stat().st_size, path) for path, _ in _listed(self._sums)]
        too_many = sum(each[1] for each in stored) + size - self.most
        for _, freed, path in sorted(stored):
            if too_many <= 0:
                break
            path.unlink(missing_ok=True)
            too_many -= freed
        for half in self._sums.glob(f"*{_HALF}"):
            if _time(half) < time.time() - _LEFT:
                half.unlink(missing_ok=True)


CacheArg: TypeAlias = "Cache | Path | str | None"


def as_cache(given: CacheArg) -> Cache | None:
    """The cache in a folder; None where the caller wants none."""
    return Cache(Path(given)) if isinstance(given, str | Path) else given


def _listed(folder: Path) -> list[tuple[Path, re.Match[str]]]:
    try:
        return [(path, name) for path in folder.iterdir() if (name := _NAMED.fullmatch(path.name))]
    except OSError:
        return []


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has just removed it
        return 0.0


def not_written(folder: Path, error: OSError) -> NotKept:
    """A folder that cannot be written, as a finding."""
    return NotKept("SH551", folder=folder.name, reason=error.strerror or str(error))
