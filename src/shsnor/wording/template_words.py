"""What an empty workbook says to those who fill it in: plain Russian, for only they read it."""

from __future__ import annotations

from shsnor.wording.phrases import number

_TEXTS = {
    "title": "Шаблон данных: {title}",
    "pack": "Пакет {id}, версия {version}; расчёт на {date}.",
    "how": "Один лист — одна таблица. Заголовки и названия листов не меняйте: по ним программа узнаёт таблицы.",
    "coloured": "Закрашенные столбцы заполняют в каждой строке. В остальных пустая ячейка значит «неизвестно», а не ноль.",
    "percent": "Проценты пишите числом без знака: 30, а не 30 % и не 0,3. Коды школ — текстом, с нулями впереди.",
    "spare": "Лист, по которому данных нет, оставьте пустым: всё, что на нём стоит, будет «неизвестно».",
    "rows": "Какие строки пакет спрашивает у каждой школы:",
    "rows_of": "• {table}: {what}; годы: {years}",
    "sheet": "Лист",
    "table": "Таблица",
    "column": "Столбец",
    "what": "Что писать",
    "must": "В каждой строке",
    "roster_filled": "Список из ваших данных уже перенесён на лист «{table}».",
    "filled": "Заполняют в каждой строке.",
    "spared": "Пустая ячейка — значение неизвестно.",
    "text": "Текст.",
    "code": "Код — текстом, с нулями впереди.",
    "count": "Целое число.",
    "number": "Число; дробная часть — через запятую.",
    "percent_unit": "Проценты числом: 30, а не 30 % и не 0,3.",
    "share": "Доля от 0 до 1.",
    "year": "Год из четырёх цифр; у учебного года — тот, в котором он заканчивается.",
    "date": "Дата: 31.12.2024.",
    "yes_no": "да или нет.",
    "unit": "Единица: {unit}.",
    "between": "От {low} до {high}.",
    "at_most": "Не больше, чем в столбце «{column}».",
    "values": "Одно из: {values}.",
    "asked": "Пакет читает только: {values}.",
    "named": "Пакет называет: {values}; другие тоже читаются.",
    "years": "Пакет читает годы: {years}.",
    "persons": "Строки — люди: вместо имени — код, фамилий не пишите.",
    "more": "{values} и ещё {count}",
}
#: The allowed texts of the standard tables, for readers of Russian.
_VALUES = {
    "urban": "город", "rural": "село", "planned": "намечено", "done": "выполнено", "overdue": "просрочено",
    "cancelled": "отменено",
}  # fmt: skip
#: A comment on a header shows no more.
_LISTED = 12


def template_text(key: str, **fields: object) -> str:
    """A text of the template with its fields filled in."""
    return _TEXTS[key].format(**fields)


def listed(values: tuple[str, ...]) -> str:
    """Texts with commas, each with its meaning where it is not Russian; the first ones where they are many."""
    shown = ", ".join(f"{v} ({_VALUES[v]})" if v in _VALUES else v for v in values[:_LISTED])
    return template_text("more", values=shown, count=len(values) - _LISTED) if len(values) > _LISTED else shown


def spans(years: tuple[int, ...]) -> str:
    """«2019–2022, 2024»: years, those that follow each other as a span."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def bounds(low: str, high: str) -> str:
    """What a column's range says; "" for a border so far away that it bounds nothing that people write."""
    return "" if len(high) > 6 else template_text("between", low=number(low), high=number(high))
