"""A Parquet file written row group by row group, each of column chunks that stand elsewhere."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from shsnor.parquet.chunks import MAGIC, Chunk, ElementField, FileField, GroupField, RowGroup, columns_of, footer
from shsnor.parquet.compact import BINARY, I64, LIST, STOP, STRUCT, Struct, encode, list_head, whole

#: Before the metadata of a chunk: that they stand nowhere else, and that a struct follows.
_BEFORE_META = encode({2: (I64, 0)}) + bytes([1 << 4 | STRUCT])

#: Before each of a chunk's offsets: a field two after the one before it, a whole number.
_OFFSET = bytes([2 << 4 | I64])


class Stitched:
    """The file at `path`, with the schema of the file `like`; a context manager, whole after it.

    elements  the columns of the schema, by name
    """

    def __init__(self, path: Path, like: Path) -> None:
        self.path, self.said = path, footer(like)
        columns = columns_of(self.said)
        self.elements: dict[str, Struct] = {c[ElementField.NAME][1].decode(): c for c in columns}
        self._paths = [(LIST, (BINARY, [name.encode()])) for name in self.elements]
        self._types = [c[ElementField.TYPE][1] for c in columns]
        self._open = ExitStack()
        self._sources: dict[Path, BinaryIO] = {}
        self._heads: dict[tuple[int, Chunk], bytes] = {}
        self._groups: list[bytes] = []
        self._rows = self._at = 0

    def __enter__(self) -> Stitched:
        self._file = self._open.enter_context(self.path.open("wb"))
        self._at = self._file.write(MAGIC)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._open:
            if error is None:
                self._finish()

    def add(self, group: RowGroup) -> None:
        """Write a row group: a chunk for each column, in the schema's order.

        raises  ValueError where the chunks are not of the columns' types or of so many rows
        """
        if [c.type for c in group.chunks] != self._types or any(c.rows != group.rows for c in group.chunks):
            raise ValueError("chunks of other columns or rows")
        start = at = self._at
        written, described = [], []
        for column, chunk in enumerate(group.chunks):
            written.append(self._bytes(chunk))
            described.append(self._described(column, chunk, at - chunk.start))
            at += chunk.size
        self._file.write(b"".join(written))
        self._at = at
        rest: Struct = {
            GroupField.BYTES: (I64, sum(c.raw_size for c in group.chunks)),
            GroupField.ROWS: (I64, group.rows),
            GroupField.OFFSET: (I64, start),
            GroupField.COMPRESSED: (I64, at - start),
        }
        chunks = bytes([GroupField.CHUNKS << 4 | LIST]) + list_head(STRUCT, len(described)) + b"".join(described)
        self._groups.append(chunks + encode(rest, after=GroupField.CHUNKS) + STOP)
        self._rows += group.rows

    def _bytes(self, chunk: Chunk) -> bytes:
        if isinstance(chunk.source, bytes):
            return chunk.source
        source = self._source(chunk.source)
        source.seek(chunk.start)
        return source.read(chunk.size)

    def _described(self, column: int, chunk: Chunk, moved: int) -> bytes:
        """The metadata of a chunk whose bytes now stand so much further on."""
        head = self._heads.get((column, chunk))
        if head is None:
            head = self._heads[column, chunk] = _BEFORE_META + chunk.head(self._paths[column])
        offsets = [_OFFSET + whole(at + moved) for at in chunk.offsets]
        return b"".join((head, *offsets, chunk.tail, STOP))

    def _source(self, path: Path) -> BinaryIO:
        if path not in self._sources:
            self._sources[path] = self._open.enter_context(path.open("rb"))
        return self._sources[path]

    def _finish(self) -> None:
        said = self.said | {FileField.ROWS: (I64, self._rows)}
        before = encode({n: f for n, f in said.items() if n < FileField.ROW_GROUPS})
        groups = bytes([1 << 4 | LIST]) + list_head(STRUCT, len(self._groups)) + b"".join(self._groups)
        rest = {n: f for n, f in said.items() if n > FileField.ROW_GROUPS}
        text = before + groups + encode(rest, after=FileField.ROW_GROUPS) + STOP
        self._file.write(text + len(text).to_bytes(4, "little") + MAGIC)
