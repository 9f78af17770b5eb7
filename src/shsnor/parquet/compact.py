"""Thrift's compact protocol, in which Parquet writes what it says of its data.

A struct is a dict of numbered fields, each a pair of its kind and its value; a list is a pair of its elements' kind and them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Struct: TypeAlias = "dict[int, tuple[int, Any]]"

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, _MAP, STRUCT = range(1, 13)

#: Ends a struct.
STOP = b"\x00"


def varint(n: int) -> bytes:
    """A whole number from 0 on, seven bits a byte."""
    out = []
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def whole(n: int) -> bytes:
    """A whole number, as a field's value."""
    return varint(n << 1 ^ n >> 63)


def decode(data: bytes) -> Struct:
    """The struct that `data` begins with.

    raises  ValueError where it holds what the protocol does not know, IndexError where it ends too soon
    """
    return _Reader(data).struct()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def struct(self) -> Struct:
        fields: Struct = {}
        number = 0
        while head := self._byte():
            kind = head & 15
            number = number + (head >> 4) if head > 15 else self._whole()
            # of a field the kind is the truth value
            fields[number] = (kind, self._value(kind) if kind > FALSE else kind == TRUE)
        return fields

    def _value(self, kind: int) -> Any:
        if I16 <= kind <= I64:
            return self._whole()
        if kind == BINARY:
            return self._bytes(self._varint())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            head = self._byte()
            of, count = head & 15, self._varint() if head >> 4 == 15 else head >> 4
            return (of, [self._value(of) for _ in range(count)])
        if kind in (TRUE, FALSE, BYTE):
            return self._byte()
        if kind == DOUBLE:
            return self._bytes(8)
        raise ValueError(f"no kind of value: {kind}")

    def _bytes(self, count: int) -> bytes:
        self.at += count
        if self.at > len(self.data):
            raise IndexError(self.at)
        return self.data[self.at - count : self.at]

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        n = self._byte()
        shift = 7
        while n >> shift:
            # the bit above all that was read says that more follows: it becomes the lowest bit of that
            n += (self._byte() - 1) << shift
            shift += 7
        return n

    def _whole(self) -> int:
        n = self._varint()
        return n >> 1 ^ -(n & 1)


def encode(fields: Struct, after: int = 0) -> bytes:
    """The fields of a struct as bytes, in order, without its end.

    after  number of the field before them
    """
    out = bytearray()
    for number, (kind, value) in sorted(fields.items()):
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        step = number - after
        out += bytes([step << 4 | kind]) if step < 16 else bytes([kind]) + whole(number)
        if kind not in (TRUE, FALSE):
            out += _encoded(kind, value)
        after = number
    return bytes(out)


def _encoded(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return whole(value)
    if kind == BINARY:
        return varint(len(value)) + bytes(value)
    if kind == STRUCT:
        return encode(value) + STOP
    if kind in (LIST, SET):
        of, values = value
        return list_head(of, len(values)) + b"".join(_encoded(of, v) for v in values)
    return value if kind == DOUBLE else bytes([value])


def list_head(of: int, count: int) -> bytes:
    """What stands before the elements of a list."""
    return bytes([count << 4 | of]) if count < 15 else bytes([15 << 4 | of]) + varint(count)
