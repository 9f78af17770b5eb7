"""One table of the outcome out of the queries of its parts, as a Parquet file whose rows stand in the parts' order.

A small table is the plain UNION ALL of its parts. Of a large one, whatever a part says of all its rows (item, path, clause …)
stands once in a table of the parts and is joined by number, texts as enumerations: measured, a constant column of 5 million
rows costs a tenth of what it costs written out, and DuckDB plans the narrow union in half the time.
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

#: From so many rows on a table is put together in the large way.
LARGE = 500_000

#: Columns whose queries give an enumeration of theirs (see `rendering.outcome`).
_WORDS = {"verdict": "verdict_word", "computed": "verdict_word", "reason": "reason_word"}
_TEXT = re.compile(r"'(?:[^']|'')*'")
_CONSTANT = re.compile(rf"{_TEXT.pattern}|CAST\((?:NULL|-?[0-9.]+) AS [A-Z]+(?:\([0-9,]+\))?\)")


def copy_all(session: Session, tables: Mapping[str, Iterable[Rows | str]], folder: Path, entities: int) -> None:
    """Write every table to `<name>.parquet`; typed as the schema says, also where there is no row.

    entities  of the largest level: how many rows a part without dimensions has
    """
    statements = [
        _statement(session, name, [p for p in parts if p], folder, entities) for name, parts in tables.items()
    ]
    # an ordered COPY keeps one core busy: two of them run side by side
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(_execute, session.cursor(), sql) for sql in statements]:
            done.result()


def _execute(con: DuckDBPyConnection, sql: str) -> None:
    con.execute(sql)


def _statement(session: Session, name: str, parts: list[Rows | str], folder: Path, entities: int) -> str:
    rows = [p for p in parts if isinstance(p, Rows)]
    large = len(rows) == len(parts) and len(rows) * entities >= LARGE
    query = _joined(session, name, rows) if large else _united(name, parts)
    target = literal(str(folder / f"{name}.parquet"))
    return f"COPY (\n{query}\n) TO {target} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


def _united(name: str, parts: list[Rows | str]) -> str:
    types = {c.name: c.type for c in OUTCOME_TABLES[name].columns}
    empty = ", ".join(f"CAST(NULL AS {kind}) AS {quote(n)}" for n, kind in types.items())
    queries = [f"(SELECT {empty} WHERE FALSE)"]
    for part in parts:
        if isinstance(part, str):
            queries.append(f"({part})")
            continue
        columns = zip(types.items(), map(_in_words, part.columns), strict=True)
        picked = ", ".join(f"CAST({sql} AS {kind}) AS {quote(n)}" for (n, kind), sql in columns)
        queries.append(f"(SELECT {picked} {part.tail})")
    return "\nUNION ALL\n".join(queries)


def _joined(session: Session, name: str, parts: list[Rows]) -> str:
    columns = OUTCOME_TABLES[name].columns
    given = {c.name: [p.columns[i] for p in parts] for i, c in enumerate(columns)}
    said = {n for n, sqls in given.items() if all(_CONSTANT.fullmatch(sql) for sql in sqls)}
    types = {c.name: _enumeration(session, name, c.name, c.type, given[c.name]) for c in columns}
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
    shown = {n: f"{'n' if n in said else 'u'}.{quote(n)}" for n in types}
    shown |= {n: _in_words(kind(shown[n])) for n, kind in coded.items()}
    picked = ", ".join(f"CAST({shown[n]} AS {types[n]}) AS {quote(n)}" for n in types)
    united = "\nUNION ALL\n".join(union)
    # the union is by far the larger side: DuckDB probes with it and keeps its order
    return f"SELECT {picked} FROM (\n{united}\n) u JOIN {nodes} n ON n.part = u.part"


def _in_words(sql: str) -> str:
    return sql.text() if isinstance(sql, Verdict | Reason) else sql


def _enumeration(session: Session, table: str, column: str, kind: str, given: list[str]) -> str:
    """The type of a column in the query: texts that are written in the parts go as an enumeration of theirs."""
    if kind != "VARCHAR":
        return kind
    words = {sql for sql in given if _TEXT.fullmatch(sql)}
    if len(words) and all(sql in words or _CONSTANT.fullmatch(sql) for sql in given):
        made = f"words_{table}_{column}"
        session.con.execute(f"CREATE TYPE {made} AS ENUM ({', '.join(sorted(words))})")
        return made
    return _WORDS.get(column, kind)
