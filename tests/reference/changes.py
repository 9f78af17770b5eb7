"""Results in one shape, and changes of the input of which one knows what they may change in the results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from .basics import Cell as Dims
from .evaluator import Result
from .random_tables import Rows
from .strategies import Case, cases

Key = tuple[str, ...]
Facts = dict[Key, tuple[object, ...]]


def expected_facts(result: Result) -> Facts:
    """All that the reference found, keyed by kind, level, entity, item, dimensions."""
    facts: Facts = {}
    for (item, entity, dims), cell in result.values.items():
        number = cell.value if isinstance(cell.value, Decimal) else None
        text = cell.value if isinstance(cell.value, str) else None
        facts["value", result.levels[item], entity, item, in_json(dims)] = (number, text, joined(cell.reasons))
    for (item, entity, dims), found in result.verdicts.items():
        facts["verdict", result.levels[item], entity, item, in_json(dims)] = (found.verdict, joined(found.reasons))
    for (item, entity), (label, reasons) in result.clusters.items():
        facts["cluster", result.levels[item], entity, item, "{}"] = (label, joined(reasons))
    for (measure, entity), status in result.recommendations.items():
        facts["measure", result.levels[measure], entity, measure, "{}"] = (status,)
    return facts


def in_json(dims: Dims) -> str:
    return json.dumps(dict(dims), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def joined(reasons: frozenset[str]) -> str:
    return ", ".join(sorted(reasons))


def differences(expected: Facts, found: Facts) -> list[str]:
    return [
        f"{' | '.join(key)}: expected {expected.get(key, 'no such row')}, found {found.get(key, 'no such row')}"
        for key in sorted({*expected, *found})
        if expected.get(key) != found.get(key) and not (key not in expected and _of_a_year(key))
    ]


def _of_a_year(key: Key) -> bool:
    """The engine may report more years of an item than its readers look at (those among which held ones are sought)."""
    return key[0] in ("value", "verdict") and '"year":' in key[-1]


def assert_same(expected: Facts, found: Facts) -> None:
    assert not differences(expected, found), "\n".join(["", *differences(expected, found)])


# Changes


def renamed_schools(tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """Every school's key with a prefix: their order stays."""

    def renamed(row: Mapping[str, str | None]) -> dict[str, str | None]:
        mine = dict(row)
        if "school_id" in mine:
            mine["school_id"] = f"ш-{mine['school_id']}"
        if mine.get("entity", "") in names:
            mine["entity"] = f"ш-{mine['entity']}"
        return mine

    names = {row["school_id"] for row in tables["schools"]}
    return {name: [renamed(row) for row in rows] for name, rows in tables.items()}


def renamed_facts(facts: Facts) -> Facts:
    """What they should give."""
    return {
        (kind, level, f"ш-{entity}" if level == "school" else entity, *rest): found
        for (kind, level, entity, *rest), found in facts.items()
    }


def with_another_school(tables: Mapping[str, Rows], town: str | None) -> dict[str, Rows]:
    """The tables with a school 99 and a row of it."""
    added = {name: list(rows) for name, rows in tables.items()}
    added["schools"].append({"school_id": "99", "municipality": town, "kind": "СОШ", "pupils": "3"})
    key: dict[str, str | None] = {"school_id": "99", "year": "2022", "procedure": "ВПР", "grade": "5", "subject": "рус"}
    if added["results"]:
        counts = {"participants": "20", "below_minimum": "20", "mark_4": "0", "mark_5": "0"}
        added["results"].append({**key, **counts})
    return added


def without_the_other_school(facts: Facts, tables: Mapping[str, Rows]) -> Facts:
    """The results without school 99 and without the municipality that came with it."""
    towns = {row["municipality"] for row in tables["schools"]}
    return {k: v for k, v in facts.items() if k[2] != "99" and not (k[1] == "municipality" and k[2] not in towns)}


EMPTIED = (
    "kind",
    "pupils",
    "participants",
    "below_minimum",
    "mark_4",
    "mark_5",
    "a",
    "b",
    "c",
    "note",
    "points",
    "shift",
)
DROPPABLE = ("results", "facts", "profile", "towns")


@st.composite
def with_a_gap(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[Case, dict[str, Rows]]:
    """A case whose items loosen nothing, and its tables with a value emptied or a row taken out."""
    case: Case = draw(cases(groups=False, monotone=True))
    tables = {name: [dict(row) for row in rows] for name, rows in case.given.items()}
    remove = draw(st.booleans())
    places = [
        (name, index)
        for name in (DROPPABLE if remove else [name for name in tables if name != "decisions"])
        for index in range(len(tables[name]))
    ]
    assume(places)
    name, index = draw(st.sampled_from(places))
    columns = [column for column in EMPTIED if column in tables[name][index]]
    if remove or not columns:
        assume(name in DROPPABLE)
        del tables[name][index]
    else:
        tables[name][index][draw(st.sampled_from(columns))] = None
    return case, tables


def assert_only_unknown_more(before: Facts, after: Facts) -> None:
    """Verdicts and values stay or become unknown; no recommendation comes up."""
    assert {key for key in before if key[0] == "verdict"} == {key for key in after if key[0] == "verdict"}
    for key, (found, *more) in after.items():
        was = before.get(key, (None, None))
        if key[0] == "measure":
            assert found in (was[0], "undecided"), (key, was, found)
        elif key[0] == "value":
            assert (found, more[0]) in (was[:2], (None, None)), (key, was, found, more)
        else:
            assert found in (was[0], "unknown", None), (key, was, found)
