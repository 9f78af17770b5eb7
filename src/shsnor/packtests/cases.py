"""The worked cases of a pack as they are written: `tests/*.yaml` beside it -> cases, and what is wrong in the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from shsnor.documents import VALUE, Written, read_yaml
from shsnor.errors import Findings, Place, nearest
from shsnor.pack import Pack, Table, as_number
from shsnor.standard import tables_of

CASE_KEYS = ("name", "as_of", "parameters", "without", "tables", "expect")
EXPECTED_KEYS = ("is", "value", "reason", "tolerance")

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
            cases.extend(_read_file(file, pack, findings))
    return cases, findings


def _read_file(file: Path, pack: Pack, findings: Findings) -> Iterable[Case]:
    shown = _shown(file)
    written, found = read_yaml(_HEAD + file.read_bytes().removeprefix(b"\xef\xbb\xbf"), shown)
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


def _shown(file: Path) -> str:
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
        self.lists = ["measures", *document.peers]
        self.items = [*document.indicators, *document.criteria, *document.flags, *document.clusters, *self.lists]

    def wrong(self, code: str, path: str, *, at_value: bool = False, **details: Any) -> None:
        """A finding at a key path, or at the nearest path above that has a place."""
        key = path + VALUE if at_value else path
        while key and key not in self.written.places:
            key = key.removesuffix(VALUE) if key.endswith(VALUE) else key.rpartition("/")[0]
        place = _moved(self.written.places.get(key, Place(file=self.written.file)))
        self.findings.add(code, replace(place, key=path.replace("/", ".")), **details)

    def known(self, name: str, allowed: Iterable[str], path: str) -> bool:
        names = list(allowed)
        if name not in names:
            self.wrong("SH201", path, name=name, allowed=names, nearest=nearest(name, names))
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
        for key in ("name", "as_of", "expect"):
            if not entry.get(key):
                self.wrong("SH202", path, key=key)
        without = entry.get("without", [])
        return Case(
            name=self.text(entry.get("name", ""), f"{path}/name"),
            place=_moved(self.written.places[path]),
            as_of=self.text(entry.get("as_of", ""), f"{path}/as_of"),
            parameters=self.settings(entry.get("parameters", {}), f"{path}/parameters"),
            without=(without,) if isinstance(without, str) else tuple(self.texts(without, f"{path}/without")),
            tables=self.rows(entry.get("tables", {}), f"{path}/tables"),
            expect=self.expect(entry.get("expect", {}), f"{path}/expect"),
        )

    def texts(self, value: Any, path: str) -> list[str]:
        return [self.text(each, f"{path}/{n}") for n, each in enumerate(self.items_of(value, path))]

    def settings(self, value: Any, path: str) -> dict[str, str]:
        given = self.mapping(value, path)
        return {
            k: self.text(v, f"{path}/{k}") for k, v in given.items() if self.known(k, self.parameters, f"{path}/{k}")
        }

    def rows(self, value: Any, path: str) -> dict[str, list[dict[str, str]]]:
        own = [name for name, table in self.tables.items() if table.rows is None]
        return {
            name: [
                self.row(row, self.tables[name], f"{path}/{name}/{n}")
                for n, row in enumerate(self.items_of(rows, f"{path}/{name}"))
            ]
            for name, rows in self.mapping(value, path).items()
            if self.known(name, own, f"{path}/{name}")
        }

    def row(self, value: Any, table: Table, path: str) -> dict[str, str]:
        cells = self.mapping(value, path)
        return {k: self.text(v, f"{path}/{k}") for k, v in cells.items() if self.known(k, table.columns, f"{path}/{k}")}

    def expect(self, value: Any, path: str) -> dict[str, dict[str, ExpectedCells | list[str]]]:
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

    def cell(self, value: Any, path: str) -> Expected:
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


def _parts(reasons: Any) -> list[str]:
    texts = reasons if isinstance(reasons, list) else [reasons]
    return [part.strip() for text in texts for part in str(text).split(",") if part.strip()]


def _kind(value: Any) -> str | None:
    return "list" if isinstance(value, list) else "mapping" if isinstance(value, dict) else None if value else "nothing"
