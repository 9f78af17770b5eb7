"""The list for the office: who is flagged and why, what helps, what experts decide, out of a written outcome alone."""

from __future__ import annotations

from shsnor.listing.due import DueMeasure, DueMonth, due_measures, write_due
from shsnor.listing.writing import ListFormat, WrittenList, write_list

__all__ = ["DueMeasure", "DueMonth", "ListFormat", "WrittenList", "due_measures", "write_due", "write_list"]
