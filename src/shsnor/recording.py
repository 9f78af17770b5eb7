"""Writing the outcome's tables and the two records: what an evaluation was made of, and how this run went."""

from __future__ import annotations

import datetime
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shsnor.copying import copy_all
from shsnor.errors import Finding, Findings
from shsnor.functions import Function
from shsnor.models import written
from shsnor.outcomes import OUTCOME_TABLES
from shsnor.pack import Item
from shsnor.planning import Plan
from shsnor.reading import LoadedTable, content_digest
from shsnor.rendering import Layout
from shsnor.rendering.absence import absence_words
from shsnor.rendering.causes import assumed_items
from shsnor.rendering.functions import function_details, internal_marks, libraries
from shsnor.rendering.layout import roster
from shsnor.rendering.outcome import OutcomeQueries, Rows
from shsnor.rendering.steps import steps_table
from shsnor.sql import literal
from shsnor.standard import tables_of
from shsnor.store import Session
from shsnor.terms import FunctionTerm
from shsnor.wording import message


def write_outcome(
    session: Session, plan: Plan, layout: Layout, findings: Findings, folder: Path, files: Mapping[str, Path]
) -> None:
    """Every table of the outcome as a Parquet file, rows in the order of the plan's items, entities, dimensions.

    files  see `copy_all`
    """
    queries = OutcomeQueries(plan, layout)
    tables: dict[str, Iterable[Rows | str]] = {
        "criterion_results": queries.criterion_results(),
        "indicator_values": queries.indicator_values(),
        "flags": queries.flags(),
        "clusters": queries.clusters(),
        "peers": queries.peers(),
        "function_details": function_details(plan),
        "internal_marks": internal_marks(plan, layout),
        "recommendations": queries.recommendations(),
        "tasks": [values_sql("tasks", task_rows(plan))],
        "entities": queries.entities(),
        "steps": steps_table(plan, layout, plan.resolved),
        "items": [values_sql("items", items_rows(plan))],
        "issues": [values_sql("issues", issue_rows(findings))],
    }
    entities = max(session.row(f"SELECT count(*) FROM {roster(plan, i)}")[0] for i in range(len(plan.resolved.levels)))
    copy_all(session, tables, folder, entities, files)


def values_sql(name: str, rows: Iterator[tuple[Any, ...]]) -> str:
    """A query of rows given as Python values."""
    schema = OUTCOME_TABLES[name]
    lines = ["(" + ", ".join(_value(v) for v in row) + ")" for row in rows]
    if not lines:
        return ""
    names = ", ".join(f'"{n}"' for n in schema.names)
    picked = ", ".join(f'CAST("{c.name}" AS {c.type})' for c in schema.columns)
    return f"SELECT {picked} FROM (VALUES {', '.join(lines)}) AS t({names})"


def _value(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int) else literal(str(value))


def items_rows(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """The pack's items and documents, for whoever reads the outcome without the pack."""
    assumed = assumed_items(plan)
    for section, name, item in plan.pack.items():
        detail = json.dumps(written(item), ensure_ascii=False, sort_keys=True)
        unit = getattr(item, "unit", None) or ""
        yield (
            section,
            name,
            item.label,
            unit,
            *_source(item),
            name in assumed or item.source.basis == "assumed",
            detail,
        )
    for name, words in absence_words(plan).items():
        table = tables_of(plan.pack)[name]
        detail = json.dumps({"no_rows": words}, ensure_ascii=False)
        yield ("tables", name, table.label or name, "", "", "", "", "", False, detail)
    for name, document in plan.pack.document.sources.items():
        detail = json.dumps(written(document), ensure_ascii=False, sort_keys=True)
        yield ("sources", name, document.title, "", "", "", "", "", False, detail)


def task_rows(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """The rows of the order that are not computed, for whoever reads the outcome without the pack."""
    for name, task in plan.pack.document.tasks.items():
        months, roles, serves = (
            json.dumps(listed or [], ensure_ascii=False) for listed in (task.months, task.responsible, task.serves)
        )
        document, clause, basis, _ = _source(task)
        yield (
            name, task.code or "", task.label, task.kind or "", task.part_of or "", task.level or "", task.deadline or "",
            months, roles, task.report or "", serves, document, clause, basis,
        )  # fmt: skip


def _source(item: Item) -> tuple[str, str, str, str]:
    source = item.source
    return (source.document or "", source.clause, source.basis, source.because or "")


def issue_rows(findings: Findings) -> Iterator[tuple[Any, ...]]:
    """Warnings that travel with the outcome: without the numbers of rows, which depend on their order."""
    counted: dict[tuple[str, ...], int] = {}
    for finding in findings.warnings:
        place = finding.place
        where = f"{Path(place.file).name}:{place.line}" if place.file and place.line else place.key
        if place.file and place.cell:
            where = f"{Path(place.file).name}: {place.cell.partition('!')[0]}"
        said = _plain_message(finding)
        key: tuple[str, ...] = (finding.code, finding.severity, said, place.table or "", place.field or "", where)
        counted[key] = counted.get(key, 0) + int(finding.details.get("count") or 1)
    for key in sorted(counted):
        yield (*key, counted[key])


def _plain_message(finding: Finding) -> str:
    from dataclasses import replace

    place = replace(finding.place, row=None, file=None, line=None, column=None, cell=None)
    return message(replace(finding, place=place), "ru")


def evaluation_record(session: Session, plan: Plan, loaded: Mapping[str, LoadedTable]) -> dict[str, Any]:
    """What the evaluation was made of: the same for the same pack, rows, parameters, date and versions."""
    import duckdb

    from shsnor import __version__

    head = plan.pack.head
    return {
        "pack": {"id": head.id, "version": head.version, "title": head.title, "digest": plan.pack.digest},
        "versions": {"shsnor": __version__, "duckdb": duckdb.__version__} | libraries(plan),
        "as_of": str(plan.as_of.date),
        "year": plan.year,
        "without": sorted(plan.without),
        "parameters": {
            name: {
                "value": p.text,
                "since": str(p.since) if p.since else "changed",
                "basis": p.basis,
                "unit": p.unit or "",
            }
            for name, p in sorted(plan.parameters.items())
        },
        "functions": sorted({f"{f.id} ({f.plugin})" for f in functions_of(plan)}),
        "tables": {
            name: {"rows": table.rows, "digest": table.digest or content_digest(session, table)}
            for name, table in sorted(loaded.items())
        },
    }


def functions_of(plan: Plan) -> list[Function]:
    """The functions that the steps of a plan use."""
    return [plan.functions[step.term.function] for step in plan.steps if isinstance(step.term, FunctionTerm)]


def run_record(plan: Plan, loaded: Mapping[str, LoadedTable], times: Mapping[str, float]) -> dict[str, Any]:
    """How this run went: files, clock, machine, times; outside the promise of equal bytes."""
    return {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()} Python {platform.python_version()}",
        "times": dict(times),
        "files": [
            {"table": name, "name": f.name, "size": f.size, "sha256": f.sha256}
            for name, table in sorted(loaded.items())
            for f in table.files
        ],
        "missing": {n: dict(t.missing_counts) for n, t in sorted(loaded.items()) if t.missing_counts},
    }
