"""What is said, in English, of what is written rightly in a pack and yet hardly meant so: code -> title, then lines."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH801": (
        "Nobody uses this",
        "[what=criteria] The criterion '{name}' decides nothing: no flag, cluster, measure, other criterion or indicator "
        "rests on it.",
        "[what=parameters] The parameter '{name}' stands nowhere: whatever is written in it, the outcome is the same.",
        "[what=indicators] The text '{name}' is compared with nothing, and nobody is chosen by it.",
        "[what=tables] No indicator reads from the table '{name}'.",
        "[what=sources] No item refers to the document '{name}'.",
        "> Name it where it was forgotten, or remove it.",
        "[what=criteria|parameters|indicators|tables] > If it is meant so, say why: accept: {{SH801: reason}}.",
    ),
    "SH802": (
        "A threshold that no value can reach",
        "[!parameter] '{name}' is compared with {value:number}.",
        "[parameter] The parameter '{parameter}', {value:number} since {since}, is what '{name}' is compared with.",
        "[low] [high] This value goes from {low:number} to {high:number}.",
        "[low] [!high] This value is never less than {low:number}.",
        "[!low] [high] This value is never more than {high:number}.",
        "So the condition is met by all of whom there is data, or by nobody.",
        "> Mend the threshold, the indicator's unit, or the range of the column.",
    ),
    "SH803": (
        "Shares and per cents are mixed up",
        "[what=share] '{name}' is in per cent, from 0 to 100, yet compared with {value:number}: less than one per cent.",
        "[what=percent] '{name}' is a share from 0 to 1, yet compared with {value:number}.",
        "[parameter] [what=share|percent] It is the value of the parameter '{parameter}' since {since}.",
        "[what=formula] The formula adds or compares shares (0 to 1) and per cents (0 to 100): {names:quoted}.",
        "[what=gives_share] The indicator's unit is percent, 0 to 100, yet the formula gives a share from 0 to 1.",
        "[what=gives_percent] The indicator's unit is share, 0 to 1, yet the formula gives per cents.",
        "[what=twice] The formula turns shares into per cents (or back) where that was done already.",
        "[what=minimum] The column '{name}' is no share and no per cent, yet its least is the parameter '{parameter}', "
        "{unit:words}.",
        "[what=part] A part of a whole is counted in per cent, from 0 to 100, and this is {value:number}: less than one.",
        "[what=share|part] > If {suggested} % was meant, write {suggested}.",
        "[what=percent] > If {value:number} % was meant, write {suggested}, or give the indicator unit: percent.",
        "[what=formula|gives_share|gives_percent] > Multiply the share by 100 (100.0 * …), divide the per cents, or "
        "mend the unit.",
        "[what=twice] > Remove the factor that is too much, or mend the unit.",
        "[what=minimum] > Name the parameter that counts participants.",
    ),
    "SH804": (
        "Which is better is not said",
        "The pack judges by the indicator '{name}', yet whether more or less of it is better is not said.",
        "[how=compared] It is compared with a threshold or another value: {where}.",
        "[how=followed] Its change through the years is looked at: {where}.",
        "[how=ranked] The upper or lower part is chosen by it: {where}.",
        "> Add better: higher (more is better) or better: lower (less is better).",
    ),
    "SH805": (
        "The times of pack and item do not meet",
        "[what=late] The value since {since} will never be in force: the pack is valid until {to}.",
        "[what=gap] The pack is valid from {begins}, the parameter's first value since {since}: before it nothing can be "
        "evaluated.",
        "[what=item] The item is in force only when the pack is not.",
        "[what=late] > Extend the pack (valid.to) or remove the value.",
        "[what=gap] > Add a value since {begins}, or let the pack begin later (valid.from).",
        "[what=item] > Mend the item's valid or the pack's.",
    ),
    "SH806": (
        "A year lacks in a reference table",
        "The table '{name}' has no row for {years}; it has {there}.",
        "All that rests on it is unknown in these years.",
        "> Add the rows. If there is nowhere to take them from, say so: accept: {{SH806: reason}}.",
    ),
    "SH807": (
        "A condition is met without one of its parts",
        "Where '{gone}' does not apply to a school, the list all is met by what is left: {left:quoted}.",
        "What does not apply counts neither for nor against.",
        "> Say to whom the whole condition applies (applies_to of the criterion or flag), or add to the list to whom it "
        "applies. If it is meant so: accept: {{SH807: reason}}.",
    ),
    "SH808": (
        "What ought to be there is not listed",
        "[what=where] The indicator is kept apart by '{dim}', and where names its values: {values:quoted}.",
        "[what=open] The label speaks of {named:quoted}, yet the dimension '{dim}' is open: all that is in the data is taken.",
        "A missing row cannot be noticed here: instead of unknown there is nothing.",
        "> List the cells: cells: [{{{dim}: […]}}] in place of the condition in where.",
    ),
    "SH809": (
        "The label speaks of something else than is computed",
        "[what=all] The label says {named:quoted}, yet rows of any '{dim}' are taken.",
        "[what=other] The label says {named:quoted}, yet the rows taken are {taken:quoted} ('{dim}').",
        "> Mend where, cells or the label.",
    ),
    "SH810": (
        "The ground explains nothing",
        "[what=because] '{text}' is no reason: nobody will understand why this was chosen and not something else.",
        "[what=clause] It is said that the document states so, yet the clause is '{text}'.",
        "[what=because] > Say in words what the choice went by.",
        "[what=clause] > Name the clause, or write basis: assumed and because.",
    ),
    "SH811": (
        "The override changes nothing",
        "'{name}' replaces an item of the pack '{pack}' by the same: there is no difference.",
        "> Remove the item: the base's holds anyway.",
    ),
    "SH812": (
        "The label has another number",
        "The label says {said} %, and the rule has no such number; it has {numbers}.",
        "> Mend the label or the threshold.",
    ),
    "SH813": (
        "One label for two items",
        "'{label}' is what {first} is called already: a report cannot tell them apart.",
        "> Make one of the labels more exact.",
    ),
    "SH814": (
        "A draft is quoted as in force",
        "The document '{document}' is a draft (status: draft), the pack is active, yet the basis is stated.",
        "> If the document was signed, mend its status; if not, basis: assumed and because, or status: draft of the pack.",
    ),
    "SH829": (
        "There is nothing to accept",
        "[what=unused] This item has no warning {name}.",
        "[what=unknown] There is no warning {name} that can be accepted.",
        "Did you mean {nearest}?",
        "> Remove this line from accept, or mend the code.",
    ),
}
