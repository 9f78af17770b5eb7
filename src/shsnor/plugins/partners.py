"""A partner for each school that needs one: the assignment with the least sum of distances, no partner beyond its limit.

Distances are those of `nearest`. Each partner has `limit` places; the assignment that gives a partner to as many as there
are places and has the least sum of distances is found by the shortest augmenting paths (Crouse 2016, in SciPy), not one
school after the other. Where several are equally good the solver takes one of them, always the same for the same schools.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum
from typing import TYPE_CHECKING, Any

from shsnor.functions import Computed, Detail, Function, InputRow, Inputs, Settings
from shsnor.hookspecs import hookimpl
from shsnor.plugins.parameters import PLACE, indicators_of, items, place_of
from shsnor.plugins.scaling import EARTH_KM, complete, known, mean_and_deviation, number, standardised
from shsnor.wording.functions import text

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Matrix = NDArray[float64]

#: Schools times places: the matrix of distances takes 8 bytes for each.
LARGEST = 50_000_000

PARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["indicators", "limit"],
    "properties": {
        "indicators": items("Показатели условий, в которых школы должны быть похожи"),
        "limit": {
            "type": "integer",
            "minimum": 1,
            "description": "Сколько школ может взять один партнёр",
        },
        **PLACE,
    },
    "dependencies": {"latitude": ["longitude"], "longitude": ["latitude"]},
}
DESCRIPTION = (
    "Школа-партнёр для каждой школы, которой она нужна (for), из тех, что могут ею быть (meeting): похожая по условиям и, если "
    "заданы координаты, близкая. Расстояние — как у nearest, без единицы. Партнёров распределяют так, чтобы сумма расстояний "
    "по всем школам была наименьшей, а у партнёра было не больше limit школ; если мест меньше, чем школ, заняты все места. "
    "Школа с неизвестным показателем условий партнёра не получает и им не становится; о каждой школе без партнёра сказано "
    "почему. Нужно дополнение shsnor[analysis]. Источник: школы-партнёры — "
    "методология Зеленчукского района (КЧР) и комплекс мер Сысертского ГО; способ — допущение."
)


def _inputs(settings: Settings) -> list[str]:
    return list(dict.fromkeys([*indicators_of(settings), *place_of(settings)]))


def assign_partners(inputs: Inputs) -> Computed:
    """(e, partner, 1, distance) of every school that got one; details of each pair as `nearest` gives them, `load` of each
    partner, and `no_partner` with the reason for the others.

    raises  ValueError where schools times places are more than `LARGEST`
    """
    limit = int(inputs.settings["limit"])
    whole = complete(inputs, indicators_of(inputs.settings))
    asking = [row for row in inputs.rows if row.for_ and row.e in whole]
    partners = [row for row in inputs.rows if row.meeting and row.e in whole]
    parts = _squares(inputs, asking, partners)
    pairs = assign(_distances(parts, asking, partners), limit)
    details = _left_out(inputs, whole, {asking[i].e for i, _ in pairs}, bool(partners), limit)
    loads: dict[int, int] = {}
    rows = []
    for i, j in pairs:
        e, peer = asking[i].e, partners[j].e
        loads[peer] = loads.get(peer, 0) + 1
        squares = {name: float(matrix[i, j]) for name, matrix in parts.items()}
        rows.append((e, peer, 1, fsum(squares.values()) ** 0.5))
        details += _pair(inputs, asking[i], partners[j], squares)
    details += [Detail("load", "", load, text("partners.load"), e) for e, load in loads.items()]
    return Computed(rows, details)


def assign(distances: Matrix, limit: int) -> list[tuple[int, int]]:
    """(row, column) pairs with the least sum of distances: each row once at most, each column `limit` times at most, as many
    rows as possible; a distance that is infinite is no pair."""
    import numpy
    from scipy.optimize import linear_sum_assignment  # of the extra `analysis`

    rows, columns = distances.shape
    if not rows or not columns:
        return []
    places = min(limit, rows)
    possible = numpy.isfinite(distances)
    # worse than all possible pairs together, so that one of these is never given up for it
    forbidden = (float(distances[possible].max(initial=0.0)) + 1) * (rows + 1)
    cost = numpy.repeat(numpy.where(possible, distances, forbidden), places, axis=1)
    chosen = zip(*linear_sum_assignment(cost), strict=True)
    pairs = [(int(i), int(place) // places) for i, place in chosen]
    return [(i, j) for i, j in pairs if possible[i, j]]


def _squares(inputs: Inputs, asking: Sequence[InputRow], partners: Sequence[InputRow]) -> dict[str, Matrix]:
    """Name of each part of the squared distance -> its matrix: the indicators', and "" for the way between two places."""
    import numpy

    size = len(asking) * len(partners) * min(int(inputs.settings["limit"]), max(1, len(asking)))
    if size > LARGEST:
        raise ValueError(text("partners.too_many", asking=len(asking), partners=len(partners)))
    parts = {}
    for name in indicators_of(inputs.settings):
        scale = mean_and_deviation(known(inputs, name))
        left, right = (
            numpy.array([standardised(number(row.values[name]) or 0.0, *scale) for row in rows])
            for rows in (asking, partners)
        )
        parts[name] = (left[:, None] - right[None, :]) ** 2
    if place := place_of(inputs.settings):
        parts[""] = _places(inputs, place, asking, partners)
    return parts


