"""What several tests use: an outcome of the demo region, and a small pack with its tables."""

from __future__ import annotations

import re
from pathlib import Path

import hypothesis
import pytest

from shsnor.demo import DEMO_YEAR, demo_region
from tests.command import shsnor

hypothesis.settings.register_profile("shsnor", deadline=None)  # no test is about time
hypothesis.settings.load_profile("shsnor")

README = Path(__file__).resolve().parents[1] / "README.md"

SCHOOLS = """school_id;municipality;kind
0101;Юг;СОШ
0102;Юг;ООШ
0103;Юг;ООШ
"""

#: 0101 is low in Russian by a third, 0102 by far, 0103 has no rows.
RESULTS = """school_id;year;procedure;grade;subject;participants;below_minimum
0101;2022;ОГЭ;9;рус;30;10
0101;2022;ОГЭ;9;мат;30;3
0102;2022;ОГЭ;9;рус;20;18
0102;2022;ОГЭ;9;мат;20;1
0102;2021;ОГЭ;9;мат;20;1
"""


@pytest.fixture(scope="session")
def demo_outcome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo region evaluated by the pack `federal` and written as Parquet."""
    out = tmp_path_factory.mktemp("demo") / "out"
    run = shsnor("evaluate", "federal", "--data", demo_region(), "--as-of", DEMO_YEAR, "--out", out)
    assert run.code == 0, run.err
    return out


@pytest.fixture
def north(tmp_path: Path) -> Path:
    """A folder with the README's pack in `north` and three schools in `data`, as a Russian Excel would save them."""
    (pack,) = re.findall(r"^```yaml\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "pack.yaml").write_text(pack, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "schools.csv").write_text(SCHOOLS, encoding="cp1251")
    (tmp_path / "data" / "results.csv").write_text(RESULTS, encoding="cp1251")
    return tmp_path
