"""A function in Python, run between two queries: its inputs read as rows, what it returns checked and made a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import index
from typing import Any

from shsnor.errors import ShsnorError, UsageError
from shsnor.functions import Computed, Function, InputRow, Inputs, Settings
from shsnor.sql import quote
from shsnor.store import Session

#: Columns of what each shape returns.
_COLUMNS = {
    "table": {"e": "INTEGER", "value": "DOUBLE"},
    "cluster": {"e": "INTEGER", "label": "VARCHAR"},
    "partner": {"e": "INTEGER", "peer": "INTEGER", "rank": "BIGINT", "distance": "DOUBLE"},
}
DETAILS = {"e": "INTEGER", "peer": "INTEGER", "name": "VARCHAR", "subject": "VARCHAR", "value": "DOUBLE", "text": "VARCHAR"}  # fmt: skip
TITLES = {"label": "VARCHAR", "title": "VARCHAR"}


class _Wrong(Exception):
    """What a function returned is not of its shape."""


@dataclass(frozen=True)
class PythonStep:
    """The run of one `compute`; as text what a printed plan says of it."""

    function: Function
    index: int
    inputs: str
    columns: Mapping[str, str]
    settings: Settings
    labels: Mapping[str, str]

    def __str__(self) -> str:
        return f"/* {self.function.id} ({self.function.plugin}), Python, over {self.inputs} */"

    def run(self, session: Session) -> None:
        """Make the tables given, details, titles of this step.

        raises  UsageError SH521 naming function and plugin where it fails or returns what is not of its shape
        """
        rows = self._read(session)
        try:
            assert self.function.compute is not None
            computed = self.function.compute(Inputs(rows, self.settings, self.labels))
            given = _checked(computed, self.function.shape, len(rows))
            details = _checked_details(computed, len(rows))
        except ShsnorError:
            raise
        except Exception as error:
            reason = str(error) if isinstance(error, _Wrong) else f"{type(error).__name__}: {error}"
            id, plugin = self.function.id, self.function.plugin
            raise UsageError.of("SH521", function=id, plugin=plugin, reason=reason) from error
        _fill(session, f"given{self.index}", _COLUMNS[self.function.shape], given)
        _fill(session, f"details{self.index}", DETAILS, details)
        _fill(session, f"titles{self.index}", TITLES, sorted(computed.titles.items()))

    def _read(self, session: Session) -> list[InputRow]:
        names = list(self.columns)
        columns = "".join(f", {c}" for c in self.columns.values())
        found = session.rows(f"SELECT e, for_, meeting{columns} FROM {quote(self.inputs)} ORDER BY e")
        return [InputRow(e, dict(zip(names, values, strict=True)), for_, ok) for e, for_, ok, *values in found]


def _checked(computed: Computed, shape: str, entities: int) -> list[tuple[Any, ...]]:
    if not isinstance(computed, Computed):
        raise _Wrong(f"returned {type(computed).__name__}, not Computed")
    width, seen, rows = len(_COLUMNS[shape]), set(), []
    for row in computed.rows:
        if len(row) != width:
            raise _Wrong(f"row {row!r}: {', '.join(_COLUMNS[shape])}")
        *places, value = (*map(index, row[:-1]), row[-1])  # whatever integers a library gives
        of = tuple(places[:2])
        if any(not 0 <= e < entities for e in of) or of in seen:
            raise _Wrong(f"row {row!r}: no such entity, or twice")
        seen.add(of)
        text = shape == "cluster" and value is not None
        rows.append((*places, str(value) if text else _number(value, row)))
    return rows


def _checked_details(computed: Computed, entities: int) -> list[tuple[Any, ...]]:
    rows = [(d.e, d.peer, d.name, d.subject, _number(d.value, d), d.text) for d in computed.details]
    if len({row[:4] for row in rows}) < len(rows):
        raise _Wrong("details: one name, subject, entity and peer twice")
    if any(p is not None and not 0 <= p < entities for row in rows for p in row[:2]):
        raise _Wrong("details: no such entity")
    return rows


def _number(value: Any, where: object) -> float | None:
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        raise _Wrong(f"{where!r}: not a number")
    return number


def empty_table(name: str, columns: Mapping[str, str]) -> str:
    """CREATE TABLE of these columns."""
    return f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"


def _fill(session: Session, name: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
    session.con.execute(empty_table(name, columns))
    if rows:
        lists = [list(column) for column in zip(*rows, strict=True)]
        picked = ", ".join(f"unnest(${i}::{kind}[])" for i, kind in enumerate(columns.values(), start=1))
        session.con.execute(f"INSERT INTO {name} SELECT {picked}", lists)
