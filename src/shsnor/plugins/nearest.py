"""The k entities most like each entity: Euclidean distance over standardised indicators, with what each contributed.

Each indicator is standardised by its mean and population deviation over all entities where it is known; one that is the
same everywhere counts 0. An entity with an unknown indicator has no peers and is nobody's peer. Ties go by the key.

With `near` the way between two entities counts like one more indicator: the great-circle distance divided by the standard
distance of all (the root of the mean square distance from their mean place). Between two places chosen at random its
square is 2 on average, as that of an indicator is; so 2 is what a pair counts one of whose places is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.functions import Function, FunctionCall, Settings
from shsnor.hookspecs import hookimpl
from shsnor.plugins.parameters import PLACE, indicators_of, items, place_of
from shsnor.plugins.scaling import EARTH_KM
from shsnor.sql import literal
from shsnor.wording.functions import text

PARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["indicators", "k"],
    "properties": {
        "indicators": items("Показатели условий"),
        "k": {"type": "integer", "minimum": 1, "description": "Сколько похожих"},
        "near": {"type": "boolean", "description": "Учитывать и расстояние между школами"},
        **PLACE,
    },
    "dependencies": {
        "near": ["latitude", "longitude"],
        "latitude": ["longitude", "near"],
        "longitude": ["latitude", "near"],
    },
}
DESCRIPTION = (
    "k школ, самых похожих по условиям. Расстояние евклидово, по стандартизованным показателям (из значения вычли среднее "
    "по всем школам и разделили на среднеквадратическое отклонение), без единицы; 0 — условия одинаковы. С near: true "
    "путь между школами (км по дуге большого круга, делённые на стандартное расстояние) входит как ещё один показатель; если "
    "координаты неизвестны, берётся его среднее. У школы с неизвестным показателем похожих нет, и сама она ни на кого не "
    "похожа. При равном расстоянии порядок — по коду школы. Источник: сравнивать школу со школами в сходных условиях велит "
    "проект плана Тверской области; мера сходства — допущение."
)


def _place(settings: Settings) -> list[str]:
    """The items of latitude and longitude; none where places do not count."""
    return place_of(settings) if settings.get("near") == "true" else []


def _inputs(settings: Settings) -> list[str]:
    return list(dict.fromkeys([*indicators_of(settings), *_place(settings)]))


def _of_sorted(statistic: str, values: str) -> str:
    # over sorted lists: a sum of doubles in the order of the rows would depend on it
    return f"list_aggregate(list_sort(list({values})), '{statistic}')"


def _kilometres(a: tuple[str, str], b: tuple[str, str]) -> str:
    """Great-circle distance by the haversine formula; NULL where a coordinate is."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    half = (
        f"power(sin(radians({lat_b} - {lat_a}) / 2), 2) + "
        f"cos(radians({lat_a})) * cos(radians({lat_b})) * power(sin(radians({lon_b} - {lon_a}) / 2), 2)"
    )
    return f"(2 * {EARTH_KM} * asin(sqrt(CASE WHEN {half} > 1 THEN 1 ELSE {half} END)))"  # `least` passes over NULL


#: Of all entities, those that are asked for beside those that may be named; of the result, the pairs that were chosen.
_ALL = "points a JOIN points b ON a.e <> b.e AND a.for_ AND b.meeting"
_CHOSEN = "{result} r JOIN points a ON a.e = r.e JOIN points b ON b.e = r.peer"


