"""Large tables of the outcome, put together out of blocks: of 25 columns of an explanation's part most say the same of all its
rows, and the others are often columns of other parts too.

Columns of the same rows are one *block*, written once, wide. A part's columns are chunks of blocks, copied, or chunks of one
value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from shsnor.making import GROUP
from shsnor.outcomes import OUTCOME_TABLES
from shsnor.parquet import Chunk, RowGroup, Stitched, constant, row_groups
from shsnor.rendering.outcome import Reason, Rows, Verdict, reason_text, verdict_text
from shsnor.sql import literal, quote
from shsnor.store import PARQUET, Session
from shsnor.terms import BIT

#: DuckDB keeps a row group in the memory until it is written: so many bytes at most.
_BYTES = 64_000_000
#: What DuckDB counts rows by.
_VECTOR = 2_048
#: Bytes of a value in the memory, by the kind of its column.
_WIDTHS = {"BIGINT": 8, "BOOLEAN": 1, "DECIMAL(18,3)": 8, "verdict": 1, "reason": 2}
_WIDEST = 16

#: A table of one row: the list of what each sum of bits of reasons is in words.
_REASONS = "words_of_reasons"

_TEXT = r"'(?:[^']|'')*'"
_NAME = r'"(?:[^"]|"")*"'
_CONSTANT = re.compile(rf"({_TEXT})|CAST\((?:NULL|(-?[0-9.]+)) AS ([A-Z]+(?:\([0-9,]+\))?)\)")
_AS_IT_STANDS = re.compile(r"p\.(\w+)")
_SIDE_BY_SIDE = re.compile(rf"FROM {_NAME} \w+(?: POSITIONAL JOIN {_NAME} \w+)*\s*")
_TABLE = re.compile(rf"({_NAME}) (\w+)")
_ALIAS = re.compile(rf"{_TEXT}|{_NAME}|\b([A-Za-z_]\w*)\.(?=[\w\"])")

_Place: TypeAlias = "tuple[_Block, int]"


def constant_of(sql: str) -> re.Match[str] | None:
    """A match, where the SQL of a column is a text (group 1), a number (2) or NULL (neither) of a type (3), of all rows."""
    return _CONSTANT.fullmatch(sql)


def in_words(sql: str) -> str:
    """The SQL of a column as it is shown."""
    return sql.text() if isinstance(sql, Verdict | Reason) else sql


def empty_columns(name: str) -> str:
    """The SQL of a table's columns, each NULL of its type."""
    return ", ".join(f"CAST(NULL AS {c.type}) AS {quote(c.name)}" for c in OUTCOME_TABLES[name].columns)


@dataclass(eq=False)
class _Block:
    """Columns of the same rows, written into one file.

    tail     SQL after the columns
    columns  SQL and kind: the type; `verdict`, `reason`; a text may be an enumeration, which is written in an eighth of the time
    width    bytes of a row in the memory
    """

    file: Path
    tail: str
    columns: list[tuple[str, str]] = field(default_factory=list)
    width: int = 0

    def add(self, sql: str, kind: str) -> int:
        """The place of a new column."""
        self.columns.append((sql, kind))
        self.width += _WIDTHS.get(kind, _WIDEST)
        return len(self.columns) - 1

    def query(self) -> str:
        """The SQL of its columns."""
        given = ", ".join(f"{_given(sql, kind)} AS c{i}" for i, (sql, kind) in enumerate(self.columns))
        # DuckDB knows nothing of the united rows: else it would declare columns without NULL as REQUIRED, and write them so
        nothing = ", ".join("NULL" for _ in self.columns)
        rows = f"(SELECT {given} {self.tail})\nUNION ALL SELECT {nothing} FROM range(0)"
        if any(kind == "reason" for _, kind in self.columns):
            # the words as an expression cost DuckDB more to plan than to compute
            shown = ", ".join(
                f"w.words[b.c{i} + 1]" if kind == "reason" else f"b.c{i}" for i, (_, kind) in enumerate(self.columns)
            )
            rows = f"SELECT {shown} FROM (\n{rows}\n) b, {_REASONS} w"
        return rows


def _given(sql: str, kind: str) -> str:
    if kind == "verdict":
        return verdict_text(sql)
    if kind == "reason":
        return f"coalesce({sql}, 0)"
    return sql if kind == "VARCHAR" else f"CAST({sql} AS {kind})"


