"""The command as a user runs it: in a process of its own, with its exit code and what it wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

#: For tests that send SIGINT or SIGTERM to a process of its own or close its pipe: Windows has no such signals, and its
#: exit codes are others.
posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGINT to another process and SIGPIPE are POSIX's")


@dataclass(frozen=True)
class Run:
    """What one run of the command gave."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what changes the command's words, and with `more`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SHSNOR_", "PYTHONIOENCODING"))}
    return {**own, "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8", **more}


def shsnor(
    *arguments: object, env: Mapping[str, str] | None = None, encoding: str = "utf-8", cwd: Path | None = None
) -> Run:
    """Run the command in a process of its own; what it writes is in `encoding`."""
    done = subprocess.run(
        [sys.executable, "-m", "shsnor", *map(str, arguments)],
        capture_output=True,
        env=environment(PYTHONIOENCODING=encoding, **(env or {})),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))
