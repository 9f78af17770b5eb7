from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "option.help": ("Показать эту справку.", "Show this help."),
    "option.version": ("Показать версию.", "Show the version."),
    "option.data": (
        "Таблицы: папка с книгами Excel, CSV и Parquet, один такой файл или файл DuckDB.",
        "Tables: a folder of workbooks, CSV and Parquet, one such file, or a DuckDB file.",
    ),
    "option.engine": (
        'Чем суммировать строки: duckdb здесь или spark на кластере (pip install "shsnor[spark]"); тогда DIR — папка Parquet '
        "или spark:БАЗА.",
        'What sums the rows: duckdb here, or spark on a cluster (pip install "shsnor[spark]"); then DIR is a folder of Parquet '
        "or spark:DATABASE.",
    ),
    "option.spark_master": (
        "Где работает Spark: local[2], spark://узел:7077, sc://узел; по умолчанию — как настроено, иначе эта машина.",
        "Where Spark runs: local[2], spark://host:7077, sc://host; default: as it is set up, else this machine.",
    ),
    "option.layout": (
        "Описание файла, по которому читать книги Excel: имя (shsnor layout list) или файл (можно повторять).",
        "A layout by which workbooks are read: its name (shsnor layout list) or a file (may be repeated).",
    ),
    "option.layout_out": (
        "Куда записать черновик; по умолчанию — рядом с книгой, с именем *.layout.yaml.",
        "Where the draft goes; by default beside the workbook, named *.layout.yaml.",
    ),
    "option.layout_pack": (
        "Искать и таблицы этого пакета: его имя или папка.",
        "Look for the tables of this pack too: its name or folder.",
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
    "option.template_out": ("Файл .xlsx, который записать.", "The .xlsx file to write."),
    "option.template_data": (
        "Таблицы, из которых перенести список школ.",
        "Tables out of which the list of schools is carried over.",
    ),
    "option.template_force": (
        "Записать поверх файла, который там лежит.",
        "Write over the file that stands there.",
    ),
    "option.data_pack": (
        "Пакет, для которого проверить таблицы: имя или папка.",
        "The pack for which the tables are checked: its name or folder.",
    ),
    "option.data_details": (
        "И подробности: столбцы, школы без строк, каждый скачок, все сообщения.",
        "The details too: columns, schools without rows, each jump, all findings.",
    ),
    "option.data_out": ("Записать и книгу Excel (.xlsx).", "Write a workbook (.xlsx) too."),
    "option.data_strict": (
        "Код выхода 1, если есть хотя бы одно предупреждение.",
        "Exit code 1 if there is any warning.",
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
    "option.threads": (
        "Сколько потоков занять, не меньше двух; по умолчанию — по числу ядер.",
        "How many threads to use, two at least; default: one a core.",
    ),
    "option.memory": (
        "Сколько памяти занять, например 2GB; по умолчанию — около 60 % памяти.",
        "How much memory to use, as 2GB; default: about 60 % of it.",
    ),
    "option.temp_dir": (
        "Папка для временных файлов: туда уходит то, что не помещается в память.",
        "Folder for temporary files: what memory does not hold goes there.",
    ),
    "option.cache": (
        "Папка для сводных сумм больших файлов: следующий расчёт прочитает только новое; по умолчанию .shsnor-cache рядом с "
        "результатом.",
        "Folder for the sums of large files: the next evaluation reads only what is new; default: .shsnor-cache beside OUT.",
    ),
    "option.no_cache": ("Не сохранять сводные суммы и не брать их.", "Neither store sums nor take stored ones."),
    "option.cache_limit": (
        "Сколько места занять сводным суммам, по умолчанию 2GB; первым уходит то, что давно не нужно.",
        "How much room stored sums may take, default 2GB; what was not used for longest goes first.",
    ),
    "option.verify": (
        "Перечитать каждый файл, чтобы узнать, изменился ли он, даже если размер и время прежние.",
        "Read every file to see whether it has changed, even if its size and time have not.",
    ),
    "option.list_out": (
        "Куда записать: книга .xlsx; с --format csv или --by-municipality — папка.",
        "Where it goes: an .xlsx workbook; with --format csv or --by-municipality a folder.",
    ),
    "option.list_format": (
        "Вид: xlsx (по умолчанию) или csv — файл на каждый лист, для Excel: UTF-8 с BOM, точка с запятой.",
        "Format: xlsx (default) or csv, a file for each sheet, as a Russian Excel reads it: UTF-8 with BOM, semicolons.",
    ),
    "option.public": (
        "То, что можно публиковать: признаки без причин, сколько школ, показатели о достаточном числе учеников.",
        "What may be published: flags without reasons, counts of schools, figures about enough pupils.",
    ),
    "option.by_municipality": (
        "Отдельная книга на каждый муниципалитет.",
        "A workbook of its own for each municipality.",
    ),
    "option.due": ("Месяц, например 2026-09.", "The month, as 2026-09."),
    "option.due_out": ("Записать и книгой Excel.", "Write it as a workbook too."),
    "option.due_list": (
        "Книга списка с отметками: сроки и состояние мер берутся из её листа «Дорожная карта».",
        "A list workbook with marks: dates and states of measures are taken from its sheet of the road map.",
    ),
    "option.compare_data": (
        "Таблицы targets, actuals, measures_taken (и school_codes — для присоединённых школ).",
        "Tables targets, actuals, measures_taken (and school_codes, for merged schools).",
    ),
    "option.compare_out": (
        "Записать и в файл: книга .xlsx или страница .html (можно повторять).",
        "Write a file too: a workbook .xlsx or a page .html (may be repeated).",
    ),
    "option.order_date": ("Дата приказа.", "Date of the order."),
    "option.order_number": ("Номер приказа.", "Number of the order."),
    "option.school": ("Код школы (или другого объекта).", "Code of the school (or other entity)."),
    "option.item": ("Только этот признак, критерий или кластер.", "Only this flag, criterion or cluster."),
    "option.sql": ("Только SQL, без плана.", "Only the SQL, without the plan."),
    "option.check_format": (
        "Вид сообщений: text (по умолчанию), json, github (для GitHub Actions) или sarif.",
        "Format of the messages: text (default), json, github (for GitHub Actions) or sarif.",
    ),
    "option.fix": (
        "Исправить безопасное: порядок ключей в элементах, строку для редактора, пробелы в конце строк. Комментарии "
        "остаются при своих ключах, смысл не меняется.",
        "Mend what is safe: the order of keys in items, the editors' line, spaces at line ends. Comments stay with their "
        "keys, and what the pack says stays the same.",
    ),
    "option.diff": (
        "Показать, что исправил бы --fix, и ничего не записать; код выхода 1, если есть что исправить.",
        "Show what --fix would mend, and write nothing; exit code 1 if there is something.",
    ),
    "option.check_as_of": (
        "Сказать и о том, чего пакету не хватает для расчёта на эту дату (2025 — на 31 декабря).",
        "Tell also what the pack lacks for an evaluation as of this date (2025: its 31 December).",
    ),
    "option.check_data": ("Проверить и таблицы вместе с пакетом.", "Check these tables together with the pack."),
    "option.schema_installed": (
        "И параметры функций установленных плагинов, не только встроенных.",
        "With the parameters of functions of installed plugins, not of the built-in ones only.",
    ),
    "option.json": ("Вывести как JSON.", "Print as JSON."),
    "option.pages_out": (
        "Папка, куда записать страницы: в ней у каждого пакета своя.",
        "The folder for the pages: each pack has its own in it.",
    ),
    "option.schema_out": ("Записать в файл, а не на экран.", "Write to a file, not to the screen."),
    "option.code": (
        "Только строка с этим номером и те, что под ней: --code kchr.plan.",
        "Only the row of this number and those below it: --code kchr.plan.",
    ),
    "option.form": ("Вид: text (по умолчанию), json или csv.", "Format: text (default), json or csv."),
    "option.section": (
        "Только этот раздел: flags, clusters, criteria, indicators, parameters, measures, peers или tasks.",
        "Only this section: flags, clusters, criteria, indicators, parameters, measures, peers or tasks.",
    ),
    "option.clause": (
        "Только элементы, которые стоят на этом пункте документа и на его подпунктах: --clause 2.2.",
        "Only the items that stand on this clause of a document or below it: --clause 2.2.",
    ),
    "option.order": (
        "Какие пункты документов пакет держит и чем, а какие нет.",
        "Which clauses of its documents the pack covers and by what, and which it leaves out.",
    ),
    "option.basis": (
        "Сколько в пакете сказано документом, сколько следует из него, сколько выбрал автор — и почему.",
        "How much of the pack the documents state, how much follows, how much its author chose, and why.",
    ),
    "option.changes": ("Список изменений пакета.", "The pack's list of changes."),
    "option.show_form": ("Вид: text (по умолчанию), markdown или json.", "Format: text (default), markdown or json."),
    "option.month": ("Только этот месяц, 1–12.", "Only this month, 1–12."),
    "option.new_extends": (
        "Пакет, который новый дополняет, например federal.",
        "The pack that the new one extends, as federal.",
    ),
    "option.new_package": (
        "Дистрибутив shsnor-pack-REGION: его ставят командой pip install.",
        "A distribution shsnor-pack-REGION, to be installed by pip.",
    ),
    "option.new_title": ("Название порядка.", "What the order is called."),
    "option.new_into": (
        "В какой папке создать; по умолчанию — в этой.",
        "The folder in which to make it; default: this one.",
    ),
    "option.changes_file": (
        "Параметры из файла YAML: строки вида low_limit: 40.",
        "Parameters out of a YAML file, with lines as low_limit: 40.",
    ),
    "option.sweep": (
        "Ряд значений одного параметра: от, до и шаг.",
        "A row of values of one parameter: from, to, step.",
    ),
    "option.picture": ("Записать и рисунок (SVG).", "Write a picture too (SVG)."),
    "option.flag": ("Только этот признак (можно повторять).", "Only this flag (may be repeated)."),
    "option.diff_data": (
        "Таблицы, по которым сравнить списки школ.",
        "Tables by which the lists of schools are compared.",
    ),
    "option.coverage": (
        "Показать, какие критерии, пороги, признаки, метки и меры показаны примерами и как.",
        "Show which criteria, thresholds, flags, labels and measures the cases show, and which way.",
    ),
    "option.mutants": (
        "Сдвинуть каждый порог, обратить каждое сравнение, убрать каждое условие: что из этого примеры заметят.",
        "Move each threshold, flip each comparison, drop each condition: which of these do the cases notice.",
    ),
    "option.least": (
        "Код выхода 1, если замечено меньше стольких процентов изменений; включает --mutants.",
        "Exit code 1 if fewer per cent of the changes are noticed; implies --mutants.",
    ),
    "option.test_format": (
        "Вид ответа: text (по умолчанию) или json.",
        "Format of the answer: text (default) or json.",
    ),
    "option.check_cases": (
        "И выполнить примеры пакета: не выполняется ли какой, а у действующего пакета — показан ли каждый критерий.",
        "Run the cases of the pack too: whether they hold and, in a pack in force, show every criterion.",
    ),
    "option.into": (
        "Папка отчёта; прежний отчёт в ней заменяется. Обычно — «отчёт» рядом с результатом.",
        "The folder of the report; an earlier report in it is replaced. Usually 'report' beside the outcome.",
    ),
    "option.report_school": (
        "Только профиль этой школы, без обзоров; в папке с отчётом того же расчёта обновляется лишь он. Можно несколько раз.",
        "Only the profile of this school, without overviews; in the folder of a report of the same evaluation only that page "
        "is made anew. May be repeated.",
    ),
}
