"""Long work made visible: a bar on the terminal once it has lasted two seconds; nothing where nobody looks on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shsnor.progress import Progress, silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

#: Shorter work needs no bar.
PATIENCE_SECONDS = 2.0


@contextmanager
def bar() -> Iterator[Progress]:
    """What to hand to the library as `progress`; the bar is gone when the work ends."""
    if not sys.stderr.isatty():
        yield silent
        return
    drawn = _Bar()
    try:
        yield drawn
    finally:
        drawn.close()


class _Bar:
    def __init__(self) -> None:
        self._start = time.monotonic()
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bars is None:
            if time.monotonic() - self._start < PATIENCE_SECONDS:
                return
            self._bars = self._drawn()
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total or None)
        self._bars.update(self._tasks[stage], completed=done, total=total or None)

    def _drawn(self) -> Bars:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bars = Bars(*columns, console=Console(stderr=True), transient=True)
        bars.start()
        return bars

    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()
