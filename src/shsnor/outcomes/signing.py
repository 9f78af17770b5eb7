"""An outcome that an order rests on: marked so, never written over, and a later change of it is seen.

The mark is `signed.json` beside the manifest (in a .duckdb file a row of the same table): date and number of the order, and
sums over the rows of every table. These are of the content, so that the same outcome has the same sums in every format;
they show a change, they do not prove who made it.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shsnor.outcomes.files import Files
from shsnor.outcomes.formats import MANIFEST_FILE, MANIFEST_TABLE, SIGNED_FILE, TARGET, literal, quoted
from shsnor.outcomes.tables import OUTCOME_TABLES


@dataclass(frozen=True, slots=True)
class Signature:
    """That an outcome is what an order rests on.

    date      of the order
    order     its number, as «№ 123»
    manifest  sum of the manifest's text
    tables    table -> its columns when it was signed, and the sum of its rows
    """

    date: datetime.date
    order: str
    manifest: str
    tables: Mapping[str, tuple[tuple[str, ...], str]]

    @classmethod
    def of(cls, files: Files, manifest: str, *, date: datetime.date, order: str) -> Signature:
        """The signature of what is stored now; `manifest` is the text of `manifest.json`."""
        tables = {s.name: (s.names, rows_sum(files, s.name, s.names)) for s in OUTCOME_TABLES.values()}
        return cls(date, order, _sum(manifest), tables)

    @classmethod
    def from_text(cls, text: str) -> Signature:
        """The signature as it is stored; ValueError where the text is none."""
        try:
            stored: dict[str, Any] = json.loads(text)["signed"]
            tables = {name: (tuple(t["columns"]), str(t["rows"])) for name, t in stored["tables"].items()}
            date = datetime.date.fromisoformat(stored["date"])
            return cls(date, str(stored["order"]), str(stored["manifest"]), tables)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(str(error)) from error

    def text(self) -> str:
        """What is stored."""
        tables = {name: {"columns": list(columns), "rows": rows} for name, (columns, rows) in self.tables.items()}
        content = {"date": str(self.date), "order": self.order, "manifest": self.manifest, "tables": tables}
        return json.dumps({"signed": content}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    def altered(self, files: Files, manifest: str) -> list[str]:
        """The names of the tables (or `manifest.json`) that are not what was signed."""
        found = [] if _sum(manifest) == self.manifest else [MANIFEST_FILE]
        for name, (columns, rows) in self.tables.items():
            schema = OUTCOME_TABLES.get(name)
            if schema is None or not set(columns) <= set(schema.names):
                continue  # of a later version: what this one cannot read it does not judge
            if rows_sum(files, name, columns) != rows:
                found.append(name)
        return found


def rows_sum(files: Files, table: str, columns: Sequence[str]) -> str:
    """A sum over the rows of a table, whatever their order: «rows:sum:sum» of the halves of their MD5."""
    cells = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), chr(30))" for name in columns)
    row = f"concat_ws(chr(31), {cells})"
    halves = ", ".join(
        f"CAST(sum(CAST(md5_number_{half}({row}) AS HUGEINT)) AS VARCHAR)" for half in ("lower", "upper")
    )
    count, lower, upper = next(files.query(f"SELECT count(*), {halves} FROM {quoted(table)}"))
    return f"{count}:{lower or 0}:{upper or 0}"


def store(path: Path, signature: Signature) -> None:
    """Put the signature beside the manifest of the outcome at `path`; whole, or not at all.

    raises   OSError, or duckdb.Error where the file is open elsewhere
    """
    if path.is_file():
        _store_in_duckdb(path, signature)
        return
    handle, name = tempfile.mkstemp(dir=path, prefix=f".{SIGNED_FILE}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(signature.text())
        os.replace(name, path / SIGNED_FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _store_in_duckdb(path: Path, signature: Signature) -> None:
    import duckdb

    with contextlib.closing(duckdb.connect(":memory:")) as con:
        con.execute(f"ATTACH {literal(path.resolve())} AS {TARGET}")
        con.execute("SET enable_external_access = false")
        con.execute(f"INSERT INTO {TARGET}.{MANIFEST_TABLE} VALUES (?, ?)", [SIGNED_FILE, signature.text()])
        con.execute(f"DETACH {TARGET}")


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
