"""Findings about reports and what may be published, in English: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH608": (
        "There is no page for this",
        "[problem=persons] All entities of this evaluation are persons, and of persons no pages are written.",
        "[problem=no page] '{entity}' is no school: it has no profile, it is in the overview.",
        "[problem=persons] > Take a pack that judges schools.",
        "[problem=no page] > Name the code of a school, or write the whole report, without --school.",
    ),
    "SH609": (
        "What stands here is no report",
        "[problem=a file] There is a file, and a report is a folder.",
        "[problem=folder in use] This is the working folder or a disk of its own; it cannot be replaced.",
        "[problem=other files] Beside the earlier report there are other files: {others}.",
        "[problem=not ours] What stands there is no report of ours, and was not replaced.",
        "[problem=another report] A report of another evaluation or kind stands there; one school's page does not belong in it.",
        "> Name another, new folder in --into, or take away what is not ours.",
    ),
    "SH635": (
        "The minimum for publication will not do",
        "The minimum is a whole number of pupils, {least} or more; here it is '{minimum}'.",
        "> Put right the parameter publication_minimum of the pack, or the number given for this publication.",
    ),
    "SH636": (
        "There is nothing to publish",
        "Public outputs hold schools and what contains them (municipalities, the region); the outcome has no level "
        "school. It has: {levels}.",
        "> Publish an evaluation by a pack that has schools.",
    ),
}
