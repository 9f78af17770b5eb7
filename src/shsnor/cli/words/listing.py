from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "listing.written": ("Записано: {path}", "Written: {path}"),
    "listing.beside": (
        "Файл {name} открыт в другой программе, поэтому новый лежит рядом под номером.",
        "The file {name} is open in another program, so the new one stands beside it under a number.",
    ),
    "listing.kept": (
        "Файл {name} остался как был: это не список или в нём вписано то, чему в новом списке нет места. Новый — рядом, под "
        "номером.",
        "The file {name} was left as it was: it is no list, or holds something typed in that has no place in the new one. The "
        "new one stands beside it under a number.",
    ),
    "listing.carried": (
        "Перенесено из прежнего списка: решений {decisions}, отметок о мерах {marks}.",
        "Carried over from the earlier list: decisions {decisions}, marks on measures {marks}.",
    ),
    "listing.how": (
        "Что впишут в листы «Решения» и «Дорожная карта», прочтёт следующий расчёт: положите книгу в папку данных.",
        "What is typed into the sheets «Решения» and «Дорожная карта» is read by the next evaluation: put the workbook into the "
        "folder of data.",
    ),
}
