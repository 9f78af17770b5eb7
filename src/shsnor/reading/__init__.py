"""Tables in: whatever the caller has, as typed and checked tables of the session, with the roster of entities."""

from __future__ import annotations

from shsnor.reading.loaded import FileRead, LoadedTable
from shsnor.reading.reader import content_digest, find_duplicates, read_tables
from shsnor.reading.sources import TablesArg

__all__ = ["FileRead", "LoadedTable", "TablesArg", "content_digest", "find_duplicates", "read_tables"]
