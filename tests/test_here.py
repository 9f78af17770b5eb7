"""`shsnor` alone: what it sees in a folder, and the next command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shsnor.surroundings import look
from tests.command import Run, environment, shsnor

ALL = {"demo", "template", "data", "evaluate", "explain", "pack", "layout", "list", "report"}


def commands_of(run: Run) -> list[str]:
    return re.findall(r"^  shsnor (.*)$", run.out, re.MULTILINE)


def test_in_an_empty_folder_it_offers_the_demo(tmp_path: Path) -> None:
    run = shsnor(cwd=tmp_path)
    assert run.code == 0 and run.err == ""
    assert "нет ни таблиц, ни пакетов" in run.out
    assert commands_of(run)[0] == "demo"


def test_tables_and_a_pack_lead_to_an_evaluation_that_works(north: Path) -> None:
    run = shsnor(cwd=north)
    assert "north — Порядок Северной области, версия 2026.1" in run.out
    assert "data: results.csv, schools.csv" in run.out
    (command,) = (c for c in commands_of(run) if c.startswith("evaluate"))
    again = shsnor(*command.split(), cwd=north)
    assert again.code == 0, again.err


def test_an_outcome_is_named_with_its_pack_and_dates(north: Path) -> None:
    shsnor("evaluate", "north", "--data", "data", "--as-of", 2022, "--out", "out", cwd=north)
    run = shsnor(cwd=north)
    said = " ".join(run.out.split())
    assert re.search(r"out — Порядок Северной области, на 31\.12\.2022, рассчитан \d\d\.\d\d\.\d{4} \d\d:\d\d", said)
    assert "explain out --school КОД" in commands_of(run)
    assert not any(command.startswith("evaluate") for command in commands_of(run))


def test_tables_newer_than_the_outcome_ask_for_another_evaluation(north: Path) -> None:
    shsnor("evaluate", "north", "--data", "data", "--as-of", 2022, "--out", "out", cwd=north)
    late = (north / "data" / "results.csv").stat().st_mtime + 3600
    os.utime(north / "data" / "results.csv", (late, late))
    assert commands_of(shsnor(cwd=north))[0] == "evaluate north --data data --out out"


def test_a_workbook_that_is_no_data_of_the_outcome_asks_for_nothing(north: Path) -> None:
    shsnor("evaluate", "north", "--data", "data", "--as-of", 2022, "--out", "out", cwd=north)
    (north / "list.xlsx").write_bytes(b"PK")
    os.utime(north / "list.xlsx", ((north / "out").stat().st_mtime + 3600,) * 2)
    assert not any(command.startswith("evaluate") for command in commands_of(shsnor(cwd=north)))


def test_of_several_outcomes_the_last_comes_first(north: Path) -> None:
    for out in ("late", "early"):
        shsnor("evaluate", "north", "--data", "data", "--as-of", 2022, "--out", out, cwd=north)
    manifest = north / "early" / "run.json"
    manifest.write_text(re.sub(r'"at": "\d{4}', '"at": "2020', manifest.read_text("utf-8")), encoding="utf-8")
    assert [seen.path.name for seen in look(north).outcomes] == ["late", "early"]


def test_a_database_with_an_outcome_is_no_table(north: Path) -> None:
    shsnor("evaluate", "north", "--data", "data", "--as-of", 2022, "--out", "out.duckdb", cwd=north)
    seen = look(north)
    assert [outcome.path for outcome in seen.outcomes] == [Path("out.duckdb")]
    assert [data.folder for data in seen.data] == [Path("data")]


def test_workbooks_without_a_layout_lead_to_one(tmp_path: Path) -> None:
    (tmp_path / "мои данные").mkdir()
    (tmp_path / "мои данные" / "ВПР 2026.xlsx").touch()
    (tmp_path / "мои данные" / "~$ВПР 2026.xlsx").touch()
    (tmp_path / "README.txt").touch()
    seen = look(tmp_path)
    assert [(data.folder, data.tables, data.workbooks) for data in seen.data] == [
        (Path("мои данные"), (), ("ВПР 2026.xlsx",))
    ]
    assert [step.why for step in seen.next(ALL)] == ["check_data", "evaluate", "layout"]
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "впр.yaml").touch()
    assert look(tmp_path).layouts == (Path("layouts/впр.yaml"),)
    assert "layout" not in {step.why for step in look(tmp_path).next(ALL)}


def test_a_pack_alone_is_to_be_checked(north: Path) -> None:
    shutil.rmtree(north / "data")
    assert commands_of(shsnor(cwd=north))[:2] == ["pack check north", "demo north"]


@pytest.mark.parametrize("broken", ["{", "[]", '{"shsnor_outcome": 1, "evaluation": {"pack": "x"}}'])
def test_what_is_broken_is_passed_over(tmp_path: Path, broken: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text(broken, encoding="utf-8")
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "pack.yaml").write_bytes(b"\xff\xfe: [")
    run = shsnor(cwd=tmp_path)
    assert run.code == 0, run.err
    assert "north" in run.out


def test_it_offers_only_commands_that_there_are(north: Path) -> None:
    assert [step.command[0] for step in look(north).next({"evaluate"})] == ["evaluate"]


def test_it_is_said_in_english_when_asked(north: Path) -> None:
    run = shsnor(cwd=north, env={"SHSNOR_LANG": "en"})
    assert "What next:" in run.out and "Packs" in run.out


def test_nothing_heavy_is_loaded(north: Path) -> None:
    code = "import sys\nfrom shsnor.cli import main\nmain([])\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=north, env=environment()
    )
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not loaded & {"duckdb", "pydantic", "jinja2", "rich", "numpy"}
