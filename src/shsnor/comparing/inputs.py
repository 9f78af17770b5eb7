"""The tables that a comparison may ask for beside outcomes: plan and fact, marks on measures, codes of merged schools."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shsnor.errors import DataError, Finding
from shsnor.reading import LoadedTable, TablesArg, read_tables
from shsnor.sql import quote
from shsnor.standard import STANDARD_LEVELS, STANDARD_TABLES
from shsnor.store import Session

_WANTED = {
    "targets": ("entity", "indicator", "unit", "year", "value"),
    "actuals": ("entity", "indicator", "unit", "year", "value"),
    "measures_taken": ("entity", "measure", "year", "planned_to", "finished", "role", "status"),
    "school_codes": ("code", "school_id", "predecessor"),
}

#: Of these a column may be lacking: what it would say is then not known.
_TABLES = {
    **STANDARD_TABLES,
    **{n: STANDARD_TABLES[n].model_copy(update={"no_column": "unknown"}) for n in ("measures_taken", "school_codes")},
}

#: What is said of tables and columns that another reading needs, not this one.
_NOT_OURS = ("SH402", "SH412", "SH413", "SH429")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of `targets` or `actuals`; the value is None where it is empty."""

    entity: str
    indicator: str
    unit: str
    year: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A mark on a measure of a school in a school year (by the year in which it ends)."""

    entity: str
    measure: str
    year: int
    planned_to: datetime.date | None
    finished: datetime.date | None
    role: str
    status: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the tables say.

    given      the names of the tables that were there
    merged     school -> the one that it became part of
    warnings   what is wrong in these tables and does not hinder reading them
    """

    targets: tuple[PlanRow, ...]
    actuals: tuple[PlanRow, ...]
    measures: tuple[MeasureRow, ...]
    given: frozenset[str]
    merged: dict[str, str]
    warnings: tuple[Finding, ...]


def read_inputs(tables: TablesArg) -> Inputs:
    """What the tables say of plan and fact, measures and mergers.

    tables   as `evaluate` takes them
    raises   DataError where a table is wrong; UsageError where there are no tables
    """
    with Session(None) as session:
        loaded, findings = read_tables(
            session, _TABLES, tables, levels=STANDARD_LEVELS,
            needed={name: set(columns) for name, columns in _WANTED.items()}, top_key="region",
        )  # fmt: skip
        if findings.errors:
            raise DataError(findings)
        absent = {f.place.table for f in findings if f.code == "SH402"}
        return Inputs(
            targets=tuple(_plans(session, loaded["targets"])),
            actuals=tuple(_plans(session, loaded["actuals"])),
            measures=tuple(_measures(session, loaded["measures_taken"])),
            given=frozenset(name for name in _WANTED if name in loaded and name not in absent),
            merged=dict(_merged(session, loaded.get("school_codes"))),
            warnings=tuple(f for f in findings.warnings if f.code not in _NOT_OURS),
        )


def _rows(session: Session, table: LoadedTable) -> Iterator[Sequence[object]]:
    columns = ", ".join(quote(name) for name in _WANTED[table.name])
    yield from session.cursor().execute(f"SELECT {columns} FROM {table.relation} ORDER BY ALL").fetchall()


def _plans(session: Session, table: LoadedTable) -> Iterator[PlanRow]:
    for entity, indicator, unit, year, value in _rows(session, table):
        yield PlanRow(str(entity), str(indicator), str(unit), int(str(year)), _number(value))


def _measures(session: Session, table: LoadedTable) -> Iterator[MeasureRow]:
    for entity, measure, year, planned_to, finished, role, status in _rows(session, table):
        yield MeasureRow(
            str(entity),
            str(measure),
            int(str(year)),
            _day(planned_to),
            _day(finished),
            str(role or ""),
            str(status or ""),
        )


def _merged(session: Session, table: LoadedTable | None) -> Iterator[tuple[str, str]]:
    for code, school, predecessor in _rows(session, table) if table is not None else ():
        if predecessor and school:
            yield str(predecessor), str(school)
            if code:
                yield str(code), str(school)


def _day(value: object) -> datetime.date | None:
    return value if isinstance(value, datetime.date) else None


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
