"""Findings about two outcomes, and signed ones, in English: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH615": (
        "A signed outcome is not replaced",
        "An outcome signed on {date} ({order}) stands here; it is as it was.",
        "> Write the new outcome elsewhere and compare: shsnor compare {path} NEW.",
    ),
    "SH616": (
        "A signed outcome was altered",
        "The outcome was signed on {date} ({order}), and since then this has changed: {altered}.",
        "[!date] The signature cannot be read: {altered}.",
        "> Take a copy that was not altered. If the change is right, evaluate again into another place and sign the new "
        "outcome.",
    ),
    "SH617": (
        "The outcome is signed already",
        "It was signed on {date} ({order}); the signature stays as it is.",
        "> If another order approves the list, write the outcome elsewhere and sign it there.",
    ),
    "SH618": (
        "Nothing to compare",
        "Outcomes named: {count}; a comparison needs at least two.",
        "> Name two outcomes, before and after, or three: entry, interim and final.",
    ),
}
