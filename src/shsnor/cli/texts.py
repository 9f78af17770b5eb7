"""What the command itself says, in Russian and English; findings and outcomes have their words in `wording`."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Literal

Lang = Literal["ru", "en"]


def language() -> Lang:
    """The language the user asked for by the environment variable SHSNOR_LANG; Russian where it is not set."""
    return "en" if os.environ.get("SHSNOR_LANG", "").lower().startswith("en") else "ru"


def text(key: str, **fields: object) -> str:
    """A text of the command in the user's language, with its fields filled in.

    It stands in the module of `words` that the first part of its key names, loaded when first asked for.
    """
    texts: dict[str, tuple[str, str]] = import_module(f"shsnor.cli.words.{key.partition('.')[0]}").TEXTS
    ru, en = texts[key]
    chosen = en if language() == "en" else ru
    return chosen.format(**fields) if fields else chosen
