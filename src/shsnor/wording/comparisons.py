"""The sentences about two outcomes, and about the values of a parameter."""

from __future__ import annotations

from shsnor.wording.phrases import Lang

_SENTENCES: dict[str, tuple[str, str]] = {
    "changed": ("Изменено: {label} ({id}): {before} → {after}", "Changed: {label} ({id}): {before} → {after}"),
    "same": ("Ни один признак не изменился.", "No flag has changed."),
    "flag": (
        "Признак «{label}»: было {before}, стало {after}",
        "Flag '{label}': raised {before} before, {after} after",
    ),
    "entered": ("Вошли: {n}", "Entered: {n}"),
    "left": ("Вышли: {n}", "Left: {n}"),
    "unsettled": ("Стало неизвестно: {n}", "No longer known: {n}"),
    "cleared": ("Стало известно, что признака нет: {n}", "Now known to have no flag: {n}"),
    "still_met": ("Остаются: {n}", "Still raised: {n}"),
    "still_unknown": ("По-прежнему неизвестно: {n}", "Still unknown: {n}"),
    "decided": ("(решение эксперта)", "(an expert's decision)"),
    "vpr": ("(только по ВПР)", "(on ВПР alone)"),
    "no_turn": (
        "её собственные условия те же: изменилось правило или то, с чем её сравнивают",
        "its own conditions are the same: the rule has changed, or what it is compared with",
    ),
    "everywhere": ("без муниципалитета", "in no municipality"),
    "sweep": (
        "{label} ({id}) от {low} до {high}; сейчас {now}",
        "{label} ({id}) from {low} to {high}; now {now}",
    ),
    "sweep_flag": ("Признак «{label}»", "Flag '{label}'"),
    "unknown": ("неизвестно", "unknown"),
    "now": ("сейчас", "now"),
    "untouched": (
        "На этом отрезке ни один признак не меняется.",
        "No flag changes along this span.",
    ),
    "turning": ("Точные значения, при которых список меняется: {n}", "The exact values at which the list changes: {n}"),
    "inexact": (
        "Параметр здесь не только порог: точные значения не найдены, показан первый шаг, на котором видно изменение.",
        "The parameter is more than a threshold here: exact values are not found, the first step that shows a change is.",
    ),
    "from": ("с {value}", "from {value} on"),
    "above": ("выше {value}", "above {value}"),
    "met": ("войдут {n}", "{n} enter"),
    "not_met": ("признака не станет у {n}", "{n} lose the flag"),
    "not_known": ("станет неизвестно у {n}", "{n} become unknown"),
    "settled": ("у {n} станет известно, что признака нет", "{n} become known to have no flag"),
    "more": ("… ещё {n}", "… {n} more"),
    "list": (
        "Это список для помощи, а не рейтинг: порядок строк — по муниципалитету и названию.",
        "This is a list for help, no ranking: rows stand by municipality and name.",
    ),
    "packs": ("Было: {before}\nСтало: {after}", "Before: {before}\nAfter: {after}"),
    "packs_equal": ("Пакеты говорят одно и то же.", "The packs say the same."),
    "items_changed": ("Изменено по смыслу: {n}", "Changed in meaning: {n}"),
    "items_added": ("Добавлено: {n}", "Added: {n}"),
    "items_removed": ("Убрано: {n}", "Removed: {n}"),
    "items_reworded": (
        "Изменены только слова, номера или основания: {n}",
        "Only words, numbers or sources changed: {n}",
    ),
    "was": ("было", "was"),
    "is": ("стало", "is"),
    "tables_differ": (
        "Таблицы описаны или заполнены иначе: {names}",
        "Tables are declared or filled otherwise: {names}",
    ),
    "by_change": ("из-за изменения: {names}", "because of: {names}"),
    "together": (
        "ни одно изменение само по себе этого не даёт, только несколько вместе",
        "no change does this alone, only several together",
    ),
    "not_alone": (
        "Эти изменения нельзя сделать по одному, поэтому отдельно не проверены: {names}",
        "These changes cannot be made alone, so they were not tried alone: {names}",
    ),
    "curve": (
        "Сколько школ получат признак в зависимости от значения «{label}»",
        "How many schools get the flag, by the value of '{label}'",
    ),
}


def say(key: str, lang: Lang, **gaps: object) -> str:
    """A sentence with its gaps filled."""
    return _SENTENCES[key][0 if lang == "ru" else 1].format(**gaps)
