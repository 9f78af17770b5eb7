"""The page of the API names every public name, where it stands, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import shsnor
from tests.walking import DOCS


def test_every_public_name_is_on_the_page() -> None:
    shown = re.findall(r"^::: (\S+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    objects = [getattr(shsnor, name) for name in shsnor.__all__ if name != "__version__"]
    assert sorted(shown) == sorted(f"{one.__module__}.{one.__name__}" for one in objects)


def test_every_page_is_in_the_navigation_once() -> None:
    navigation = (Path(DOCS).parent / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    named = re.findall(r"(\S+\.md)$", navigation, re.MULTILINE)
    pages = {file.relative_to(DOCS).as_posix() for file in DOCS.rglob("*.md")}
    apart = {page for page in pages if page.startswith(("packs/", "findings/SH"))} - {"packs/index.md"}
    assert sorted(named) == sorted(pages - apart), "each once"
