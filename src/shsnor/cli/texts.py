"""What the command itself says, in Russian and English; findings and outcomes have their words in `wording`."""

from __future__ import annotations

import os
from typing import Literal

Lang = Literal["ru", "en"]

_TEXTS: dict[str, tuple[str, str]] = {
    # --- help: what the command and each of its words does ---
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
    # --- help: options ---
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
    # --- the frame of help ---
    "frame.usage": ("Вызов: ", "Usage: "),
    "frame.options": ("Параметры", "Options"),
    "frame.commands": ("Команды", "Commands"),
    "frame.arguments": ("[ПАРАМЕТРЫ]", "[OPTIONS]"),
    "frame.required": ("(обязательно)", "(required)"),
    "frame.subcommand": ("КОМАНДА ...", "COMMAND ..."),
    # --- wrong commands ---
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
    "usage.as_of_missing": (
        "не задана дата расчёта, а в таблице results нет ни одного года. Добавьте, например, --as-of 2022.",
        "no date of the evaluation is given, and the table `results` has no year. Add one, as --as-of 2022.",
    ),
    # --- what commands print ---
    "demo.invented": (
        "Это вымышленный регион: ни одна школа и ни одно число не взяты из жизни.",
        "This region is invented: no school and no number in it is real.",
    ),
    "demo.why": ("Почему так у одной из этих школ:", "Why so, for one of these schools:"),
    "demo.none": ("Признаков здесь не присвоено ни одной школе.", "No school has a flag here."),
    "demo.next": ("Дальше попробуйте:", "Try next:"),
    "evaluate.year_taken": (
        "Дата расчёта не задана, взят последний год таблицы results: {year} (31.12.{year}).",
        "No date was given; the last year in the table `results` was taken: {year} (31 December {year}).",
    ),
    "evaluate.written": ("Результат записан: {path}", "The outcome is written: {path}"),
    "evaluate.next": ("Почему так у школы: {command}", "Why so, for a school: {command}"),
    "strict.failed": (
        "Строгая проверка не прошла: замечаний — {warnings}, неизвестных признаков — {unknown}.",
        "The strict check did not hold: warnings {warnings}, unknown flags {unknown}.",
    ),
    "plan.today": ("Дата не задана, взята сегодняшняя: {date}.", "No date was given; today's was taken: {date}."),
    "check.good": ("Пакет {id} {version}: замечаний нет.", "Pack {id} {version}: nothing is wrong."),
    "check.good_with_data": (
        "Пакет {id} {version} и таблицы: замечаний нет.",
        "Pack {id} {version} and the tables: nothing is wrong.",
    ),
    "check.counts": ("Ошибок: {errors}, предупреждений: {warnings}.", "Errors: {errors}, warnings: {warnings}."),
    "list.none": ("В программе нет ни одного пакета.", "No pack comes with the program."),
    "list.broken": ("(не читается: shsnor pack check {name})", "(cannot be read: shsnor pack check {name})"),
    "test.passed": ("да ", "ok  "),
    "test.failed": ("НЕТ", "FAIL"),
    "test.difference": (
        "{entity} · {item}{cell}: ожидалось {expected}, получено {got}",
        "{entity} · {item}{cell}: expected {expected}, got {got}",
    ),
    "test.no_cell": ("такой ячейки нет", "there is no such cell"),
    "test.no_entity": ("такого объекта нет", "there is no such entity"),
    "test.nothing": ("ничего", "nothing"),
    "test.none": (
        "У пакета {id} нет примеров: папка {folder} пуста или её нет.",
        "Pack {id} has no cases: {folder} is empty or missing.",
    ),
    "test.summary": (
        "Примеров: {all}, выполнено: {passed}, не выполнено: {failed}.",
        "Cases: {all}, passed: {passed}, failed: {failed}.",
    ),
    "plugins.built_in": ("встроено", "built in"),
    "plugins.not_run": ("не выполнялся: нет доверия", "was not run: not trusted"),
    "plugins.module": ("модуль", "module"),
    "plugins.file": ("файл", "file"),
    "plugins.hooks": ("хуки", "hooks"),
    "plugins.functions": ("функции", "functions"),
    "plugins.packs": ("пакеты", "packs"),
    "plugins.readers": ("читает", "reads"),
    "plugins.exporters": ("записывает", "writes"),
    "plugins.trust": ("разрешить", "to allow"),
    "rows.counted": ("Строк: {n}.", "Rows: {n}."),
    "rows.clause": ("пункт {clause}", "clause {clause}"),
    "rows.none": ("В пакете {pack} нет строк с номерами документа.", "The pack {pack} has no rows with numbers."),
    "rows.no_code": ("В пакете {pack} нет строки «{code}».", "The pack {pack} has no row '{code}'."),
    "months": (
        "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
        "January February March April May June July August September October November December",
    ),
    "tasks.in_words": ("Срок назван словами", "The term is given in words"),
    "tasks.undated": ("Без срока", "Without a term"),
    "tasks.none": ("Здесь ничего не запланировано.", "Nothing is planned here."),
    "tasks.deadline": ("срок", "term"),
    "tasks.responsible": ("отвечают", "responsible"),
    "tasks.report": ("отчёт", "report"),
    "tasks.level": ("уровень", "level"),
    "tasks.serves": ("служит", "serves"),
    "schema.written": ("Схема записана: {path}", "The schema is written: {path}"),
}


def language() -> Lang:
    """The language the user asked for by the environment variable SHSNOR_LANG; Russian where it is not set."""
    return "en" if os.environ.get("SHSNOR_LANG", "").lower().startswith("en") else "ru"


def text(key: str, **fields: object) -> str:
    """A text of the command in the user's language, with its fields filled in."""
    ru, en = _TEXTS[key]
    chosen = en if language() == "en" else ru
    return chosen.format(**fields) if fields else chosen
