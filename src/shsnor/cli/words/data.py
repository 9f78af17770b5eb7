from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "data.written": ("Записано: {path}", "Written: {path}"),
    "data.next": (
        "Подробно: {command} --details (или --out проверка.xlsx)",
        "In full: {command} --details (or --out FILE)",
    ),
}
