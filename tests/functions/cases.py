"""What the tests of functions share: rows for a `compute`, and a table whose figures are printed in textbooks."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from shsnor.functions import Computed, Detail, Function, FunctionCall, InputRow, Inputs

Column = Sequence[float | str | None]
Columns = Mapping[str, Column]


def inputs(
    columns: Columns, settings: Mapping[str, object], for_: Sequence[bool | None] = (),
    meeting: Sequence[bool | None] = (), labels: Mapping[str, str] | None = None,
) -> Inputs:  # fmt: skip
    """Entities 0, 1, … with these values."""
    count = len(next(iter(columns.values())))
    rows = [
        InputRow(
            e, {name: column[e] for name, column in columns.items()},
            for_[e] if for_ else True, meeting[e] if meeting else True,
        )
        for e in range(count)
    ]  # fmt: skip
    return Inputs(rows, dict(settings), labels or {})


def done(function: Function, given: Inputs) -> Computed:
    """What a function gives, by its query where it has one; numbers are not rounded yet."""
    columns = {name: f"x{i}" for i, name in enumerate(given.rows[0].values)}
    call = FunctionCall("given", columns, given.settings, "result", given.labels)
    query = function.query(call) if function.query is not None else None
    if query is None:
        assert function.compute is not None
        return function.compute(given)
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE given (e INTEGER, {', '.join(f'{c} DOUBLE' for c in columns.values())})")
        con.executemany(
            f"INSERT INTO given VALUES ({', '.join('?' * (len(columns) + 1))})",
            [[row.e, *row.values.values()] for row in given.rows],
        )
        con.execute(f"CREATE TABLE result AS {query}")
        rows = con.execute("FROM result WHERE value IS NOT NULL ORDER BY e").fetchall()
        said = con.execute(function.details(call)).fetchall() if function.details is not None else []
    return Computed(rows, [Detail(name, subject, value, text, e, peer) for e, peer, name, subject, value, text in said])


def details(computed: Computed, name: str) -> dict[str, float | None]:
    """Subject -> value of the details of one name that concern all."""
    return {d.subject: d.value for d in computed.details if d.name == name and d.e is None}


def us_arrests() -> tuple[list[str], dict[str, list[float]]]:
    """Arrests in the 50 states of the USA in 1973 (McNeil, Interactive Data Analysis, 1977; `USArrests` in R)."""
    with (Path(__file__).parent / "us_arrests.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "state"]
    return [row["state"] for row in rows], {name: [float(row[name]) for row in rows] for name in names}
