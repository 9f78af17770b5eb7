"""An explanation put into sentences, one a branch of the tree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from shsnor.explaining.drawing import Branch
from shsnor.explaining.tree import ExplanationNode
from shsnor.outcomes import ItemRow, RecommendationRow
from shsnor.outcomes.items import Items
from shsnor.wording import explanations as words
from shsnor.wording.phrases import Lang, number
from shsnor.wording.terms import LEVELS, VERDICTS, term

if TYPE_CHECKING:
    from shsnor.explaining.explanation import ClusterExplanation, Explanation, FlagExplanation

#: So many missing values of a flag are named; of more, how many there are.
_MOST_GAPS = 10

#: Document and clause of the node above.
_Source = tuple[str, str]
_NO_SOURCE: _Source = ("", "")


def heading(explanation: Explanation, lang: Lang) -> str:
    """«Школа № 1 (010001), муниципалитет Северный, на 31.12.2022»."""
    entity = explanation.entity
    level = term(entity.level, lang, LEVELS)
    named = f"{entity.name} ({entity.entity})" if entity.name else f"{level} {entity.entity}"
    parts = [named[0].upper() + named[1:]]
    # The top level has one entity, which often has no name: nothing is learnt from it.
    above = (row for row in explanation.containers if row.parent)
    parts += [f"{term(row.level, lang, LEVELS)} {row.name or row.entity}" for row in above]
    if explanation.as_of:
        parts.append(words.say("as_of", lang, date=words.date(explanation.as_of, lang)))
    return ", ".join(parts)


def branches(explanation: Explanation, lang: Lang) -> list[Branch]:
    """All that is shown, from flags to the limits of their use."""
    say = Sayer(explanation.items, lang)
    shown = [say.flag(flag) for flag in explanation.flags]
    if not shown and explanation.item is None:
        shown.append(Branch(words.say("no_flags", lang)))
    shown += [say.cluster(cluster) for cluster in explanation.clusters]
    shown += say.nodes(explanation.nodes)
    if explanation.assumptions:
        shown.append(Branch(words.say("rests_on_assumed", lang), say.assumptions(explanation.assumptions)))
    shown += say.measures(explanation.measures)
    if not shown:
        shown.append(Branch(words.say("nothing", lang)))
    if explanation.rests_on_vpr:
        shown.append(Branch(words.say("vpr_limit", lang)))
    if explanation.flags:
        shown.append(Branch(words.say("help", lang)))
    return shown


def turned(before: ExplanationNode | None, after: ExplanationNode | None, items: Items, lang: Lang) -> str:
    """A condition that has turned, without what is below it: what was and what is, where that differs."""
    return Sayer(items, lang).turned(before, after)


class Sayer:
    """Says the parts of one explanation in one language; what the pack's author chose is told once."""

    def __init__(self, items: Items, lang: Lang) -> None:
        self.items = items
        self.lang: Lang = lang
        self._told: set[ItemRow] = set()

    def turned(self, before: ExplanationNode | None, after: ExplanationNode | None) -> str:
        node = after or before
        assert node is not None
        if before is None or after is None:
            return f"{self.statement(node)} — {self.verdict(node)}"
        if node.node != "leaf":
            return f"{self.statement(after)} — {self._was_is(self.verdict(before), self.verdict(after))}"
        value = self._was_is(self.value(before), self.value(after))
        threshold = self._was_is(self._bound(before), self._bound(after))
        said = ": ".join([*self._named(node), words.listed([value, threshold])])
        return f"{said} — {self._was_is(self.verdict(before), self.verdict(after))}"

    def _was_is(self, before: str, after: str) -> str:
        return after if before == after else words.say("was_is", self.lang, before=before, after=after)

    def _bound(self, node: ExplanationNode) -> str:
        """The threshold without where it comes from."""
        return self.threshold(replace(node, threshold_from=""))

    def flag(self, flag: FlagExplanation) -> Branch:
        row, lang = flag.row, self.lang
        verdict = words.flag_verdict(row.verdict, lang)
        if row.verdict == "unknown":
            verdict = words.reasons(row.reason, lang) if words.is_vacant(row.reason) else self._unknown(row.reason)
        if row.decided_by:
            computed = words.flag_verdict(row.computed, lang)
            verdict = words.say("decided", lang, role=row.decided_by, verdict=verdict, computed=computed)
        below = [*self._flag_notes(flag), *self.rule(flag)]
        if row.verdict == "unknown":
            below += self._gaps(flag)
        return Branch(words.say("flag", lang, label=row.label, verdict=verdict), tuple(below))

    def rule(self, flag: FlagExplanation) -> list[Branch]:
        """The flag's rule with what it found; where the flag does not apply, to whom it does."""
        if flag.applies_to:
            return [Branch(words.say("applies_to", self.lang), tuple(self.nodes(flag.applies_to)))]
        source = (self.items.label(flag.row.document, "sources"), flag.row.clause)
        return self.nodes([node for root in flag.rule for node in _without_wrapping(root)], source)

    def _flag_notes(self, flag: FlagExplanation) -> Iterator[Branch]:
        row, lang = flag.row, self.lang
        if row.decision_reason:
            yield Branch(words.say("decision_reason", lang, reason=row.decision_reason))
        if source := words.listed([row.clause, self.items.label(row.document, "sources")]):
            yield Branch(words.say("source", lang, source=source))
        if words.is_vacant(row.reason):
            return  # nothing was concluded
        if row.assumed:
            yield Branch(words.say("flag_assumed", lang), self.assumptions(flag.assumptions))
        if row.vpr_only:
            yield Branch(words.say("flag_vpr_only", lang))

    def gaps(self, flag: FlagExplanation) -> list[str]:
        """What is missing for a verdict of the flag: each value once, with the reason why it is not there."""
        found = ((": ".join(self._named(n)), self._reasons(n.reason, n.indicator)) for n in flag.gaps())
        return list(dict.fromkeys(f"{named}: {reasons}" for named, reasons in found))

    def _gaps(self, flag: FlagExplanation) -> Iterator[Branch]:
        if lines := self.gaps(flag):
            shown = [Branch(line) for line in lines[:_MOST_GAPS]]
            if len(lines) > _MOST_GAPS:
                shown.append(Branch(words.say("more", self.lang, n=number(len(lines) - _MOST_GAPS, self.lang))))
            yield Branch(words.say("gaps", self.lang), tuple(shown))

    def cluster(self, cluster: ClusterExplanation) -> Branch:
        row, lang = cluster.row, self.lang
        if row.label is None:
            text = words.say("cluster_unknown", lang, label=cluster.label, reasons=words.reasons(row.reason, lang))
        else:
            text = words.say("cluster", lang, label=cluster.label, case=row.title or row.label)
        if row.decided_by:
            computed = self.items.case(row.cluster, row.computed) or words.say("label_unknown", lang)
            text += "; " + words.say("cluster_decided", lang, role=row.decided_by, computed=computed)
        return Branch(text, tuple(self.nodes(cluster.rule)))

    def assumptions(self, rows: tuple[ItemRow, ...]) -> tuple[Branch, ...]:
        """What the pack's author chose, and why; what was told already is not told again."""
        fresh = [row for row in rows if row not in self._told]
        self._told.update(fresh)
        return tuple(Branch(": ".join(part for part in (row.label, row.because) if part)) for row in fresh)

    def measures(self, rows: tuple[RecommendationRow, ...]) -> Iterator[Branch]:
        """The measures by their status: recommended ones first."""
        for status, key in (("recommended", "measures"), ("undecided", "undecided"), ("for_everyone", "for_everyone")):
            shown = tuple(Branch(self._measure(row)) for row in rows if row.status == status)
            if shown:
                yield Branch(words.say(key, self.lang), shown)

    def _measure(self, row: RecommendationRow) -> str:
        lang = self.lang
        because = dict.fromkeys(self.items.label(cause.split(" ")[0]) for cause in json.loads(row.because or "[]"))
        roles = words.listed(json.loads(row.responsible or "[]"))
        parts = [
            row.label,
            words.say("deadline", lang, deadline=row.deadline) if row.deadline else "",
            words.say("responsible", lang, roles=roles) if roles else "",
            words.say("because", lang, because=words.listed(because)) if because else "",
            words.reasons(row.reason, lang, row.absent),
        ]
        return "; ".join(part for part in parts if part)

    def nodes(self, nodes: Iterable[ExplanationNode], above: _Source = _NO_SOURCE) -> list[Branch]:
        """The branches of nodes that stand side by side: cells of one indicator share a branch that names it once."""
        groups: dict[tuple[str, ...], list[ExplanationNode]] = {}
        for place, node in enumerate(map(_without_reference, nodes)):
            kind: tuple[str, ...] = ("alone", str(place))
            if node.dimensions and node.vacant:
                kind = ("vacant", node.reason)
            elif node.dimensions and node.repeated:
                kind = ("repeated", node.label, self.verdict(node))
            elif node.dimensions and node.node in ("leaf", "value") and not node.children:
                kind = ("cells", node.label)
            groups.setdefault(kind, []).append(node)
        # What was said above, and what is not counted, comes after what there is to read.
        order = sorted(groups, key=lambda kind: {"repeated": 1, "vacant": 2}.get(kind[0], 0))
        return [branch for kind in order for branch in self._group(kind, groups[kind], above)]

    def _group(self, kind: tuple[str, ...], nodes: list[ExplanationNode], above: _Source) -> list[Branch]:
        if kind[0] == "alone" or (len(nodes) == 1 and kind[0] != "vacant"):
            return [self.node(node, above) for node in nodes]
        if kind[0] == "cells":
            return [self._cells(nodes, above)]
        cells = "; ".join(words.cell(node.dimensions, self.lang) for node in nodes)
        said = self.verdict(nodes[0])
        if kind[0] == "repeated":
            said = f"{kind[1]} — {said} ({words.say('above', self.lang)})"
        return [Branch(f"{said[:1].upper()}{said[1:]}: {cells}")]

    def _cells(self, nodes: list[ExplanationNode], above: _Source) -> Branch:
        """One indicator in several cells: its name, and what all of them have in common, stand above them."""
        thresholds = [self.threshold(node) for node in nodes]
        sources = [list(self._source(node, above)) for node in nodes]
        head, shared = [nodes[0].label], [len(set(thresholds)) == 1, all(source == sources[0] for source in sources)]
        if shared[0]:
            head = [words.listed([*head, thresholds[0]])]
        if shared[1]:
            head += sources[0]
        below = []
        for node, threshold, source in zip(nodes, thresholds, sources, strict=True):
            said = words.listed([self.value(node), "" if shared[0] else threshold])
            text = f"{words.cell(node.dimensions, self.lang)}: {said}"
            text += f" — {self.verdict(node)}" if node.verdict else ""
            below.append(Branch("; ".join([text, *([] if shared[1] else source)])))
        return Branch("; ".join(head), tuple(below))

    def node(self, node: ExplanationNode, above: _Source = _NO_SOURCE) -> Branch:
        """The branch of a node; its source is said only where it is not that of the node above."""
        if node.node == "item" and len(node.children) == 1 and node.children[0].node != "leaf":
            # the item's name and what it asks for, in one line
            return self._branch(node.children[0], above, label=": ".join(self._named(node)))
        named = node.path == "" and node.node not in ("leaf", "value", "item", "cluster")
        return self._branch(node, above, label=": ".join(self._named(node)) if named else "")

    def _branch(self, node: ExplanationNode, above: _Source, label: str = "") -> Branch:
        below = self.nodes(node.children, (node.document, node.clause))
        if node.node in ("leaf", "value") and below:
            below = [Branch(words.say("made_of", self.lang), tuple(below))]
        said = self.statement(node)
        text = f"{label}: {said[:1].lower()}{said[1:]}" if label and said else label or said
        if node.verdict:
            text += f" — {self.verdict(node)}"
        if node.repeated:
            text += f" ({words.say('above', self.lang)})"
        source = list(self._source(node, above))
        if below and source:
            return Branch(text, (Branch(words.say("source", self.lang, source="; ".join(source))), *below))
        return Branch("; ".join([text, *source]), tuple(below))

    def statement(self, node: ExplanationNode) -> str:
        """What the node says or asks for, without its verdict."""
        if node.node == "leaf":
            return words.listed([": ".join([*self._named(node), self.value(node)]), self.threshold(node)])
        if node.node == "value":
            return ": ".join([*self._named(node), self.value(node)])
        if node.node == "item":
            return ": ".join(self._named(node))
        if node.node == "cluster":
            return self._cluster_is(node)
        if node.node in ("quantifier", "of"):
            return self._counted(node)
        return "" if node.node == "flag" else words.say(node.node, self.lang)

    def _named(self, node: ExplanationNode) -> list[str]:
        return [part for part in (words.cell(node.dimensions, self.lang), node.label) if part]

    def _cluster_is(self, node: ExplanationNode) -> str:
        wanted = _texts(node.threshold_text or "")
        names = " / ".join(words.quoted(self.items.case(node.indicator, label), self.lang) for label in wanted)
        here = self._unknown(node.reason)
        if node.text is not None:
            here = words.quoted(self.items.case(node.indicator, node.text), self.lang)
        return words.say("cluster_is", self.lang, label=node.label, needed=names, value=here)

    def _counted(self, node: ExplanationNode) -> str:
        """What a quantifier or `of` asks for, and what there is: a count, or with weights their sum."""
        lang = self.lang
        weighted = any(part.weight is not None for part in node.children)
        sums = {verdict: Decimal(0) for verdict in ("met", "not_met", "unknown")}
        for part in node.children:
            if not part.vacant:
                sums[part.verdict] += (part.weight or Decimal(0)) if weighted else 1
        noun = "point" if weighted else "case" if node.node == "quantifier" else "condition"
        counted = {"met": number(sums["met"], lang), "of": number(sum(sums.values(), Decimal(0)), lang)}
        text = words.say("counted", lang, needed=words.needed(node.comparison, lang, noun), **counted)
        unknown = words.say("with_unknown", lang, n=number(sums["unknown"], lang)) if sums["unknown"] else ""
        return text + unknown

    def value(self, node: ExplanationNode) -> str:
        """«36,36 % (4 из 11)»; that it is unknown, where it is."""
        lang = self.lang
        if node.value is None and node.text is None:
            reasons = self._reasons(node.reason, node.indicator) if node.node == "value" else ""
            return words.say("value_unknown", lang) + (f" ({reasons})" if reasons else "")
        if node.value is None:
            return words.quoted(node.text or "", lang)
        shown = words.amount(node.value, node.unit, lang, against=node.threshold)
        size = ""
        if node.numerator is not None and node.denominator is not None:
            counts = {"numerator": number(node.numerator, lang), "denominator": number(node.denominator, lang)}
            size = words.say("of_counts", lang, **counts)
        elif node.participants is not None:
            size = words.many(node.participants, "participant", lang)
        elif node.node == "value" and node.members is not None:
            size = words.group_size(node.members, node.left_out, lang)
        return f"{shown} ({size})" if size else shown

    def threshold(self, node: ExplanationNode) -> str:
        """«порог не меньше 30 %» with where it comes from; "" of what is no comparison."""
        lang = self.lang
        if not node.comparison:
            return ""
        comparison = words.comparison(node.comparison, lang)
        if node.comparison == "known":
            return comparison if node.threshold_text != "false" else words.say("not_known", lang)
        if node.threshold is not None:
            threshold = words.amount(node.threshold, node.unit, lang, against=node.value)
            text = words.say("threshold", lang, comparison=comparison, threshold=threshold)
        elif node.threshold_text is not None:
            text = words.say("wanted", lang, comparison=comparison, threshold=words.listed(_texts(node.threshold_text)))
        else:
            text = words.say("threshold_unknown", lang, comparison=comparison)
        origin = words.origin(node.threshold_from, lang, self.items.label, node.members, node.left_out)
        return f"{text} ({origin})" if origin else text

    def verdict(self, node: ExplanationNode) -> str:
        """«выполнено», with who decided or why it is unknown."""
        lang = self.lang
        verdict = term(node.verdict, lang, VERDICTS)
        if node.vacant:
            return words.say("vacant", lang, reasons=words.reasons(node.reason, lang))
        if node.decided_by.startswith("missing"):
            return words.say("missing_rule", lang, verdict=verdict, reasons=words.reasons(node.reason, lang))
        if node.decided_by:
            computed = term(node.computed, lang, VERDICTS)
            return words.say("decided", lang, role=node.decided_by, verdict=verdict, computed=computed)
        return verdict if node.verdict != "unknown" else self._unknown(node.reason, node.indicator)

    def _unknown(self, reason: str, indicator: str = "") -> str:
        return words.say("unknown", self.lang, reasons=self._reasons(reason, indicator))

    def _reasons(self, reason: str, indicator: str) -> str:
        """The reasons in words; where the indicator's table says what no row means, in its own."""
        return words.reasons(reason, self.lang, self.items.absence(indicator) if indicator else "")

    def _source(self, node: ExplanationNode, above: _Source) -> Iterator[str]:
        if (node.document, node.clause) != above:
            yield from filter(None, [node.clause, node.document if node.document != above[0] else ""])
        if node.basis == "assumed" and node.path == "":
            yield words.say("assumed", self.lang)


def _without_reference(node: ExplanationNode) -> ExplanationNode:
    """The leaf that a reference names at one of many cells: the cell and the value say more than the item's name."""
    leaf = node.node == "item" and node.dimensions and len(node.children) == 1 and node.children[0].node == "leaf"
    return node.children[0] if leaf else node


def _without_wrapping(node: ExplanationNode) -> tuple[ExplanationNode, ...]:
    """The node, or what stands below it where it is a flag: that is said in the flag's own line."""
    return node.children if node.node == "flag" else (node,)


def _texts(threshold: str) -> list[str]:
    """The texts of a threshold: a JSON list of them, or one."""
    return [str(text) for text in json.loads(threshold)] if threshold.startswith("[") else [threshold]
