"""The words of the format and of the outcome, in the reader's language. What is not listed stands for itself."""

from __future__ import annotations

import re
from typing import Literal

Lang = Literal["ru", "en"]
_Words = dict[str, tuple[str, str]]

VERDICTS: _Words = {
    "met": ("выполнено", "met"),
    "not_met": ("не выполнено", "not met"),
    "unknown": ("неизвестно", "unknown"),
}

SEVERITIES: _Words = {
    "error": ("ошибка", "error"),
    "warning": ("предупреждение", "warning"),
}

REASONS: _Words = {
    "no_row": ("нет строки данных", "no row of data"),
    "empty_value": ("пустая ячейка", "empty cell"),
    "hidden": ("значение скрыто источником", "suppressed by the source"),
    "too_few": ("слишком мало участников", "too few participants"),
    "empty_group": ("не с кем сравнить", "nobody to compare with"),
    "declined": ("функция не дала ответа", "the function gave no answer"),
    "not_held": ("не проводилось", "not held"),
    "not_applicable": ("неприменимо", "not applicable"),
    "left_out": ("не учитывается: значение неизвестно", "left out: the value is unknown"),
}

COMPARISONS: _Words = {
    "at_least": ("не меньше", "at least"),
    "more_than": ("больше", "more than"),
    "at_most": ("не больше", "at most"),
    "less_than": ("меньше", "less than"),
    "is": ("равно", "is"),
    "is_in": ("одно из", "is one of"),
    "known": ("значение известно", "the value is known"),
    "every": ("во всех случаях", "in every case"),
    "any": ("хотя бы в одном случае", "in any case"),
    "share_at_least": ("не меньше чем в, % случаев", "in at least, % of cases"),
    "share_more_than": ("больше чем в, % случаев", "in more than, % of cases"),
}

UNITS: _Words = {
    "percent": ("%", "%"),
    "share": ("доля (0–1)", "share (0–1)"),
    "point": ("балл", "point"),
    "mark": ("отметка", "mark"),
    "count": ("число", "count"),
    "ruble": ("руб.", "ruble"),
    "year": ("год", "year"),
    "text": ("текст", "text"),
    "number": ("число", "number"),
    "percentage_point": ("процентный пункт", "percentage point"),
}

#: The noun that follows a number with the unit, in its plural forms; other units stand as they are.
UNIT_FORMS: dict[str, tuple[tuple[str, str, str], tuple[str, str]]] = {
    "percent": (("%", "%", "%"), ("%", "%")),
    "point": (("балл", "балла", "баллов"), ("point", "points")),
    "ruble": (("рубль", "рубля", "рублей"), ("ruble", "rubles")),
    "percentage_point": (
        ("процентный пункт", "процентных пункта", "процентных пунктов"),
        ("percentage point", "percentage points"),
    ),
}

BASIS: _Words = {
    "stated": ("сказано в документе", "the document says it"),
    "derived": ("следует из документа", "follows from the document"),
    "assumed": ("выбор автора пакета", "the pack's author chose it"),
}

SECTIONS: _Words = {
    "sources": ("документ", "document"),
    "levels": ("уровень", "level"),
    "tables": ("таблица", "table"),
    "parameters": ("параметр", "parameter"),
    "indicators": ("показатель", "indicator"),
    "criteria": ("критерий", "criterion"),
    "flags": ("признак", "flag"),
    "clusters": ("кластер", "cluster"),
    "peers": ("похожие школы (peers)", "peers"),
    "tasks": ("задача", "task"),
    "measures": ("мера", "measure"),
}

STATUSES: _Words = {
    "recommended": ("рекомендуется", "recommended"),
    "undecided": ("не решено: условие неизвестно", "undecided: the condition is unknown"),
    "for_everyone": ("для всех", "for everyone"),
}

LEVELS: _Words = {
    "school": ("школа", "school"),
    "municipality": ("муниципалитет", "municipality"),
    "region": ("регион", "region"),
    "teacher": ("учитель", "teacher"),
}

