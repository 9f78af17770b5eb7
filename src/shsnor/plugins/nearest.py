"""The k entities most like each entity: Euclidean distance over standardised indicators.

Each indicator is standardised by its mean and population deviation over all entities where it is known; one that is the
same everywhere counts 0. An entity with an unknown indicator has no peers and is nobody's peer. Ties go by the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shsnor.functions import Function, FunctionCall
from shsnor.hookspecs import hookimpl

PARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["indicators", "k"],
    "properties": {
        "indicators": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string"},
            "description": "Показатели условий",
        },
        "k": {"type": ["string", "integer"], "pattern": "^[1-9][0-9]*$", "description": "Сколько похожих"},
    },
}


def _indicators(settings: Mapping[str, Any]) -> list[str]:
    return [str(i) for i in settings.get("indicators", [])]


def nearest(call: FunctionCall) -> str:
    """SELECT of (e, peer, rank, distance): the k nearest of those that meet `meeting`, for those that meet `for`."""
    columns = [call.columns[i] for i in _indicators(call.settings)]
    known = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    # sums over sorted lists: a sum of doubles in the order of the rows would depend on it
    means = ", ".join(
        f"list_aggregate(list_sort(list({c})), 'avg') AS m_{c}, list_aggregate(list_sort(list({c})), 'stddev_pop') AS s_{c}"
        for c in columns
    )
    scaled = ", ".join(f"coalesce(({c} - m_{c}) / nullif(s_{c}, 0), 0) AS z_{c}" for c in columns)
    square = " + ".join(f"(a.z_{c} - b.z_{c}) * (a.z_{c} - b.z_{c})" for c in columns)
    return f"""
        WITH scale AS (SELECT {means} FROM {call.relation}),
        points AS (SELECT e, for_, meeting, {scaled} FROM {call.relation}, scale WHERE {known}),
        pairs AS (SELECT a.e, b.e AS peer, round(sqrt({square}), 6) AS distance
                  FROM points a JOIN points b ON a.e <> b.e WHERE a.for_ AND b.meeting)
        SELECT e, peer, row_number() OVER (PARTITION BY e ORDER BY distance, peer) AS rank, distance
        FROM pairs QUALIFY rank <= {int(call.settings["k"])}"""


@hookimpl
def shsnor_functions() -> Iterable[Function]:
    return [
        Function(
            id="nearest", shape="partner", query=nearest, inputs=_indicators, parameters=PARAMETERS,
            description="k ближайших по условиям", plugin="shsnor",
        )
    ]  # fmt: skip
