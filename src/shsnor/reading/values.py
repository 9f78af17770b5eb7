"""What a cell says, as SQL: from text or from a typed source to the types of the pack.

A cell is *cleaned* first (blanks around it go; texts that mean "no value" become NULL), then *typed*; a cell that is
there after cleaning and NULL after typing is wrong. DuckDB's own casts are too kind for that (`'1_000'` is a number to
them and `'2.5'` the integer 3), so a pattern decides what is a number.
"""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.pack import Column
from shsnor.sql import literal

#: Blanks of spreadsheets: space, no-break and narrow no-break space, tab, line ends, byte order mark.
BLANKS = " \u00a0\u202f\u2009\t\r\n\ufeff"
MISSING = ("", "н/д", "Н/Д", "н/д.", "-", "–", "—")
DIGITS = 6

#: The texts of DuckDB's types from which each of ours is had without parsing.
_SIGNED = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_UNSIGNED = ("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
_INTEGERS = (*_SIGNED, *_UNSIGNED)
_FLOATS = ("FLOAT", "DOUBLE")
_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")
_YES = ("да", "д", "yes", "y", "true", "t", "1")
_NO = ("нет", "н", "no", "n", "false", "f", "0")

_GROUPS = "[0-9]{1,3}([ \u00a0\u202f\u2009'][0-9]{3})+"
_NUMBER = f"[+\u2212-]?(({_GROUPS}|[0-9]+)([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{{1,2}})?[ \u00a0]?%?"
_SCHOOL_YEAR = "([0-9]{4}) ?[/\u2013\u2014-] ?([0-9]{4}|[0-9]{2})( ?(уч\\.?|учебный) ?(г\\.?|год)?)?"


def is_text(duckdb_type: str) -> bool:
    """Whether a source's column holds text that must be parsed."""
    return duckdb_type.startswith(("VARCHAR", "ENUM"))


def is_known(duckdb_type: str) -> bool:
    """Whether cells of this type can be read at all: lists, structures and bytes cannot."""
    simple = (*_INTEGERS, *_FLOATS, *_TIMES, "DATE", "BOOLEAN", '"NULL"')
    return duckdb_type in simple or duckdb_type.startswith("DECIMAL") or is_text(duckdb_type)


def trimmed(cell: str) -> str:
    """A text without the blanks around it; cells without any are the rule and pass without the dear `trim`."""
    blanks = ", ".join(literal(blank) for blank in BLANKS)
    outside = f"left({cell}, 1) IN ({blanks}) OR right({cell}, 1) IN ({blanks})"
    return f"CASE WHEN {outside} THEN trim({cell}, {literal(BLANKS)}) ELSE {cell} END"


def cleaned(cell: str, duckdb_type: str, no_value: Iterable[str]) -> str:
    """A cell with NULL where it says that there is no value; text comes trimmed already (see `trimmed`)."""
    if is_text(duckdb_type):
        listed = ", ".join(literal(t) for t in dict.fromkeys(no_value))
        return f"CASE WHEN {cell} NOT IN ({listed}) THEN {cell} END"
    if duckdb_type in _FLOATS:
        return f"CASE WHEN NOT isnan({cell}) THEN {cell} END"  # what pandas writes for a missing number
    return cell


def plainly(cell: str, column: Column, no_value: Iterable[str]) -> str | None:
    """The typed value of a text that is written as SQL writes it, else NULL; None for types without such a form.

    Nearly all cells are so, and they need neither trimming nor a look at the texts that mean "no value".
    """
    if column.type not in ("count", "number", "year"):
        return None
    form = {"count": "[0-9]{1,18}", "year": "[0-9]{4}", "number": "-?[0-9]+([.,][0-9]+)?"}[column.type]
    text = f"replace({cell}, ',', '.')" if column.type == "number" else cell
    codes = [t for t in no_value if any(c.isdigit() for c in t)]  # as 999 for "not known"
    here = f"regexp_full_match({cell}, '{form}')"
    if codes:
        here += f" AND {cell} NOT IN ({', '.join(map(literal, codes))})"
    return f"CASE WHEN {here} THEN try_cast({text} AS {sql_type(column)}) END"


def typed(cell: str, duckdb_type: str, column: Column) -> str:
    """A cleaned cell in the type of its column; NULL where it has none."""
    if is_text(duckdb_type):
        return _FROM_TEXT[column.type](cell, column)
    return _from_type(cell, duckdb_type, column)


def always_typed(duckdb_type: str, column: Column) -> bool:
    """Whether every cell of this DuckDB type has a value in the column's type: text of any, a wider integer."""
    if column.type == "text" or duckdb_type == sql_type(column):
        return True
    narrower = {"count": (*_SIGNED[:4], *_UNSIGNED[:3]), "year": (*_SIGNED[:3], *_UNSIGNED[:2])}
    return duckdb_type in narrower.get(column.type, ())


def sql_type(column: Column) -> str:
    """The DuckDB type of a column in a table of the session."""
    if column.type == "number":
        return f"DECIMAL(18,{digits(column)})"
    return {"text": "VARCHAR", "count": "BIGINT", "year": "INTEGER", "date": "DATE", "yes_no": "BOOLEAN"}[column.type]


def digits(column: Column) -> int:
    return DIGITS if column.digits is None else column.digits


def is_number(cell: str) -> str:
    """Whether a text is a number as people write them."""
    return f"regexp_full_match({cell}, {literal(_NUMBER)})"


def plain(cell: str) -> str:
    """The text of a number as SQL writes it: a point, no spaces, no per cent sign."""
    return f"translate({cell}, {literal(chr(0x2212) + ',' + BLANKS + chr(39) + '%')}, '-.')"


def is_percent(cell: str) -> str:
    return f"CASE WHEN suffix({cell}, '%') THEN {is_number(cell)} ELSE FALSE END"


def _number(cell: str, column: Column) -> str:
    return f"CASE WHEN {is_number(cell)} THEN try_cast({plain(cell)} AS {sql_type(column)}) END"


def _count(cell: str, column: Column) -> str:
    exact = f"try_cast({plain(cell)} AS DECIMAL(28,9))"
    whole = f"CASE WHEN {exact} = floor({exact}) THEN try_cast({exact} AS BIGINT) END"
    return f"CASE WHEN {is_number(cell)} AND NOT suffix({cell}, '%') THEN {whole} END"


def _year(cell: str, column: Column) -> str:
    parts = literal(_SCHOOL_YEAR)
    first, second = (f"try_cast(regexp_extract({cell}, {parts}, {n}) AS INTEGER)" for n in (1, 2))
    # «2020/21»: the year in which it ends; the second number must be the next year.
    follows = f"{second} IN ({first} + 1, ({first} + 1) % 100)"
    return (
        f"CASE WHEN regexp_full_match({cell}, '[0-9]{{4}}([.,]0+)?') THEN try_cast({cell}[1:4] AS INTEGER)"
        f" WHEN regexp_full_match({cell}, {parts}) AND {follows} THEN {first} + 1 END"
    )


def _date(cell: str, column: Column) -> str:
    time = "([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    dotted = f"split_part({cell}, ' ', 1)"
    return (
        f"CASE WHEN regexp_full_match({cell}, {literal('[0-9]{4}-[0-9]{2}-[0-9]{2}' + time)})"
        f" THEN try_cast({cell}[1:10] AS DATE)"
        f" WHEN regexp_full_match({cell}, {literal('[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}' + time)})"
        f" THEN CAST(try_strptime({dotted}, '%d.%m.%Y') AS DATE) END"
    )


def _yes_no(cell: str, column: Column) -> str:
    yes, no = (", ".join(map(literal, words)) for words in (_YES, _NO))
    return f"CASE WHEN lower({cell}) IN ({yes}) THEN TRUE WHEN lower({cell}) IN ({no}) THEN FALSE END"


def _text(cell: str, column: Column) -> str:
    return cell


_FROM_TEXT = {"text": _text, "count": _count, "number": _number, "year": _year, "date": _date, "yes_no": _yes_no}


def _from_type(cell: str, duckdb_type: str, column: Column) -> str:
    """From a number, date or boolean of Parquet, Arrow, pandas or DuckDB."""
    target, kind = sql_type(column), column.type
    number = duckdb_type in (*_INTEGERS, *_FLOATS) or duckdb_type.startswith("DECIMAL")
    if duckdb_type == target:
        return cell
    if kind == "text":
        if duckdb_type in _FLOATS or duckdb_type.startswith("DECIMAL"):
            # 12.0 is how a frame writes the code 12 once a cell of its column is empty
            whole = f"CAST(CAST({cell} AS HUGEINT) AS VARCHAR)"
            is_whole = f"{cell} = floor({cell}) AND abs({cell}) < 1e18"
            return f"CASE WHEN {is_whole} THEN {whole} ELSE CAST({cell} AS VARCHAR) END"
        return f"CAST({cell} AS VARCHAR)"
    if kind in ("count", "year") and number:
        if duckdb_type in _INTEGERS:
            return f"{'CAST' if always_typed(duckdb_type, column) else 'try_cast'}({cell} AS {target})"
        return f"CASE WHEN {cell} = floor({cell}) THEN try_cast({cell} AS {target}) END"
    if kind == "number" and number:
        return f"try_cast({cell} AS {target})"
    if kind == "date" and duckdb_type in (*_TIMES, "DATE"):
        return f"CAST({cell} AS DATE)"
    if kind == "yes_no" and number:
        return f"CASE WHEN {cell} = 1 THEN TRUE WHEN {cell} = 0 THEN FALSE END"
    return f"CAST(NULL AS {target})"
