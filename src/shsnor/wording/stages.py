"""The stages of long work, as a bar on the terminal names them."""

from __future__ import annotations

from typing import Literal

Lang = Literal["ru", "en"]

#: Stage of an evaluation -> its word, in order.
STAGES = {
    "plan": "Подготовка",
    "read": "Чтение таблиц",
    "scan": "Подсчёт строк",
    "compute": "Расчёт",
    "write": "Сборка результата",
}
CASES, CHANGES, VALUES = "Примеры", "Изменения пакета", "Значения параметра"
COMPARING = "Сравнение"
LISTING = "Список"
SCHOOLS, OVERVIEWS = "Страницы школ", "Обзоры"
WRITING = "Запись файлов"

_ENGLISH = {
    STAGES["plan"]: "Preparing",
    STAGES["read"]: "Reading tables",
    STAGES["scan"]: "Summing rows",
    STAGES["compute"]: "Computing",
    STAGES["write"]: "Putting together",
    CASES: "Cases",
    CHANGES: "Changes of the pack",
    VALUES: "Values of the parameter",
    COMPARING: "Comparing",
    LISTING: "List",
    SCHOOLS: "Pages of schools",
    OVERVIEWS: "Overviews",
    WRITING: "Writing files",
}


def stage_word(stage: str, lang: Lang) -> str:
    """The word of a stage in a language."""
    return stage if lang == "ru" else _ENGLISH.get(stage, stage)
