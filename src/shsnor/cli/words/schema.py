from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "schema.written": ("Схема записана: {path}", "The schema is written: {path}"),
}
