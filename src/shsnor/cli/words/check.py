from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "check.good": ("Пакет {id} {version}: замечаний нет.", "Pack {id} {version}: nothing is wrong."),
    "check.good_with_data": (
        "Пакет {id} {version} и таблицы: замечаний нет.",
        "Pack {id} {version} and the tables: nothing is wrong.",
    ),
    "check.more": (
        "Подробнее о сообщении: shsnor rule {code}",
        "More of a message: shsnor rule {code}",
    ),
    "check.mended": ("Исправлено: {file}", "Mended: {file}"),
    "check.new_file": (
        "Записано: {file} — по нему редактор подсказывает ключи.",
        "Written: {file}, by which an editor completes keys.",
    ),
    "check.would_be_new": ("Новый файл: {file}", "A new file: {file}"),
    "check.nothing_to_mend": ("Исправлять нечего.", "There is nothing to mend."),
    "check.folder_needed": (
        "«{pack}» — не папка и не файл: --fix и --diff правят пакет в его папке, назовите её.",
        "'{pack}' is no folder and no file: --fix and --diff mend a pack in its folder, name that.",
    ),
    "check.counts": ("Ошибок: {errors}, предупреждений: {warnings}.", "Errors: {errors}, warnings: {warnings}."),
}
