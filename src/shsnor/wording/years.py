"""The sentences of a comparison of years: what is printed in both languages; workbook and page are in Russian."""

from __future__ import annotations

from shsnor.wording.phrases import Lang

_SENTENCES: dict[str, tuple[str, str]] = {
    "head": ("Сравнение расчётов", "Comparison of evaluations"),
    "side": ("{stage}: {title} ({id} {version}) на {date}", "{stage}: {title} ({id} {version}) as of {date}"),
    "signed": ("подписан: приказ {order} от {date}", "signed: order {order} of {date}"),
    "stage_before": ("Было", "Before"),
    "stage_between": ("Между ними", "Between"),
    "stage_after": ("Стало", "After"),
    "stage_entry": ("Входной", "Entry"),
    "stage_interim": ("Промежуточный", "Interim"),
    "stage_final": ("Итоговый", "Final"),
    "backwards": (
        "Первый расчёт позже последнего: проверьте порядок, в котором названы результаты.",
        "The first evaluation is later than the last: check the order in which the outcomes are named.",
    ),
    "differences": ("Чем отличаются сами расчёты", "How the evaluations themselves differ"),
    "same_pack": ("порядок считает то же самое", "the order computes the same"),
    "items_differ": ("порядок изменился: {names}", "the order has changed: {names}"),
    "items_more": ("и ещё {n}", "and {n} more"),
    "parameter": ("параметр «{label}» ({id}): {before} → {after}", "parameter '{label}' ({id}): {before} → {after}"),
    "without": ("без процедур: {before} → {after}", "without procedures: {before} → {after}"),
    "nothing_left_out": ("все учтены", "all are counted"),
    "tables_differ": ("другие строки в таблицах: {names}", "other rows in the tables: {names}"),
    "tables_same": ("строки таблиц те же", "the rows of the tables are the same"),
    "versions_differ": ("расчёты сделаны разными версиями shsnor", "made by different versions of shsnor"),
    "persons": (
        "Уровень «{names}» не показан: это люди. Ниже только сколько их.",
        "The level '{names}' is not shown: these are persons. Only their number is told.",
    ),
    "lists": ("Списки", "Lists"),
    "causes": ("Причины", "Causes"),
    "cause_counts": ("изменений {n}: {counts}", "changes {n}: {counts}"),
    "cause_roster": ("состав школ", "roster of schools"),
    "cause_decision": ("решение эксперта", "an expert's decision"),
    "cause_parameter": ("параметр", "parameter"),
    "cause_pack": ("порядок", "the order"),
    "cause_data": ("данные", "data"),
    "why": ("причина: {causes}", "cause: {causes}"),
    "roster_new": (
        "в прежнем расчёте её нет: новая или впервые в списке школ",
        "not in the earlier evaluation: new, or listed for the first time",
    ),
    "roster_gone": (
        "в новом расчёте её нет: закрыта, присоединена или не попала в список школ",
        "not in the later evaluation: closed, merged, or not listed",
    ),
    "roster_merged": ("присоединена к школе {school}", "merged into {school}"),
    "by_decision": ("решение эксперта ({roles})", "an expert's decision ({roles})"),
    "by_parameter": ("другое значение параметра: {names}", "another value of a parameter: {names}"),
    "by_without": ("другие процедуры учтены", "other procedures are counted"),
    "by_pack": ("изменился порядок: {names}", "the order has changed: {names}"),
    "by_data": ("данные другие, чем были", "the data are other than they were"),
    "several": (
        "Где причин несколько, по двум расчётам их не разделить; разделит shsnor pack diff или shsnor what-if на одних данных.",
        "Where there are several causes, two evaluations cannot tell them apart; shsnor pack diff or shsnor what-if can.",
    ),
    "indicators": ("Показатели рядом с регионом", "Indicators beside the region"),
    "shift": (
        "{label}: лучше у {better}, хуже у {worse}, столько же у {same}, сравнить нельзя у {unknown}",
        "{label}: better for {better}, worse for {worse}, the same for {same}, not comparable for {unknown}",
    ),
    "shift_together": ("; вместе по всем: {before} → {after}", "; all together: {before} → {after}"),
    "shift_median": ("; медиана: {before} → {after}", "; median: {before} → {after}"),
    "shift_beside": (
        " (лучше и хуже — рядом с регионом: экзамены разных лет разные)",
        " (beside the region: exams differ)",
    ),
    "shift_redefined": (
        "{label}: теперь считается иначе, с прежним не сравнить",
        "{label}: computed otherwise now, not comparable with what was",
    ),
    "indicators_more": ("ещё показателей и предметов: {n}", "further indicators and cells: {n}"),
    "clusters": ("Кластеры", "Clusters"),
    "cluster": ("Кластер «{label}»", "Cluster '{label}'"),
    "label": ("{label}: {counts}", "{label}: {counts}"),
    "label_unknown": ("неизвестно", "unknown"),
    "moved": ("перешли из одной метки в другую: {n}", "moved from one label to another: {n}"),
    "monitoring": ("Показатели муниципалитетов", "Indicators of municipalities"),
    "monitoring_three": (
        "Мониторинг муниципалитетов: входной, промежуточный, итоговый",
        "Monitoring of municipalities: entry, interim, final",
    ),
    "stages_chosen": (
        "Этапы названы по порядку, в котором даны расчёты; какой год считать каким, порядок может не говорить.",
        "The stages are named by the order in which the outcomes are given; the order may not say which year is which.",
    ),
    "no_targets": (
        "Целевых значений для них в таблице targets нет: «лучше» значит лучше, чем было, а не достаточно.",
        "There are no targets for them: 'better' means better than before, not good enough.",
    ),
    "effect": ("Что дали меры", "What came of the measures"),
    "no_proof": (
        "Здесь то, что случилось в то же время; причину изменений выясняют вместе со школой.",
        "This is what happened in the same time; the cause is to be found together with the school.",
    ),
    "plan": ("План и факт", "Plan and fact"),
    "plan_none": ("нет строк плана и факта за эти годы", "no rows of plan and fact for these years"),
    "plan_reached": ("достигнуто {n}", "reached {n}"),
    "plan_not_reached": ("пока не достигнуто {n}", "not reached yet {n}"),
    "plan_no_direction": (
        "порядок не говорит, что лучше — больше или меньше: {n}",
        "the order does not say which direction is better: {n}",
    ),
    "plan_no_fact": ("нет данных о факте {n}", "no fact {n}"),
    "plan_no_plan": ("факт есть, плана нет {n}", "fact without a plan {n}"),
    "measures": ("Меры: рекомендованные и принятые", "Measures recommended and taken"),
    "measures_none": (
        "нет ни рекомендаций, ни отметок о мерах за эти годы",
        "no recommendations and no marks for these years",
    ),
    "measure_missing": ("рекомендовано, но не намечено {n}", "recommended, not planned {n}"),
    "measure_overdue": ("намечено, срок прошёл {n}", "planned, overdue {n}"),
    "measure_planned": ("намечено {n}", "planned {n}"),
    "measure_done": ("выполнено {n}", "done {n}"),
    "measure_cancelled": ("отменено {n}", "cancelled {n}"),
    "measure_unasked": ("принято без рекомендации {n}", "taken without recommendation {n}"),
    "measure_foreign": ("отметки о мерах не из этого порядка {n}", "marks of measures that are not of this order {n}"),
    "no_tables": (
        "План и факт, принятые меры: добавьте --data с таблицами targets, actuals, measures_taken.",
        "Plan and fact, measures taken: add --data with the tables targets, actuals, measures_taken.",
    ),
    "absent": ("нет таблиц: {names}", "no tables: {names}"),
    "more_in_files": (
        "По школам: --out сравнение.xlsx или --out сравнение.html",
        "School by school: --out comparison.xlsx or --out comparison.html (in Russian)",
    ),
    "limit": (
        "Это сравнение — чтобы помочь школам. Мест и рейтингов в нём нет: строки идут по муниципалитету и названию.",
        "This comparison is for helping schools. It ranks nobody: rows stand by municipality and name.",
    ),
}


