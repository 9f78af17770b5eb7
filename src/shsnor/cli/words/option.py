from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "option.help": ("Показать эту справку.", "Show this help."),
    "option.version": ("Показать версию.", "Show the version."),
    "option.data": (
        "Таблицы: папка с CSV и Parquet, один такой файл или файл DuckDB.",
        "Tables: a folder of CSV and Parquet, one such file, or a DuckDB file.",
    ),
    "option.out": (
        "Куда записать результат: папка или файл .duckdb.",
        "Where the outcome goes: a folder or a .duckdb file.",
    ),
    "option.as_of": (
        "Дата расчёта: 2022-12-31 или год (его 31 декабря). По умолчанию — последний год таблицы results.",
        "Date of the evaluation: 2022-12-31 or a year (its 31 December). Default: the last year in `results`.",
    ),
    "option.as_of.today": (
        "Дата, на которую берутся параметры: 2022-12-31 или год. По умолчанию — сегодня.",
        "Date by which parameters are taken: 2022-12-31 or a year. Default: today.",
    ),
    "option.format": (
        "Вид таблиц результата, или вид, который записывает плагин (shsnor plugins); по умолчанию parquet или по имени OUT.",
        "Format of the outcome's tables, or one that a plugin writes (shsnor plugins); default: parquet, or by the name "
        "of OUT.",
    ),
    "option.force": (
        "Занять место OUT, даже если там не наш результат: прежнее останется рядом как OUT.bak.",
        "Take the place of OUT even if it is not an outcome of ours: that stays beside it as OUT.bak.",
    ),
    "option.strict": (
        "Код выхода 1, если есть замечания к данным или признаки, о которых ничего не известно.",
        "Exit code 1 if there are warnings, or flags that are unknown.",
    ),
    "option.strict.check": ("Код выхода 1, если есть замечания.", "Exit code 1 if there are warnings."),
    "option.without": (
        "Считать без этой процедуры (можно повторять): --without ВПР.",
        "Evaluate without this procedure (may be repeated): --without ВПР.",
    ),
    "option.set": (
        "Задать параметр пакета (можно повторять): --set low_limit=40.",
        "Set a parameter of the pack (may be repeated): --set low_limit=40.",
    ),
    "option.trust": (
        "Доверять пакету PACK: выполнить его собственный plugin.py (можно повторять).",
        "Trust the pack PACK: run its own plugin.py (may be repeated).",
    ),
    "option.threads": ("Сколько потоков занять.", "How many threads to use."),
    "option.memory": ("Сколько памяти занять, например 2GB.", "How much memory to use, as 2GB."),
    "option.school": ("Код школы (или другого объекта).", "Code of the school (or other entity)."),
    "option.item": ("Только этот признак, критерий или кластер.", "Only this flag, criterion or cluster."),
    "option.sql": ("Только SQL, без плана.", "Only the SQL, without the plan."),
    "option.check_data": ("Проверить и таблицы вместе с пакетом.", "Check these tables together with the pack."),
    "option.schema_installed": (
        "И параметры функций установленных плагинов, не только встроенных.",
        "With the parameters of functions of installed plugins, not of the built-in ones only.",
    ),
    "option.json": ("Вывести как JSON.", "Print as JSON."),
    "option.schema_out": ("Записать в файл, а не на экран.", "Write to a file, not to the screen."),
    "option.code": (
        "Только строка с этим номером и те, что под ней: --code kchr.plan.",
        "Only the row of this number and those below it: --code kchr.plan.",
    ),
    "option.form": ("Вид: text (по умолчанию), json или csv.", "Format: text (default), json or csv."),
    "option.month": ("Только этот месяц, 1–12.", "Only this month, 1–12."),
}
