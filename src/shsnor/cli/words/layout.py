from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "layout.of": ("таблицы: {tables}", "tables: {tables}"),
    "layout.of_unverified": (
        "таблицы: {tables}; не сверено с настоящим файлом",
        "tables: {tables}; not compared with a real file",
    ),
    "layout.sheet": (
        "Лист «{sheet}» похож на таблицу {table}, заголовок — в строке {row}:",
        "The sheet '{sheet}' looks like the table {table}, its header is in row {row}:",
    ),
    "layout.known": (
        "Лист «{sheet}» уже читается: таблица {table}, описание {layout}.",
        "The sheet '{sheet}' is read already: table {table}, layout {layout}.",
    ),
    "layout.unlike": (
        "Лист «{sheet}» не похож ни на одну таблицу.",
        "The sheet '{sheet}' is like no table.",
    ),
    "layout.no_column": ("не узнан", "not recognised"),
    "layout.perhaps": (", может быть, {name}", ", perhaps {name}"),
    "layout.missing": ("Нет заголовков для: {columns}", "No headers for: {columns}"),
    "layout.doubts": ("  Что вызывает сомнения:", "  What is in doubt:"),
    "layout.ready": (
        "Описывать нечего: книга читается и так.",
        "Nothing to describe: the workbook is read as it is.",
    ),
    "layout.nothing": (
        "Черновик не записан: ни один лист не похож на таблицу. С --pack ищутся и таблицы пакета.",
        "No draft was written: no sheet is like a table. With --pack the tables of the pack are looked for too.",
    ),
    "layout.written": ("Черновик записан: {path}", "A draft was written: {path}"),
    "layout.next": (
        "Проверьте его и рассчитайте: shsnor evaluate PACK --data DIR --layout {path}\n"
        "(файл *.layout.yaml в папке с данными берётся сам)",
        "Look through it and evaluate: shsnor evaluate PACK --data DIR --layout {path}\n"
        "(a file *.layout.yaml in the folder of the data is taken by itself)",
    ),
}
