"""Levels, tables and the calendar of what was not held: what they name must be there."""

from __future__ import annotations

from shsnor.pack import Column, Table, as_number
from shsnor.standard import STANDARD_TABLES, levels_of, tables_of
from shsnor.structure.forms import Form, check_cell_values, written

_NUMERIC = ("count", "number", "year")


def check_levels(form: Form) -> None:
    """Lowest first with its list of entities, then columns that lead upwards, at the top one entity."""
    levels = form.pack.document.levels
    tables = tables_of(form.pack)
    roster: Table | None = None
    for n, (name, level) in enumerate(levels.items()):
        path = f"levels/{name}"
        lowest, top = n == 0, n == len(levels) - 1
        keys = written(level)
        if top and not lowest:
            if keys:
                form.add("SH232", path, what="top", present=sorted(keys))
            continue
        if lowest and "column" in keys:
            form.add("SH232", f"{path}/column", what="lowest_column")
        form.needs(level, path, *(("table", "key") if lowest or keys & {"table", "key", "also"} else ()))
        if not lowest and form.needs(level, path, "column") and roster is not None:
            form.known(level.column or "", roster.columns, f"{path}/column", "SH310")
        own = None
        if level.table is not None and form.known(level.table, tables, f"{path}/table", "SH309"):
            own = tables[level.table]
            form.known(level.key or "", own.columns, f"{path}/key", "SH310", table=level.table) if level.key else None
        for i, table in enumerate(level.also or ()):
            form.known(table, tables, f"{path}/also/{i}", "SH309")
        roster = own
    if len(levels) == 1:
        form.add("SH232", f"levels/{next(iter(levels))}", what="no_top")


def check_tables(form: Form) -> None:
    """The pack's tables, together with what is said of them elsewhere: every column named is declared."""
    whole = tables_of(form.pack)
    for name, added in form.pack.document.tables.items():
        path, table = f"tables/{name}", whole[name]
        if name not in STANDARD_TABLES:
            form.not_empty(added.columns, f"{path}/columns")
            if table.key is None:
                form.add("SH202", path, key="key")
        for key in ("key", "dimensions"):
            columns = getattr(added, key)
            form.no_twins(columns, f"{path}/{key}")
            for n, column in enumerate(columns or ()):
                form.known(column, table.columns, f"{path}/{key}/{n}", "SH234", where=key)
        _check_entity(form, added, table, path)
        for column_name, column in added.columns.items():
            _check_column(form, column_name, column, table, f"{path}/columns/{column_name}")
        _check_headers(form, added, table, path)


def _check_entity(form: Form, added: Table, table: Table, path: str) -> None:
    if added.entity is None:
        return
    if len(added.entity) != 1:
        form.add("SH224", f"{path}/entity", what="entity", present=sorted(added.entity), forms=["{school: school_id}"])
    levels = levels_of(form.pack)
    for level, column in added.entity.items():
        form.known(level, levels, f"{path}/entity/{level}", "SH311")
        form.known(column, table.columns, f"{path}/entity/{level}", "SH234", where="entity")


def _check_column(form: Form, name: str, column: Column, table: Table, path: str) -> None:
    fitting = {"range": _NUMERIC, "at_most": (*_NUMERIC, "date"), "digits": ("number",), "values": ("text",)}
    for key, types in fitting.items():
        if key in written(column) and column.type not in types:
            form.add("SH235", f"{path}/{key}", key=key, type=column.type, types=list(types))
    form.names(column.values, f"{path}/values")
    if column.range is not None:
        low, high = (as_number(border) for border in column.range)
        if low is not None and high is not None and low > high:
            form.add("SH233", f"{path}/range", low=column.range[0], high=column.range[1])
    if column.at_most is not None and form.known(
        column.at_most, table.columns, f"{path}/at_most", "SH234", where="at_most"
    ):
        other = table.columns[column.at_most]
        if column.at_most == name or other.type not in (*_NUMERIC, "date"):
            form.add("SH235", f"{path}/at_most", key="at_most", type=other.type, types=[*_NUMERIC, "date"])


def _check_headers(form: Form, added: Table, table: Table, path: str) -> None:
    """No header may stand for two columns."""
    owner = {name: name for name in table.columns}
    for name, column in table.columns.items():
        for n, alias in enumerate(column.aliases or ()):
            if owner.setdefault(alias, name) != name and name in added.columns:
                form.add("SH226", f"{path}/columns/{name}/aliases/{n}", name=alias, what="header", first=owner[alias])


def check_not_held(form: Form) -> None:
    """Each entry names a year, and nothing empty."""
    for n, entry in enumerate(form.pack.document.not_held):
        cells = {dim: [value] if isinstance(value, str) else value for dim, value in entry.cells.items()}
        check_cell_values(form, cells, f"not_held/{n}/cells")
        if "year" not in cells:
            form.add("SH202", f"not_held/{n}/cells", key="year")
        for value in cells.get("year", ()):
            if not (value.isdecimal() and len(value) == 4):
                form.add("SH203", f"not_held/{n}/cells/year", value=value, expected="year")
