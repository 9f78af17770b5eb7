"""What is said, in English, of wrong tables, evaluations and outcomes: code -> title, then lines (see `phrases`)."""

from __future__ import annotations

_ALL = (
    "The first {listed} are shown; such rows in all: {count}.",
    "[!listed] Such rows: {count}.",
)

TEXTS: dict[str, tuple[str, ...]] = {
    # ---- tables and settings ----
    "SH401": (
        "These are not tables",
        "Tables are a folder, a file or a mapping 'name: table'; this is {type}.",
        "> Give the tables in one of these ways.",
    ),
    "SH402": (
        "A table is missing",
        "The pack needs the table '{table}', the data lack it.",
        "[table] > Put a file {table}.csv (.xlsx, .parquet) into the data folder, or name a sheet of a workbook so.",
        "[!table] > Put it into the data folder.",
    ),
    "SH403": (
        "A column is missing",
        "The table has no column '{column}'.",
        "Is it '{nearest}'?",
        "[nearest] > If it is, add that header to the column's aliases.",
        "[!nearest] > Add the column to the table, or rename the one that holds these values.",
    ),
    "SH404": (
        "A value of another kind",
        "[expected=number|count] '{value}' is not a number.",
        "[expected=year] '{value}' is not a year of four digits.",
        "[expected=date] '{value}' is not a date. A date is written 2024-12-31 or 31.12.2024.",
        "[expected=yes_no] '{value}' is neither yes nor no.",
        "The column's type in the file is {found}, which is not read.",
        *_ALL,
        "> Mend the value in the table.",
        "[expected=number|count] > If it means 'no data', leave the cell empty or add the text to the table's missing in "
        "the pack.",
    ),
    "SH405": (
        "A number out of range",
        "'{value}' cannot stand in this column.",
        "Lowest: {low}.",
        "Highest: {high}.",
        *_ALL,
        "> Mend the number in the table.",
    ),
    "SH406": (
        "A value that is not allowed",
        "There is no '{value}' in this column.",
        "Allowed: {values:quoted}.",
        *_ALL,
        "> Put an allowed one in its place, or add it to the column's values.",
    ),
    "SH407": (
        "A row stands twice",
        "There is already a row with the key '{value}'.",
        "The first such row: {first_row}.",
        "It is also summed from rows of the table '{other}'.",
        *_ALL,
        "> Keep one of them.",
    ),
    "SH408": ("An empty cell", "This column cannot be empty.", *_ALL, "> Fill the cell or delete the row."),
    "SH409": (
        "A part above its whole",
        "[!label] The value is above that of the column '{other}': {value}.",
        "The value is above that of the column '{label}': {value}.",
        *_ALL,
        "> Compare both numbers with their source, and mend the one that is wrong.",
    ),
    "SH410": (
        "Unknown school",
        "[level=school] The list of schools has no '{value}'.",
        "[!level=school] The list has no '{value}' (level: {level:words}).",
        "Is it '{nearest}' ({nearest_name})?",
        "[!nearest_name] Is it '{nearest}'?",
        "[!listed] Rows with this code: {count}.",
        "The first {listed} are shown; unknown codes in all: {count}.",
        "> Mend the code, or add the entity to the list. "
        "If such rows are to be left out, write unknown_entities: leave_out at the table.",
    ),
    "SH411": (
        "The table cannot be read",
        "[reason=missing] There is no file {file}.",
        "[reason=empty] The file {file} is empty: it has no line of headers.",
        "[reason=binary] {file} is not a text file.",
        "[reason=kinds] Such files are not read: {file}. Workbooks, CSV, Parquet and DuckDB are; one table, one kind.",
        "[reason=no_tables] {file} has no table of this pack.",
        "[reason=csv] The CSV is broken: {text}.",
        "[reason=damaged] The file {file} is damaged or held by another program: {text}.",
        "[reason=changed] The file {file} has changed during the evaluation.",
        "[reason=object] An object of the kind {text} is not a table.",
        "[reason=plugin] The file {file} is read by the plugin {plugin}, which failed: {text}.",
        "[reason=plugin_gave] The file {file} is read by the plugin {plugin}, which gave no table: {text}.",
        "[reason=kinds] Plugins read besides, one file for a table: {plugins}.",
        "Tables of the pack: {known}.",
        "[reason=missing] > Look at the path.",
        "[reason=binary] > If it is an Excel workbook, let its name end with .xlsx again, or save it as CSV.",
        "[reason=empty] > Save the table again, with headers in its first line.",
        "[reason=csv] > Mend this place, or save the table again as CSV.",
        "[reason=damaged] > Close it in the other program, or save it again.",
        "[reason=changed] > Wait until the file is written, and evaluate again.",
        "[reason=no_tables] > Give the files or sheets the names of the pack's tables; describe a workbook that is built "
        "otherwise: shsnor layout new.",
        "[reason=no_tables] > shsnor template writes an empty workbook with the sheets needed.",
        "[reason=kinds|object] > Save the table as CSV or Parquet.",
        "[reason=plugin|plugin_gave] > Tell whoever maintains the plugin, or save the table as CSV.",
        "[!reason] > Save the table again.",
    ),
    "SH412": (
        "A table that is not needed",
        "The pack knows no table '{name}'; it is not read.",
        "Is it '{nearest}'?",
        "[nearest] > If it is, rename the file; else nothing.",
        "[!nearest] > Nothing, if it is not needed.",
    ),
    "SH413": (
        "Columns that are not needed",
        "The pack does not need these columns; they are not read: {headers:quoted}.",
        "> Nothing. If one of them is needed, add its header to the column's aliases.",
    ),
    "SH414": (
        "No count for a per cent",
        "'{value}' with the number in the column '{base}' gives no single whole number; the value counts as unknown.",
        *_ALL,
        "> Write the number into the table in place of the per cent.",
    ),
    "SH415": (
        "Two headers of one column",
        "These all belong to the column '{column}': {headers:quoted}.",
        "> Keep one.",
    ),
    "SH416": (
        "Unknown code",
        "'{value}' is neither in the list of schools nor in the table school_codes.",
        "Is it '{nearest}' ({nearest_name})?",
        "[!nearest_name] Is it '{nearest}'?",
        "[!listed] Rows with this code: {count}.",
        "The first {listed} are shown; unknown codes in all: {count}.",
        "> Mend the code, or add it to the table school_codes.",
    ),
    "SH417": (
        "Not as many cells as headers",
        "The row has {found} cells, and there are {expected} headers. Often a separator stands inside a value.",
        *_ALL,
        "> Quote such a value.",
    ),
    "SH418": (
        "Repeated students were not looked for",
        "The table has {count:plural row|rows}: repeats in the columns {field} were not looked for, which would "
        "take long.",
        "> Nothing, if it can have no repeats; else remove them before the evaluation.",
    ),
    "SH422": (
        "A fraction for a count",
        "'{value}' is not a whole number, and the column holds counts.",
        *_ALL,
        "> Write a whole number.",
    ),
    "SH423": (
        "Rows are left out",
        "{count:plural row is|rows are} left out, of entities that the list lacks (codes: {entities}): the pack "
        "says so.",
        "> Nothing, if that is as it should be; else add these entities to the list.",
    ),
    "SH424": (
        "Unknown setting",
        "There is no setting '{name}'.",
        "Did you mean '{nearest}'?",
        "Settings: {known}.",
        "> Mend the name, or remove the setting.",
    ),
    "SH425": (
        "A value that the setting does not take",
        "'{value}' does not fit the setting '{name}'.",
        "> Give another value, as threads: 2, memory_limit: 2GB.",
    ),
    "SH426": (
        "One table in two places",
        "The table '{table}' is both in {first} and in {file}: which of them is right is not for the program to say.",
        "[!first] The table '{table}' was found twice; the second: {file}.",
        "> Keep one of them.",
        "[table=decisions|measures_taken] > If one of them is a list workbook, carry the other's rows over into its sheet.",
    ),
    "SH427": (
        "The list is empty",
        "The list has no entity (level: {level:words}). There is nobody to evaluate.",
        "> Fill the list of entities.",
    ),
    "SH428": (
        "An entity in two places",
        "[!label] '{value}' lies both in '{first}' and in '{second}' (level: {above:words}). An entity lies in exactly one.",
        "[label] '{value}' lies both in '{first}' and in '{second}' (column '{label}'). An entity lies in exactly one.",
        "[!value] One entity lies both in '{first}' and in '{second}'. An entity lies in exactly one.",
        "> Mend one of these rows.",
    ),
    "SH429": (
        "A column is missing that may be",
        "The table has no column '{column}': all that rests on it is unknown.",
        "Is it '{nearest}'?",
        "[nearest] > If it is, add that header to the column's aliases.",
        "[!nearest] > Add the column, if this is known.",
    ),
    # ---- what a check of the data alone tells ----
    "SH460": (
        "Not a single row",
        "[level=school] The table has no row for {count:plural school|schools} of {all}.",
        "[!level=school] The table has no row for {count:plural entity|entities} of {all}.",
        "Codes: {keys}.",
        "All that rests on it is unknown for them.",
        "> If this is known of them, complete the table; if there is no such thing (no grade 11), do nothing.",
    ),
    "SH461": (
        "Codes have lost their zeros",
        "{count:plural code differs|codes differ} from one of the roster by leading zeros alone; rows with them: {rows}.",
        "As '{wrong}' for '{right}'.",
        "This happens where a spreadsheet takes a code for a number.",
        "> Save the column of codes as text and export the table again.",
    ),
    "SH462": (
        "Codes of different length",
        "The codes of the roster are all of digits, yet of different length: {widths} characters; mostly {most}.",
        "> If the short ones have lost their leading zeros, restore them; if they do differ, do nothing.",
    ),
    "SH463": (
        "A year is left out",
        "The table has the years {first} and {last}, but no rows of {years}.",
        "> Add the export of that year; if nothing was held in it, do nothing.",
    ),
    "SH464": (
        "Jumps against last year",
        "[what=participants] The number of participants changed several times over: cases {count}, schools {schools}.",
        "[what=low] The share of low results changed far more than usual: cases {count}, schools {schools}.",
        "[what=mean] The mean result changed far more than usual: cases {count}, schools {schools}.",
        "A reason to look at the file, no verdict on a school.",
        "> See the list (--details, --out) and compare these rows with the exports of both years.",
    ),
    "SH465": (
        "A jump of all schools at once",
        "[what=participants] {procedure}, grade {grade}, {subject}: participants were {before} ({last_year}) and are {after} "
        "({year}), in schools that have both years.",
        "[what=low] {procedure}, grade {grade}, {subject}: the share of low results of all schools was {before}% "
        "({last_year}) and is {after}% ({year}).",
        "> See whether the same columns were exported in both years: shifted columns, another scale or half a file look so.",
    ),
    "SH466": (
        "A column is mostly empty",
        "{percent}% of the column's cells are empty ({count}), and the pack reads it.",
        "> Complete the column; if it is not known, all that rests on it is unknown.",
    ),
    "SH467": (
        "Results of ВПР to be looked at again",
        "Such schools of {year}: {count}. This is internal: a reason to ask, no verdict on a school; no evaluation reads it.",
        "> See why (--details, --out), and suggest to the schools that some of the works be marked again.",
    ),
    "SH468": (
        "A table without rows",
        "The table is there, yet without a single row: all that rests on it will be unknown.",
        "> Fill it in; if this is not known, do nothing.",
    ),
    # ---- evaluation ----
    "SH501": (
        "The parameter was not yet in force",
        "The evaluation is as of {date}, the first value of '{parameter}' holds from {first}.",
        "> Name a later date or an earlier value.",
    ),
    "SH502": (
        "No date of an evaluation",
        "'{text}' is not a date.",
        "> Write 2022-12-31 or a year, 2022 (its 31 December).",
    ),
    "SH503": (
        "No expert decides here",
        "Experts' decisions are not foreseen for '{item}'. expert_may_decide: true allows them; the item must have "
        "no dimensions.",
        "> Remove the row of the decision, or allow decisions in the pack.",
    ),
    "SH504": (
        "A decision of another year",
        "A decision holds for its year: it says {year}, the evaluation is of {expected}.",
        "> Nothing, if it is of an earlier year; a new year needs a new decision.",
    ),
    "SH505": (
        "A decision on an unknown entity",
        "The list has no '{entity}'.",
        "Did you mean '{nearest}'?",
        "> Mend the entity's code in the table of decisions.",
    ),
    "SH506": (
        "A decision on an unknown item",
        "The pack has no criterion, flag or cluster '{item}'.",
        "Did you mean '{nearest}'?",
        "> Mend the item's id in the table of decisions.",
    ),
    "SH507": (
        "Not a decision",
        "'{verdict}' is not a decision.",
        "Allowed: {expected:quoted}.",
        "> Put an allowed one in its place.",
    ),
    "SH508": (
        "Rows of what was not held",
        "{count:plural row is|rows are} left out: by the pack's calendar (not_held) there was no such thing in "
        "that year.",
        "> Look at the year of these rows; if the procedure was held, mend not_held.",
    ),
    "SH509": (
        "There is no such parameter",
        "The pack has no parameter '{name}'.",
        "Did you mean '{nearest}'?",
        "> Mend the parameter's name.",
    ),
    "SH510": (
        "The pack is not in force at this date",
        "The evaluation is as of {date}; the pack is '{pack}'.",
        "The pack is in force from {valid_from}.",
        "The pack is in force to {valid_to}.",
        "[retired] The pack is retired: only the past is evaluated by it.",
        "> Give a date inside that time (--as-of), or take the version of the pack that is in force on it.",
    ),
    "SH511": (
        "Memory or disk space ran out",
        "[stage=read] [what] It ran out while the table '{what}' was read.",
        "[stage=read] [!what] It ran out while tables were read.",
        "[stage=scan] It ran out while the rows of the table '{what}' were summed.",
        "[stage=compute] It ran out in the step '{what}'.",
        "[stage=write] It ran out while the outcome was put together.",
        "[problem=memory] {memory} of memory were allowed.",
        "[problem=disk] There is no room for temporary files: folder '{folder}', {room} GiB free now. What the memory allowed "
        "({memory}) does not hold goes there.",
        "Nothing was written, temporary files are removed. The system says: {reason:trouble}.",
        "[problem=memory] > Allow more memory (--memory-limit 4GB), take fewer threads (--threads 2), close other programs, or "
        "give the table in parts: only the years that are needed.",
        "[problem=disk] > Free some space, name a folder on a larger disk (--temp-dir), allow more memory (--memory-limit), or "
        "give the table in parts: only the years that are needed.",
    ),
    "SH521": (
        "A plugin's function failed",
        "The function '{function}' (plugin {plugin}) gave no result: {reason}.",
        "> Tell whoever maintains the plugin.",
    ),
    # ---- outcome and files ----
    "SH601": (
        "What lies here is not ours",
        "[problem=folder in use] This is the working folder or a disk of its own; it cannot be replaced.",
        "[problem=other files] Other files lie beside an earlier outcome: {others}.",
        "[problem=not ours] What lies there is no outcome, and it was not replaced.",
        "[problem=folder in use] > Name a folder inside it.",
        "[!problem=folder in use] > Name another place, or add --force (force=True): then all that is there is moved "
        "aside.",
    ),
    "SH602": (
        "The outcome was not written",
        "It could not be written: {problem:trouble}.",
        "What was there before is still there.",
        "> See that the place can be written to and has room, or name another.",
    ),
    "SH603": (
        "This is not an outcome",
        "[exists=False] There is nothing: {path}.",
        "[!exists=False] This is not what shsnor evaluate writes: {path}.",
        "> Name the folder or file that the outcome was written to (OUT of evaluate).",
    ),
    "SH604": (
        "The outcome cannot be read",
        "The outcome cannot be read: {problem:trouble}.",
        "Files are missing: {missing}.",
        "> If a newer version wrote it, update shsnor; if it is damaged, evaluate again.",
    ),
    "SH605": (
        "The outcome has no such entity",
        "The outcome has no '{entity}'.",
        "Did you mean '{nearest}'?",
        "> Mend the code; it stands in the list that was evaluated.",
    ),
    "SH606": (
        "The outcome has no such item",
        "The outcome has no '{item}'.",
        "Did you mean '{nearest}'?",
        "> Correct the id: the outcome's table items has them all.",
    ),
    "SH607": (
        "Unknown kind of file",
        "'{format}' is not written.",
        "Allowed: {known:quoted}.",
        "> Name an allowed one.",
    ),
}
