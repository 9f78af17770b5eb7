"""The pages of a pack for those who read it on a site: one a section, its items with examples out of its cases.

A pack that extends another tells its own items; what it takes over is a link to the pages of its base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from shsnor.pack import DatedItem, Pack
from shsnor.packpages.pages import PackPages, list_page
from shsnor.wording.phrases import Lang

__all__ = ["last_day", "pack_pages", "write_pages"]


def pack_pages(packs: Iterable[Pack], *, lang: Lang = "ru") -> Mapping[str, str]:
    """The pages of the packs and of those that they extend: path below the site's folder of packs -> Markdown.

    `index.md` lists the packs; each has a folder of its id. The same packs give the same pages on any day: thresholds and
    readings are told as on the last day that the pack speaks of (`last_day`).
    """
    whole: dict[str, Pack] = {}
    for pack in packs:
        for one in pack.chain():
            whole.setdefault(one.id, one)
    told = [PackPages(whole[name], last_day(whole[name]), lang) for name in sorted(whole)]
    pages = {f"{one.pack.id}/{name}.md": text for one in told for name, text in one.pages().items()}
    return {"index.md": list_page(told, lang), **pages}


def write_pages(packs: Iterable[Pack], out: Path, *, lang: Lang = "ru") -> list[Path]:
    """The files of the pages, written below `out`; what else stands there stays.

    raises  OSError where they cannot be written
    """
    written = []
    for name, text in pack_pages(packs, lang=lang).items():
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        written.append(file)
    return written


def last_day(pack: Pack) -> date:
    """The day on which everything that a pack says has begun; the last on which it is in force, where that is earlier."""
    days = [day for parameter in pack.document.parameters.values() for day in parameter.values]
    for _, _, item in pack.items():
        if isinstance(item, DatedItem) and item.valid is not None and item.valid.from_ is not None:
            days.append(item.valid.from_)
    valid = pack.head.valid
    if valid is not None and valid.from_ is not None:
        days.append(valid.from_)
    if pack.head.date is not None:
        days.append(pack.head.date)
    last = max(days, default=date(2020, 1, 1))
    return min(last, valid.to) if valid is not None and valid.to is not None else last
