"""Column chunks: the values of one column in one row group, and where their bytes stand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shsnor.parquet.compact import STOP, Struct, decode, encode

MAGIC = b"PAR1"


class FileField:
    """Numbers of the fields of a file's metadata."""

    SCHEMA, ROWS, ROW_GROUPS = 2, 3, 4


class ElementField:
    """Numbers of the fields of a column in a file's schema."""

    TYPE, LENGTH, REPETITION, NAME, SCALE = 1, 2, 3, 4, 7


class GroupField:
    """Numbers of the fields of a row group's metadata."""

    CHUNKS, BYTES, ROWS, OFFSET, COMPRESSED = 1, 2, 3, 5, 6


class ChunkField:
    """Numbers of the fields of a column chunk's metadata."""

    TYPE, ENCODINGS, PATH, CODEC, VALUES, RAW, COMPRESSED, DATA, DICTIONARY, STATISTICS = 1, 2, 3, 4, 5, 6, 7, 9, 11, 12
    #: They point to bytes outside the chunk, or say what is nobody's concern here.
    LEFT = (8, 10, 14, 15)


_META_DATA = 3
_OPTIONAL = 1


class Chunk:
    """The values of a column in a row group.

    meta      the fields of its metadata; its offsets count from where `source` begins
    source    the file in which its bytes stand, or the bytes themselves
    type      number of the physical type
    size      bytes in the file; `raw_size` before they were compressed
    offsets   where its data pages begin, and its dictionary, if it has one; `start` the first of them
    """

    def __init__(self, meta: Struct, source: Path | bytes) -> None:
        self.meta, self.source = meta, source
        self.type, self.rows = int(meta[ChunkField.TYPE][1]), int(meta[ChunkField.VALUES][1])
        self.size, self.raw_size = int(meta[ChunkField.COMPRESSED][1]), int(meta[ChunkField.RAW][1])
        self.offsets = tuple(int(meta[n][1]) for n in (ChunkField.DATA, ChunkField.DICTIONARY) if n in meta)
        self.start = min(self.offsets)

    @cached_property
    def tail(self) -> bytes:
        """Its metadata after the offsets, to its end."""
        after = ChunkField.DICTIONARY if len(self.offsets) > 1 else ChunkField.DATA
        kept = {n: f for n, f in self.meta.items() if n > after and n not in ChunkField.LEFT}
        kept.pop(ChunkField.DICTIONARY, None)
        return encode(kept, after) + STOP

    def head(self, path: tuple[int, object]) -> bytes:
        """Its metadata before the offsets, as those of the column `path`."""
        kept = {n: f for n, f in self.meta.items() if n < ChunkField.DATA and n not in ChunkField.LEFT}
        return encode(kept | {ChunkField.PATH: path})


@dataclass(frozen=True)
class RowGroup:
    """A row group: how many rows it has, and its chunks in the order of the columns."""

    rows: int
    chunks: list[Chunk]


def footer(path: Path) -> Struct:
    """What the Parquet file at `path` says of itself.

    raises  ValueError where it is none
    """
    with path.open("rb") as file:
        file.seek(-8, os.SEEK_END)
        length, magic = int.from_bytes(file.read(4), "little"), file.read(4)
        if magic != MAGIC:
            raise ValueError(f"no Parquet file: {path.name}")
        file.seek(-8 - length, os.SEEK_END)
        return decode(file.read(length))


def columns_of(said: Struct) -> list[Struct]:
    """The columns in the schema of a file of plain columns."""
    _, elements = said[FileField.SCHEMA][1]
    return list(elements[1:])  # the first is the row itself


def row_groups(path: Path) -> list[RowGroup]:
    """The row groups of a Parquet file whose columns are plain, and may all be empty.

    raises  ValueError where it is another one
    """
    said = footer(path)
    if any(c[ElementField.REPETITION][1] != _OPTIONAL for c in columns_of(said)):
        raise ValueError(f"a column that is never empty: {path.name}")
    _, groups = said[FileField.ROW_GROUPS][1]
    return [
        RowGroup(group[GroupField.ROWS][1], [Chunk(c[_META_DATA][1], path) for c in group[GroupField.CHUNKS][1][1]])
        for group in groups
    ]
