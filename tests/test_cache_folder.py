"""The folder of stored sums: what it holds, what it remembers of files, what goes first."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from shsnor.caching import Cache, contents
from shsnor.caching.contents import Contents
from shsnor.errors import UsageError

BASE, KEYS = "0" * 32, "1" * 16


def put(cache: Cache, folder: Path, base: str, size: int, used: int) -> None:
    """Store a file of a size, last used so many seconds after 1970."""
    file = folder / "file.parquet"
    file.write_bytes(os.urandom(size))
    cache.put(file, base, KEYS)
    ((path, _),) = cache.find(base)
    os.utime(path, (used, used))


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit="3KB")
    bases = [str(n) * 32 for n in range(4)]
    for n, base in enumerate(bases[:3]):
        put(cache, tmp_path, base, 1000, used=1000 + n)
    ((oldest, _),) = cache.find(bases[0])
    assert cache.take(oldest, tmp_path / "own"), "used again, it is the newest"
    put(cache, tmp_path, bases[3], 900, used=2000)
    assert [bool(list(cache.find(base))) for base in bases] == [True, False, True, True]


def test_another_file_of_the_same_sums_takes_the_place_of_the_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    for size in (10, 20):
        put(cache, tmp_path, BASE, size, used=1000)
    ((path, keys),) = cache.find(BASE)
    assert path.stat().st_size == 20 and keys == KEYS


def test_what_is_not_ours_in_the_folder_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit="1KB")
    (tmp_path / "cache" / "sums").mkdir(parents=True)
    (tmp_path / "cache" / "sums" / "letter.parquet").write_bytes(b"x" * 5000)
    for n in range(3):
        put(cache, tmp_path, str(n) * 32, 900, used=1000 + n)
    assert (tmp_path / "cache" / "sums" / "letter.parquet").exists()
    assert list(cache.find("2" * 32)) and not list(cache.find("1" * 32))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of this kind")
def test_the_folder_is_for_its_owner_only_and_says_what_it_is(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.make()
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert "shsnor" in (tmp_path / "cache" / "README.txt").read_text(encoding="utf-8")


def test_a_limit_that_is_no_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Cache(tmp_path, limit="much")


def test_the_content_of_an_unchanged_file_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, folder = tmp_path / "file", tmp_path / "files"
    file.write_bytes(b"one")
    monkeypatch.setattr(contents, "_LATELY", -3600)  # as if it had been written long ago
    first = Contents(folder)
    found = first.of(file)
    first.keep()
    monkeypatch.setattr(contents, "digest_of", lambda path: "read again")
    assert Contents(folder).of(file) == found
    assert Contents(folder, verify=True).of(file) == "read again"
    told = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))
    if sys.platform != "win32":  # there no time tells it; `--verify` does
        assert Contents(folder).of(file) == "read again", "of the same size and time, but changed"
    file.write_bytes(b"three")
    assert Contents(folder).of(file) == "read again"


def test_a_file_changed_a_moment_ago_is_not_remembered(tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "files"
    file.write_bytes(b"one")
    first = Contents(folder)
    assert first.of(file) is not None
    first.keep()
    assert not folder.exists()


def test_what_was_found_of_an_unchanged_file_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other, folder = tmp_path / "file", tmp_path / "other", tmp_path / "files"
    file.write_bytes(b"one")
    other.write_bytes(b"two")
    monkeypatch.setattr(contents, "_LATELY", -3600)

    def looked(*said: str, at: list[Path], verify: bool = False) -> list[bool]:
        notes = Contents(folder, verify)
        held = [notes.holds(at, each) for each in said]
        for each in said:
            notes.note(at, each)
        for path in at:
            notes.of(path)
        notes.keep()
        return held

    assert looked("clean", at=[file]) == [False]
    assert looked("clean", "full", at=[file]) == [True, False]
    assert looked("clean", "full", at=[file]) == [True, True]
    assert looked("clean", at=[file, other]) == [False], "not of both files"
    assert looked("clean", at=[file, other]) == [True]
    assert looked("clean", at=[file], verify=True) == [False]
    file.write_bytes(b"three")
    assert looked("clean", at=[file]) == [False]
    assert not Contents(folder).holds([], "clean") and not Contents(folder).holds([tmp_path / "nowhere"], "clean")


def test_what_was_found_of_a_file_that_changed_meanwhile_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder = tmp_path / "file", tmp_path / "files"
    file.write_bytes(b"one")
    monkeypatch.setattr(contents, "_LATELY", -3600)
    notes = Contents(folder)
    assert not notes.holds([file], "clean")
    notes.note([file], "clean")
    file.write_bytes(b"another")
    assert notes.of(file) is not None
    notes.keep()
    assert not Contents(folder).holds([file], "clean")


@pytest.mark.parametrize(
    "note", ["", "[]", "{", '{"sha256": 1}', '{"sha256": "1", "found": 1}', '{"sha256": "1", "found": [1]}']
)
def test_a_note_that_is_damaged_counts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str) -> None:
    file, folder = tmp_path / "file", tmp_path / "files"
    file.write_bytes(b"one")
    monkeypatch.setattr(contents, "_LATELY", -3600)
    first = Contents(folder)
    found = first.of(file)
    first.keep()
    (kept,) = folder.iterdir()
    kept.write_text(note, encoding="utf-8")
    assert Contents(folder).of(file) == found


def test_a_file_that_cannot_be_read_has_no_content(tmp_path: Path) -> None:
    assert Contents(tmp_path).of(tmp_path / "nowhere") is None
