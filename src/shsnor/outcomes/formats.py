"""The four formats of an outcome: how a table is read from each and written to each, as DuckDB's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from shsnor.outcomes.tables import OUTCOME_TABLES, OutcomeColumn, OutcomeSchema

Format: TypeAlias = Literal["parquet", "csv", "json", "duckdb"]
FORMATS: tuple[Format, ...] = get_args(Format)

PARQUET_OPTIONS = "FORMAT parquet, COMPRESSION zstd"

MANIFEST_FILE = "manifest.json"
RUN_FILE = "run.json"
#: Only where an outcome is signed.
SIGNED_FILE = "signed.json"

#: The table of a .duckdb file that holds the files above: `file`, `content`.
MANIFEST_TABLE = "manifest"

#: The names under which .duckdb files are attached: the one that is read, the one that is written.
SOURCE, TARGET = "source_file", "target_file"


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """`text` as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


def table_file(folder: Path, table: str, format: Format) -> Path:
    """The file of a table in a folder of that format."""
    return folder / f"{table}.{format}"


def known_files() -> set[str]:
    """The names of all files that a folder of an outcome may hold."""
    tables = {f"{table}.{format}" for table in OUTCOME_TABLES for format in FORMATS if format != "duckdb"}
    return tables | {MANIFEST_FILE, RUN_FILE, SIGNED_FILE}


def scan(schema: OutcomeSchema, path: Path, format: Format, stored: Sequence[str]) -> str:
    """A SELECT of the table's declared columns, as they are stored at `path` (a .duckdb file is attached before).

    stored   the columns that are there, in order (`stored_columns`): one that a later version added is empty
    """
    known = {column.name: column for column in schema.columns}
    types = ", ".join(
        f"{literal(name)}: {literal(known[name].type if name in known else 'VARCHAR')}" for name in stored
    )
    source = _source(schema, path, format, types)
    columns = ", ".join(f"{_read(schema, column, stored)} AS {quoted(column.name)}" for column in schema.columns)
    return f"SELECT {columns} FROM {source}"


def described(schema: OutcomeSchema, path: Path, format: Format) -> str:
    """A statement whose rows begin with the names of the columns that are stored; not of a CSV file."""
    return f"DESCRIBE SELECT * FROM {_source(schema, path, format, '')}"


def _source(schema: OutcomeSchema, path: Path, format: Format, types: str) -> str:
    file = literal(table_file(path, schema.name, format))
    return {
        "parquet": f"read_parquet({file})",
        # A quoted empty cell is '', an unquoted one NULL. Parallel reading may part a line break inside quotes.
        "csv": f"read_csv({file}, columns = {{{types}}}, header = true, auto_detect = false, delim = ',', "
        "quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, parallel = false)",
        "json": f"read_json({file}, columns = {{{types}}}, format = 'array')",
        "duckdb": f"{SOURCE}.{quoted(schema.name)}",
    }[format]


def _read(schema: OutcomeSchema, column: OutcomeColumn, stored: Sequence[str]) -> str:
    """The column as it is stored; where it is of a later version, what stands for nothing. A key is never left out."""
    if column.name in stored or column.name in schema.key:
        return f"CAST({quoted(column.name)} AS {column.type})"
    empty = "NULL" if column.nullable else {"VARCHAR": "''", "BOOLEAN": "false"}.get(column.type, "0")
    return f"CAST({empty} AS {column.type})"


def staged(table: str, select: str, folder: Path, *, order_by: str = "") -> str:
    """The COPY that writes the rows of `select` (it gives the table's columns by name) as the Parquet file of `table`.

    The bytes depend on the rows and their order alone: not on threads, and not on what DuckDB happens to know of the
    columns. From its statistics it would declare a column REQUIRED or OPTIONAL; `_may_be_null` hides them.
    """
    columns = ", ".join(f"{_may_be_null(column)} AS {quoted(column.name)}" for column in OUTCOME_TABLES[table].columns)
    order = f" ORDER BY {order_by}" if order_by else ""
    file = literal(table_file(folder, table, "parquet"))
    return f"COPY (SELECT {columns} FROM ({select}){order}) TO {file} ({PARQUET_OPTIONS})"


def _may_be_null(column: OutcomeColumn) -> str:
    name = quoted(column.name)
    if column.type == "BOOLEAN":
        return f"CASE WHEN {name} THEN true WHEN NOT {name} THEN false END"
    never = "chr(1)" if column.type == "VARCHAR" else f"CAST({-(10**14)} AS {column.type})"
    return f"nullif(CAST({name} AS {column.type}), {never})"


def export(schema: OutcomeSchema, path: Path, format: Format) -> list[str]:
    """The statements that write the view of that name to `path` (a .duckdb file is attached before)."""
    if format == "duckdb":
        return [f"CREATE TABLE {TARGET}.{quoted(schema.name)} AS FROM {quoted(schema.name)}", *_comments(schema)]
    if format == "parquet":
        return [staged(schema.name, f"FROM {quoted(schema.name)}", path)]
    columns = ", ".join(f"{_shown(column, format)} AS {quoted(column.name)}" for column in schema.columns)
    options = "FORMAT csv, HEADER true, DELIMITER ',', NULLSTR ''" if format == "csv" else "FORMAT json, ARRAY true"
    file = literal(table_file(path, schema.name, format))
    return [f"COPY (SELECT {columns} FROM {quoted(schema.name)}) TO {file} ({options})"]


def _shown(column: OutcomeColumn, format: Format) -> str:
    """The column as it is written to text: a decimal loses the zeros at its end (35, not 35.000000000)."""
    name = quoted(column.name)
    if not column.type.startswith("DECIMAL"):
        return name
    short = f"rtrim(rtrim(CAST({name} AS VARCHAR), '0'), '.')"
    return short if format == "csv" else f"CAST({short} AS JSON)"


def _comments(schema: OutcomeSchema) -> list[str]:
    table = f"{TARGET}.{quoted(schema.name)}"
    columns = [f"COMMENT ON COLUMN {table}.{quoted(c.name)} IS {literal(c.doc)}" for c in schema.columns]
    return [f"COMMENT ON TABLE {table} IS {literal(schema.doc)}", *columns]
