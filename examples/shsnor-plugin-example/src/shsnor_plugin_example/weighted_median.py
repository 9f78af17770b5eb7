"""The function `from_weighted_median`: how far a value lies from the median that counts pupils, not schools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shsnor.functions import Function, FunctionCall

PARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["indicator", "weight"],
    "properties": {
        "indicator": {"type": "string", "description": "Показатель, который сравнивается"},
        "weight": {"type": "string", "description": "Показатель-вес: сколько учеников стоит за значением"},
        "at_least_known": {
            "type": "integer",
            "minimum": 2,
            "description": "Сколько значений должно быть известно, чтобы сравнивать; по умолчанию 2",
        },
    },
}


def inputs(settings: Mapping[str, Any]) -> list[str]:
    return [settings["indicator"], settings["weight"]]


def query(call: FunctionCall) -> str:
    value, weight = (call.columns[name] for name in inputs(call.settings))
    enough = int(call.settings.get("at_least_known", 2))
    return f"""
        WITH known AS (
            SELECT {value} AS v, {weight} AS w FROM {call.relation} WHERE {value} IS NOT NULL AND {weight} > 0
        ),
        summed AS (SELECT v, sum(w) OVER (ORDER BY v) AS up_to, sum(w) OVER () AS whole FROM known),
        middle AS (SELECT min(v) AS median FROM summed WHERE 2 * up_to >= whole)
        SELECT e, {value} - median AS value FROM {call.relation}, middle
        WHERE (SELECT count(*) FROM known) >= {enough}"""


FROM_WEIGHTED_MEDIAN = Function(
    id="from_weighted_median",
    shape="table",
    parameters=PARAMETERS,
    inputs=inputs,
    query=query,
    description=(
        "Значение минус взвешенная медиана: наименьшее из значений, не выше которых учится хотя бы половина учеников. "
        "Единица — как у показателя (у процента — процентный пункт). Неизвестно, если неизвестно само значение или "
        "известных значений меньше, чем at_least_known. Источник: пример, ни один порядок этого не требует."
    ),
)
