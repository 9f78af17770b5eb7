"""Ctrl-C in the middle of a query, or of cleaning up.

Python runs the handler of a signal between its own instructions only, so that a query of a minute would run to its end
first. But the signal's number is written to a pipe at once: a thread that reads there interrupts the queries.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds between interruptions: a query that begins only now would not know of the one before.
_AGAIN = 0.05


class Interruptible(Protocol):
    """What runs queries: a connection of DuckDB."""

    def interrupt(self) -> None:
        """End the query that runs with an error."""


_I = TypeVar("_I", bound=Interruptible)

_running: weakref.WeakSet[Interruptible] = weakref.WeakSet()
_heeded = threading.Lock()


def stoppable(connection: _I) -> _I:
    """The connection; from now on a signal that `heeding` heeds interrupts its queries."""
    _running.add(connection)
    return connection


def remove_folder(folder: Path) -> None:
    """Remove a folder and what is in it, as far as the system lets us; a signal is heeded when it has gone."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextlib.contextmanager
def heeding(*numbers: int) -> Iterator[None]:
    """While this lasts, these signals interrupt every query of ours; a decorator too. Their handlers must raise.

    Does nothing outside the main thread (signals are its own), inside another `heeding`, and where somebody else, as an
    event loop, has asked to be told of signals.

    numbers   none: Ctrl-C, where it raises KeyboardInterrupt
    """
    if not numbers and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        numbers = (signal.SIGINT,)
    ours_to_heed = bool(numbers) and threading.current_thread() is threading.main_thread()
    if not ours_to_heed or not _heeded.acquire(blocking=False):
        yield
        return
    ended = threading.Event()
    try:
        with _told_of_signals() as told:
            listening = (told, frozenset(numbers), ended)
            threading.Thread(target=_listen, args=listening, name="shsnor-signals", daemon=True).start()
            yield
    finally:
        ended.set()
        _heeded.release()


@contextlib.contextmanager
def _told_of_signals() -> Iterator[int]:
    """The end of a pipe from which the numbers of signals can be read, at once; the reader closes it."""
    told, tell = os.pipe()
    if sys.platform != "win32":
        os.set_blocking(tell, False)
    before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    try:
        if before != -1:
            signal.set_wakeup_fd(before)
        yield told
    finally:
        if before == -1:
            signal.set_wakeup_fd(-1)
        os.close(tell)


def _listen(told: int, numbers: frozenset[int], ended: threading.Event) -> None:
    with open(told, "rb", buffering=0) as signals:
        while (number := signals.read(1)) and number[0] not in numbers:
            pass
    while number and not ended.wait(_AGAIN):
        _interrupt_all()


def _interrupt_all() -> None:
    with contextlib.suppress(RuntimeError):  # a connection is being made: it is interrupted the next time
        for connection in [*_running]:
            with contextlib.suppress(Exception):  # closed meanwhile
                connection.interrupt()
