"""A small outcome made by hand, as the engine would write it: four schools, one flag, one cluster scheme, three measures."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from shsnor.outcomes import (
    OUTCOME_TABLES,
    ClusterRow,
    CriterionResultRow,
    EntityRow,
    FlagRow,
    IndicatorValueRow,
    IssueRow,
    ItemRow,
    PeerRow,
    RecommendationRow,
    StepRow,
    staged,
)

_EMPTY = {"VARCHAR": "", "BIGINT": 0, "BOOLEAN": False}
_SOURCE = {"document": "omsk-2025", "clause": "п. 4", "basis": "stated"}

EVALUATION = {"pack": {"id": "federal", "version": "1", "title": "Федеральные правила"}, "as_of": "2022-12-31"}


def made(row: type[Any], **given: Any) -> Any:
    """A row with what is given; the rest is empty."""
    schema = next(s for s in OUTCOME_TABLES.values() if s.row is row)
    values = {c.name: None if c.nullable else _EMPTY[c.type] for c in schema.columns}
    if "dimensions" in values:
        values["dimensions"] = "{}"
    return row(**{**values, **given})


def write_folder(folder: Path, tables: dict[str, list[Any]], *, evaluation: Any = None) -> Path:
    """The folder with the Parquet files and the manifest, as the engine leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        for schema in OUTCOME_TABLES.values():
            columns = ", ".join(f'"{c.name}" {c.type}' for c in schema.columns)
            con.execute(f'CREATE TABLE "{schema.name}" ({columns})')
            rows = [[getattr(row, name) for name in schema.names] for row in tables.get(schema.name, [])]
            if rows:
                con.executemany(f'INSERT INTO "{schema.name}" VALUES ({", ".join("?" * len(schema.names))})', rows)
            con.execute(staged(schema.name, f'FROM "{schema.name}"', folder))
    manifest = {"shsnor_outcome": 1, "schema": 1, "evaluation": EVALUATION if evaluation is None else evaluation}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    (folder / "run.json").write_text(json.dumps({"run": {"seconds": 1.5}}), "utf-8")
    return folder


def dims(**values: str) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def cell(
    school: str, procedure: str, grade: str, subject: str, year: str, below: int | None, of: int = 20
) -> list[Any]:
    """The rows of one cell: the indicator's value and the leaf of `low_in`; `below` None: there is no row."""
    dimensions = dims(procedure=procedure, grade=grade, subject=subject, year=year)
    known = below is not None
    value = Decimal(100 * below) / of if below is not None else None
    numbers: dict[str, Any] = (
        {"numerator": Decimal(below), "denominator": Decimal(of), "participants": of} if below is not None else {}
    )
    verdict = "unknown" if value is None else "met" if value >= 30 else "not_met"
    reason = "" if known else "no_row"
    common: dict[str, Any] = {
        "level": "school",
        "entity": school,
        "dimensions": dimensions,
        "value": value,
        "reason": reason,
        **numbers,
    }
    return [
        made(IndicatorValueRow, indicator="low_share", **common),
        made(
            CriterionResultRow, item="low_in", node="leaf", indicator="low_share", comparison="at_least", threshold=Decimal(30),
            threshold_from="parameter low_limit 2020-01-01", verdict=verdict, **common, **_SOURCE,
        ),
        made(
            CriterionResultRow, item="two_hits", path="criterion", node="item", indicator="low_in", verdict=verdict, reason=reason,
            level="school", entity=school, dimensions=dimensions, **_SOURCE,
        ),
    ]  # fmt: skip


def upper_rows(school: str, rule: str, reason: str = "", met: int = 0, of: int = 4, **flag: Any) -> list[Any]:
    """The quantifier, the flag and its reference to the quantifier."""
    common: dict[str, Any] = {"level": "school", "entity": school, **_SOURCE}
    final = flag.get("verdict", rule)
    return [
        made(
            CriterionResultRow, item="two_hits", node="quantifier", comparison='{"at_least":"2"}', value=Decimal(met), members=of,
            verdict=rule, reason=reason, **common,
        ),
        made(
            CriterionResultRow, item="low_results", path="when", node="item", indicator="two_hits", verdict=rule, reason=reason,
            **common,
        ),
        made(
            FlagRow, flag="low_results", label="Школа с низкими результатами",
            **{"verdict": final, "reason": reason, "causes": '["low_in "]' if final == "met" else "[]", **common, **flag},
        ),
    ]  # fmt: skip


def item(section: str, name: str, label: str, detail: dict[str, Any], **given: Any) -> Any:
    return made(
        ItemRow,
        section=section,
        item=name,
        label=label,
        detail=json.dumps(detail, ensure_ascii=False),
        **{**_SOURCE, **given},
    )


