"""Conditions in sentences: leaves, quantifiers, lists, clusters, readings; and the groups that values are compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shsnor.describing.names import Names
from shsnor.describing.sentence import Parts, Ref, Sentence, fill, join, merged
from shsnor.nodes import COMPARISONS, Border, CombineWord, Group, InlineIndicator, Node
from shsnor.pack import Criterion, Item, as_number
from shsnor.wording import counting
from shsnor.wording import descriptions as words
from shsnor.wording.explanations import comparison, statistic
from shsnor.wording.phrases import number


class Conditions:
    """Says the conditions of one pack.

    inline   says an indicator that is written inside a condition, for a leaf of the indicator named
    """

    def __init__(self, names: Names) -> None:
        self.names, self.lang = names, names.lang
        self.inline: Callable[[InlineIndicator, str], Parts] | None = None

    def say(self, key: str, **gaps: object) -> Parts:
        return fill(words.say(key, self.lang), **gaps)

    def whole(self, node: str | Node) -> Sentence:
        """The condition with every criterion in it told down to its values, each once."""
        return self._node(node, set())

    def brief(self, node: str | Node) -> Sentence:
        """The condition, the criteria in it only named."""
        return self._node(node, None)

    def clause(self, node: str | Node) -> Parts:
        """The condition within a line: what it is a list of stands in brackets."""
        return flat(self.brief(node), self.lang)

    def _node(self, node: str | Node, told: set[str] | None) -> Sentence:
        if isinstance(node, str):
            return self._reference(node, told)
        said = getattr(self, f"_{node.kind}", self._nothing)(node, told)
        assert isinstance(said, Sentence)
        return said

    def _nothing(self, node: Node, told: set[str] | None) -> Sentence:
        return Sentence(self.say("nothing"))

    def _reference(self, name: str, told: set[str] | None) -> Sentence:
        ref, item = self.names.ref(name), self.names.item(name)
        parts = self._in_flag("in_flag", ref) if ref.section == "flags" else (ref,)
        if told is None or not isinstance(item, Criterion):
            return Sentence(parts)
        if name in told:
            return Sentence((*parts, words.say("told_above", self.lang)))
        told.add(name)
        inner = self._node(item, told)
        applies = [self.applies(item)] if item.applies_to is not None else []
        return Sentence(merged((*parts, ": ", *inner.parts)), (*inner.below, *applies))

    def _in_flag(self, key: str, flag: Ref) -> Parts:
        entity = words.level(self.names.level_of(flag.item), "name", self.lang).lower()
        return self.say(key, entity=entity, flag=flag)

    def applies(self, item: Item | Node | InlineIndicator) -> Sentence:
        """«Только для школ, где …»."""
        node = getattr(item, "applies_to", None)
        assert node is not None
        of = words.level(self.names.level, "of", self.lang)
        return Sentence(self.say("only_for", of=of, who=self.who(node)))

    def who(self, node: str | Node) -> Parts:
        """« категории «ШНОР»», «, где выполнено «…»»: which entities, after the word for them."""
        if not isinstance(node, str):
            return self.say("who", where=self.clause(node))
        ref = self.names.ref(node)
        return self.say("who_flag" if ref.section == "flags" else "who_met", what=ref)

    # leaves

    def _leaf(self, node: Node, told: set[str] | None) -> Sentence:
        parts = (*self._compared(node), *self._missing(node))
        if node.over is not None and node.met_in is not None:
            parts = self.say("repeated", what=parts, when=self._counted(node))
        return Sentence(parts)

    def _compared(self, node: Node, *, denied: bool = False) -> Parts:
        names, indicator = self.names, node.indicator or ""
        ref, unit = names.ref(indicator), names.unit(indicator)
        if node.known is not None:
            return self.say("is_known" if node.known != denied else "is_unknown", what=ref)
        if node.is_in is not None:
            values = join([names.scalar(v, unit) for v in node.is_in], ", ")
            return self.say("is_none_of" if denied else "is_one_of", what=ref, values=values)
        if node.is_ is not None:
            value = names.scalar(node.is_, unit)
            key = "is_number" if as_number(node.is_) is not None and unit != "text" else "is_text"
            return self.say(f"{key}_not" if denied else key, what=ref, value=value)
        key = next((c for c in COMPARISONS if getattr(node, c, None) is not None), "")
        operand: str | InlineIndicator = getattr(node, key) if key else ""
        said = comparison(key, self.lang)
        if isinstance(operand, str) and (operand.startswith("$") or as_number(operand) is not None):
            return self.say("compared", what=ref, comparison=said, with_=names.scalar(operand, unit))
        than = (names.ref(operand),) if isinstance(operand, str) else self._operand(operand, indicator)
        return self.say("compared_than", what=ref, comparison=said, with_=than)

    def _operand(self, operand: InlineIndicator, indicator: str) -> Parts:
        assert self.inline is not None
        return self.inline(operand, indicator)

    def _missing(self, node: Node) -> Parts:
        return (words.say(f"missing_{node.missing}", self.lang),) if node.missing not in (None, "unknown") else ()

    # counting

    def _counted(self, node: Node) -> str:
        assert node.met_in is not None
        return counting.counted(node.met_in, node.over or (), node.years, self.lang, self.names.dimension)

    def _quantifier(self, node: Node, told: set[str] | None) -> Sentence:
        assert node.criterion is not None
        inner, when = self._node(node.criterion, told), self._counted(node)
        if isinstance(node.criterion, str):
            ref = self.names.ref(node.criterion)
            return Sentence(self.say("met_when", what=ref, when=when), _rest(inner, ref))
        if not inner.below:
            return Sentence(self.say("repeated", what=inner.parts, when=when))
        return Sentence(self.say("condition_when", when=when), (inner,))

    def _all(self, node: Node, told: set[str] | None) -> Sentence:
        return self._list("all", node.all_ or [], told)

    def _any(self, node: Node, told: set[str] | None) -> Sentence:
        return self._list("any", node.any_ or [], told)

    def _list(self, how: str, nodes: list[str | Node], told: set[str] | None) -> Sentence:
        if len(nodes) == 1:
            return self._node(nodes[0], told)
        return Sentence(self.say(how), tuple(self._node(part, told) for part in nodes))

    def _of(self, node: Node, told: set[str] | None) -> Sentence:
        assert node.met_in is not None and node.of is not None
        word, n = counting.met_in_parts(node.met_in)
        if isinstance(node.of, dict):
            below = []
            for name, weight in node.of.items():
                part = self._node(name, told)
                points = words.points(weight, self.lang)
                below.append(Sentence(self.say("weighs", points=points, what=part.parts), part.below))
            return Sentence(self.say(f"weights_{word}", n=number(n or "0", self.lang)), tuple(below))
        wanted = words.of_conditions(word, n, len(node.of), self.lang)
        return Sentence((wanted,), tuple(self._node(part, told) for part in node.of))

    def _not(self, node: Node, told: set[str] | None) -> Sentence:
        assert node.not_ is not None
        inner = node.not_
        if isinstance(inner, Node) and inner.kind == "leaf" and inner.over is None and _deniable(inner):
            return Sentence((*self._compared(inner, denied=True), *self._missing(inner)))
        if isinstance(inner, str):
            said = self._node(inner, told)
            ref = self.names.ref(inner)
            if ref.section == "flags":
                return Sentence(self._in_flag("not_in_flag", ref))
            return Sentence(self.say("not_met", what=ref), _rest(said, ref))
        return Sentence(self.say("must_not"), (self._node(inner, told),))

    def _cluster(self, node: Node, told: set[str] | None) -> Sentence:
        cluster = node.cluster or ""
        labels = [node.is_] if node.is_ is not None else node.is_in or []
        named = [(self.names.quoted(self.names.case(cluster, label)),) for label in labels]
        values = join(named, ", ", words.say("or", self.lang))
        return Sentence(self.say("in_cluster", cluster=self.names.ref(cluster, "clusters"), values=values))

    def _choose(self, node: Node, told: set[str] | None) -> Sentence:
        choose = node.choose or ""
        written = node.options or {}
        order = self.in_order(choose, written)  # what is told is told in the reading that is read first
        return self.readings(choose, {name: self._node(written[name], told) for name in order})

    def in_order(self, choose: str, options: Mapping[str, object]) -> list[str]:
        """The readings of a choice, the one in force first."""
        chosen = self.names.chosen(choose)
        return sorted(options, key=lambda name: name != chosen)

    def readings(self, choose: str, options: dict[str, Sentence]) -> Sentence:
        """The readings of a choice: the one in force first, the others below it."""
        chosen = self.names.chosen(choose)
        below = []
        for name in self.in_order(choose, options):
            key = "reading_in_force" if name == chosen else "reading_other"
            below.append(Sentence(self.say(key, name=name, what=options[name].parts), options[name].below))
        return Sentence(
            self.say("by_reading", parameter=self.names.ref(choose.removeprefix("$"), "parameters")), tuple(below)
        )

    # groups

    def statistic(self, combine: CombineWord | Border | None) -> str:
        """«среднее», «граница нижних 25 %»."""
        text = combine if isinstance(combine, str) else str(combine.model_dump(exclude_none=True) if combine else "")
        return statistic(text, self.lang)

    def group(self, among: str | Group, level: str) -> Parts:
        """«по региону», «среди школ муниципалитета категории «ШНОР»».

        level   that of the members
        """
        lang = self.lang
        if isinstance(among, str):
            return (words.among(among, lang),)
        said = list(self.say("among", of=words.level(level, "of", lang)))
        if among.within is not None:
            said.append(words.within(among.within, lang))
        if among.peers is not None:
            said += self.say("of_peers", peers=self.names.ref(among.peers, "peers"))
        if among.same:
            same: list[Parts] = [(self.names.ref(name),) for name in among.same]
            said += self.say("with_same", what=join(same, ", ", words.say("and", lang)))
        if among.meeting is not None:
            said += self.who(among.meeting)
        if among.without_self:
            said.append(words.say("without_self", lang))
        return merged(said)


def _deniable(leaf: Node) -> bool:
    return leaf.is_ is not None or leaf.is_in is not None or leaf.known is not None


def _rest(said: Sentence, ref: Ref) -> tuple[Sentence, ...]:
    """What a criterion that is told says after its name."""
    name, after, *more = (*said.parts, "", "")[: max(2, len(said.parts))]
    if name != ref or not isinstance(after, str) or not after.startswith(": "):
        return ()
    return (Sentence(merged((after.removeprefix(": "), *more)), said.below),)


def flat(sentence: Sentence, lang: str) -> Parts:
    """The sentence with what is below it, in one line."""
    if not sentence.below:
        return sentence.parts
    return merged((*sentence.parts, " (", *join([flat(part, lang) for part in sentence.below], "; "), ")"))
