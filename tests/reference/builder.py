"""From the pack's dicts to parts: ids looked up, parameters put in, the chosen options chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from .basics import Answer, Scalar, is_number, number
from .expressions import Expression, bind, parse
from .groups import Among, Group, Peers
from .nodes import Cluster, GivenLabels, Leaf, ListNode, Literal, MetIn, Not, Quantifier
from .parts import Calculation, Constant, Named, OverCombine, Part, World, YearsSpec
from .rows import Formula, TableIndicator
from .tables import expand

COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
ITEM_KEYS = ("indicators", "criteria", "flags", "clusters")
Labels = Mapping[tuple[str, str], str]


def parameter_values(pack: Mapping[str, Any], date: str, given: Mapping[str, str]) -> dict[str, str]:
    """Rule 21: the value of the last date not after the evaluation's."""
    found: dict[str, str] = {}
    for name, spec in (pack.get("parameters") or {}).items():
        dated = {(day if len(day) > 4 else f"{day}-01-01"): value for day, value in spec["values"].items()}
        reached = [day for day in dated if day <= date]
        if reached:
            found[name] = dated[max(reached)]
    return {**found, **given}


class Builder:
    def __init__(
        self,
        world: World,
        pack: Mapping[str, Any],
        parameters: Mapping[str, str],
        decisions: Mapping[str, Mapping[str, str]],
        peers: Peers,
        labels: Labels,
    ) -> None:
        self.world, self.pack, self.parameters, self.peers, self.labels = world, pack, parameters, peers, labels
        self.decisions = decisions
        self.specs = {kind: pack.get(kind) or {} for kind in ITEM_KEYS}
        self.items: dict[str, Part] = {}

    # Scalars

    def text(self, scalar: str) -> str:
        return self.parameters[scalar[1:]] if scalar.startswith("$") else scalar

    def fraction(self, scalar: str) -> Fraction:
        return number(self.text(scalar))

    def integer(self, spec: Mapping[str, Any], key: str) -> int | None:
        return int(self.text(spec[key])) if key in spec else None

    def years(self, spec: YearsSpec | None) -> YearsSpec | None:
        return None if spec is None else {key: self.text(value) for key, value in spec.items()}

    def expression(self, text: str) -> Expression:
        kinds = {name: (spec or {}).get("unit") for name, spec in (self.pack.get("parameters") or {}).items()}
        values: dict[str, Scalar] = {
            name: number(value) if is_number(value) and kinds.get(name) != "text" else value
            for name, value in self.parameters.items()
        }
        return bind(parse(text), values)

    # Items

    def item(self, item: str) -> Part:
        if item not in self.items:
            self.items[item] = self._build(item)
        return self.items[item]

    def _build(self, item: str) -> Part:
        kind = next(kind for kind in ITEM_KEYS if item in self.specs[kind])
        spec = self.specs[kind][item]
        decisions: dict[str, Answer] = {}
        if spec.get("expert_may_decide") == "true":
            decided = self.decisions.get(item, {})
            verdicts = {"met": True, "not_met": False}
            decisions = {e: Answer(v if kind == "clusters" else verdicts[v]) for e, v in decided.items()}
        if kind == "clusters":
            return self.cluster(item, spec, decisions)
        if kind == "indicators":
            return self.indicator(spec, item)
        body = self.node(spec["when"] if kind == "flags" else spec)
        return Named(body, item, self.applies(spec), {} if body.dims else decisions)

    def cluster(self, item: str, spec: Mapping[str, Any], decisions: Mapping[str, Answer]) -> Part:
        if "function" in spec:
            labels = {entity: label for (name, entity), label in self.labels.items() if name == item}
            return GivenLabels(self.world, self.entity_level(), labels)
        cases = [(case["id"], self.node(case["when"]) if "when" in case else None) for case in spec["first_match"]]
        return Cluster(self.world, cases, decisions)

    def entity_level(self) -> str:
        return self.pack.get("pack", {}).get("entity") or self.world.levels.names[0]

    def applies(self, spec: Mapping[str, Any]) -> Part | None:
        return self.node(spec["applies_to"]) if "applies_to" in spec else None

    # Indicators

    def indicator(self, spec: Mapping[str, Any], item: str = "", default: str | None = None) -> Part:
        applies = self.applies(spec)
        digits = self.integer(spec, "round")
        if "choose" in spec:
            option = spec["options"][self.text(spec["choose"])]
            chosen = self.item(option) if isinstance(option, str) else self.indicator(option, default=default)
            return Named(chosen, item, applies, digits=digits)
        if "from" in spec:
            table = self.table_indicator(spec, digits)
            several = table.level != table.formula.table.level
            if applies is not None and several and self.world.levels.is_below(applies.level, table.level):
                table.formula.member_applies.append(applies)  # reading 4: its level is that of the table
                applies = None
            return Named(table, item, applies)
        if "function" in spec:
            labels = {entity: label for (name, entity), label in self.labels.items() if name == item}
            return Named(GivenLabels(self.world, self.entity_level(), labels), item, applies)
        return Named(self.of_items(spec, digits, default), item, applies)

    def of_items(self, spec: Mapping[str, Any], digits: int | None, default: str | None) -> Part:
        text = spec.get("value", default)
        assert text is not None, spec
        tree = parse(text) if text not in self.known_ids() else Expression("name", name=text)
        step = "over" in spec or "among" in spec
        if step and tree.kind == "name":
            part = self.item(tree.name)
        else:
            tree = self.expression(text) if tree.kind != "name" else tree
            parts = {name: self.item(name) for name in tree.names()}
            part = Calculation(self.world, tree, parts, None if step else digits)
        if "over" in spec:
            at_least = self.integer(spec, "at_least_known")
            return OverCombine(part, spec["over"], self.years(spec.get("years")), self.combine(spec), at_least, digits)
        if "among" in spec:
            at_least = self.integer(spec, "at_least_known") or 1
            group = self.group(spec["among"])
            return Among(part, group, self.combine(spec), at_least, self.better(spec, tree), digits, self.peers)
        return part

    def known_ids(self) -> set[str]:
        return {item for specs in self.specs.values() for item in specs}

    def better(self, spec: Mapping[str, Any], tree: Expression) -> str | None:
        own = spec.get("better")
        return own or (self.specs["indicators"].get(tree.name) or {}).get("better")

    def combine(self, spec: Mapping[str, Any]) -> tuple[str, Fraction | None]:
        combine = spec["combine"]
        if isinstance(combine, str):
            return combine, None
        (name, percent), *_ = combine.items()
        return name, self.fraction(percent)

    def group(self, spec: str | Mapping[str, Any]) -> Group:
        if isinstance(spec, str):
            return Group(within=spec)
        return Group(
            within=spec.get("within"),
            same=[self.item(name) for name in spec.get("same") or ()],
            peers=spec.get("peers"),
            meeting=self.node(spec["meeting"]) if "meeting" in spec else None,
            without_self=spec.get("without_self") == "true",
        )

    def table_indicator(self, spec: Mapping[str, Any], digits: int | None) -> TableIndicator:
        table = self.world.tables[spec["from"]]
        formula = Formula(
            table=table,
            value=self.expression(spec["value"]),
            where=self.expression(spec["where"]) if "where" in spec else None,
            by=tuple(spec.get("by") or ()),
            listed=[(cell, self.applies(entry)) for entry in spec.get("cells") or () for cell in expand(entry)],
            years=self.years(spec.get("years")) or {"last": "1"},
            minimum={column: self.fraction(least) for column, least in (spec.get("minimum") or {}).items()},
            at_least_known=self.integer(spec, "at_least_known"),
            level=spec.get("level") or table.level,
        )
        return TableIndicator(self.world, formula, digits)

    # Criteria

    def node(self, spec: str | Mapping[str, Any]) -> Part:
        if isinstance(spec, str):
            return self.item(spec)
        if "indicator" in spec:
            leaf = self.leaf(spec)
            return self.quantifier(leaf, spec, leaf=True) if "over" in spec else leaf
        if "criterion" in spec:
            return self.quantifier(self.node(spec["criterion"]), spec, leaf=False)
        if "not" in spec:
            return Not(self.world, self.node(spec["not"]))
        if "cluster" in spec:
            return Leaf(self.world, self.item(spec["cluster"]), "is_in", None, self.literals(spec))
        if "choose" in spec:
            return Named(self.node(spec["options"][self.text(spec["choose"])]))
        return self.list_node(spec)

    def list_node(self, spec: Mapping[str, Any]) -> Part:
        if "all" in spec:
            return ListNode(self.world, [self.node(part) for part in spec["all"]], MetIn("every"))
        if "any" in spec:
            return ListNode(self.world, [self.node(part) for part in spec["any"]], MetIn("any"))
        parts = spec["of"]
        weights = [self.fraction(weight) for weight in parts.values()] if isinstance(parts, dict) else None
        return ListNode(self.world, [self.node(part) for part in parts], self.met_in(spec["met_in"]), weights)

    def quantifier(self, part: Part, spec: Mapping[str, Any], leaf: bool) -> Part:
        return Quantifier(part, spec["over"], self.years(spec.get("years")), self.met_in(spec["met_in"]), leaf)

    def met_in(self, spec: str | Mapping[str, str]) -> MetIn:
        if isinstance(spec, str):
            return MetIn(spec)
        (kind, bound), *_ = spec.items()
        return MetIn(kind, self.fraction(bound))

    def literals(self, spec: Mapping[str, Any]) -> list[Literal]:
        values: Sequence[str] = spec["is_in"] if "is_in" in spec else [spec["is"]]
        return [Literal(self.text(value)) for value in values]

    def leaf(self, spec: Mapping[str, Any]) -> Part:
        value = self.item(spec["indicator"])
        missing = spec.get("missing", "unknown")
        if "known" in spec:
            return Leaf(self.world, value, "known", None, known=spec["known"] == "true")
        if "is" in spec or "is_in" in spec:
            return Leaf(self.world, value, "is_in", None, self.literals(spec), missing=missing)
        comparison = next(key for key in COMPARISONS if key in spec)
        operand = self.operand(spec[comparison], spec["indicator"])
        return Leaf(self.world, value, comparison, operand, missing=missing)

    def operand(self, spec: str | Mapping[str, Any], default: str) -> Part:
        if not isinstance(spec, str):
            return self.indicator(spec, default=default)
        if spec.startswith("$") or is_number(spec):
            return Constant(self.world, self.fraction(spec))
        return self.item(spec)
