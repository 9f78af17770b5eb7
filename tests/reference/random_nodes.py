"""Random criteria: leaves, quantifiers, lists, nested up to a depth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from .random_indicators import IndicatorMaker, Meta, Spec

TEXTS = ("СОШ", "ООШ", "лицей", "нет", "да", "1", "2")
THRESHOLDS = {
    "number": ("0", "1", "2", "2.5", "3", "5", "10", "20"),
    "percent": ("0", "20", "25", "50", "100", "33.3"),
    "percentage_point": ("0", "-10", "50"),
}
COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
NodeMade = tuple["str | Spec", Meta]


class NodeMaker:
    def __init__(self, maker: IndicatorMaker, labels: dict[str, list[str]]) -> None:
        self.maker, self.labels = maker, labels
        self.pick, self.chance, self.draw = maker.pick, maker.chance, maker.draw

    def node(self, depth: int) -> NodeMade:
        """Any node; there is at least one indicator."""
        kinds = ["leaf", "leaf", "id"]
        if depth > 0:
            kinds += ["all", "any", "of", "weights", "not", "quantifier", "quantifier", "cluster", "choose"]
        kind = self.pick(kinds)
        if kind == "id" or (kind == "choose" and not self.verdicts()):
            return self.named()
        if kind == "leaf":
            return self.leaf()
        if kind == "not":
            spec, meta = self.node(depth - 1)
            return {"not": spec}, meta
        if kind == "quantifier":
            spec, meta = self.node(depth - 1)
            return (
                self.quantified(spec, meta, self.maker.some(sorted(meta.dims), least=1)) if meta.dims else (spec, meta)
            )
        if kind == "cluster":
            return self.cluster()
        if kind == "choose":
            return self.choose()
        return self.list_node(kind, depth)

    def without_dims(self, depth: int) -> NodeMade:
        spec, meta = self.node(depth)
        return self.quantified(spec, meta, sorted(meta.dims)) if meta.dims else (spec, meta)

    def verdicts(self) -> list[Meta]:
        return [meta for meta in self.maker.metas if meta.kind == "verdict"]

    def named(self) -> NodeMade:
        found = self.verdicts()
        if not found:
            return self.leaf()
        meta = self.pick(found)
        return meta.id, meta

    def cluster(self) -> NodeMade:
        clusters = [meta for meta in self.maker.metas if meta.kind == "cluster"]
        if not clusters:
            return self.leaf()
        meta = self.pick(clusters)
        labels = self.labels[meta.id]
        spec: Spec = {"cluster": meta.id}
        spec.update({"is": self.pick(labels)} if self.chance(2) else {"is_in": self.maker.some(labels, least=1)})
        return spec, Meta("", meta.level, frozenset(), "verdict")

    def choose(self) -> NodeMade:
        one = self.pick(self.verdicts())
        two = self.pick([m for m in self.verdicts() if (m.level, m.dims) == (one.level, one.dims)])
        spec: Spec = {"choose": "$reading", "options": {"one": one.id, "two": {"not": two.id}}}
        return spec, Meta("", one.level, one.dims, "verdict")

    def list_node(self, kind: str, depth: int) -> NodeMade:
        count = self.draw(st.integers(1, 3))
        if kind == "weights":
            chosen = {meta.id: meta for meta in self.maker.draw(self._ids())}
            if not chosen:
                return self.leaf()
            weights = {name: self.pick(("1", "2", "3", "0.5", "-1", "0")) for name in chosen}
            met_in = self.pick(self.weighted())
            return {"of": weights, "met_in": met_in}, self.joined(list(chosen.values()))
        parts = [self.node(depth - 1) for _ in range(count)]
        specs = [spec for spec, _ in parts]
        meta = self.joined([part for _, part in parts])
        if kind == "of":
            return {"of": specs, "met_in": self.met_in()}, meta
        return {kind: specs}, meta

    def _ids(self) -> st.SearchStrategy[list[Meta]]:
        found = self.verdicts()
        return st.lists(st.sampled_from(found), max_size=3, unique_by=lambda m: m.id) if found else st.just([])

    def weighted(self) -> list[Spec]:
        bounds: list[Spec] = [{"at_least": bound} for bound in ("0", "1", "2.5", "3")]
        return bounds if self.maker.monotone else [*bounds, {"share_at_least": "50"}, {"share_more_than": "40"}]

    def joined(self, parts: Sequence[Meta]) -> Meta:
        level = self.maker.lowest(*(part.level for part in parts))
        return Meta("", level, frozenset().union(*(part.dims for part in parts)), "verdict")

    def met_in(self) -> Any:
        share = self.pick(("25", "33.3", "50", "100"))
        counted = {"at_least": self.pick(("1", "2", "3"))}
        return self.pick(["every", "any", counted, {"share_at_least": share}, {"share_more_than": share}])

    def quantified(self, spec: str | Spec, meta: Meta, over: Sequence[str]) -> NodeMade:
        made: Spec = {"criterion": spec, "over": list(over), "met_in": self.met_in()}
        if "year" in over:
            made["years"] = self.maker.window(held=False)
        return made, Meta("", meta.level, meta.dims - set(over), "verdict")

    # Leaves

    def leaf(self) -> NodeMade:
        base = self.pick([meta for meta in self.maker.metas if meta.kind in ("number", "text")])
        spec: Spec = {"indicator": base.id}
        parts = [base]
        if not self.maker.monotone and self.chance(8):
            spec["known"] = self.pick(("true", "false"))
        elif base.kind == "text":
            spec.update({"is": self.pick(TEXTS)} if self.chance(2) else {"is_in": self.maker.some(TEXTS, least=1)})
        elif self.chance(8):
            values = THRESHOLDS[base.unit]
            spec.update({"is": self.pick(values)} if self.chance(2) else {"is_in": self.maker.some(values, least=1)})
        else:
            operand, meta = self.operand(base)
            spec[self.pick(COMPARISONS)] = operand
            parts += [meta] if meta is not None else []
        if "known" not in spec and not self.maker.monotone and self.chance(4):
            spec["missing"] = self.pick(("unknown", "met", "not_met", "leave_out"))
        meta = self.joined(parts)
        if not meta.dims or not self.chance(3):
            return spec, meta
        over = self.maker.some(sorted(meta.dims), least=1)
        spec.update({"over": over, "met_in": self.met_in()})
        if "year" in over:
            spec["years"] = self.maker.window(held=len(parts) == 1 and base.pools)
        return spec, Meta("", meta.level, meta.dims - set(over), "verdict")

    def operand(self, base: Meta) -> tuple[str | Spec, Meta | None]:
        kind = self.pick(["number", "number", "parameter", "id", "id", "inline", "over"])
        alike = [meta for meta in self.maker.numbers() if meta.unit == base.unit]
        if kind == "parameter" and base.unit in ("number", "percent"):
            return f"$limit_{base.unit}", None
        if kind == "id":
            meta = self.pick(alike)
            return meta.id, meta
        if kind == "inline" and self.maker.groups:
            return self.inline(self.maker.among_of(base), base)
        if kind == "over" and base.dims:
            return self.inline(self.maker.over_of(base), base)
        return self.pick(THRESHOLDS[base.unit]), None

    def inline(self, made: tuple[Spec, Meta] | None, base: Meta) -> tuple[str | Spec, Meta | None]:
        """An inline indicator of the leaf's own indicator, if its unit is the same."""
        if made is None or made[1].unit != base.unit:
            return self.pick(THRESHOLDS[base.unit]), None
        spec, meta = made
        own_value = {"value": base.id} if self.chance(2) else {}
        rest = {key: value for key, value in spec.items() if key not in ("value", "unit")}
        unit = {} if spec["combine"] in ("mean", "median", "min", "max") else {"unit": meta.unit}
        return {**own_value, **rest, **unit}, meta


__all__ = ["NodeMaker"]
