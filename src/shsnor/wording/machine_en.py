"""Findings about the machine, in English: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH630": (
        "The folder for temporary files cannot be written to",
        "No file can be made in the folder for temporary files '{folder}': {error:trouble}. Without it no evaluation begins.",
        "> Make room there, or set another folder by the environment variable TEMP (on Linux and macOS: TMPDIR).",
    ),
    "SH631": (
        "Little room for temporary files",
        "The folder for temporary files '{folder}' has {room} GiB free, at least {least} are better: what does not fit into "
        "memory goes there.",
        "> Make room there, or set another folder by the environment variable TEMP (on Linux and macOS: TMPDIR).",
    ),
    "SH632": (
        "The console shows no Russian letters",
        "The encoding of the output, {encoding}, has no Russian letters: '?' will stand in their place.",
        "> On Windows run chcp 65001 and set the environment variable PYTHONUTF8=1; on Linux set LANG=C.UTF-8.",
    ),
    "SH633": (
        "A library is missing that the program needs",
        "[problem=missing] Not installed: {names}.",
        "[problem=engine] {names} does not run: {error}.",
        "> Install the program again: pip install --force-reinstall shsnor.",
    ),
    "SH634": (
        "Little memory",
        "The memory is {memory} GiB, at least {least} are better: a large region will be slow, or will not be evaluated.",
        "> Close other programs, or evaluate within a limit: --memory-limit 1GB.",
    ),
}
