from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "measures.not_month": (
        "«{value}» — не месяц. Пишется так: 2026-09.",
        "'{value}' is not a month. It is written 2026-09.",
    ),
    "measures.head": ("Срок — {month}: мер {n}", "Due in {month}: {n}"),
    "measures.none": ("В этом месяце сроков нет.", "Nothing is due in this month."),
    "measures.deadline": ("срок: {deadline}", "deadline: {deadline}"),
    "measures.responsible": ("отвечает: {roles}", "responsible: {roles}"),
    "measures.report": ("отчёт: {report}", "report: {report}"),
    "measures.state": ("отмечено: {state}", "marked: {state}"),
    "measures.undated": (
        "Ещё мер без месяца в документе: {n}; их срок назначают в листе «Дорожная карта» книги списка (shsnor list).",
        "Measures without a month in the document: {n}; the office sets their dates in the sheet «Дорожная карта» of the "
        "list workbook (shsnor list).",
    ),
}
