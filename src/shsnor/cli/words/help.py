from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help.shsnor": (
        "Признаки, кластеры и меры поддержки школ по порядку региона, записанному как пакет.\n\n"
        "Начните с `shsnor demo`.",
        "Flags, clusters and support measures for schools, by a region's order written as a pack.\n\n"
        "Start with `shsnor demo`.",
    ),
    "help.demo": (
        "Рассчитать вымышленный регион, который есть в программе, и показать, что получается.",
        "Evaluate the invented region that comes with the program, and show what comes out.",
    ),
    "help.evaluate": (
        "Рассчитать пакет по таблицам и записать результат.\n\n"
        "PACK — имя пакета (см. `shsnor pack list`) или его папка.",
        "Evaluate a pack over tables and write the outcome.\n\n"
        "PACK is the name of a pack (see `shsnor pack list`) or its folder.",
    ),
    "help.explain": (
        "Показать, почему школа получила свои признаки, по записанному результату OUT.",
        "Show why a school has its flags, out of the written outcome OUT.",
    ),
    "help.plan": (
        "Показать, что и в каком порядке будет вычислено, и запросы SQL.",
        "Show what will be computed, in which order, and the SQL.",
    ),
    "help.pack": (
        "Пакеты: какие есть, верны ли, выполняются ли их примеры.",
        "Packs: which there are, whether they are right.",
    ),
    "help.pack.list": (
        "Перечислить пакеты, которые есть в программе и в плагинах.",
        "List the packs that come with the program and with plugins.",
    ),
    "help.pack.check": (
        "Проверить пакет: сказать обо всём, что в нём не так, с файлом и строкой.",
        "Check a pack: everything that is wrong with it, with file and line.",
    ),
    "help.pack.test": (
        "Выполнить примеры пакета из его папки tests.",
        "Run the worked cases of a pack, out of its folder `tests`.",
    ),
    "help.pack.schema": (
        "Вывести JSON Schema файлов пакета: по ней редактор подсказывает ключи.",
        "Print the JSON Schema of pack files, by which an editor completes keys.",
    ),
    "help.plugins": (
        "Плагины: какие есть, откуда они и что дают.\n\n"
        "С PACK (имя пакета или его папка) — и собственный plugin.py этого пакета.",
        "Plugins: which there are, where from, and what they give.\n\n"
        "With PACK (its name or folder) also the pack's own plugin.py.",
    ),
    "help.pack.rows": (
        "Показать строки порядка региона: номер строки, раздел и код элемента, основание.",
        "Show the rows of the region's order: number, section and id of the item, basis.",
    ),
    "help.pack.tasks": (
        "Показать план порядка: задачи и мероприятия по месяцам, с сентября по август.",
        "Show the order's plan: tasks by months, from September to August.",
    ),
}
