"""Workbooks and CSV files for people: tables with a head, filters and formats, written whole or not at all.

What is written is data: a text that begins with `=`, `+`, `-` or `@` stays a text, in a workbook and in a CSV file.
"""

from __future__ import annotations

from shsnor.sheets.csv import write_csv
from shsnor.sheets.model import Cell, Column, Kind, Percent, Sheet
from shsnor.sheets.places import beside, free_place, safe_names
from shsnor.sheets.workbook import write_workbook

__all__ = [
    "Cell",
    "Column",
    "Kind",
    "Percent",
    "Sheet",
    "beside",
    "free_place",
    "safe_names",
    "write_csv",
    "write_workbook",
]
