from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "usage.error": ("Ошибка: {message}", "Error: {message}"),
    "usage.hint": ("Справка: {command} --help", "Help: {command} --help"),
    "usage.no_option": ("нет параметра {name}.", "there is no option {name}."),
    "usage.no_command": ("нет команды «{name}».", "there is no command '{name}'."),
    "usage.likely": ("Может быть, {names}?", "Perhaps {names}?"),
    "usage.missing": ("не задано: {name}.", "missing: {name}."),
    "usage.bad_value": ("{name}: {message}", "{name}: {message}"),
    "usage.not_one_of": ("«{value}» не подходит; можно: {allowed}.", "'{value}' does not fit; allowed: {allowed}."),
    "usage.not_integer": ("«{value}» — не целое число.", "'{value}' is not a whole number."),
    "usage.too_small": ("«{value}» — слишком мало.", "'{value}' is too small."),
    "usage.no_value": ("у параметра {name} нет значения.", "the option {name} has no value."),
    "usage.extra": ("лишнее: {extra}.", "too many arguments: {extra}."),
    "usage.as_of": (
        "«{value}» — не дата. Нужна дата, как 2022-12-31, или год, как 2022.",
        "'{value}' is no date. Give a date as 2022-12-31, or a year as 2022.",
    ),
    "usage.set": (
        "«{value}» — нужно КОД=ЗНАЧЕНИЕ, например low_limit=40.",
        "'{value}': give ID=VALUE, as low_limit=40.",
    ),
    "usage.memory": (
        "«{value}» — нужен объём памяти, например 500MB или 2GB.",
        "'{value}': give an amount of memory, as 500MB or 2GB.",
    ),
    "usage.size": (
        "«{value}» — нужен размер, например 500MB или 2GB.",
        "'{value}': give a size, as 500MB or 2GB.",
    ),
    "usage.no_folder": (
        "«{value}» — нет такой папки, или в неё нельзя писать.",
        "'{value}': there is no such folder, or it cannot be written to.",
    ),
    "usage.as_of_spark": (
        "с --engine spark назовите дату расчёта: --as-of 2024.",
        "with --engine spark give the date of the evaluation: --as-of 2024.",
    ),
    "usage.as_of_missing": (
        "не задана дата расчёта, а в таблице results нет ни одного года. Добавьте, например, --as-of 2022.",
        "no date of the evaluation is given, and the table `results` has no year. Add one, as --as-of 2022.",
    ),
}
