from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "frame.usage": ("Вызов: ", "Usage: "),
    "frame.options": ("Параметры", "Options"),
    "frame.commands": ("Команды", "Commands"),
    "frame.arguments": ("[ПАРАМЕТРЫ]", "[OPTIONS]"),
    "frame.required": ("(обязательно)", "(required)"),
    "frame.subcommand": ("КОМАНДА ...", "COMMAND ..."),
}
