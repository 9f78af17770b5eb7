"""Other shapes of the same query, slower ones: one pass with CASE or FILTER, a query for each indicator."""

from __future__ import annotations

from collections.abc import Callable

from bench import rules

#: (aggregate, what it is of, test) -> its SQL.
Pick = Callable[[str, str, str], str]


def case(aggregate: str, what: str, test: str) -> str:
    return f"{aggregate}(CASE WHEN {test} THEN {what} END)"


def filtered(aggregate: str, what: str, test: str) -> str:
    return f"{aggregate}({what}) FILTER (WHERE {test})"


def plain(aggregate: str, what: str, test: str) -> str:
    """Of rows that a WHERE has picked; `test` is what one of the counts asks beside it."""
    return case(aggregate, what, test) if test else f"{aggregate}({what})"


def value(kind: str, test: str, pick: Pick) -> str:
    """SQL of an indicator over the rows that pass `test`."""
    high = " AND ".join(t for t in (test, "mark >= 4") if t)
    rows = f"nullif({pick('count', '1', test)}, 0)"
    return {
        "share_low": f"{pick('sum', 'below_min::INT', test)} / {rows}",
        "share_high": f"{pick('count', '1', high)} / nullif({pick('count', 'mark', test)}, 0)",
        "mean_mark": pick("avg", "mark", test),
        "mean_primary": pick("avg", "primary_score", test),
        "n": rows,
    }[kind]


def one_pass(source: str, pick: Pick) -> list[str]:
    """One scan, an aggregate or two an indicator."""
    values = [
        f"{value(kind, ' AND '.join(rules.conditions(back, length, fixed)), pick)} AS {name}"
        for name, kind, back, length, fixed in rules.indicators(60)
    ]
    return [f"CREATE OR REPLACE TABLE ind AS SELECT school_id, {', '.join(values)} FROM {source} GROUP BY school_id"]


def queries(source: str) -> list[str]:
    """A scan and a table an indicator, joined at the end."""
    found = rules.indicators(60)
    made = [
        f"CREATE OR REPLACE TABLE t_{name} AS SELECT school_id, {value(kind, '', plain)} AS {name} FROM {source} "
        f"WHERE {' AND '.join(rules.conditions(back, length, fixed))} GROUP BY school_id"
        for name, kind, back, length, fixed in found
    ]
    joined = " ".join(f"LEFT JOIN t_{name} USING (school_id)" for name, *_ in found)
    names = ", ".join(name for name, *_ in found)
    roster = f"(SELECT DISTINCT school_id FROM {source})"
    return [*made, f"CREATE OR REPLACE TABLE ind AS SELECT school_id, {names} FROM {roster} {joined}"]


def statements(shape: str, source: str) -> list[str]:
    """The statements that make `ind` and `flags`; `shape` is a figure's id."""
    made = {
        "one_pass_case": lambda: one_pass(source, case),
        "one_pass_filter": lambda: one_pass(source, filtered),
        "queries": lambda: queries(source),
    }[shape]()
    return [*made, rules.verdicts()]
