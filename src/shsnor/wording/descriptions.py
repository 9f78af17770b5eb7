"""The sentences of a pack: what its items are, when they are met, on what they stand. They speak of no school."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shsnor.wording.counting import joined
from shsnor.wording.phrases import Lang, number, plural
from shsnor.wording.terms import LEVELS, term

#: key -> Russian, English. `describing` fills the gaps, some with references.
_SENTENCES: dict[str, tuple[str, str]] = {
    # conditions
    "nothing": ("условие не разобрано", "a condition that is not understood"),
    "in_flag": ("{entity} в категории {flag}", "the {entity} is in the category {flag}"),
    "told_above": (" (сказано выше)", " (told above)"),
    "only_for": ("Только для {of}{who}", "Only for {of}{who}"),
    "who": (", где {where}", " where {where}"),
    "who_met": (", где выполнено {what}", " that meet {what}"),
    "who_flag": (" категории {what}", " in the category {what}"),
    "is_known": ("значение {what} известно", "the value of {what} is known"),
    "is_unknown": ("значение {what} неизвестно", "the value of {what} is unknown"),
    "is_one_of": ("{what} — одно из: {values}", "{what} is one of: {values}"),
    "is_none_of": ("{what} — ни одно из: {values}", "{what} is none of: {values}"),
    "is_text": ("{what} — {value}", "{what} is {value}"),
    "is_text_not": ("{what} — не {value}", "{what} is not {value}"),
    "is_number": ("{what} равно {value}", "{what} equals {value}"),
    "is_number_not": ("{what} не равно {value}", "{what} does not equal {value}"),
    "compared": ("{what} {comparison} {with_}", "{what} is {comparison} {with_}"),
    "compared_than": ("{what} {comparison}, чем {with_}", "{what} is {comparison} {with_}"),
    "missing_not_met": (
        " (если значение неизвестно, условие не выполнено)",
        " (where the value is unknown, the condition is not met)",
    ),
    "missing_met": (
        " (если значение неизвестно, условие выполнено)",
        " (where the value is unknown, the condition is met)",
    ),
    "missing_leave_out": (
        " (если значение неизвестно, оно не учитывается)",
        " (where the value is unknown, it is left out)",
    ),
    "parameter_is": ("{value} (порог {parameter})", "{value} (parameter {parameter})"),
    "parameter_not_yet": ("порог {parameter}, который ещё не действует", "parameter {parameter}, not yet in force"),
    "met_when": ("{what} — {when}", "{what} — {when}"),
    "repeated": ("{what} — {when}", "{what} — {when}"),
    "condition_when": ("{when} выполнено условие", "{when} the condition is met"),
    "all": ("выполнены все условия", "all of these conditions are met"),
    "any": ("выполнено хотя бы одно из условий", "at least one of these conditions is met"),
    "must_not": ("не должно выполняться", "this must not hold"),
    "not_met": ("не выполнено {what}", "not met: {what}"),
    "not_in_flag": ("{entity} не в категории {flag}", "the {entity} is not in the category {flag}"),
    "in_cluster": ("в кластере {cluster} — {values}", "in the cluster {cluster}: {values}"),
    "by_reading": ("по прочтению, которое выбирает {parameter}", "by the reading that {parameter} chooses"),
    "reading_in_force": ("прочтение {name} (действует): {what}", "reading {name} (in force): {what}"),
    "reading_other": ("прочтение {name}: {what}", "reading {name}: {what}"),
    "weighs": ("{points}: {what}", "{points}: {what}"),
    "weights_at_least": (
        "сумма баллов выполненных условий не меньше {n}",
        "the points of those met sum to at least {n}",
    ),
    "weights_share_at_least": (
        "сумма баллов выполненных условий не меньше {n}\u00a0% возможной",
        "the points of those met are at least {n}% of all",
    ),
    "weights_share_more_than": (
        "сумма баллов выполненных условий больше {n}\u00a0% возможной",
        "the points of those met are more than {n}% of all",
    ),
    "weights_every": ("выполнены все условия", "all of these conditions are met"),
    "weights_any": ("выполнено хотя бы одно из условий", "at least one of these conditions is met"),
    # groups
    "among": ("среди {of}", "among {of}"),
    "of_peers": (" из подбора {peers}", " of {peers}"),
    "with_same": (", у которых то же: {what}", " with the same {what}"),
    "without_self": (", без самого объекта", " without the entity itself"),
    "group_count": ("число {of}{who} {group}", "the number of {of}{who} {group}"),
    "group_share": ("доля {of}{who} {group}, %", "the share of {of}{who} {group}, %"),
    "and": (" и ", " and "),
    "of_group": ("{statistic} {group}", "{statistic} {group}"),
    "of_group_of": ("{statistic} {what} {group}", "{statistic} of {what} {group}"),
    "least_known": (" (если известных значений не меньше {n})", " (if at least {n} values are known)"),
    # formulas
    "formula_percent": ("{part} в процентах от {of}", "{part} as per cent of {of}"),
    "formula_of_sum": ("суммы {what}", "the sum of {what}"),
    "formula_of_rows_where": ("числа строк, где {where}", "the number of rows where {where}"),
    "formula_sum": ("сумма {what}", "the sum of {what}"),
    "formula_sum_where": ("сумма {what} по строкам, где {where}", "the sum of {what} over rows where {where}"),
    "formula_rows_where": ("число строк, где {where}", "the number of rows where {where}"),
    "formula_count": ("число строк, где есть {what}", "the number of rows that have {what}"),
    "formula_count_distinct": ("число разных значений {what}", "the number of different values of {what}"),
    "formula_min": ("наименьшее {what}", "the lowest {what}"),
    "formula_max": ("наибольшее {what}", "the highest {what}"),
    "formula_median": ("медиана {what}", "the median of {what}"),
    "formula_stddev_pop": ("стандартное отклонение {what}", "the standard deviation of {what}"),
    "formula_quantile_disc": ("граница нижних {share}\u00a0% {what}", "the border of the lowest {share}% of {what}"),
    "formula_minus": ("минус {what}", "minus {what}"),
    "formula_and": (" и ", " and "),
    "formula_or": (", или ", ", or "),
    "formula_nor": (", не ", ", not "),
    "or": (" или ", " or "),
    "formula_or_else": (", потом ", ", then "),
    "formula_is": ("{what} — {value}", "{what} is {value}"),
    "formula_is_not": ("{what} — не {value}", "{what} is not {value}"),
    "formula_in": ("{what} — {values}", "{what} is {values}"),
    "formula_not": ("неверно, что {what}", "it is not so that {what}"),
    "formula_is_null": ("{what} не указано", "{what} is empty"),
    "formula_is_not_null": ("{what} указано", "{what} is given"),
    "formula_coalesce": ("{what} (если пусто — {instead})", "{what} (where empty: {instead})"),
    "formula_if": ("{then}, если {when}", "{then} if {when}"),
    "formula_else": ("иначе {otherwise}", "otherwise {otherwise}"),
    "formula_greatest": ("наибольшее из ({what})", "the greatest of ({what})"),
    "formula_least": ("наименьшее из ({what})", "the least of ({what})"),
    "formula_abs": ("модуль ({what})", "the absolute value of ({what})"),
    "formula_floor": ("({what}) с округлением вниз", "({what}) rounded down"),
    "formula_ceil": ("({what}) с округлением вверх", "({what}) rounded up"),
    "formula_sqrt": ("корень из ({what})", "the root of ({what})"),
    # items
    "flag_if": ("{entity} относится к категории {flag}, если {rule}", "{entity} is in the category {flag} if {rule}"),
    "criterion_if": ("Верно, если {rule}", "Met if {rule}"),
    "elsewhere": ("Для остальных — «неприменимо»", "For the others it is 'not applicable'"),
    "expert": (
        "Решение эксперта может изменить вывод; причина показывается",
        "An expert's decision may change the verdict; its reason is shown",
    ),
    "first_match": (
        "Метка — первая сверху, чьё условие выполнено",
        "The label is the first from the top whose condition is met",
    ),
    "case_if": ("{label} — если {rule}", "{label} if {rule}"),
    "case_otherwise": ("{label} — во всех остальных случаях", "{label} in all other cases"),
    "measure_if": ("Рекомендуется, если {rule}", "Recommended if {rule}"),
    "measure_everyone": ("Для всех: {level}", "For everyone: {level}"),
    "by_function": ("Считает функция {function}", "Computed by the function {function}"),
    "by_function_that": ("Считает функция {function}: {about}", "Computed by the function {function}: {about}"),
    "peers_for": ("Подбирается для {of}{who}", "Sought for {of}{who}"),
    "peers_meeting": ("Выбирается среди {of}{who}", "Chosen among {of}{who}"),
    "value_since": ("С {date} — {value}", "Since {date}: {value}"),
    "value_since_now": ("С {date} — {value} (действует)", "Since {date}: {value} (in force)"),
    "used_by": ("От него зависят: {items}", "What depends on it: {items}"),
    "from_table": ("Из таблицы {table}: {formula}", "From the table {table}: {formula}"),
    "rows_where": ("Строки, где {where}", "Rows where {where}"),
    "for_each": ("Отдельно для каждого: {dims}", "For each: {dims}"),
    "of_what": ("Что должно быть в данных", "What ought to be in the data"),
    "cell_for": ("{cell} (только там, где {where})", "{cell} (only where {where})"),
    "pooled_years": ("Строки складываются {span}", "Rows are added {span}"),
    "minimum": (
        "Если {column} меньше {n}, значение неизвестно: слишком мало",
        "Where {column} is less than {n}, the value is unknown: too few",
    ),
    "rows_known": ("Достаточно известных строк: {n}", "Known rows that suffice: {n}"),
    "values_known": ("Достаточно известных значений: {n}", "Known values that suffice: {n}"),
    "at_level": ("Строки складываются на уровне «{level}»", "Rows are added at the level '{level}'"),
    "computed": ("Считается так: {formula}", "Computed so: {formula}"),
    "same_as": ("То же, что {what}", "The same as {what}"),
    "times_count": ("в скольких случаях выполнено {what}, {over}", "in how many cases {what} is met, {over}"),
    "times_share": (
        "в каком проценте случаев выполнено {what}, {over}",
        "in what per cent of cases {what} is met, {over}",
    ),
    "folded": ("{statistic} {what} {over}", "{statistic} of {what} {over}"),
    "rounded": ("Округляется до {n}", "Rounded to {n}"),
    "not_in_force": ("На {date} не действует", "Not in force on {date}"),
    "in_force_from": ("Действует с {date}", "In force from {date}"),
    "in_force_to": ("Действует по {date}", "In force to {date}"),
    "part_of": ("Часть строки {what}", "Part of {what}"),
    "serves": ("Служит: {what}", "Serves: {what}"),
    "told": ("{name}: {value}", "{name}: {value}"),
    # sources
    "source": ("Основание: {clause}, {document} — {basis}", "Source: {clause}, {document}: {basis}"),
    "because": ("Почему: {because}", "Why: {because}"),
    "override": ("Заменяет элемент базового пакета: {reason}", "Replaces an item of the base pack: {reason}"),
    "from_base": ("Из пакета {pack}", "From the pack {pack}"),
}

_LEVEL_FORMS: dict[str, tuple[str, str, str]] = {
    # name with a capital, genitive plural, the statistic's place («по региону»)
    "school": ("Школа", "школ", "по школе"),
    "municipality": ("Муниципалитет", "муниципалитетов", "по муниципалитету"),
    "region": ("Регион", "регионов", "по региону"),
    "teacher": ("Учитель", "учителей", "по учителю"),
}
_KINDS: dict[str, tuple[str, str]] = {
    "goal": ("цель", "goal"),
    "task": ("задача", "task"),
    "plan": ("мероприятие плана", "action of the plan"),
    "result": ("ожидаемый результат", "expected result"),
    "principle": ("принцип", "principle"),
    "target": ("целевой показатель", "target"),
    "incentive": ("стимул", "incentive"),
}
_DETAILS: dict[str, tuple[str, str]] = {
    "kind": ("Вид строки", "Kind"),
    "level": ("Уровень", "Level"),
    "group": ("Раздел мер", "Group"),
    "stage": ("Этап", "Stage"),
    "deadline": ("Срок", "Deadline"),
    "months": ("Месяцы", "Months"),
    "due": ("Дата", "Due"),
    "responsible": ("Отвечают", "Responsible"),
    "report": ("Отчёт", "Report"),
    "status": ("Состояние", "Status"),
}
_MONTHS = {
    "ru": [
        "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ],
    "en": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ],
}  # fmt: skip
#: So many values of a dimension are named; of more, the ends and how many there are.
_MOST_VALUES = 12
_SETTINGS = {"true": ("да", "yes"), "false": ("нет", "no")}
_CHANGES = {
    "change": ("изменение", "the change"),
    "slope": ("изменение в год (наклон прямой)", "the change a year (slope of the line)"),
}
_OF: dict[str, tuple[str, str]] = {
    "every": ("выполнены все {of}", "all {of} conditions are met"),
    "any": ("выполнено хотя бы одно из {of}", "at least one of the {of} conditions is met"),
    "at_least": ("выполнено не меньше {n} из {of}", "at least {n} of the {of} conditions are met"),
    "share_at_least": ("выполнено не меньше {n}\u00a0% из {of}", "at least {n}% of the {of} conditions are met"),
    "share_more_than": ("выполнено больше {n}\u00a0% из {of}", "more than {n}% of the {of} conditions are met"),
}


def say(key: str, lang: Lang) -> str:
    """The sentence of that key, its gaps open."""
    return _SENTENCES[key][0 if lang == "ru" else 1]


def level(name: str, form: str, lang: Lang) -> str:
    """A level's name: «Школа» (`name`), «школ» (`of`)."""
    if lang == "en":
        word = term(name, lang, LEVELS)
        return word.capitalize() if form == "name" else {"municipality": "municipalities"}.get(name, f"{word}s")
    forms = _LEVEL_FORMS.get(name, (f"Объект уровня «{name}»", f"объектов уровня «{name}»", ""))
    return forms[0 if form == "name" else 1]


