from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "evaluate.year_taken": (
        "Дата расчёта не задана, взят последний год таблицы results: {year} (31.12.{year}).",
        "No date was given; the last year in the table `results` was taken: {year} (31 December {year}).",
    ),
    "evaluate.more_warnings": (
        "Показаны первые {shown} замечаний из {all}; все — в таблице issues результата.",
        "The first {shown} of {all} warnings are shown; the table `issues` of the outcome has them all.",
    ),
    "evaluate.sums_taken": (
        "Сводные суммы взяты из {folder}, файлов: {stored} из {files}.",
        "Sums were taken from {folder}; files: {stored} of {files}.",
    ),
    "evaluate.sums_stored": (
        "Сводные суммы сохранены в {folder}: следующий расчёт прочитает только новое.",
        "Sums are stored in {folder}: the next evaluation reads only what is new.",
    ),
    "evaluate.written": ("Результат записан: {path}", "The outcome is written: {path}"),
    "evaluate.next": ("Почему так у школы: {command}", "Why so, for a school: {command}"),
    "evaluate.not_strict": (
        "Строгая проверка не прошла: замечаний — {warnings}, неизвестных признаков — {unknown}.",
        "The strict check did not hold: warnings {warnings}, unknown flags {unknown}.",
    ),
}
