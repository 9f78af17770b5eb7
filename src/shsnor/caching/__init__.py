"""Sums of fact tables kept in a folder for the next evaluation, known by the content of the file that they were made of.

See docs/decisions/0011-stored-sums.md.
"""

from __future__ import annotations

from shsnor.caching.folder import LIMIT, NAME, Cache, CacheArg, as_cache
from shsnor.caching.sums import StoredSums

__all__ = ["LIMIT", "NAME", "Cache", "CacheArg", "StoredSums", "as_cache"]
