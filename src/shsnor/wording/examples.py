"""Schools that a finding gives as an example, and conditions that have no label, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shsnor.wording import quantity
from shsnor.wording.phrases import Lang
from shsnor.wording.terms import COMPARISONS, UNITS

Fact = Mapping[str, Any]

_STATES: dict[str, tuple[str, str]] = {
    "value": ("{what} — {value}", "{what} is {value}"),
    "text": ("{what} — {value}", "{what} is {value}"),
    "other_text": ("{what} — что-либо другое", "{what} is something else"),
    "unknown": ("{what} — неизвестно", "{what} is unknown"),
    "vacant": ("{what} — неприменимо", "{what} does not apply"),
    "below": ("{what} меньше, чем {than}", "{what} is below {than}"),
    "equal": ("{what} столько же, сколько {than}", "{what} equals {than}"),
    "above": ("{what} больше, чем {than}", "{what} is above {than}"),
    "met": ("{what} — выполнено", "{what} is met"),
    "not_met": ("{what} — не выполнено", "{what} is not met"),
    "label": ("{what} — метка «{value}»", "{what} is labelled '{value}'"),
    "other_label": ("{what} — другая метка", "{what} is labelled otherwise"),
    "reading": ("прочтение {what} — {value}", "the reading {what} is {value}"),
}
_GROUPS: dict[str, tuple[str, str]] = {
    "mean": ("среднее группы", "the group's mean"),
    "median": ("медиана группы", "the group's median"),
    "pooled": ("общее значение группы", "the group's pooled value"),
    "min": ("наименьшее в группе", "the group's lowest value"),
    "max": ("наибольшее в группе", "the group's highest value"),
    "lowest": ("граница нижних {border} % группы", "the border of the group's lowest {border}%"),
    "highest": ("граница верхних {border} % группы", "the border of the group's highest {border}%"),
}
_GROUP = ("значение группы", "the group's value")
_HOW_MANY: dict[str, tuple[str, str]] = {
    "at_least": ("в счёт — не меньше {}", "counted: at least {}"),
    "share_at_least": ("не меньше {} % случаев", "in at least {}% of cases"),
    "share_more_than": ("больше {} % случаев", "in more than {}% of cases"),
}
_AND, _OR = (" и ", " and "), (" или ", " or ")


def school(facts: Sequence[Fact], lang: Lang) -> str:
    """What is known of one school: «Доля» — 35 %, «Вид» — «НОШ»."""
    return ", ".join(_fact(fact, lang) for fact in facts)


def schools(examples: Sequence[Sequence[Fact]], lang: Lang) -> str:
    """Several schools, each by what is known of it."""
    lead = "школа, у которой " if lang == "ru" else "a school where "
    return "; ".join(lead + school(facts, lang) for facts in examples)


def condition(name: Any, lang: Lang) -> str:
    """A condition by its label in quotes, else put into words: «Доля» не меньше 30 %."""
    if not isinstance(name, Mapping):
        return _quoted(str(name), lang)
    n = 0 if lang == "ru" else 1
    if "leaf" in name:
        return f"{_what(name['leaf'], lang)} {_compared(name, lang)}"
    if "not" in name:
        return ("не: " if lang == "ru" else "not: ") + condition(name["not"], lang)
    if "over" in name:
        return f"{condition(name['over'], lang)} ({_in_how_many(name['met_in'], lang)})"
    if "cluster" in name:
        return f"{_what(name['cluster'], lang)}: {', '.join(name['labels'])}"
    if "reading" in name:
        return ("прочтение " if lang == "ru" else "the reading ") + str(name["reading"])
    if "applied" in name:
        return f"{condition(name['applied'], lang)} {('только для', 'only for')[n]} {condition(name['to'], lang)}"
    if "of" in name:
        parts = ", ".join(condition(part, lang) for part in name["of"])
        return f"{parts} ({_in_how_many(name['met_in'], lang)})"
    for key, joint in (("all", _AND), ("any", _OR)):
        if key in name:
            return f"({joint[n].join(condition(part, lang) for part in name[key])})"
    return _what(name, lang)


def _fact(fact: Fact, lang: Lang) -> str:
    state, what, value = fact["state"], fact["what"], str(fact.get("value"))
    if state == "reading":
        told = str(what)
    else:
        told = condition(what, lang) if state in ("met", "not_met", "unknown", "vacant") else _what(what, lang)
    if state == "value":
        value = _number(value, fact.get("unit"), lang)
    elif state == "text":
        value = _quoted(value, lang)
    than = _what(fact["than"], lang) if "than" in fact else ""
    return _STATES[state][0 if lang == "ru" else 1].format(what=told, value=value, than=than)


def _what(what: Any, lang: Lang) -> str:
    if not isinstance(what, Mapping):
        return _quoted(str(what), lang)
    return _GROUPS.get(what["group"], _GROUP)[0 if lang == "ru" else 1].format(border=what.get("border"))


def _compared(name: Mapping[str, Any], lang: Lang) -> str:
    if "known" in name:
        words = {True: ("известно", "is known"), False: ("неизвестно", "is not known")}
        return words[name["known"]][0 if lang == "ru" else 1]
    comparison = COMPARISONS[name["comparison"]][0 if lang == "ru" else 1]
    if "than" in name:
        return f"{comparison}{', чем' if lang == 'ru' else ''} {_what(name['than'], lang)}"
    return f"{comparison} {', '.join(_number(value, name['unit'], lang) for value in name['values'])}"


def _in_how_many(met_in: Any, lang: Lang) -> str:
    n = 0 if lang == "ru" else 1
    if isinstance(met_in, str):
        return COMPARISONS[met_in][n]
    how, number = met_in
    return _HOW_MANY[how][n].format(number)


def _number(value: str, unit: str | None, lang: Lang) -> str:
    """A number with its unit; a text or `$parameter` as it stands."""
    if not value.lstrip("+-").replace(".", "", 1).isdigit():
        return value if value.startswith("$") else _quoted(value, lang)
    shown = quantity(value, unit, lang)
    own = unit not in (None, "count", "number", "share", "text", "year") and unit not in UNITS
    return f"{shown} {unit}" if own else shown


def _quoted(text: str, lang: Lang) -> str:
    return f"«{text}»" if lang == "ru" else f"'{text}'"
