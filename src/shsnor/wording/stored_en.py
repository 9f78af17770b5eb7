"""Findings about stored sums, in English: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH551": (
        "Sums are not stored",
        "The folder '{folder}' cannot be written to: {reason:trouble}. The outcome is the same; the next evaluation reads the "
        "files again.",
        "> Give another folder (--cache DIR), or do without (--no-cache).",
    ),
    "SH552": (
        "Sums are larger than the room for them",
        "The sums of one file take {size} MB, and {limit} is the room for all: they are not stored. The outcome is the same.",
        "> Give more room, as --cache-limit 2GB, or do without (--no-cache).",
    ),
}
