"""One measurement in a process of its own, so that its peak of memory and its caches are its own."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """What a benchmark is to do: on which rows, how often each thing is measured, where its files stand."""

    rows: tuple[int, ...]
    repeat: int
    folder: Path

    @property
    def most(self) -> int:
        """The largest size: where what takes long is measured."""
        return max(self.rows)


@dataclass(frozen=True)
class Sample:
    """One run.

    seconds     on the wall, without start and imports
    processor   seconds of all cores
    peak        memory of the whole process, GB
    spill       the most that DuckDB had written to its folder for what does not fit in memory, GB
    more        what the work tells beside
    """

    seconds: float
    processor: float
    peak: float
    spill: float = 0
    more: dict[str, Any] = field(default_factory=dict)


def run(work: str, **arguments: object) -> Sample:
    """The sample of `module:function` of `bench`, which takes arguments that JSON can say.

    raises  SystemExit with what the process wrote, where it failed
    """
    command = [sys.executable, "-m", "bench.work", work, json.dumps(arguments, default=str)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{work} {arguments} failed:\n{done.stderr}")
    return Sample(**json.loads(done.stdout.splitlines()[-1]))


def in_turn(repeat: int, works: Mapping[str, Callable[[], Sample]]) -> dict[str, list[Sample]]:
    """Each piece of work `repeat` times, all in turn: what else the machine does falls on all of them alike."""
    samples: dict[str, list[Sample]] = {name: [] for name in works}
    for _ in range(repeat):
        for name, work in works.items():
            samples[name].append(work())
    return samples


def median(samples: list[Sample], what: str = "seconds") -> float:
    return statistics.median(float(getattr(s, what)) for s in samples)


def processor() -> float:
    """Seconds that all threads of this process have taken."""
    return time.process_time()


def peak() -> float:
    """The most memory that this process has had, GB."""
    import resource  # Windows has none, and reads this module in the tests

    status = Path("/proc/self/status")
    if status.is_file():  # Linux gives to `ru_maxrss` of a process also what the one had that began it
        (most,) = re.findall(r"^VmHWM:\s*(\d+) kB$", status.read_text(), re.MULTILINE)
        return int(most) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)


@dataclass
class Stopwatch:
    """How long a block took; `stop` ends it earlier."""

    began: float = field(default_factory=time.perf_counter)
    used: float = field(default_factory=processor)
    seconds: float = 0
    processor: float = 0

    def stop(self) -> None:
        self.seconds, self.processor = time.perf_counter() - self.began, processor() - self.used

    def sample(self, spill: float, more: dict[str, Any]) -> Sample:
        return Sample(self.seconds, self.processor, peak(), spill, more)


class Spill:
    """The most bytes that lay in a folder for temporary files, looked at twenty times a second."""

    def __init__(self, folder: Path, pattern: str) -> None:
        self.folder, self.pattern, self.most = folder, pattern, 0
        self.ended = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self.ended.wait(0.05):
            self.most = max(self.most, sum(_size(file) for file in self.folder.glob(self.pattern)))

    def __enter__(self) -> Spill:
        self.watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.watcher.join()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:  # DuckDB has removed it meanwhile
        return 0


@contextmanager
def room(folder: str | None, pattern: str) -> Iterator[tuple[Path, Spill]]:
    """A folder for temporary files inside `folder`, watched."""
    with tempfile.TemporaryDirectory(prefix="room-", dir=folder) as made, Spill(Path(made), pattern) as spill:
        yield Path(made), spill
