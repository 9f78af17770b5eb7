"""An empty workbook with the tables that a pack reads, to be filled in by people and read back."""

from __future__ import annotations

from shsnor.templates.asked import Asked, asked_of
from shsnor.templates.making import template_sheets, write_template

__all__ = ["Asked", "asked_of", "template_sheets", "write_template"]
