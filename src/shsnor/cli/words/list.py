from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "list.none": ("В программе нет ни одного пакета.", "No pack comes with the program."),
    "list.broken": ("(не читается: shsnor pack check {name})", "(cannot be read: shsnor pack check {name})"),
}
