from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "tasks.in_words": ("Срок назван словами", "The term is given in words"),
    "tasks.undated": ("Без срока", "Without a term"),
    "tasks.none": ("Здесь ничего не запланировано.", "Nothing is planned here."),
    "tasks.deadline": ("срок", "term"),
    "tasks.responsible": ("отвечают", "responsible"),
    "tasks.report": ("отчёт", "report"),
    "tasks.level": ("уровень", "level"),
    "tasks.serves": ("служит", "serves"),
    "tasks.months": (
        "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
        "January February March April May June July August September October November December",
    ),
}
