"""Findings about written workbooks, in English: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH610": (
        "The list was not written",
        "It could not be written: {problem:trouble}.",
        "What was there before is still there.",
        "> See that the folder can be written to and has room, or name another place in --out.",
    ),
    "SH611": (
        "The list would be one of persons",
        "All entities of this outcome are persons, and no lists of persons are made.",
        "> Take a pack that judges schools, or look at one entity: shsnor explain.",
    ),
    "SH612": (
        "Nothing to part by",
        "This outcome has no municipalities: the pack names nothing between school and region.",
        "> Make the list whole, without --by-municipality, or add the municipality to the pack's levels and evaluate again.",
    ),
    "SH613": (
        "Not a list workbook",
        "It has no sheet «Дорожная карта» with marks, or cannot be read.",
        "> Name a workbook that the command shsnor list has written.",
    ),
    "SH620": (
        "The file is there already",
        "The file {name} is there already, and may hold your work. It was left as it is.",
        "> Give another name, or add --force (force=True) if it is needed no more.",
    ),
    "SH621": (
        "Not a name of a workbook",
        "'{name}' is not the name of an .xlsx file.",
        "> Name a file that ends with .xlsx, as template.xlsx.",
    ),
}
