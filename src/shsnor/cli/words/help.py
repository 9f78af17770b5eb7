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
    "help.what-if": (
        "Показать, что изменится в списках школ при других значениях параметров: кто войдёт, кто выйдет и почему.\n\n"
        "С --sweep — сколько школ получит признак при каждом значении параметра и при каких значениях список меняется.",
        "Show what other values of parameters do to the lists of schools: who enters, who leaves, and why.\n\n"
        "With --sweep: how many are flagged at each value of a parameter, and at which values exactly the list changes.",
    ),
    "help.pack": (
        "Пакеты: какие есть, верны ли, выполняются ли их примеры.",
        "Packs: which there are, whether they are right.",
    ),
    "help.pack.new": (
        "Начать новый пакет: заготовка, которая сразу работает, с примерами и подсказками для редактора.\n\n"
        "REGION — код латиницей (north) или название региона («Тверская область»): тогда код получится из него.",
        "Begin a new pack: one that works at once, with cases and help for an editor.\n\n"
        "REGION is an id (north), or the region's name in Russian, of which an id is made.",
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
        "Выполнить примеры пакета из его папки tests.\n\n"
        "С --coverage — и показать, чего примеры не показывают; с --mutants — какие мелкие изменения пакета они заметили бы. "
        "У действующего пакета (status: active) каждый критерий должен быть в примерах выполнен, не выполнен и неизвестен.",
        "Run the worked cases of a pack, out of its folder `tests`.\n\n"
        "With --coverage also tell what they do not show; with --mutants, which small changes of the pack they would notice. "
        "In the cases of a pack in force (status: active) each criterion is met, not met and unknown.",
    ),
    "help.pack.diff": (
        "Показать, чем два пакета или две версии одного пакета отличаются по смыслу.\n\n"
        "С --data — и у каких школ из-за этого изменятся признаки.",
        "Show what differs between two packs, or two versions of one.\n\n"
        "With --data also whose flags change, and because of what.",
    ),
    "help.pack.schema": (
        "Вывести JSON Schema файлов пакета: по ней редактор подсказывает ключи.",
        "Print the JSON Schema of pack files, by which an editor completes keys.",
    ),
    "help.rule": (
        "Показать страницу кода сообщения: что это значит, почему важно, что сделать.\n\n"
        "CODE — код (SH301, можно 301) или имя (unknown-name); без него — перечень всех кодов.",
        "Show the page of a message's code: what it means, why it matters, what to do.\n\n"
        "CODE is a code (SH301, or 301) or a name (unknown-name); without it all codes are listed.",
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
    "help.pack.show": (
        "Показать пакет простыми словами: кто попадает в категорию и почему, из чего считается, на каком пункте стоит.\n\n"
        "С ITEM (код элемента или номер строки документа) — только этот элемент.",
        "Show a pack in plain sentences: who is in a category and why, from what, on which clause.\n\n"
        "With ITEM (an item's id, or the document's number of its row) only that item.",
    ),
    "help.pack.tasks": (
        "Показать план порядка: задачи и мероприятия по месяцам, с сентября по август.",
        "Show the order's plan: tasks by months, from September to August.",
    ),
}