def _pairs(call: FunctionCall, pairs: str) -> str:
    """CTEs ending in `pairs`: (e, peer, d0 … the differences, c0 …, km, square: the sum of c0 … and what the way counts)."""
    columns = [call.columns[i] for i in indicators_of(call.settings)]
    place = [call.columns[i] for i in _place(call.settings)]
    known = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    scale = ", ".join(f"{_of_sorted('avg', c)} AS m_{c}, {_of_sorted('stddev_pop', c)} AS s_{c}" for c in columns)
    scaled = ", ".join(f"coalesce(({c} - m_{c}) / nullif(s_{c}, 0), 0) AS z_{c}" for c in columns)
    parts = [f"b.{c} - a.{c} AS d{i}, (a.z_{c} - b.z_{c}) * (a.z_{c} - b.z_{c}) AS c{i}" for i, c in enumerate(columns)]
    centre = spread = km = ""
    if place:
        lat, lon = place
        scaled += f", {lat} AS lat, {lon} AS lon"
        located = f"FROM {call.relation} WHERE {lat} IS NOT NULL AND {lon} IS NOT NULL"
        centre = f"centre AS (SELECT {_of_sorted('avg', lat)} AS lat_c, {_of_sorted('avg', lon)} AS lon_c {located}),"
        from_centre = _kilometres((lat, lon), ("lat_c", "lon_c"))
        spread = (
            f"spread AS (SELECT sqrt({_of_sorted('avg', 'km * km')}) AS km_s "
            f"FROM (SELECT {from_centre} AS km FROM (FROM {call.relation} CROSS JOIN centre))),"
        )
        km = f", {_kilometres(('a.lat', 'a.lon'), ('b.lat', 'b.lon'))} AS km"
    square = " + ".join(f"c{i}" for i in range(len(columns)))
    if place:
        square += f" + {_PLACE}"
    return f"""
        scale AS (SELECT {scale} FROM {call.relation}), {centre} {spread}
        points AS (SELECT e, for_, meeting, {", ".join(columns)}, {scaled} FROM {call.relation} CROSS JOIN scale WHERE {known}),
        parts AS (SELECT a.e, b.e AS peer, {", ".join(parts)}{km} FROM {pairs}),
        pairs AS (SELECT *, {square} AS square FROM parts {"CROSS JOIN spread" if place else ""})"""


#: What the way between two counts: as much as an indicator would; 2, the average, where a place is unknown.
_PLACE = "CASE WHEN km IS NULL THEN 2 WHEN km_s > 0 THEN power(km / km_s, 2) ELSE 0 END"


def nearest(call: FunctionCall) -> str:
    """SELECT of (e, peer, rank, distance): the k nearest of those that meet `meeting`, for those that meet `for`."""
    return f"""
        WITH {_pairs(call, _ALL)}
        SELECT e, peer, row_number() OVER (PARTITION BY e ORDER BY round(sqrt(square), 6), peer) AS rank,
               sqrt(square) AS distance
        FROM pairs QUALIFY rank <= {int(call.settings["k"])}"""


def details(call: FunctionCall) -> str:
    """What each indicator contributed to the squared distance (percent), how the peer's value differs, and the way in km."""
    rows = []
    for i, name in enumerate(indicators_of(call.settings)):
        rows += [
            ("contribution", name, f"coalesce(100 * c{i} / nullif(square, 0), 0)", "''"),
            ("difference", name, f"d{i}", "''"),
        ]
    if _place(call.settings):
        unknown = f"CASE WHEN km IS NULL THEN {literal(text('nearest.no_place'))} ELSE '' END"
        rows += [
            ("contribution_of_place", "", f"coalesce(100 * ({_PLACE}) / nullif(square, 0), 0)", "''"),
            ("kilometres", "", "km", unknown),
        ]
    queries = [
        f"SELECT e, peer, {literal(name)} AS name, {literal(subject)} AS subject, {value} AS value, {said} AS text FROM pairs"
        for name, subject, value, said in rows
    ]
    return f"WITH {_pairs(call, _CHOSEN.format(result=call.result))} {' UNION ALL '.join(queries)}"


@hookimpl
def shsnor_functions() -> Iterable[Function]:
    return [
        Function(
            id="nearest", shape="partner", query=nearest, details=details, inputs=_inputs, parameters=PARAMETERS,
            description=DESCRIPTION,
        )
    ]  # fmt: skip
