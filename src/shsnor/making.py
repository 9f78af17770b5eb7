"""What a session has made for one evaluation is kept for the next: a statement runs again only where it must.

A statement makes one table (a function's run: three). It is made again when its text has changed, or when anything that
it reads was made again; so another parameter costs what rests on that parameter, and nothing else.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from shsnor.rendering.python import PythonStep
from shsnor.sql import literal, quote
from shsnor.store import PARQUET, Session, side_by_side

#: DuckDB keeps a row group in the memory until it is written: never more rows than these.
GROUP = 122_880

_READ = re.compile(r'\b(?:FROM|JOIN)\s+(?:"([^"]+)"|(\w+))(?![\w".])')
_TYPE = re.compile(r"CREATE TYPE (\w+)")


def read_by(statement: str | PythonStep) -> list[str]:
    """The names of all that a statement reads, in the order of its text."""
    if isinstance(statement, PythonStep):
        return [statement.inputs]
    return list(dict.fromkeys(quoted or plain for quoted, plain in _READ.findall(statement)))


def _makes(name: str, statement: str | PythonStep) -> list[str]:
    """The tables that a statement makes; none where it makes a type."""
    if isinstance(statement, PythonStep):
        return [f"{what}{statement.index}" for what in ("given", "details", "titles")]
    return [] if _TYPE.match(statement) else [name]


class Filed(str):
    """The CREATE TABLE of a table that is rather to stand in a Parquet file, in one row group: whoever reads a few of its
    columns loses little, and whoever shows them all has them as they are."""

    @property
    def query(self) -> str:
        return self.partition(" AS ")[2]


def in_one_group(query: str, file: Path) -> str:
    """The COPY of at most GROUP rows to a file, in one row group, no column of which is REQUIRED.

    The query has a column `e`. DuckDB knows nothing of the united rows: else it would declare columns without NULL otherwise.
    """
    rows = f"({query})\nUNION ALL BY NAME SELECT NULL AS e FROM range(0)"
    return f"COPY (\n{rows}\n) TO {literal(str(file))} ({PARQUET}, WRITE_BLOOM_FILTER false, ROW_GROUP_SIZE {GROUP})"


def remove(file: Path) -> None:
    """Remove a file of the session; where it is still open, as Windows has it, it goes with the session."""
    with contextlib.suppress(OSError):
        file.unlink()


@dataclass
class Made:
    """The tables of a session, by name.

    keys       name -> the text that made it and the editions of what it read
    editions   name -> how often it was made
    ran        names of what the last evaluation made again; of use to whoever wonders what a change costs
    views      names of what is a view
    files      name of what stands in a Parquet file, and is a view of it -> that file
    """

    session: Session
    keys: dict[str, object] = field(default_factory=dict)
    editions: dict[str, int] = field(default_factory=dict)
    answers: dict[str, tuple[object, list[tuple[Any, ...]]]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    views: set[str] = field(default_factory=set)
    files: dict[str, Path] = field(default_factory=dict)

    def make_all(self, statements: Sequence[tuple[str, str | PythonStep]], told: Callable[[int, int], None]) -> None:
        """Run statements in their order; those that do not read one another side by side.

        told   called with how many are done, of how many
        """
        waiting: dict[str, str] = {}
        for done, (name, statement) in enumerate(statements):
            told(done, len(statements))
            if isinstance(statement, PythonStep) or not waiting.keys().isdisjoint(read_by(statement)):
                self._run(waiting)
                waiting = {}
            if isinstance(statement, PythonStep):
                self.make(name, statement)
            elif self._is_new(name, statement):
                waiting[name] = statement
        self._run(waiting)

    def make(self, name: str, statement: str | PythonStep) -> None:
        """Run a statement that makes `name`, unless it stands as it would be made."""
        if not self._is_new(name, statement):
            return
        if isinstance(statement, PythonStep):
            with self.session.during("compute", name):
                statement.run(self.session)
            self._done(name, statement)
        else:
            self._run({name: statement})

    def taken(self, name: str, statement: str, take: Callable[[], bool]) -> bool:
        """Whether `name` stands as a statement would make it: it does already, or is had from elsewhere by `take`."""
        if not self._is_new(name, statement):
            return True
        if not take():
            return False
        self._done(name, statement)
        return True

    def _is_new(self, name: str, statement: str | PythonStep) -> bool:
        """Whether a statement must run; what it makes is then dropped, and counts as made again."""
        if self.keys.get(name) == self._key(statement):
            return False
        self.forget(name)
        for table in _makes(name, statement):
            file = self.files.pop(table, None)
            self.session.con.execute(f"DROP {'VIEW' if table in self.views else 'TABLE'} IF EXISTS {quote(table)}")
            self.views.discard(table)
            if file is not None:
                remove(file)
            self.editions[table] = self.editions.get(table, 0) + 1
        return True

    def _run(self, statements: Mapping[str, str]) -> None:
        def run(name: str, statement: str) -> None:
            with self.session.during("compute", name):
                if isinstance(statement, Filed):
                    file = self.session.new_file()
                    self.session.cursor().execute(in_one_group(statement.query, file))
                    self.show(name, file)
                else:
                    self.session.cursor().execute(statement)
                    if statement.startswith("CREATE VIEW"):
                        self.views.add(name)

        side_by_side([partial(run, *one) for one in statements.items()])
        for name, statement in statements.items():
            self._done(name, statement)

    def _done(self, name: str, statement: str | PythonStep) -> None:
        self.keys[name] = self._key(statement)
        self.ran.append(name)

    def _key(self, statement: str | PythonStep) -> object:
        return (str(statement), *_described(statement), self._editions(read_by(statement)))

    def is_made(self, name: str, key: object) -> bool:
        """Whether `name`, which somebody else makes, was last made of `key`; from now on it counts as made of it."""
        if self.keys.get(name) == key:
            return True
        self.keys[name] = key
        self.editions[name] = self.editions.get(name, 0) + 1
        self.ran.append(name)
        return False

    def show(self, name: str, file: Path) -> None:
        """Make `name` a view of a Parquet file of the session, which goes with it."""
        self.session.cursor().execute(f"CREATE VIEW {quote(name)} AS FROM read_parquet({literal(str(file))})")
        self.views.add(name)
        self.files[name] = file

    def forget(self, name: str) -> None:
        """Have `name` made again when it is next asked for."""
        self.keys.pop(name, None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query; asked again only where what it reads was made again."""
        key = self._editions(read_by(sql))
        known = self.answers.get(sql)
        if known is None or known[0] != key:
            known = self.answers[sql] = (key, self.session.rows(sql))
        return known[1]

    def _editions(self, names: Iterable[str]) -> tuple[tuple[str, int], ...]:
        return tuple((name, self.editions[name]) for name in names if name in self.editions)


def _described(statement: str | PythonStep) -> tuple[object, ...]:
    """What tells one run of a function from another beside its text."""
    if isinstance(statement, str):
        return ()
    return (repr(statement.settings), repr(statement.labels), repr(statement.columns))
