"""How far a long work has come: told by the library to whoever asks, drawn by the command line."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Protocol

#: Seconds between two looks at a query that runs.
_PAUSE = 0.2


class Progress(Protocol):
    """Is told of the steps of a long work, several times a second, from any thread."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` of a stage are behind us.

        stage   a word of `shsnor.wording.stages`
        done    tables while they are read, rows while they are summed (`STAGES["scan"]`), else steps: pages, cases, values;
                never falls within a stage
        total   of the same; 0 if not known
        """


def silent(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


class Query(Protocol):
    """What runs a query and can say how far it is: a connection of DuckDB."""

    def query_progress(self) -> float:
        """Per cent; negative where no query runs."""


class Rows:
    """The rows that a stage reads, told while queries read them.

    done, total   rows
    """

    def __init__(self, progress: Progress, stage: str, total: int) -> None:
        self._progress, self._stage = progress, stage
        self.done, self.total = 0, total
        progress(stage, 0, total)

    def add(self, rows: int) -> None:
        """So many more are behind us."""
        self.done += rows
        self._progress(self._stage, self.done, self.total)

    @contextlib.contextmanager
    def reading(self, query: Query, rows: int) -> Iterator[None]:
        """While a query runs that reads so many of them."""
        if self._progress is silent:
            yield
            return
        ended = threading.Event()
        watch = threading.Thread(target=self._watch, args=(query, rows, ended), name="shsnor-progress", daemon=True)
        try:
            watch.start()
            yield
        finally:
            ended.set()
            if watch.is_alive():
                watch.join()
        self.add(rows)

    def _watch(self, query: Query, rows: int, ended: threading.Event) -> None:
        most = 0.0  # a query of several parts may begin its count anew
        while not ended.wait(_PAUSE):
            most = max(most, min(query.query_progress(), 100.0))
            self._progress(self._stage, self.done + int(rows * most / 100), self.total)
