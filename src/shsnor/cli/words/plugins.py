from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
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
}
