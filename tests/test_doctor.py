"""`shsnor doctor`: what a bug report needs, nothing personal, and what hinders work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shsnor import __version__, doctor
from shsnor.doctor import GIB, examine, nameless
from shsnor.wording import message
from tests.command import shsnor


def test_it_says_what_a_bug_report_needs() -> None:
    run = shsnor("doctor")
    assert __version__ in run.out
    for said in ("Python", "duckdb 2", "Память", "Временные файлы", "Часовой пояс", "federal"):
        assert said in run.out, said
    assert max(map(len, run.out.splitlines())) < 80


def test_as_json_it_has_the_same_for_programs() -> None:
    told = json.loads(shsnor("doctor", "--json").out)
    assert told["shsnor"] == __version__
    assert told["libraries"]["duckdb"].startswith("2.")
    assert "federal" in told["packs"]
    assert told["cores"] >= 1 and told["memory"] > GIB / 2


def test_it_says_how_much_of_the_machine_an_evaluation_takes() -> None:
    machine = examine()
    amount, unit = machine.allowed.split()
    assert machine.memory is not None and machine.threads >= 2
    assert 0 < float(amount) * {"MiB": 1024**2, "GiB": GIB}[unit] < 0.7 * machine.memory
    assert (
        f"памяти до {amount.replace('.', ',')} {unit.replace('iB', 'иБ').translate({71: 'Г', 77: 'М'})}"
        in shsnor("doctor").out
    )


def test_nothing_personal_is_printed(tmp_path: Path) -> None:
    home = tmp_path / "ivanova_m"
    (home / "temp").mkdir(parents=True)
    alone = {"HOME": str(home), "USERPROFILE": str(home), "USER": "ivanova_m", "USERNAME": "ivanova_m"}
    run = shsnor("doctor", env={**alone, "TMPDIR": str(home / "temp"), "TEMP": str(home / "temp")})
    assert str(Path("~") / "temp") in run.out
    assert "ivanova_m" not in run.out + run.err and str(tmp_path) not in run.out + run.err


def test_a_path_beside_the_home_folder_loses_the_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "Ivanova")
    assert nameless(Path("/data/ivanova/temp")) == str(Path("/data/…/temp"))


def test_a_console_without_russian_letters_is_told_and_is_no_success() -> None:
    run = shsnor("doctor", env={"SHSNOR_LANG": "en"}, encoding="ascii")
    assert run.code == 1
    assert "SH632" in run.out and "chcp 65001" in run.out


def test_what_hinders_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "_memory", lambda: GIB)
    monkeypatch.setattr(doctor, "_room", lambda folder: GIB // 2)
    monkeypatch.setattr(doctor, "version", _without("xlsxwriter"))
    found = {f.code: message(f) for f in examine().hindrances}
    assert {"SH631", "SH633", "SH634"} <= set(found)
    assert "0.5 ГиБ" in found["SH631"] and "xlsxwriter" in found["SH633"] and "1.0 ГиБ" in found["SH634"]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert "SH630" in {f.code for f in examine().hindrances}


def _without(missing: str) -> object:
    from importlib.metadata import PackageNotFoundError, version

    def known(name: str) -> str:
        if name == missing:
            raise PackageNotFoundError(name)
        return version(name)

    return known


def test_a_broken_engine_is_told(tmp_path: Path) -> None:
    (tmp_path / "duckdb.py").write_text("raise ImportError('DLL load failed')\n", encoding="utf-8")
    run = shsnor("doctor", env={"PYTHONPATH": str(tmp_path)})
    assert run.code == 1
    assert "SH633" in run.out and "DLL load failed" in run.out


def test_looking_leaves_nothing_behind(tmp_path: Path) -> None:
    shsnor("doctor", env={"TMPDIR": str(tmp_path), "TEMP": str(tmp_path)})
    assert not list(tmp_path.iterdir())
