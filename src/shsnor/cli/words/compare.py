from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "compare.suffix": ("«{value}» — нужен файл .xlsx или .html.", "'{value}': give a file .xlsx or .html."),
    "compare.written": ("Сравнение записано: {path}", "The comparison is written: {path}"),
    "compare.beside": (
        "{path} открыт в другой программе, поэтому записано рядом под номером.",
        "{path} is open in another program, so it is written beside it under a number.",
    ),
}
