"""One table of the outcome out of the queries of its parts, as a Parquet file whose rows stand in the parts' order.

A small table is one COPY: whatever a part says of all its rows (item, path, clause …) stands once in a table of the parts and
is joined by number, for DuckDB plans the narrow union in a quarter of the time. Of a large one each column is written once,
however many parts show it (see `blocks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from shsnor.blocks import Blocks, constant_of, empty_columns, in_words
from shsnor.outcomes import OUTCOME_TABLES
from shsnor.rendering.outcome import Reason, Rows, Verdict
from shsnor.sql import literal, quote
from shsnor.store import PARQUET, Session, side_by_side

#: From so many rows on a table is put together out of blocks.
LARGE = 500_000


def copy_all(
    session: Session,
    tables: Mapping[str, Iterable[Rows | str]],
    folder: Path,
    entities: int,
    files: Mapping[str, Path] = MappingProxyType({}),
) -> None:
    """Write every table to `<name>.parquet`; typed as the schema says, also where there is no row.

    entities  of the largest level: how many rows a part without dimensions has
    files     tables that stand in Parquet files, each in one row group
    """
    with TemporaryDirectory(prefix="blocks-", dir=session.folder) as private:
        blocks, statements, made = Blocks(session, Path(private), entities, files), [], list[str]()
        for name, given in tables.items():
            parts = list(given)
            rows = [p for p in parts if isinstance(p, Rows)]
            if len(rows) * entities >= LARGE:
                blocks.add(name, rows)
                continue
            united = _united(name, [p for p in parts if isinstance(p, str) and p])
            query = _joined(session, name, rows, made) if rows else united
            statements.append(f"COPY (\n{query}\n) TO {literal(str(folder / f'{name}.parquet'))} ({PARQUET})")
        side_by_side(partial(_execute, session, sql) for sql in blocks.statements())
        side_by_side([partial(blocks.write, folder), *(partial(_execute, session, sql) for sql in statements)])
    for name in made:  # the next outcome of the session has parts of its own
        session.con.execute(f"DROP TABLE {quote(name)}")


def _execute(session: Session, sql: str) -> None:
    session.cursor().execute(sql)


def _united(name: str, queries: list[str]) -> str:
    return "\nUNION ALL\n".join([f"(SELECT {empty_columns(name)} WHERE FALSE)", *(f"({q})" for q in queries)])


def _joined(session: Session, name: str, parts: list[Rows], made: list[str]) -> str:
    """The query of a small table, from two tables of the session that are added to `made`."""
    columns = OUTCOME_TABLES[name].columns
    given = {c.name: [p.columns[i] for p in parts] for i, c in enumerate(columns)}
    said = {n for n, sqls in given.items() if all(constant_of(sql) for sql in sqls)}
    made += [f"parts_{name}", f"rows_{name}"]
    nodes, stored = quote(f"parts_{name}"), quote(f"rows_{name}")
    types = ", ".join(f"{quote(c.name)} {c.type}" for c in columns if c.name in said)
    session.con.execute(f"CREATE OR REPLACE TABLE {nodes} (part INTEGER, {types})")
    lines = [
        f"({', '.join([str(k), *(sqls[k] for n, sqls in given.items() if n in said)])})" for k in range(len(parts))
    ]
    session.con.execute(f"INSERT INTO {nodes} VALUES {', '.join(lines)}")
    coded = {n: type(sqls[0]) for n, sqls in given.items() if all(isinstance(sql, Verdict | Reason) for sql in sqls)}
    union = []
    for k, part in enumerate(parts):
        varying = [
            f"{sql if n in coded else in_words(sql)} AS {quote(n)}"
            for n, sql in zip(given, part.columns, strict=True)
            if n not in said
        ]
        union.append(f"(SELECT {', '.join([f'{k}::INTEGER AS part', *varying])} {part.tail})")
    # stored, for of two small tables DuckDB may probe with either, and the order would be lost
    session.con.execute(f"CREATE OR REPLACE TABLE {stored} AS " + "\nUNION ALL\n".join(union))
    shown = {n: f"{'n' if n in said else 'u'}.{quote(n)}" for n in given}
    shown |= {n: in_words(kind(shown[n])) for n, kind in coded.items()}
    picked = ", ".join(f"CAST({shown[c.name]} AS {c.type}) AS {quote(c.name)}" for c in columns)
    return f"SELECT {picked} FROM {stored} u JOIN {nodes} n ON n.part = u.part ORDER BY u.rowid"
