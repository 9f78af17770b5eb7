from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "test.passed": ("да ", "ok  "),
    "test.failed": ("НЕТ", "FAIL"),
    "test.difference": (
        "{entity} · {item}{cell}: ожидалось {expected}, получено {got}",
        "{entity} · {item}{cell}: expected {expected}, got {got}",
    ),
    "test.no_cell": ("такой ячейки нет", "there is no such cell"),
    "test.no_entity": ("такого объекта нет", "there is no such entity"),
    "test.nothing": ("ничего", "nothing"),
    "test.none": (
        "У пакета {id} нет примеров: папка {folder} пуста или её нет.",
        "Pack {id} has no cases: {folder} is empty or missing.",
    ),
    "test.summary": (
        "Примеров: {all}, выполнено: {passed}, не выполнено: {failed}.",
        "Cases: {all}, passed: {passed}, failed: {failed}.",
    ),
}
