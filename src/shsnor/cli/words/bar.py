from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "bar.left": ("ещё {time}", "{time} left"),
}
