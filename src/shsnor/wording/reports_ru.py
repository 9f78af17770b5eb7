"""Findings about reports and what may be published, in Russian: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {}
