"""k groups of entities alike in their context: Ward's method over standardised indicators.

Each indicator is standardised by its mean and population deviation over the entities of which all indicators are known.
Ward's method joins, step by step, the two groups whose joining adds least to the squared distances from the groups'
centres, until k are left. The points are put in the order of their values first, so that neither the order of rows nor the
keys decide where two joinings would be equally good. Groups are numbered by their centres, the first indicator first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from shsnor.functions import Computed, Detail, Function, Inputs, Settings
from shsnor.hookspecs import hookimpl
from shsnor.plugins.parameters import indicators_of, items
from shsnor.plugins.scaling import complete, mean_and_deviation, standardised
from shsnor.wording.functions import text

#: Ward's method keeps the distances of all pairs: 5000 entities take 100 MB.
LARGEST = 5000
#: A centre so many deviations from the mean of all sets a group apart: the usual border of a middling effect.
APART = 0.5
#: How many indicators a title names at most.
NAMED = 3

PARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["indicators", "k"],
    "properties": {
        "indicators": items("Показатели, по которым школы объединяются в группы"),
        "k": {"type": "integer", "minimum": 1, "description": "Сколько групп"},
    },
}
DESCRIPTION = (
    "k групп школ, похожих между собой: метод Уорда по стандартизованным показателям (из значения вычли среднее и "
    "разделили на среднеквадратическое отклонение). Метки group_1 … group_k — по возрастанию центра группы, начиная с первого "
    "показателя; номер ничего не говорит о качестве. Название группы — показатели, по которым её центр отстоит от общего "
    "среднего хотя бы на половину отклонения. Если у школы неизвестен хотя бы один показатель, группа неизвестна. Если разных "
    "школ меньше k, групп столько, сколько разных школ. Нужно дополнение shsnor[analysis]. Источник: деление на "
    "кластеры — методология Зеленчукского района (КЧР), 1.2.1; способ — допущение."
)


def _labels(settings: Settings) -> list[str]:
    return [f"group_{number}" for number in range(1, int(settings["k"]) + 1)]


def k_groups(inputs: Inputs) -> Computed:
    """(e, label) of every entity of which all indicators are known, titles of the labels, and details of each group:
    `group_1.size`, `group_1.centre` (mean, in the indicator's unit), `group_1.apart` (in deviations from the mean of all).

    raises  ValueError for more entities than `LARGEST`
    """
    names = indicators_of(inputs.settings)
    rows = complete(inputs, names)
    if not rows:
        return Computed([])
    if len(rows) > LARGEST:
        raise ValueError(text("k_groups.too_many", count=len(rows), largest=LARGEST))
    scales = [mean_and_deviation(column) for column in zip(*rows.values(), strict=True)]
    points = {
        e: tuple(round(standardised(v, *s), 9) for v, s in zip(vs, scales, strict=True)) for e, vs in rows.items()
    }
    groups = sorted((_centre(g, points), g) for g in ward(points, int(inputs.settings["k"])))
    labels, titles, details = [], {}, []
    for number, (label, (apart, group)) in enumerate(zip(_labels(inputs.settings), groups, strict=False), start=1):
        labels += [(e, label) for e in group]
        titles[label] = _title(number, dict(zip(names, apart, strict=True)), inputs)
        details.append(Detail(f"{label}.size", value=len(group), text=titles[label]))
        for i, name in enumerate(names):
            details.append(Detail(f"{label}.centre", name, fsum(rows[e][i] for e in group) / len(group)))
            details.append(Detail(f"{label}.apart", name, apart[i]))
    details += [Detail("mean", n, mean) for n, (mean, _) in zip(names, scales, strict=True)]
    details += [Detail("deviation", n, deviation) for n, (_, deviation) in zip(names, scales, strict=True)]
    return Computed(labels, details, titles)


def _centre(group: Sequence[int], points: Mapping[int, tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(round(fsum(column) / len(group), 9) for column in zip(*(points[e] for e in group), strict=True))


def ward(points: Mapping[int, tuple[float, ...]], k: int) -> list[list[int]]:
    """The k groups of Ward's method (fewer where fewer points differ), each in the order of its keys."""
    order = sorted(points, key=lambda e: (points[e], e))
    members = [[e] for e in order]
    joinings = len(order) - min(k, len(set(points.values())))
    if joinings:
        from scipy.cluster.hierarchy import linkage  # of the extra `analysis`
        from scipy.spatial.distance import pdist

        tree = linkage(pdist([points[e] for e in order]), method="ward")
        for left, right, *_ in tree[:joinings]:
            members.append(members[int(left)] + members[int(right)])
            members[int(left)] = members[int(right)] = []
    return [sorted(group) for group in members if group]


def _title(number: int, apart: dict[str, float], inputs: Inputs) -> str:
    named = sorted((n for n in apart if abs(apart[n]) >= APART), key=lambda n: (-abs(apart[n]), n))[:NAMED]
    above = [inputs.labels.get(n, n) for n in named if apart[n] > 0]
    below = [inputs.labels.get(n, n) for n in named if apart[n] < 0]
    sides = [text("k_groups.above", labels=", ".join(above))] if above else []
    sides += [text("k_groups.below", labels=", ".join(below))] if below else []
    return text("k_groups.title", number=number, what="; ".join(sides) or text("k_groups.middling"))


@hookimpl
def shsnor_functions() -> Iterable[Function]:
    return [
        Function(
            id="k_groups", shape="cluster", compute=k_groups, inputs=indicators_of, parameters=PARAMETERS,
            labels=_labels, requires=lambda settings: ("scipy",), install="shsnor[analysis]", description=DESCRIPTION,
        )
    ]  # fmt: skip
