"""The same criteria on the same records by others: engines that take a record at a time, and columns in memory.

A record engine knows two values; each test therefore asks first whether the number is there, and unknown becomes false.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable
from typing import Any

import duckdb

from bench import rules
from bench.measuring import Sample

Record = dict[str, Any]
Columns = dict[str, Any]
Leaves = list[tuple[str, str, float]]
CRITERIA = rules.criteria(60, 60)
SQL = {"at_least": ">=", "less_than": "<"}

#: Peer -> the module that it needs, and how many records it is given of the 40,000.
NEEDS = {
    "zen": ("zen", 10_000),
    "rule_engine": ("rule_engine", 1_000),
    "json_logic": ("json_logic", 1_000),
    "polars": ("polars", 40_000),
    "numpy": ("numpy", 40_000),
}
PACKAGES = {"zen": "zen-engine", "rule_engine": "rule-engine", "json_logic": "json-logic-qubit"}


def installed(peer: str) -> bool:
    return importlib.util.find_spec(NEEDS[peer][0]) is not None


def measure(peer: str, records: str) -> Sample:
    """Seconds for all records, scaled from those it was given, the best of three.

    raises  SystemExit where it finds another number of criteria met than SQL does
    """
    _, count = NEEDS[peer]
    with duckdb.connect() as con:
        total = con.execute(f"SELECT count(*) FROM '{records}'").fetchall()[0][0]
        count = min(count, total)
        con.execute(f"CREATE TABLE ind AS FROM '{records}' ORDER BY school_id LIMIT {count}")
        con.execute(rules.verdicts())
        counts = " + ".join(f"count_if({name})" for name, _, _ in CRITERIA)
        expected = con.execute(f"SELECT {counts} FROM flags").fetchall()[0][0]
        asked = con.execute("FROM ind")
        if peer in COLUMNS:
            decide = COLUMNS[peer](_columns(asked))
        else:
            names = [d[0] for d in asked.description]
            decide = RECORDS[peer]([dict(zip(names, row, strict=True)) for row in asked.fetchall()])
    times = []
    for _ in range(3):
        began = time.perf_counter()
        met = decide()
        times.append(time.perf_counter() - began)
    if met != expected:
        raise SystemExit(f"{peer} says met {met} times, SQL {expected} times")
    return Sample(min(times) * total / count, 0, 0, more={"records": count})


def guarded(how: str, leaves: Leaves, prefix: str = "", *, null: str) -> str:
    tests = [f"({prefix}{i} != {null} and {prefix}{i} {SQL[op]} {t})" for op, i, t in leaves]
    return (" or " if how == "any" else " and ").join(tests)


def zen(records: list[Record]) -> Callable[[], int]:
    """All records in one call of one compiled expression: the fastest of the ways that were tried.

    An expression node in a loop takes twice the time, a call a record nine times.
    """
    engine = importlib.import_module("zen")
    tests = [guarded(how, leaves, "#.", null="null") for _, how, leaves in CRITERIA]
    compiled = engine.compile_expression(f"map(records, [{', '.join(tests)}])")
    return lambda: sum(map(sum, compiled.evaluate({"records": records})))


def rule_engine(records: list[Record]) -> Callable[[], int]:
    engine = importlib.import_module("rule_engine")
    found = [engine.Rule(guarded(how, leaves, null="null")) for _, how, leaves in CRITERIA]
    return lambda: sum(rule.matches(record) for record in records for rule in found)


def json_logic(records: list[Record]) -> Callable[[], int]:
    """It takes a comparison with null as false, so that nothing need be asked first."""
    apply = importlib.import_module("json_logic").jsonLogic
    found = []
    for _, how, leaves in CRITERIA:
        tests = [{SQL[op]: [{"var": i}, t]} for op, i, t in leaves]
        found.append({"or" if how == "any" else "and": tests})
    return lambda: sum(bool(apply(rule, record)) for record in records for rule in found)


def polars(values: Columns) -> Callable[[], int]:
    """Three values, as in SQL."""
    pl = importlib.import_module("polars")
    frame = pl.DataFrame(values, nan_to_null=True)
    picked = []
    for name, how, leaves in CRITERIA:
        tests = [pl.col(i) >= t if op == "at_least" else pl.col(i) < t for op, i, t in leaves]
        picked.append((pl.any_horizontal(tests) if how == "any" else pl.all_horizontal(tests)).alias(name))
    return lambda: int(frame.lazy().select(picked).collect().sum().sum_horizontal()[0])


def numpy(values: Columns) -> Callable[[], int]:
    """Three values as two masks: met, and not met; a missing number, NaN here, is in neither."""
    np = importlib.import_module("numpy")
    every, some = np.logical_and.reduce, np.logical_or.reduce

    def decide() -> int:
        met, not_met = [], []
        for _, how, leaves in CRITERIA:
            yes = [values[i] >= t if op == "at_least" else values[i] < t for op, i, t in leaves]
            no = [values[i] < t if op == "at_least" else values[i] >= t for op, i, t in leaves]
            met.append(some(yes) if how == "any" else every(yes))
            not_met.append(every(no) if how == "any" else some(no))
        return int(sum(mask.sum() for mask in met))

    return decide


def _columns(asked: duckdb.DuckDBPyConnection) -> Columns:
    """The numbers as NumPy arrays, NaN where one is missing."""
    np = importlib.import_module("numpy")
    return {name: np.ma.filled(values.astype(float), np.nan) for name, values in asked.fetchnumpy().items()}


RECORDS = {"zen": zen, "rule_engine": rule_engine, "json_logic": json_logic}
COLUMNS = {"polars": polars, "numpy": numpy}
