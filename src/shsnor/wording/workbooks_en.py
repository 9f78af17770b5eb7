"""Findings about workbooks that are read, in English: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {}
