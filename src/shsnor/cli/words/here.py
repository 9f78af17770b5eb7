from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "here.found": ("В папке «{folder}» есть:", "The folder '{folder}' has:"),
    "here.nothing": (
        "В папке «{folder}» нет ни таблиц, ни пакетов, ни результатов расчёта.",
        "The folder '{folder}' has no tables, no packs and no outcomes.",
    ),
    "here.packs": ("Пакеты", "Packs"),
    "here.version": ("версия {version}", "version {version}"),
    "here.tables": ("Таблицы", "Tables"),
    "here.workbooks": ("Книги Excel", "Workbooks"),
    "here.layouts": ("Разметки книг", "Layouts of workbooks"),
    "here.outcomes": ("Результаты расчёта", "Outcomes"),
    "here.as_of": ("на {date}", "on {date}"),
    "here.made": ("рассчитан {at}", "evaluated {at}"),
    "here.more": ("и ещё {n}", "and {n} more"),
    "here.next": ("Что дальше:", "What next:"),
    "here.why_demo": ("что получается — на вымышленном регионе", "what comes out, for an invented region"),
    "here.why_template": (
        "пустая книга Excel с таблицами, которые нужны пакету: заполните её",
        "an empty workbook with the tables that the pack needs, to be filled in",
    ),
    "here.why_check_pack": ("что в пакете не так", "what is wrong in the pack"),
    "here.why_try_pack": ("попробовать пакет на вымышленном регионе", "try the pack on an invented region"),
    "here.why_check_data": ("что в таблицах не так", "what is wrong in the tables"),
    "here.why_evaluate": (
        "рассчитать; какие ещё есть пакеты — shsnor pack list",
        "evaluate; shsnor pack list tells which other packs there are",
    ),
    "here.why_layout": (
        "если таблицы в книге не узнаются: что в ней видно, и черновик разметки",
        "if the tables in the workbook are not recognised: what is seen in it, and a draft layout",
    ),
    "here.why_data_changed": (
        "таблицы изменились после расчёта: рассчитать заново",
        "the tables have changed since the evaluation: evaluate again",
    ),
    "here.why_list": (
        "список школ книгой Excel, с причиной в каждой строке",
        "the list as a workbook, each line with its reason",
    ),
    "here.why_report": ("страницы школ, муниципалитетов и региона", "pages of schools, municipalities and the region"),
    "here.why_explain": ("почему так у школы с этим кодом", "why so, for the school of that code"),
    "here.help": ("Все команды: shsnor --help", "All commands: shsnor --help"),
}
