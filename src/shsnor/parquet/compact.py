"""Thrift's compact protocol, in which Parquet writes what it says of its data.

A struct is a dict of numbered fields, each a pair of its kind and its value; a list is a pair of its elements' kind and them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Struct: TypeAlias = "dict[int, tuple[int, Any]]"

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, _MAP, STRUCT = range(1, 13)

_SMALL = [bytes([n]) for n in range(128)]

#: Ends a struct.
STOP = b"\x00"


def varint(n: int) -> bytes:
    """A whole number from 0 on, seven bits a byte."""
    if n < 128:
        return _SMALL[n]
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
    return _struct(data, 0)[0]


# Each reader gives what stands at a place, and the place after it: a footer has tens of thousands of numbers.


def _struct(data: bytes, at: int) -> tuple[Struct, int]:
    fields: Struct = {}
    number = 0
    while head := data[at]:
        at += 1
        kind = head & 15
        if head > 15:
            number += head >> 4
        else:
            number, at = _whole(data, at)
        value: Any
        if I16 <= kind <= I64:
            value, at = _whole(data, at)
        elif kind <= FALSE:  # of a field the kind is the truth value
            value = kind == TRUE
        else:
            value, at = _value(kind, data, at)
        fields[number] = (kind, value)
    return fields, at + 1


def _value(kind: int, data: bytes, at: int) -> tuple[Any, int]:
    if kind == BINARY:
        count, at = _varint(data, at)
        return _bytes(data, at, count)
    if kind == STRUCT:
        return _struct(data, at)
    if kind in (LIST, SET):
        head, at = data[at], at + 1
        of, count = head & 15, head >> 4
        if count == 15:
            count, at = _varint(data, at)
        values = []
        for _ in range(count):
            value, at = _value(of, data, at)
            values.append(value)
        return (of, values), at
    if I16 <= kind <= I64:
        return _whole(data, at)
    if kind in (TRUE, FALSE, BYTE):
        return data[at], at + 1
    if kind == DOUBLE:
        return _bytes(data, at, 8)
    raise ValueError(f"no kind of value: {kind}")


def _bytes(data: bytes, at: int, count: int) -> tuple[bytes, int]:
    end = at + count
    if end > len(data):
        raise IndexError(end)
    return data[at:end], end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    n = data[at]
    at += 1
    shift = 7
    while n >> shift:
        # the bit above all that was read says that more follows: it becomes the lowest bit of that
        n += (data[at] - 1) << shift
        at += 1
        shift += 7
    return n, at


def _whole(data: bytes, at: int) -> tuple[int, int]:
    n = data[at]
    at += 1
    if n > 127:
        n, at = _varint(data, at - 1)
    return n >> 1 ^ -(n & 1), at


def encode(fields: Struct, after: int = 0) -> bytes:
    """The fields of a struct as bytes, in order, without its end.

    after  number of the field before them
    """
    out = bytearray()
    for number in sorted(fields):
        kind, value = fields[number]
        step = number - after
        after = number
        if kind <= FALSE:  # of a field the kind is the truth value
            kind = TRUE if value else FALSE
        if step < 16:
            out.append(step << 4 | kind)
        else:
            out.append(kind)
            out += whole(number)
        if kind > FALSE:
            out += whole(value) if I16 <= kind <= I64 else _encoded(kind, value)
    return bytes(out)


def _encoded(kind: int, value: Any) -> bytes:
    if I16 <= kind <= I64:
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
