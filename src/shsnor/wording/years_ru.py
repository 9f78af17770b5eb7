"""Findings about two outcomes, and signed ones, in Russian: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {}
