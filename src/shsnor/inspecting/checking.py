"""Tables -> report: read, counted, compared with last year; what is wrong does not stop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shsnor.checking import find_faults
from shsnor.errors import Findings, PackError
from shsnor.host import Host, find_plugins
from shsnor.inspecting.counting import Codes, check_table
from shsnor.inspecting.jumps import find_jumps
from shsnor.inspecting.limits import Limits
from shsnor.inspecting.rechecks import find_rechecks
from shsnor.inspecting.report import DataReport
from shsnor.loading import rows_file
from shsnor.pack import Level, Pack, Table
from shsnor.planning import needed_columns
from shsnor.progress import Progress, Rows, silent
from shsnor.reading import LoadedTable, TablesArg, find_duplicates, read_tables
from shsnor.standard import STANDARD_LEVELS, STANDARD_TABLES, levels_of, tables_of
from shsnor.store import Session, Settings
from shsnor.wording.stages import STAGES

RESULTS, STUDENTS = "results", "student_results"
#: What jumps and marks of ВПР are told by, wherever it is there.
_OF_RESULTS = (
    "participants", "mark_2", "mark_3", "mark_4", "mark_5", "below_minimum", "score_sum", "below_journal", "as_journal",
    "above_journal",
)  # fmt: skip


@dataclass(frozen=True)
class _Wanted:
    """The tables to be looked at.

    needed   table -> columns that the pack reads; without a pack those that every row must have
    """

    tables: Mapping[str, Table]
    levels: Mapping[str, Level]
    needed: Mapping[str, set[str]]
    top_key: str


def check_data(
    pack: Pack | None,
    tables: TablesArg,
    *,
    limits: Limits | None = None,
    host: Host | None = None,
    settings: Settings | Mapping[str, object] | None = None,
    progress: Progress = silent,
) -> DataReport:
    """What is in the tables and what is wrong in them, as far as it can be told without evaluating.

    pack     whose tables are looked at; None: the tables that every pack can read, as far as they are there
    tables   in any form that `evaluate` takes
    limits   from where on a jump, a gap or a mark is told
    raises   PackError; UsageError where `tables` is nothing that holds tables, or a plugin is wrong; never for wrong data
    """
    limits = limits or Limits()
    host = find_plugins(pack) if host is None else host
    wanted = _wanted(pack, host)
    carried = {} if pack is None else {n: path for n in wanted.needed if (path := rows_file(pack, n)) is not None}
    with Session(settings) as session:
        asked = {n: {*columns, *(_OF_RESULTS if n == RESULTS else ())} for n, columns in wanted.needed.items()}
        loaded, findings = read_tables(
            session, {n: table.model_copy(update={"no_column": "unknown"}) for n, table in wanted.tables.items()}, tables,
            levels=wanted.levels, needed=asked, top_key=wanted.top_key, reference=carried, readers=host.readers,
            progress=progress,
        )  # fmt: skip
        ours = {name: table for name, table in loaded.items() if name not in carried}
        told = Rows(progress, STAGES["scan"], sum(table.rows for table in ours.values()))
        for name, table in ours.items():
            with session.during("scan", name):
                if table.in_place:
                    findings.extend(table.explain_violations(session))
                if table.unchecked_keys:
                    findings.extend(find_duplicates(session, table))
            told.add(table.rows)
        findings, unread = _sorted_out(findings, wanted, ours, anything=pack is None)
        return _report(session, pack, wanted, ours, findings, unread, limits)


def _report(
    session: Session, pack: Pack | None, wanted: _Wanted, loaded: Mapping[str, LoadedTable], findings: Findings,
    unread: tuple[str, ...], limits: Limits,
) -> DataReport:  # fmt: skip
    own, codes = Findings(), Codes(session, wanted.levels, {n: bool(t.table.persons) for n, t in loaded.items()})
    checks = [
        check_table(codes, table, wanted.needed.get(name, set()), findings, own, limits)
        for name, table in loaded.items()
        if pack is not None or table.rows or any(f.place.table == name for f in findings)
    ]
    results = loaded.get(RESULTS)
    comparable = results is not None and results.rows > 0 and results.level in wanted.levels
    jumps, count = find_jumps(session, results, limits, own) if comparable and results else ((), 0)
    rechecks = find_rechecks(session, results, loaded, wanted.levels, limits, own) if comparable and results else ()
    if results is not None and codes.is_of_persons(results.level):
        jumps, rechecks = (), ()
    return DataReport(
        pack=pack.id if pack else "", title=pack.head.title if pack else "", version=pack.head.version if pack else "",
        tables=tuple(checks), unread=unread, jumps=jumps, jump_count=count, rechecks=rechecks,
        findings=Findings([*findings, *own]), limits=limits,
    )  # fmt: skip


def _wanted(pack: Pack | None, host: Host) -> _Wanted:
    if pack is None:
        return _Wanted(
            STANDARD_TABLES, STANDARD_LEVELS, {name: set() for name in STANDARD_TABLES}, list(STANDARD_LEVELS)[-1]
        )
    faults, resolved = find_faults(pack, host)
    if faults.errors:
        raise PackError(faults)
    needed = needed_columns(pack, resolved.all_terms())
    levels = levels_of(pack)
    return _Wanted(tables_of(pack), levels, needed, pack.head.region or list(levels)[-1])


def _sorted_out(
    findings: Findings, wanted: _Wanted, loaded: Mapping[str, LoadedTable], *, anything: bool
) -> tuple[Findings, tuple[str, ...]]:
    """The reader's findings as an evaluation would have them, and the names of files that belong to no table.

    Columns that are lacking were read as unknown, so that the rest of their table could be looked at; here they are
    errors again where the table says so. Without a pack a table is lacking only where it is the roster.
    """
    kept, unread = Findings(), []
    rosters = {level.table for level in wanted.levels.values()}
    for finding in findings:
        place, table = finding.place, finding.place.table or ""
        if finding.code == "SH429" and table in loaded:
            if place.field not in wanted.needed.get(table, ()):
                continue
            if wanted.tables[table].no_column != "unknown":
                finding = replace(finding, code="SH403", severity="error")
        if finding.code == "SH402" and (table == "decisions" or (anything and table not in rosters)):
            continue
        if finding.code == "SH418":
            continue  # here they were looked for
        if finding.code == "SH412" and finding.details.get("nearest") is None:
            unread.append(str(finding.details["name"]))
            continue
        kept.extend([finding])
    return kept, tuple(sorted(unread))
