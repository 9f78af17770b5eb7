"""The sentences of an explanation and of a summary, in plain Russian and English.

They speak of what was found and of help, never of blame: a flag is a reason to support a school.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from shsnor.wording.counting import met_in_parts
from shsnor.wording.phrases import Lang, count, number, plural
from shsnor.wording.terms import COMPARISONS, REASONS, UNIT_FORMS, term

_NOUNS = {
    "school": (("школа", "школы", "школ"), ("school", "schools")),
    "municipality": (("муниципалитет", "муниципалитета", "муниципалитетов"), ("municipality", "municipalities")),
    "region": (("регион", "региона", "регионов"), ("region", "regions")),
    "teacher": (("учитель", "учителя", "учителей"), ("teacher", "teachers")),
    "entity": (("объект", "объекта", "объектов"), ("entity", "entities")),
    "case": (("случай", "случая", "случаев"), ("case", "cases")),
    "case_of": (("случая", "случаев", "случаев"), ("case", "cases")),
    "condition_of": (("условия", "условий", "условий"), ("condition", "conditions")),
    "participant": (("участник", "участника", "участников"), ("participant", "participants")),
    "member_of": (("объекту", "объектам", "объектам"), ("entity", "entities")),
}

#: The word for the verdict of a flag; other verdicts have theirs in `terms`.
_FLAG_VERDICTS = {
    "met": ("присвоен", "raised"),
    "not_met": ("не присвоен", "not raised"),
    "unknown": ("неизвестно", "unknown"),
}

_STATISTICS = {
    "mean": ("среднее", "mean"),
    "pooled": ("среднее по всем участникам вместе", "mean over all participants together"),
    "median": ("медиана", "median"),
    "sum": ("сумма", "sum"),
    "min": ("наименьшее", "lowest value"),
    "max": ("наибольшее", "highest value"),
    "count": ("число", "number"),
    "share": ("доля, %", "share, %"),
    "stdev": ("стандартное отклонение", "standard deviation"),
    "rank": ("место", "rank"),
    "lowest": ("граница нижних {n} %", "border of the lowest {n} %"),
    "highest": ("граница верхних {n} %", "border of the highest {n} %"),
}

#: Kinds of nodes -> their sentence, where a node has no name of its own.
_NODES = {
    "all": "all", "any": "any", "not": "not", "choose": "choose",
    "quantifier": "enough_cases", "of": "enough_conditions", "cluster": "right_cluster", "leaf": "comparison_holds",
}  # fmt: skip

#: key -> Russian, English. `say` fills the gaps.
_SENTENCES: dict[str, tuple[str, str]] = {
    # explanation: heads
    "as_of": ("на {date}", "as of {date}"),
    "flag": ("Признак «{label}»: {verdict}", "Flag '{label}': {verdict}"),
    "cluster": ("Кластер «{label}»: «{case}»", "Cluster '{label}': '{case}'"),
    "cluster_unknown": ("Кластер «{label}»: неизвестно ({reasons})", "Cluster '{label}': unknown ({reasons})"),
    "no_flags": ("Признаков для этого объекта пакет не определяет.", "The pack defines no flags for this entity."),
    "nothing": ("Об этом расчёт ничего не говорит.", "The evaluation says nothing of this."),
    "help": (
        "Признак — основание для поддержки, а не оценка работы школы.",
        "A flag is a reason for support, not a judgement of the school's work.",
    ),
    # explanation: nodes
    "all": ("Все условия вместе", "All of these conditions"),
    "any": ("Хотя бы одно из условий", "At least one of these conditions"),
    "not": ("Не должно выполняться", "Must not hold"),
    "choose": ("Выбранное прочтение", "The reading chosen"),
    "enough_cases": ("Выполнено в нужном числе случаев", "Met in as many cases as are needed"),
    "enough_conditions": ("Выполнено нужное число условий", "As many conditions are met as are needed"),
    "right_cluster": ("Кластер тот, что нужен", "The cluster is the one needed"),
    "comparison_holds": ("Сравнение выполняется", "The comparison holds"),
    "cluster_is": ("Кластер «{label}» — {needed}; здесь: {value}", "Cluster '{label}' — {needed}; here: {value}"),
    "counted": ("Нужно: {needed}; выполнено: {met} из {of}", "Needed: {needed}; met: {met} of {of}"),
    "with_unknown": (", неизвестно: {n}", ", unknown: {n}"),
    "was_is": ("{before} → {after}", "{before} → {after}"),
    "threshold": ("порог {comparison} {threshold}", "threshold {comparison} {threshold}"),
    "source": ("Основание: {source}", "Source: {source}"),
    "applies_to": ("К кому относится", "To whom it applies"),
    "not_known": ("нужно: значение неизвестно", "needed: the value is unknown"),
    "wanted": ("нужно: {comparison} {threshold}", "needed: {comparison} {threshold}"),
    "threshold_unknown": ("порог {comparison}: неизвестен", "threshold {comparison}: unknown"),
    "of_counts": ("{numerator} из {denominator}", "{numerator} of {denominator}"),
    "value_unknown": ("значение неизвестно", "value unknown"),
    "above": ("см. выше", "see above"),
    "made_of": ("считается из:", "computed from:"),
    "unknown": ("неизвестно: {reasons}", "unknown: {reasons}"),
    "vacant": ("не учитывается ({reasons})", "not counted ({reasons})"),
    "missing_rule": (
        "{verdict} по правилу для неизвестного значения ({reasons})",
        "{verdict} by the rule for an unknown value ({reasons})",
    ),
    "decided": (
        "решение эксперта ({role}): {verdict}; по расчёту: {computed}",
        "an expert's decision ({role}): {verdict}; computed: {computed}",
    ),
    "cluster_decided": (
        "решение эксперта ({role}); по расчёту: {computed}",
        "an expert's decision ({role}); computed: {computed}",
    ),
    "decision_reason": ("Обоснование решения: {reason}", "Reason of the decision: {reason}"),
    "assumed": ("допущение автора пакета", "the pack author's assumption"),
    "rests_on_assumed": ("Допущения автора пакета (assumed)", "Assumptions of the pack's author (assumed)"),
    "flag_assumed": (
        "Признак опирается на допущение автора пакета (assumed), а не только на текст документа.",
        "The flag rests on an assumption of the pack's author (assumed), not on the document's text alone.",
    ),
    "flag_vpr_only": ("Вывод опирается только на ВПР.", "The verdict rests on VPR results alone."),
    "more": ("и ещё {n}", "and {n} more"),
    "gaps": ("Чего не хватает для вывода", "What is missing for a verdict"),
    # threshold's origin
    "from_parameter": ("параметр «{label}» с {date}", "parameter '{label}' since {date}"),
    "from_changed_parameter": ("параметр «{label}», заменён для этого расчёта", "parameter '{label}', changed here"),
    "from_expression": ("вычисляется", "computed"),
    "from_indicator": ("показатель «{label}»", "indicator '{label}'"),
    "from_group": ("{statistic}, {group}", "{statistic}, {group}"),
    "members": ("по {members}", "over {members}"),
    "left_out": ("не вошло: {n}", "left out: {n}"),
    # measures
    "measures": ("Рекомендуемые меры поддержки", "Recommended support measures"),
    "undecided": ("Пока не решено: условие неизвестно", "Not decided yet: the condition is unknown"),
    "for_everyone": ("Меры для всех", "Measures for everyone"),
    "because": ("потому что: {because}", "because of: {because}"),
    "deadline": ("срок: {deadline}", "deadline: {deadline}"),
    "responsible": ("отвечают: {roles}", "responsible: {roles}"),
    # the limit on ВПР: wherever flags that rest on them are shown
    "vpr_limit": (
        "Ограничение по ВПР. Письмо Рособрнадзора от 18.04.2025 № 02-86: оценивать по результатам ВПР работу школ "
        "и учителей не предусмотрено; по разъяснению 2021 года — также муниципалитетов и регионов. "
        "Это список для помощи, а не рейтинг.",
        "Limit on VPR. Rosobrnadzor's letter № 02-86 of 18.04.2025: VPR results are not for judging schools "
        "or teachers; by its note of 2021, nor municipalities or regions. This is a list for help, not a rating.",
    ),
    # summary
    "first": (
        "Присвоено признаков: {raised}; из них на допущениях автора (assumed): {assumed}.",
        "Flags raised: {raised}; resting on the author's assumptions (assumed): {assumed}.",
    ),
    "pack": ("Пакет: {title}", "Pack: {title}"),
    "version": (", версия {version}", ", version {version}"),
    "without": ("Без процедур: {names}", "Without: {names}"),
    "entities": ("Объекты: {counts}", "Entities: {counts}"),
    "criteria": (
        "Критерии: {criteria}; выводов {all}: выполнено {met}, не выполнено {not_met}, неизвестно {unknown}",
        "Criteria: {criteria}; verdicts {all}: met {met}, not met {not_met}, unknown {unknown}",
    ),
    "why_unknown": ("Почему неизвестно:", "Why unknown:"),
    "evaluated": ("Расчёт на {date}", "Evaluated as of {date}"),
    "flag_head": ("Признак «{label}»", "Flag '{label}'"),
    "cluster_head": ("Кластер «{label}»", "Cluster '{label}'"),
    "flag_counts": (
        "присвоен {raised}, не присвоен {not_raised}, неизвестно {unknown}",
        "raised {raised}, not raised {not_raised}, unknown {unknown}",
    ),
    "flag_vacant": (", неприменимо {n}", ", not applicable {n}"),
    "flag_by_assumption": ("на допущениях автора: {n}", "on the author's assumptions: {n}"),
    "flag_by_vpr": ("только на ВПР: {n}", "on VPR alone: {n}"),
    "flag_decided": ("по решению эксперта: {n}", "by an expert's decision: {n}"),
    "steps": ("Сколько проходит каждый шаг правила:", "How many pass each step of the rule:"),
    "step": ("{text}: {met} из {of}", "{text}: {met} of {of}"),
    "vpr_alone": ("Присвоено только по ВПР: {n} из {raised}.", "Raised by VPR alone: {n} of {raised}."),
    "label_unknown": ("неизвестно", "unknown"),
    "measures_counted": ("Меры поддержки", "Support measures"),
    "measure_counts": (
        "рекомендована {recommended}, не решено {undecided}",
        "recommended {recommended}, undecided {undecided}",
    ),
    "measures_everyone": ("Мер для всех: {n}", "Measures for everyone: {n}"),
    "absent": (
        "Нет таблиц или столбцов (то, что на них стоит, неизвестно): {names}",
        "Tables or columns that were not there (what rests on them is unknown): {names}",
    ),
    "issues": ("Замечания к данным: {n}", "Issues with the data: {n}"),
}


def say(key: str, lang: Lang, **gaps: object) -> str:
    """The sentence of that key with its gaps filled in."""
    return _SENTENCES[key][0 if lang == "ru" else 1].format(**gaps)


def node(name: str, lang: Lang) -> str:
    """The words for a kind of node, as «Все условия вместе» for `all`; anything else as it is."""
    return say(_NODES[name], lang) if name in _NODES else name


def many(n: int, noun: str, lang: Lang) -> str:
    """A number with its noun: «5 школ»; a noun that is not listed stands before the number."""
    forms = _NOUNS.get(noun)
    return count(n, forms[0 if lang == "ru" else 1], lang) if forms else f"{noun}: {number(n, lang)}"


def flag_verdict(verdict: str, lang: Lang) -> str:
    """The word for a flag's verdict."""
    return term(verdict, lang, _FLAG_VERDICTS)


