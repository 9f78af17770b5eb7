"""Runs a pack's own worked cases: rows in, verdicts out, as an author writes them in `tests/*.yaml` beside the pack.

A case gives the tables by hand (what it does not name is empty) and says, entity by entity, what should come out.
Expectations name what they are about: an item with dimensions may be asked for some of its cells only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shsnor.errors import Findings, FindingsError
from shsnor.evaluating import evaluate
from shsnor.explaining import explain
from shsnor.outcomes import Outcome
from shsnor.pack import Pack, Table, as_number
from shsnor.packtests.cases import Case, Expected, read_cases
from shsnor.standard import tables_of
from shsnor.wording import Lang

__all__ = ["Case", "CaseResult", "CaseResults", "Difference", "read_cases", "run_case", "run_cases"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out other than the case expects.

    dimensions  of the cell, {} for an item without
    got         what came out; None where there is no such cell, or no such entity
    """

    entity: str
    item: str
    dimensions: Mapping[str, str]
    expected: str
    got: str | None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case.

    findings      why it could not be evaluated at all
    explanations  of each entity that differs, in the language asked for
    """

    case: Case
    differences: tuple[Difference, ...] = ()
    findings: Findings = field(default_factory=Findings)
    explanations: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.differences and not self.findings.errors


@dataclass(frozen=True, slots=True)
class CaseResults:
    """What came of all cases of a pack; `findings` say what is wrong in the files of cases themselves."""

    results: tuple[CaseResult, ...]
    findings: Findings

    @property
    def failed(self) -> int:
        return sum(not result.passed for result in self.results)

    @property
    def passed(self) -> bool:
        return not self.failed and not self.findings.errors


def run_cases(pack: Pack, *, lang: Lang = "ru") -> CaseResults:
    """What came of every case that stands beside the pack; `lang` is the language of explanations."""
    cases, findings = read_cases(pack)
    return CaseResults(tuple(run_case(pack, case, lang=lang) for case in cases), findings)


def run_case(pack: Pack, case: Case, *, lang: Lang = "ru") -> CaseResult:
    """What came of one case: what differs from its expectations, with the explanation of each entity that differs."""
    tables, one = _tables(case, tables_of(pack)), {"threads": 1}
    try:
        outcome = evaluate(
            pack, tables, as_of=case.as_of, parameters=case.parameters, without=case.without, settings=one
        )
    except FindingsError as error:
        return CaseResult(case, findings=error.findings)
    with outcome:
        answers = _answers(outcome)
        differences = tuple(_differences(case, answers))
        differing = [entity for entity in dict.fromkeys(d.entity for d in differences) if entity in answers.entities]
        explanations = {entity: explain(outcome, entity).text(lang) for entity in differing}
    return CaseResult(case, differences, explanations=explanations)


def _tables(case: Case, catalog: Mapping[str, Table]) -> dict[str, list[dict[str, str]]]:
    """The rows of a case with all columns of their tables: a case leaves out what it does not speak of."""
    return {
        name: [{column: row.get(column, "") for column in catalog[name].columns} for row in rows]
        for name, rows in case.tables.items()
        if rows
    }


@dataclass(frozen=True, slots=True)
class _Answer:
    dimensions: Mapping[str, str]
    value: Decimal | str
    reasons: frozenset[str] = frozenset()

    def shown(self) -> str:
        if isinstance(self.value, Decimal):
            return f"{self.value.normalize():f}"
        return f"{self.value} ({', '.join(sorted(self.reasons))})" if self.reasons else self.value


@dataclass(frozen=True, slots=True)
class _Answers:
    """What came out: cells by (entity, item), and lists of measures or peers by (entity, item)."""

    cells: dict[tuple[str, str], list[_Answer]]
    lists: dict[tuple[str, str], list[str]]
    entities: frozenset[str]


def _answers(outcome: Outcome) -> _Answers:
    cells: dict[tuple[str, str], list[_Answer]] = {}
    lists: dict[tuple[str, str], list[str]] = {}

    def add(entity: str, item: str, dimensions: str, value: Decimal | str | None, reason: str) -> None:
        answer = _Answer(json.loads(dimensions), "unknown" if value is None else value, _reasons(reason))
        cells.setdefault((entity, item), []).append(answer)

    for value in outcome.indicator_values.rows():
        add(
            value.entity,
            value.indicator,
            value.dimensions,
            value.text if value.value is None else value.value,
            value.reason,
        )
    for result in outcome.criterion_results.rows(path=""):
        add(result.entity, result.item, result.dimensions, result.verdict, result.reason)
    for mark in outcome.internal_marks.rows(name=""):
        add(mark.entity, mark.item, mark.dimensions, mark.text or mark.value, mark.reason)
    for flag in outcome.flags.rows():
        cells[flag.entity, flag.flag] = [_Answer({}, flag.verdict, _reasons(flag.reason))]
    for cluster in outcome.clusters.rows():
        cells[cluster.entity, cluster.cluster] = [_Answer({}, cluster.label or "unknown", _reasons(cluster.reason))]
    for peer in outcome.peers.rows():
        lists.setdefault((peer.entity, peer.peers), []).append(peer.peer)
    for measure in outcome.recommendations.rows(status="recommended"):
        lists.setdefault((measure.entity, "measures"), []).append(measure.measure)
    return _Answers(cells, lists, frozenset(row.entity for row in outcome.entities.rows()))


def _reasons(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def _differences(case: Case, answers: _Answers) -> Iterator[Difference]:
    for entity, items in case.expect.items():
        if entity not in answers.entities:
            yield Difference(entity, "", {}, "", None)
            continue
        for item, expected in items.items():
            if isinstance(expected, list):
                yield from _list_difference(entity, item, expected, answers)
            else:
                for cell in expected.cells:
                    yield from _cell_differences(entity, item, cell, answers.cells.get((entity, item), []))


def _list_difference(entity: str, item: str, expected: list[str], answers: _Answers) -> Iterator[Difference]:
    """Measures are compared as a set: their order is the pack's; peers are named nearest first."""
    got = answers.lists.get((entity, item), [])
    same = sorted(expected) == sorted(got) if item == "measures" else expected == got
    if not same:
        yield Difference(entity, item, {}, f"[{', '.join(expected)}]", f"[{', '.join(got)}]")


def _cell_differences(entity: str, item: str, expected: Expected, answers: list[_Answer]) -> Iterator[Difference]:
    """Every cell that has the dimensions named must be as expected, and there must be one."""
    wanted = expected.dimensions.items()
    meant = [answer for answer in answers if wanted <= answer.dimensions.items()]
    if not meant:
        yield Difference(entity, item, expected.dimensions, expected.shown(), None)
    for answer in meant:
        if not _fits(expected, answer):
            yield Difference(entity, item, answer.dimensions, expected.shown(), answer.shown())


def _fits(expected: Expected, answer: _Answer) -> bool:
    if expected.reasons is not None and expected.reasons != answer.reasons:
        return False
    if isinstance(answer.value, Decimal):
        number = as_number(expected.value)
        return number is not None and abs(answer.value - number) <= expected.tolerance
    return expected.value == answer.value
