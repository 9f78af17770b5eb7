"""Sudden changes of results against last year: of a school beside what is usual in the cell, and of all schools together.

A cell is a procedure, a grade and a subject. What all schools went through (a harder exam, another scale) is in its median
change and is no jump of a school. A small school changes more from year to year: its change is measured in deviations for
its size, whose unit is the median one of the cell.
"""

from __future__ import annotations

from typing import Any

from shsnor.errors import Findings, Place
from shsnor.inspecting.limits import Limits
from shsnor.inspecting.report import Jump
from shsnor.reading import LoadedTable
from shsnor.sql import quote
from shsnor.store import Session

SHOWN_JUMPS = 1000
_CELL = "procedure, grade, subject"
#: From a median deviation to a standard one, where deviations are normal.
_TO_SIGMA = 1.4826
#: Where most schools changed by the same, any other change is beyond what is usual.
_BEYOND = 1_000_000


def find_jumps(session: Session, results: LoadedTable, limits: Limits, own: Findings) -> tuple[tuple[Jump, ...], int]:
    """The jumps, the most striking first, at most `SHOWN_JUMPS`; and how many there are. Their findings go into `own`."""
    entity = quote(next(iter((results.table.entity or {}).values())))
    _prepare(session, results, entity)
    roster = f"roster.{quote(results.level)}"
    shown = f"SELECT j.*, r.name FROM jump j LEFT JOIN {roster} r ON r.key = j.entity"
    session.con.execute(f"CREATE TEMP TABLE jump AS {_of_schools(limits)}")
    counted = "SELECT what, count(*), count(DISTINCT entity) FROM jump GROUP BY what ORDER BY what"
    counts = {what: (int(n), int(schools)) for what, n, schools in session.rows(counted)}
    for what, (count, schools) in counts.items():
        own.add("SH464", Place(table=results.name), severity="warning", what=what, count=count, schools=schools)
    order = f"ORDER BY size DESC, entity, what, {_CELL}, year LIMIT {SHOWN_JUMPS}"
    jumps = [_jump(row) for row in session.rows(f"{shown} {order}")]
    whole = [_jump((*row, None)) for row in session.rows(f"{_of_all(limits)} ORDER BY what, {_CELL}, year")]
    for jump in whole:
        cell = {"procedure": jump.procedure, "grade": jump.grade, "subject": jump.subject, "year": jump.year}
        numbers = {"before": _plain(jump.before), "after": _plain(jump.after), "last_year": jump.year - 1}
        own.add("SH465", Place(table=results.name), severity="warning", what=jump.what, **cell, **numbers)
    session.con.execute("DROP TABLE jump; DROP TABLE change")
    return (*whole, *jumps), len(whole) + sum(count for count, _ in counts.values())


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _jump(row: tuple[Any, ...]) -> Jump:
    entity, what, procedure, grade, subject, year, before, after, usual, n0, n1, _, name = row
    return Jump(
        entity=entity, name=name or "", what=what, procedure=procedure or "", grade=grade or "", subject=subject or "",
        year=int(year), before=round(float(before), 2), after=round(float(after), 2),
        usual=None if usual is None else round(float(usual), 2), participants=(int(n0), int(n1)),
    )  # fmt: skip


def _prepare(session: Session, results: LoadedTable, entity: str) -> None:
    """Create `change`: of each school and cell the numbers of two years that follow each other."""
    low, marks = "coalesce(below_minimum, mark_2)", "mark_2 + mark_3 + mark_4 + mark_5"

    def whole(known: str, total: str) -> str:
        return (
            f"CASE WHEN count({known}) = count(*) THEN CAST(sum({total}) AS DOUBLE) / nullif(sum(participants), 0) END"
        )

    numbers = (
        f"SELECT {entity} AS entity, {_CELL}, year, sum(participants) AS n, 100 * {whole(low, low)} AS low,"
        f" {whole('score_sum', 'score_sum')} AS score,"
        f" {whole(marks, '2 * mark_2 + 3 * mark_3 + 4 * mark_4 + 5 * mark_5')} AS mark"
        f" FROM {results.relation} WHERE participants > 0 AND {entity} IS NOT NULL AND year IS NOT NULL GROUP BY ALL"
    )
    both = "a.score IS NOT NULL AND b.score IS NOT NULL"
    session.con.execute(
        f"CREATE TEMP TABLE change AS WITH numbers AS ({numbers})"
        f" SELECT a.entity, a.procedure, a.grade, a.subject, a.year, b.n AS n0, a.n AS n1, b.low AS low0, a.low AS low1,"
        f" CASE WHEN {both} THEN b.score ELSE b.mark END AS mean0, CASE WHEN {both} THEN a.score ELSE a.mark END AS mean1"
        f" FROM numbers a JOIN numbers b ON a.entity = b.entity AND a.year = b.year + 1"
        f" AND a.procedure IS NOT DISTINCT FROM b.procedure AND a.grade IS NOT DISTINCT FROM b.grade"
        f" AND a.subject IS NOT DISTINCT FROM b.subject"
    )


