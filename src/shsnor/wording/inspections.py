"""What the check of data says beside its findings, in Russian and English."""

from __future__ import annotations

from shsnor.wording.phrases import Lang

_TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Проверка данных", "Check of data"),
    "for_pack": ("пакет {id} {version} — {title}", "pack {id} {version}: {title}"),
    "for_none": ("без пакета: таблицы, известные программе", "without a pack: the tables that are known"),
    "table": ("Таблица", "Table"),
    "rows": ("строк", "rows"),
    "entities": ("школ", "schools"),
    "years": ("годы", "years"),
    "strangers": ("не в списке", "not listed"),
    "absent": ("нет строк", "no rows"),
    "empty": ("пусто", "empty"),
    "duplicates": ("повторы", "repeats"),
    "impossible": ("невозм.", "imposs."),
    "state.absent": ("таблицы нет", "there is no such table"),
    "state.unreadable": ("не прочитана", "could not be read"),
    "more_tables": ("и ещё таблиц: {count}; все — с --details", "and {count} more; all with --details"),
    "found": ("Что найдено:", "What was found:"),
    "nothing": ("Замечаний нет.", "Nothing was found."),
    "more_kinds": ("и ещё видов замечаний: {count}", "and {count} more kinds of findings"),
    "unread": ("Не проверены, таких таблиц нет среди проверяемых: {names}.", "Not looked at, no table for them: {names}."),
    "verdict.errors": (
        "Ошибок: {errors}, предупреждений: {warnings}. Пока есть ошибки, расчёт не пойдёт.",
        "Errors: {errors}, warnings: {warnings}. While there are errors nothing is evaluated.",
    ),
    "verdict.warnings": (
        "Ошибок нет, предупреждений: {warnings}. Считать можно; сначала взгляните на предупреждения.",
        "No errors, warnings: {warnings}. The tables can be evaluated; look at the warnings first.",
    ),
    "verdict.good": ("Ошибок и предупреждений нет: считать можно.", "No errors, no warnings: the tables can be evaluated."),
    "details.table": ("Таблица {name}", "Table {name}"),
    "details.files": ("файлы: {files}", "files: {files}"),
    "details.years": ("строк по годам: {years}", "rows by year: {years}"),
    "details.widths": ("длина кодов: {widths}", "length of codes: {widths}"),
    "details.width": ("{width} зн. — {count}", "{width} characters: {count}"),
    "details.absent": ("нет ни одной строки у {count}: {codes}", "no row for {count}: {codes}"),
    "details.no_absent": ("нет ни одной строки у {count}", "no row for {count}"),
    "details.persons": (
        "строки — люди: показаны только числа, без кодов и значений",
        "its rows are people: numbers only, no codes, no values",
    ),
    "details.column": ("столбец", "column"),
    "details.read": ("читает пакет", "read"),
    "details.empty": ("пусто", "empty"),
    "details.hidden": ("скрыто", "hidden"),
    "details.impossible": ("невозможно", "impossible"),
    "yes": ("да", "yes"),
    "no": ("нет", "no"),
    "no_column": ("столбца нет", "no such column"),
    "jumps": ("Скачки к прошлому году (всего {count}):", "Jumps against last year ({count} in all):"),
    "jumps_short": ("Скачки", "Jumps"),
    "jump_rule": (
        "Скачок — у школы, где в оба года не меньше {least} участников: доля низких результатов изменилась не меньше чем на "
        "{low} процентных пунктов, средний — на {mean} % сверх обычного для этого предмета изменения и в {times} раза больше "
        "обычного разброса для школ такого размера; участников стало в {people} раза больше или меньше и не меньше чем на "
        "{change}. Весь регион — доля на {region} п. п., участники в {region_times} раза. Пороги выбраны программой, в "
        "документах их нет; скачок — повод проверить файл, а не вывод о школе.",
        "A jump is of a school with at least {least} participants in both years: the share of low results changed by {low} "
        "percentage points, the mean by {mean}% beyond what is usual in the subject, and {times} times the usual spread for "
        "schools of that size; participants by a factor of {people} and by {change} at least. All schools together: the share "
        "by {region} points, participants by a factor of {region_times}. The limits are this program's own, of no document; "
        "a jump is a reason to look at the file, no verdict on a school.",
    ),
    "jump.participants": ("участников: {before} → {after}", "participants: {before} → {after}"),
    "jump.low": ("низких: {before} % → {after} %", "low results: {before}% → {after}%"),
    "jump.mean": ("средний: {before} → {after}", "mean: {before} → {after}"),
    "jump.usual.participants": ("обычно в {usual} раза", "usual: by a factor of {usual}"),
    "jump.usual.low": ("обычно {usual} п. п.", "usual: {usual} points"),
    "jump.usual.mean": ("обычно {usual}", "usual: {usual}"),
    "jump.of": ("{n0} → {n1} участн.", "participants {n0} → {n1}"),
    "jump.all": ("все школы", "all schools"),
    "what.participants": ("участников", "participants"),
    "what.low": ("доля низких, %", "share of low, %"),
    "what.mean": ("средний", "mean"),
    "more_jumps": ("… ещё {count}; все — в книге (--out) и в JSON (--json)", "… {count} more, in the workbook and JSON"),
    "rechecks": (
        "Результаты ВПР {year} года просят перепроверить ({count}). Для служебного пользования: повод спросить, а не вывод.",
        "Results of ВПР of {year} to be looked at again ({count}). For internal use: a reason to ask, no verdict.",
    ),
    "recheck_rule": (
        "Признаки: результат выше среднего на {too_high} отклонения, не подтверждён ОГЭ и ЕГЭ ({confirmed} отклонение), школа "
        "не лицей и не гимназия; отметка выше или ниже журнала у {journal} % работ; от 4 к 5 классу сдвиг на {grades} "
        "отклонения. Пороги выбраны программой. ВПР служат анализу и помощи (письмо Рособрнадзора № 02-86 от 18.04.2025).",
        "Marks: the result is {too_high} deviations above the mean and not confirmed by ОГЭ and ЕГЭ ({confirmed} deviation), "
        "the school no lyceum or gymnasium; {journal}% of works marked above or below the journal; a shift of {grades} "
        "deviations from grade 4 to 5. The limits are this program's own. ВПР serves analysis and help.",
    ),
    "findings": ("Сообщения:", "Findings:"),
    "sheet.tables": ("Таблицы", "Tables"),
    "sheet.columns": ("Столбцы", "Columns"),
    "sheet.findings": ("Замечания", "Findings"),
    "sheet.absent": ("Нет строк", "No rows"),
    "sheet.rechecks": ("Перепроверить ВПР", "ВПР to look at again"),
    "internal": ("Для служебного пользования.", "For internal use."),
    "col.code": ("Код", "Code"),
    "col.name": ("Название", "Name"),
    "col.label": ("По-русски", "Label"),
    "col.files": ("Файлы", "Files"),
    "col.state": ("Состояние", "State"),
    "state.read": ("прочитана", "read"),
    "col.severity": ("Важность", "Severity"),
    "col.file": ("Файл", "File"),
    "col.row": ("Строка", "Row"),
    "col.cell": ("Ячейка", "Cell"),
    "col.column": ("Столбец", "Column"),
    "col.value": ("Значение", "Value"),
    "col.what": ("Что не так", "What is wrong"),
    "col.to_do": ("Что сделать", "What to do"),
    "col.measure": ("Что изменилось", "What changed"),
    "col.procedure": ("Процедура", "Procedure"),
    "col.grade": ("Класс", "Grade"),
    "col.subject": ("Предмет", "Subject"),
    "col.year": ("Год", "Year"),
    "col.before": ("Было", "Before"),
    "col.after": ("Стало", "After"),
    "col.usual": ("Обычное изменение", "Usual change"),
    "col.participants_before": ("Участников было", "Participants before"),
    "col.participants_after": ("Участников стало", "Participants after"),
    "col.marks": ("Почему просят перепроверить", "Why it is to be looked at again"),
    "col.school": ("Код школы", "School"),
}  # fmt: skip


def check_text(key: str, lang: Lang, **fields: object) -> str:
    """A text of the check of data with its fields filled in."""
    return _TEXTS[key][0 if lang == "ru" else 1].format(**fields)
