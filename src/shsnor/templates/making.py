"""A plan's tables as sheets to be filled in, and the workbook of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from shsnor.errors import DataError, Findings, UsageError
from shsnor.headers import columns_of, match
from shsnor.hookspecs import Reader
from shsnor.host import Host, find_plugins
from shsnor.pack import Pack
from shsnor.periods import AsOf
from shsnor.planning import Plan, make_plan
from shsnor.reading import TablesArg, read_tables
from shsnor.reading.roster import roster_tables
from shsnor.sheets import Cell, Column, Kind, Sheet, write_workbook
from shsnor.sql import quote
from shsnor.standard import levels_of, tables_of
from shsnor.store import Session
from shsnor.tables import Column as TableColumn
from shsnor.tables import Table
from shsnor.templates.asked import Asked, asked_of
from shsnor.wording import term
from shsnor.wording.template_words import bounds, listed, spans, template_text
from shsnor.workbooks.choosing import LONGEST_NAME, table_named

#: Rows under each head that are ready to be filled in; a table of a spreadsheet grows when one writes below it.
EMPTY_ROWS = 1000
_FIRST_DAY, _LAST_DAY = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)


def write_template(
    pack: Pack,
    path: Path | str,
    *,
    as_of: str | int | datetime.date | AsOf,
    tables: TablesArg | None = None,
    force: bool = False,
    host: Host | None = None,
) -> Path:
    """The workbook that now stands at `path` (or beside it, where that is open elsewhere): a sheet for each table that
    a pack reads on a date, with its columns and nothing in them, and one of explanations.

    as_of    a date, or a year (its 31 December)
    tables   with them the roster is carried over from there (never one of persons)
    force    whether a file that stands there may be replaced
    raises   PackError; DataError where the roster cannot be read; UsageError: SH620 a file stands there, SH621 the name
             is not one of a workbook, SH602 it cannot be written
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise UsageError.of("SH621", path, name=path.name)
    if path.exists() and not force:
        raise UsageError.of("SH620", path, name=path.name)
    host = find_plugins(pack) if host is None else host
    plan = make_plan(pack, as_of=as_of, functions=host.functions)
    rows = {} if tables is None else roster_rows(plan, tables, host.readers)
    try:
        return write_workbook(path, template_sheets(plan, rows), title=template_text("title", title=pack.head.title))
    except OSError as error:
        raise UsageError.of("SH602", path, problem=str(error)) from error


def template_sheets(plan: Plan, rows: Mapping[str, Sequence[Sequence[Cell]]] | None = None) -> list[Sheet]:
    """A sheet of explanations, then one for each table that a plan reads and the pack does not carry itself.

    rows   table -> rows that stand there already, each in the order of `Asked.columns`
    """
    asked, rows = asked_of(plan), rows or {}
    return [_explanations(plan, asked, rows), *(_sheet(plan, one, rows.get(one.name, ())) for one in asked.values())]


def roster_rows(plan: Plan, tables: TablesArg, readers: Mapping[str, Reader]) -> dict[str, list[tuple[Cell, ...]]]:
    """Table of the roster -> its rows in these tables, in the columns of the template; none of persons.

    raises   DataError where they are wrong
    """
    catalog, levels, asked = tables_of(plan.pack), levels_of(plan.pack), asked_of(plan)
    needed = {name: columns for name, columns in roster_tables(levels).items() if not catalog[name].persons}
    with Session() as session:
        loaded, findings = read_tables(
            session, catalog, tables, levels=levels, needed=needed, top_key=list(levels)[-1], readers=readers
        )
        wrong = [f for f in findings.errors if f.place.table in (None, *needed)]
        if wrong:
            raise DataError(Findings(wrong))
        return {
            name: session.rows(f"SELECT {', '.join(map(quote, asked[name].columns))} FROM {loaded[name].relation}")
            for name in needed
            if name in asked
        }


def sheet_title(name: str, catalog: Mapping[str, Table]) -> str:
    """The name of a table's sheet: its Russian label where the reader knows the table by it, else the table's own name."""
    label = (catalog[name].label or name)[:LONGEST_NAME].strip()
    return label if table_named(label, catalog) == name else name


def _sheet(plan: Plan, asked: Asked, rows: Sequence[Sequence[Cell]]) -> Sheet:
    columns, heads = columns_of(asked.table), headers(asked)
    own = (asked.table.entity or {}).values()
    return Sheet(
        title=sheet_title(asked.name, tables_of(plan.pack)),
        columns=tuple(_column(asked, name, columns[name], heads) for name in asked.columns),
        rows=rows,
        frozen=1 if asked.columns[0] in own else 0,
        empty=EMPTY_ROWS,
    )