def _of_schools(limits: Limits) -> str:
    """SQL of the jumps: entity, what, cell, year, before, after, usual, participants of both years, size."""
    times = float(limits.participants_times)
    cell = f"PARTITION BY {_CELL}, year"
    people = (
        f"SELECT *, median(n1 / n0) OVER ({cell}) AS usual, count(*) OVER ({cell}) AS schools FROM change"
    )  # fmt: skip
    factor = "greatest(n1 / n0 / usual, usual * n0 / n1)"
    jumps = [
        f"SELECT entity, 'participants' AS what, {_CELL}, year, CAST(n0 AS DOUBLE) AS before, CAST(n1 AS DOUBLE) AS after,"
        f" usual, n0, n1, {factor} AS size FROM ({people}) WHERE schools >= {limits.least_schools} AND {factor} >= {times}"
        f" AND greatest(n1 / n0, n0 / n1) >= {times} AND abs(n1 - n0) >= {limits.participants_change}"
    ]
    for what, least in (("low", f"{limits.low_points}"), ("mean", f"{limits.mean_percent} / 100 * before")):
        values = (
            f"SELECT entity, {_CELL}, year, n0, n1, {what}0 AS before, {what}1 AS after FROM change"
            f" WHERE {what}0 IS NOT NULL AND {what}1 IS NOT NULL AND least(n0, n1) >= {limits.least_participants}"
        )
        usual = f"SELECT *, median(after - before) OVER ({cell}) AS usual, count(*) OVER ({cell}) AS schools FROM ({values})"
        apart = f"SELECT *, abs(after - before - usual) AS apart, sqrt(1 / n0 + 1 / n1) AS width FROM ({usual})"
        scaled = f"SELECT *, {_TO_SIGMA} * median(apart / width) OVER ({cell}) AS sigma FROM ({apart})"
        size = f"coalesce(apart / width / nullif(sigma, 0), {_BEYOND})"
        if what == "low":  # where nearly all shares are 0 the median deviation says nothing of chance
            share = "((before * n0 + after * n1) / (n0 + n1) / 100)"
            size = f"least({size}, apart / (100 * sqrt({share} * (1 - {share})) * width))"
        jumps.append(
            f"SELECT entity, '{what}', {_CELL}, year, before, after, usual, n0, n1, {size} FROM ({scaled})"
            f" WHERE schools >= {limits.least_schools} AND {size} >= {limits.usual_times} AND apart >= {least}"
        )
    return " UNION ALL ".join(jumps)


def _of_all(limits: Limits) -> str:
    """SQL of what changed for all schools of a cell together, in the same columns."""
    of_cell = f"FROM change GROUP BY {_CELL}, year HAVING count(*) >= {limits.least_schools}"
    shares = "sum(low0 * n0) FILTER (known) / sum(n0) FILTER (known) AS before, sum(low1 * n1) FILTER (known)"
    low = (
        f"SELECT '' AS entity, 'low' AS what, {_CELL}, year, {shares} / sum(n1) FILTER (known) AS after,"
        f" CAST(NULL AS DOUBLE) AS usual, sum(n0) AS n0, sum(n1) AS n1, 0.0 AS size"
        f" FROM (SELECT *, low0 IS NOT NULL AND low1 IS NOT NULL AS known FROM change)"
        f" GROUP BY {_CELL}, year HAVING count(*) FILTER (known) >= {limits.least_schools}"
    )
    people = (
        f"SELECT '', 'participants', {_CELL}, year, CAST(sum(n0) AS DOUBLE) AS before, CAST(sum(n1) AS DOUBLE) AS after,"
        f" CAST(NULL AS DOUBLE), sum(n0) AS n0, sum(n1) AS n1, 0.0 {of_cell}"
    )
    factor = "greatest(after / before, before / after)"
    return (
        f"SELECT * FROM ({low}) WHERE abs(after - before) >= {limits.region_low_points}"
        f" UNION ALL SELECT * FROM ({people}) WHERE {factor} >= {limits.region_times}"
    )
