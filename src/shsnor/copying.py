"""One table of the outcome out of the queries of its parts, as a Parquet file whose rows stand in the parts' order.

Whatever a part says of all its rows (item, path, clause …) stands once in a table of the parts and is joined by number, in
large tables as enumerations: measured, a constant column of 5 million rows costs a tenth of what it costs written out, and
DuckDB plans the narrow union in a quarter of the time, which is what a small evaluation is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from shsnor.outcomes import OUTCOME_TABLES
from shsnor.rendering.outcome import Reason, Rows, Verdict
from shsnor.sql import literal, quote
from shsnor.store import Session

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: From so many rows on texts go as enumerations, and the union is not stored before it is joined.
LARGE = 500_000

#: Columns whose queries give an enumeration of theirs (see `rendering.outcome`).
_WORDS = {"verdict": "verdict_word", "computed": "verdict_word", "reason": "reason_word"}
#: What the names of the enumerations of an outcome's columns begin with.
_WORDS_OF = "words_"
_TEXT = re.compile(r"'(?:[^']|'')*'")
_CONSTANT = re.compile(rf"{_TEXT.pattern}|CAST\((?:NULL|-?[0-9.]+) AS [A-Z]+(?:\([0-9,]+\))?\)")


def copy_all(session: Session, tables: Mapping[str, Iterable[Rows | str]], folder: Path, entities: int) -> None:
    """Write every table to `<name>.parquet`; typed as the schema says, also where there is no row.

    entities  of the largest level: how many rows a part without dimensions has
    """
    _clear(session, tables)
    statements = [
        _statement(session, name, [p for p in parts if p], folder, entities) for name, parts in tables.items()
    ]
    # an ordered COPY keeps one core busy: two of them run side by side
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(_execute, session.cursor(), sql) for sql in statements]:
            done.result()
    _clear(session, tables)


def _clear(session: Session, tables: Iterable[str]) -> None:
    """Drop what an outcome was joined of: the next one of the session has parts of its own."""
    for name in tables:
        for made in (f"rows_{name}", f"parts_{name}"):
            session.con.execute(f"DROP TABLE IF EXISTS {quote(made)}")
    for (name,) in session.rows(f"SELECT type_name FROM duckdb_types() WHERE starts_with(type_name, '{_WORDS_OF}')"):
        session.con.execute(f"DROP TYPE {name}")


def _execute(con: DuckDBPyConnection, sql: str) -> None:
    con.execute(sql)


def _statement(session: Session, name: str, parts: list[Rows | str], folder: Path, entities: int) -> str:
    rows = [p for p in parts if isinstance(p, Rows)]
    if rows and len(rows) == len(parts):
        query = _joined(session, name, rows, large=len(rows) * entities >= LARGE)
    else:
        query = _united(name, [p for p in parts if isinstance(p, str)])
    target = literal(str(folder / f"{name}.parquet"))
    return f"COPY (\n{query}\n) TO {target} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


def _united(name: str, queries: list[str]) -> str:
    empty = ", ".join(f"CAST(NULL AS {c.type}) AS {quote(c.name)}" for c in OUTCOME_TABLES[name].columns)
    return "\nUNION ALL\n".join([f"(SELECT {empty} WHERE FALSE)", *(f"({q})" for q in queries)])


def _joined(session: Session, name: str, parts: list[Rows], *, large: bool) -> str:
    columns = OUTCOME_TABLES[name].columns
    given = {c.name: [p.columns[i] for p in parts] for i, c in enumerate(columns)}
    said = {n for n, sqls in given.items() if all(_CONSTANT.fullmatch(sql) for sql in sqls)}
    types = {c.name: c.type for c in columns}
    if large:
        types = {n: _enumeration(session, name, n, kind, given[n]) for n, kind in types.items()}
    nodes = quote(f"parts_{name}")
    session.con.execute(
        f"CREATE TABLE {nodes} (part INTEGER, {', '.join(f'{quote(n)} {types[n]}' for n in types if n in said)})"
    )
    lines = [f"({', '.join([str(k), *(given[n][k] for n in types if n in said)])})" for k in range(len(parts))]
    session.con.execute(f"INSERT INTO {nodes} VALUES {', '.join(lines)}")
    coded = {n: type(sqls[0]) for n, sqls in given.items() if all(isinstance(sql, Verdict | Reason) for sql in sqls)}
    union = []
    for k, part in enumerate(parts):
        varying = [
            f"{_in_words(sql) if n not in coded else sql} AS {quote(n)}"
            for n, sql in zip(types, part.columns, strict=True)
            if n not in said
        ]
        union.append(f"(SELECT {', '.join([f'{k}::INTEGER AS part', *varying])} {part.tail})")
    united, order = "(\n" + "\nUNION ALL\n".join(union) + "\n)", ""
    if not large:
        # of two small tables DuckDB may probe with either, and the order would be lost
        united = quote(f"rows_{name}")
        session.con.execute(f"CREATE TABLE {united} AS " + "\nUNION ALL\n".join(union))
        order = " ORDER BY u.rowid"
    shown = {n: f"{'n' if n in said else 'u'}.{quote(n)}" for n in types}
    shown |= {n: _in_words(kind(shown[n])) for n, kind in coded.items()}
    picked = ", ".join(f"CAST({shown[n]} AS {types[n]}) AS {quote(n)}" for n in types)
    return f"SELECT {picked} FROM {united} u JOIN {nodes} n ON n.part = u.part{order}"


def _in_words(sql: str) -> str:
    return sql.text() if isinstance(sql, Verdict | Reason) else sql


def _enumeration(session: Session, table: str, column: str, kind: str, given: list[str]) -> str:
    """The type of a column in the query: texts that are written in the parts go as an enumeration of theirs."""
    if kind != "VARCHAR":
        return kind
    words = {sql for sql in given if _TEXT.fullmatch(sql)}
    if len(words) and all(sql in words or _CONSTANT.fullmatch(sql) for sql in given):
        made = f"{_WORDS_OF}{table}_{column}"
        session.con.execute(f"CREATE TYPE {made} AS ENUM ({', '.join(sorted(words))})")
        return made
    return _WORDS.get(column, kind)
