"""A Spark session: begun for the command, set so that numbers are exact, its errors told as findings."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from shsnor.errors import DataError, Finding, Place, UsageError

NEEDED = ("pyspark", "sqlglot", "pyarrow")

#: While a query of ours runs. Overflow is an error, never NULL or a wrapped number; a product keeps all its places.
_EXACT = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
}


def refuse_missing() -> None:
    """Ask for what Spark needs of Python.

    raises  UsageError where a library is not installed
    """
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise UsageError.of("SH560", reason="libraries", names=missing)


def start(master: str | None = None) -> Any:
    """A session as the surroundings say (spark-submit, spark-defaults, SPARK_REMOTE), else in this process.

    master   where it runs, as `local[2]` or `spark://host:7077`; None: as the surroundings say, else `local[*]`
    raises   UsageError where Spark or Java is missing, or the session does not begin
    """
    refuse_missing()
    remote = "SPARK_REMOTE" in os.environ or (master or "").startswith("sc://")
    if not remote and shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise UsageError.of("SH560", reason="java")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("shsnor")
    if (master or "").startswith("sc://"):
        builder = builder.remote(master)
    elif master is not None:
        builder = builder.master(master)
    settings = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    if (master or "local").startswith("local") and "SPARK_CONF_DIR" not in os.environ:
        settings |= {"spark.driver.memory": f"{_heap()}g", "spark.ui.enabled": "false"}
    for name, value in settings.items() if not remote else ():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # py4j's and Java's errors have no class in common
        raise UsageError.of("SH561", reason="start", master=master, text=said(error)) from error


def _heap() -> int:
    """Gigabytes of Java's heap on this machine: a quarter of the memory; Spark's own 1 GB holds no country's sums."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return 2
    return max(1, min(8, memory // 4 // 2**30))


@contextlib.contextmanager
def exact(session: Any) -> Iterator[None]:
    """While this lasts the session counts as DuckDB does; then its settings are as they were."""
    before = {name: session.conf.get(name, None) for name in _EXACT}
    try:
        for name, value in _EXACT.items():
            session.conf.set(name, value)
        yield
    finally:
        for name, earlier in before.items():
            if earlier is None:
                session.conf.unset(name)
            else:
                session.conf.set(name, earlier)


@contextlib.contextmanager
def told(table: str) -> Iterator[None]:
    """Errors of Spark as findings about a table.

    raises   DataError, UsageError where the session has ended
    """
    try:
        yield
    except (DataError, UsageError):
        raise
    except Exception as error:  # as above
        if type(error).__name__ in ("Py4JNetworkError", "ConnectionRefusedError"):
            raise UsageError.of("SH561", reason="ended") from error
        raise DataError([Finding("SH566", Place(table=table), {"text": said(error)})]) from error


def said(error: Exception) -> str:
    """What an error of Spark says: its own name and, where it is about a query's words and not about values, its first line."""
    from pyspark.errors import AnalysisException, PySparkException

    if isinstance(error, PySparkException):
        name = error.getCondition() or type(error).__name__
        if not isinstance(error, AnalysisException):
            return str(name)  # its text may quote a value of a row
        return f"{name}: {str(error).strip().splitlines()[0].removeprefix(f'[{name}]').strip()[:300]}"
    java = getattr(error, "java_exception", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    return str(java.getClass().getName()) if java is not None else type(error).__name__
