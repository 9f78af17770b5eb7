"""Which rows of a case an item rests on: those of its entity, or of what lies in it, that its formulas read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shsnor.expressions import Expr
from shsnor.packtests.cases import Case
from shsnor.terms import TableValue

Row = Mapping[str, str]


def members(case: Case, entity: str) -> set[str] | None:
    """The entity with the schools that lie in it; None for one that all lie in, as a region."""
    schools = case.tables.get("schools", ())
    lying = {row["school_id"] for row in schools if "school_id" in row and entity in row.values()}
    named = any(entity in row.values() for rows in case.tables.values() for row in rows)
    return {entity, *lying} if named else None


def is_read(row: Row, readers: Iterable[TableValue]) -> bool:
    """Whether any of the values read from its table takes the row."""
    return any(
        (reader.where is None or _holds(reader.where, row) is not False)
        and (not reader.cells or any(_in_cell(row, cell.values) for cell in reader.cells))
        for reader in readers
    )


def _in_cell(row: Row, values: Mapping[str, list[str]]) -> bool:
    return all(row.get(dimension, allowed[0]) in allowed for dimension, allowed in values.items())


def _holds(condition: Expr, row: Row) -> bool | None:
    """What a `where` says of a row; None where that takes more than comparing texts."""
    if condition.op in ("=", "in"):
        name, *texts = condition.args
        if name.op != "name" or any(text.op != "text" for text in texts):
            return None
        return row.get(name.value, "") in [text.value for text in texts]
    parts = [_holds(part, row) for part in condition.args]
    if condition.op == "and":
        return False if False in parts else None if None in parts else True
    if condition.op == "or":
        return True if True in parts else None if None in parts else False
    return None
