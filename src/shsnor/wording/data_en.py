"""What is said, in English, of wrong tables, evaluations and outcomes: code -> title, then lines (see `phrases`)."""

from __future__ import annotations

_ALL = "The first {listed} are shown; such rows in all: {count}."

TEXTS: dict[str, tuple[str, ...]] = {
    # ---- tables and settings ----
    "SH401": ("These are not tables", "Tables are a folder, a file or a mapping 'name: table'; this is {type}."),
    "SH402": (
        "A table is missing",
        "The pack needs the table '{table}', the data lack it. Put a file {table}.csv (or .parquet) into the data "
        "folder.",
    ),
    "SH403": (
        "A column is missing",
        "The table has no column '{column}'.",
        "Is it '{nearest}'? Then add that header to the column's aliases.",
    ),
    "SH404": (
        "A value of another kind",
        "[expected=number|count] '{value}' is not a number.",
        "[expected=year] '{value}' is not a year of four digits.",
        "[expected=date] '{value}' is not a date. A date is written 2024-12-31 or 31.12.2024.",
        "[expected=yes_no] '{value}' is neither yes nor no.",
        "The column's type in the file is {found}, which is not read.",
        "[expected=number|count] If it means 'no data', leave the cell empty or add the text to the table's missing.",
        _ALL,
    ),
    "SH405": (
        "A number out of range",
        "'{value}' cannot stand in this column.",
        "Lowest: {low}.",
        "Highest: {high}.",
        _ALL,
    ),
    "SH406": (
        "A value that is not allowed",
        "There is no '{value}' in this column.",
        "Allowed: {values:quoted}.",
        _ALL,
    ),
    "SH407": (
        "A row stands twice",
        "There is already a row with the key '{value}'.",
        "The first such row: {first_row}. Keep one of them.",
        _ALL,
    ),
    "SH408": ("An empty cell", "This column cannot be empty. Fill the cell or delete the row.", _ALL),
    "SH409": ("A part above its whole", "The value is above that of the column '{other}': {value}.", _ALL),
    "SH410": (
        "Unknown school",
        "[level=school] The list of schools has no '{value}'.",
        "[!level=school] The list has no '{value}' (level: {level:words}).",
        "Is it '{nearest}' ({nearest_name})?",
        "[!nearest_name] Is it '{nearest}'?",
        "[!listed] Rows with this code: {count}.",
        "The first {listed} are shown; unknown codes in all: {count}.",
        "If such rows are to be left out, write unknown_entities: leave_out at the table.",
    ),
    "SH411": (
        "The table cannot be read",
        "[reason=missing] There is no file {file}.",
        "[reason=empty] The file {file} is empty: it has no line of headers.",
        "[reason=binary] {file} is not a text file. If it is an Excel workbook, save it as CSV.",
        "[reason=kinds] Such files are not read: {file}. CSV, Parquet and DuckDB are; one table, one kind.",
        "[reason=no_tables] {file} has no table of this pack.",
        "[reason=csv] The CSV is broken: {text}.",
        "[reason=damaged] The file {file} is damaged or held by another program: {text}.",
        "[reason=object] An object of the kind {text} is not a table.",
        "[reason=plugin] The file {file} is read by the plugin {plugin}, which failed: {text}.",
        "[reason=plugin_gave] The file {file} is read by the plugin {plugin}, which gave no table: {text}.",
        "[reason=kinds] Plugins read besides, one file for a table: {plugins}.",
        "Tables of the pack: {known}.",
    ),
    "SH412": ("A table that is not needed", "The pack knows no table '{name}'; it is not read.", "Is it '{nearest}'?"),
    "SH413": (
        "Columns that are not needed",
        "The pack does not need these columns; they are not read: {headers:quoted}.",
    ),
    "SH414": (
        "No count for a per cent",
        "'{value}' with the number in the column '{base}' gives no single whole number; the value counts as unknown.",
        _ALL,
    ),
    "SH415": ("Two headers of one column", "These all belong to the column '{column}': {headers:quoted}. Keep one."),
    "SH416": (
        "Unknown code",
        "'{value}' is neither in the list of schools nor in the table school_codes.",
        "Is it '{nearest}' ({nearest_name})?",
        "[!nearest_name] Is it '{nearest}'?",
        "[!listed] Rows with this code: {count}.",
        "The first {listed} are shown; unknown codes in all: {count}.",
    ),
    "SH417": (
        "Not as many cells as headers",
        "The row has {found} cells, and there are {expected} headers. Often a separator stands inside a value: "
        "quote it.",
        _ALL,
    ),
    "SH418": (
        "Repeated students were not looked for",
        "The table has {count:plural row|rows}: repeats in the columns {field} were not looked for, which would "
        "take long.",
    ),
    "SH422": ("A fraction for a count", "'{value}' is not a whole number, and the column holds counts.", _ALL),
    "SH423": (
        "Rows are left out",
        "{count:plural row is|rows are} left out, of entities that the list lacks (codes: {entities}): the pack "
        "says so.",
    ),
    "SH424": (
        "Unknown setting",
        "There is no setting '{name}'.",
        "Did you mean '{nearest}'?",
        "Settings: {known}.",
    ),
    "SH425": ("A value that the setting does not take", "'{value}' does not fit the setting '{name}'."),
    "SH426": (
        "One table in two places",
        "The table '{table}' was found twice. Keep one of them.",
        "The second: {file}.",
    ),
    "SH427": ("The list is empty", "The list has no entity (level: {level:words}). There is nobody to evaluate."),
    "SH428": (
        "An entity in two places",
        "'{value}' lies both in '{first}' and in '{second}' (level: {above:words}). An entity lies in exactly one.",
    ),
    "SH429": (
        "A column is missing that may be",
        "The table has no column '{column}': all that rests on it is unknown.",
        "Is it '{nearest}'? Then add that header to the column's aliases.",
    ),
    # ---- evaluation ----
    "SH501": (
        "The parameter was not yet in force",
        "The evaluation is as of {date}, the first value of '{parameter}' holds from {first}. Name a later date or "
        "an earlier value.",
    ),
    "SH502": (
        "No date of an evaluation",
        "'{text}' is not a date. Write 2022-12-31 or a year, 2022 (its 31 December).",
    ),
    "SH503": (
        "No expert decides here",
        "Experts' decisions are not foreseen for '{item}'. expert_may_decide: true allows them; the item must have "
        "no dimensions.",
    ),
    "SH504": (
        "A decision of another year",
        "A decision holds for its year: it says {year}, the evaluation is of {expected}.",
    ),
    "SH505": ("A decision on an unknown entity", "The list has no '{entity}'.", "Did you mean '{nearest}'?"),
    "SH506": (
        "A decision on an unknown item",
        "The pack has no criterion, flag or cluster '{item}'.",
        "Did you mean '{nearest}'?",
    ),
    "SH507": ("Not a decision", "'{verdict}' is not a decision.", "Allowed: {expected:quoted}."),
    "SH508": (
        "Rows of what was not held",
        "{count:plural row is|rows are} left out: by the pack's calendar (not_held) there was no such thing in "
        "that year.",
    ),
    "SH509": ("There is no such parameter", "The pack has no parameter '{name}'.", "Did you mean '{nearest}'?"),
    "SH510": (
        "The pack is not in force at this date",
        "The evaluation is as of {date}.",
        "The pack is in force from {valid_from}.",
        "The pack is in force to {valid_to}.",
    ),
    "SH511": (
        "Memory or disk space ran out",
        "Reason: {reason}.",
        "Free some space, name another folder for temporary files (setting temp_directory), or take fewer threads.",
    ),
    "SH521": (
        "A plugin's function failed",
        "The function '{function}' (plugin {plugin}) gave no result: {reason}.",
        "Tell whoever maintains the plugin.",
    ),
    # ---- outcome and files ----
    "SH601": (
        "What lies here is not ours",
        "[problem=folder in use] This is the working folder or a disk of its own; it cannot be replaced. Name a "
        "folder inside it.",
        "[problem=other files] Other files lie beside an earlier outcome: {others}.",
        "[problem=not ours] What lies there is no outcome, and it was not replaced.",
        "[!problem=folder in use] Name another place, or add --force (force=True): then all that is there is moved "
        "aside.",
    ),
    "SH602": (
        "The outcome was not written",
        "It could not be written: {problem}.",
        "It could not be written: {reason}.",
        "What was there before is still there.",
    ),
    "SH603": (
        "This is not an outcome",
        "[exists=False] There is nothing: {path}.",
        "[!exists=False] This is not what shsnor evaluate writes: {path}.",
    ),
    "SH604": (
        "The outcome cannot be read",
        "Reason: {problem}.",
        "If a newer version wrote it, update shsnor; if it is damaged, evaluate again.",
    ),
    "SH605": ("The outcome has no such entity", "The outcome has no '{entity}'.", "Did you mean '{nearest}'?"),
    "SH606": (
        "The outcome has no such item",
        "The outcome has no '{item}'.",
        "Did you mean '{nearest}'?",
        "Items: {known}.",
    ),
    "SH607": ("Unknown kind of file", "'{format}' is not written.", "Allowed: {known:quoted}."),
}
