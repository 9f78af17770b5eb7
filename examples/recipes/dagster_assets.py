"""Dagster: the list of each year as a partitioned asset, its counts beside it in the catalogue."""

from __future__ import annotations

from dagster import AssetExecutionContext, Definitions, MaterializeResult, StaticPartitionsDefinition, asset
from yearly_list import yearly_list

years = StaticPartitionsDefinition(["2024", "2025", "2026"])


@asset(partitions_def=years)
def schools_that_need_help(context: AssetExecutionContext) -> MaterializeResult:
    year = context.partition_key
    counts = yearly_list("federal", "/data/exports", f"/data/lists/{year}", as_of=int(year))
    return MaterializeResult(metadata=counts)


defs = Definitions(assets=[schools_that_need_help])
