"""Sums of a scan put together in words: whatever the rows, as each sum alone."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import duckdb
import pytest

from shsnor import adding
from shsnor.adding import Words, in_words
from shsnor.footers import given
from shsnor.rendering.given import Given, as_known
from shsnor.store import Session
from tests.cache_cases import in_place, ran, small_pack, tables

ASKED = {
    "rows": "count(*)",
    "a0": "CAST(count(CASE WHEN \"flag\" THEN 1 END) AS BIGINT)",
    "a1": 'CAST(count(CASE WHEN ("gaps" > 3 OR "few" = 2) THEN 1 END) AS BIGINT)',
    "a2": 'CAST(sum("few") AS BIGINT)',
    "a3": 'CAST(coalesce(sum("gaps"), 0) AS BIGINT)',
    "a4": 'CAST(sum("gaps") AS BIGINT)',
    "a5": 'CAST(count("gaps") AS BIGINT)',
    "a6": 'CAST(sum("none") AS BIGINT)',
    "a7": 'CAST(coalesce(sum("none"), 0) AS BIGINT)',
    "a8": 'CAST(sum("below") AS BIGINT)',
    "a9": 'max("gaps")',
    "z0": 'count(*) - count("gaps")',
    "z1": 'count(CASE WHEN "none" IS NULL THEN 1 END)',
    "wrong": "count(CASE WHEN \"few\" < 0 THEN 1 END)",
}  # fmt: skip


def _rows(folder: Path, seed: int, most: int) -> Path:
    """Rows of 30 entities: few without gaps, gaps, none known, some below 0, a truth value with gaps."""
    chance, path = random.Random(seed), folder / f"rows{seed}.parquet"
    size, large = chance.randint(1, most), chance.choice([1, 9, 2**20, 2**33])
    with duckdb.connect() as con:
        con.execute(f"SELECT setseed({seed / 100})")
        con.execute(
            f"COPY (SELECT (random() * 30)::INTEGER AS k, (random() * 9)::UTINYINT AS few, "
            f"CASE WHEN random() < 0.7 THEN (random() * {large})::BIGINT END AS gaps, NULL::INTEGER AS none, "
            "(random() * 9 - 4)::SMALLINT AS below, CASE WHEN random() < 0.8 THEN random() < 0.5 END AS flag "
            f"FROM range({size})) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
        )
    return path


def _asked(
    con: duckdb.DuckDBPyConnection, sums: dict[str, str], path: Path, words: Words | None = None
) -> list[tuple[object, ...]]:
    listed = ", ".join(f"{sql} AS {column}" for column, sql in (words.sums if words else sums).items())
    query = f"SELECT k, {listed} FROM '{path}' GROUP BY k"
    return con.execute(f"FROM ({words.taken_apart(query, ['k']) if words else query}) ORDER BY k").fetchall()


@pytest.mark.parametrize("seed", range(12))
def test_sums_in_words_are_those_of_each_sum_alone(tmp_path: Path, seed: int) -> None:
    path = _rows(tmp_path, seed, 6000)
    with Session() as session:
        known = given(session, f"read_parquet(['{path}'])")
    assert {'"few"', '"below"'} <= known.full
    with duckdb.connect() as con:
        alone = _asked(con, ASKED, path)
        most = max(int(str(row[1])) for row in alone)
        chosen = dict(random.Random(seed).sample(sorted(ASKED.items()), len(ASKED) - seed % 5)) | {"rows": "count(*)"}
        for rows in (most, 40 * most):
            words = in_words(chosen, rows, adding.UNEVEN, known.full, known.between)
            assert words.below > rows
            assert len(words.sums) < len(chosen)
            assert _asked(con, chosen, path, words) == _asked(con, chosen, path)


def test_words_are_few_and_leave_room_for_uneven_groups() -> None:
    asked = {"rows": "count(*)", **{f"a{i}": f"count(CASE WHEN c{i} THEN 1 END)" for i in range(4)}}
    words = in_words(asked, 100, 16)
    assert [*words.sums] == ["rows", "word0"]
    assert words.below == 2 ** (adding.WORD // 4), "as much as the word has room for"
    assert [*in_words(asked, 2**20, 16).sums] == ["rows", "word0", "word1"]
    assert in_words(asked, 2**40, 16) == Words(asked, {column: column for column in asked})


def test_a_group_however_large_ends_no_query() -> None:
    asked = {"rows": "count(*)", **{f"a{i}": f"count(CASE WHEN c >= {i} THEN 1 END)" for i in range(10)}}
    words = in_words(asked, 1, 1)
    assert [*words.sums] == ["rows", "word0"]
    with duckdb.connect() as con:
        listed = ", ".join(f"{sql} AS {column}" for column, sql in words.sums.items())
        found = con.execute(
            f"FROM ({words.taken_apart(f'SELECT {listed} FROM (SELECT 9 AS c FROM range(300_000))', [])})"
        )
        assert found.fetchall() == [(300_000, *[None] * 10)]
    assert words.below <= 300_000


def test_one_sum_alone_is_no_word() -> None:
    asked = {"rows": "count(*)", "a0": 'CAST(count("x") AS BIGINT)', "z0": 'count(*) - count("x")', "a1": 'sum("x")'}
    assert in_words(asked, 10, 1, between={'"x"': (0, 9)}).sums == asked


@pytest.mark.parametrize(("word", "again"), [(53, False), (4, True)])
def test_a_group_too_large_for_its_words_is_summed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, word: int, again: bool
) -> None:
    """Rows stand thirty in a cell, where two were thought to: digits would run into one another."""
    in_place(monkeypatch)
    path = tmp_path / "facts.parquet"
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT format('{:02d}', 1 + i % 3) AS school_id, 2022 AS year, 'рус' AS subject, (i % 7)::INTEGER AS taken, "
            "(i % 50)::DECIMAL(9, 2) AS score, NULL::VARCHAR AS pupil FROM range(90) r(i)"
            f") TO '{path}' (FORMAT parquet)"
        )
    pack = small_pack(tmp_path / "pack", ["all", "counted", "share"], key="[]")
    monkeypatch.setattr(adding, "WORD", 0)
    alone, _ = ran(pack, tables(path, schools=3), tmp_path / "alone")
    monkeypatch.setattr(adding, "WORD", word)
    monkeypatch.setattr(adding, "UNEVEN", 0)
    with caplog.at_level(logging.DEBUG, "shsnor"):
        found, _ = ran(pack, tables(path, schools=3), tmp_path / "words")
    texts = [record.getMessage() for record in caplog.records]
    assert any("word0" in text for text in texts)
    assert any(text.startswith("scan facts again") for text in texts) is again
    assert found == alone


def test_what_all_values_meet_is_not_asked() -> None:
    positive = 'CAST(count(CASE WHEN ("mark" > 0) THEN 1 END) AS BIGINT)'
    known = Given(between={'"mark"': (2, 5)})
    assert as_known(positive, known) == 'CAST(count("mark") AS BIGINT)'
    assert as_known(positive, Given(frozenset({'"mark"'}), between={'"mark"': (2, 5)})) == "CAST(count(*) AS BIGINT)"
    assert as_known(positive, Given(between={'"mark"': (0, 5)})) == positive
    assert as_known(positive, Given()) == positive
    assert as_known(positive.replace("> 0", "> 2"), known) == positive.replace("> 0", "> 2")


def test_the_smallest_and_largest_of_files_are_those_of_all_their_rows(tmp_path: Path) -> None:
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT (i - 3)::SMALLINT AS a, CASE WHEN i > 2100 THEN i END AS gaps, i + 0.5 AS part, 'x' AS t, "
            f"DATE '2022-01-01' + i::INTEGER AS day FROM range(5000) r(i)) TO '{one}' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
        )
        con.execute(f"COPY (SELECT 7000::INTEGER AS a, 1::BIGINT AS gaps) TO '{two}' (FORMAT parquet)")
    with Session() as session:
        assert given(session, f"read_parquet(['{one}'])").between == {'"a"': (-3, 4996), '"gaps"': (2101, 4999)}
        both = f"read_parquet(['{one}', '{two}'], union_by_name = true)"
        assert given(session, both).between == {'"a"': (-3, 7000), '"gaps"': (1, 4999)}
        assert not given(session, "(SELECT 1 AS a)").between
