"""Parquet files put together out of the column chunks of others: bytes are copied, nothing is decoded or encoded again.

What the chunks hold and the schema come from files that DuckDB wrote; only chunks of one value, and the footer, are our own.
"""

from shsnor.parquet.chunks import Chunk, RowGroup, row_groups
from shsnor.parquet.constants import constant
from shsnor.parquet.stitching import Stitched

__all__ = ["Chunk", "RowGroup", "Stitched", "constant", "row_groups"]
