"""`shsnor` alone: what it sees in the folder it was called in, and the next command."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shsnor.cli import DONE
from shsnor.cli.frame import quoted
from shsnor.cli.texts import language, text

if TYPE_CHECKING:
    from shsnor.surroundings import OutcomeSeen, Surroundings

#: So many of a kind are named.
SHOWN = 5
WIDTH = 79  # a line of 80 columns with its end is broken by Windows consoles


def show_surroundings(commands: Mapping[str, str]) -> int:
    """Print what is here and how to go on; `commands` are those there are."""
    from shsnor.surroundings import look

    seen = look(Path.cwd())
    lines = list(_lines(seen))
    print(text("here.found" if lines else "here.nothing", folder=seen.folder.name or str(seen.folder)))
    for depth, line in lines:
        print(_wrapped(line, depth))
    print()
    print(text("here.next"))
    for step in seen.next(commands):
        print(f"  shsnor {' '.join(quoted(part) for part in step.command)}")
        print(_wrapped(text(f"here.why_{step.why}"), 2))
    print()
    print(text("here.help"))
    return DONE


def _wrapped(line: str, depth: int) -> str:
    indent = "  " * (depth + 1)
    more = indent + "  "
    return textwrap.fill(line, WIDTH, initial_indent=indent, subsequent_indent=more, break_on_hyphens=False)


def _lines(seen: Surroundings) -> Iterator[tuple[int, str]]:
    """(how deep it is set in, what it says) for each thing seen, kind by kind."""
    packs = [_joined(quoted(p.path), p.title, text("here.version", version=p.version)) for p in seen.packs]
    yield from _listed("here.packs", packs)
    yield from _listed("here.tables", [_in(d.folder, d.tables) for d in seen.data if d.tables])
    yield from _listed("here.workbooks", [_in(d.folder, d.workbooks) for d in seen.data if d.workbooks])
    yield from _listed("here.layouts", [quoted(path) for path in seen.layouts])
    yield from _listed("here.outcomes", [_outcome(outcome) for outcome in seen.outcomes])


def _listed(key: str, said: Sequence[str]) -> Iterator[tuple[int, str]]:
    if not said:
        return
    yield 0, text(key)
    yield from ((1, one) for one in said[:SHOWN])
    if len(said) > SHOWN:
        yield 1, text("here.more", n=len(said) - SHOWN)


def _in(folder: Path, names: Sequence[str]) -> str:
    more = f" {text('here.more', n=len(names) - SHOWN)}" if len(names) > SHOWN else ""
    listed = ", ".join(names[:SHOWN]) + more
    return listed if folder == Path() else f"{quoted(folder)}: {listed}"


def _outcome(seen: OutcomeSeen) -> str:
    made = "" if seen.made is None else text("here.made", at=_moment(seen.made))
    return _joined(quoted(seen.path), seen.title or seen.pack, text("here.as_of", date=_date(seen.as_of)), made)


def _joined(path: str, *said: str) -> str:
    return f"{path} — {', '.join(part for part in said if part)}"


def _date(iso: str) -> str:
    year, _, rest = iso.partition("-")
    return f"{rest[3:]}.{rest[:2]}.{year}" if language() == "ru" and len(iso) == 10 else iso


def _moment(at: datetime.datetime) -> str:
    return at.astimezone().strftime("%d.%m.%Y %H:%M" if language() == "ru" else "%Y-%m-%d %H:%M")
