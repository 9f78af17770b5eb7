"""How far a long work has come: told by the library to whoever asks, drawn by the command line."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told of the steps of a long work."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage are behind us; `stage` is a word of `shsnor.wording`, `total` 0 if not known."""


def silent(stage: str, done: int, total: int) -> None:
    """Tells nobody."""
