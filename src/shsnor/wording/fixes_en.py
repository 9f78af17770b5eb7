"""What is said, in English, of mending a pack's files: code -> title, then lines (see `phrases`)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH901": (
        "The file was not mended",
        "With its keys in order the file would not say the same, so it was left as it is.",
        "> Put the keys of this file in order yourself; what hinders is mostly a text with empty lines at its end (|+).",
    ),
    "SH902": (
        "The mended file was not written",
        "It could not be written: {reason:trouble}. The file is as it was.",
        "> See that the pack's folder can be written to, and that the file is not held by another program.",
    ),
}
