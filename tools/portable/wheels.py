"""The wheels of the portable folder: got, judged whether they fit Windows and are all, and unpacked."""

from __future__ import annotations

import base64
import csv
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from functools import cached_property
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

PLATFORM = "win_amd64"

#: Of these the tests are left out: a third of their files, which nobody runs on an analyst's machine.
_WITHOUT_TESTS = ("numpy", "scipy")


class Unfit(Exception):
    """The parts do not make a folder that works; the text says why, in Russian."""


@dataclass(frozen=True)
class Wheel:
    """A wheel in a file."""

    path: Path

    @property
    def name(self) -> str:
        return str(parse_wheel_filename(self.path.name)[0])

    @property
    def version(self) -> str:
        return str(parse_wheel_filename(self.path.name)[1])

    @property
    def tags(self) -> frozenset[Tag]:
        return parse_wheel_filename(self.path.name)[3]

    @cached_property
    def metadata(self) -> Message:
        with zipfile.ZipFile(self.path) as archive:
            name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            return Parser().parsestr(archive.read(name).decode("utf-8"))

    @property
    def licence(self) -> str:
        """As the wheel says it: an expression, else a short text, else its classifiers."""
        said = self.metadata.get("License-Expression") or self.metadata.get("License") or ""
        if said and "\n" not in said:
            return str(said)
        classifiers = self.metadata.get_all("Classifier", [])
        kinds = [str(c).rpartition(" :: ")[2] for c in classifiers if str(c).startswith("License ::")]
        return ", ".join(kinds) or "см. файлы лицензии"

    def requirements(self, python: str, extras: Iterable[str] = ()) -> Iterator[Requirement]:
        """What it needs on Windows under that Python."""
        environment = _windows(python)
        for text in self.metadata.get_all("Requires-Dist", []):
            needed = Requirement(str(text))
            chosen = ({**environment, "extra": extra} for extra in ("", *extras))
            if needed.marker is None or any(needed.marker.evaluate(one) for one in chosen):
                yield needed


def _windows(python: str) -> dict[str, str]:
    full = f"{python}.0"
    return {
        "implementation_name": "cpython", "implementation_version": full, "os_name": "nt", "platform_machine": "AMD64",
        "platform_python_implementation": "CPython", "platform_release": "10", "platform_system": "Windows",
        "platform_version": "10", "python_full_version": full, "python_version": python, "sys_platform": "win32",
    }  # fmt: skip


def wheels_in(folder: Path) -> list[Wheel]:
    """The wheels of a folder, by name."""
    return sorted((Wheel(path) for path in folder.glob("*.whl")), key=lambda wheel: wheel.name)


def download(folder: Path, python: str, project: Path) -> None:
    """Our own wheel and all that it needs on Windows, in `folder`.

    raises   Unfit where something cannot be had
    """
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(project)])
    asked = [
        *pip,
        "download",
        "--platform",
        PLATFORM,
        "--only-binary=:all:",
        "--python-version",
        python,
        "--dest",
        str(folder),
    ]
    own = next(wheel for wheel in wheels_in(folder) if wheel.name == "shsnor")
    _run([*asked, *(_plain(needed) for needed in own.requirements(python, ["analysis"]))])
    # pip judges markers by the machine it runs on: what only Windows needs is still missing.
    while lacking := missing(wheels_in(folder), python):
        _run([*asked, *map(_plain, lacking)])


def _plain(needed: Requirement) -> str:
    return f"{needed.name}{needed.specifier}"


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        raise Unfit(f"Не удалось получить части:\n{done.stderr.strip()[-1000:]}")


def missing(wheels: Iterable[Wheel], python: str) -> list[Requirement]:
    """What the wheels need on Windows and is not among them, or only in a version that does not do."""
    there = {wheel.name: wheel for wheel in wheels}
    lacking = {}
    for wheel in there.values():
        for needed in wheel.requirements(python, ["analysis"] if wheel.name == "shsnor" else ()):
            name = canonicalize_name(needed.name)
            if name not in there or there[name].version not in needed.specifier:
                lacking[name] = needed
    return list(lacking.values())


def must_fit(wheels: Iterable[Wheel], python: str) -> None:
    """Refuse wheels that are not for Windows and this Python, or not all that is needed.

    raises   Unfit
    """
    listed = list(wheels)
    version = tuple(map(int, python.split(".")))
    fitting = {
        *cpython_tags(version, platforms=[PLATFORM]),
        *compatible_tags(version, f"cp{version[0]}{version[1]}", [PLATFORM]),
    }
    strange = [wheel.path.name for wheel in listed if not wheel.tags & fitting]
    if strange:
        raise Unfit(f"Не для Windows ({PLATFORM}) и Python {python}: {', '.join(strange)}")
    if not any(wheel.name == "shsnor" for wheel in listed):
        raise Unfit("Среди частей нет самой программы shsnor.")
    if lacking := missing(listed, python):
        raise Unfit(f"Не хватает: {', '.join(map(_plain, lacking))}")


def unpack(wheel: Wheel, packages: Path) -> None:
    """Put a wheel's files where Python finds them; each is what the wheel's own list says.

    raises   Unfit where a file is not what the list says, or would go elsewhere
    """
    with zipfile.ZipFile(wheel.path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        hashes = _record(archive, names)
        for name in names:
            place = _place(name)
            if place is None or (wheel.name in _WITHOUT_TESTS and "tests" in place.parts[:-1]):
                continue
            content = archive.read(name)
            if (wanted := hashes.get(name)) and wanted != _digest(content):
                raise Unfit(f"{wheel.path.name} повреждён: {name}")
            target = packages.joinpath(*place.parts)
            if ".." in place.parts or not target.resolve().is_relative_to(packages.resolve()):
                raise Unfit(f"{wheel.path.name}: недопустимое имя {name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _record(archive: zipfile.ZipFile, names: list[str]) -> dict[str, str]:
    record = next(name for name in names if name.endswith(".dist-info/RECORD"))
    rows = csv.reader(archive.read(record).decode("utf-8").splitlines())
    return {name: digest for name, digest, _ in rows if digest}


def _digest(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode("ascii")


def _place(name: str) -> PurePosixPath | None:
    """Where a file goes among the packages; None for what an installation would put elsewhere (scripts, headers)."""
    path = PurePosixPath(name)
    if not path.parts[0].endswith(".data"):
        return path
    return PurePosixPath(*path.parts[2:]) if path.parts[1] in ("purelib", "platlib") else None
