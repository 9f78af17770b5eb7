from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "check.good": ("Пакет {id} {version}: замечаний нет.", "Pack {id} {version}: nothing is wrong."),
    "check.good_with_data": (
        "Пакет {id} {version} и таблицы: замечаний нет.",
        "Pack {id} {version} and the tables: nothing is wrong.",
    ),
    "check.counts": ("Ошибок: {errors}, предупреждений: {warnings}.", "Errors: {errors}, warnings: {warnings}."),
}
