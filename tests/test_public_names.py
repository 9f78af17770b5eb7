"""The public names: all there, each from one place, and cheap until used."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import shsnor
from tests.command import environment

HEAVY = {"duckdb", "pydantic", "jsonschema", "yaml", "pluggy", "numpy", "pandas", "pyarrow"}


@pytest.mark.parametrize("name", shsnor.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(shsnor, name)
    assert name in dir(shsnor)
    if name != "__version__":
        assert inspect.getdoc(value), f"{name} has no docstring"


def test_type_checkers_see_the_names_that_the_module_gives() -> None:
    tree = ast.parse(Path(shsnor.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == set(shsnor.__all__) - {"__version__"}


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'evalute'"):
        assert shsnor.evalute


def _loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True, env=environment(),
    )  # fmt: skip
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_loads_nothing_heavy() -> None:
    assert not _loaded_by("import shsnor") & HEAVY


def test_help_loads_nothing_heavy() -> None:
    assert not _loaded_by("from shsnor.cli import main\nmain(['--help'])") & HEAVY


@pytest.mark.parametrize(
    "call",
    [
        lambda name: shsnor.evaluate(name, {}, as_of=2022),
        lambda name: shsnor.make_plan(name, as_of=2022),
        lambda name: shsnor.check_pack(name),
        lambda name: shsnor.describe_pack(name),
        lambda name: shsnor.what_if(name, {}, as_of=2022, parameters={"low_limit": 5}),
        lambda name: shsnor.sweep(name, {}, as_of=2022, parameter="low_limit", values=[1, 2]),
    ],
)
def test_the_name_of_a_pack_in_place_of_a_pack_is_told(call: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match=r"a Pack is needed, not str: give shsnor\.load_pack\('north'\)"):
        call("north")
