from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "plan.today": ("Дата не задана, взята сегодняшняя: {date}.", "No date was given; today's was taken: {date}."),
}
