"""One of the outcomes that are compared: its items, entities, and the conditions that its flags rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from shsnor.comparing.changes import Turn
from shsnor.explaining import ExplanationNode
from shsnor.explaining.tree import Facts
from shsnor.outcomes import CriterionResultRow, EntityRow, ItemRow, Outcome
from shsnor.outcomes.items import Items

#: Keys of an item that say nothing of what is computed.
_SAID_ONLY: Final = {"label", "note", "source", "because", "claims", "accept", "code", "override"}

#: Sections whose items have conditions.
_STATED: Final = ("criteria", "flags", "clusters")


class Side:
    """An outcome with what a comparison asks of it again and again.

    year         that the evaluation is for
    parameters   id -> text in force
    without      procedures that were left out
    entities     (level, key) -> row
    """

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.evaluation: dict[str, Any] = outcome.manifest.evaluation
        self.as_of = str(self.evaluation.get("as_of") or "")
        self.year = int(self.evaluation.get("year") or self.as_of[:4] or 9999)
        given: dict[str, dict[str, Any]] = self.evaluation.get("parameters") or {}
        self.parameters = {name: str(parameter.get("value", "")) for name, parameter in given.items()}
        self.without = frozenset(self.evaluation.get("without") or ())
        self.rows = list(outcome.items.rows())
        self.items = Items(self.rows, self.parameters)
        self.entities = {(row.level, row.entity): row for row in outcome.entities.rows()}
        self._results: dict[tuple[str, str], list[CriterionResultRow]] = {}
        self._closures: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}

    def look_at(self, entities: Iterable[tuple[str, str]], flags: Iterable[str]) -> None:
        """Read what these flags of these entities rest on, of what they lie in too, at once; what was read before is let go."""
        items = sorted({name for flag in flags for section, name in self.rests_on(flag, "flags") if section in _STATED})
        wanted: dict[str, set[str]] = {}
        for key in entities if items else ():
            for row in self._chain(*key):
                wanted.setdefault(row.level, set()).add(row.entity)
        self._results = {}
        for level, codes in wanted.items():
            for result in self.outcome.criterion_results.rows(level=level, entity=sorted(codes), item=items):
                self._results.setdefault((level, result.entity), []).append(result)

    def place_of(self, level: str, entity: str) -> tuple[str, tuple[tuple[str, str, str], ...]]:
        """The name of an entity, and what it lies in as (level, key, name), the nearest first, without the top level."""
        chain = self._chain(level, entity)
        within = tuple((row.level, row.entity, row.name) for row in chain[1:] if row.parent_level)
        return (chain[0].name if chain else ""), within

    def nodes(self, level: str, entity: str, flag: str) -> dict[tuple[str, ...], ExplanationNode]:
        """(item, path, dimensions) -> node, of all that the flag's rule rests on; years as their distance to `year`."""
        chain = self._chain(level, entity)
        if not chain:
            return {}
        rows = [row for one in chain for row in self._results.get((one.level, one.entity), ())]
        facts = Facts(chain, self.items, rows, [], self.year)
        found: dict[tuple[str, ...], ExplanationNode] = {}
        for root in facts.statement(flag, {}):
            for node in root.walk():
                if node.node != "item":
                    found.setdefault((node.item, node.path, self.cell(node.dimensions)), node)
        return found

    def cell(self, dimensions: dict[str, str]) -> str:
        """The cell as a text that is the same for the same distance to the evaluation's year."""
        year = dimensions.get("year", "")
        shifted = {"year": str(int(year) - self.year)} if year.isdecimal() else {}
        return json.dumps({**dimensions, **shifted}, sort_keys=True, ensure_ascii=False)

    def rests_on(self, item: str, section: str = "") -> frozenset[tuple[str, str]]:
        """(section, id) of the item, of all that it reads, and so on down, parameters too."""
        first = self.items.get(item, section)
        if first is None:
            return frozenset()
        key = (first.section, first.item)
        if key not in self._closures:
            waiting, seen = [first], {key}
            while waiting:
                for read in self.items.read_by(waiting.pop()):
                    if (read.section, read.item) not in seen:
                        seen.add((read.section, read.item))
                        waiting.append(read)
            self._closures[key] = frozenset(seen)
        return self._closures[key]

    def _chain(self, level: str, entity: str) -> list[EntityRow]:
        """The entity and what it lies in, the nearest first."""
        chain: list[EntityRow] = []
        row = self.entities.get((level, entity))
        while row is not None:
            chain.append(row)
            row = self.entities.get((row.parent_level, row.parent)) if row.parent_level else None
        return chain


def turns_between(before: Side, after: Side, level: str, entity: str, flag: str) -> list[Turn]:
    """All conditions under a flag whose verdict differs, those of the later rule first.

    A condition on a year is compared with the one as far from the other evaluation's year: this year's with last year's.
    """
    sides = [side.nodes(level, entity, flag) for side in (before, after)]
    keys = dict.fromkeys([*sides[1], *sides[0]])
    turns = [Turn(sides[0].get(key), sides[1].get(key)) for key in keys]
    return [turn for turn in turns if _verdict(turn.before) != _verdict(turn.after)]


def _verdict(node: ExplanationNode | None) -> str | None:
    return node.verdict if node is not None else None


def items_that_differ(before: Side, after: Side) -> frozenset[tuple[str, str]]:
    """(section, id) of the items that say something else, or stand in one pack only: words, sources, notes do not count.

    Parameters are left out: of them the values in force are compared.
    """
    said = [{(row.section, row.item): row for row in side.rows if _computes(row)} for side in (before, after)]
    return frozenset(
        key
        for key in {*said[0], *said[1]}
        if key not in said[0] or key not in said[1] or meaning(said[0][key]) != meaning(said[1][key])
    )


def parameters_that_differ(before: Side, after: Side) -> frozenset[str]:
    """Ids of the parameters that both evaluations have, with another value in force."""
    both = before.parameters.keys() & after.parameters.keys()
    return frozenset(name for name in both if before.parameters[name] != after.parameters[name])


def _computes(row: ItemRow) -> bool:
    return row.section in ("indicators", "criteria", "flags", "clusters", "peers", "not_held", "functions")


def meaning(row: ItemRow) -> str:
    """What an item computes, as text: the same for the same computation."""
    content = json.loads(row.detail) if row.detail else {}
    return json.dumps(_without_words(content), sort_keys=True, ensure_ascii=False)


def _without_words(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _without_words(value) for key, value in content.items() if key not in _SAID_ONLY}
    return [_without_words(value) for value in content] if isinstance(content, list) else content


def same_rows(before: Side, after: Side) -> bool:
    """Whether both evaluations were made of the same rows, for the same date."""
    digests = [
        {name: table.get("digest") for name, table in (side.evaluation.get("tables") or {}).items()}
        for side in (before, after)
    ]
    shared = digests[0].keys() & digests[1].keys()
    known = bool(shared) and all(digests[0][name] and digests[0][name] == digests[1][name] for name in shared)
    return known and before.as_of == after.as_of and before.year == after.year


def tables_that_differ(before: Side, after: Side) -> Iterator[str]:
    """The names of the tables whose rows are not the same, or that one evaluation did not read."""
    tables = [side.evaluation.get("tables") or {} for side in (before, after)]
    for name in sorted({*tables[0], *tables[1]}):
        if tables[0].get(name, {}).get("digest") != tables[1].get(name, {}).get("digest"):
            yield name
