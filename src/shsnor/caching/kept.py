"""Tables of a session as files, and back, with a note: what stands on stored sums, and is stored beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shsnor.sql import literal, quote
from shsnor.store import PARQUET, Session

#: Types of which Parquet has no own: written as one that holds the same numbers.
_WRITTEN_AS = {"HUGEINT": "DECIMAL(38,0)"}


def write_table(session: Session, name: str, note: Any, file: Path) -> None:
    """Write a table, its rows in their order, with a note that JSON can say."""
    cursor = session.cursor()  # of its own: other tables are written at the same time
    types = [(c, kind) for c, kind, *_ in cursor.execute(f"DESCRIBE {quote(name)}").fetchall()]
    columns = ", ".join(
        f"CAST({quote(c)} AS {_WRITTEN_AS[kind]}) AS {quote(c)}" if kind in _WRITTEN_AS else quote(c)
        for c, kind in types
    )
    said = json.dumps({"types": types, "note": note}, ensure_ascii=False)
    how = f"{PARQUET}, KV_METADATA {{shsnor: {literal(said)}}}"
    cursor.execute(f"COPY (SELECT {columns} FROM {quote(name)}) TO {literal(str(file))} ({how})")


def read_table(session: Session, name: str, file: Path) -> Any:
    """Make the table of what `write_table` wrote, in the same types; the note comes back."""
    from_file = literal(str(file))
    said = json.loads(
        session.row(f"SELECT decode(value) FROM parquet_kv_metadata({from_file}) WHERE key = 'shsnor'")[0]
    )
    columns = ", ".join(f"CAST({quote(c)} AS {kind}) AS {quote(c)}" for c, kind in said["types"])
    session.con.execute(f"CREATE TABLE {quote(name)} AS SELECT {columns} FROM read_parquet({from_file})")
    return said["note"]
