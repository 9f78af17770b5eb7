from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "new.written": ("Пакет «{id}» записан: {folder}", "The pack '{id}' is written: {folder}"),
    "new.named": (
        "Код «{id}» получен из названия «{region}». Нужен другой — удалите папку и назовите код: shsnor pack new КОД",
        "The id '{id}' is made of the name '{region}'. For another, delete the folder and name it: shsnor pack new ID",
    ),
    "new.same_name": (
        "Пакет с кодом «{id}» есть и в программе: свой называйте папкой, как в командах ниже.",
        "The program has a pack '{id}' too: name yours by its folder, as the commands below do.",
    ),
    "new.next": ("Что дальше:", "What next:"),
    "new.read": ("прочтите {readme}: что править и в каком файле", "read {readme}: what to edit, in which file"),
    "new.check": ("верен ли пакет", "whether the pack is right"),
    "new.test": ("выполняются ли его примеры", "whether its cases hold"),
    "new.demo": ("что получается на вымышленном регионе", "what comes out for the invented region"),
}
