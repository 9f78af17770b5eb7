"""One table in counts: rows, years, entities, empty and impossible cells, repeats, widths of codes; and what of it is odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shsnor.errors import Findings, Place
from shsnor.headers import columns_of
from shsnor.inspecting.limits import Limits
from shsnor.inspecting.report import ColumnCheck, EntityCheck, State, TableCheck
from shsnor.pack import Level
from shsnor.reading import LoadedTable
from shsnor.sql import quote
from shsnor.store import Session

LISTED = 20
#: A value that its column cannot have.
_IMPOSSIBLE = frozenset({"SH404", "SH405", "SH406", "SH409", "SH414", "SH422"})
_UNREADABLE = frozenset({"SH403", "SH404", "SH411", "SH415", "SH417", "SH426"})


@dataclass(frozen=True)
class Codes:
    """The codes of the roster.

    persons   table -> whether its rows are people
    """

    session: Session
    levels: Mapping[str, Level]
    persons: Mapping[str, bool]

    def is_of_persons(self, level: str) -> bool:
        """Whether the entities of a level are people."""
        return level in self.levels and self.persons.get(self.levels[level].table or "", False)


def check_table(
    codes: Codes, loaded: LoadedTable, needed: set[str], findings: Findings, own: Findings, limits: Limits
) -> TableCheck:
    """A table in counts; what of it is odd goes into `own`.

    needed     columns that the pack reads; none: all are looked at
    findings   of the reader
    """
    of_table = Findings(f for f in findings if f.place.table == loaded.name)
    columns = _columns(codes.session, loaded, needed, of_table)
    check = TableCheck(
        name=loaded.name, label=loaded.table.label or "", state=_state(loaded, of_table),
        persons=bool(loaded.table.persons) or codes.is_of_persons(loaded.level),
        files=tuple(file.name for file in loaded.files), rows=loaded.rows,
        years=_years(codes.session, loaded), columns=columns, duplicates=_count(of_table, {"SH407"}),
        entities=_entities(codes, loaded, of_table),
    )  # fmt: skip
    if check.state == "read" and not check.rows:
        own.add("SH468", Place(table=check.name), severity="warning")
    elif check.rows:
        _odd(codes, loaded, check, own, limits, told_of_columns=bool(needed))
    return check


def _state(loaded: LoadedTable, findings: Findings) -> State:
    if loaded.rows:
        return "read"
    if any(f.code == "SH402" for f in findings):
        return "absent"
    return "unreadable" if any(f.code in _UNREADABLE for f in findings.errors) else "read"


def _columns(session: Session, loaded: LoadedTable, needed: set[str], findings: Findings) -> tuple[ColumnCheck, ...]:
    declared, there = columns_of(loaded.table), loaded.missing_counts
    impossible = {name: _count(findings, _IMPOSSIBLE, name) for name in declared}
    if there is None or (there.keys() == declared.keys() and not any(there.values())):
        # nobody has looked, or the rows came from elsewhere: totals of students
        counted = [f"count(*) - count({quote(name)})" for name in declared]
        nothing = dict(zip(declared, session.row(f"SELECT {', '.join(counted)} FROM {loaded.relation}"), strict=True))
        there = {
            name: max(0, int(n) - impossible[name] - loaded.hidden_counts.get(name, 0))
            for name, n in nothing.items()
            if n < loaded.rows
            or not loaded.rows
            or name in needed  # a column without a single value is as good as none
        }
    lacking = {f.place.field for f in findings if f.code in ("SH403", "SH429")}
    own = {*(loaded.table.key or ()), *(loaded.table.entity or {}).values()}
    return tuple(
        ColumnCheck(
            name=name, label=column.label or "", read=not needed or name in needed or name in own,
            there=name in there and name not in lacking, empty=0 if name in lacking else there.get(name, 0),
            hidden=loaded.hidden_counts.get(name, 0), impossible=impossible[name],
        )
        for name, column in declared.items()
    )  # fmt: skip


def _count(findings: Findings, codes: frozenset[str] | set[str], field: str | None = None) -> int:
    """How many rows the findings of some codes are about; where not all were listed, one of them has their number."""
    found: dict[tuple[str, str | None, str], list[int]] = {}
    for f in findings:
        if f.code in codes and (field is None or f.place.field == field):
            kind = (f.code, f.place.field, str(f.details.get("other")))
            found.setdefault(kind, []).append(int(f.details["count"]) if "listed" in f.details else 1)
    return sum(max(numbers) if max(numbers) > 1 else len(numbers) for numbers in found.values())


def _years(session: Session, loaded: LoadedTable) -> dict[int, int]:
    if "year" not in columns_of(loaded.table):
        return {}
    counted = f"SELECT year, count(*) FROM {loaded.relation} WHERE year IS NOT NULL GROUP BY year ORDER BY year"
    return {int(year): int(n) for year, n in session.rows(counted)}


def _entities(codes: Codes, loaded: LoadedTable, findings: Findings) -> EntityCheck | None:
    column = (loaded.table.entity or {}).get(loaded.level)
    if column is None or loaded.level not in codes.levels:
        return None
    persons = bool(loaded.table.persons) or codes.is_of_persons(loaded.level)
    session, code, relation = codes.session, quote(column), loaded.relation
    roster = f"roster.{quote(loaded.level)}"
    lacking = f"{code} NOT IN (SELECT key FROM {roster})"
    counts = f"count(DISTINCT {code}), count(DISTINCT {code}) FILTER ({lacking}), count(*) FILTER ({lacking})"
    entities, strangers, rows = session.row(f"SELECT {counts} FROM {relation}")
    left_out = next((f.details for f in findings if f.code == "SH423"), {})
    gone = f"FROM {roster} WHERE key NOT IN (SELECT {code} FROM {relation} WHERE {code} IS NOT NULL)"
    widths = (
        f"SELECT length({code}), count(DISTINCT {code}) FROM {relation} WHERE {code} IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    shown = [] if persons else session.rows(f"SELECT key {gone} ORDER BY key LIMIT {LISTED}")
    return EntityCheck(
        level=loaded.level, count=int(entities), strangers=int(strangers) + int(left_out.get("entities", 0)),
        stranger_rows=int(rows) + int(left_out.get("count", 0)), absent=int(session.row(f"SELECT count(*) {gone}")[0]),
        absent_codes=tuple(str(key) for (key,) in shown),
        widths={int(width): int(n) for width, n in session.rows(widths)},
    )  # fmt: skip


def _odd(
    codes: Codes, loaded: LoadedTable, check: TableCheck, own: Findings, limits: Limits, *, told_of_columns: bool
) -> None:  # fmt: skip
    place = Place(table=check.name)
    if (of := check.entities) is not None:
        total = of.count - of.strangers + of.absent
        if of.absent and 100 * of.absent <= (100 - limits.mostly_there) * total:
            keys = [*of.absent_codes[:5], *(["…"] if len(of.absent_codes) > 5 else [])]
            own.add("SH460", place, severity="warning", level=of.level, count=of.absent, all=total, keys=keys)
        _odd_codes(codes, loaded, of, own)
    years = sorted(check.years)
    if gaps := [year for year in range(years[0], years[-1]) if year not in check.years] if years else []:
        own.add("SH463", place, severity="warning", years=gaps, first=years[0], last=years[-1])
    for column in check.columns:
        silent = column.empty + column.hidden
        ours = (
            told_of_columns
            and column.read
            and column.there
            and columns_of(loaded.table)[column.name].empty != "allowed"
        )
        if ours and 100 * silent >= limits.mostly_empty * check.rows:
            at = Place(table=check.name, field=column.name)
            own.add("SH466", at, severity="warning", percent=round(100 * silent / check.rows), count=silent)


def _odd_codes(codes: Codes, loaded: LoadedTable, of: EntityCheck, own: Findings) -> None:
    """Codes that have lost their leading zeros, and a roster whose codes of digits are not all of one length."""
    column = (loaded.table.entity or {})[of.level]
    code, place = quote(column), Place(table=loaded.name, field=column)
    persons = bool(loaded.table.persons) or codes.is_of_persons(of.level)
    if of.strangers and loaded.table.unknown_entities != "leave_out":
        known = f"SELECT ltrim(key, '0') AS bare, min(key) AS key FROM roster.{quote(of.level)} GROUP BY bare"
        lost = f"SELECT {code} AS code, count(*) AS rows FROM {loaded.relation} GROUP BY {code}"
        found = (
            f"FROM ({lost}) JOIN ({known}) ON bare = ltrim(code, '0') WHERE regexp_full_match(code, '[0-9]+')"
            f" AND length(code) < length(key) AND code NOT IN (SELECT key FROM roster.{quote(of.level)})"
        )
        count, rows = codes.session.row(f"SELECT count(*), coalesce(sum(rows), 0) {found}")
        if count:
            first = codes.session.row(f"SELECT code, key {found} ORDER BY code LIMIT 1")
            example = {} if persons else {"wrong": first[0], "right": first[1]}
            own.add("SH461", place, severity="warning", count=int(count), rows=int(rows), **example)
    if loaded.name == codes.levels[of.level].table and len(of.widths) > 1:
        digits = f"count(*) FILTER (regexp_full_match({code}, '[0-9]+')) = count({code})"
        if codes.session.row(f"SELECT {digits} FROM {loaded.relation}")[0]:
            own.add("SH462", place, severity="warning", widths=sorted(of.widths), most=_most(of.widths))


def _most(widths: Mapping[int, int]) -> int:
    return max(widths, key=lambda width: (widths[width], width))