def say(key: str, lang: Lang, **gaps: object) -> str:
    """A sentence with its gaps filled."""
    return _SENTENCES[key][0 if lang == "ru" else 1].format(**gaps)


#: What stands in cells and headings of the workbook and the page.
RU = {
    "internal": "Для служебного пользования",
    "title": "Сравнение расчётов",
    "sheet_head": "Сравнение",
    "sheet_totals": "Итоги",
    "n_before": "Было", "n_after": "Стало", "n_entered": "Вошли", "n_left": "Вышли", "n_still_met": "Остаются",
    "n_unsettled": "Стало неизвестно", "n_still_unknown": "По-прежнему неизвестно",
    "school": "Школа", "why": "Почему", "how_to_read": "Как это читать", "no_changes": "Изменений в списке нет.",
    "sheet_lists": "Списки",
    "sheet_shifts": "Показатели в целом",
    "sheet_changes": "Показатели школ",
    "sheet_clusters": "Кластеры",
    "sheet_monitoring": "Мониторинг",
    "sheet_effect": "Что дали меры",
    "sheet_plan": "План и факт",
    "sheet_measures": "Меры",
    "code": "Код", "name": "Название", "place": "Муниципалитет", "flag": "Признак", "kind": "Что изменилось",
    "causes": "Причина", "turns": "Что именно", "vpr_only": "Только по ВПР", "decision": "Решение эксперта",
    "indicator": "Показатель", "cell": "Процедура, класс, предмет", "unit": "Единица", "better": "Что лучше",
    "change": "Изменение", "median": "Изменение всех вместе", "beside": "Рядом с регионом",
    "place_median": "Изменение муниципалитета", "status": "Стало", "participants": "Участников",
    "note": "Пояснение", "n_better": "Лучше", "n_worse": "Хуже", "n_same": "Столько же", "n_unknown": "Сравнить нельзя",
    "scheme": "Кластер", "label": "Метка", "moved_from": "Откуда пришли", "order_code": "Номер в порядке",
    "own": "Критерий порядка выполнен", "entity": "Муниципалитет, регион",
    "year": "Год", "plan": "План", "fact": "Факт", "difference": "Разность",
    "source": "Откуда факт", "measure": "Мера", "recommended": "Рекомендована", "state": "Состояние",
    "planned_to": "Срок", "finished": "Выполнена", "role": "Ответственный", "effect_part": "Что считается",
    "entered": "вошла в список", "left": "больше не в списке", "cleared": "стало известно, что признака нет",
    "unsettled": "стало неизвестно", "still_met": "остаётся в списке", "still_unknown": "по-прежнему неизвестно",
    "met": "присвоен", "not_met": "нет", "unknown": "неизвестно", "": "нет в расчёте",
    "higher": "больше", "lower": "меньше", "no_better": "порядок не говорит",
    "is_better": "лучше", "is_worse": "хуже", "is_same": "столько же", "is_unknown": "нет данных",
    "is_redefined": "считается иначе", "beside_better": "лучше рядом с регионом", "beside_worse": "хуже рядом с регионом",
    "beside_same": "как в регионе",
    "own_is": "Критерий порядка: «{label}».",
    "own_met": "да", "own_not_met": "нет", "own_unknown": "неизвестно",
    "reached": "достигнуто", "not_reached": "пока не достигнуто", "no_direction": "порядок не говорит, что лучше",
    "no_fact": "нет данных о факте", "no_plan": "плана нет", "actuals": "таблица actuals", "evaluation": "расчёт",
    "missing": "не намечена", "overdue": "намечена, срок прошёл", "planned": "намечена", "done": "выполнена",
    "cancelled": "отменена", "unasked": "принята без рекомендации", "foreign": "не из этого порядка",
    "asked_recommended": "да", "asked_for_everyone": "для всех", "asked_undecided": "не решено",
    "asked_plan": "строка плана порядка",
    "asked_": "нет",
    "few": "мало участников ({n}): изменение может быть случайным",
    "few_percent": "мало участников ({n}): один ученик — {weight}",
    "exams_differ": "экзамены разных лет разные: сравнивайте с изменением региона",
    "redefined": "показатель теперь считается иначе",
    "only_concerned": (
        "Здесь школы, у которых признак есть, появился, снят или стал неизвестен. «Все вместе» — все школы расчёта: "
        "у доли — по всем участникам, у остальных — медиана школ."
    ),
    "in_workbook": "Показатели по школам — в книге: shsnor compare … --out сравнение.xlsx.",
    "too_many": "Показаны первые {n} строк; всё — в таблицах результатов.",
    "measures_rule": (
        "Рекомендации — из прежнего расчёта; отметки — за годы после него. Меры «для всех» без отметки не перечислены."
    ),
    "made": "Сделано программой shsnor {version} по записанным результатам расчётов.",
    "yes": "да", "empty": "",
}  # fmt: skip
