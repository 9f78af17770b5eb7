"""Sums of rows, several of them added as one number.

Where DuckDB groups rows it takes some 10 ns a row to add to a sum, whatever is added, and a few to compute that. Counts and
sums of whole numbers are therefore digits of one word: a double that stays below 2^53, and so is exact, in any order of rows.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

#: Bits of a word that a DOUBLE holds without rounding.
WORD = 53
#: A group may have so many times the rows that an entity has on average, and more rarely.
UNEVEN = 16

_COLUMN = r'("(?:[^"]|"")*")'
_MET = re.compile(r"(?:CAST\()?count\(CASE WHEN ((?:(?! THEN 1 END\)).)*) THEN 1 END\)(?: AS BIGINT\))?")
_KNOWN = re.compile(rf"(?:CAST\()?count\({_COLUMN}\)(?: AS BIGINT\))?")
_UNKNOWN = re.compile(rf"count\(\*\) - count\({_COLUMN}\)")
_TOTAL = re.compile(rf"CAST\((?:sum\({_COLUMN}\)|coalesce\(sum\({_COLUMN}\), 0\)) AS BIGINT\)")


@dataclass(frozen=True)
class Words:
    """What the rows of a group are to be asked for.

    sums   column -> SQL over the rows of a group: words, and sums that stand alone
    taken  column that was asked for -> its SQL over these
    below  in each group fewer rows than this, else digits run into one another; 0 where there are no words
    """

    sums: Mapping[str, str]
    taken: Mapping[str, str]
    below: int = 0

    def taken_apart(self, grouped: str, keys: Sequence[str]) -> str:
        """A query of what was asked for, of one of `keys` and `sums`."""
        if not self.below:
            return grouped
        listed = [column if sql == column else f"{sql} AS {column}" for column, sql in self.taken.items()]
        return f"SELECT {', '.join([*keys, *listed])} FROM ({grouped})"

    def too_large(self, summed: str) -> str:
        """A query with a row if some group of a relation of what was asked for has too many rows."""
        return f"SELECT 1 FROM {summed} WHERE {self.below} > 0 AND rows >= {self.below} LIMIT 1"


@dataclass(frozen=True)
class _Digit:
    """A sum that may be a digit of a word.

    of     the column, in quotes, whose known values alone are added up; "" where every row is
    most   bits that the digit takes beside those of a number of rows
    added  what a row adds: SQL before and after the weight of the digit
    """

    of: str
    most: int = 0
    added: tuple[str, str] = ("", "")


def in_words(
    asked: Mapping[str, str],
    rows: int,
    entities: int,
    full: Container[str] = frozenset(),
    between: Mapping[str, tuple[int, int]] = MappingProxyType({}),
) -> Words:
    """Sums put into as few words as there can be, of groups that each are of one of so many entities.

    asked    column -> SQL over the rows of a group, `rows`, their count, among them
    full     columns, in quotes, that are nowhere NULL
    between  columns, in quotes, of whole numbers -> the smallest and the largest
    """
    largest = {column: high for column, (low, high) in between.items() if low >= 0}
    found = {column: _digit(sql, full, largest) for column, sql in asked.items()}
    wanted = {column: digit for column, digit in found.items() if digit is not None}
    digits = [*dict.fromkeys(digit for digit, _ in wanted.values())]
    bits = max(1, (UNEVEN * rows // max(1, entities)).bit_length())
    if not (gained := _gained(digits, bits)):
        return Words(asked, {column: column for column in asked})
    while _gained(digits, bits + 1) == gained:
        bits += 1
    words = [word for word in _filled(digits, bits) if len(word) > 1]
    inside = {column for column, (digit, _) in wanted.items() if any(digit in word for word in words)}
    sums = {column: sql for column, sql in asked.items() if column not in inside}
    places: dict[_Digit, str] = {}
    for number, word in enumerate(words):
        added, place = list[str](), 0
        for digit in word:
            size, (before, after) = bits + digit.most, digit.added
            added.append(f"{before}{1 << place}e0{after}")
            places[digit] = f"(word{number} >> {place}) & {(1 << size) - 1}"
            place += size
        # a group with too many rows may fit nothing; its count of rows tells of it
        sums[f"word{number}"] = f"TRY_CAST(sum({' + '.join(added)}) AS BIGINT)"
    taken = {column: column for column in asked}
    for column in inside:
        digit, (before, after) = wanted[column]
        taken[column] = f"{before}{places[digit]}{after}"
    return Words(sums, taken, 1 << bits)


def _digit(sql: str, full: Container[str], largest: Mapping[str, int]) -> tuple[_Digit, tuple[str, str]] | None:
    """What a sum is as a digit of a word, and the SQL before and after what is taken out; None where it has to stand alone."""
    if found := _MET.fullmatch(sql):
        return _Digit("", added=(f"CASE WHEN {found[1]} THEN ", " ELSE 0e0 END")), ("", "")
    if found := _KNOWN.fullmatch(sql):
        return _Digit(found[1]), ("coalesce(", ", 0)")
    if found := _UNKNOWN.fullmatch(sql):
        return _Digit(found[1]), ("rows - coalesce(", ", 0)")
    if (found := _TOTAL.fullmatch(sql)) and (column := found[1] or found[2]) in largest:
        gaps = column not in full
        digit = _Digit(column if gaps else "", largest[column].bit_length(), (f"CAST({column} AS DOUBLE) * ", ""))
        return digit, (("coalesce(", ", 0)") if gaps and found[2] else ("", ""))
    return None


def _gained(digits: Sequence[_Digit], bits: int) -> int:
    """How many sums fewer there are in words."""
    return len(digits) - len(_filled(digits, bits))


def _filled(digits: Sequence[_Digit], bits: int) -> list[list[_Digit]]:
    """The digits of each word, where a number of rows takes so many bits: each in the first word that has room."""
    words: dict[str, list[list[_Digit]]] = {}
    for digit in digits:
        alike = words.setdefault(digit.of, [])
        for word in alike:
            if sum(bits + each.most for each in [*word, digit]) <= WORD:
                word.append(digit)
                break
        else:
            alike.append([digit])
    return [word for alike in words.values() for word in alike]
