from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "demo.invented": (
        "Это вымышленный регион: ни одна школа и ни одно число не взяты из жизни.",
        "This region is invented: no school and no number in it is real.",
    ),
    "demo.why": ("Почему так у одной из этих школ:", "Why so, for one of these schools:"),
    "demo.none": ("Признаков здесь не присвоено ни одной школе.", "No school has a flag here."),
    "demo.next": ("Дальше попробуйте:", "Try next:"),
}