class Blocks:
    """Tables of an outcome whose columns are written block by block into `private`, and then put together.

    First every table is added, then all statements are run, then `write`.

    entities  most rows that a table of a step has which keeps no dimensions
    files     tables that stand in files, each in one row group: their columns are chunks already
    """

    def __init__(self, session: Session, private: Path, entities: int, files: Mapping[str, Path]) -> None:
        self.session, self.private, self.entities = session, private, entities
        self._blocks: list[_Block] = []
        self._last: dict[str, _Block] = {}
        self._standing = {f"FROM {quote(name)} p": _Standing(session, name, file) for name, file in files.items()}
        self._places: dict[tuple[str, str, str], _Place] = {}
        self._tables: dict[str, list[list[_Place | str]]] = {}

    def add(self, name: str, parts: list[Rows]) -> None:
        """A table, of these parts."""
        types = [column.type for column in OUTCOME_TABLES[name].columns]
        self._tables[name] = [
            [
                sql if _is_constant(sql, type) else self._place(part.tail, sql, type)
                for sql, type in zip(part.columns, types, strict=True)
            ]
            for part in parts
        ]

    def _place(self, tail: str, sql: str, type: str) -> _Place:
        """Where a column with values of its own stands."""
        kind = {Verdict: "verdict", Reason: "reason"}.get(sql.__class__, type)
        whole = self._is_whole(tail)
        tail, sql = _of_one_table(tail.strip(), sql) if whole else (tail, str(sql))
        key = (tail, sql, kind)
        if key not in self._places:
            if whole and (found := self._as_it_stands(tail, sql, kind)):
                self._places[key] = found
                return found
            block = self._last.get(tail)
            if block is None or (whole and block.width * self.entities > _BYTES):
                block = self._last[tail] = _Block(self.private / f"block{len(self._blocks)}.parquet", tail)
                self._blocks.append(block)
            self._places[key] = block, block.add(sql, kind)
        return self._places[key]

    def statements(self) -> list[str]:
        """What writes the files that the tables are put together of; in any order, also side by side."""
        if not self._tables:
            return []
        word, sums = f"CAST({reason_text('r')} AS reason_word)", sum(BIT.values()) + 1
        words = f"SELECT list({word} ORDER BY r) AS words FROM range({sums}) bits(r)"
        self.session.con.execute(f"CREATE OR REPLACE TABLE {_REASONS} AS {words}")
        like = [_copy(f"SELECT {empty_columns(name)} WHERE FALSE", self._like(name), _VECTOR) for name in self._tables]
        longest_first = sorted(self._blocks, key=lambda block: -block.width)
        copies = (_copy(block.query(), block.file, self._rows_of_group(block)) for block in longest_first)
        return [*copies, *like]

    def _as_it_stands(self, tail: str, sql: str, kind: str) -> _Place | None:
        """The place of a column that stands in a file as it is shown."""
        standing, column = self._standing.get(tail), _AS_IT_STANDS.fullmatch(sql)
        if standing is None or column is None:
            return None
        place = standing.columns.get((column[1], kind))
        return None if place is None else (standing.block, place)

    def _is_whole(self, tail: str) -> bool:
        """Whether these are whole tables side by side, small enough for one row group: then so is each of them alone."""
        return self.entities <= GROUP and _SIDE_BY_SIDE.fullmatch(tail) is not None

    def _rows_of_group(self, block: _Block) -> int:
        if self._is_whole(block.tail):
            return GROUP
        return max(1, min(GROUP, _BYTES // block.width) // _VECTOR) * _VECTOR

    def write(self, folder: Path) -> None:
        """Every table, to `<name>.parquet`."""
        groups = {block: row_groups(block.file) for block in dict.fromkeys(b for b, _ in self._places.values())}
        for name, parts in self._tables.items():
            with Stitched(folder / f"{name}.parquet", self._like(name)) as file:
                constants = _Constants(file)
                for columns in parts:
                    blocks = dict.fromkeys(c[0] for c in columns if not isinstance(c, str))
                    for side_by_side in zip(*(groups[block] for block in blocks), strict=True):
                        group = dict(zip(blocks, side_by_side, strict=True))
                        rows = side_by_side[0].rows
                        file.add(RowGroup(rows, [
                            constants.of(i, c, rows) if isinstance(c, str) else group[c[0]].chunks[c[1]]
                            for i, c in enumerate(columns)
                        ]))  # fmt: skip

    def _like(self, name: str) -> Path:
        return self.private / f"like_{name}.parquet"


def _is_constant(sql: str, type: str) -> bool:
    """Whether a column has one value, which needs no rounding to be of this type."""
    found = constant_of(sql)
    return found is not None and (found[2] is None or found[3] == type)


def _of_one_table(tail: str, sql: str) -> tuple[str, str]:
    """The tail and the SQL of a column which looks at one of the tables that stand side by side in `tail`."""
    tables = {alias: table for table, alias in _TABLE.findall(tail)}
    aliases = {alias for alias in _ALIAS.findall(sql) if alias}
    if len(aliases) != 1 or not aliases <= tables.keys():
        return tail, str(sql)
    (alias,) = aliases
    return f"FROM {tables[alias]} p", _ALIAS.sub(lambda found: "p." if found[1] else found[0], sql)


class _Standing:
    """A table that stands in a file.

    block    its columns, as a block that need not be written
    columns  name and type -> place
    """

    def __init__(self, session: Session, name: str, file: Path) -> None:
        self.block = _Block(file, "")
        self.columns = {column: i for i, column in enumerate(session.described(quote(name)))}


class _Constants:
    """The chunks of one value of a file, each made once."""

    def __init__(self, file: Stitched) -> None:
        self.elements = list(file.elements.values())
        self.made: dict[tuple[int, str, int], Chunk] = {}

    def of(self, column: int, sql: str, rows: int) -> Chunk:
        """The chunk of a column in which all rows have the value that `sql` says."""
        key = (column, sql, rows)
        if key not in self.made:
            found = constant_of(sql)
            text, number = found.group(1, 2) if found else (None, None)
            value = text[1:-1].replace("''", "'") if text else Decimal(number) if number else None
            self.made[key] = constant(value, self.elements[column], rows)
        return self.made[key]


def _copy(query: str, file: Path, rows_of_group: int) -> str:
    options = f"{PARQUET}, WRITE_BLOOM_FILTER false, ROW_GROUP_SIZE {rows_of_group}"
    return f"COPY (\n{query}\n) TO {literal(str(file))} ({options})"
