"""A small outcome made by hand, as the engine would write it: four schools, one flag, one cluster, three measures."""

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
    FunctionDetailRow,
    IndicatorValueRow,
    InternalMarkRow,
    IssueRow,
    ItemRow,
    PeerRow,
    RecommendationRow,
    StepRow,
    TaskRow,
    staged,
)

_EMPTY = {"VARCHAR": "", "BIGINT": 0, "BOOLEAN": False}
_SOURCE = {"document": "order", "clause": "п. 4", "basis": "stated"}

EVALUATION = {"pack": {"id": "federal", "version": "1", "title": "Федеральные правила"}, "as_of": "2022-12-31"}

#: school -> procedure, subject, how many of 20 are below the minimum (None: there is no row)
_CELLS: dict[str, list[tuple[str, str, int | None]]] = {
    "010001": [("ВПР", "мат", 6), ("ВПР", "рус", 7), ("ОГЭ", "мат", 5), ("ОГЭ", "рус", 1)],
    "010002": [("ВПР", "мат", 1), ("ВПР", "рус", 0), ("ОГЭ", "мат", 5), ("ОГЭ", "рус", 6)],
    "010003": [("ВПР", "мат", None), ("ВПР", "рус", 8), ("ОГЭ", "мат", 2), ("ОГЭ", "рус", 1)],
    "010004": [("ВПР", "мат", 1), ("ВПР", "рус", 9), ("ОГЭ", "мат", 2), ("ОГЭ", "рус", 9)],
}
SCHOOLS = tuple(_CELLS)


def made(row: type[Any], **given: Any) -> Any:
    """A row with what is given; the rest is empty."""
    schema = next(s for s in OUTCOME_TABLES.values() if s.row is row)
    values = {c.name: None if c.nullable else _EMPTY[c.type] for c in schema.columns}
    lists = {"dimensions": "{}", "causes": "[]", "because": "[]", "responsible": "[]"}
    values |= {name: text for name, text in lists.items() if name in values and row is not ItemRow}
    return row(**{**values, **given})


def result(item: str, path: str = "", entity: str = "010001", **given: Any) -> Any:
    """A row of `criterion_results`, of a school unless told otherwise."""
    return made(
        CriterionResultRow, **{"level": "school", "entity": entity, "item": item, "path": path, **_SOURCE, **given}
    )


def item(section: str, name: str, label: str, detail: dict[str, Any] | None = None, **given: Any) -> Any:
    """A row of `items`."""
    text = json.dumps(detail or {}, ensure_ascii=False)
    return made(ItemRow, **{"section": section, "item": name, "label": label, "detail": text, **_SOURCE, **given})


def dims(**values: str) -> str:
    """The canonical text of a cell."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_folder(folder: Path, tables: dict[str, list[Any]], *, threads: int = 2) -> Path:
    """The folder with the Parquet files and the manifest, as the engine leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": threads}) as con:
        for schema in OUTCOME_TABLES.values():
            columns = ", ".join(f'"{c.name}" {c.type}' for c in schema.columns)
            con.execute(f'CREATE TABLE "{schema.name}" ({columns})')
            if rows := [[getattr(row, name) for name in schema.names] for row in tables.get(schema.name, [])]:
                con.executemany(f'INSERT INTO "{schema.name}" VALUES ({", ".join("?" * len(schema.names))})', rows)
            con.execute(staged(schema.name, f'FROM "{schema.name}"', folder))
    manifest = {"shsnor_outcome": 1, "schema": 1, "evaluation": EVALUATION}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    (folder / "run.json").write_text(json.dumps({"run": {"seconds": 1.5}}), "utf-8")
    return folder


