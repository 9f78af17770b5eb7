"""Indicators in sentences: what is computed, from what, for what, and when the value is unknown."""

from __future__ import annotations

from collections.abc import Iterator

from shsnor.describing.conditions import Conditions, flat
from shsnor.describing.formulas import Formula
from shsnor.describing.functions import by_function
from shsnor.describing.names import Names
from shsnor.describing.sentence import Parts, Sentence, fill, join, merged
from shsnor.nodes import CellEntry, InlineIndicator
from shsnor.pack import Criterion, Flag
from shsnor.wording import counting
from shsnor.wording import descriptions as words
from shsnor.wording.phrases import number


class Indicators:
    """Says the indicators of one pack."""

    def __init__(self, names: Names, conditions: Conditions) -> None:
        self.names, self.conditions, self.lang = names, conditions, names.lang
        conditions.inline = self.inline

    def say(self, key: str, **gaps: object) -> Parts:
        return fill(words.say(key, self.lang), **gaps)

    def sentences(self, indicator: InlineIndicator) -> Iterator[Sentence]:
        """What the indicator is, a sentence a thing."""
        if indicator.from_ is not None:
            yield from self._of_table(indicator, indicator.from_)
        elif indicator.choose is not None:
            options = {name: self._option(option) for name, option in (indicator.options or {}).items()}
            readings = self.conditions.readings(indicator.choose, options)
            yield Sentence(capital(readings.parts), readings.below)
        elif indicator.function is not None:
            yield from by_function(self.names, indicator.function, indicator.with_)
        else:
            yield Sentence(self._computed(indicator))
        if indicator.round_ is not None:
            yield Sentence(self.say("rounded", n=words.decimals(indicator.round_, self.lang)))
        if indicator.applies_to is not None:
            yield self.conditions.applies(indicator)

    def inline(self, indicator: InlineIndicator, compared: str) -> Parts:
        """An indicator inside a condition, in one line; where it names no value, it is of the one compared."""
        if indicator.from_ is not None or indicator.choose is not None or indicator.function is not None:
            said = list(self.sentences(indicator))
            return join([lowered(flat(sentence, self.lang)) for sentence in said], "; ")
        if indicator.over is None and indicator.among is None:
            return self._value(indicator.value or compared)
        same = indicator.value in (None, compared)
        if indicator.over is not None:
            return self._folded(indicator, indicator.value or compared)
        return self._of_group(indicator, None if same else indicator.value, compared)

    # from the rows of a table

    def _of_table(self, indicator: InlineIndicator, table: str) -> Iterator[Sentence]:
        formula = self._formula(table)
        said = formula.words(indicator.value or "")
        yield Sentence(self.say("from_table", table=self.names.quoted(self.names.table(table)), formula=said))
        if indicator.where is not None:
            yield Sentence(self.say("rows_where", where=formula.words(indicator.where)))
        if indicator.cells:
            yield Sentence(self.say("of_what"), tuple(self._cell(entry) for entry in indicator.cells))
        dims = list(indicator.by or ())
        if dims:
            named = [counting.dimension(name, self.lang, lambda d: self.names.column(table, d)) for name in dims]
            yield Sentence(self.say("for_each", dims=", ".join(named)))
        if indicator.years is not None and "year" not in dims:
            yield Sentence(self.say("pooled_years", span=counting.span(indicator.years, self.lang)))
        for column, least in (indicator.minimum or {}).items():
            label = self.names.quoted(self.names.column(table, column))
            yield Sentence(self.say("minimum", column=label, n=self.names.scalar(least, "")))
        if indicator.at_least_known is not None:
            yield Sentence(self.say("rows_known", n=str(indicator.at_least_known)))
        if indicator.level is not None:
            yield Sentence(self.say("at_level", level=words.level(indicator.level, "name", self.lang).lower()))

    def _formula(self, table: str) -> Formula:
        names = self.names
        return Formula(self.lang, lambda name: (names.quoted(names.column(table, name)),), names.parameter)

    def _cell(self, entry: CellEntry) -> Sentence:
        said = words.cells(entry.dims, self.lang, self.names.dimension)
        if entry.applies_to is None:
            return Sentence((said,))
        return Sentence(self.say("cell_for", cell=said, where=self.conditions.clause(entry.applies_to)))

    # from other items

    def _computed(self, indicator: InlineIndicator) -> Parts:
        if indicator.over is not None:
            return capital(self._folded(indicator, indicator.value or ""))
        if indicator.among is not None:
            return capital(self._of_group(indicator, indicator.value or ""))
        value, known = self._value(indicator.value or ""), self.names.item(indicator.value or "")
        return self.say("same_as", what=value) if known is not None else self.say("computed", formula=value)

    def _value(self, text: str) -> Parts:
        """An id, or a formula over ids, with their labels."""
        if self.names.item(text) is not None:
            return (self.names.ref(text),)
        return Formula(self.lang, lambda name: (self.names.ref(name),), self.names.parameter).words(text)

    def _taken_of(self, value: str) -> Parts:
        """What a statistic is taken of: a formula stands in brackets."""
        said = self._value(value)
        return said if self.names.item(value) is not None else ("(", *said, ")")

    def _counts(self, combine: object, value: str) -> bool:
        """Whether it is counted how often a statement holds."""
        return combine in ("count", "share") and isinstance(self.names.item(value), Criterion | Flag)

    def _folded(self, indicator: InlineIndicator, value: str) -> Parts:
        over = indicator.over or []
        along = counting.along(over, self.lang, self.names.dimension)
        window = counting.span(indicator.years, self.lang) if "year" in over else ""
        combine, spread = indicator.combine, " ".join(part for part in (along, window) if part)
        if self._counts(combine, value):
            said = self.say(f"times_{combine}", what=self.names.ref(value), over=spread)
        else:
            how = words.change(combine, self.lang) if isinstance(combine, str) else ""
            how = how or self.conditions.statistic(combine)
            said = self.say("folded", statistic=how, what=self._taken_of(value), over=spread)
        return merged((*said, *self._known(indicator)))

    def _of_group(self, indicator: InlineIndicator, value: str | None, compared: str = "") -> Parts:
        assert indicator.among is not None
        level = self.names.level_of(value or indicator.value or compared)
        group, how = self.conditions.group(indicator.among, level), self.conditions.statistic(indicator.combine)
        if value is None:
            said = self.say("of_group", statistic=how, group=group)
        elif self._counts(indicator.combine, value):
            of = words.level(level, "of", self.lang)
            said = self.say(f"group_{indicator.combine}", of=of, who=self.conditions.who(value), group=group)
        else:
            said = self.say("of_group_of", statistic=how, what=self._taken_of(value), group=group)
        return merged((*said, *self._known(indicator)))

    def _known(self, indicator: InlineIndicator) -> Parts:
        n = indicator.at_least_known
        return self.say("least_known", n=number(n, self.lang)) if n is not None else ()

    def _option(self, option: str | InlineIndicator) -> Sentence:
        if isinstance(option, str):
            return Sentence((self.names.ref(option),))
        first, *others = self.sentences(option)
        return Sentence(lowered(first.parts), (*first.below, *others))


def capital(parts: Parts) -> Parts:
    """The parts with a capital letter first."""
    first = parts[0] if parts else ""
    return (first[:1].upper() + first[1:], *parts[1:]) if isinstance(first, str) else parts


def lowered(parts: Parts) -> Parts:
    """The parts with a small letter first."""
    first = parts[0] if parts else ""
    return (first[:1].lower() + first[1:], *parts[1:]) if isinstance(first, str) else parts
