"""Workbooks in: sheets of Excel and OpenDocument files as rows of tables, each text with its cell.

What a sheet holds is told by its name and headers, or by a *layout*: a YAML file that says which headers of somebody's
export are which columns. Nothing is guessed in silence, and every cell that cannot be used has a finding with its address.
"""

from __future__ import annotations

from shsnor.workbooks.book import SUFFIXES, Book, Unreadable, open_book
from shsnor.workbooks.choosing import Claim, choose, extract, says_nothing
from shsnor.workbooks.extracting import Extract, Origin
from shsnor.workbooks.layout import Layout
from shsnor.workbooks.loading import FOLDER, check_layout, find_layouts, layouts_beside, shipped_layouts

__all__ = [
    "FOLDER", "SUFFIXES", "Book", "Claim", "Extract", "Layout", "Origin", "Unreadable", "check_layout", "choose",
    "extract", "find_layouts", "layouts_beside", "open_book", "says_nothing", "shipped_layouts",
]  # fmt: skip
