"""What is wrong with a call to make a new pack, in English; the lines are those of `scaffold_ru`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH910": (
        "Not a good id of a pack",
        "'{name}' cannot be a pack's id.",
        "An id has small Latin letters, digits and '_' between them, a letter first, and at most 40 of them.",
        "[nearest] > This would do: {nearest}.",
        "[!nearest] > Choose an id in Latin letters, as north.",
    ),
    "SH911": (
        "Something stands there",
        "[what=folder] The folder is there already, and is not empty; nothing was written.",
        "[what=file] A file of that name is there already; nothing was written.",
        "> Name another folder: --into DIR.",
    ),
    "SH912": (
        "The pack's id is taken",
        "[why=extends] The pack '{name}' cannot extend itself.",
        "[why=installed] A pack '{name}' is installed already: the program does not work with two of one name.",
        "> Take another id, as {nearest}.",
    ),
    "SH913": (
        "The pack was not written",
        "It could not be written: {problem:trouble}.",
        "> See that one may write there and that there is room, or name another folder: --into DIR.",
    ),
    "SH914": (
        "The pack to extend is not installed",
        "There is no installed pack '{name}', and a pack made for installing can extend only such a one.",
        "Did you mean '{nearest}'?",
        "Packs: {known}.",
        "> Install its distribution, or name another.",
    ),
}