def headers(asked: Asked) -> dict[str, str]:
    """Column -> its header: the Russian label where the reader knows the column by it, else the name."""
    columns, found = columns_of(asked.table), dict[str, str]()
    for name in asked.columns:
        label = columns[name].label or name
        known = match(asked.name, asked.table, [label], Findings()).positions
        found[name] = label if list(known) == [name] and label not in found.values() else name
    return found


def _column(asked: Asked, name: str, column: TableColumn, heads: Mapping[str, str]) -> Column:
    kind = _kind(asked.table, name, column)
    low, high = column.range or (("0", None) if column.type == "count" else (None, None))
    dates = (_FIRST_DAY, _LAST_DAY) if column.type == "date" else (None, None)
    numbers = kind in ("count", "number", "percent")
    return Column(
        title=heads[name],
        kind=kind,
        choices=_choices(asked, name, column),
        minimum=Decimal(low) if numbers and low is not None else dates[0],
        maximum=Decimal(high) if numbers and high is not None else dates[1],
        note="\n".join(_said(asked, name, column, heads)),
        typed=name in asked.filled,
    )


def _kind(table: Table, name: str, column: TableColumn) -> Kind:
    if column.type in ("count", "date", "yes_no"):
        return column.type
    if column.type == "number":
        return "percent" if column.unit == "percent" else "number"
    # a code typed into a cell of numbers would lose its zeros, and a year would be shown as 2 022
    return "code" if column.type == "year" or name in {*(table.key or ()), *(table.entity or {}).values()} else "text"


def _choices(asked: Asked, name: str, column: TableColumn) -> tuple[str, ...]:
    if column.type == "year":
        return tuple(map(str, asked.years))
    return tuple(column.values or ()) or (asked.values[name] if name in asked.closed else ())


def _said(asked: Asked, name: str, column: TableColumn, heads: Mapping[str, str]) -> list[str]:
    """What is said of a column, a sentence a line."""
    entities = (asked.table.entity or {}).values()
    kind = "code" if name in entities else "percent_unit" if column.unit == "percent" else column.type
    said = [*([column.label] if column.label and column.label != heads[name] else ())]
    said.append(template_text("share" if column.unit == "share" else kind))
    if column.unit not in (None, "percent", "share", "count", "year"):
        said.append(template_text("unit", unit=term(column.unit)))
    if column.range and column.type != "year":
        said.append(bounds(*column.range))
    if column.at_most is not None and column.at_most in heads:
        said.append(template_text("at_most", column=heads[column.at_most]))
    if column.values:
        said.append(template_text("values", values=listed(tuple(column.values))))
    elif name in asked.values:
        said.append(template_text("asked" if name in asked.closed else "named", values=listed(asked.values[name])))
    if column.type == "year" and asked.years:
        said.append(template_text("years", years=spans(asked.years)))
    said.append(template_text("filled" if name in asked.filled else "spared"))
    return [line for line in said if line]


def _explanations(plan: Plan, asked: Mapping[str, Asked], rows: Mapping[str, object]) -> Sheet:
    pack = plan.pack
    lines = [
        template_text("title", title=pack.head.title),
        template_text("pack", id=pack.id, version=pack.head.version, date=plan.as_of.date.strftime("%d.%m.%Y")),
        *(template_text(key) for key in ("how", "coloured", "percent", "spare")),
        *(template_text("roster_filled", table=sheet_title(name, tables_of(pack))) for name in rows),
    ]
    wanted = [_wanted(one, dims, years) for one in asked.values() for dims, years in one.cells]
    if wanted:
        lines += [template_text("rows"), *dict.fromkeys(wanted)]
    columns = (
        Column(template_text("sheet"), width=24),
        Column(template_text("table"), width=30),
        Column(template_text("column"), width=30),
        Column(template_text("what"), "long", width=110),
        Column(template_text("must"), "yes_no", width=14),
    )
    return Sheet("Пояснения", columns, [row for one in asked.values() for row in _told(plan, one)], tuple(lines))


def _told(plan: Plan, asked: Asked) -> list[tuple[Cell, ...]]:
    columns, heads = columns_of(asked.table), headers(asked)
    persons = [template_text("persons")] if asked.table.persons else []
    title = sheet_title(asked.name, tables_of(plan.pack))
    return [
        (
            title, asked.name, heads[name],
            " ".join([*_said(asked, name, columns[name], heads)[:-1], *(persons if n == 0 else ())]),
            name in asked.filled,
        )
        for n, name in enumerate(asked.columns)
    ]  # fmt: skip


def _wanted(asked: Asked, dims: Mapping[str, tuple[str, ...]], years: tuple[int, ...]) -> str:
    heads = headers(asked)
    what = "; ".join(f"{heads.get(d, d).lower()} — {listed(values)}" for d, values in dims.items())
    return template_text("rows_of", table=asked.table.label or asked.name, what=what, years=spans(years))
