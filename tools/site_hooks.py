"""Of the documentation site: the pages of packs in the navigation, in the order of their lists of contents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

#: The entry of the navigation under which the packs stand.
PACKS = "packs/index.md"


def on_config(config: Any) -> Any:
    """The configuration with an entry for each pack and its pages beside the list of packs."""
    docs = Path(config["docs_dir"])
    for part in config["nav"]:
        for entries in part.values():
            if isinstance(entries, list):
                for entry in entries:
                    if isinstance(entry, dict) and PACKS in entry.values():
                        entry[next(iter(entry))] = [PACKS, *_packs(docs / "packs")]
    return config


def _packs(folder: Path) -> list[dict[str, list[Any]]]:
    """Title of each pack -> its pages."""
    packs = []
    for index in sorted(folder.glob("*/index.md")):
        text = index.read_text(encoding="utf-8")
        title = re.search(r"^title: (.*)$", text, re.MULTILINE)
        pages = re.findall(r"^\| \[(.*)\]\((\w+\.md)\)", text, re.MULTILINE)
        here = f"packs/{index.parent.name}"
        listed: list[Any] = [f"{here}/index.md", *({name: f"{here}/{page}"} for name, page in pages)]
        packs.append({title[1] if title else index.parent.name: listed})
    return packs


def on_post_build(config: Any) -> None:
    """Word forms in the search: see `docs/assets/word-forms.js`."""
    site = Path(config["site_dir"])
    (worker,) = (site / "assets" / "javascripts" / "workers").glob("search.*.min.js")
    forms = (site / "assets" / "word-forms.js").read_text(encoding="utf-8")
    worker.write_text(f"{worker.read_text(encoding='utf-8')}\n{forms}", encoding="utf-8")