def among(name: str, lang: Lang) -> str:
    """«по региону»: the place of a statistic over a level."""
    if lang == "en":
        return f"over the {term(name, lang, LEVELS)}"
    return _LEVEL_FORMS[name][2] if name in _LEVEL_FORMS else f"по уровню «{name}»"


def within(name: str, lang: Lang) -> str:
    """« муниципалитета»: whose entities, after the word for them."""
    of = {"school": "школы", "municipality": "муниципалитета", "region": "региона"}
    return f" {of.get(name, f'уровня «{name}»')}" if lang == "ru" else f" of the {term(name, lang, LEVELS)}"


def points(weight: str, lang: Lang) -> str:
    """«2 балла»: what a condition weighs."""
    exact = Decimal(weight)
    forms = ("балл", "балла", "баллов") if lang == "ru" else ("point", "points")
    word = plural(int(exact), forms, lang) if exact == int(exact) else forms[1]
    return f"{number(exact, lang)}\u00a0{word}"


def of_conditions(word: str, n: str, of: int, lang: Lang) -> str:
    """«выполнено не меньше 2 из 5 условий»."""
    counted = f"{of} {'условия' if of == 1 else 'условий'}" if lang == "ru" else str(of)
    if word == "every" and lang == "ru":
        counted = f"{of} {plural(of, ('условие', 'условия', 'условий'))}"
    ru, en = _OF.get(word, _OF["every"])
    return (ru if lang == "ru" else en).format(n=number(n or "0", lang), of=counted)


