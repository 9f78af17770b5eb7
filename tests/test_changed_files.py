"""Rows that stay in files are those that were read: a file that changes under an evaluation ends it, with nothing mixed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shsnor.errors import DataError
from shsnor.evaluating import Workspace, evaluate
from shsnor.pack import Pack
from shsnor.scanning import Scanner
from tests.cache_cases import contents, facts, in_place, ran, small_pack, tables
from tests.test_cache import parquet_in


@pytest.fixture(autouse=True)
def rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    in_place(monkeypatch)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small_pack(tmp_path / "pack", ["share", "all"])


def more(path: Path) -> None:
    facts(path, 2022, rows="('01', 2021, 'рус', 11, 40.5, 'p')")


def told(asked: Callable[[], Any]) -> list[tuple[str, str | None, str]]:
    with pytest.raises(DataError) as caught:
        asked()
    return [(f.code, f.place.file, f.details["reason"]) for f in caught.value.findings]


@pytest.mark.parametrize("change", [more, Path.unlink, lambda path: path.write_bytes(b"PAR1")])
@pytest.mark.parametrize("cached", [True, False])
def test_a_file_that_changes_before_its_scan_ends_the_evaluation(
    tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], Any], cached: bool
) -> None:
    one, other = facts(tmp_path / "a.parquet", 2021), facts(tmp_path / "b.parquet", 2022)
    scan = Scanner.scan

    def changed(self: Scanner, *asked: Any) -> Any:
        change(other)
        return scan(self, *asked)

    monkeypatch.setattr(Scanner, "scan", changed)
    cache = tmp_path / "cache" if cached else None
    assert told(lambda: evaluate(pack, tables(one, other), as_of=2022, cache=cache)) == [
        ("SH411", "b.parquet", "changed")
    ]
    assert not parquet_in(tmp_path / "cache"), "and nothing of it is stored"


def test_nor_are_its_stored_sums_taken_for_those_of_the_file_that_was_read(
    tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = facts(tmp_path / "a.parquet", 2022), tmp_path / "cache"
    held = path.read_bytes()
    more(path)
    ran(pack, tables(path), tmp_path / "1", cache=cache)
    other = path.read_bytes()
    path.write_bytes(held)
    scan = Scanner.scan

    def changed(self: Scanner, *asked: Any) -> Any:
        path.write_bytes(other)
        return scan(self, *asked)

    monkeypatch.setattr(Scanner, "scan", changed)
    assert told(lambda: evaluate(pack, tables(path), as_of=2022, cache=cache)) == [("SH411", "a.parquet", "changed")]


def test_a_workspace_does_not_sum_other_rows_than_it_read(tmp_path: Path, pack: Pack) -> None:
    path, fewer = facts(tmp_path / "a.parquet", 2022), small_pack(tmp_path / "fewer", ["share"])
    alone, _ = ran(pack, tables(path), tmp_path / "alone")
    with Workspace(tables(path)) as workspace:
        workspace.evaluate(pack, as_of=2022).close()
        more(path)
        with workspace.evaluate(pack, as_of=2022) as again:  # of the sums that it has
            assert contents(again, tmp_path / "again") == alone
        assert told(lambda: workspace.evaluate(fewer, as_of=2022)) == [("SH411", "a.parquet", "changed")]


def test_nor_where_what_was_stored_has_gone(tmp_path: Path, pack: Pack) -> None:
    path, cache, by_subject = (
        facts(tmp_path / "a.parquet", 2022),
        tmp_path / "cache",
        small_pack(tmp_path / "by", ["all"]),
    )
    ran(by_subject, tables(path), tmp_path / "0", cache=cache)
    ran(pack, tables(path), tmp_path / "1", cache=cache)
    with Workspace(tables(path), cache=cache) as workspace:
        workspace.evaluate(pack, as_of=2022).close()
        for stored in parquet_in(cache):
            stored.unlink()
        more(path)
        for _ in range(2):
            assert told(lambda: workspace.evaluate(by_subject, as_of=2022)) == [("SH411", "a.parquet", "changed")]
        assert told(lambda: workspace.evaluate(pack, as_of=2022)) == [("SH411", "a.parquet", "changed")]
