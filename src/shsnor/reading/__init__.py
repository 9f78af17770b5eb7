"""Tables in: whatever the caller has, as typed and checked tables of the session, with the roster of entities."""

from __future__ import annotations

from shsnor.reading.elsewhere import Elsewhere, brought
from shsnor.reading.loaded import FileRead, LoadedTable, Part, content_digest, find_duplicates
from shsnor.reading.reader import read_tables
from shsnor.reading.sources import Data, TablesArg
from shsnor.reading.tables import few_texts

__all__ = [
    "Data", "Elsewhere", "FileRead", "LoadedTable", "Part", "TablesArg", "brought", "content_digest", "few_texts",
    "find_duplicates", "read_tables",
]  # fmt: skip
