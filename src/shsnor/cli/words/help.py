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
    "help.template": (
        "Записать пустую книгу Excel с таблицами, которые читает пакет: заголовки, выпадающие списки, пояснения.\n\n"
        "Заполненную книгу проверяет `shsnor data check`, по ней считает `shsnor evaluate`.",
        "Write an empty workbook with the tables that a pack reads: headers, drop-downs, explanations.\n\n"
        "Filled in, it is checked by `shsnor data check` and evaluated by `shsnor evaluate`.",
    ),
    "help.data": ("Данные: что в таблицах и что в них не так.", "Data: what is in the tables, and what is wrong."),
    "help.data.check": (
        "Проверить таблицы: строки и годы, школы не из списка, пустые и невозможные значения, повторы, скачки к прошлому "
        "году.\n\n"
        "DATA — папка или файл. С --pack — те таблицы, которые читает пакет; без него — все известные программе.",
        "Check tables: rows and years, schools not in the roster, empty and impossible values, repeats, jumps against last "
        "year.\n\n"
        "DATA is a folder or a file. With --pack: the tables that the pack reads; without: all that are known.",
    ),
    "help.evaluate": (
        "Рассчитать пакет по таблицам и записать результат.\n\n"
        "PACK — имя пакета (см. `shsnor pack list`) или его папка.",
        "Evaluate a pack over tables and write the outcome.\n\n"
        "PACK is the name of a pack (see `shsnor pack list`) or its folder.",
    ),
    "help.layout": (
        "Описания файлов: как читать книги Excel, которые устроены по-своему.",
        "Layouts: how workbooks that are built their own way are read.",
    ),
    "help.layout.new": (
        "Посмотреть на книгу, показать, что в ней узнано, и записать черновик её описания.\n\n"
        "FILE — книга .xlsx, .xlsm, .xls или .ods.",
        "Look at a workbook, show what is recognised, and write a draft of its layout.\n\n"
        "FILE is a workbook: .xlsx, .xlsm, .xls or .ods.",
    ),
    "help.layout.list": (
        "Перечислить описания файлов, которые есть в программе.",
        "List the layouts that come with the program.",
    ),
    "help.report": (
        "Страницы по результату: профиль каждой школы, обзор региона и муниципалитетов.\n\n"
        "OUT — то, что записала shsnor evaluate. Получается папка файлов HTML: они открываются в любом браузере, ничего не "
        "берут из сети и печатаются на листах А4. Это внутренние страницы; для публикации — --public.",
        "Pages out of an outcome: a profile of every school, overviews of the region and its municipalities.\n\n"
        "OUT is what shsnor evaluate wrote. The result is a folder of HTML files: they open in any browser, take nothing "
        "from the network and print on A4. These pages are internal; for publication there is --public.",
    ),
    "help.explain": (
        "Показать, почему школа получила свои признаки, по записанному результату OUT.",
        "Show why a school has its flags, out of the written outcome OUT.",
    ),
    "help.list": (
        "Составить по результату OUT книгу Excel: список школ с признаками и причинами, показатели, меры, решения, "
        "дорожная карта.\n\n"
        "Решения и отметки о мерах, вписанные в книгу, читает следующий расчёт, если книга лежит в папке данных.",
        "Make of the outcome OUT a workbook: schools with flags and reasons, indicators, measures, decisions, road map.\n\n"
        "Decisions and marks typed into it are read by the next evaluation, where the workbook lies in the folder of data.",
    ),
    "help.measures": (
        "Показать, у каких мер поддержки срок в этом месяце: школа, мера, срок, кто отвечает.",
        "Show which support measures are due in a month: school, measure, deadline, who is responsible.",
    ),
    "help.compare": (
        "Сравнить записанные результаты: кто вошёл в списки, кто вышел и почему, что стало с показателями рядом с регионом.\n\n"
        "BEFORE AFTER — два результата, было и стало; или три: входной, промежуточный и итоговый мониторинг.\n\n"
        "С --data — и план против факта, принятые меры против рекомендованных.",
        "Compare written outcomes: who entered the lists, who left and why, how indicators changed beside the region.\n\n"
        "BEFORE AFTER are two outcomes; or three: entry, interim and final monitoring.\n\n"
        "With --data also plan against fact, and measures taken against those recommended.",
    ),
    "help.sign": (
        "Отметить результат OUT как утверждённый приказом: больше он не перезаписывается.\n\n"
        "Если его потом изменят, при чтении это будет замечено.",
        "Mark the outcome OUT as approved by an order: it is not written over any more.\n\n"
        "If it is altered later, that is seen when it is read.",
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
    "help.pack.pages": (
        "Записать пакеты страницами Markdown: для сайта, где их читают методисты и школы.\n\n"
        "У каждого раздела страница; у каждого элемента — предложение, формула, порог, пункт документа и пример с данными из "
        "примеров пакета. Базовые пакеты записываются тоже: на их элементы ведут ссылки.",
        "Write packs as pages of Markdown, for a site where methodologists and schools read them.\n\n"
        "A page a section; each item with its sentence, formula, threshold, clause, and an example out of the pack's cases. "
        "Base packs are written too: links lead to their items.",
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
    "help.doctor": (
        "Показать, на какой машине работает программа и что ей мешает: это нужно для сообщения об ошибке.\n\n"
        "Личного в выводе нет: ни имени пользователя, ни путей к его папкам. Код выхода 1 — есть что исправить.",
        "Show on what machine the program runs and what hinders it: a bug report needs this.\n\n"
        "Nothing personal is printed: no user's name, no paths of his folders. Exit code 1: something is to be mended.",
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