def _few(values: list[str], lang: Lang) -> str:
    """All values; of many the first and the last ones, and how many there are."""
    if len(values) <= _MOST_VALUES:
        return joined(values, lang)
    counted = f"всего {len(values)}" if lang == "ru" else f"{len(values)} in all"
    return f"{', '.join(values[:3])}, …, {values[-1]} ({counted})"


def cells(dims: Mapping[str, Sequence[str]], lang: Lang, label: Callable[[str], str]) -> str:
    """«ВПР; 5 и 6 классы; рус и мат»: what ought to be there; other dimensions by their `label`."""
    said = []
    for name, values in dims.items():
        listed = _few(list(values), lang)
        if name == "grade":
            word = ("класс" if len(values) == 1 else "классы") if lang == "ru" else ""
            said.append(f"{listed}\u00a0{word}" if word else f"grade {listed}")
        else:
            said.append(listed if name in ("procedure", "subject") else f"{label(name)}: {listed}")
    return "; ".join(said)


def change(name: str, lang: Lang) -> str:
    """The words for a statistic over years; "" of any other."""
    return _CHANGES[name][0 if lang == "ru" else 1] if name in _CHANGES else ""


def kind(name: str, lang: Lang) -> str:
    """«ожидаемый результат»: what kind of row of the order a task is."""
    return term(name, lang, _KINDS)


def detail(name: str, lang: Lang) -> str:
    """The name of a detail of a task or measure, as «Срок»."""
    return term(name, lang, _DETAILS)


def month(number: int, lang: Lang) -> str:
    """A month 1–12 by its name."""
    return _MONTHS[lang][number - 1]


def setting(text: str, lang: Lang) -> str:
    """A setting of a function as it is written, yes and no in words."""
    return term(text, lang, _SETTINGS)


def decimals(n: int, lang: Lang) -> str:
    """«2 знаков после запятой»: what a value is rounded to."""
    if n == 0:
        return "целого" if lang == "ru" else "a whole number"
    if lang == "ru":
        return f"{n} {plural(n, ('знака', 'знаков', 'знаков'))} после запятой"
    return f"{n} decimal {plural(n, ('place', 'places'), lang)}"


def literal(value: Any, lang: Lang) -> str:
    """A text, yes or no, or nothing, as it stands in a formula."""
    if value is None:
        return "пусто" if lang == "ru" else "empty"
    if isinstance(value, bool):
        return ("да" if value else "нет") if lang == "ru" else ("yes" if value else "no")
    return str(value)
