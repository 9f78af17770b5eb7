"""Hypothesis strategies of whole cases: a valid random pack, random tables, a date."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from .random_indicators import IndicatorMaker, Meta, Spec
from .random_nodes import NodeMaker
from .random_tables import OWN_TABLES, TEACHERS, Draw, Rows, TableMaker, columns_of

SOURCE = {"clause": "п. 1", "basis": "stated"}
CARRIED = ("minima",)  # tables that the pack carries


@dataclass
class Case:
    pack: dict[str, Any]
    tables: dict[str, Rows]  # with those that the pack carries
    as_of: str

    @property
    def given(self) -> dict[str, Rows]:
        """The tables given to an evaluation."""
        return {name: rows for name, rows in self.tables.items() if name not in CARRIED}

    def __repr__(self) -> str:
        same = ("format", "sources", "tables")
        told = pack_to_yaml({key: value for key, value in self.pack.items() if key not in same})
        lines = (
            f"{name}: {' / '.join(' '.join(v or '.' for v in row.values()) for row in rows)}"
            for name, rows in self.tables.items()
        )
        return "\n".join([f"as of {self.as_of}", told, *lines])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As Hypothesis prints a failing case."""
        printer.text(repr(self))


class CaseMaker:
    def __init__(self, draw: Draw[Any], groups: bool, monotone: bool) -> None:
        self.draw = draw
        self.pack: dict[str, Any] = self.head()
        self.teachers = draw(st.integers(0, 5)) == 0
        self.also = not monotone and draw(st.integers(0, 5)) == 0
        levels = self.levels()
        self.metas: list[Meta] = []
        self.labels: dict[str, list[str]] = {}
        self.maker = IndicatorMaker(draw, self.metas, levels, monotone, groups, self.teachers)
        self.nodes = NodeMaker(self.maker, self.labels)
        self.pick, self.chance = self.maker.pick, self.maker.chance
        self.count = 0
        self.decidable: list[Meta] = []

    def head(self) -> dict[str, Any]:
        region = {"region": "Край"} if self.draw(st.booleans()) else {}
        return {
            "format": "1",
            "pack": {"id": "random", "version": "1", "title": "Случайный пакет", **region},
            "sources": {"order": {"title": "Порядок"}},
        }

    def levels(self) -> list[str]:
        also = {"also": ["facts"]} if self.also else {}
        school: Spec = {"table": "schools", "key": "school_id", **also}
        if self.teachers:
            self.pack["levels"] = {
                "teacher": {"table": "teachers", "key": "teacher_id"},
                "school": {**school, "column": "school_id"},
                "municipality": {"column": "municipality"},
                "region": {},
            }
        elif self.also:
            self.pack["levels"] = {"school": school, "municipality": {"column": "municipality"}, "region": {}}
        return [*(["teacher"] if self.teachers else []), "school", "municipality", "region"]

    def make(self) -> Case:
        as_of = self.pick(("2022", "2022", "2021", "2022-09-01", "2021-03-01"))
        tables = TableMaker(self.draw).make(self.teachers, self.also)
        self.pack["tables"] = {**OWN_TABLES, **({"teachers": TEACHERS} if self.teachers else {})}
        if self.chance(3):
            self.pack["not_held"] = [self.not_held() for _ in range(self.draw(st.integers(1, 2)))]
        self.pack["parameters"] = self.parameters()
        self.pack.update({"indicators": {}, "criteria": {}, "flags": {}, "clusters": {}, "measures": {}})
        for _ in range(self.draw(st.integers(1, 3))):
            self.add_indicator()
        for kind in self.draw(st.lists(st.sampled_from("iiicccckf"), min_size=1, max_size=8)):
            adders = {"i": self.add_indicator, "c": self.add_criterion, "k": self.add_cluster, "f": self.add_flag}
            adders[kind]()
        self.add_flag()
        for _ in range(self.draw(st.integers(0, 2))):
            self.add_measure()
        tables["decisions"] = self.decisions(tables, as_of[:4])
        pack = {key: value for key, value in self.pack.items() if value}
        return Case(pack, tables, as_of)

    def not_held(self) -> Spec:
        year = self.pick(("2021", "2022", "2020", ["2020", "2021"]))
        other: Spec = self.pick(
            ({}, {"procedure": ["ОГЭ"]}, {"procedure": "ВПР", "subject": ["мат", "рус"]}, {"topic": "кадры"})
        )
        return {"cells": {"year": year, **other}, "because": "отмена", "source": SOURCE}

    def parameters(self) -> Spec:
        def one(unit: str, *values: str) -> Spec:
            dated = dict(zip(("2019-01-01", "2022-06-01"), values, strict=False))
            return {"label": "Порог", "unit": unit, "values": dated, "source": SOURCE}

        return {
            "limit_number": one("number", self.pick("0235"), "3"),
            "limit_percent": one("percent", self.pick(("0", "25", "50")), "50"),
            "least": one("count", self.pick(("2", "5"))),
            "reading": one("text", self.pick(("one", "two")), self.pick(("one", "two"))),
        }

    # Items

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}.{self.count}" if self.chance(4) else f"{kind}_{self.count}"

    def put(self, section: str, name: str, spec: Spec, meta: Meta) -> None:
        self.pack[section][name] = {"label": f"Строка {self.count}", **spec, "source": SOURCE}
        self.metas.append(with_changes(meta, id=name))

    def add_indicator(self) -> None:
        spec, meta = self.maker.indicator()
        self.put("indicators", self.name("x"), spec, meta)

    def decide(self, meta: Meta) -> Spec:
        return {"expert_may_decide": "true"} if not meta.dims and self.chance(4) else {}

    def add_criterion(self) -> None:
        spec, meta = self.nodes.node(2)
        body: Spec = {"all": [spec]} if isinstance(spec, str) else spec
        decided = self.decide(meta)
        self.put("criteria", self.name("c"), {**body, **self.maker.applies_to(meta.level), **decided}, meta)
        self.decidable += [self.metas[-1]] if decided else []

    def add_flag(self) -> None:
        spec, meta = self.nodes.without_dims(2)
        decided = self.decide(meta)
        spec = {"when": spec, **self.maker.applies_to(meta.level), **decided}
        self.put("flags", self.name("f"), spec, Meta("", meta.level, meta.dims, "verdict"))
        self.decidable += [self.metas[-1]] if decided else []

    def add_cluster(self) -> None:
        cases, levels = [], []
        labels = [f"l{n}" for n in range(self.draw(st.integers(1, 3)) + 1)]
        for label in labels[:-1]:
            spec, meta = self.nodes.without_dims(1)
            cases.append({"id": label, "label": f"Группа {label}", "when": spec})
            levels.append(meta.level)
        cases.append({"id": labels[-1], "label": "Прочие", "otherwise": "true"})
        meta = Meta("", self.maker.lowest(*levels), frozenset(), "cluster")
        decided = self.decide(meta)
        name = self.name("k")
        self.labels[name] = labels
        self.put("clusters", name, {"first_match": cases, **decided}, meta)
        self.decidable += [self.metas[-1]] if decided else []

    def add_measure(self) -> None:
        self.count += 1
        spec: Spec = {"label": f"Мера {self.count}"}
        if self.chance(4):
            spec["level"] = self.pick(self.maker.levels)
        else:
            spec["when"], meta = self.nodes.without_dims(1)
            if self.chance(3):
                spec["level"] = self.pick(self.maker.levels[: self.maker.rank(meta.level) + 1])
        self.pack["measures"][f"m_{self.count}"] = {**spec, "source": SOURCE}

    def decisions(self, tables: Mapping[str, Rows], year: str) -> Rows:
        keys: dict[str, Sequence[str | None]] = {
            "school": [row["school_id"] for row in tables["schools"]],
            "municipality": sorted({town for row in tables["schools"] if (town := row["municipality"])}),
            "region": [self.pack["pack"].get("region", "region")],
            "teacher": [row["teacher_id"] for row in tables.get("teachers", ())],
        }
        found: Rows = []
        for meta in self.decidable:
            for entity in self.maker.some([key for key in keys[meta.level] if key])[:2]:
                verdict = self.pick(self.labels.get(meta.id, ("met", "not_met")))
                row = {"entity": entity, "item": meta.id, "year": year, "verdict": verdict}
                found.append({**row, "role": "эксперт", "reason": "по итогам выезда"})
        return found


@st.composite
def cases(draw: Draw[Any], groups: bool = True, monotone: bool = False) -> Case:
    """A whole case; without `groups` no value depends on another entity; `monotone`: a gap can only make unknown."""
    return CaseMaker(draw, groups, monotone).make()


def pack_to_yaml(pack: Mapping[str, Any]) -> str:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text: str = yaml.dump(dict(pack), Dumper=Plain, allow_unicode=True, sort_keys=False, width=200)
    return text


def write_pack(case: Case, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(pack_to_yaml(case.pack), encoding="utf-8")
    for name in CARRIED:
        write_csv(folder / f"{name}.csv", columns_of(name), case.tables[name])


def write_csv(path: Path, columns: Sequence[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({key: value or "" for key, value in row.items()} for row in rows)
