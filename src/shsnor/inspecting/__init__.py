"""What is in the tables and what is wrong in them, before anything is evaluated."""

from __future__ import annotations

from shsnor.inspecting.checking import check_data
from shsnor.inspecting.limits import Limits
from shsnor.inspecting.report import ColumnCheck, DataReport, EntityCheck, Jump, Recheck, TableCheck

__all__ = ["ColumnCheck", "DataReport", "EntityCheck", "Jump", "Limits", "Recheck", "TableCheck", "check_data"]
