"""The worked cases of a pack as they are written: `tests/*.yaml` beside it -> cases, and what is wrong in the files.

Rows and expectations stand as YAML, or as a table in a text, one row a line. `each` with `examples` writes many small cases
of one kind as one: `each` says the rows of an entity with `<name>` for what differs, a line of `examples` gives these and
what is expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from shsnor.documents import MAX_BYTES, Written, read_yaml
from shsnor.errors import VALUE, Findings, Place, nearest
from shsnor.pack import Pack, Table, as_number
from shsnor.packtests.grids import Grid, Row, column_of, list_of, read_grid, value_of
from shsnor.standard import tables_of

CASE_KEYS = ("name", "as_of", "parameters", "without", "tables", "each", "examples", "expect")
EXPECTED_KEYS = ("is", "value", "reason", "tolerance")
#: Lists of measures by their status: recommended, and those whose condition is unknown.
MEASURE_LISTS = ("measures", "undecided")
#: A file in `tests` that holds no cases (see `accepting`).
ACCEPTED = "accepted.yaml"

#: `<name>` in the rows of `each`.
PLACEHOLDER = re.compile(r"<([^<>|]+)>")

#: A file of cases is a list and `documents` reads mappings: this line in front makes it one.
_HEAD = b"cases:\n"
_ROOT = "cases"


@dataclass(frozen=True, slots=True)
class Expected:
    """What one cell should be: its dimensions (those named), a verdict, label, text or number, perhaps with reasons."""

    dimensions: Mapping[str, str]
    value: str
    reasons: frozenset[str] | None = None
    tolerance: Decimal = Decimal(0)

    def shown(self) -> str:
        value = f"{self.value} ± {self.tolerance}" if self.tolerance else self.value
        return f"{value} ({', '.join(sorted(self.reasons))})" if self.reasons else value


@dataclass(frozen=True, slots=True)
class ExpectedCells:
    """What the cells of one item should be; those not named are not looked at."""

    cells: tuple[Expected, ...]


Rows: TypeAlias = dict[str, list[dict[str, str]]]
Expectations: TypeAlias = dict[str, dict[str, ExpectedCells | list[str]]]


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case.

    tables  name -> rows, of the columns that the author wrote; all else is empty
    expect  entity -> item -> its cells; for `measures` and `peers` items the list of ids
    """

    name: str
    place: Place
    as_of: str
    parameters: Mapping[str, str]
    without: tuple[str, ...]
    tables: Mapping[str, list[dict[str, str]]]
    expect: Mapping[str, Mapping[str, ExpectedCells | list[str]]]

    @property
    def id(self) -> str:
        """File and line, as they are found again."""
        return f"{Path(self.place.file or '').name}:{self.place.line}"


def read_cases(pack: Pack) -> tuple[list[Case], Findings]:
    """The cases beside a pack, in the order of files and lines; a wrong one is left out, and a finding says why."""
    findings = Findings()
    cases: list[Case] = []
    folder = pack.folder / "tests" if pack.folder is not None else None
    if folder is not None and folder.is_dir():
        for file in sorted(folder.glob("*.yaml")):
            if file.name != ACCEPTED:
                cases.extend(_read_file(file, pack, findings))
    return cases, findings


def _read_file(file: Path, pack: Pack, findings: Findings) -> Iterable[Case]:
    shown = shown_path(file)
    with file.open("rb") as opened:
        text = opened.read(MAX_BYTES + 1)  # of a file that is larger no more is needed to say so
    written, found = read_yaml(_HEAD + text.removeprefix(b"\xef\xbb\xbf"), shown)
    findings.extend(replace(finding, place=_moved(finding.place)) for finding in found)
    if written is None:
        return
    reader = _Reader(written, pack, findings)
    entries = written.data.get(_ROOT)
    if not isinstance(entries, list):
        reader.wrong("SH203", _ROOT, name=_ROOT, expected="list", found=_kind(entries))
        return
    for number in range(len(entries)):
        before = len(findings)
        case = reader.case(entries[number], f"{_ROOT}/{number}")
        if case is not None and len(findings) == before:
            yield case


def _moved(place: Place) -> Place:
    """A place in the file itself, without the line in front."""
    return replace(place, line=max(place.line - 1, 1)) if place.line is not None else place


