from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "report.folder_public": ("отчёт-открытый", "public-report"),
    "report.folder": ("отчёт", "report"),
    "report.written": ("Отчёт записан: {path}", "The report is written: {path}"),
    "report.open": ("Откройте в браузере: {path}", "Open in a browser: {path}"),
    "report.internal": (
        "Страницы для служебного пользования. Для публикации: --public.",
        "These pages are internal. For publication: --public.",
    ),
}
