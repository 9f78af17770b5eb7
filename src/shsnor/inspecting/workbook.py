"""A report as a workbook: tables, columns, findings, jumps, schools without rows, marks of ВПР."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from shsnor.errors import UsageError
from shsnor.inspecting.report import DataReport
from shsnor.inspecting.telling import jump_rule, recheck_rule, verdict
from shsnor.sheets import Cell, Column, Kind, Sheet, write_workbook
from shsnor.wording import SEVERITIES, say
from shsnor.wording.inspections import check_text
from shsnor.wording.template_words import spans


def write_report(report: DataReport, path: Path) -> Path:
    """The workbook that now holds a report; see `DataReport.write`."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError.of("SH621", path, name=path.name)
    try:
        return write_workbook(path, report_sheets(report), title=_head(report))
    except OSError as error:
        raise UsageError.of("SH602", path, problem=str(error)) from error


def report_sheets(report: DataReport) -> list[Sheet]:
    """The sheets of a report, in Russian; those that would have no rows are left out."""
    made = [_tables(report), _findings(report), _columns(report), _jumps(report), _absent(report), _rechecks(report)]
    return [sheet for n, sheet in enumerate(made) if n == 0 or sheet.rows]


def _say(key: str, **fields: object) -> str:
    return check_text(key, "ru", **fields)


def _head(report: DataReport) -> str:
    of = {"id": report.pack, "version": report.version, "title": report.title}
    return f"{_say('title')}: {_say('for_pack', **of) if report.pack else _say('for_none')}"


def _heads(*keys: tuple[str, Kind]) -> tuple[Column, ...]:
    return tuple(Column(_say(key)[:1].upper() + _say(key)[1:], kind) for key, kind in keys)


def _tables(report: DataReport) -> Sheet:
    columns = _heads(
        ("table", "code"), ("col.label", "text"), ("col.state", "text"), ("rows", "count"), ("entities", "count"),
        ("years", "text"), ("strangers", "count"), ("absent", "count"), ("empty", "percent"), ("duplicates", "count"),
        ("details.impossible", "count"), ("col.files", "text"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for table in report.tables:
        of, empty = table.entities, table.empty_percent
        if table.state != "read":
            rows.append((table.name, table.label, _say(f"state.{table.state}"), *[None] * 8, ", ".join(table.files)))
            continue
        rows.append((
            table.name, table.label, _say(f"state.{table.state}"), table.rows, of.count if of else None,
            spans(tuple(table.years)), of.strangers if of else None, of.absent if of else None,
            None if empty is None else Decimal(str(round(empty, 1))), table.duplicates, table.impossible,
            ", ".join(table.files),
        ))  # fmt: skip
    unread = (_say("unread", names=", ".join(report.unread)),) if report.unread else ()
    return Sheet(_say("sheet.tables"), columns, rows, (_head(report), verdict(report, "ru"), *unread), frozen=1)


def _findings(report: DataReport) -> Sheet:
    columns = _heads(
        ("col.code", "code"), ("col.severity", "text"), ("table", "code"), ("col.file", "text"), ("col.row", "count"),
        ("col.cell", "text"), ("col.column", "text"), ("col.value", "text"), ("col.what", "long"),
        ("col.to_do", "long"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for finding in [*report.findings.errors, *report.findings.warnings]:
        said, place = say(finding), finding.place
        rows.append((
            finding.code, SEVERITIES[finding.severity][0], place.table, place.file, place.row, place.cell, place.field,
            place.value,
            " ".join(said.what), said.to_do,
        ))  # fmt: skip
    return Sheet(_say("sheet.findings"), columns, rows, frozen=1)


def _columns(report: DataReport) -> Sheet:
    columns = _heads(
        ("table", "code"), ("col.column", "code"), ("col.label", "text"), ("details.read", "yes_no"), ("col.state", "text"),
        ("details.empty", "count"), ("details.hidden", "count"), ("details.impossible", "count"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            table.name, c.name, c.label, c.read, "" if c.there else _say("no_column"), c.empty, c.hidden, c.impossible
        )
        for table in report.tables
        if table.state == "read"
        for c in table.columns
        if c.there or c.read
    ]  # fmt: skip
    return Sheet(_say("sheet.columns"), columns, rows, frozen=2)


def _jumps(report: DataReport) -> Sheet:
    columns = _heads(
        ("col.school", "code"), ("col.name", "text"), ("col.measure", "text"), ("col.procedure", "text"),
        ("col.grade", "code"), ("col.subject", "text"), ("col.year", "code"), ("col.before", "number"),
        ("col.after", "number"), ("col.usual", "number"), ("col.participants_before", "count"),
        ("col.participants_after", "count"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            j.entity, j.name if j.entity else _say("jump.all"), _say(f"what.{j.what}"), j.procedure, j.grade, j.subject,
            str(j.year), Decimal(str(j.before)), Decimal(str(j.after)), None if j.usual is None else Decimal(str(j.usual)),
            *j.participants,
        )
        for j in report.jumps
    ]  # fmt: skip
    lines = (_say("jumps", count=report.jump_count), jump_rule(report, "ru"))
    return Sheet(_say("jumps_short"), columns, rows, lines, frozen=2)


def _absent(report: DataReport) -> Sheet:
    columns = _heads(("table", "code"), ("col.school", "code"))
    rows = [(t.name, code) for t in report.tables if t.entities and t.rows for code in t.entities.absent_codes]
    return Sheet(_say("sheet.absent"), columns, rows, frozen=2)


def _rechecks(report: DataReport) -> Sheet:
    columns = _heads(("col.school", "code"), ("col.name", "text"), ("col.year", "code"), ("col.marks", "long"))
    rows = [(one.entity, one.name, str(one.year), "; ".join(one.marks.values())) for one in report.rechecks]
    lines = (_say("internal"), recheck_rule(report, "ru"))
    return Sheet(_say("sheet.rechecks"), columns, rows, lines, frozen=2)