def reasons(text: str, lang: Lang, absence: str = "") -> str:
    """«нет строки данных, пустая ячейка» for `no_row, empty_value`.

    absence   what the pack says that no row means, in place of «нет строки данных»
    """
    said = {"no_row": absence} if absence else {}
    return ", ".join(said.get(reason) or term(reason, lang, REASONS) for reason in text.split(", ") if reason)


def is_vacant(reason: str) -> bool:
    """Whether nothing could have been there: all reasons are those of what does not apply or was not held."""
    return bool(reason) and set(reason.split(", ")) <= {"not_held", "not_applicable", "left_out"}


def cell(dimensions: Mapping[str, str], lang: Lang) -> str:
    """A cell as readers name it: «ВПР, 5 класс, рус, 2022»; the year comes last."""
    known: dict[str, Callable[[str], str]] = {
        "procedure": str,
        "grade": lambda v: f"{v}\u00a0класс" if lang == "ru" else f"grade\u00a0{v}",
        "subject": str,
    }
    first = [known[name](dimensions[name]) for name in known if name in dimensions]
    others = [f"{name} {value}" for name, value in dimensions.items() if name not in {*known, "year"}]
    return ", ".join([*first, *others, *([dimensions["year"]] if "year" in dimensions else [])])


def amount(value: Decimal, unit: str, lang: Lang, against: Decimal | None = None) -> str:
    """A value with its unit, two decimal places; as many more as keep it apart from what it is compared with."""
    digits = 2
    while (
        digits < 9 and against is not None and value != against and _rounded(value, digits) == _rounded(against, digits)
    ):
        digits += 1
    shown = number(_rounded(value, digits), lang)
    forms = UNIT_FORMS.get(unit)
    if forms is None:
        return shown
    words = forms[0 if lang == "ru" else 1]
    # A fraction takes the second form: 0,5 балла, 0.5 points.
    return f"{shown}\u00a0{plural(int(value), words, lang) if value == int(value) else words[1]}"


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def date(text: str, lang: Lang) -> str:
    """A date as readers write it: 2020-01-31 is 31.01.2020 in Russian."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return ".".join(reversed(found.groups())) if found and lang == "ru" else text


def comparison(name: str, lang: Lang) -> str:
    """«не меньше» for `at_least`."""
    return term(name, lang, COMPARISONS)


def needed(met_in: str, lang: Lang, noun: str = "case") -> str:
    """What `met_in` asks for: «не меньше 2 случаев»; as it is where it is not understood.

    noun   "case" of a quantifier, "condition" of a list, "point" where weights are summed
    """
    word, n = met_in_parts(met_in)
    if not word:
        return met_in
    ru = lang == "ru"
    if word in ("every", "any"):
        return term(word, lang, COMPARISONS)
    if word == "at_least":
        if noun == "point":
            return f"не меньше {number(n, lang)} баллов" if ru else f"at least {number(n, lang)} points"
        counted = many(int(n), f"{noun}_of", lang)
        return f"не меньше {counted}" if ru else f"at least {counted}"
    least = term("at_least" if word == "share_at_least" else "more_than", lang, COMPARISONS)
    parts = {"case": ("случаев", "cases"), "condition": ("условий", "conditions"), "point": ("баллов", "points")}[noun]
    return f"{least} {number(n, lang)}\u00a0% {parts[0]}" if ru else f"{least} {number(n, lang)}% of {parts[1]}"


def statistic(text: str, lang: Lang) -> str:
    """«медиана» for `median`, «граница нижних 25 %» for a text that says lowest and 25; else as it is."""
    found = re.search(r"([a-z]+)\D*([\d.]*)", text)
    if found is None or found[1] not in _STATISTICS:
        return text
    return term(found[1], lang, _STATISTICS).format(n=number(found[2] or "0", lang))


def origin(
    threshold_from: str, lang: Lang, label: Callable[[str, str], str], members: int | None, left_out: int | None
) -> str:
    """Where a threshold comes from, as «параметр «…» с 01.01.2020»; "" for a bare number.

    label   gives the name of an item by its id and section ("": those of one name space)
    """
    kind, _, rest = threshold_from.partition(" ")
    parts: list[str] = []
    if kind == "parameter":
        name, _, since = rest.partition(" ")
        key = "from_changed_parameter" if since == "changed" else "from_parameter"
        parts.append(say(key, lang, label=label(name, "parameters"), date=date(since, lang)))
    elif kind == "indicator":
        parts.append(say("from_indicator", lang, label=label(rest, "")))
    elif " among " in threshold_from:
        how, _, group = threshold_from.partition(" among ")
        parts.append(say("from_group", lang, statistic=statistic(how, lang), group=term(group, lang)))
    elif kind == "expression":
        parts.append(say("from_expression", lang))
    elif kind not in ("", "number"):
        parts.append(threshold_from)
    if parts and members is not None:
        parts.append(group_size(members, left_out, lang))
    return ", ".join(parts)


def group_size(members: int, left_out: int | None, lang: Lang) -> str:
    """«по 12 объектам, не вошло: 3»."""
    counted = say("members", lang, members=many(members, "member_of", lang))
    return listed([counted, say("left_out", lang, n=number(left_out, lang)) if left_out else ""])


def quoted(text: str, lang: Lang) -> str:
    """The text in quotation marks; those inside it become the inner ones, «… „…“»."""
    return f"«{text.replace('«', '„').replace('»', '“')}»" if lang == "ru" else f"'{text}'"


def listed(parts: Iterable[str]) -> str:
    """The parts that say something, joined by commas."""
    return ", ".join(part for part in parts if part)
