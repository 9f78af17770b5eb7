"""Everything that is wrong in a pack, at once: its form, its meaning and, where there are tables, what these lack for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from shsnor.errors import Findings, Place, Severity, UsageError
from shsnor.host import Host, find_plugins, missing_distributions
from shsnor.loading import rows_file
from shsnor.pack import ITEM_SECTIONS, Pack, must_be_pack
from shsnor.periods import AsOf, parse_as_of
from shsnor.resolving import resolve
from shsnor.structure import check_structure
from shsnor.terms import Resolved
from shsnor.versions import check_versions

if TYPE_CHECKING:
    from shsnor.reading import TablesArg


def check_pack(
    pack: Pack,
    tables: TablesArg | None = None,
    *,
    as_of: str | int | date | AsOf | None = None,
    host: Host | None = None,
) -> Findings:
    """Findings of a loaded pack; empty where it is whole.

    What is written rightly and yet hardly meant so (a criterion that nobody uses, a threshold that no value can reach)
    is a warning, asked about once there are no errors; an item's `accept` says of which its author knows.

    tables   with them also everything that is wrong in the tables that the pack reads, and the columns they lack
    as_of    with it also what keeps the pack from an evaluation as of this date, or year (its 31 December)
    host     plugins; default: those that are installed, and the pack's own where it is trusted. That a `plugin.py` is
             not, and which functions are unknown therefore, are warnings here: the rest of the pack is checked
    raises   UsageError where a plugin is wrong, or `as_of` names no date
    """
    must_be_pack(pack)
    day = None if as_of is None else _day(as_of)
    host = find_plugins(pack) if host is None else host
    findings, resolved = find_faults(pack, host)
    if not findings.errors and _is_all_there(pack, findings):
        from shsnor.checking.dates import not_possible_on  # an evaluation has no need of these
        from shsnor.checking.doubts import find_doubts

        findings.extend(find_doubts(pack, resolved, day))
        findings.extend(not_possible_on(pack, resolved, day) if day is not None else ())
    if tables is not None:
        findings.extend(_check_tables(pack, resolved, tables, host))
    return findings


def find_faults(pack: Pack, host: Host) -> tuple[Findings, Resolved]:
    """What keeps a pack from being evaluated, and plugins that it lacks; with the meaning of the items that have one."""
    findings = Findings([*_missing_plugins(pack), *untrusted_plugins(pack, "warning")])
    form = check_structure(pack)
    findings.extend(form)
    findings.extend(check_versions(pack))
    resolved, meaning = resolve(pack, host.functions, skip=frozenset(_items_at(pack, form)))
    findings.extend(replace(f, severity="warning") if f.code == "SH706" else f for f in meaning)
    return findings, resolved


def untrusted_plugins(pack: Pack, severity: Severity = "error") -> Findings:
    """A finding, with its hash and what to do, for each `plugin.py` of the pack and its bases that may not run."""
    findings = Findings()
    for own in pack.own_plugins():
        if not own.trusted:
            place = Place(file=own.shown)
            findings.add("SH705", place, severity=severity, pack=own.pack, file=own.shown, sha256=own.sha256)
    return findings


def _is_all_there(pack: Pack, findings: Findings) -> bool:
    """Whether no item was left out: who names what is known only of a pack that was read whole."""
    lost = any(
        path.count("/") == 1 and section in ITEM_SECTIONS and name not in getattr(pack.document, section)
        for path in pack.places.spots
        for section, _, name in [path.partition("/")]
    )
    return not lost and not any(finding.code == "SH706" for finding in findings)


def _day(as_of: str | int | date | AsOf) -> date:
    try:
        return parse_as_of(as_of).date
    except ValueError:
        raise UsageError.of("SH502", text=str(as_of)) from None


def _missing_plugins(pack: Pack) -> Findings:
    """A finding for each distribution that the pack, or one that it extends, needs (`pack.plugins`) and that is not there."""
    findings = Findings()
    for one in pack.chain():
        names = one.head.plugins or []
        for name in missing_distributions(names):
            findings.add("SH707", one.place(f"pack/plugins/{names.index(name)}"), name=name, pack=one.id)
    return findings


def _items_at(pack: Pack, findings: Findings) -> set[str]:
    """Ids of the items that have a finding of their form: what they mean is not asked."""
    ids = {name for _, name, _ in pack.items()}
    found = set()
    for finding in findings.errors:
        _, _, rest = finding.place.key.partition(".")
        found |= {name for name in ids if rest == name or rest.startswith(name + ".")}
    return found


def _check_tables(pack: Pack, resolved: Resolved, tables: TablesArg, host: Host) -> Findings:
    from shsnor.planning import needed_columns  # a check without tables needs neither these nor DuckDB
    from shsnor.reading import read_tables
    from shsnor.standard import levels_of, tables_of
    from shsnor.store import Session
    from shsnor.terms import reachable

    needed = needed_columns(pack, reachable(resolved.terms.values()))
    reference = {n: path for n in needed if (path := rows_file(pack, n)) is not None}
    with Session() as session:
        loaded, findings = read_tables(
            session, tables_of(pack), tables, levels=levels_of(pack), needed=needed,
            top_key=pack.head.region or resolved.levels[-1], reference=reference, readers=host.readers,
        )  # fmt: skip
        for table in loaded.values():
            if table.in_place:
                findings.extend(table.explain_violations(session))
    return findings
