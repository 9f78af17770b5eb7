"""The index of social wellbeing (ИСБШ): shares of the social passport brought to one scale and put together, 0–100.

Equal weights: each share x is scaled to y = (x − min) / (max − min), turned round (1 − y) where more is worse;
the index is 100 · Σ y / n. Principal component: the shares are standardised, the score is the first principal component of
their correlations, and the index is the score scaled to 0–100. No official formula with weights was found; the one of
equal weights is the default as it can be reckoned by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum

from shsnor.functions import Computed, Detail, Function, FunctionCall, Inputs, Settings
from shsnor.hookspecs import hookimpl
from shsnor.plugins.parameters import items
from shsnor.plugins.scaling import complete, mean_and_deviation, standardised
from shsnor.sql import literal
from shsnor.wording.functions import text

PARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [{"required": ["plus"]}, {"required": ["minus"]}],
    "properties": {
        "plus": items("Показатели, которые тем лучше, чем больше"),
        "minus": items("Показатели, которые тем хуже, чем больше"),
        "weights": {
            "enum": ["equal", "principal_component"],
            "description": "Веса: equal — равные (если не указано), principal_component — первая главная компонента",
        },
    },
}
DESCRIPTION = (
    "Индекс социального благополучия школы (ИСБШ): 0–100 пунктов, больше — благополучнее. Равные веса: каждый показатель "
    "приводится к шкале от 0 до 1 по наименьшему и наибольшему значению среди школ, «минусы» переворачиваются, "
    "берётся среднее. Главная компонента: веса даёт первая главная компонента стандартизованных показателей, знак — чтобы "
    "«плюсы» повышали индекс. Показатель, одинаковый у всех, не участвует. Если у школы неизвестен хотя бы один "
    "показатель, индекс неизвестен. Источник: четыре показателя — программа поддержки педагогов школы Балаковского района "
    "(2021), раздел V; официальной формулы с весами не найдено, формула — допущение."
)


def _names(settings: Settings) -> list[str]:
    return list(dict.fromkeys(str(name) for name in (*settings.get("plus", ()), *settings.get("minus", ()))))


def _by_component(settings: Settings) -> bool:
    return settings.get("weights") == "principal_component"


def _requires(settings: Settings) -> tuple[str, ...]:
    return ("numpy",) if _by_component(settings) else ()


def _bounds(call: FunctionCall) -> str:
    """CTEs `scale` (lowest and highest of each share, what each of those that differ weighs) and `parts` (y0, y1 …)."""
    names, minus = _names(call.settings), set(call.settings.get("minus", ()))
    columns = [call.columns[name] for name in names]
    bounds = ", ".join(f"min({c}) AS low{i}, max({c}) AS high{i}" for i, c in enumerate(columns))
    differing = " + ".join(f"CASE WHEN low{i} < high{i} THEN 1 ELSE 0 END" for i in range(len(names)))
    parts = ", ".join(
        f"coalesce(({f'high{i} - {c}' if name in minus else f'{c} - low{i}'}) / nullif(high{i} - low{i}, 0), 0) AS y{i}"
        for i, (name, c) in enumerate(zip(names, columns, strict=True))
    )
    known = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    return (
        f"scale AS (SELECT *, 1.0::DOUBLE / nullif({differing}, 0) AS weight FROM (SELECT {bounds} FROM {call.relation})), "
        f"parts AS (SELECT e, weight, {parts} FROM {call.relation} CROSS JOIN scale WHERE {known})"
    )


def equal_weights(call: FunctionCall) -> str | None:
    """SELECT of (e, index 0–100) of every entity of which all shares are known; None for the principal component."""
    if _by_component(call.settings):
        return None
    total = " + ".join(f"y{i}" for i in range(len(_names(call.settings))))
    return f"WITH {_bounds(call)} SELECT e, 100 * weight * ({total}) AS value FROM parts"


def equal_details(call: FunctionCall) -> str:
    """`weight`, `lowest` and `highest` of each share, its `contribution` to each index, or why there is none."""
    minus, rows = set(call.settings.get("minus", ())), []
    for i, name in enumerate(_names(call.settings)):
        subject = f"{literal(name)} AS subject"
        said = literal(text("social_index.minus" if name in minus else "social_index.plus"))
        weight = f"CASE WHEN low{i} < high{i} THEN weight ELSE 0 END"
        rows += [
            f"SELECT NULL AS e, NULL AS peer, 'weight' AS name, {subject}, {weight} AS value, {said} AS text FROM able",
            f"SELECT NULL, NULL, 'lowest', {subject}, low{i}, '' FROM able",
            f"SELECT NULL, NULL, 'highest', {subject}, high{i}, '' FROM able",
            f"SELECT e, NULL, 'contribution', {subject}, 100 * weight * (y{i} - mean{i}), '' FROM parts CROSS JOIN means "
            f"WHERE weight IS NOT NULL",
        ]
    said = literal(text("social_index.same"))
    rows.append(f"SELECT NULL, NULL, 'undefined', '', NULL, {said} WHERE NOT EXISTS (FROM able)")
    # over sorted lists: a sum of doubles in the order of the rows would depend on it
    means = ", ".join(
        f"list_aggregate(list_sort(list(y{i})), 'avg') AS mean{i}" for i in range(len(_names(call.settings)))
    )
    able = "FROM scale WHERE weight IS NOT NULL AND EXISTS (FROM parts)"
    return f"WITH {_bounds(call)}, means AS (SELECT {means} FROM parts), able AS ({able}) {' UNION ALL '.join(rows)}"


def _contributions(names: list[str], points: dict[int, list[float]]) -> list[Detail]:
    """By how many points each indicator lifts or lowers an entity's index against the mean of all."""
    means = [fsum(column) / len(points) for column in zip(*points.values(), strict=True)]
    return [
        Detail("contribution", name, p - mean, e=e)
        for e, ps in points.items()
        for name, p, mean in zip(names, ps, means, strict=True)
    ]


