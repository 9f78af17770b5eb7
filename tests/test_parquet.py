"""Large tables of the outcome, put together out of column chunks: the same rows as a plain COPY gives, for every reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shsnor import blocks, copying
from shsnor.errors import DataError
from shsnor.outcomes import OUTCOME_TABLES
from shsnor.parquet import RowGroup, Stitched, constant, row_groups
from shsnor.parquet.compact import BINARY, BYTE, DOUBLE, I16, I32, I64, LIST, STOP, STRUCT, TRUE, Struct, decode, encode
from shsnor.rendering.outcome import Reason, Rows, Verdict, enumerations
from shsnor.store import Session

LONG = "Пояснение, которое длиннее страницы. " * 150

#: Rows of all that may stand in a step's table; `i` counts them.
STEP = """
SELECT i AS e, 'школа ' || lpad((i // {years})::VARCHAR, 7, '0') AS key, 2010 + i % {years} AS y,
CASE WHEN hash(i) % 7 = 0 THEN NULL ELSE ((hash(i) % 2000000)::BIGINT - 1000000) / 1000 END AS v,
CASE WHEN hash(i, 5) % 3 = 0 THEN NULL ELSE 'текст' || i END AS t,
CASE WHEN hash(i, 4) % 2 = 0 THEN (hash(i) % 50)::BIGINT END AS n,
CASE hash(i, 1) % 3 WHEN 0 THEN true WHEN 1 THEN false END AS b,
(CASE WHEN hash(i, 2) % 5 = 0 THEN hash(i, 3) % 512 ELSE 0 END)::USMALLINT AS r
FROM range({rows}) AS numbers(i)
"""
TABLES = {"side": (3_000, 1), "other": (3_000, 1), "years": (9_000, 3)}


def explanation(item: str, tail: str, a: str = "p") -> Rows:
    """A part of the explanation: constants of every type, columns of every type."""
    return Rows(
        [
            "'school'", f"{a}.key", f"'it''em {item}'", "''", f"'{{' || {a}.y || '}}'", "'leaf'", "'показатель'",
            f"CAST({a}.v AS DECIMAL(38,9))", f"{a}.t", f"CAST({a}.v AS DECIMAL(18,3))", "CAST(-12.5 AS DECIMAL(18,3))",
            f"{a}.n", f"CASE WHEN {a}.b THEN 'x.b p.v' ELSE '' END", "CAST(-99999999999999999999.123456789 AS DECIMAL(38,9))",
            f"'{LONG if item == 'b' else 'порог'}'", "'number'", "CAST(7 AS BIGINT)", "CAST(NULL AS BIGINT)",
            Verdict(f"{a}.b"), Reason(f"{a}.r"), "''",
            f"CASE WHEN {a}.b THEN 'unknown'::verdict_word ELSE ''::verdict_word END", "'Приказ'", "'п. 1'", "'stated'",
        ],
        tail,
    )  # fmt: skip


def flag(name: str, tail: str) -> Rows:
    return Rows(
        ["'school'", "p.key", f"'{name}'", "'Признак'", Verdict("p.b"), Reason("p.r"), "''", "''", "''", "'[]'", "TRUE",
         "coalesce(p.b, FALSE)", "''", "''", "'stated'"],
        tail,
    )  # fmt: skip


SIDE_BY_SIDE = 'FROM "side" p POSITIONAL JOIN "other" x '
PARTS: dict[str, list[Rows]] = {
    "criterion_results": [
        explanation("a", SIDE_BY_SIDE),
        explanation("b", SIDE_BY_SIDE, "x"),
        explanation("none", 'FROM "side" p WHERE p.e < 0'),
        explanation("c", 'FROM "years" p JOIN "side" x ON x.key = p.key WHERE p.y <> 2011 ORDER BY p.e, p.y'),
        explanation("d", 'FROM "years" p ORDER BY p.e, p.y'),
        explanation("a again", SIDE_BY_SIDE),
    ],
    "flags": [flag("low", 'FROM "side" p ORDER BY p.e'), flag("high", 'FROM "side" p ')],
}


def session(threads: int = 2, tables: Mapping[str, tuple[int, int]] = TABLES) -> Session:
    made = Session({"threads": threads})
    for _, sql in enumerations():
        made.con.execute(sql)
    for name, (rows, years) in tables.items():
        made.con.execute(f"CREATE TABLE {name} AS {STEP.format(rows=rows, years=years)}")
    return made


def copied(made: Session, parts: Mapping[str, list[Rows]], name: str, entities: int) -> Path:
    """The folder of the tables, in the session's own."""
    folder = made.folder / name
    folder.mkdir()
    copying.copy_all(made, parts, folder, entities)
    return folder


@pytest.fixture(scope="module")
def files() -> Iterator[tuple[Path, Path]]:
    """The same tables: put together out of chunks, several row groups where the rows are many; and by a COPY."""
    with session() as made, pytest.MonkeyPatch.context() as patch:
        plain = copied(made, PARTS, "plain", 1)
        patch.setattr(copying, "LARGE", 1)
        patch.setattr(blocks, "_BYTES", 2_048 * 150)
        yield copied(made, PARTS, "stitched", 3_000), plain


def read(file: Path, sql: str = "FROM '{}'") -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(sql.format(file)).fetchall()


@pytest.mark.parametrize("table", PARTS)
def test_rows_their_order_and_types_are_those_of_a_plain_copy(files: tuple[Path, Path], table: str) -> None:
    stitched, plain = (folder / f"{table}.parquet" for folder in files)
    assert len(read(plain)) == {"criterion_results": 24_000, "flags": 6_000}[table]
    assert read(stitched) == read(plain)
    described = "SELECT column_name, column_type FROM (DESCRIBE FROM '{}')"
    assert read(stitched, described) == read(plain, described)
    assert len(read(stitched, "SELECT DISTINCT row_group_id FROM parquet_metadata('{}')")) > len(PARTS[table]) - 1


def rows_by(library: str, file: Path) -> list[tuple[Any, ...]]:
    if library == "polars":
        polars = pytest.importorskip("polars")
        return list(polars.read_parquet(file).rows())
    parquet = pytest.importorskip("pyarrow.parquet")
    return list(zip(*(column.to_pylist() for column in parquet.read_table(file).columns), strict=True))


@pytest.mark.parametrize("library", ["pyarrow", "polars"])
@pytest.mark.parametrize("table", PARTS)
def test_other_readers_read_the_same(files: tuple[Path, Path], table: str, library: str) -> None:
    assert rows_by(library, files[0] / f"{table}.parquet") == read(files[1] / f"{table}.parquet")


def test_another_reader_finds_the_metadata_whole(files: tuple[Path, Path]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    said = parquet.read_metadata(files[0] / "criterion_results.parquet")
    assert said.num_rows == sum(said.row_group(i).num_rows for i in range(said.num_row_groups)) == 24_000
    schema = parquet.read_schema(files[0] / "criterion_results.parquet")
    plain = parquet.read_schema(files[1] / "criterion_results.parquet")
    assert [(f.name, f.type) for f in schema] == [(f.name, f.type) for f in plain]


def test_no_two_chunks_share_bytes_and_none_is_left_over(files: tuple[Path, Path]) -> None:
    """There are readers which refuse chunks that overlap."""
    file = files[0] / "criterion_results.parquet"
    chunks = read(
        file,
        "SELECT least(data_page_offset, coalesce(dictionary_page_offset, data_page_offset)) AS start, total_compressed_size"
        " FROM parquet_metadata('{}') ORDER BY start",
    )
    ends = [start + size for start, size in chunks]
    (footer,) = read(file, "SELECT footer_size FROM parquet_file_metadata('{}')")
    assert [start for start, _ in chunks] == [4, *ends[:-1]]
    assert ends[-1] == file.stat().st_size - footer[0] - 8


def test_row_groups_tell_which_item_they_hold(files: tuple[Path, Path]) -> None:
    """So that a question about one item or path reads its row groups alone."""
    said = read(
        files[0] / "criterion_results.parquet",
        "SELECT DISTINCT stats_min_value, stats_max_value, stats_null_count FROM parquet_metadata('{}')"
        " WHERE path_in_schema = 'item' ORDER BY ALL",
    )
    assert said == [(f"it'em {i}",) * 2 + (0,) for i in ("a", "a again", "b", "c", "d")]
    nulls = (
        "SELECT DISTINCT stats_null_count = num_values FROM parquet_metadata('{}') WHERE path_in_schema = 'left_out'"
    )
    assert read(files[0] / "criterion_results.parquet", nulls) == [(True,)]


def test_a_table_without_rows_has_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "LARGE", 0)
    with session() as made:
        folder = copied(made, {"criterion_results": PARTS["criterion_results"][2:3], "flags": []}, "none", 0)
        for name in ("criterion_results", "flags"):
            assert read(folder / f"{name}.parquet") == []
            names = read(folder / f"{name}.parquet", "SELECT column_name FROM (DESCRIBE FROM '{}')")
            assert [n for (n,) in names] == list(OUTCOME_TABLES[name].names)


def test_the_bytes_do_not_depend_on_threads_nor_on_the_order_of_rows() -> None:
    """Parts of several row groups, sorted by their own queries."""
    big = {"big": (130_000, 3), "side": (50_000, 1)}
    seen = set()
    for threads in (1, 2, 4):
        with session(threads, big) as made:
            made.con.execute(f"CREATE TABLE mixed AS FROM big ORDER BY hash(e, {threads})")
            parts = [explanation("a", "FROM mixed p ORDER BY p.e, p.y"), explanation("c", 'FROM "side" p ')]
            parts.append(explanation("d", "FROM mixed p JOIN side x ON x.key = p.key ORDER BY p.e, p.y"))
            file = copied(made, {"criterion_results": parts}, "out", 200_000) / "criterion_results.parquet"
            seen.add(file.read_bytes())
            out_of_order = (
                "SELECT count(*) FROM (SELECT (item, entity, dimensions) AS k, lag(k) OVER () AS before FROM '{}')"
            )
            assert read(file, out_of_order + " WHERE k < before") == [(0,)]
    assert len(seen) == 1


def test_what_parts_have_in_common_is_written_once(tmp_path: Path) -> None:
    with session() as made:
        together = blocks.Blocks(made, tmp_path, 3_000, {})
        together.add("criterion_results", [explanation("a", SIDE_BY_SIDE, "x"), explanation("b", 'FROM "other" p ')])
        together.add("flags", [flag("low", 'FROM "other" p ')])
        assert sum(sql.count("p.key AS") for sql in together.statements()) == 1


def test_a_wide_block_is_several_files_of_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept in the memory at a time does not grow with the pack."""
    many = [explanation(f"i{k}", f'FROM "side" p POSITIONAL JOIN "t{k % 3}" x ', "px"[k % 2]) for k in range(12)]
    with session(tables=TABLES | {f"t{k}": (3_000, 1) for k in range(3)}) as made:
        plain = copied(made, {"criterion_results": many}, "plain", 1) / "criterion_results.parquet"
        monkeypatch.setattr(copying, "LARGE", 1)
        monkeypatch.setattr(blocks, "_BYTES", 3_000 * 40)
        stitched = copied(made, {"criterion_results": many}, "stitched", 3_000) / "criterion_results.parquet"
        assert read(stitched) == read(plain)


def column(file: Path, sql: str) -> list[RowGroup]:
    """Row groups of one column, which may be empty."""
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {sql} AS a UNION ALL SELECT NULL FROM range(0)) TO '{file}' (FORMAT parquet)")
    return row_groups(file)


@pytest.mark.parametrize(
    ("type", "values"),
    [
        ("VARCHAR", ["", "it's", "Школа № 1", LONG]),
        ("BIGINT", [Decimal(0), Decimal(-1), Decimal(2**63 - 1)]),
        ("DECIMAL(18,3)", [Decimal("0.001"), Decimal("-999999999999999.999")]),
        (
            "DECIMAL(38,9)",
            [Decimal("1e-9"), Decimal("-12345678901234567890.5"), Decimal("99999999999999999999999999999")],
        ),
        ("BOOLEAN", []),
    ],
)
@pytest.mark.parametrize("rows", [1, 127, 128, 20_000])
def test_a_chunk_of_one_value(tmp_path: Path, type: str, values: list[Any], rows: int) -> None:
    like = tmp_path / "like.parquet"
    column(like, f"CAST(NULL AS {type})")
    with Stitched(tmp_path / "out.parquet", like) as file:
        (element,) = file.elements.values()
        for value in [*values, None]:
            file.add(RowGroup(rows, [constant(value, element, rows)]))
    assert [a for (a,) in read(tmp_path / "out.parquet")] == [v for v in [*values, None] for _ in range(rows)]


def test_a_chunk_of_one_value_is_of_the_column_s_type(tmp_path: Path) -> None:
    column(tmp_path / "like.parquet", "CAST(NULL AS BIGINT)")
    with Stitched(tmp_path / "out.parquet", tmp_path / "like.parquet") as file, pytest.raises(ValueError, match="BIG"):
        constant("BIG", file.elements["a"], 1)


def test_only_chunks_that_fit_are_put_together(tmp_path: Path) -> None:
    """Else a file would come out that other readers take for damaged."""
    ((text, number), other) = (
        (column(tmp_path / "a", "'x'") + column(tmp_path / "b", "1")),
        column(tmp_path / "c", "'y'"),
    )
    with Stitched(tmp_path / "out.parquet", tmp_path / "a") as file:
        for chunks, rows in ((number.chunks, 1), (text.chunks, 2)):
            with pytest.raises(ValueError, match="other columns or rows"):
                file.add(RowGroup(rows, chunks))
        file.add(text)
        file.add(other[0])
    assert read(tmp_path / "out.parquet") == [("x",), ("y",)]
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path / 'never'}' (FORMAT parquet)")
    with pytest.raises(ValueError, match="never empty: never"):
        row_groups(tmp_path / "never")
    (tmp_path / "text").write_text("a Parquet file this is not")
    with pytest.raises(ValueError, match="no Parquet file: text"):
        row_groups(tmp_path / "text")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    groups = column(tmp_path / "a", "'x'")
    full = Stitched(Path("/dev/full"), tmp_path / "a")
    with Session() as made, pytest.raises(DataError) as told, made.during("write"), full as file:
        file.add(groups[0])
    assert [f.code for f in told.value.findings] == ["SH511"]


def test_structs_are_read_as_they_were_written() -> None:
    inner: Struct = {1: (I16, -3), 40: (BINARY, b"x" * 300), 41: (TRUE, False)}
    many: Struct = {
        1: (I32, 0), 2: (I64, -(2**63)), 3: (I64, 2**63 - 1), 20: (LIST, (I32, list(range(-10, 10)))), 21: (TRUE, True),
        22: (STRUCT, inner), 23: (LIST, (STRUCT, [inner, {}])), 24: (BYTE, 200), 25: (DOUBLE, b"12345678"), 26: (LIST, (I32, [])),
    }  # fmt: skip
    written = encode(many) + STOP
    found = decode(written)
    # a truth value's kind is its value
    assert found.pop(21)[1] is True and found[22][1].pop(41)[1] is False
    assert found[22][1] == {n: f for n, f in inner.items() if n != 41}
    assert {n: f for n, f in found.items() if n not in (22, 23)} == {
        n: f for n, f in many.items() if n not in (21, 22, 23)
    }
    for end in range(len(written)):
        with pytest.raises((IndexError, ValueError)):
            decode(written[:end])
