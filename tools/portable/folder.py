"""The portable folder itself: Python, packages, the command, and what a person reads first."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from portable.wheels import Unfit, Wheel, must_fit, unpack

#: For wheels, where no interpreter is given that would say it.
PYTHON = "3.12"

COMMAND = r"""@echo off
setlocal
for /f "tokens=2 delims=:." %%a in ('chcp') do set "SHSNOR_PAGE=%%a"
chcp 65001 >nul
set PYTHONUTF8=1
if not exist "%~dp0python\python.exe" (
  echo python\python.exe is missing: see README.txt
  exit /b 3
)
"%~dp0python\python.exe" -X utf8 "%~dp0Lib\run_shsnor.py" %*
set SHSNOR_CODE=%ERRORLEVEL%
if defined SHSNOR_PAGE chcp %SHSNOR_PAGE% >nul
exit /b %SHSNOR_CODE%
"""

CONSOLE = r"""@echo off
set "PATH=%~dp0;%PATH%"
cd /d "%~dp0"
cmd /k shsnor.cmd
"""

RUN = '''"""Runs shsnor out of this folder: the embeddable Python looks for packages in no other place than it is told."""

import sys
from pathlib import Path

packages = Path(__file__).resolve().parent / "site-packages"
sys.path.insert(0, str(packages))

from shsnor.cli import main

sys.exit(main())
'''

README = """shsnor {version} — переносная папка для Windows

Как начать
1. Распакуйте архив целиком в любую свою папку, например на рабочий стол. Права администратора не нужны.
2. Откройте двойным щелчком console.cmd: появится окно, в котором работает команда shsnor.
3. Наберите: shsnor demo
   Покажет, что получается, на вымышленном регионе. Ваши данные при этом не нужны.
4. Положите свои таблицы в папку «данные» рядом с console.cmd и наберите: shsnor
   Программа скажет, что она здесь видит и какая команда следующая.

Без сети
Программа ничего не скачивает и никуда не отправляет: все расчёты идут на этом компьютере.

Удалить
Удалите папку. В систему ничего не записывается; временные файлы программа убирает за собой.

Если не запускается
- Папка должна быть распакована: прямо из архива программа не работает.
- Нужна 64-разрядная Windows 10 или новее.
- Если появляется сообщение о VCRUNTIME140.dll, нужен пакет Microsoft Visual C++ Redistributable.
- shsnor doctor покажет, что мешает; приложите эти строки к сообщению об ошибке.
{python}
Лицензии перечислены в LICENSES.txt.
"""

WITHOUT_PYTHON = """
Python в этой папке нет
Эта сборка сделана без интерпретатора. Возьмите на python.org архив «Windows embeddable package (64-bit)» версии {python}
и распакуйте его в папку python рядом с этим файлом: там должен оказаться файл python\\python.exe.
"""

LICENCES_HEAD = """Из чего собрана папка и на каких условиях это распространяется.
Полные тексты лежат в Lib\\site-packages, в папках с окончанием .dist-info.

"""


def version_of(embedded: Path) -> str:
    """The version of the embeddable Python in a zip, as `3.12`.

    raises   Unfit where it is none, or not for 64 bits
    """
    try:
        with zipfile.ZipFile(embedded) as archive:
            names = set(archive.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        raise Unfit(f"Архив Python не читается: {embedded.name} ({error})") from error
    found = next((m for name in sorted(names) if (m := re.fullmatch(r"python(3)(\d+)\.dll", name))), None)
    if found is None or "python.exe" not in names:
        raise Unfit(f"{embedded.name} — не «embeddable package» с python.org: в нём нет python.exe и python3*.dll.")
    if "amd64" not in embedded.name:
        raise Unfit(f"{embedded.name}: нужен архив для 64-разрядной Windows (…-embed-amd64.zip).")
    return f"{found[1]}.{found[2]}"


def assemble(folder: Path, wheels: Sequence[Wheel], embedded: Path | None) -> None:
    """Make the whole folder, which must not be there yet, of wheels and an embeddable Python (None: it is left out).

    raises   Unfit where the parts do not make a folder that works
    """
    python = PYTHON if embedded is None else version_of(embedded)
    must_fit(wheels, python)
    packages = folder / "Lib" / "site-packages"
    packages.mkdir(parents=True)
    for wheel in wheels:
        unpack(wheel, packages)
    (folder / "Lib" / "run_shsnor.py").write_text(RUN, encoding="utf-8", newline="\r\n")
    if embedded is not None:
        with zipfile.ZipFile(embedded) as archive:
            archive.extractall(folder / "python")
    version = next(wheel.version for wheel in wheels if wheel.name == "shsnor")
    absent = "" if embedded is not None else WITHOUT_PYTHON.format(python=python)
    for name, text in (("shsnor.cmd", COMMAND), ("console.cmd", CONSOLE)):
        (folder / name).write_text(text, encoding="ascii", newline="\r\n")
    for name, text in (
        ("README.txt", README.format(version=version, python=absent)),
        ("LICENSES.txt", LICENCES_HEAD + licences(wheels, embedded)),
    ):
        (folder / name).write_text(text, encoding="utf-8-sig", newline="\r\n")


def licences(wheels: Iterable[Wheel], embedded: Path | None) -> str:
    """A line for each part: name, version, licence."""
    lines = [f"{wheel.name} {wheel.version}: {wheel.licence}" for wheel in wheels]
    if embedded is not None:
        lines.append(f"Python ({embedded.stem}): Python Software Foundation License, python\\LICENSE.txt")
    return "\n".join(lines) + "\n"


def pack_up(folder: Path, archive: Path) -> None:
    """The folder as a zip, its files in the order of their names; it stands whole or not at all."""
    half = archive.with_suffix(".part")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as made:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                made.write(file, (Path(folder.name) / file.relative_to(folder)).as_posix())
        shutil.move(half, archive)
    finally:
        half.unlink(missing_ok=True)
