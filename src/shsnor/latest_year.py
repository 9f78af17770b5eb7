"""The date that tables themselves suggest: for a caller who gives none."""

from __future__ import annotations

from shsnor.errors import DataError
from shsnor.host import Host, find_plugins
from shsnor.pack import Pack
from shsnor.reading import TablesArg, read_tables
from shsnor.standard import levels_of, tables_of
from shsnor.store import Session

#: Where results of procedures stand: as totals, or a row a pupil.
_TABLES = ("results", "student_results")


def latest_year(pack: Pack, tables: TablesArg, *, host: Host | None = None) -> int | None:
    """The last year that has results; None where there are none.

    host    plugins; default: those that are installed, and the pack's own where it is trusted
    raises  DataError where nothing could be read because the tables are wrong; UsageError where there are no tables
    """
    levels, readers = levels_of(pack), (find_plugins(pack) if host is None else host).readers
    with Session(None) as session:
        needed: dict[str, set[str]] = {name: {"year"} for name in _TABLES}
        loaded, findings = read_tables(
            session, tables_of(pack), tables, levels=levels, needed=needed, top_key=list(levels)[-1], readers=readers
        )
        years = [session.row(f"SELECT max(year) FROM {loaded[name].relation}")[0] for name in _TABLES]
    found = max((int(year) for year in years if year is not None), default=None)
    if found is None and findings.errors:
        raise DataError(findings)
    return found