def _cell_rows(school: str, procedure: str, subject: str, below: int | None) -> list[Any]:
    """The value of one cell, the leaf of `low_in` over it, and its place in the quantifier `two_hits`."""
    cell = {"dimensions": dims(procedure=procedure, subject=subject, year="2022")}
    numbers: dict[str, Any] = {}
    verdict, reason = "unknown", {"reason": "no_row"}
    if below is not None:
        verdict, reason = ("met" if below >= 6 else "not_met"), {}
        numbers = {
            "value": Decimal(5 * below),
            "numerator": Decimal(below),
            "denominator": Decimal(20),
            "participants": 20,
        }
    limit = {"comparison": "at_least", "threshold": Decimal(30), "threshold_from": "parameter low_limit 2020-01-01"}
    leaf: dict[str, Any] = {"node": "leaf", "indicator": "low_share", "verdict": verdict, **limit, **cell, **reason}
    refers = {"node": "item", "indicator": "low_in", "verdict": verdict, **cell, **reason}
    value = made(IndicatorValueRow, level="school", entity=school, indicator="low_share", **cell, **numbers, **reason)
    return [
        value,
        result("low_in", entity=school, **leaf, **numbers),
        result("two_hits", "criterion", school, **refers),
    ]


def _flag_rows(school: str, rule: str, met: int, reason: str = "", **flag: Any) -> list[Any]:
    """The quantifier, the statement of the flag and the flag; `flag` is what an expert or the pack makes of it."""
    said = {"entity": school, "verdict": rule, "reason": reason}
    quantifier: dict[str, Any] = {
        "node": "quantifier",
        "comparison": '{"at_least":"2"}',
        "value": Decimal(met),
        "members": 4,
    }
    label = "Школа с низкими результатами"
    row = {
        "level": "school",
        "entity": school,
        "flag": "low_results",
        "label": label,
        "verdict": rule,
        "reason": reason,
    }
    return [
        result("two_hits", **quantifier, **said),
        result("low_results", node="flag", **said),
        result("low_results", "when", node="item", indicator="two_hits", **said),
        made(FlagRow, **{**row, **_SOURCE, **flag}),
    ]


def items() -> list[Any]:
    """The pack's items."""
    share = "100.0 * sum(below_minimum) / sum(participants)"
    low_share = {
        "from": "results",
        "value": share,
        "minimum": {"participants": "$min_n"},
        "cells": [{"procedure": "ВПР"}],
    }
    over = ["procedure", "subject", "year"]
    two_hits = {"criterion": "low_in", "over": over, "years": {"last": "2"}, "met_in": {"at_least": "2"}}
    guess: dict[str, Any] = {"basis": "assumed", "because": "в документе числа нет"}
    return [
        item("sources", "order", "Приказ от 1 сентября 2025 г.", document="", clause="", basis=""),
        item("parameters", "low_limit", "Доля не преодолевших порог", unit="percent"),
        item("parameters", "min_n", "Наименьшее число участников", unit="count", **guess),
        item("indicators", "low_share", "Доля участников ниже минимума", low_share, unit="percent"),
        item("criteria", "low_in", "Низкий результат", {"indicator": "low_share", "at_least": "$low_limit"}),
        item("criteria", "two_hits", "Низкие результаты дважды за два года", two_hits),
        item("flags", "low_results", "Школа с низкими результатами", {"when": "two_hits"}, assumed=True),
        item(
            "clusters", "scheme", "Условия и результаты", {"first_match": [{"id": "low", "label": "Низкие результаты"}]}
        ),
        item("measures", "measure.1", "Методический аудит", {"when": "low_results"}),
        item("measures", "measure.2", "Занятия с отстающими", {"when": "low_results"}),
        item("measures", "measure.3", "Школьный план"),
    ]


def _measure(school: str, number: int, status: str, **given: Any) -> Any:
    label = ("Методический аудит", "Занятия с отстающими", "Школьный план")[number - 1]
    row = {"level": "school", "entity": school, "measure": f"measure.{number}", "label": label, "status": status}
    return made(RecommendationRow, **row, **_SOURCE, **given)