def principal_component(inputs: Inputs) -> Computed:
    """(e, index 0–100) of every entity of which all shares are known; details as of equal weights, and what is explained."""
    names, minus = _names(inputs.settings), set(inputs.settings.get("minus", ()))
    rows = complete(inputs, names)
    scales = [mean_and_deviation(column) for column in zip(*rows.values(), strict=True)] if rows else []
    z = {e: [standardised(v, *s) for v, s in zip(values, scales, strict=True)] for e, values in rows.items()}
    loadings, explained = first_component(list(z.values()), [-1 if n in minus else 1 for n in names])
    if not loadings:
        return Computed([], [Detail("undefined", text=text("social_index.no_component"))])
    scores = {e: [w * v for w, v in zip(loadings, values, strict=True)] for e, values in z.items()}
    totals = {e: fsum(s) for e, s in scores.items()}
    low, span = min(totals.values()), max(totals.values()) - min(totals.values())
    details = [Detail("explained", value=100 * explained, text=text("social_index.explained"))]
    for name, loading, (mean, deviation) in zip(names, loadings, scales, strict=True):
        against = loading * (-1 if name in minus else 1) < 0
        said = "social_index.against" if against else "social_index.minus" if name in minus else "social_index.plus"
        details += [
            Detail("weight", name, loading, text(said)),
            Detail("mean", name, mean),
            Detail("deviation", name, deviation),
        ]
    points = {e: [100 * s / span for s in parts] for e, parts in scores.items()}
    index = [(e, 100 * (total - low) / span) for e, total in totals.items()]
    return Computed(index, details + _contributions(names, points))


def first_component(z: list[list[float]], signs: list[int]) -> tuple[list[float], float]:
    """Loadings of the first principal component of standardised rows, and the part of the variance it explains (0–1).

    The loadings' squares sum to 1; they are turned so that, with `signs` (1: more is better), their sum is not negative.
    Empty where it is not determined: no two rows differ, or the second component explains as much.
    """
    import numpy  # of the extra `analysis`

    n = len(signs)
    columns = list(zip(*z, strict=True)) if z else [()] * n
    products = [[fsum(a * b for a, b in zip(columns[i], columns[j], strict=True)) for j in range(n)] for i in range(n)]
    values, vectors = numpy.linalg.eigh(numpy.array(products) / max(1, len(z)))
    first, total = float(values[-1]), fsum(float(v) for v in values)
    if total < 1e-9 or (n > 1 and first - float(values[-2]) < 1e-9):
        return [], 0.0
    loadings = [float(v) for v in vectors[:, -1]]
    signed = [s * v for s, v in zip(signs, loadings, strict=True)]
    whole = fsum(signed)
    turned = whole < 0 if abs(whole) > 1e-9 else next(v for v in signed if abs(v) > 1e-9) < 0
    return [-v if turned else v for v in loadings], first / total


@hookimpl
def shsnor_functions() -> Iterable[Function]:
    return [
        Function(
            id="social_index", shape="table", query=equal_weights, details=equal_details, compute=principal_component,
            inputs=_names, parameters=PARAMETERS, requires=_requires, install="shsnor[analysis]", description=DESCRIPTION,
        )
    ]  # fmt: skip
