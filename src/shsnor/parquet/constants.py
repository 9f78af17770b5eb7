"""A column chunk in which every row has the same value: a dictionary of one, or no value at all."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from shsnor.parquet.chunks import Chunk, ChunkField, ElementField
from shsnor.parquet.compact import BINARY, I32, I64, LIST, STOP, STRUCT, TRUE, Struct, encode, varint

_INT64, _BYTE_ARRAY, _FIXED = 2, 6, 7
_PLAIN, _RLE, _BY_DICTIONARY = 0, 3, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
_UNCOMPRESSED = 0

#: Python's own has 28 digits, a column 38.
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)

#: Longer texts have no smallest and largest in the metadata.
_LONGEST = 256


def constant(value: str | Decimal | None, element: Struct, rows: int) -> Chunk:
    """The chunk of `rows` rows with this value, or none of them with any, of an optional column.

    element  the column in the schema: of texts, of whole or decimal numbers of 8 or 16 bytes; a decimal is rounded to its
             places, half up
    raises   ValueError where the column is of another type
    """
    kind = int(element[ElementField.TYPE][1])
    # levels tell which rows have a value: here all or none; then which of the dictionary's values, here always the first
    levels = varint(rows << 1) + bytes([value is not None])
    body = len(levels).to_bytes(4, "little") + levels
    if value is None:
        page = _page(_DATA_PAGE, 5, body, rows, _PLAIN)
        return _chunk(kind, [_PLAIN, _RLE], rows, b"", page, {3: (I64, rows)})
    plain = _plain(value, kind, element)
    dictionary = _page(_DICTIONARY_PAGE, 7, _with_length(plain) if kind == _BYTE_ARRAY else plain, 1, _PLAIN)
    page = _page(_DATA_PAGE, 5, body + b"\x01" + varint(rows << 1) + b"\x00", rows, _BY_DICTIONARY)
    statistics: Struct = {3: (I64, 0)}
    if len(plain) <= _LONGEST:
        statistics |= {5: (BINARY, plain), 6: (BINARY, plain), 7: (TRUE, True), 8: (TRUE, True)}
    return _chunk(kind, [_PLAIN, _RLE, _BY_DICTIONARY], rows, dictionary, page, statistics)


def _plain(value: str | Decimal, kind: int, element: Struct) -> bytes:
    if isinstance(value, str) and kind == _BYTE_ARRAY:
        return value.encode()
    if isinstance(value, Decimal) and kind in (_INT64, _FIXED):
        scaled = value.scaleb(int(element.get(ElementField.SCALE, (I32, 0))[1]), _EXACT)
        whole = int(scaled.to_integral_value(context=_EXACT))
        if kind == _INT64:
            return whole.to_bytes(8, "little", signed=True)
        return whole.to_bytes(int(element[ElementField.LENGTH][1]), "big", signed=True)
    raise ValueError(f"no such constant: {value!r} in a column of type {kind}")


def _with_length(plain: bytes) -> bytes:
    return len(plain).to_bytes(4, "little") + plain


def _page(kind: int, field: int, body: bytes, values: int, encoding: int) -> bytes:
    said: Struct = {1: (I32, values), 2: (I32, encoding)}
    if kind == _DATA_PAGE:
        said |= {3: (I32, _RLE), 4: (I32, _RLE)}
    header: Struct = {1: (I32, kind), 2: (I32, len(body)), 3: (I32, len(body)), field: (STRUCT, said)}
    return encode(header) + STOP + body


def _chunk(kind: int, encodings: list[int], rows: int, dictionary: bytes, page: bytes, statistics: Struct) -> Chunk:
    size = len(dictionary) + len(page)
    meta: Struct = {
        ChunkField.TYPE: (I32, kind),
        ChunkField.ENCODINGS: (LIST, (I32, encodings)),
        ChunkField.CODEC: (I32, _UNCOMPRESSED),
        ChunkField.VALUES: (I64, rows),
        ChunkField.RAW: (I64, size),
        ChunkField.COMPRESSED: (I64, size),
        ChunkField.DATA: (I64, len(dictionary)),
        ChunkField.STATISTICS: (STRUCT, statistics),
    }
    if dictionary:
        meta[ChunkField.DICTIONARY] = (I64, 0)
    return Chunk(meta, dictionary + page)
