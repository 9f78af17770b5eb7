"""What is said where Spark, or what it needs, is not there: no traceback, and what to install."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import shsnor
from shsnor.errors import UsageError
from shsnor.spark import session, start
from shsnor.wording import render_findings
from tests.command import shsnor as command
from tests.elsewhere_cases import write_pack


def test_libraries_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None if name == "sqlglot" else name)
    for refused in (lambda: start(), lambda: shsnor.SparkStore(object(), {})):
        with pytest.raises(UsageError) as raised:
            refused()
        said = render_findings(raised.value.findings)
        assert "Не установлено: sqlglot." in said and 'pip install "shsnor[spark]"' in said


def test_java_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: name)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    with pytest.raises(UsageError) as raised:
        start("local[1]")
    assert "Не найдена Java" in render_findings(raised.value.findings)


@pytest.fixture
def asked(tmp_path: Path) -> list[Any]:
    write_pack(tmp_path / "pack")
    return ["evaluate", tmp_path / "pack", "--data", tmp_path, "--out", tmp_path / "out"]


def test_the_command_asks_for_a_date(asked: list[Any]) -> None:
    run = command(*asked, "--engine", "spark")
    assert run.code == 2 and "--as-of 2024" in run.err


def test_an_engine_that_is_none_is_refused(asked: list[Any]) -> None:
    run = command(*asked, "--engine", "flink", "--as-of", "2024")
    assert run.code == 2 and "duckdb, spark" in run.err
