"""What came out against what a case expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shsnor.pack import as_number
from shsnor.packtests.answers import Answer, Answers
from shsnor.packtests.cases import MEASURE_LISTS, Case, Expected

Key = Callable[[str], str]


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


def differences(case: Case, answers: Answers, key: Key = str) -> Iterator[Difference]:
    """Everything that differs; `key` is what an entity of the case is called in the answers."""
    for entity, items in case.expect.items():
        if key(entity) not in answers.entities:
            yield Difference(entity, "", {}, "", None)
            continue
        for item, expected in items.items():
            if isinstance(expected, list):
                got = answers.lists.get((key(entity), item), [])
                ids = got if item in MEASURE_LISTS else [_own(peer, key) for peer in got]
                yield from _list_difference(entity, item, expected, ids)
            else:
                for cell in expected.cells:
                    yield from _cell_differences(entity, item, cell, answers.cells.get((key(entity), item), []))


def _own(peer: str, key: Key) -> str:
    """A peer as the case calls it: what `key` puts in front is the same for all entities of a case."""
    return peer.removeprefix(key(""))


def _list_difference(entity: str, item: str, expected: list[str], got: list[str]) -> Iterator[Difference]:
    """Measures are compared as a set: their order is the pack's; peers are named nearest first."""
    same = sorted(expected) == sorted(got) if item in MEASURE_LISTS else expected == got
    if not same:
        yield Difference(entity, item, {}, f"[{', '.join(expected)}]", f"[{', '.join(got)}]")


def _cell_differences(entity: str, item: str, expected: Expected, answers: list[Answer]) -> Iterator[Difference]:
    """Every cell that has the dimensions named must be as expected, and there must be one."""
    wanted = expected.dimensions.items()
    meant = [answer for answer in answers if wanted <= answer.dimensions.items()]
    if not meant:
        yield Difference(entity, item, expected.dimensions, expected.shown(), None)
    for answer in meant:
        if not _fits(expected, answer):
            yield Difference(entity, item, answer.dimensions, expected.shown(), answer.shown())


def _fits(expected: Expected, answer: Answer) -> bool:
    if expected.reasons is not None and expected.reasons != answer.reasons:
        return False
    if isinstance(answer.value, Decimal):
        number = as_number(expected.value)
        return number is not None and abs(answer.value - number) <= expected.tolerance
    return expected.value == answer.value
