"""Settings that several built-in functions have: their JSON Schema, and how they are read."""

from __future__ import annotations

from typing import Any

from shsnor.functions import Settings

#: Where an entity lies: two indicators, given together.
PLACE: dict[str, Any] = {
    "latitude": {"type": "string", "description": "Показатель широты, градусы"},
    "longitude": {"type": "string", "description": "Показатель долготы, градусы"},
}


def items(description: str) -> dict[str, Any]:
    """The schema of a list of ids of items, none twice."""
    return {
        "type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}, "description": description,
    }  # fmt: skip


def indicators_of(settings: Settings) -> list[str]:
    """The items under `indicators`."""
    return [str(i) for i in settings.get("indicators", [])]


def place_of(settings: Settings) -> list[str]:
    """The items of latitude and longitude; none where no place is given."""
    return [str(settings[key]) for key in PLACE if key in settings]
