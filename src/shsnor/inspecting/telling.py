"""A report in words: one screen of the whole, then the details; and as data for another program."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from shsnor.errors import Finding
from shsnor.inspecting.report import ColumnCheck, DataReport, Jump, TableCheck
from shsnor.wording import CODES, SEVERITIES, Lang, number, render_findings, say, title
from shsnor.wording.inspections import check_text
from shsnor.wording.template_words import spans

LINES, WIDTH = 24, 100
#: Of the lines of a screen, those around its two lists: the title, two heads, two blank ones, the verdict, what comes next.
_AROUND = 7
#: So many findings keep their place when there are many tables, and more tables are put in the order of what is wrong.
_MANY = 8
_LISTED_JUMPS = 40
_KEYS = ("rows", "entities", "years", "strangers", "absent", "empty", "duplicates", "impossible")
_WIDTHS = (22, 9, 7, 12, 11, 9, 7, 7, 8)


def screen(report: DataReport, lang: Lang = "ru") -> str:
    """The report on one screen; where there is no table at all, the findings say why."""
    if not report.tables:
        return "\n\n".join([*_head(report, lang), render_findings(report.findings, lang)])
    kinds, room = list(_kinds(report, lang)), LINES - _AROUND - bool(report.unread)
    tables = sorted(report.tables, key=lambda t: not _striking(t)) if len(report.tables) > _MANY else report.tables
    told = _fitting([_table_line(table, lang) for table in tables], room - min(len(kinds), _MANY), "more_tables", lang)
    found = _fitting(kinds, room - len(told), "more_kinds", lang)
    lines = [*_head(report, lang), "", _table_head(lang), *told, ""]
    lines += [check_text("found", lang), *found] if found else [check_text("nothing", lang)]
    if report.unread:
        lines.append(_cut(check_text("unread", lang, names=", ".join(report.unread))))
    return "\n".join([*lines, verdict(report, lang)])


def _fitting(lines: Sequence[str], room: int, more: str, lang: Lang) -> Sequence[str]:
    """As many lines as there is room for; where that is not all, the last one says how many are left."""
    if len(lines) <= room:
        return lines
    return [*lines[: room - 1], f"  {check_text(more, lang, count=len(lines) - room + 1)}"]


def verdict(report: DataReport, lang: Lang) -> str:
    """Whether the tables can be evaluated."""
    errors, warnings = len(report.findings.errors), len(report.findings.warnings)
    kind = "errors" if errors else "warnings" if warnings else "good"
    return check_text(f"verdict.{kind}", lang, errors=number(errors, lang), warnings=number(warnings, lang))


def _head(report: DataReport, lang: Lang) -> list[str]:
    of = {"id": report.pack, "version": report.version, "title": report.title}
    what = check_text("for_pack", lang, **of) if report.pack else check_text("for_none", lang)
    return [_cut(f"{check_text('title', lang)}: {what}")]


def _cut(line: str, width: int = WIDTH) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _striking(table: TableCheck) -> bool:
    """Whether something of a table is wrong, and it ought to be seen first."""
    strangers = table.entities.strangers if table.entities else 0
    return bool(table.state != "read" or table.impossible or table.duplicates or strangers)


def _table_head(lang: Lang) -> str:
    return _line([check_text("table", lang), *(check_text(key, lang) for key in _KEYS)])


def _table_line(table: TableCheck, lang: Lang) -> str:
    if table.state != "read":
        return f"{_cut(table.name, _WIDTHS[0]):{_WIDTHS[0]}} {check_text(f'state.{table.state}', lang)}"
    of, empty = table.entities, table.empty_percent
    return _line([
        table.name, number(table.rows, lang), number(of.count, lang) if of else "", spans(tuple(table.years)),
        number(of.strangers, lang) if of else "", number(of.absent, lang) if of else "",
        "" if empty is None else f"{number(Decimal(str(empty)), lang, 1)}\u00a0%",
        number(table.duplicates, lang), number(table.impossible, lang),
    ])  # fmt: skip


def _line(cells: Sequence[str]) -> str:
    first, *others = (_cut(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return " ".join(
        [f"{first:{_WIDTHS[0]}}", *(f"{c:>{w}}" for c, w in zip(others, _WIDTHS[1:], strict=True))]
    ).rstrip()


def _kinds(report: DataReport, lang: Lang) -> Iterator[str]:
    """A line for each code: how many findings, and of which tables; errors first."""
    found: dict[tuple[bool, str], Counter[str]] = {}
    for finding in report.findings:
        where = finding.place.table or finding.place.file or ""
        found.setdefault((finding.severity != "error", finding.code), Counter())[where] += _weight(finding)
    for (warning, code), tables in sorted(found.items()):
        severity = SEVERITIES["warning" if warning else "error"][0 if lang == "ru" else 1]
        where = ", ".join(f"{table} {number(n, lang)}" for table, n in sorted(tables.items()))
        yield _cut(f"  {severity:14} {code} {title(code, lang)}: {where}")


def _weight(finding: Finding) -> int:
    """How many rows or things a finding stands for: the one that sums up those not listed stands for these."""
    count = 1 if finding.code == "SH466" else int(finding.details.get("count") or 1)  # there it counts cells
    return max(0, count - int(finding.details["listed"])) if "listed" in finding.details else count


def detailed(report: DataReport, lang: Lang = "ru") -> str:
    """The screen, then every table by column, every jump, the marks of ВПР, the findings."""
    parts = [screen(report, lang)]
    parts += ["\n".join(_of_table(table, lang)) for table in report.tables if table.state == "read"]
    if report.jumps:
        parts.append("\n".join(_jumps(report, lang)))
    if report.rechecks:
        parts.append("\n".join(_rechecks(report, lang)))
    if report.tables and len(report.findings):
        parts.append(f"{check_text('findings', lang)}\n\n{render_findings(report.findings, lang)}")
    return "\n\n".join(parts)


def _of_table(table: TableCheck, lang: Lang) -> Iterator[str]:
    yield check_text("details.table", lang, name=f"{table.name} — {table.label}" if table.label else table.name)
    if table.persons:
        yield f"  {check_text('details.persons', lang)}"
    if table.files:
        yield f"  {check_text('details.files', lang, files=', '.join(table.files))}"
    if table.years:
        years = ", ".join(f"{year} — {number(n, lang)}" for year, n in table.years.items())
        yield f"  {check_text('details.years', lang, years=years)}"
    if (of := table.entities) is not None:
        widths = [check_text("details.width", lang, width=w, count=number(n, lang)) for w, n in of.widths.items()]
        if widths:
            yield f"  {check_text('details.widths', lang, widths=', '.join(widths))}"
        if of.absent_codes:
            codes = ", ".join(of.absent_codes) + (" …" if of.absent > len(of.absent_codes) else "")
            yield from _wrapped(check_text("details.absent", lang, count=number(of.absent, lang), codes=codes))
        elif of.absent:
            yield f"  {check_text('details.no_absent', lang, count=number(of.absent, lang))}"
    yield from _columns(table.columns, lang)


def _columns(columns: Sequence[ColumnCheck], lang: Lang) -> Iterator[str]:
    shown = [c for c in columns if c.there or c.read]
    width = min(44, max((len(_named(c)) for c in shown), default=0))
    heads = [check_text(f"details.{key}", lang) for key in ("read", "empty", "hidden", "impossible")]
    yield f"  {check_text('details.column', lang):{width}}  " + "  ".join(f"{head:>12}" for head in heads)
    for column in shown:
        cells = [check_text("yes" if column.read else "no", lang)]
        cells += [number(n, lang) for n in (column.empty, column.hidden, column.impossible)]
        told = "  ".join(f"{c:>12}" for c in (cells if column.there else [cells[0], check_text("no_column", lang)]))
        yield f"  {_cut(_named(column), width):{width}}  {told}"


def _named(column: ColumnCheck) -> str:
    return f"{column.name} ({column.label})" if column.label else column.name


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)


def _jumps(report: DataReport, lang: Lang) -> Iterator[str]:
    yield check_text("jumps", lang, count=number(report.jump_count, lang))
    yield from _wrapped(jump_rule(report, lang))
    for jump in report.jumps[:_LISTED_JUMPS]:
        yield _cut(f"  {jump_line(jump, lang)}")
    if (left := report.jump_count - _LISTED_JUMPS) > 0:
        yield f"  {check_text('more_jumps', lang, count=number(left, lang))}"


def jump_rule(report: DataReport, lang: Lang) -> str:
    """What counts as a jump, with the limits that this report was made by."""
    limits = report.limits
    return check_text(
        "jump_rule", lang, least=limits.least_participants, low=_n(limits.low_points, lang),
        mean=_n(limits.mean_percent, lang), times=_n(limits.usual_times, lang), people=_n(limits.participants_times, lang),
        change=limits.participants_change, region=_n(limits.region_low_points, lang),
        region_times=_n(limits.region_times, lang),
    )  # fmt: skip


def jump_line(jump: Jump, lang: Lang) -> str:
    """«010001, ВПР, 5, мат, 2022: низких результатов: 10 % → 55 % (обычно 2 п. п.)»."""
    where = [jump.entity or check_text("jump.all", lang), jump.procedure, jump.grade, jump.subject, str(jump.year)]
    what = check_text(f"jump.{jump.what}", lang, before=_n(jump.before, lang), after=_n(jump.after, lang))
    beside = (
        []
        if jump.what == "participants"
        else [check_text("jump.of", lang, n0=jump.participants[0], n1=jump.participants[1])]
    )
    if jump.usual is not None and round(jump.usual, 1) != (jump.what == "participants"):
        beside.append(check_text(f"jump.usual.{jump.what}", lang, usual=_n(jump.usual, lang)))
    return f"{', '.join(part for part in where if part)}: {what}" + (f" ({'; '.join(beside)})" if beside else "")


def _n(value: float, lang: Lang) -> str:
    return number(Decimal(str(round(value, 1))), lang)


def recheck_rule(report: DataReport, lang: Lang) -> str:
    """What marks there are, with the limits that this report was made by."""
    limits = report.limits
    names = ("too_high", "confirmed", "journal", "grades")
    return check_text("recheck_rule", lang, **{name: _n(getattr(limits, name), lang) for name in names})


def _rechecks(report: DataReport, lang: Lang) -> Iterator[str]:
    year = report.rechecks[0].year
    yield from _wrapped(check_text("rechecks", lang, year=year, count=len(report.rechecks)), "")
    yield from _wrapped(recheck_rule(report, lang))
    for one in report.rechecks:
        named = f"{one.entity} {one.name}".rstrip()
        yield from _wrapped(f"{named}: {'; '.join(one.marks.values())}")


def as_data(report: DataReport, lang: Lang = "ru") -> dict[str, Any]:
    """All of a report as what JSON can hold; `rechecks` are internal."""
    tables = []
    for table in report.tables:
        data = asdict(table)
        tables.append({**data, "years": {str(year): n for year, n in table.years.items()}})
        if table.entities is not None:
            data["entities"]["widths"] = {str(width): n for width, n in table.entities.widths.items()}
    return {
        "pack": report.pack or None,
        "version": report.version or None,
        "errors": len(report.findings.errors),
        "warnings": len(report.findings.warnings),
        "tables": tables,
        "unread": list(report.unread),
        "limits": asdict(report.limits),
        "jump_count": report.jump_count,
        "jumps": [asdict(jump) for jump in report.jumps],
        "rechecks": [asdict(one) for one in report.rechecks],
        "findings": [_finding(finding, lang) for finding in report.findings],
    }


def _finding(finding: Finding, lang: Lang) -> dict[str, Any]:
    said, place = say(finding, lang), finding.place
    return {
        "code": finding.code, "name": CODES.get(finding.code), "severity": finding.severity, "file": place.file,
        "table": place.table, "row": place.row, "field": place.field, "cell": place.cell, "value": place.value,
        "message": " ".join(said.what), "what_to_do": said.to_do or None,
    }  # fmt: skip
