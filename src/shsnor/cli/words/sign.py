from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "sign.number": ('"№ 123"', '"No 123"'),
    "sign.day": (
        "«{value}» — нужна дата приказа, например 2026-10-01.",
        "'{value}': give the order's date, as 2026-10-01.",
    ),
    "sign.no_order": ("номер приказа пуст.", "the order's number is empty."),
    "sign.signed": (
        "Подписан: {path} (приказ {order} от {date}). Теперь этот результат не перезаписывается, а изменение в нём заметят.",
        "Signed: {path} (order {order} of {date}). It is not written over any more, and a change in it is seen.",
    ),
    "sign.next": ("Сравнить с ним новый расчёт: {command}", "To compare another evaluation with it: {command}"),
    "sign.other": ("НОВЫЙ", "NEW"),
}
