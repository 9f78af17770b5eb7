"""Findings about a change of parameters, in English."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH920": (
        "There is no such flag in the pack",
        "The pack has no flag '{name}'.",
        "[nearest] Perhaps {nearest:quoted}?",
        "[!nearest] There are: {known}.",
        "> Name one of the pack's flags.",
    ),
    "SH921": (
        "Nothing to change",
        "No parameter is given that should be changed.",
        "> Add --set ID=VALUE, or --sweep ID=FROM..TO:STEP.",
    ),
    "SH922": (
        "The parameter is no number",
        "The parameter '{name}' is a reading, no number: it has no row of values.",
        "> Compare its readings one by one, by --set.",
    ),
    "SH923": (
        "An unfit row of values",
        "For the parameter '{name}' give from two to {most} different numbers.",
        "> List them, or give a span with a step, as 10%..50%:5%.",
    ),
    "SH924": (
        "The value of a parameter is neither number nor text",
        "The parameter '{name}' has no single value in this file.",
        "> Write one number or one reading, as low_limit: 40.",
    ),
}
