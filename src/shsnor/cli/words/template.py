from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "template.written": ("Шаблон записан: {path}", "The template is written: {path}"),
    "template.next": ("Когда он заполнен: {command}", "Once it is filled in: {command}"),
}
