"""What is said, in English, of a pack's versions, dates and history, and of what is asked of it: code -> title, then lines."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH860": (
        "The changelog is behind the version",
        "The pack's version is {version}, the newest entry of {file} is {newest}.",
        "> Add an entry '## {version}' at the top: what changed, from which year, for which schools; or mend the version.",
    ),
    "SH861": (
        "The pack is written in a newer format",
        "The pack's format is {format}; this program (shsnor {engine}) reads format {known}.",
        "> Update the program: pip install --upgrade shsnor.",
    ),
    "SH862": (
        "The pack is not for this version of the program",
        "The pack '{pack}' works with shsnor {wanted}; this is {engine}.",
        '> Install a version that fits: pip install "shsnor{wanted}". If the pack was tried with {engine}, its author '
        "widens engine in pack.yaml.",
    ),
    "SH863": (
        "It is not clear which versions of the program the pack works with",
        "'{text}' is not a range of versions.",
        '> Write for example engine: ">=0.1,<1": comparisons >=, >, <=, <, ==, !=, parted by commas.',
    ),
    "SH864": (
        "An item rests on what is not in force on this date",
        "'{name}' is not in force on {date} (its key valid), yet an item in force rests on it.",
        "> Give this item the same valid, or choose the reading by a dated parameter: choose and options.",
    ),
    "SH865": (
        "The id belonged to an item that was taken out",
        "The id '{name}' belonged to another item of the pack, '{was}', which was taken out: {because}.",
        "> Give the new item another id: in old outcomes this one reads as the former.",
    ),
    "SH866": (
        "The item of the base pack was taken out there",
        "'{name}' is no longer in the base pack: {because} (it was '{was}').",
        "In its place there is now '{by}'.",
        "> Remove override or drop here; if you need the item, give it an id of your own.",
    ),
    "SH867": (
        "What replaced an item that was taken out is not there",
        "'{name}', taken out, is replaced by '{by}', and the pack has no such item.",
        "Did you mean '{nearest}'?",
        "> Mend replaced_by or remove it.",
    ),
    "SH868": (
        "A retired pack does not say until when it was in force",
        "The pack's status is retired and valid.to is missing: nobody can tell for which years it may still be evaluated.",
        "> Add the last day in force, such as valid: {{from: 2020-01-01, to: 2024-12-31}}.",
    ),
    "SH869": (
        "The pack has no such thing",
        "[what=item] The pack '{pack}' has no item '{name}'.",
        "[what=clause] No item of the pack '{pack}' rests on clause '{name}', and no list of clauses has it.",
        "[what=section] The pack has no section '{name}'; sections: {known}.",
        "Did you mean '{nearest}'?",
        "[what=item|section] > What the pack has is shown by: shsnor pack show {pack}.",
        "[what=clause] > The clauses that the pack stands on are shown by: shsnor pack show {pack} --order.",
    ),
}
