"""Marks that a result of ВПР be looked at again: for the ministry's and the school's own check, never a verdict.

Three marks, each only where the pack names its inputs; every cut-off is the pack's, as none was found in a document:

too_high   the result lies `too_high` deviations or more above the mean of all, the school is not one of those excepted
           (`exempt`: lyceums, gymnasiums), and no known result of ОГЭ or ЕГЭ lies `confirmed` deviations above its mean
journal    the part of works marked above the journal, or below it, is `journal` percent or more
jump       the difference between the later and the earlier grade lies `jump` deviations or more from the mean difference
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shsnor.functions import Computed, Detail, Function, InputRow, Inputs, Settings
from shsnor.hookspecs import hookimpl
from shsnor.plugins.scaling import known, mean_and_deviation, number, standardised
from shsnor.wording.functions import decimal, text

_ID = {"type": "string"}
_CUTOFF = {"type": "number", "minimum": 0}
PARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [{"required": ["result"]}, {"required": ["above_journal"]}, {"required": ["later"]}],
    "properties": {
        "result": {**_ID, "description": "Результат ВПР; чем больше, тем выше"},
        "confirmed_by": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": _ID,
            "description": "Результаты ОГЭ и ЕГЭ, которые могут его подтвердить",
        },
        "exempt": {**_ID, "description": "Критерий: школы, от которых высокого результата ждут (лицеи, гимназии)"},
        "too_high": {**_CUTOFF, "description": "На сколько отклонений выше среднего — слишком высоко"},
        "confirmed": {**_CUTOFF, "description": "На сколько отклонений выше среднего результат подтверждает"},
        "above_journal": {**_ID, "description": "Доля работ с отметкой выше журнала, %"},
        "below_journal": {**_ID, "description": "Доля работ с отметкой ниже журнала, %"},
        "journal": {**_CUTOFF, "description": "Какая доля таких работ, % — расхождение с журналом"},
        "earlier": {**_ID, "description": "Результат младшего класса"},
        "later": {**_ID, "description": "Результат старшего класса"},
        "jump": {**_CUTOFF, "description": "На сколько отклонений от обычной разницы между классами — скачок"},
    },
    "dependencies": {
        "result": ["confirmed_by", "too_high", "confirmed"],
        **{key: ["result"] for key in ("confirmed_by", "exempt", "too_high", "confirmed")},
        "above_journal": ["below_journal", "journal"],
        **{key: ["above_journal"] for key in ("below_journal", "journal")},
        "later": ["earlier", "jump"],
        **{key: ["later"] for key in ("earlier", "jump")},
    },
}
DESCRIPTION = (
    "Отметки, по которым результат ВПР просят перепроверить; значение — сколько отметок найдено, до трёх. (а) Результат "
    "выше среднего по региону на too_high среднеквадратических отклонений, школа не лицей и не гимназия, и ни один известный "
    "результат ОГЭ или ЕГЭ не выше своего среднего на confirmed отклонений. (б) Доля работ с отметкой выше или ниже журнала — от "
    "journal процентов. (в) Разница результатов старшего и младшего класса отстоит от обычной на jump отклонений. Если для "
    "отметки не хватает данных, она не проверена; если не найдена ни одна, а проверены не все, значение неизвестно. Для "
    "служебного пользования: признаков, групп и мер не меняет, в открытые таблицы не попадает (письмо Рособрнадзора № 02-86 "
    "от 18.04.2025: ВПР — для анализа и помощи). Источник: отметка (а) — сообщение Рособрнадзора о результатах ВПР "
    "4–5 классов; (б) и (в) — по памяти о перечне ФИОКО; пороги — допущения пакета."
)


@dataclass
class _Mark:
    """One mark of all entities: found, not found, or None where it cannot be told; the numbers it rests on; its text."""

    name: str
    subject: str
    found: dict[int, bool | None] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    numbers: list[Detail] = field(default_factory=list)

    def note(self, e: int, found: bool | None, asks: str, unchecked: str) -> None:
        self.found[e] = found
        self.texts[e] = text("objectivity.asks", why=asks) if found else "" if found is False else unchecked

    def details(self) -> list[Detail]:
        marks = [
            Detail(self.name, self.subject, None if v is None else float(v), self.texts[e], e)
            for e, v in self.found.items()
        ]
        return marks + self.numbers


def _inputs(settings: Settings) -> list[str]:
    keys = ("result", "exempt", "above_journal", "below_journal", "earlier", "later")
    single = [str(settings[key]) for key in keys if key in settings]
    return list(dict.fromkeys([*single, *map(str, settings.get("confirmed_by", ()))]))


def objectivity_marks(inputs: Inputs) -> Computed:
    """(e, how many marks were found); none where no mark was found and one could not be checked.

    Details: each mark of each entity (1 found, 0 not, NULL not checked) with its text, and the numbers it rests on.
    """
    made = {"result": _too_high, "above_journal": _journal, "later": _jump}
    marks = [make(inputs) for key, make in made.items() if key in inputs.settings]
    rows = []
    for row in inputs.rows:
        found = [mark.found[row.e] for mark in marks]
        if any(found) or None not in found:
            rows.append((row.e, sum(1 for f in found if f)))
    return Computed(rows, [detail for mark in marks for detail in mark.details()])


def _too_high(inputs: Inputs) -> _Mark:
    settings = inputs.settings
    result, others = str(settings["result"]), [str(name) for name in settings["confirmed_by"]]
    high, confirming = float(settings["too_high"]), float(settings["confirmed"])
    scales = {name: mean_and_deviation(known(inputs, name)) for name in (result, *others)}
    mark = _Mark("too_high", result)
    for row in inputs.rows:
        apart = _apart(row, [result], scales)
        confirmed = _apart(row, others, scales)
        exempt = number(row.values[str(settings["exempt"])]) if "exempt" in settings else 0.0
        found: bool | None = None
        if (apart and apart[0] < high) or exempt == 1 or any(c >= confirming for c in confirmed):
            found = False
        elif apart and confirmed and exempt is not None:
            found = True
        asks = text("objectivity.too_high", apart=decimal(apart[0])) if apart else ""
        unchecked = (
            "objectivity.no_result" if not apart else "objectivity.no_kind" if exempt is None else "objectivity.no_exam"
        )
        mark.note(row.e, found, asks, text(unchecked))
        mark.numbers += [Detail("too_high.apart", result, a, e=row.e) for a in apart]
    return mark


def _apart(row: InputRow, names: Sequence[str], scales: Mapping[str, tuple[float, float]]) -> list[float]:
    """The known ones of these values, in deviations from the mean of all."""
    values = {name: number(row.values[name]) for name in names}
    return [standardised(v, *scales[name]) for name, v in values.items() if v is not None]


def _journal(inputs: Inputs) -> _Mark:
    names = [str(inputs.settings[k]) for k in ("above_journal", "below_journal")]
    border = float(inputs.settings["journal"])
    mark = _Mark("journal", "")
    for row in inputs.rows:
        above, below = (number(row.values[n]) for n in names)
        over = {side: v for side, v in (("above", above), ("below", below)) if v is not None and v >= border}
        found = True if over else None if above is None or below is None else False
        asks = ", ".join(text(f"objectivity.{side}", share=decimal(v)) for side, v in over.items())
        mark.note(row.e, found, asks, text("objectivity.no_journal"))
    return mark


def _jump(inputs: Inputs) -> _Mark:
    earlier, later = (str(inputs.settings[k]) for k in ("earlier", "later"))
    border = float(inputs.settings["jump"])
    differences: dict[int, float] = {}
    for row in inputs.rows:
        before, after = number(row.values[earlier]), number(row.values[later])
        if before is not None and after is not None:
            differences[row.e] = after - before
    scale = mean_and_deviation(list(differences.values()))
    mark = _Mark("jump", later)
    for row in inputs.rows:
        if row.e not in differences:
            mark.note(row.e, None, "", text("objectivity.no_grade"))
            continue
        apart = standardised(differences[row.e], *scale)
        asks = text("objectivity.rise" if apart > 0 else "objectivity.fall", apart=decimal(abs(apart)))
        mark.note(row.e, abs(apart) >= border, asks, "")
        mark.numbers.append(Detail("jump.apart", later, apart, e=row.e))
    return mark


@hookimpl
def shsnor_functions() -> Iterable[Function]:
    return [
        Function(
            id="objectivity_marks", shape="table", compute=objectivity_marks, inputs=_inputs, parameters=PARAMETERS,
            internal=True, description=DESCRIPTION,
        )
    ]  # fmt: skip
