from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "pages.written": ("Страниц записано: {count}, в папку {path}", "Pages written: {count}, to {path}"),
}
