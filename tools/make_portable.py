"""Makes the portable folder for Windows, as a zip in `dist/`: no installation, no administrator, no network.

    python tools/make_portable.py --python python-3.12.10-embed-amd64.zip

The interpreter is the «Windows embeddable package (64-bit)» of python.org, which package registries do not have. Without it
the folder is made all the same, its archive named so, and says what to put where.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from portable.folder import PYTHON, assemble, pack_up, version_of
from portable.wheels import Unfit, download, wheels_in

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, metavar="ZIP", help="the embeddable package of python.org")
    parser.add_argument(
        "--wheels", type=Path, metavar="DIR", help="take the wheels from here and nothing from elsewhere"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where the zip goes (dist)")
    given = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="portable-") as place:
            archive = make(Path(place), given.python, given.wheels, given.out)
            _try(archive, Path(place) / "tried", given.python is not None)
    except Unfit as unfit:
        print(unfit, file=sys.stderr)
        return 1
    return 0


def make(place: Path, embedded: Path | None, wheels: Path | None, out: Path) -> Path:
    """The zip, made in `out`; `place` is for what is needed meanwhile."""
    if wheels is None:
        wheels = place / "wheels"
        wheels.mkdir()
        download(wheels, PYTHON if embedded is None else version_of(embedded), ROOT)
    parts = wheels_in(wheels)
    version = next((wheel.version for wheel in parts if wheel.name == "shsnor"), "")
    folder = place / f"shsnor-{version}-windows"
    assemble(folder, parts, embedded)
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"{folder.name}{'' if embedded is not None else '-without-python'}.zip"
    pack_up(folder, archive)
    return archive


def _try(archive: Path, place: Path, whole: bool) -> None:
    """Unpack the zip, and run it where that can be done."""
    with zipfile.ZipFile(archive) as made:
        made.extractall(place)
    (folder,) = place.iterdir()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{archive}: {archive.stat().st_size / 1e6:.1f} МБ, распаковано {size / 1e6:.0f} МБ")
    if sys.platform == "win32" and whole:
        subprocess.run([folder / "shsnor.cmd", "demo"], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        print("Запущено: shsnor demo — работает.")
    else:
        print(
            "Собрано и распаковано; в Windows не запускалось." + ("" if whole else " Python в папке нет: --python ZIP.")
        )


if __name__ == "__main__":
    sys.exit(main())