def _places(inputs: Inputs, place: list[str], asking: Sequence[InputRow], partners: Sequence[InputRow]) -> Matrix:
    """Squared way in standard distances; 2, the average, where a place is unknown (see `nearest`)."""
    import numpy

    located = complete(inputs, place)
    centre = [fsum(column) / len(located) for column in zip(*located.values(), strict=True)]
    spread = fsum(kilometres(*p, *centre) ** 2 for p in located.values()) / len(located) if located else 0.0
    nowhere = [float("nan")] * 2
    a, b = (numpy.array([located.get(r.e, nowhere) for r in rows]).reshape(-1, 2) for rows in (asking, partners))
    km = kilometres(a[:, None, 0], a[:, None, 1], b[None, :, 0], b[None, :, 1])
    square: Matrix = numpy.where(numpy.isnan(km), 2.0, km**2 / spread if spread else 0.0)
    return square


def kilometres(lat_a: Any, lon_a: Any, lat_b: Any, lon_b: Any) -> Any:
    """Great-circle distance (haversine formula), km, of numbers or arrays in degrees; nan where one is."""
    import numpy

    lat_a, lon_a, lat_b, lon_b = (numpy.radians(x) for x in (lat_a, lon_a, lat_b, lon_b))
    half = (
        numpy.sin((lat_b - lat_a) / 2) ** 2 + numpy.cos(lat_a) * numpy.cos(lat_b) * numpy.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_KM * numpy.arcsin(numpy.sqrt(numpy.minimum(half, 1)))


def _distances(parts: dict[str, Matrix], asking: Sequence[InputRow], partners: Sequence[InputRow]) -> Matrix:
    """Distances to 6 places; infinite between a school and itself."""
    import numpy

    distances: Matrix = numpy.zeros((len(asking), len(partners)))
    for square in parts.values():
        distances += square
    numpy.round(numpy.sqrt(distances), 6, out=distances)
    places = {row.e: j for j, row in enumerate(partners)}
    for i, row in enumerate(asking):
        if row.e in places:
            distances[i, places[row.e]] = numpy.inf
    return distances


def _pair(inputs: Inputs, school: InputRow, partner: InputRow, squares: dict[str, float]) -> list[Detail]:
    whole, details, e, peer = fsum(squares.values()), [], school.e, partner.e
    for name, square in squares.items():
        share = 100 * square / whole if whole else 0.0
        what = "contribution" if name else "contribution_of_place"
        details.append(Detail(what, name, share, e=e, peer=peer))
        if name:
            difference = (number(partner.values[name]) or 0.0) - (number(school.values[name]) or 0.0)
            details.append(Detail("difference", name, difference, e=e, peer=peer))
    if place := place_of(inputs.settings):
        ends = [number(row.values[name]) for row in (school, partner) for name in place]
        km = None if None in ends else float(kilometres(*ends))
        details.append(Detail("kilometres", "", km, text("nearest.no_place") if km is None else "", e, peer))
    return details


def _left_out(
    inputs: Inputs, whole: dict[int, list[float]], given: set[int], any_partner: bool, limit: int
) -> list[Detail]:
    """Why a school that asks has no partner, and which cannot be said to ask."""
    details = []
    for row in inputs.rows:
        if row.for_ is None:
            details.append(Detail("undecided", text=text("partners.undecided"), e=row.e))
        elif row.for_ and row.e not in given:
            why = "no_context" if row.e not in whole else "no_room" if any_partner else "nobody"
            details.append(Detail("no_partner", text=text(f"partners.{why}", limit=limit), e=row.e))
    return details


@hookimpl
def shsnor_functions() -> Iterable[Function]:
    return [
        Function(
            id="assign_partners", shape="partner", compute=assign_partners, inputs=_inputs, parameters=PARAMETERS,
            requires=lambda settings: ("numpy", "scipy"), install="shsnor[analysis]", description=DESCRIPTION,
        )
    ]  # fmt: skip
