from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "rule.unknown": ("кода «{code}» нет.", "there is no code '{code}'."),
    "rule.nearest": ("Ближайшие: {codes}.", "Nearest: {codes}."),
    "rule.list": ("Все коды: shsnor rule", "All codes: shsnor rule"),
    "rule.one": ("Подробно об одном: shsnor rule КОД", "More of one: shsnor rule CODE"),
    "rule.page": (
        "Подробная страница (по-русски):",
        "The page itself is in Russian:",
    ),
    "rule.no_page": ("Страницы у этого кода нет.", "This code has no page."),
}
