"""Tables that lie on Spark, as the engine reads them: counts and sums are made there, small tables come over."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from shsnor.errors import DataError, Finding, Place, UsageError
from shsnor.spark.session import exact, refuse_missing, said, told

#: Tables of so many rows or fewer are brought over whole.
COLLECT_TO = 500_000

_TYPES = {
    "tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT", "float": "FLOAT", "double": "DOUBLE",
    "string": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "timestamp_ntz": "TIMESTAMP",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip


class SparkStore(Mapping[str, Any]):
    """Tables of an evaluation, those that lie on Spark among them: `evaluate(pack, SparkStore(session, tables), as_of=2024)`.

    session      a SparkSession; it stays open, and is needed as long as the evaluation lasts
    tables       name -> a Spark DataFrame, or the name of a table of the catalog as `db.results` (a str);
                 whatever else `evaluate` takes (a `Path`, rows, a dataframe of another library) is read here
    collect_to   tables of so many rows or fewer are brought over whole; rows of persons never are
    raises       UsageError where pyspark, sqlglot or pyarrow are not installed, or `session` is no session that runs
    """

    def __init__(self, session: Any, tables: Mapping[str, Any], *, collect_to: int = COLLECT_TO) -> None:
        refuse_missing()
        self.session, self.collect_to = session, collect_to
        _refuse_stopped(session)
        self._tables = {name: self._held(name, table) for name, table in tables.items()}

    def _held(self, name: str, table: Any) -> Any:
        module = type(table).__module__
        if isinstance(table, str) or (module.startswith("pyspark.") and hasattr(table, "createOrReplaceTempView")):
            return SparkTable(self.session, name, table, self.collect_to)
        return table

    def __getitem__(self, name: str) -> Any:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class SparkTable:
    """One table on Spark (see `reading.elsewhere.Elsewhere`).

    table   a DataFrame, or the name of a table of the catalog
    """

    def __init__(self, session: Any, name: str, table: Any, collect_to: int) -> None:
        self.session, self.name, self.collect_to = session, name, collect_to
        self._table = table
        self._columns: dict[str, str] = {}

    def columns(self) -> Mapping[str, str]:
        if not self._columns:
            with told(self.name):
                self._columns = {f.name: _duckdb_type(f.dataType.simpleString()) for f in self._frame().schema.fields}
        return self._columns

    def _frame(self) -> Any:
        if not isinstance(self._table, str):
            return self._table
        from pyspark.errors import AnalysisException

        try:
            frame = self.session.table(self._table)
            _ = frame.schema  # Spark Connect asks for it only now
        except AnalysisException as error:
            details = {"name": self._table, "text": said(error)}
            raise DataError([Finding("SH562", Place(table=self.name), details)]) from error
        self._table = frame
        return frame

    def refuses(self, sql: str) -> str:
        from shsnor.spark.dialect import Refused, to_spark

        try:
            to_spark(sql, "t", self.columns())
        except Refused as refused:
            return str(refused)
        return ""

    def query(self, sql: str) -> Any:
        from shsnor.spark.dialect import Refused, to_spark

        view = f"shsnor_{uuid.uuid4().hex}"
        try:
            query = to_spark(sql, view, self.columns())
        except Refused as refused:
            raise DataError([Finding("SH565", Place(table=self.name), {"construct": str(refused)})]) from refused
        with told(self.name):
            frame = self._frame()
            session = frame.sparkSession
            frame.createOrReplaceTempView(view)
            try:
                with exact(session):
                    return session.sql(query).toArrow()
            finally:
                session.catalog.dropTempView(view)


def _duckdb_type(spark_type: str) -> str:
    """The DuckDB type that a column of Spark has in the table that stands for it; BLOB where it is none that is read."""
    if spark_type.startswith("decimal"):
        return spark_type.upper()
    if spark_type.startswith(("char", "varchar")):
        return "VARCHAR"
    return _TYPES.get(spark_type, "BLOB")


def _refuse_stopped(session: Any) -> None:
    if not hasattr(session, "sql") or not hasattr(session, "table"):
        raise UsageError.of("SH561", reason="object", type=type(session).__name__)
    context = getattr(session, "_sc", None)  # Spark Connect has none
    if context is not None and context._jsc is None:
        raise UsageError.of("SH561", reason="stopped")
