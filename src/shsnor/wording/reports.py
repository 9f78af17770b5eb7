"""The sentences of a school's profile and of the overviews: plain Russian, of what was found and how to help."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from shsnor.wording.explanations import cell as words_cell
from shsnor.wording.explanations import many
from shsnor.wording.phrases import count, number

#: What the verdict of a condition means for a school, by what the condition looks for.
STATUS = {
    ("trouble", "met"): "есть трудность",
    ("trouble", "not_met"): "трудности нет",
    ("goal", "met"): "достигнуто",
    ("goal", "not_met"): "пока не достигнуто",
    ("", "met"): "условие выполнено",
    ("", "not_met"): "условие не выполнено",
}

#: The word for a flag's verdict on a page of its own.
FLAG_STATUS = {
    "met": "присвоен",
    "not_met": "не присвоен",
    "unknown": "неизвестно",
    "vacant": "не относится",
}

#: What pupils do where a share gets better, in the forms for 1, 2 and 5 of them.
LEARNING = {
    "minimum": ("ученик преодолеет минимум", "ученика преодолеют минимум", "учеников преодолеют минимум"),
    "good_marks": ("ученик получит «4» или «5»", "ученика получат «4» или «5»", "учеников получат «4» или «5»"),
}

_SUBJECTS = {
    "рус": "русский язык",
    "мат": "математика",
    "мат_база": "математика (базовая)",
    "мат_проф": "математика (профильная)",
    "окр": "окружающий мир",
    "общ": "обществознание",
    "био": "биология",
    "физ": "физика",
    "хим": "химия",
    "ист": "история",
    "гео": "география",
    "лит": "литература",
    "инф": "информатика",
    "ин": "иностранный язык",
    "англ": "английский язык",
}

_SENTENCES = {
    "flags": "Школе присвоено: {flags}.",
    "no_flags": "Ни один признак школе не присвоен.",
    "nothing_known": "Вывода пока нет ни по одному признаку: не хватает данных.",
    "also_unknown": "По {n} вывода пока нет: не хватает данных.",
    "subjects": "Внимания требуют предметы: {subjects}.",
    "measures": "Рекомендовано мер поддержки: {n}.",
    "trouble_pupils": "Если ещё {pupils}, будет {after} — трудности по этому условию уже нет.",
    "goal_pupils": "Если ещё {pupils}, будет {after} — цель достигнута.",
    "away": "До порога {gap}.",
    "margin": "Запас до порога {gap}.",
    "moves": "Порог считается по школам и сам изменится вместе с ними.",
    "counted": "«{label}»: выполнено {met}, нужно {needed}. Вывод изменится, когда станет иначе ещё в {n}.",
    "median": "Середина ряда (медиана) по {n}",
    "histogram": "{title}: у скольких школ какое значение. Известно у {n}; от {low} до {high}, середина ряда {median}.",
    "thresholds": "Порог: {thresholds}.",
    "map": "Школы по их координатам, север сверху. Признак «{flag}» присвоен {met} из {of}: они отмечены квадратом.",
    "trend": "По годам. Середина ряда: {other}.",
    "more": "и ещё {n}",
}

#: How a school makes sure of a number or has a verdict looked at again.
CONTEST = (
    "Сверьте числа этой страницы со своими протоколами: у каждого значения названы процедура, класс, предмет, год "
    "и число участников.",
    "Если число неверно или чего-то не хватает, передайте муниципальному координатору или в региональный центр оценки "
    "качества образования код школы, показатель, год, верное значение и документ, где оно стоит. Расчёт повторят.",
)
MAY_DECIDE = (
    "Если числа верны, но не показывают положения школы, вывод может изменить эксперт: {items}. Записываются его роль "
    "и обоснование; то, что дал расчёт, остаётся видно."
)
MAY_NOT_DECIDE = (
    "Решений эксперта вместо расчёта этот порядок не предусматривает: обращайтесь к тому, кто его утвердил."
)


def say(key: str, **gaps: object) -> str:
    """The sentence of that key with its gaps filled in."""
    return _SENTENCES[key].format(**gaps)


def subject(name: str) -> str:
    """«русский язык» for `рус`; a name that is not listed stands for itself."""
    return _SUBJECTS.get(name, name)


def cell(dimensions: Mapping[str, str], label: Callable[[str], str] = str) -> str:
    """«ВПР, 5 класс, русский язык, 2022»: a cell as a school reads it.

    label   gives the name of what a cell calls by its code: a target of the plan
    """
    shown = {name: subject(value) if name == "subject" else value for name, value in dimensions.items()}
    plan = [label(shown.pop(name)) for name in ("indicator", "unit") if name in shown]
    return ", ".join(part for part in (*plan, words_cell(shown, "ru")) if part)


def pupils(n: int, learning: str) -> str:
    """«3 ученика преодолеют минимум»."""
    return count(n, LEARNING[learning], "ru")


def flags_of(n: int) -> str:
    """«двум признакам» as «2 признакам»."""
    return count(n, ("признаку", "признакам", "признакам"), "ru")


def cases_of(n: int) -> str:
    """«3 случаях»."""
    return count(n, ("случае", "случаях", "случаях"), "ru")


def schools_of(n: int) -> str:
    """«12 школам»: over them something is counted."""
    return count(n, ("школе", "школам", "школам"), "ru")


def schools(n: int) -> str:
    """«12 школ»."""
    return many(n, "school", "ru")


def percent_of(part: int, whole: int) -> str:
    """«286 из 300, 95,3 %»."""
    if not whole:
        return "0"
    share = (Decimal(100 * part) / whole).quantize(Decimal("0.1"))
    return f"{number(part, 'ru')} из {number(whole, 'ru')}, {number(share, 'ru')}\u00a0%"


def quoted_list(names: Sequence[str], most: int = 5) -> str:
    """«a», «b» — and how many more there are."""
    shown = ", ".join(f"«{name}»" for name in names[:most])
    return shown if len(names) <= most else f"{shown} и ещё {len(names) - most}"
