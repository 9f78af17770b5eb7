"""A page of the documentation as a reader walks it: its commands in their order, each with the output that it shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.command import shsnor

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)


def steps(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a page with the lines that it shows; of a file `> NAME`, with its lines."""
    for block in _BLOCK.finditer((DOCS / page).read_text(encoding="utf-8")):
        lines = block["text"].splitlines()
        if block["file"]:
            yield f"> {block['file']}", lines
        elif block["kind"] == "console":
            starts = [n for n, line in enumerate(lines) if line.startswith("$ ")]
            for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
                yield lines[start][2:], lines[start + 1 : end]


def walk(page: str, place: Path, by_hand: Callable[[list[str]], bool] = lambda words: False) -> int:
    """Does all that a page says, in `place`, and holds it to what the page shows; how many commands of ours there were.

    by_hand   does what is no command of ours, or what a reader does after one; True where that is all
    """
    done = 0
    for command, shown in steps(page):
        if command.startswith("> "):
            (place / command[2:]).write_text("\n".join(shown) + "\n", encoding="utf-8")
            continue
        line, _, note = command.partition("   # код выхода ")
        words = shlex.split(line)
        if not by_hand(words):
            _run(command, words, shown, int(note or 0), place)
            done += 1
    return done


def _run(command: str, words: list[str], shown: list[str], code: int, place: Path) -> None:
    """Lines that end with `…` begin so; a `…` alone stands for any number of lines."""
    assert words[0] == "shsnor", command
    run = shsnor(*words[1:], cwd=place)
    assert run.code == code, f"{command}\n{run.out}{run.err}"
    printed = iter((run.out + run.err).splitlines())
    for wanted in shown:
        if wanted == "…":
            continue
        begins = wanted.removesuffix("…")
        found = any(line == wanted or (begins != wanted and line.startswith(begins)) for line in printed)
        assert found, f"{command}: {wanted!r} is not printed there\n{run.out}{run.err}"
