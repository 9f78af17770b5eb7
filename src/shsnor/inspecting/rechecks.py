"""Schools whose ВПР results ought to be looked at again, by the built-in function of the packs over what the tables hold.

For the ministry's and the school's own check: a mark is a reason to ask, never a verdict, and is never published.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shsnor.errors import Findings, Place
from shsnor.functions import InputRow, Inputs
from shsnor.headers import columns_of
from shsnor.inspecting.limits import Limits
from shsnor.inspecting.report import Recheck
from shsnor.pack import Level
from shsnor.plugins.objectivity import objectivity_marks
from shsnor.reading import LoadedTable
from shsnor.sql import quote
from shsnor.store import Session

_VPR, _OGE, _EGE = "ВПР", "ОГЭ", "ЕГЭ"
#: What is asked of each school; each is a number or NULL.
_VALUES = ("vpr", "oge", "ege", "above", "below", "grade_4", "grade_5")


def find_rechecks(
    session: Session, results: LoadedTable, loaded: Mapping[str, LoadedTable], levels: Mapping[str, Level],
    limits: Limits, own: Findings,
) -> tuple[Recheck, ...]:  # fmt: skip
    """The schools with a mark in the last year that has results of ВПР, by key; a finding with their number goes into `own`."""
    year = session.row(f"SELECT max(year) FROM {results.relation} WHERE procedure = '{_VPR}'")[0]
    if year is None:
        return ()
    rows = session.rows(_query(results, loaded, levels, int(year)))
    known = {name for n, name in enumerate((*_VALUES, "exempt"), 3) if any(row[n] is not None for row in rows)}
    settings = _settings(known, limits)
    if not settings:
        return ()
    entities = [
        InputRow(int(row[0]), dict(zip((*_VALUES, "exempt"), row[3:], strict=True))) for row in rows
    ]  # fmt: skip
    found: dict[int, dict[str, str]] = {}
    for detail in objectivity_marks(Inputs(entities, settings)).details:
        if detail.name in ("too_high", "journal", "jump") and detail.value == 1 and detail.e is not None:
            found.setdefault(detail.e, {})[detail.name] = detail.text
    rechecks = tuple(
        Recheck(entity=row[1], name=row[2] or "", year=int(year), marks=found[int(row[0])])
        for row in rows
        if int(row[0]) in found
    )
    if rechecks:
        own.add("SH467", Place(table=results.name), severity="warning", count=len(rechecks), year=int(year))
    return rechecks


def _settings(known: set[str], limits: Limits) -> dict[str, Any]:
    """The settings of the function: those marks whose inputs the tables have."""
    settings: dict[str, Any] = {}
    exams = [name for name in ("oge", "ege") if name in known]
    if "vpr" in known and exams:
        settings |= {"result": "vpr", "confirmed_by": exams, "too_high": limits.too_high, "confirmed": limits.confirmed}
        settings |= {"exempt": "exempt"} if "exempt" in known else {}
    if known >= {"above", "below"}:
        settings |= {"above_journal": "above", "below_journal": "below", "journal": limits.journal}
    if known >= {"grade_4", "grade_5"}:
        settings |= {"earlier": "grade_4", "later": "grade_5", "jump": limits.grades}
    return settings


def _query(results: LoadedTable, loaded: Mapping[str, LoadedTable], levels: Mapping[str, Level], year: int) -> str:
    """SQL of id, key, name of each school, its values and whether a high result is to be expected of its kind."""
    entity = quote(next(iter((results.table.entity or {}).values())))
    marks = "2 * mark_2 + 3 * mark_3 + 4 * mark_4 + 5 * mark_5"

    def mean(where: str) -> str:
        total = "sum(mark_2 + mark_3 + mark_4 + mark_5)"
        return f"CAST(sum({marks}) FILTER ({where}) AS DOUBLE) / nullif({total} FILTER ({where}), 0)"

    now, before = f"year = {year} AND procedure", f"year = {year - 1} AND procedure"
    journal = f"{now} = '{_VPR}' AND above_journal IS NOT NULL AND below_journal IS NOT NULL AND participants > 0"
    score = f"{now} = '{_EGE}' AND score_sum IS NOT NULL"

    def part(column: str) -> str:
        people = f"nullif(sum(participants) FILTER ({journal}), 0)"
        return f"100.0 * sum({column}) FILTER ({journal}) / {people}"

    columns = {
        "vpr": mean(f"{now} = '{_VPR}'"),
        "oge": mean(f"{now} = '{_OGE}'"),
        "ege": f"CAST(sum(score_sum) FILTER ({score}) AS DOUBLE) / nullif(sum(participants) FILTER ({score}), 0)",
        "above": part("above_journal"),
        "below": part("below_journal"),
        "grade_4": mean(f"{before} = '{_VPR}' AND grade = '4'"),
        "grade_5": mean(f"{now} = '{_VPR}' AND grade = '5'"),
    }
    listed = ", ".join(f"CAST({sql} AS DOUBLE) AS {name}" for name, sql in columns.items())
    values = f"SELECT {entity} AS key, {listed} FROM {results.relation} GROUP BY {entity}"
    exempt, joined = _exempt(results.level, loaded, levels)
    return (
        f"SELECT r.id, r.key, r.name, {', '.join(f'v.{name}' for name in columns)}, {exempt} AS exempt"
        f" FROM roster.{quote(results.level)} r JOIN ({values}) v ON v.key = r.key{joined} ORDER BY r.id"
    )


def _exempt(level: str, loaded: Mapping[str, LoadedTable], levels: Mapping[str, Level]) -> tuple[str, str]:
    """SQL of 1.0 for lyceums and gymnasiums, 0.0 for others, NULL where the kind is unknown; and the join it needs."""
    table, key = levels[level].table, levels[level].key
    if table is None or key is None or "kind" not in columns_of(loaded[table].table):
        return "CAST(NULL AS DOUBLE)", ""
    kinds = f"SELECT {quote(key)} AS key, min(lower(kind)) AS kind FROM {loaded[table].relation} GROUP BY 1"
    high = "CAST(k.kind LIKE '%лице%' OR k.kind LIKE '%гимнази%' AS DOUBLE)"
    return high, f" LEFT JOIN ({kinds}) k ON k.key = r.key"
