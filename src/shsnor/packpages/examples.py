"""Worked examples of the items of a pack: of its cases the smallest for each way that an item came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shsnor.describing.names import Names
from shsnor.pack import as_number
from shsnor.packpages.rows import is_read, members
from shsnor.packtests.cases import MEASURE_LISTS, Case, Expected, ExpectedCells
from shsnor.terms import FunctionTerm, GroupStat, Resolved, TableValue, Term, reachable
from shsnor.wording import pack_pages as words
from shsnor.wording.explanations import amount, cell, date, quoted
from shsnor.wording.terms import REASONS, VERDICTS, term

#: Rows of an example shown at most; the others are counted.
MOST_ROWS = 6
#: Labels of a cluster and lists of partners shown at most.
MOST_OUTCOMES = 8

_VERDICTS = ("met", "not_met", "unknown")

#: What a changed parameter, or no row at all, weighs against rows: such an example is taken where there is no other.
_MUCH = 100


@dataclass(frozen=True, slots=True)
class Example:
    """What came out of which rows.

    name    of the case: a sentence
    given   lines: the rows of the entity that the item rests on, what else differs from the usual
    result  what came out, with its cell
    """

    name: str
    given: tuple[str, ...]
    result: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A case that shows how an item came out for an entity."""

    case: Case
    entity: str
    section: str
    item: str
    outcome: str
    expected: Expected | None


