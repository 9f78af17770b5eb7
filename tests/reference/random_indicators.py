"""Random indicators: from rows, expressions, `over`, `among`, `choose`; each valid where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from .random_tables import DIMENSION_VALUES, KINDS, Draw

Spec = dict[str, Any]
RATES = (
    "100.0 * sum(below_minimum) / sum(participants)",
    "100.0 * sum(mark_4 + mark_5) / sum(participants)",
    "100 * (sum(participants) - sum(below_minimum)) / nullif(sum(participants), 0)",
)
SUMS = (
    "sum(participants)",
    "sum(mark_4 + mark_5) - sum(below_minimum)",
    "avg(participants)",
    "max(participants) - min(below_minimum)",
    "count(participants)",
    "count(distinct mark_4)",
    "median(participants)",
    "quantile_disc(participants, 0.5)",
    "stddev_pop(participants)",
    "sum(coalesce(mark_4, 0))",
    "coalesce(sum(mark_4), 0) + sum(coalesce(mark_5, below_minimum, 1))",
    "sum(case when below_minimum >= 2 and mark_5 is not null then 1 else 0 end)",
    "sum(case when mark_4 in (0, 1, 2) or mark_5 > 3 then participants else 0 end)",
    "$least * sum(participants) % 7",
    "case when sum(participants) between 1 and 30 then sum(below_minimum) end",
)
FACT_SUMS = ("sum(a)", "sum(a) / sum(b)", "sum(c)", "max(c)", "sum(a - b)", "count(distinct c)", "min(coalesce(a, b))")
FACT_PLAIN = ("a", "c", "a - b", "a / b", "case when a > b then a else c end", "abs(c)", "floor(c) + ceil(c)")
MONOTONE_BANS = ("coalesce", "is not null", "is null", "nullif")
WHERES = (
    "procedure = 'ВПР'",
    "procedure in ('ВПР', 'ОГЭ')",
    "procedure = 'ОГЭ' and subject = 'рус'",
    "procedure = 'ОГЭ' or subject = 'мат'",
    "not (subject = 'мат')",
    "procedure <> 'ВПР' and subject in ('рус')",
)
KEPT = ("mean", "median", "min", "max", "lowest", "highest", "pooled")


def _overlap(one: Spec, two: Spec) -> bool:
    """Whether two entries of `cells` list a tuple twice, which is refused."""

    def many(value: object) -> set[object]:
        return set(value) if isinstance(value, list) else {value}

    return all(many(one[dim]) & many(two[dim]) for dim in one)


@dataclass(frozen=True)
class Meta:
    """What the makers must know of an item or a node."""

    id: str
    level: str
    dims: frozenset[str]
    kind: str  # number, text, verdict, cluster
    unit: str = ""
    pools: bool = False  # `pooled` may take it
    better: bool = False


class IndicatorMaker:
    """Makes the spec of one indicator out of the items there are."""

    def __init__(
        self, draw: Draw[Any], metas: list[Meta], levels: Sequence[str], monotone: bool, groups: bool, teachers: bool
    ) -> None:
        self.draw, self.metas, self.levels = draw, metas, list(levels)
        self.monotone, self.groups, self.teachers = monotone, groups, teachers

    # Small draws

    def pick(self, options: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(list(options)))

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(1, one_in)) == 1)

    def some(self, options: Sequence[str], least: int = 0) -> list[str]:
        if not options:
            return []
        return list(self.draw(st.lists(st.sampled_from(list(options)), min_size=least, unique=True)))

    def rank(self, level: str) -> int:
        return self.levels.index(level)

    def lowest(self, *levels: str) -> str:
        return min(levels, key=self.rank)

    def numbers(self) -> list[Meta]:
        return [meta for meta in self.metas if meta.kind == "number"]

    def undimensioned(self, level: str, *kinds: str) -> list[Meta]:
        """Items without dimensions that an item of this level may look up."""
        found = [meta for meta in self.metas if not meta.dims and meta.kind in kinds]
        return [meta for meta in found if self.rank(meta.level) >= self.rank(level)]

    def window(self, *, held: bool = True) -> Spec:
        """A window; `held` lets `last_held` in: of what rests on several tables reading 13 leaves open which years are held."""
        last = str(self.draw(st.integers(1, 3)))
        forms: list[Spec] = [{"last": last}, {"last": last}, {"last": last, "back": "1"}]
        forms += [{"last_held": last}] if held else []
        return dict(self.pick([*forms, {"from": "2020", "to": "2022"}, {"from": "2021", "to": "2021"}]))

    def applies_to(self, level: str, one_in: int = 6) -> Spec:
        verdicts = self.undimensioned(level, "verdict")
        return {"applies_to": self.pick(verdicts).id} if verdicts and self.chance(one_in) else {}

    # Bases

    def indicator(self) -> tuple[Spec, Meta]:
        makers: list[Callable[[], tuple[Spec, Meta] | None]] = [self.from_results, self.from_results, self.from_facts]
        makers += [self.from_attributes, self.expression, self.over, self.choose]
        makers += [self.among_item] * 3 if self.groups else []
        while True:
            made = self.pick(makers)()
            if made is not None:
                break
        spec, meta = made
        if meta.kind == "number" and "choose" not in spec and self.chance(8):
            spec["round"] = self.pick("012")
        if "applies_to" not in spec:
            spec.update(self.applies_to(meta.level))
        return spec, meta

    def allowed(self, formulas: Sequence[str]) -> list[str]:
        return [f for f in formulas if not (self.monotone and any(ban in f for ban in MONOTONE_BANS))]

    def from_results(self) -> tuple[Spec, Meta]:
        rate = self.draw(st.booleans())
        spec: Spec = {"from": "results", "value": self.pick(self.allowed(RATES if rate else SUMS))}
        by = self.some(("procedure", "grade", "subject", "year"))
        if self.chance(2):
            spec["where"] = self.pick(WHERES)
        spec.update(self.cells(("procedure", "grade", "subject")))
        if self.chance(3):
            spec["minimum"] = {"participants": self.pick(("$least", "5", "10"))}
        return self.finished(spec, by, "percent" if rate else "number", has_year=True, pools=True)

    def from_facts(self) -> tuple[Spec, Meta]:
        plain = self.draw(st.booleans())
        spec: Spec = {"from": "facts", "value": self.pick(FACT_PLAIN if plain else self.allowed(FACT_SUMS))}
        if not plain:
            spec.update(self.cells(("topic",)))
            if self.chance(4):
                spec["minimum"] = {"a": self.pick(("2", "$least"))}
            return self.finished(spec, self.some(("topic", "year")), "number", has_year=True, pools=True)
        if self.chance(4):
            spec["value"] = "note"
        by = ["topic", "year"] if self.chance(2) else self.pick((["topic"], ["year"], []))
        if "topic" not in by:
            spec["where"] = f"topic = '{self.pick(DIMENSION_VALUES['topic'])}'"
        if "topic" in by or self.monotone:
            spec.update(self.cells(("topic",)))
        if "year" not in by and self.chance(2):
            spec["years"] = self.pick(({"last": "1"}, {"last": "1", "back": "1"}, {"from": "2021", "to": "2021"}))
        if by:
            spec["by"] = by
        if spec["value"] == "note":
            spec["value"] = self.pick(("note", "lower(note)", "substr(note, 1, 1)"))
            return {**spec, "unit": "text"}, Meta("", "school", frozenset(by), "text", "text")
        return {**spec, "unit": "number"}, Meta("", "school", frozenset(by), "number", "number")

    def from_attributes(self) -> tuple[Spec, Meta]:
        """Plain columns: of schools, of a table without year, of municipalities, of the region, of teachers."""
        texts: list[tuple[str, str, str, list[str]]] = [
            ("schools", "kind", "school", []),
            ("profile", "shift", "school", []),
        ]
        texts += [] if self.monotone else [("schools", "coalesce(kind, 'нет')", "school", [])]
        numbers: list[tuple[str, str, str, list[str]]] = [("schools", "pupils", "school", [])]
        numbers += [("profile", "points", "school", [])]
        numbers += [("profile", "case when points < 2.5 then 1 else points * points end", "school", [])]
        numbers += [("towns", "n", "municipality", ["year"]), ("towns", "n", "municipality", [])]
        numbers += [("minima", "least", self.levels[-1], ["subject"])]
        numbers += [("teachers", "hours", "teacher", [])] * 3 if self.teachers else []
        text = self.chance(3)
        table, value, level, by = self.pick(texts if text else numbers)
        unit = "text" if text else "number"
        spec: Spec = {"from": table, "value": value, "unit": unit, **({"by": by} if by else {})}
        return spec, Meta("", level, frozenset(by), "text" if text else "number", unit)

    def finished(self, spec: Spec, by: list[str], unit: str, has_year: bool, pools: bool) -> tuple[Spec, Meta]:
        level = "school"
        if self.groups and self.chance(5):
            level = self.pick(self.levels[self.rank("school") + 1 :])
            spec["level"] = level
        if by:
            spec["by"] = by
        if has_year and self.chance(3 if "year" in by else 2):
            spec["years"] = self.window()
        if not self.monotone and self.chance(5):
            spec["at_least_known"] = self.pick("12")
        spec.update({"unit": unit, "better": self.pick(("higher", "lower"))})
        pools = pools and level == "school"  # of one with `level` the format takes no `pooled`
        return spec, Meta("", level, frozenset(by), "number", unit, pools=pools, better=True)

    def cells(self, dims: Sequence[str]) -> Spec:
        """What ought to be there; without groups and gaps that loosen, all of it."""
        if not self.monotone and self.chance(2):
            return {}
        listed = list(dims) if self.monotone else self.some(dims, least=1)
        entries: list[Spec] = []
        for _ in range(self.draw(st.integers(1, 2))):
            entry: Spec = {}
            for dim in listed:
                values = self.some(DIMENSION_VALUES[dim], least=1)
                entry[dim] = values[0] if len(values) == 1 and self.chance(2) else values
            if not any(_overlap(entry, other) for other in entries):
                entries.append({**entry, **self.applies_to("school")})
        return {"cells": entries}

    # Of other items

    def expression(self) -> tuple[Spec, Meta] | None:
        usable = [meta for meta in self.metas if meta.kind in ("number", "verdict")]
        if not usable:
            return None
        one, two = self.pick(usable), self.pick(usable)
        a, b = (f'"{meta.id}"' if "." in meta.id else meta.id for meta in (one, two))
        forms = ["{a} + {b}", "{a} - {b}", "2 * {a} + {b}", "{a} / {b}", "-{a}", "{a} % 3 + {b}", "{a}", "$least - {a}"]
        if not self.monotone:
            forms += ["case when {a} > {b} then {a} else {b} end", "coalesce({a}, 0) + {b}", "greatest({a}, {b})"]
            forms += ["case when {a} is null then 1 else 0 end", "nullif({a}, {b})", "least({a}, {b}, 10)"]
        form = self.pick(forms)
        used = [one, two] if "{b}" in form else [one]
        unit = self.pick(("number", "percent"))
        meta = Meta(
            "", self.lowest(*(m.level for m in used)), frozenset().union(*(m.dims for m in used)), "number", unit
        )
        return {"value": form.format(a=a, b=b), "unit": unit}, meta

    def over(self) -> tuple[Spec, Meta] | None:
        usable = [meta for meta in self.metas if meta.dims and meta.kind in ("number", "verdict", "text")]
        return self.over_of(self.pick(usable)) if usable else None

    def over_of(self, base: Meta) -> tuple[Spec, Meta]:
        over = ["year"] if "year" in base.dims and self.chance(3) else sorted(self.some(sorted(base.dims), least=1))
        spec: Spec = {"value": f'"{base.id}"' if "." in base.id and self.chance(2) else base.id, "over": over}
        if "year" in over:
            spec["years"] = self.window(held=False)
        combine = {"verdict": ("share", "count"), "text": ("count",)}.get(
            base.kind, ("mean", "median", "sum", "min", "max")
        )
        if base.kind == "number":
            combine = (
                *combine,
                "count",
                "stdev",
                "lowest",
                "highest",
                *(("change", "slope") * 2 if over == ["year"] else ()),
            )
        chosen = self.pick(combine)
        spec["combine"] = {chosen: self.pick(("25", "50", "30"))} if chosen in ("lowest", "highest") else chosen
        if not self.monotone and self.chance(4):
            spec["at_least_known"] = self.pick("12")
        unit = self.unit_of(chosen, base)
        return {**spec, "unit": unit}, Meta("", base.level, base.dims - set(over), "number", unit)

    def unit_of(self, combine: str, base: Meta) -> str:
        if combine == "share":
            return "percent"
        if combine in KEPT or (combine == "sum" and base.kind == "number"):
            return base.unit
        return "percentage_point" if base.unit == "percent" and combine in ("change", "slope", "stdev") else "number"

    def choose(self) -> tuple[Spec, Meta] | None:
        usable = [meta for meta in self.metas if meta.kind in ("number", "text")]
        if not usable:
            return None
        one = self.pick(usable)
        alike = [m for m in usable if (m.kind, m.level, m.dims, m.unit) == (one.kind, one.level, one.dims, one.unit)]
        two = self.pick(alike)
        spec: Spec = {"choose": "$reading", "options": {"one": one.id, "two": two.id}, "unit": one.unit}
        return spec, replace(one, pools=one.pools and two.pools, better=False)

    # Groups

    def among_item(self) -> tuple[Spec, Meta] | None:
        usable = [meta for meta in self.metas if meta.kind in ("number", "verdict", "text")]
        verdicts = [meta for meta in usable if meta.kind == "verdict"]
        base = self.pick(verdicts if verdicts and self.chance(4) else usable) if usable else None
        made = self.among_of(base) if base is not None else None
        if base is None or made is None:
            return None
        return {"value": base.id, **made[0]}, made[1]

    def among_of(self, base: Meta) -> tuple[Spec, Meta] | None:
        above = self.levels[self.rank(base.level) + 1 :]
        if not above:
            return None
        group = self.group(base, above)
        options = {"verdict": ["share", "count"], "text": ["count"]}.get(base.kind, [])
        if base.kind == "number":
            options = ["mean", "median", "min", "max", "sum", "count", "stdev", "lowest", "highest"]
            options += ["pooled"] * 3 if base.pools else []
            options += ["rank"] if base.better else []
        chosen = self.pick(options)
        spec: Spec = {"among": group}
        spec["combine"] = {chosen: self.pick(("25", "50", "34", "75"))} if chosen in ("lowest", "highest") else chosen
        if chosen == "rank":
            spec["better"] = self.pick(("higher", "lower"))
        if self.chance(4):
            spec["at_least_known"] = self.pick("12")
        of_level = isinstance(group, str) or set(group) <= {"within", "meeting"}
        level = (group if isinstance(group, str) else group["within"]) if of_level and chosen != "rank" else base.level
        unit = self.unit_of(chosen, base)
        return {**spec, "unit": unit}, Meta("", level, base.dims, "number", unit)

    def group(self, base: Meta, above: Sequence[str]) -> str | Spec:
        within = self.pick(above)
        same = self.undimensioned(base.level, "text", "cluster")
        verdicts = [m for m in self.metas if m.kind == "verdict" and m.dims <= base.dims]
        meeting = [m for m in verdicts if self.rank(m.level) >= self.rank(base.level)]
        forms: list[str | Spec] = [within, within, {"within": within, "without_self": "true"}]
        if meeting:
            forms += [{"within": within, "meeting": self.pick(meeting).id} for _ in range(3)]
        if same:
            forms += [{"same": [self.pick(same).id]}, {"within": within, "same": [self.pick(same).id]}]
            forms.append({"same": [self.pick(same).id], "without_self": "true"})
            if meeting:
                forms.append({"same": [self.pick(same).id], "meeting": self.pick(meeting).id})
        chosen = self.pick(forms)
        return chosen if isinstance(chosen, str) else dict(chosen)


__all__ = ["IndicatorMaker", "KINDS", "Meta", "Spec"]
