"""What the tests of reading share: a small catalog, tables that fit it, and a call that shows what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shsnor.errors import Finding
from shsnor.pack import Column, Level, Table
from shsnor.reading import LoadedTable, read_tables
from shsnor.sql import quote
from shsnor.standard import STANDARD_LEVELS, STANDARD_TABLES
from shsnor.store import Session

LEVELS: Mapping[str, Level] = STANDARD_LEVELS
SCHOOLS: list[dict[str, Any]] = [
    {"school_id": "001", "name": "Школа № 1", "municipality": "Восток"},
    {"school_id": "002", "name": "Школа № 2", "municipality": "Запад"},
    {"school_id": "003", "name": "Лицей", "municipality": None},
]
RESULT: dict[str, Any] = {
    "school_id": "001", "year": "2022", "procedure": "ВПР", "grade": "5", "subject": "рус", "participants": 20
}  # fmt: skip

#: One column of each type.
KINDS = Table(
    entity={"school": "school_id"},
    key=["school_id"],
    columns={
        "school_id": Column(type="text"),
        "text": Column(type="text"),
        "count": Column(type="count"),
        "number": Column(type="number", aliases=["Доля, %", "Число"]),
        "short": Column(type="number", digits=1),
        "year": Column(type="year"),
        "date": Column(type="date"),
        "yes_no": Column(type="yes_no"),
    },
)
CATALOG: Mapping[str, Table] = {**STANDARD_TABLES, "kinds": KINDS}


class Read:
    """One reading of tables: what was loaded and what was found, as tests compare it."""

    def __init__(self, session: Session, loaded: Mapping[str, LoadedTable], findings: Iterable[Finding]) -> None:
        self.session, self.loaded, self.findings = session, loaded, list(findings)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """The rows of a table, sorted."""
        listed = ", ".join(map(quote, columns)) or "*"
        return self.session.rows(f"SELECT {listed} FROM {self.loaded[table].relation} ORDER BY ALL")

    def codes(self, severity: str = "error") -> list[str]:
        return [f.code for f in self.findings if f.severity == severity]

    def found(self, code: str) -> list[tuple[Any, ...]]:
        """(table, row, field, value) of each finding of a code."""
        return [(f.place.table, f.place.row, f.place.field, f.place.value) for f in self.findings if f.code == code]

    def details(self, code: str) -> list[dict[str, Any]]:
        return [f.details for f in self.findings if f.code == code]


def read(
    session: Session,
    tables: Any,
    needed: Mapping[str, set[str]] | None = None,
    *,
    catalog: Mapping[str, Table] = CATALOG,
    levels: Mapping[str, Level] = LEVELS,
    **more: Any,
) -> Read:
    """Read tables; the list of schools is added to a mapping that lacks it."""
    if isinstance(tables, Mapping) and "schools" not in tables and "schools" in catalog:
        tables = {"schools": SCHOOLS, **tables}
    if needed is None:
        needed = (
            {name: set() for name in tables if name in catalog} if isinstance(tables, Mapping) else {"schools": set()}
        )
    loaded, findings = read_tables(session, catalog, tables, levels=levels, needed=needed, top_key="Край", **more)
    return Read(session, loaded, findings)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file with exactly these line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path
