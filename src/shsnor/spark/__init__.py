"""Facts that lie on a Spark cluster: summed there by the same SQL, everything after in DuckDB.

What is imported here needs neither Spark nor sqlglot: they are imported where a session is at hand. See docs/spark.md.
"""

from __future__ import annotations

from shsnor.spark.places import tables_of
from shsnor.spark.session import start
from shsnor.spark.store import SparkStore

__all__ = ["SparkStore", "start", "tables_of"]