class Examples:
    """The examples of one pack."""

    def __init__(self, names: Names, resolved: Resolved, cases: Iterable[Case]) -> None:
        self.names, self.lang, self.resolved = names, names.lang, resolved
        self._reads: dict[tuple[str, str], dict[str, list[TableValue]]] = {}
        self._found: dict[tuple[str, str], dict[str, tuple[int, _Found]]] = {}
        for found in (one for case in cases for one in self._shown_by(case)):
            outcomes = self._found.setdefault((found.section, found.item), {})
            size = self._size(found)
            if found.outcome not in outcomes or size < outcomes[found.outcome][0]:
                outcomes[found.outcome] = size, found

    def of(self, section: str, item: str) -> tuple[Example, ...]:
        """The examples of an item: met, not met, unknown; of a number or a label those that cases have."""
        outcomes = self._found.get((section, item), {})
        ordered = sorted(outcomes, key=lambda name: (_VERDICTS.index(name) if name in _VERDICTS else -1,))
        return tuple(self._example(outcomes[name][1]) for name in ordered[:MOST_OUTCOMES])

    def _shown_by(self, case: Case) -> Iterator[_Found]:
        for entity, expected in case.expect.items():
            for name, what in expected.items():
                if isinstance(what, ExpectedCells):
                    section = self.resolved.sections.get(name, "")
                    for one in what.cells:
                        yield _Found(case, entity, section, name, _outcome(one, section), one)
                elif name in MEASURE_LISTS:
                    verdict = "met" if name == "measures" else "unknown"
                    yield from (_Found(case, entity, "measures", measure, verdict, None) for measure in what)
                else:
                    yield _Found(case, entity, "peers", name, ", ".join(what), None)
            yield from self._by_condition(case, entity)

    def _by_condition(self, case: Case, entity: str) -> Iterator[_Found]:
        """Measures whose condition is an item that the case expects something of: it decides them."""
        for name, measure in self.names.pack.document.measures.items():
            what = case.expect[entity].get(measure.when) if isinstance(measure.when, str) else None
            if isinstance(what, ExpectedCells) and len(what.cells) == 1 and what.cells[0].value in _VERDICTS:
                yield _Found(case, entity, "measures", name, what.cells[0].value, None)

    def _size(self, found: _Found) -> int:
        """How much there is to read in an example; a changed parameter is more than a row."""
        rows = sum(len(rows) for _, rows in self._rows(found))
        others = sum(self._others(found, name) for name in self._readers(found))
        empty = _MUCH if not rows else 0
        vacant = _MUCH if found.expected is not None and found.expected.reasons == frozenset({"not_applicable"}) else 0
        unusual = len(found.case.parameters) + len(found.case.without) + len(self._decisions(found))
        return empty + vacant + rows + others + _MUCH * unusual

    def _decisions(self, found: _Found) -> list[dict[str, str]]:
        """What experts decided of the entity."""
        return [row for row in found.case.tables.get("decisions", ()) if found.entity in row.values()]

    def _others(self, found: _Found, table: str) -> int:
        """How many rows of a table that the item reads are those of others."""
        rows, readers = found.case.tables.get(table, []), self._readers(found)[table]
        return sum(1 for row in rows if is_read(row, readers)) - len(self._own(found, table))

    def _own(self, found: _Found, table: str) -> list[dict[str, str]]:
        """The rows of the entity, and of those that lie in it, that the item reads."""
        owners = list((self.names.tables[table].entity or {}).values()) if table in self.names.tables else []
        inside, readers = members(found.case, found.entity), self._readers(found)[table]
        rows = found.case.tables.get(table, [])
        own = [row for row in rows if inside is None or any(row.get(owner) in inside for owner in owners)]
        return [row for row in own if is_read(row, readers)]

    def _readers(self, found: _Found) -> dict[str, list[TableValue]]:
        """Table -> the values read from it that the item rests on."""
        key = (found.section, found.item)
        if key not in self._reads:
            reads: dict[str, list[TableValue]] = {}
            for one in reachable(self._terms(*key)):
                if isinstance(one, TableValue):
                    reads.setdefault(one.table, []).append(one)
            self._reads[key] = reads
        return self._reads[key]

    def _columns(self, found: _Found, table: str) -> set[str]:
        """The columns of a table that the item rests on."""
        readers = self._readers(found)[table]
        conditions = [one.where for one in readers if one.where is not None]
        named = {name for formula in (*(one.value for one in readers), *conditions) for name in formula.names}
        return named.union(*(one.minimum for one in readers))

    def _terms(self, section: str, item: str) -> list[Term]:
        if section == "measures":
            found: Term | None = self.resolved.measures.get(item)
        elif section == "peers":
            found = self.resolved.peers.get(item)
        else:
            found = self.resolved.terms.get(item)
        return [found] if found is not None else []

    def _rows(self, found: _Found) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """The rows of the entity in the tables that the item rests on; of other subjects, grades … than the example's none."""
        wanted = found.expected.dimensions if found.expected is not None else {}
        for name in self._readers(found):
            own = self._own(found, name)
            yield name, [row for row in own if all(row.get(d, v) == v for d, v in wanted.items() if d != "year")]

    def _example(self, found: _Found) -> Example:
        given: list[str] = []
        left = others = shown = 0
        for name, rows in self._rows(found):
            here = rows[: max(MOST_ROWS - shown, 0)]
            shown += len(here)
            left += len(rows) - len(here)
            others += self._others(found, name)
            told = [self._row(name, row, self._columns(found, name)) for row in here]
            if len(told) == 1:
                given.append(f"{self.names.table(name)}: {told[0]}")
            elif told:
                given += [f"{self.names.table(name)}:", *(f"– {line}" for line in told)]
        if not given:
            given.append(words.say("example_no_rows", self.lang))
        for key, n in (("example_more", left), ("example_others", others if self._compares(found) else 0)):
            if n:
                given.append(words.say(key, self.lang, n=n))
        for row in self._decisions(found):
            item = self.names.ref(row.get("item", "")).label
            verdict = term(row.get("verdict", ""), self.lang, VERDICTS)
            given.append(words.say("example_decision", self.lang, item=quoted(item, self.lang), verdict=verdict))
        for name, value in found.case.parameters.items():
            given.append(words.say("example_parameter", self.lang, parameter=self._parameter(name), value=value))
        if found.case.without:
            given.append(words.say("example_without", self.lang, procedures=", ".join(found.case.without)))
        key = "example_year" if found.case.as_of.isdigit() else "example_as_of"
        given.append(words.say(key, self.lang, date=date(found.case.as_of, self.lang)))
        return Example(found.case.name, tuple(given), self._result(found))

    def _parameter(self, name: str) -> str:
        item = self.names.pack.document.parameters.get(name)
        return quoted(item.label, self.lang) if item is not None else name

    def _row(self, name: str, row: Mapping[str, str], columns: set[str]) -> str:
        table = self.names.tables[name]
        owners = set((table.entity or {}).values())
        cells = table.dimensions if table.dimensions is not None else table.key or []
        where = {key: row[key] for key in cells if key in row and key not in owners}
        values = [
            f"{self._small(name, key)}\u00a0{row[key] or '—'}"
            for key in table.columns
            if key in row and key in columns - owners - set(where)
        ]
        told = " — ".join(part for part in (cell(where, self.lang), ", ".join(values)) if part)
        return told or words.say("example_row", self.lang)

    def _compares(self, found: _Found) -> bool:
        """Whether the item rests on what others have."""
        terms = reachable(self._terms(found.section, found.item))
        return any(
            isinstance(one, GroupStat | FunctionTerm) or (isinstance(one, TableValue) and one.pool is not None)
            for one in terms
        )

    def _small(self, table: str, column: str) -> str:
        """The label of a column inside a sentence; «ОГЭ» stays as it is."""
        label = self.names.column(table, column)
        return label[:1].lower() + label[1:] if label[1:2].islower() else label

    def _result(self, found: _Found) -> str:
        if found.section == "measures":
            return words.say(f"example_measure_{found.outcome}", self.lang)
        if found.section == "peers":
            return found.outcome or words.say("example_no_peers", self.lang)
        assert found.expected is not None
        said = self._value(found, found.expected)
        where = cell(found.expected.dimensions, self.lang)
        return f"{where}: {said}" if where else said

    def _value(self, found: _Found, expected: Expected) -> str:
        if expected.value in _VERDICTS and found.section != "clusters":
            if found.section == "flags":
                said = words.say(f"example_flag_{expected.value}", self.lang)
            else:
                said = term(expected.value, self.lang, VERDICTS)
            reasons = ", ".join(term(reason, self.lang, REASONS) for reason in sorted(expected.reasons or ()))
            return f"{said} ({reasons})" if reasons else said
        if found.section == "clusters":
            label = (
                term("unknown", self.lang, VERDICTS)
                if expected.value == "unknown"
                else self.names.case(found.item, expected.value)
            )
            return label if expected.value == "unknown" else quoted(label, self.lang)
        number = as_number(expected.value)
        if number is None:
            return expected.value
        shown = amount(number, self.names.unit(found.item), self.lang)
        return f"≈\u00a0{shown}" if expected.tolerance > Decimal(0) else shown


def _outcome(expected: Expected, section: str) -> str:
    """By what examples of an item are told apart: verdicts and labels; of numbers one is enough."""
    if expected.value in _VERDICTS or section in ("criteria", "flags", "clusters"):
        return expected.value
    return "value"
