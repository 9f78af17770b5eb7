"""The portable folder for Windows, put together of small wheels made up here; nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command import Run, environment

TOOL = Path(__file__).resolve().parents[1] / "tools" / "make_portable.py"

#: A program that says what it was called with.
CLI = "import sys\n\ndef main():\n    print(sys.flags.utf8_mode, *sys.argv[1:])\n    return 7\n"


def wheel(
    folder: Path,
    name: str,
    files: Mapping[str, str],
    *,
    tag: str = "py3-none-any",
    needs: tuple[str, ...] = (),
    **more: str,
) -> Path:
    """A wheel of these files, version 1.0; `more` are further lines of its metadata."""
    info = f"{name}-1.0.dist-info"
    lines = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {need}" for need in needs)]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in more.items()]
    content = {**files, f"{info}/METADATA": "\n".join(lines) + "\n"}
    record = "".join(f"{path},{_digest(text)},{len(text.encode())}\n" for path, text in content.items())
    path = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as made:
        for place, text in {**content, f"{info}/RECORD": record}.items():
            made.writestr(place, text)
    return path


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """Our program with one library that has a part for Windows, and one that only Windows needs."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    program = {"shsnor/__init__.py": "", "shsnor/cli.py": CLI}
    wheel(folder, "shsnor", program, needs=("fast>=1", 'numpy; extra == "analysis"', 'ours; extra == "dev"'))
    fast = {"fast/__init__.py": "", "fast.data/platlib/fast/part.pyd": "x", "fast.data/scripts/fast.exe": "x"}
    wheel(folder, "fast", fast, tag="cp312-cp312-win_amd64", needs=('colours; platform_system == "Windows"',))
    wheel(folder, "colours", {"colours.py": ""}, License_Expression="MIT")
    wheel(folder, "numpy", {"numpy/__init__.py": "", "numpy/core/tests/test_a.py": ""}, tag="cp311-abi3-win_amd64")
    return folder


@pytest.fixture
def embedded(tmp_path: Path) -> Path:
    """What stands in for the embeddable Python."""
    path = tmp_path / "python-3.12.10-embed-amd64.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in ("python.exe", "python3.dll", "python312.dll", "python312._pth", "LICENSE.txt"):
            made.writestr(name, "x")
    return path


def make(wheels: Path, *more: object) -> Run:
    done = subprocess.run(
        [sys.executable, str(TOOL), "--wheels", str(wheels), "--out", str(wheels.parent / "dist"), *map(str, more)],
        capture_output=True, encoding="utf-8", env=environment(), timeout=120, check=False,
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def unpacked(wheels: Path, suffix: str = "") -> Path:
    with zipfile.ZipFile(wheels.parent / "dist" / f"shsnor-1.0-windows{suffix}.zip") as made:
        made.extractall(wheels.parent / "there")
    return wheels.parent / "there" / "shsnor-1.0-windows"


def test_the_folder_has_python_the_packages_and_the_command(wheels: Path, embedded: Path) -> None:
    run = make(wheels, "--python", embedded)
    assert run.code == 0, run.err
    folder = unpacked(wheels)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"shsnor.cmd", "console.cmd", "README.txt", "LICENSES.txt", "python/python.exe"} <= files
    assert {"Lib/site-packages/fast/part.pyd", "Lib/site-packages/colours.py"} <= files
    assert not [name for name in files if name.endswith(("fast.exe", "test_a.py"))]
    if os.name != "nt":
        assert "в Windows не запускалось" in run.out


def test_a_console_of_windows_reads_its_texts(wheels: Path, embedded: Path) -> None:
    make(wheels, "--python", embedded)
    folder = unpacked(wheels)
    for name in ("shsnor.cmd", "console.cmd"):
        text = (folder / name).read_bytes()
        assert text.isascii() and text.count(b"\n") == text.count(b"\r\n") > 3
    for name in ("README.txt", "LICENSES.txt"):
        text = (folder / name).read_bytes()
        assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\n") == text.count(b"\r\n") > 3
    readme = (folder / "README.txt").read_text("utf-8-sig")
    assert "администратора не нужны" in readme and "Python в этой папке нет" not in readme
    assert "colours 1.0: MIT" in (folder / "LICENSES.txt").read_text("utf-8-sig")
    command = (folder / "shsnor.cmd").read_text("ascii")
    assert "chcp 65001" in command and "PYTHONUTF8=1" in command and "%*" in command


def test_what_the_command_calls_runs_the_program_of_the_folder(wheels: Path) -> None:
    make(wheels)
    run = unpacked(wheels, "-without-python") / "Lib" / "run_shsnor.py"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-I", str(run), "demo", "Тверь"],
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert done.stdout.decode("utf-8").split() == ["1", "demo", "Тверь"]
    assert done.returncode == 7


def test_without_an_interpreter_the_folder_says_what_to_put_where(wheels: Path) -> None:
    run = make(wheels)
    assert run.code == 0 and "--python ZIP" in run.out
    folder = unpacked(wheels, "-without-python")
    assert "версии 3.12" in (folder / "README.txt").read_text("utf-8-sig")
    assert not (folder / "python").exists()


def test_what_only_windows_needs_must_be_there(wheels: Path) -> None:
    (wheels / "colours-1.0-py3-none-any.whl").unlink()
    run = make(wheels)
    assert (run.code, run.err.strip()) == (1, "Не хватает: colours")
    assert not (wheels.parent / "dist").exists()


def test_a_wheel_for_another_system_or_python_is_refused(wheels: Path, embedded: Path) -> None:
    (wheels / "colours-1.0-py3-none-any.whl").unlink()
    wheel(wheels, "colours", {"colours.py": ""}, tag="cp312-cp312-manylinux_2_28_x86_64")
    wheel(wheels, "older", {"older.py": ""}, tag="cp311-cp311-win_amd64")
    run = make(wheels, "--python", embedded)
    assert run.code == 1
    assert "colours-1.0-cp312-cp312-manylinux" in run.err and "older" in run.err and "fast" not in run.err


def test_a_damaged_wheel_is_refused(wheels: Path) -> None:
    path = wheels / "colours-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path) as made:
        content = {name: made.read(name) for name in made.namelist()}
    with zipfile.ZipFile(path, "w") as made:
        for name, text in content.items():
            made.writestr(name, b"other" if name == "colours.py" else text)
    assert "повреждён: colours.py" in make(wheels).err


def test_a_wheel_puts_nothing_outside(wheels: Path) -> None:
    wheel(wheels, "evil", {"../../../evil.py": "x"})
    run = make(wheels)
    assert run.code == 1 and "недопустимое имя ../../../evil.py" in run.err


@pytest.mark.parametrize(
    ("name", "files", "said"),
    [
        ("python-3.12.10-embed-win32.zip", ("python.exe", "python312.dll"), "64-разрядной"),
        ("python-3.12.10-amd64.zip", ("setup.exe",), "embeddable package"),
        ("python-3.13.1-embed-amd64.zip", ("python.exe", "python313.dll"), "Python 3.13"),
    ],
)
def test_another_interpreter_is_refused(wheels: Path, name: str, files: tuple[str, ...], said: str) -> None:
    with zipfile.ZipFile(wheels.parent / name, "w") as made:
        for file in files:
            made.writestr(file, "x")
    run = make(wheels, "--python", wheels.parent / name)
    assert run.code == 1 and said in run.err
