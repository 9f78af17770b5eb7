"""Distributions and packs with code for tests of plugins: written to a folder as an installer would leave them there."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from shsnor.errors import Finding, FindingsError
from shsnor.host import find_plugins

HEAD = "from shsnor.functions import Function\nfrom shsnor.hookspecs import Exporter, Reader, hookimpl\n"

#: The source of a function: an indicator's value, doubled.
DOUBLED = """
def query(call):
    return f"SELECT e, 2 * {call.columns[call.settings['indicator']]} AS value FROM {call.relation}"


def doubled(id="doubled"):
    return Function(
        id=id, shape="table", query=query, inputs=lambda settings: [settings["indicator"]],
        parameters={"type": "object", "required": ["indicator"]},
    )
"""

#: A plugin that gives it.
GIVES_DOUBLED = f"{HEAD}{DOUBLED}\n\n@hookimpl\ndef shsnor_functions():\n    return [doubled()]\n"

#: A pack that needs it.
NEEDS_DOUBLED = """format: 1
pack: {id: north, version: "1", title: Проверочный пакет}
sources: {order: {title: Приказ}}
indicators:
  low: {label: Число, unit: count, from: results, value: sum(below_minimum), source: {clause: "1", basis: stated}}
  twice:
    label: Вдвое
    unit: count
    function: doubled
    with: {indicator: low}
    source: {clause: "2", basis: stated}
flags:
  many:
    label: Много
    when: {indicator: twice, at_least: 10}
    source: {clause: "3", basis: stated}
"""

TABLES: dict[str, list[dict[str, Any]]] = {
    "schools": [{"school_id": code, "municipality": "Юг"} for code in "АБ"],
    "results": [
        {"school_id": code, "year": 2022, "procedure": "ОГЭ", "grade": 9, "subject": "мат", "participants": 9,
         "below_minimum": low}
        for code, low in (("А", 5), ("Б", 4))
    ],
}  # fmt: skip


def install(
    folder: Path, name: str, source: str | None = None, *, group: str = "shsnor", value: str | None = None
) -> str:
    """A distribution `name` 1.0 with one entry point, as it lies in a folder of installed ones; the name of its module."""
    module = name.replace("-", "_")
    if source is not None:
        (folder / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[{group}]\nit = {value or module}\n", encoding="utf-8")
    return module


def write_pack(folder: Path, text: str = NEEDS_DOUBLED, plugin: str | None = GIVES_DOUBLED) -> Path:
    """A folder with a pack, and with its own `plugin.py` where one is given."""
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(text, encoding="utf-8", newline="\n")
    if plugin is not None:
        (folder / "plugin.py").write_text(plugin, encoding="utf-8", newline="\n")
    return folder


def refused() -> list[Finding]:
    """What is wrong with the plugins that are found now."""
    with pytest.raises(FindingsError) as caught:
        find_plugins()
    return list(caught.value.findings)


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]
