"""The stages of long work, as a bar on the terminal names them."""

from __future__ import annotations

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
