"""Where the command finds tables for Spark: a folder of Parquet, or a database of the catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shsnor.errors import UsageError
from shsnor.spark.session import said

#: Before the name of a database in `--data`.
DATABASE = "spark:"
_SUFFIXES = (".parquet", ".pq")


def tables_of(session: Any, data: str) -> dict[str, Any]:
    """The tables that `--data` names, as `SparkStore` takes them.

    data     a folder: Parquet files, or folders of them, named as tables, are read by Spark, other files here;
             or `spark:` and the name of a database
    raises   UsageError where there is no such folder or database
    """
    if data.startswith(DATABASE):
        return _of_database(session, data.removeprefix(DATABASE))
    folder = Path(data)
    if not folder.is_dir():
        raise UsageError.of("SH562", name=data)
    found: dict[str, Any] = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "~", "_")):
            continue
        if entry.suffix.lower() in _SUFFIXES or (entry.is_dir() and _is_parquet(entry)):
            found[entry.stem] = session.read.parquet(str(entry.resolve()))
        elif entry.is_file():
            found[entry.stem] = entry
    return found


def _is_parquet(folder: Path) -> bool:
    """Whether a folder holds Parquet files, perhaps in folders of partitions."""
    return any(file.suffix.lower() in _SUFFIXES for file in folder.rglob("*"))


def _of_database(session: Any, database: str) -> dict[str, Any]:
    from pyspark.errors import AnalysisException

    try:
        tables = session.catalog.listTables(database)
    except AnalysisException as error:
        raise UsageError.of("SH562", name=database, text=said(error)) from error
    return {table.name: f"`{database}`.`{table.name}`" for table in tables if not table.isTemporary}
