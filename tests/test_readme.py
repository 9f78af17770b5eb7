"""What the README shows is true: its pack, its Python, its commands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from shsnor.checking import check_pack
from shsnor.loading import load_pack
from tests.command import environment, shsnor

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The one fenced block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return str(found)


def test_it_opens_with_the_two_commands() -> None:
    first = README.split("```")[1]
    assert [line.split("#")[0].strip() for line in first.strip().splitlines()] == ["make demo", "make test"]


def test_its_pack_has_nothing_wrong(north: Path) -> None:
    assert not list(check_pack(load_pack(north / "north")))


def test_its_python_runs(north: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block("python")],
        cwd=north, capture_output=True, encoding="utf-8", env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Школа с низкими результатами" in done.stdout
    assert (north / "out" / "flags.parquet").is_file()


def test_its_commands_are_there() -> None:
    named = set(
        re.findall(r"shsnor (pack [\w-]+|[\w-]+)", README.replace("import shsnor", "").replace("install shsnor", ""))
    )
    for command in sorted(named - {"pack list"}):
        if re.match(r"(pack )?[a-z-]+$", command):
            assert shsnor(*command.split(), "--help").code == 0, command
