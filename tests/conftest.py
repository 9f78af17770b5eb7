"""One outcome of the demo region, for the tests of what is done with an outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from shsnor.demo import DEMO_YEAR, demo_region
from tests.command import shsnor


@pytest.fixture(scope="session")
def demo_outcome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo region evaluated by the pack `federal` and written as Parquet."""
    out = tmp_path_factory.mktemp("demo") / "out"
    run = shsnor("evaluate", "federal", "--data", demo_region(), "--as-of", DEMO_YEAR, "--out", out)
    assert run.code == 0, run.err
    return out
