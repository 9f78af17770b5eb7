"""What was read: a table of the session with what is known of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shsnor.errors import Findings, Place
from shsnor.pack import Table
from shsnor.reading.elsewhere import Elsewhere
from shsnor.store import Session


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read, for the record of the run.

    hashed    gives the hash; it may be computed while other things are done
    modified  seconds since 1970; tells a file apart that is too large to be hashed
    """

    name: str
    size: int
    hashed: Callable[[], str | None]
    modified: float

    @property
    def sha256(self) -> str | None:
        """None where the file is too large to be hashed."""
        return self.hashed()


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a table that stand in one file and stay there.

    relation  what to select them from
    inside    which table of the file; "" where it holds one
    """

    path: Path
    relation: str
    inside: str = ""


@dataclass(kw_only=True)
class LoadedTable:
    """A table as the engine reads it.

    relation        what to select from: the columns of the table in their types, and `<column>__hidden`
    raw, typed      the relation to scan and the SQL of each column over it; a table of the session has raw = relation
    in_place        rows stay where they are (a Parquet file, a DuckDB file, an Arrow object that was taken over)
    rows            how many
    missing_counts  column -> empty cells; None in place, where nobody has looked
    hidden_counts   column -> cells hidden by their source
    check_sql       a boolean over `raw`, true where a row is wrong; None where all was checked already
    entity_sql      the entity's code over `raw`, None where the table belongs to the top level
    level           the level of its entities
    unchecked_keys  nobody has looked for repeated keys: see `find_duplicates`
    used            columns that the pack reads; the digest is of these
    digest          order-free hash of the rows used (of students: of their totals); None in place: see `content_digest`
    files           what was read for it
    parts           its rows file by file, where they stay in files
    explain         see `explain_violations`; None where all was checked already
    duplicates      see `find_duplicates`; None likewise
    elsewhere       what holds the rows where that is another engine; then `raw` is empty, and there is no `relation`
    unclean         entity and dimensions elsewhere -> of a name, SQL that is true where its text had to be cleaned
    """

    name: str
    table: Table
    relation: str
    raw: str
    typed: dict[str, str]
    level: str
    rows: int = 0
    in_place: bool = False
    missing_counts: dict[str, int] | None = field(default_factory=dict)
    hidden_counts: dict[str, int] = field(default_factory=dict)
    check_sql: str | None = None
    entity_sql: str | None = None
    unchecked_keys: bool = False
    used: tuple[str, ...] = ()
    digest: str | None = None
    files: list[FileRead] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    explain: Callable[[Session], Findings] | None = field(default=None, repr=False)
    duplicates: Callable[[Session], Findings] | None = field(default=None, repr=False)
    elsewhere: Elsewhere | None = None
    unclean: Mapping[str, Callable[[str], str]] = field(default_factory=dict, repr=False)

    def unclean_groups(self, names: Mapping[str, str]) -> str:
        """SQL that is true of a group whose texts had to be cleaned; `names`: of its columns, and what they hold."""
        return " OR ".join(self.unclean[c](name) for name, c in names.items() if c in self.unclean) or "FALSE"

    def changed(self) -> Findings:
        """The files in which rows stay and that were written to, or went, since they were read: SH411."""
        found = Findings()
        for part, read in zip(self.parts, self.files, strict=False):
            if not _is_as_it_was(part.path, read):
                found.add("SH411", Place(file=read.name, table=self.name), reason="changed", file=read.name)
        return found

    def explain_violations(self, session: Session) -> Findings:
        """What is wrong in rows scanned in place: what `check_sql` stands for, and entities that the roster lacks."""
        return self.explain(session) if self.explain else Findings()


def _is_as_it_was(path: Path, read: FileRead) -> bool:
    with contextlib.suppress(OSError):
        now = path.stat()
        return (now.st_size, now.st_mtime) == (read.size, read.modified)
    return False


def find_duplicates(session: Session, loaded: LoadedTable) -> Findings:
    """The rows scanned in place whose key an earlier row has; reads the key of every row once."""
    return loaded.duplicates(session) if loaded.duplicates else Findings()


def content_digest(session: Session, loaded: LoadedTable) -> str:
    """Number of rows and sum of the hashes of their used columns, in hex: the order of rows is of no account."""
    return digest(session, loaded.raw, [loaded.typed[column] for column in loaded.used])


def digest(session: Session, relation: str, columns: Sequence[str]) -> str:
    """Number of rows and sum of the hashes of some columns."""
    count, total = session.row(f"SELECT count(*), coalesce(sum(hash({', '.join(columns) or '1'})), 0) FROM {relation}")
    return f"{int(count):x}:{int(total):x}"
