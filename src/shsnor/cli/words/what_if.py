from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "what_if.picture": ("Рисунок записан: {path}", "The picture is written: {path}"),
    "what_if.picture_needs_sweep": (
        "рисунок бывает только у ряда значений: добавьте --sweep, например --sweep low_limit=10%..50%:5%.",
        "a picture is of a sweep only: add --sweep, as --sweep low_limit=10%..50%:5%.",
    ),
    "what_if.span": (
        "«{value}» — нужен отрезок с шагом, не больше 1000 значений, например 10%..50%:5%.",
        "'{value}': give a span with a step, of at most 1000 values, as 10%..50%:5%.",
    ),
}