def shown_path(file: Path) -> str:
    """A file as findings name it: from the working folder where it lies below."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(file)


class _Reader:
    """Takes the cases of one file out of what is written, noting what does not fit."""

    def __init__(self, written: Written, pack: Pack, findings: Findings) -> None:
        self.written = written
        self.findings = findings
        self.tables = tables_of(pack)
        self.parameters = list(pack.document.parameters)
        document = pack.document
        self.lists = [*MEASURE_LISTS, *document.peers]
        self.items = [*document.indicators, *document.criteria, *document.flags, *document.clusters, *self.lists]

    def wrong(self, code: str, path: str, *, at_value: bool = False, line: int | None = None, **details: Any) -> None:
        """A finding at a key path, or at the nearest path above that has a place; `line` is one of the text that begins there."""
        key = path + VALUE if at_value else path
        while key and key not in self.written.places:
            key = key.removesuffix(VALUE) if key.endswith(VALUE) else key.rpartition("/")[0]
        place = _moved(self.written.places.get(key, Place(file=self.written.file)))
        if line is not None and place.line is not None:
            place = replace(place, line=place.line + 1 + line, column=None)
        self.findings.add(code, replace(place, key=path.replace("/", ".")), **details)

    def known(self, name: str, allowed: Iterable[str], path: str, line: int | None = None) -> bool:
        names = list(allowed)
        if name not in names:
            self.wrong("SH201", path, line=line, name=name, allowed=names, nearest=nearest(name, names))
        return name in names

    def mapping(self, value: Any, path: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value != "":
            self.wrong(
                "SH203", path, at_value=True, name=path.rpartition("/")[2], expected="mapping", found=_kind(value)
            )
        return {}

    def items_of(self, value: Any, path: str) -> list[Any]:
        if isinstance(value, list):
            return value
        self.wrong("SH203", path, at_value=True, name=path.rpartition("/")[2], expected="list", found=_kind(value))
        return []

    def text(self, value: Any, path: str) -> str:
        if isinstance(value, str):
            return value
        self.wrong("SH203", path, at_value=True, name=path.rpartition("/")[2], expected="text", found=_kind(value))
        return ""

    def case(self, entry: Any, path: str) -> Case | None:
        if not isinstance(entry, dict):
            self.wrong("SH203", path, name=path.rpartition("/")[2], expected="mapping", found=_kind(entry))
            return None
        for key in entry:
            self.known(key, CASE_KEYS, f"{path}/{key}")
        for key in ("name", "as_of"):
            if not entry.get(key):
                self.wrong("SH202", path, key=key)
        if not entry.get("expect") and not entry.get("examples"):
            self.wrong("SH202", path, key="expect")
        without = entry.get("without", [])
        rows = self.rows(entry.get("tables", {}), f"{path}/tables")
        expect = self.expect(entry.get("expect", {}), f"{path}/expect")
        if "each" in entry or "examples" in entry:
            self.examples(entry, path, rows, expect)
        return Case(
            name=self.text(entry.get("name", ""), f"{path}/name"),
            place=_moved(self.written.places[path]),
            as_of=self.text(entry.get("as_of", ""), f"{path}/as_of"),
            parameters=self.settings(entry.get("parameters", {}), f"{path}/parameters"),
            without=(without,) if isinstance(without, str) else tuple(self.texts(without, f"{path}/without")),
            tables=rows,
            expect=expect,
        )

    def texts(self, value: Any, path: str) -> list[str]:
        return [self.text(each, f"{path}/{n}") for n, each in enumerate(self.items_of(value, path))]

    def settings(self, value: Any, path: str) -> dict[str, str]:
        given = self.mapping(value, path)
        return {
            k: self.text(v, f"{path}/{k}") for k, v in given.items() if self.known(k, self.parameters, f"{path}/{k}")
        }

    def rows(self, value: Any, path: str) -> Rows:
        own = [name for name, table in self.tables.items() if table.rows is None]
        return {
            name: self.table(rows, self.tables[name], f"{path}/{name}")
            for name, rows in self.mapping(value, path).items()
            if self.known(name, own, f"{path}/{name}")
        }

    def table(self, value: Any, table: Table, path: str) -> list[dict[str, str]]:
        if isinstance(value, str) and value:
            grid = self.grid(value, path)
            known = [self.known(name, table.columns, path, grid.header.line) for name in grid.header.cells]
            return [cells for _, cells in grid.mappings()] if all(known) else []
        return [self.row(row, table, f"{path}/{n}") for n, row in enumerate(self.items_of(value, path))]

    def row(self, value: Any, table: Table, path: str) -> dict[str, str]:
        cells = self.mapping(value, path)
        return {k: self.text(v, f"{path}/{k}") for k, v in cells.items() if self.known(k, table.columns, f"{path}/{k}")}

    def grid(self, text: str, path: str) -> Grid:
        """The table that a text writes; its columns have different names, its rows as many cells as there are columns."""
        grid = read_grid(text) or Grid(Row(0, ()), ())
        if not grid.header.cells:
            self.wrong("SH202", path, key="|")
        for row in grid.uneven:
            self.wrong("SH880", path, line=row.line, cells=len(row.cells), columns=len(grid.header.cells))
        for name in {name for name in grid.header.cells if grid.header.cells.count(name) > 1}:
            self.wrong("SH881", path, line=grid.header.line, name=name)
        return grid

    def examples(self, entry: dict[str, Any], path: str, rows: Rows, expect: Expectations) -> None:
        """Add the rows and expectations of `each` line of `examples`; its first column names the entity."""
        for key in ("each", "examples"):
            if not entry.get(key):
                self.wrong("SH202", path, key=key)
        template = self.rows(entry.get("each", {}), f"{path}/each")
        at, text = f"{path}/examples", self.text(entry.get("examples", ""), f"{path}/examples")
        if not text:
            return
        grid = self.grid(text, at)
        used = self.placeholders(template, grid.header.cells, f"{path}/each")
        for line, cells in grid.mappings():
            for name, lines in template.items():
                filled = [{k: _filled(v, cells) for k, v in row.items()} for row in lines]
                rows.setdefault(name, []).extend(filled)
            expected = {name: cell for name, cell in list(cells.items())[1:] if name not in used}
            expect.setdefault(line.cells[0], {}).update(self.of_line(expected, at, line.line))
        for name in grid.header.cells[1:]:
            if name not in used:
                self.column(name, [*self.items, *grid.header.cells[:1]], at, grid.header.line)

    def placeholders(self, template: Rows, columns: Sequence[str], path: str) -> set[str]:
        """The names that stand as `<name>` in the rows of `each`: they are columns of `examples`."""
        used: set[str] = set()
        for name, lines in template.items():
            for n, row in enumerate(lines):
                for column, value in row.items():
                    for found in PLACEHOLDER.findall(value):
                        if self.known(found, columns, f"{path}/{name}/{n}/{column}"):
                            used.add(found)
        return used

    def column(self, header: str, allowed: Iterable[str], path: str, line: int) -> tuple[str, dict[str, str]] | None:
        """The item and the cell that a column of expectations is about."""
        found = column_of(header)
        return found if self.known(found[0] if found else header, allowed, path, line) else None

    def of_line(self, cells: Mapping[str, str], path: str, line: int) -> dict[str, ExpectedCells | list[str]]:
        """What one line expects of its entity; an empty cell expects nothing."""
        found: dict[str, ExpectedCells | list[str]] = {}
        for header, cell in cells.items():
            column = column_of(header)
            if not cell or column is None or column[0] not in self.items:
                continue
            item, dimensions = column
            if item in self.lists:
                found[item] = list_of(cell)
                continue
            expected = self.cell({**dimensions, **value_of(cell)}, path, line)
            before = found.get(item)
            found[item] = ExpectedCells((*(before.cells if isinstance(before, ExpectedCells) else ()), expected))
        return found

    def expect(self, value: Any, path: str) -> Expectations:
        if isinstance(value, str) and value:
            grid = self.grid(value, path)
            columns = [self.column(name, self.items, path, grid.header.line) for name in grid.header.cells[1:]]
            lines = grid.mappings() if all(columns) else ()
            return {row.cells[0]: self.of_line(dict(list(cells.items())[1:]), path, row.line) for row, cells in lines}
        return {
            entity: {
                item: self.expected(item, of_item, f"{path}/{entity}/{item}")
                for item, of_item in self.mapping(items, f"{path}/{entity}").items()
                if self.known(item, self.items, f"{path}/{entity}/{item}")
            }
            for entity, items in self.mapping(value, path).items()
        }

    def expected(self, item: str, value: Any, path: str) -> ExpectedCells | list[str]:
        if item in self.lists:
            return self.texts(value, path)
        if isinstance(value, list):
            return ExpectedCells(tuple(self.cell(each, f"{path}/{n}") for n, each in enumerate(value)))
        return ExpectedCells((self.cell(value, path),))

    def cell(self, value: Any, path: str, line: int | None = None) -> Expected:
        if isinstance(value, str):
            return Expected({}, value)
        given = self.mapping(value, path)
        reasons = given.get("reason")
        tolerance = as_number(given.get("tolerance", "0")) if isinstance(given.get("tolerance", "0"), str) else None
        if tolerance is None:
            self.wrong(
                "SH203",
                f"{path}/tolerance",
                at_value=True,
                line=line,
                name="tolerance",
                expected="number",
                found=None,
                value=given["tolerance"],
            )
        if not {"is", "value", "reason"} & given.keys():
            self.wrong("SH202", path, key="is")
        return Expected(
            dimensions={k: self.text(v, f"{path}/{k}") for k, v in given.items() if k not in EXPECTED_KEYS},
            value=self.text(given.get("is", given.get("value", "unknown")), f"{path}/is"),
            reasons=None if reasons is None else frozenset(_parts(reasons)),
            tolerance=tolerance or Decimal(0),
        )


def _filled(text: str, cells: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: cells.get(found[1], found[0]), text)


def _parts(reasons: Any) -> list[str]:
    texts = reasons if isinstance(reasons, list) else [reasons]
    return [part.strip() for text in texts for part in str(text).split(",") if part.strip()]


def _kind(value: Any) -> str | None:
    return "list" if isinstance(value, list) else "mapping" if isinstance(value, dict) else None if value else "nothing"
