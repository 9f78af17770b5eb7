"""Findings about tables on Spark, in English: code -> title, then lines; "> " leads what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, ...]] = {
    "SH560": (
        "Spark is not ready here",
        "[reason=libraries] Not installed: {names}.",
        "[reason=java] No Java was found: Spark does not work without it.",
        '[reason=libraries] > Install it: pip install "shsnor[spark]".',
        "[reason=java] > Install Java 17 or 21, and name its folder in JAVA_HOME.",
    ),
    "SH561": (
        "There is no Spark session",
        "[reason=start] The Spark session did not begin: {text}.",
        "[reason=start] Where it was to run: {master}.",
        "[reason=object] A SparkSession is expected; this is {type}.",
        "[reason=stopped] This Spark session was stopped.",
        "[reason=ended] The Spark session broke off: Java does not answer. Most often it had too little memory.",
        "[reason=start] > Check the address (--spark-master), Java and Spark's log.",
        "[!reason=start] > Pass a session that runs: SparkSession.builder.getOrCreate().",
    ),
    "SH562": (
        "There is no such table on Spark",
        "'{name}' was not found, or may not be read.",
        "Spark says: {text}",
        "> Check the name (database.table) and the right to read it; in a folder, Parquet files are named as tables.",
    ),
    "SH563": (
        "Columns of a table on Spark would have to be parsed",
        "Numbers, years or dates stand in it as text, or the pack names signs of hidden values for it: {columns}.",
        "Such cells are parsed only here, and there are too many rows for that, or they are persons'.",
        "> Give the columns their types in the warehouse (a view with CAST), and name that view instead.",
    ),
    "SH564": (
        "An indicator needs the rows themselves",
        "Indicator '{indicator}' is not made of sums (median, quantile, distinct count, deviation), and the table's rows stay on "
        "Spark.",
        "> Compute it in the warehouse as a table by school, or evaluate without Spark.",
    ),
    "SH565": (
        "On Spark this might give another number",
        "Indicator '{indicator}' uses {construct}.",
        "[!indicator] The query of the table has {construct}.",
        "Only what certainly gives the same answer there is run on Spark.",
        "> Make it a column of the table (a view in the warehouse), or evaluate without Spark.",
    ),
    "SH566": (
        "Spark did not run the query",
        "Spark says: {text}",
        "> Look into Spark's log; often memory or rights are lacking, or a table's file has changed.",
    ),
    "SH567": (
        "Text with blanks around it, or in place of an empty cell",
        "For example: '{value}'.",
        "Such rows: {count}.",
        "> Clean the column in the warehouse: trim it, and write NULL where there is no value.",
    ),
    "SH568": (
        "Codes of schools are not replaced on Spark",
        "The table has codes that the list of schools lacks: {count}.",
        "For example: '{value}'.",
        "The table school_codes is applied only to rows that are read here.",
        "> Join the table with school_codes in the warehouse, so that it has the schools' codes of today.",
    ),
    "SH569": (
        "Rows of persons stay on Spark",
        "This table has rows of persons, or its sums would tell of single persons; that is not fetched from a cluster, and "
        "nothing can be evaluated without it.",
        "> Take a pack that judges schools and does not take pupils one by one, or evaluate without Spark "
        "where these data belong.",
    ),
}
