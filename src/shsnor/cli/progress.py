"""Long work made visible: a bar on the terminal once it has lasted two seconds; nothing where nobody looks on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from shsnor.cli.texts import language, text
from shsnor.progress import Progress, silent
from shsnor.wording.stages import stage_word

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

#: Shorter work needs no bar.
PATIENCE_SECONDS = 2.0


@contextmanager
def bar(patience: float = PATIENCE_SECONDS) -> Iterator[Progress]:
    """What to hand to the library as `progress`; drawn on standard error after `patience` seconds, gone when the work ends."""
    if not sys.stderr.isatty():
        yield silent
        return
    drawn = _Bar(patience)
    try:
        yield drawn
    finally:
        drawn.close()


class _Bar:
    """One line with the stage that runs. A timer draws it: a stage may last long and tell nothing meanwhile."""

    def __init__(self, patience: float) -> None:
        self._lock = threading.Lock()
        self._told: tuple[str, int, int] | None = None
        self._bars: Bars | None = None
        self._task: tuple[str, TaskID] | None = None
        self._closed = False
        self._timer = threading.Timer(patience, self._begin)
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._told = (stage, done, total)
            if self._bars is not None:
                self._show(self._bars, stage, done, total)

    def _begin(self) -> None:
        bars = _drawn()
        with self._lock:
            if self._closed:
                return
            self._bars = bars
            bars.start()
            if self._told is not None:
                self._show(bars, *self._told)

    def _show(self, bars: Bars, stage: str, done: int, total: int) -> None:
        if self._task is None or self._task[0] != stage:
            if self._task is not None:
                bars.remove_task(self._task[1])
            self._task = (stage, bars.add_task(stage_word(stage, language()), total=total or None, count="", left=""))
        task = self._task[1]
        bars.update(task, completed=done, total=total or None, count=_count(done, total))
        left = next(known.time_remaining for known in bars.tasks if known.id == task)
        bars.update(task, left=text("bar.left", time=timedelta(seconds=round(left))) if left else "")

    def close(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._closed = True
            if self._bars is not None:
                self._bars.stop()


def _count(done: int, total: int) -> str:
    """`3/7`, `3 400 000/100 000 000`; "" where the whole is not known."""
    return f"{done:,}/{total:,}".replace(",", "\u00a0") if total else ""


def _drawn() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.fields[count]}"), TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )  # fmt: skip
    return Bars(*columns, console=Console(stderr=True), transient=True)