def items() -> list[Any]:
    low_share = {
        "from": "results",
        "value": "100.0 * sum(below_minimum) / sum(participants)",
        "cells": [{"procedure": "ВПР"}],
    }
    two_hits = {
        "criterion": "low_in",
        "over": ["procedure", "grade", "subject", "year"],
        "years": {"last": "2"},
        "met_in": {"at_least": "2"},
    }
    return [
        item("sources", "omsk-2025", "Приказ от 1 сентября 2025 г.", {}, document="", clause="", basis=""),
        item("parameters", "low_limit", "Доля не преодолевших минимальный порог", {}, unit="percent"),
        item("indicators", "low_share", "Доля участников с результатом ниже минимума", low_share, unit="percent"),
        item("criteria", "low_in", "Низкий результат", {"indicator": "low_share", "at_least": "$low_limit"}),
        item("criteria", "two_hits", "Низкие результаты дважды за два года", two_hits),
        item("flags", "low_results", "Школа с низкими результатами", {"when": "two_hits"}, assumed=True),
        item("clusters", "scheme", "Условия и результаты", {}),
        item("measures", "measure.1", "Методический аудит", {"when": "low_results"}),
        item("measures", "measure.2", "Занятия с отстающими", {"when": "low_results"}),
        item("measures", "measure.3", "Школьный план", {}),
    ]


def measure(school: str, name: str, label: str, status: str, **given: Any) -> Any:
    return made(
        RecommendationRow,
        level="school",
        entity=school,
        measure=name,
        label=label,
        status=status,
        because=given.pop("because", "[]"),
        responsible=given.pop("responsible", "[]"),
        **_SOURCE,
        **given,
    )


def small_region() -> dict[str, list[Any]]:
    """010001 raised by ВПР alone; 010002 not; 010003 unknown (a missing row); 010004 dropped by an expert, computed as raised."""
    schools = ("010001", "010002", "010003", "010004")
    mixed: list[Any] = []
    for school, cells in {
        "010001": [("ВПР", "5", "рус", "2022", 7), ("ВПР", "5", "мат", "2022", 6), ("ОГЭ", "9", "рус", "2022", 1), ("ОГЭ", "9", "мат", "2022", 5)],
        "010002": [("ВПР", "5", "рус", "2022", 0), ("ВПР", "5", "мат", "2022", 1), ("ОГЭ", "9", "рус", "2022", 6), ("ОГЭ", "9", "мат", "2022", 5)],
        "010003": [("ВПР", "5", "рус", "2022", 8), ("ВПР", "5", "мат", "2022", None), ("ОГЭ", "9", "рус", "2022", 1), ("ОГЭ", "9", "мат", "2022", 2)],
        "010004": [("ВПР", "5", "рус", "2022", 9), ("ВПР", "5", "мат", "2022", 1), ("ОГЭ", "9", "рус", "2022", 9), ("ОГЭ", "9", "мат", "2022", 2)],
    }.items():  # fmt: skip
        for procedure, grade, subject, year, below in cells:
            mixed += cell(school, procedure, grade, subject, year, below)
    mixed += upper_rows("010001", "met", met=2, assumed=True, vpr_only=True)
    mixed += upper_rows("010002", "not_met", met=1)
    mixed += upper_rows("010003", "unknown", "no_row", met=1)
    decided = {
        "verdict": "not_met",
        "computed": "met",
        "decided_by": "комиссия",
        "decision_reason": "в 2022 году школа переехала",
    }
    mixed += upper_rows("010004", "met", met=2, assumed=True, **decided)
    labels = {
        "010001": ("low", "Низкие результаты"),
        "010002": ("other", "Остальные"),
        "010003": (None, None),
        "010004": ("other", "Остальные"),
    }
    order = {name: place for place, name in enumerate(("low_in", "two_hits", "low_results"))}
    results = [row for row in mixed if isinstance(row, CriterionResultRow)]
    return {
        "indicator_values": [row for row in mixed if isinstance(row, IndicatorValueRow)],
        "criterion_results": sorted(results, key=lambda r: (order[r.item], r.entity, r.path, r.dimensions)),
        "flags": [row for row in mixed if isinstance(row, FlagRow)],
        "clusters": [
            made(ClusterRow, level="school", entity=s, cluster="scheme", label=label, title=title, reason="" if label else "no_row")
            for s, (label, title) in labels.items()
        ],
        "peers": [made(PeerRow, level="school", entity="010001", peers="similar", rank=1, peer="010002", distance=Decimal("0.25"))],
        "recommendations": [
            measure(
                "010001", "measure.1", "Методический аудит", "recommended", because='["low_results when"]', deadline="до 1 марта",
                responsible='["директор","методист"]', measure_group="Качество",
            ),
            measure("010001", "measure.2", "Занятия с отстающими", "recommended", because='["low_results when"]'),
            measure("010003", "measure.1", "Методический аудит", "undecided", reason="no_row"),
            *(measure(s, "measure.3", "Школьный план", "for_everyone") for s in schools),
        ],
        "issues": [made(IssueRow, code="SH421", severity="warning", message="нет координат", source_table="schools", count=2)],
        "entities": [
            *(made(EntityRow, level="school", entity=s, name=f"Школа № {int(s[-2:])}", parent_level="municipality", parent="м1") for s in schools),
            made(EntityRow, level="municipality", entity="м1", name="Северный", parent_level="region", parent="region"),
            made(EntityRow, level="region", entity="region"),
        ],
        "items": items(),
        "steps": [
            StepRow("low_results", 1, "when", "Низкие результаты дважды за два года", 4, 2, 1, 1, 0),
            StepRow("low_results", 2, "when/criterion", "Низкий результат", 4, 4, 0, 0, 0),
        ],
    }  # fmt: skip
