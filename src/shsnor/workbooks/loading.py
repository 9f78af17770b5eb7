"""Layouts found and read: those that come with the program, and the caller's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shsnor.documents import read_yaml, read_yaml_file
from shsnor.errors import VALUE, Findings, Place, nearest
from shsnor.headers import columns_of
from shsnor.pack import Table
from shsnor.workbooks.layout import Blocks, ColumnLayout, Layout, SheetLayout, Take, Wide

SHIPPED = Path(__file__).parent / "layouts"
#: How a layout beside the data is called; in a folder `layouts` each YAML file is one.
ENDING, FOLDER = ".layout.yaml", "layouts"

#: All keys that a layout may have, at one place or another.
KEYS = sorted({
    of.alias or name
    for model in (Layout, SheetLayout, ColumnLayout, Take, Wide, Blocks)
    for name, of in model.model_fields.items()
})  # fmt: skip


@cache
def shipped_layouts() -> Mapping[str, Layout]:
    """The layouts that come with the program, by name."""
    found = {}
    for path in sorted(SHIPPED.glob("*.yaml")):
        findings = Findings()
        layout = read_layout(path, findings)
        assert layout is not None, list(findings)  # the tests read each of them
        found[layout.layout] = layout
    return found


def layouts_beside(folder: Path) -> list[Path]:
    """The layouts that lie in a folder of data: `*.layout.yaml`, and YAML files in its folder `layouts`."""
    inside = folder / FOLDER
    own = sorted(inside.glob("*.yaml")) if inside.is_dir() else []
    return [*sorted(folder.glob(f"*{ENDING}")), *own]


def find_layouts(wanted: Iterable[str | Path], findings: Findings) -> list[Layout]:
    """The layouts that a caller names, by the name of one that comes with the program or by a file."""
    found = []
    for one in wanted:
        if (layout := shipped_layouts().get(str(one))) is not None:
            found.append(layout)
        elif not Path(one).is_file():
            known = sorted(shipped_layouts())
            findings.add(
                "SH443", Place(file=Path(one).name), name=str(one), known=known, nearest=nearest(str(one), known)
            )
        elif (layout := read_layout(Path(one), findings)) is not None:
            found.append(layout)
    return found


def read_layout(path: Path, findings: Findings) -> Layout | None:
    """The layout that a file writes; None, with findings, where it is wrong."""
    written, wrong = read_yaml_file(path, path.name)
    return _layout(written, wrong, findings)


def layout_of(text: str, name: str, findings: Findings) -> Layout | None:
    """The layout that a text writes, `name` for findings; None, with findings, where it is wrong."""
    written, wrong = read_yaml(text, name)
    return _layout(written, wrong, findings)


def _layout(written: Any, wrong: Findings, findings: Findings) -> Layout | None:
    findings.extend(wrong)
    if written is None or wrong.errors:
        return None
    try:
        return Layout.model_validate(written.data, by_alias=True, by_name=False)
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            _report(mistake, written.places, written.file, findings)
    return None


def _report(mistake: Any, places: Mapping[str, Place], file: str, findings: Findings) -> None:
    path = "/".join(str(step) for step in mistake["loc"] if step != "[key]")
    name, kind = path.rpartition("/")[2], mistake["type"]
    if kind == "extra_forbidden":
        findings.add("SH201", _place(places, path, file), name=name, nearest=nearest(name, KEYS), allowed=KEYS)
    elif kind == "missing":
        findings.add("SH202", _place(places, path, file), key=name)
    else:
        problem = mistake["ctx"]["error"].args[0] if kind == "value_error" else "other"
        text, given = mistake["ctx"]["error"].args[-1] if kind == "value_error" else "", mistake["input"]
        given = given if isinstance(given, str) else None
        findings.add("SH444", _place(places, path + VALUE, file), name=name, given=given, text=text, problem=problem)


def _place(places: Mapping[str, Place], path: str, file: str) -> Place:
    key = path
    while key:
        if (found := places.get(key)) is not None:
            return Place(
                file=found.file, line=found.line, column=found.column, key=path.removesuffix(VALUE).replace("/", ".")
            )
        key = key.removesuffix(VALUE) if key.endswith(VALUE) else key.rpartition("/")[0]
    return Place(file=file, key=path.removesuffix(VALUE).replace("/", "."))


def check_layout(layout: Layout, catalog: Mapping[str, Table], findings: Findings) -> bool:
    """Whether every table and column that a layout names is there; findings say which is not."""
    before = len(findings.errors)
    for sheet in layout.sheets:
        if sheet.table not in catalog:
            continue  # of another pack
        known = columns_of(catalog[sheet.table])
        for column in sorted(sheet.given() - known.keys()):
            near = nearest(column, known)
            findings.add(
                "SH445", Place(file=layout.layout, table=sheet.table, field=column), column=column, nearest=near
            )
    return len(findings.errors) == before
