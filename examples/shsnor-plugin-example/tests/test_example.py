"""The plugin where it is installed: its pack, its function, its reader, its exporter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import shsnor

SCHOOLS: list[dict[str, Any]] = [{"school_id": code, "name": f"Школа {code}", "municipality": "Юг"} for code in "АБВ"]
RESULTS: list[dict[str, Any]] = [
    {
        "school_id": code,
        "year": 2022,
        "procedure": "ОГЭ",
        "grade": 9,
        "subject": "мат",
        "participants": n,
        "below_minimum": low,
    }
    for code, n, low in (("А", 10, 0), ("Б", 20, 2), ("В", 30, 9))
]


def test_nothing_is_wrong_with_the_pack() -> None:
    assert list(shsnor.check_pack(shsnor.load_pack("example"))) == []


def test_the_cases_of_the_pack_hold() -> None:
    run = [sys.executable, "-m", "shsnor", "pack", "test", "example"]
    done = subprocess.run(run, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_json_lines_are_read_and_the_list_is_written(tmp_path: Path) -> None:
    for name, rows in {"schools": SCHOOLS, "results": RESULTS}.items():
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    with shsnor.evaluate(shsnor.load_pack("example"), tmp_path, as_of=2022) as outcome:
        written = outcome.write(tmp_path / "list.md", format="support_list")
    assert "## Юг\n\n- Школа В: Встреча учителей математики с методистом\n" in written.read_text(encoding="utf-8")
