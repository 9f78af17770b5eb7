from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "doctor.shsnor": ("Программа shsnor", "shsnor"),
    "doctor.python": ("Python", "Python"),
    "doctor.python_bits": ("{python}, {bits} бита", "{python}, {bits} bits"),
    "doctor.system": ("Система", "System"),
    "doctor.libraries": ("Библиотеки", "Libraries"),
    "doctor.cores": ("Ядер процессора", "Cores"),
    "doctor.memory": ("Память", "Memory"),
    "doctor.taken": ("Расчёт занимает", "An evaluation takes"),
    "doctor.taken_said": (
        "памяти до {memory} (меняет --memory-limit), потоков {threads} (меняет --threads)",
        "up to {memory} of memory (--memory-limit changes it), {threads} threads (--threads)",
    ),
    "doctor.temp": ("Временные файлы", "Temporary files"),
    "doctor.temp_room": ("{folder}, свободно {room}", "{folder}, {room} free"),
    "doctor.encodings": ("Кодировки", "Encodings"),
    "doctor.encodings_said": (
        "вывод {output}, файлы {files}, имена файлов {names}",
        "output {output}, files {files}, names of files {names}",
    ),
    "doctor.locale": ("Язык системы", "Locale"),
    "doctor.time_zone": ("Часовой пояс", "Time zone"),
    "doctor.console": ("Консоль", "Console"),
    "doctor.console_said": (
        "вывод на экран: {terminal}; русские буквы: {cyrillic}; линии рамок: {boxes}",
        "a terminal: {terminal}; Russian letters: {cyrillic}; lines of boxes: {boxes}",
    ),
    "doctor.plugins": ("Плагины", "Plugins"),
    "doctor.packs": ("Пакеты", "Packs"),
    "doctor.yes": ("да", "yes"),
    "doctor.no": ("нет", "no"),
    "doctor.none": ("нет", "none"),
    "doctor.missing": ("— не установлена", "— not installed"),
    "doctor.not_known": ("неизвестно", "not known"),
    "doctor.gib": ("{size} ГиБ", "{size} GiB"),
    "doctor.well": (
        "Всё в порядке. Если что-то не работает, приложите эти строки к сообщению об ошибке: личных данных в них нет.",
        "All is well. If something does not work, put these lines into your report: nothing personal is in them.",
    ),
    "doctor.hindered": (
        "Есть что исправить (см. выше). К сообщению об ошибке приложите эти строки: личных данных в них нет.",
        "Something is to be mended (see above). Put these lines into a bug report: nothing personal is in them.",
    ),
}