def _recommendations() -> list[Any]:
    because = {"because": '["low_results when"]'}
    audit = {"deadline": "до 1 марта", "responsible": '["директор","методист"]', "measure_group": "Качество", **because}
    return [
        _measure("010001", 1, "recommended", **audit),
        _measure("010003", 1, "undecided", reason="no_row"),
        _measure("010001", 2, "recommended", **because),
        *(_measure(school, 3, "for_everyone") for school in SCHOOLS),
    ]


def _entities() -> list[Any]:
    lies = {"parent_level": "municipality", "parent": "м1"}
    names = {school: f"Школа № {int(school[-2:])}" for school in SCHOOLS}
    return [
        *(made(EntityRow, level="school", entity=school, name=name, **lies) for school, name in names.items()),
        made(EntityRow, level="municipality", entity="м1", name="Северный", parent_level="region", parent="region"),
        made(EntityRow, level="region", entity="region"),
    ]


def small_region() -> dict[str, list[Any]]:
    """010001 raised by ВПР alone, 010002 not, 010003 unknown (no row), 010004 raised, then taken back by an expert."""
    decided = {"verdict": "not_met", "computed": "met", "decided_by": "комиссия", "decision_reason": "школа переехала"}
    mixed = [row for school, cells in _CELLS.items() for cell in cells for row in _cell_rows(school, *cell)]
    mixed += _flag_rows("010001", "met", 2, assumed=True, vpr_only=True, causes='["low_in "]')
    mixed += _flag_rows("010002", "not_met", 1, assumed=True)
    mixed += _flag_rows("010003", "unknown", 1, "no_row", assumed=True)
    mixed += _flag_rows("010004", "met", 2, assumed=True, **decided)
    order = ("low_in", "two_hits", "low_results")
    results = [row for row in mixed if isinstance(row, CriterionResultRow)]
    labels = {"010001": "low", "010002": "other", "010003": None, "010004": "other"}
    titles = {"low": "Низкие результаты", "other": "Остальные", None: None}
    scheme = {"level": "school", "cluster": "scheme"}
    return {
        "indicator_values": [row for row in mixed if isinstance(row, IndicatorValueRow)],
        "criterion_results": sorted(results, key=lambda r: (order.index(r.item), r.entity, r.path, r.dimensions)),
        "flags": [row for row in mixed if isinstance(row, FlagRow)],
        "clusters": [
            made(ClusterRow, **scheme, entity=s, label=label, title=titles[label], reason="" if label else "no_row")
            for s, label in labels.items()
        ],
        "peers": [
            made(
                PeerRow,
                level="school",
                entity="010001",
                peers="similar",
                rank=1,
                peer="010002",
                distance=Decimal("0.25"),
            )
        ],
        "function_details": [
            made(FunctionDetailRow, level="school", item="similar", name="mean", subject="poor", value=Decimal("7.5")),
            made(
                FunctionDetailRow,
                level="school",
                entity="010001",
                item="similar",
                peer="010002",
                name="kilometres",
                text="координаты неизвестны: взято среднее расстояние",
            ),
        ],
        "internal_marks": [
            made(InternalMarkRow, level="school", entity="010001", item="marks", value=Decimal(1)),
            made(InternalMarkRow, level="school", entity="010003", item="marks", reason="declined"),
        ],
        "recommendations": _recommendations(),
        "tasks": [
            made(
                TaskRow,
                item="plan.1",
                code="1.1",
                label="Разбор результатов",
                kind="plan",
                months="[9]",
                basis="stated",
            ),
            made(TaskRow, item="goal", label="Помочь школам", kind="goal", basis="stated"),
        ],
        "issues": [
            made(IssueRow, code="SH423", severity="warning", message="лишние строки", source_table="results", count=2)
        ],
        "entities": _entities(),
        "items": items(),
        "steps": [
            StepRow("low_results", 1, "when", "Низкие результаты дважды за два года", 4, 2, 1, 1, 0),
            StepRow("low_results", 2, "when/criterion", "Низкий результат", 4, 4, 0, 0, 0),
        ],
    }
