"""What is said, in English, of a wrong pack: code -> title, then lines (see `phrases`)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    # ---- YAML ----
    "SH101": (
        "The file is not YAML",
        "[kind=colon_in_value] A colon and a space inside a value, or too deep an indent: quote the value or align "
        "the line.",
        "[kind=no_colon] A key without a colon: write 'key: value', with a space after the colon.",
        "[kind=quote_not_closed] A quote is opened and not closed.",
        "[kind=bracket_not_closed] A bracket is opened and not closed, or a comma is missing between values.",
        "[kind=special_character] A value cannot begin with this character (such as @, `, %, *, &): quote it.",
        "[kind=backslash] A \\ in double quotes has a meaning of its own: use single quotes.",
        "[kind=indent] The indent does not match that of the lines around: keys of one level stand under each other.",
        "[kind=other] The YAML parser stopped here: {problem}.",
        "What is not finished begins in line {since}.",
        "The file is not read beyond this place.",
    ),
    "SH102": (
        "A key stands twice",
        "The key '{name}' already stands in line {first}. One of the two must go: the program cannot know which is "
        "right.",
    ),
    "SH103": (
        "This feature of YAML is not used in packs",
        "[what=anchor|alias] YAML references (& and *) are not used in a pack: {name}. Write the value out.",
        "[what=anchor|alias] If it is a text that begins with * or &, quote it.",
        "[what=merge] Merge keys (<<) are not used in a pack. Write the keys out.",
        "[what=tag] A type ({name}) is not needed: the key says the type. Remove it.",
    ),
    "SH104": (
        "The file is not in UTF-8",
        "[guess=binary] This is not a text file.",
        "[guess=cp1251] It looks like Windows-1251.",
        "[guess=cp866] It looks like DOS (CP866).",
        "[guess=UTF-16] It looks like UTF-16.",
        "[!guess] There are bytes that UTF-8 does not have.",
        "Save the file in UTF-8.",
    ),
    "SH105": (
        "The file is too large",
        "A pack file cannot be larger than {megabytes} MB.",
        "The file has more than {values} values; reading stopped here.",
        "Split the pack into several *.yaml files in the same folder, and move tables to CSV (the key rows).",
    ),
    "SH106": (
        "Nested too deep",
        "Nothing deeper than {limit} levels is read. Give the inner conditions names in the section criteria.",
    ),
    "SH107": (
        "A pack file consists of sections with keys",
        "[found=nothing] The file is empty.",
        "[found=list] The file begins with a list.",
        "[found=text] The file holds plain text.",
        "Sections are expected at the top: format, pack, sources, indicators, criteria, flags, …",
    ),
    "SH108": (
        "A Cyrillic letter in an id or key",
        "'{name}' has the Cyrillic letter '{letter}': ids and keys are Latin; letters that look the same differ.",
        "In Latin: {latin}.",
    ),
    "SH109": (
        "Several YAML documents in one file",
        "The line '---' begins a second document; it is not read. Remove it, or make it a second file.",
    ),
    "SH110": ("A tab in the indent", "Indents in YAML are spaces. Replace the tab by spaces."),
    "SH111": (
        "A key must be a word",
        "A list or a structure stands where a key should.",
        "If it is a text with braces or brackets, quote it.",
    ),
    "SH112": ("A character that cannot be printed", "Here stands {letter}, which a text cannot hold. Delete it."),
    "SH113": ("The file cannot be read", "The file could not be opened: {reason}."),
    # ---- names and structure ----
    "SH201": (
        "Unknown key",
        "There is no key '{name}' here.",
        "Did you mean '{nearest}'?",
        "[!nearest] Keys: {allowed}.",
    ),
    "SH202": (
        "A key is missing",
        "[!instead] The key '{key}' is needed here.",
        "The key '{key}' or '{instead}' is needed here.",
        "Without it '{needed_by}' says nothing.",
        "[key=source] Say what the item stands on: source: {{document: …, clause: …, basis: stated | derived | "
        "assumed}}.",
        "[key=format] Write as the first line: format: 1.",
        "[key=pack] Write a section pack: {{id: …, version: …, title: …}}.",
        "[key=label] Write a name in Russian.",
        "[key=otherwise] The last label of a cluster is for all others: {{id: …, label: …, otherwise: true}}.",
        "[key=year] Not held in which year? For example cells: {{year: 2020, procedure: ОГЭ}}.",
    ),
    "SH203": (
        "A value that does not fit",
        "'{value}' does not fit here.",
        "'{got}' does not fit here.",
        "[found=nothing] Nothing stands after the key.",
        "[found=list] A list stands here.",
        "[found=mapping] A structure 'key: value' stands here.",
        "[!allowed] Expected: {expected:expected}.",
        "At least {at_least}.",
        "At most {at_most}.",
        "Allowed: {allowed:quoted}.",
        "Keys: {keys}.",
        "Did you mean '{nearest}'?",
    ),
    "SH204": (
        "Not an id",
        "[!reason] '{name}' is not an id: small Latin letters, digits and _, a letter first; parts after dots "
        "(eff.1.1.2).",
        "[reason=used in two sections] The id '{name}' stands in two sections. Indicators, criteria, flags and "
        "clusters share their ids.",
        "Did you mean '{nearest}'?",
    ),
    "SH205": (
        "There is no such pack",
        "'{name}' is neither a pack's name nor a folder with a file pack.yaml.",
        "Did you mean '{nearest}'?",
        "Packs: {known}.",
    ),
    "SH206": (
        "No pack file in the folder",
        "A pack is a folder with a file {wanted}.",
        "The folder has: {there}. Name the main one {wanted}.",
    ),
    "SH207": (
        "The file of a reference table is missing",
        "There is no file '{rows}' in the pack's folder.",
        "Did you mean '{nearest}'?",
    ),
    "SH208": (
        "The file of a reference table is outside the pack",
        "'{rows}' lies outside the pack's folder. Put it inside.",
    ),
    "SH209": (
        "The same id in two files",
        "'{name}' is already there: {first}. An item stands in one file of the pack.",
    ),
    "SH210": (
        "Which document does the item stand on?",
        "The key document may be left out only where the section sources has exactly one.",
        "Documents: {known}.",
        "[!known] The section sources has none.",
    ),
    "SH211": (
        "Unknown document",
        "There is no document '{name}' in the section sources.",
        "Did you mean '{nearest}'?",
        "Documents: {known}.",
    ),
    "SH212": (
        "An item of the base is replaced without a reason",
        "'{name}' is in the base pack. To replace it whole write override: why; else give it another id.",
    ),
    "SH213": (
        "There is nothing to override",
        "The base pack has no '{name}', yet override stands here.",
        "Did you mean '{nearest}'?",
    ),
    "SH214": (
        "There is nothing to drop",
        "The base pack has no '{name}'.",
        "Did you mean '{nearest}'?",
    ),
    "SH215": (
        "Another document under the same id",
        "The base pack has another document under '{name}'. Give this one another id: else the base's items change "
        "their source.",
    ),
    "SH216": ("Packs extend each other in a circle", "Circle: {names}. Remove one of the keys extends."),
    "SH217": ("The pack has another id", "The pack found under '{name}' calls itself '{found}'."),
    "SH221": (
        "A key that does not fit",
        "[kind=node] '{key}' belongs to the criterion, indicator or flag itself, not inside a condition.",
        "[kind=known] '{key}' does not go with 'known': whether a value is known is always known.",
        "[!kind=node|known] '{key}' does not go with '{kind}'.",
        "With '{kind}' go: {allowed}.",
        "'{key}' goes with: {goes_with}.",
    ),
    "SH222": (
        "Exactly one of several is needed",
        "Written together: {present}.",
        "[what=node] A condition is exactly one of: {known}.",
        "[what=basis] An indicator has exactly one basis: {known}.",
        "[what=cluster] A cluster has exactly one of: {known}.",
        "[what=case] A label of a cluster has exactly one of: {known}.",
        "[what=step] One step takes dimensions away (over) or compares with a group (among). The second step is an "
        "indicator of its own.",
    ),
    "SH223": (
        "Exactly one comparison is needed",
        "Written together: {present}.",
        "[!present] Nothing says what the value is compared with.",
        "Exactly one of: {known}.",
    ),
    "SH224": (
        "Unknown form",
        "Written: {present}.",
        "One of: {forms}.",
    ),
    "SH225": ("otherwise is not last", "The label for all others stands last: nothing below it is looked at."),
    "SH226": (
        "Twice",
        "[what=value] '{name}' stands twice in the list.",
        "[what=label] The label '{name}' is already in this cluster.",
        "[what=code] The number '{name}' already stands at {first}: a row of the document is one item.",
        "[what=header] The header '{name}' already belongs to the column {first}.",
    ),
    "SH227": ("Nothing says why", "With basis: assumed write because: why the pack's author chose so."),
    "SH228": (
        "No clause is named",
        "basis: stated needs a clause of the document. Where there is none it is assumed, and needs because.",
    ),
    "SH229": (
        "A parameter that is a number and a text",
        "All values of one parameter are numbers, or all are texts.",
        "Not numbers: {texts:quoted}.",
    ),
    "SH230": ("A text with a unit", "The values of this parameter are texts, they have no unit '{unit}'. Remove unit."),
    "SH231": ("No year in cells", "The window years names the years. Remove year from cells."),
    "SH232": (
        "Levels are not written so",
        "[what=top] The top level is one entity without keys: {{}}.",
        "Keys too many: {present}.",
        "[what=lowest_column] The lowest level has no column: its table and key say what it is.",
        "[what=no_top] Above the last level a top one is needed, one entity: region: {{}}.",
    ),
    "SH233": ("Borders the wrong way round", "The beginning {low} is above the end {high}."),
    "SH234": (
        "The column is not declared",
        "There is no column '{name}' in this table's columns, though the key '{where}' names it.",
        "Did you mean '{nearest}'?",
        "[!nearest] Columns: {known}.",
    ),
    "SH235": (
        "A key that does not fit the column's type",
        "'{key}' does not go with the type {type}. It goes with: {types}.",
    ),
    # ---- meaning ----
    "SH301": (
        "Unknown name",
        "There is no '{name}' in the pack.",
        "Did you mean '{nearest}'?",
        "Expected: {expected:expected}.",
    ),
    "SH302": ("A circle of definitions", "Items are defined by each other: {names}. Break the circle."),
    "SH303": (
        "A dimension is left",
        "One value an entity is needed, and dimensions are left: {dims}. Take them away: over with met_in or combine.",
    ),
    "SH304": (
        "Units differ",
        "{left:words} is compared with {right:words}. Units are not converted: write it as a formula, as 100 * x.",
    ),
    "SH305": (
        "More than one row an entity",
        "The columns {columns} are taken without a sum, and there may be several rows for one value.",
        "Not fixed: {key}. Put them into by, fix them in where by '=', or take sum, max, avg.",
    ),
    "SH306": (
        "The formula cannot be read",
        "Formula: {text}",
        "Reason: {reason:reason}.",
        "Place in the formula: character {offset}.",
    ),
    "SH307": (
        "Not a dimension",
        "'{table}' has no dimension '{column}'.",
        "Dimensions: {dims}.",
        "[!dims] It has none.",
    ),
    "SH308": ("Levels do not fit", "The level does not fit here: {detail:words}."),
    "SH309": (
        "Unknown table",
        "There is no table '{name}' in the pack, nor among the usual ones.",
        "Did you mean '{nearest}'?",
        "[!nearest] Tables: {known}.",
    ),
    "SH310": (
        "Unknown column",
        "The table {table} has no column '{name}'.",
        "[!table] The table has no column '{name}'.",
        "Did you mean '{nearest}'?",
        "A new column is declared in the section tables.",
    ),
    "SH311": (
        "Unknown level",
        "There is no level '{name}' in the pack.",
        "Did you mean '{nearest}'?",
        "Levels: {known}.",
    ),
    "SH312": (
        "A window of years is needed",
        "The year is taken away, and nothing says which years. Write years, as {{last: 3}}.",
    ),
    "SH313": ("A window of years is out of place", "No year is taken away here. Remove years, or put year into over."),
    "SH314": ("An item of another kind", "'{name}': {got:words}.", "Expected: {expected:expected}."),
    "SH315": (
        "Readings that cannot replace each other",
        "All readings need one unit, one level and the same dimensions: {detail}.",
    ),
    "SH316": (
        "Unknown parameter",
        "There is no parameter '${name}' in the section parameters.",
        "Did you mean '${nearest}'?",
    ),
    "SH317": (
        "A parameter of another kind",
        "[kind=number] A number is needed here, and the parameter '{name}' is a text.",
        "[kind=text] A text (a choice of readings) is needed here, and the parameter '{name}' is a number.",
    ),
    "SH318": (
        "There is no such reading",
        "The parameter takes the value '{value}', which options does not have.",
        "Did you mean '{nearest}'?",
        "There are: {options}.",
    ),
    "SH319": (
        "pooled needs rows of a table",
        "combine: pooled applies the formula to all rows of the group: '{name}' must be taken from a table (from).",
    ),
    "SH320": (
        "Unknown function",
        "There is no function '{name}'.",
        "Did you mean '{nearest}'?",
        "Functions: {known}.",
    ),
    "SH322": (
        "Not allowed in a formula",
        "Not allowed: {what}.",
        "Formula: {text}",
        "[!reason=from] Reason: {reason:reason}.",
        "[reason=from] Sums and other aggregates go over columns of a table only: from is needed.",
        "Place in the formula: character {offset}.",
    ),
    "SH323": ("What is better?", "A rank needs the indicator's key better: higher or lower."),
    "SH324": (
        "Numbers, texts and yes/no do not mix",
        "[reason=number] '{what}' is a number, and a text is needed.",
        "[reason=text] '{what}' is a text, and a number is needed.",
        "[reason=yes_no] '{what}' needs a condition, yes or no, and a value stands there.",
        "[!reason=number|text|yes_no] In '{what}': {reason:reason}.",
        "Place in the formula: character {offset}.",
    ),
    "SH325": (
        "Two functions of one name",
        "Both '{first}' and '{second}' have a function '{name}'. Remove one of the plugins.",
    ),
    "SH326": (
        "A cell listed twice",
        "Two entries of `cells` list the same cell ({cell}). List each cell in one entry.",
    ),
    "SH331": (
        "Rests on an internal mark",
        "'{name}' rests on '{internal}', which is a mark for the ministry's own check. It asks for a result to be looked at "
        "again, and by itself neither raises nor drops a flag, nor changes groups, partners or measures.",
        "Take it out of the condition; marks stand in the table internal_marks.",
    ),
    "SH332": (
        "A library is not installed",
        "The function '{function}' needs what is not here: {modules}.",
        "Install it: pip install '{install}'.",
    ),
}
