"""What public pages and tables say of themselves: plain Russian."""

from __future__ import annotations

from shsnor.wording.phrases import count

HIDDEN = "скрыто"

VPR_ONLY = "Держится только на ВПР."


def why_hidden(minimum: int) -> str:
    """Why figures are hidden, and that a hidden one says nothing of the school."""
    pupils = count(minimum, ("ученик", "ученика", "учеников"), "ru")
    return (
        f"«{HIDDEN.capitalize()}» — число не публикуется, чтобы по нему и по суммам нельзя было узнать результат отдельных "
        f"учеников: в группе, в доле или вне её меньше чем {pupils}, или рядом есть такая группа. О школе это ничего не говорит."
    )


LIMITS = (
    "Здесь только школы, муниципалитеты и регион. Результатов ВПР отдельных школ, порогов, причин вывода, мер и решений "
    "экспертов нет: о них школа узнаёт из своего профиля.",
    "В сумму по муниципалитету и региону входят школы, у которых есть все показатели этой группы учеников.",
    "Признак — основание для поддержки, а не оценка работы школы. Мест между школами здесь нет.",
)

PUBLIC_HEAD = "Открытые сведения"
PACK = "Порядок (пакет): {title}, версия {version}."
AS_OF = "Расчёт на {date}."
WITHIN = "Здесь только муниципалитет: {name}."

#: The sheets of a public workbook: names unlike those of the list for the office, so that files do not replace each other.
SHEETS = {
    "flags": "Открыто. Признаки",
    "counts": "Открыто. Сколько школ",
    "figures": "Открыто. Показатели",
    "about": "Открыто. Пояснения",
}