#: What can be expected at a place of a pack or table.
EXPECTED: _Words = {
    **SECTIONS,
    "text": ("текст", "text"),
    "not_empty": ("хотя бы одно значение", "at least one value"),
    "integer": ("целое число", "a whole number"),
    "number": ("число (дробная часть — через точку: 0.5)", "a number (with a decimal point: 0.5)"),
    "percent": ("процент от 0 до 100", "a per cent from 0 to 100"),
    "yes_no": ("true или false", "true or false"),
    "true": ("true", "true"),
    "list": ("список: [а, б] или строки с «- »", "a list: [a, b] or lines with '- '"),
    "pair": ("пара [наименьшее, наибольшее]", "a pair [lowest, highest]"),
    "mapping": ("структура «ключ: значение»", "a structure 'key: value'"),
    "text_or_list": ("значение или список значений", "a value or a list of values"),
    "one_of": ("одно из допустимых значений", "one of the allowed values"),
    "parameter": ("имя параметра со знаком $, например $low_limit", "a parameter's name with $, as $low_limit"),
    "$parameter": ("параметр со знаком $", "a parameter with $"),
    "date": ("дата вида 2024-12-31", "a date such as 2024-12-31"),
    "year": ("год из четырёх цифр", "a year of four digits"),
    "other": ("другое значение", "another value"),
}

#: What a formula or item gives.
KINDS: _Words = {
    "number": ("число", "number"),
    "text": ("текст", "text"),
    "verdict": ("вывод (выполнено или нет)", "verdict (met or not)"),
    "label": ("метка кластера", "label of a cluster"),
}

_EVERYTHING: _Words = {
    **KINDS, **UNITS, **LEVELS, **STATUSES, **BASIS, **COMPARISONS, **REASONS, **VERDICTS, **SECTIONS
}  # fmt: skip


def term(name: str, lang: Lang = "ru", words: _Words = _EVERYTHING) -> str:
    """The word for a term of the format or of the outcome; `name` itself where there is none."""
    found = words.get(name)
    return name if found is None else found[0 if lang == "ru" else 1]


#: What the formula reader says (in English) -> in Russian; a reason of the parser's own stays as it is.
_FORMULA_REASONS = {
    "the formula is nested too deep": "формула вложена слишком глубоко",
    "comments are not part of a formula": "комментарии в формуле не допускаются",
    "one expression is awaited": "ожидается одно выражение",
    "one unnamed expression is awaited, without FROM, WHERE, ORDER, WITH": (
        "ожидается одно выражение, без FROM, WHERE, ORDER, WITH"
    ),
    "an aggregate inside an aggregate": "сумма внутри суммы",
    "not allowed in a formula": "в формуле такого быть не может",
    'an id with dots stands in double quotes: "eff.1.1"': 'код с точками берут в двойные кавычки: "eff.1.1"',
    "quantile_disc(x, p): p is a number from 0 to 1": "quantile_disc(x, p): p — число от 0 до 1",
    "this function is not listed": "такой функции в списке нет",
}
_GIVEN = {"number": "число", "text": "текст", "yes_no": "да/нет", "date": "дата"}


def formula_reason(text: str, lang: Lang = "ru") -> str:
    """Why a formula is refused, in the reader's language."""
    if lang == "en":
        return text
    if text in _FORMULA_REASONS:
        return _FORMULA_REASONS[text]
    if (needed := re.fullmatch(r"(\w+) is needed, (\w+) stands", text)) is not None:
        wanted, given = (_GIVEN.get(word, word) for word in needed.groups())
        return f"нужно {wanted}, а стоит {given}"
    if (mixed := re.fullmatch(r"(.+) do not go together", text)) is not None:
        kinds = [_GIVEN.get(word, word) for word in mixed.group(1).split(" and ")]
        return f"{' и '.join(kinds)} не сочетаются"
    if (wanted_count := re.fullmatch(r"(\w+) takes (.+) argument\(s\)", text)) is not None:
        name, number = wanted_count.groups()
        return f"у {name} должно быть аргументов: {number.replace('or', 'или')}"
    return text
